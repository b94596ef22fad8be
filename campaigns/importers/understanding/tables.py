"""What a workbook says: where each table begins, which columns it has, which rows are people.

The kind of list is a `Layout`; this module knows nothing of pupils or staff.
"""

import re
from dataclasses import replace
from datetime import date
from typing import Any

from campaigns.importers.understanding.asking import Answers
from campaigns.importers.understanding.shapes import Layout, RosterReading, SheetReading
from hbs_portal.lib.importing import LeftOut, SourceRow
from hbs_portal.lib.sheets.container import RefusedFile
from hbs_portal.lib.sheets.header import HeaderMatch, find_header, heading_key, rows_below
from hbs_portal.lib.sheets.reading import Cell, Sheet, Workbook
from hbs_portal.lib.text import fold, nfc

_DAY_LIKE = re.compile(r"\s*\d{1,4}\s*[/.-]\s*\d{1,2}|\s*\d{4,5}\s*$")
_LETTERS_ONLY = re.compile(r"[^\W\d_]+(?:[ '’-][^\W\d_]+){1,6}")
_TOTAL = re.compile(r"tong (so|cong)\b|cong\s*:?$")
CLOSING_LINE = "Dòng chữ ngoài bảng, không phải người"


def understand(workbook: Workbook, layout: Layout, answers: Answers | None = None) -> RosterReading:
    """Find the tables of a workbook. Raises RefusedFile with the layout's sentence when there is none."""
    headers = [(sheet, find_table(sheet, layout)) for sheet in workbook.visible_sheets]
    readings = tuple(read_table(sheet, header) for sheet, header in headers if header)
    if not readings:
        raise RefusedFile(layout.missing_sentence)
    del answers
    return RosterReading(
        sheets=readings,
        hidden_sheets=tuple(sheet.name for sheet in workbook.sheets if sheet.hidden),
        other_sheets=tuple(sheet.name for sheet, header in headers if header is None),
    )


def find_table(sheet: Sheet, layout: Layout) -> HeaderMatch | None:
    """Return the header of the sheet's table, or None where no set of required fields is found whole."""
    matches = (find_header(sheet.rows, layout.aliases, required) for required in layout.required)
    return next((match for match in matches if match and match.is_complete), None)


def read_table(sheet: Sheet, header: HeaderMatch) -> SheetReading:
    """Take the people from under a header; text rows (footers, signatures, numbering) are left out and told."""
    class_name, class_from = class_of_sheet(sheet, header)
    rows = [_named(row, class_name) for row in rows_below(sheet, header)]
    end = max((row.number for row in rows if _has_data(row)), default=0)
    people = [row for row in rows if _is_person(row, header, end)]
    numbers = {row.number for row in people}
    texts = tuple(LeftOut(sheet.name, row.number, _text_reason(row)) for row in rows if row.number not in numbers)
    columns = {field: column_letter(index) for field, index in header.columns.items()}
    return SheetReading(sheet.name, header.row_number, columns, class_from, tuple(people), texts)


def class_of_sheet(sheet: Sheet, header: HeaderMatch) -> tuple[str, str]:
    """Return the class of the whole sheet ("" where a column has it or nobody says), and in words where it is from."""
    if "class_name" in header.columns:
        return "", f"cột {column_letter(header.columns['class_name'])} “{header.headings['class_name']}”"
    for row in sheet.rows:
        if row.number >= header.row_number:
            break
        if found := next(filter(None, map(class_in_title, row.cells)), ""):
            return found, f"dòng {row.number}"
    if found := class_in_title(sheet.name) or _bare_class(sheet.name):
        return found, "tên trang tính"
    return "", ""


_CLASS_IN_TITLE = re.compile(
    r"\bLỚP\s*:?\s*(\d{1,2}(?:\s?[A-ZĐ]\d{0,2}|[./]\d{1,2})?)(?!\w)(?!\s*TUỔI)(?![A-ZĐ])", re.IGNORECASE
)


def class_in_title(cell: Cell) -> str:
    """Return the class that a title line names ("DANH SÁCH HỌC SINH LỚP 4A NĂM HỌC …" gives "4A"), or ""."""
    found = _CLASS_IN_TITLE.search(nfc(cell)) if isinstance(cell, str) else None
    return found[1] if found else ""


def _bare_class(sheet_name: str) -> str:
    name = nfc(sheet_name)
    return name if re.fullmatch(r"\d{1,2}\s?[A-ZĐ]\d{0,2}", name, re.IGNORECASE) else ""


def column_letter(index: int) -> str:
    """Return the letter of a column as Excel shows it: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _named(row: SourceRow, class_name: str) -> SourceRow:
    """The row with its full name in one piece, and with the sheet's class where it has no column for it."""
    data: dict[str, Any] = dict(row.data)
    headings = dict(row.headings)
    if "full_name" not in data:
        parts = [str(data.pop(part, None) or "") for part in ("family_name", "given_name")]
        data["full_name"] = " ".join(part for part in parts if part) or None
        headings["full_name"] = headings.get("family_name", "")
    if "class_name" not in data:
        data["class_name"], headings["class_name"] = class_name, "Lớp"
    return replace(row, data=data, headings=headings)


def _has_data(row: SourceRow) -> bool:
    """Whether the row holds what only a person's row holds: a day, or a name with its ordinal or code."""
    day = row.data.get("birth_date")
    is_day = isinstance(day, (date, int, float)) or bool(isinstance(day, str) and _DAY_LIKE.match(day))
    is_numbered = _is_number(row.data.get("ordinal")) or _is_number(row.data.get("code"))
    return is_day or (is_numbered and _is_text(row.data.get("full_name")))


def _is_person(row: SourceRow, header: HeaderMatch, end: int) -> bool:
    """A row of the table, right or wrong. Wrong ones must stay visible as errors; lines of text are nobody."""
    name = row.data.get("full_name")
    if isinstance(name, (int, float)) or _is_heading(name, header) or _is_total(name):
        return False
    if _has_data(row):
        return True
    # Inside the table a bare name is somebody whose day and code were forgotten; below it, a signature.
    return isinstance(name, str) and row.number < end and bool(_LETTERS_ONLY.fullmatch(nfc(name)))


def _is_heading(name: object, header: HeaderMatch) -> bool:
    """Whether the header is repeated here, as on the next printed page."""
    return isinstance(name, str) and heading_key(name) in {heading_key(text) for text in header.headings.values()}


def _is_total(name: object) -> bool:
    return isinstance(name, str) and bool(_TOTAL.match(fold(name)))


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) or (isinstance(value, str) and nfc(value).rstrip(".").isdecimal())


def _is_text(value: object) -> bool:
    return isinstance(value, str) and any(char.isalpha() for char in value)


def _text_reason(row: SourceRow) -> str:
    words = (nfc(str(value)) for value in row.data.values() if isinstance(value, str))
    return f"{CLOSING_LINE}: “{next(filter(None, words), '')[:60]}”"
