"""Writing the files of the corpus: .xlsx, .xls (BIFF8), .csv, .html; no binary file is kept in the repository.

A table is text, a line a row, cells parted by "|": `#12` is a number, `@2016-09-05` a date, `~` an empty text.
"""

import re
import struct
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from textwrap import dedent

from hbs_portal.lib.sheets.parsing import ole
from hbs_portal.tests.lib.sheets.good_files import record

CellValue = str | int | float | date | None
Table = list[list[CellValue]]
Write = Callable[[Path], None]
_EPOCH = date(1899, 12, 30)
_DAY_FORMAT = "dd/mm/yyyy"


def table(text: str) -> Table:
    return [
        [_cell(cell) for cell in line.split("|")] if line.strip() else []
        for line in dedent(text).strip("\n").split("\n")
    ]


def _cell(text: str) -> CellValue:
    plain = text.strip()
    if plain.startswith("#"):
        return float(plain[1:]) if "." in plain else int(plain[1:])
    if plain.startswith("@"):
        return date.fromisoformat(plain[1:])
    return (plain.replace("\\n", "\n") or None) if plain != "~" else ""


def xlsx(
    sheets: str | Mapping[str, str],
    *,
    merges: Sequence[str] = (),
    hidden: Sequence[str] = (),
    formats: Mapping[str, str] | None = None,
) -> Write:
    """A workbook; `merges` ("A4:A6") and `formats` (cell -> number format) are those of the first sheet."""

    def write(path: Path) -> None:
        from openpyxl import Workbook

        book = Workbook()
        book.remove(book.active)
        for name, text in _named(sheets).items():
            sheet = book.create_sheet(name)
            for line in table(text):
                sheet.append(line)
            sheet.sheet_state = "hidden" if name in hidden else "visible"
        first = book.worksheets[0]
        for place in merges:
            first.merge_cells(place)
        for row in first.iter_rows():
            for cell in row:
                if isinstance(cell.value, date):
                    cell.number_format = (formats or {}).get(cell.coordinate, _DAY_FORMAT)
        book.save(path)

    return write


def _named(sheets: str | Mapping[str, str]) -> Mapping[str, str]:
    return {"Sheet1": sheets} if isinstance(sheets, str) else sheets


def csv(text: str, *, separator: str = ",", encoding: str = "utf-8-sig", first_line: str = "") -> Write:
    """A .csv; cells with the separator in them are quoted, so are those with line breaks."""

    def write(path: Path) -> None:
        lines = [separator.join(_quoted(cell, separator) for cell in line) for line in table(text)]
        path.write_bytes("\r\n".join([first_line, *lines] if first_line else lines).encode(encoding))

    return write


def _quoted(cell: CellValue, separator: str) -> str:
    text = "" if cell is None else f"{cell:%d/%m/%Y}" if isinstance(cell, date) else str(cell)
    needs = (separator in text or "\n" in text) and not text.startswith('="')
    return '"' + text.replace('"', '""') + '"' if needs else text


def html(text: str) -> Write:
    """A web page with one table, saved as .xls, as old systems export it."""

    def write(path: Path) -> None:
        rows = "".join(
            "<tr>" + "".join(f"<td>{'' if cell is None else cell}</td>" for cell in line) + "</tr>"
            for line in table(text)
        )
        page = f'<html><head><meta charset="utf-8"></head><body><table>{rows}</table></body></html>'
        path.write_text(page, encoding="utf-8")

    return write


def xls(text: str, *, name: str = "Sheet1", merges: Sequence[tuple[int, int, int, int]] = ()) -> Write:
    """A genuine .xls of one sheet; `merges`: (first row, last row, first column, last column), counted from 0."""

    def write(path: Path) -> None:
        path.write_bytes(ole.container("Workbook", _stream(table(text), name, merges)))

    return write


def _stream(lines: Table, name: str, merges: Sequence[tuple[int, int, int, int]]) -> bytes:
    xf = struct.pack("<HHHBBBBIIH", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    head = _beginning(5) + record(0x0042, struct.pack("<H", 1200))
    head += record(0x041E, struct.pack("<H", 164) + _text("d/m/yyyy"))
    head += record(0x00E0, xf) + record(0x00E0, struct.pack("<HH", 0, 164) + xf[4:])
    tab = struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
    start = len(head) + 4 + 6 + len(tab) + 4
    head += record(0x0085, struct.pack("<IBB", start, 0, 0) + tab) + record(0x000A)
    cells = b"".join(
        _old_cell(row, column, cell) for row, line in enumerate(lines) for column, cell in enumerate(line) if cell
    )
    merged = record(0x00E5, struct.pack("<H", len(merges)) + b"".join(struct.pack("<4H", *one) for one in merges))
    return head + _beginning(0x10) + cells + (merged if merges else b"") + record(0x000A)


def _beginning(kind: int) -> bytes:
    return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))


def _text(text: str) -> bytes:
    return struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")


def _old_cell(row: int, column: int, value: CellValue) -> bytes:
    if isinstance(value, date):
        return record(0x0203, struct.pack("<HHHd", row, column, 1, (value - _EPOCH).days))
    if isinstance(value, (int, float)):
        return record(0x0203, struct.pack("<HHHd", row, column, 0, value))
    return record(0x0204, struct.pack("<HHH", row, column, 0) + _text(str(value)))


def kind_of(write: Write) -> str:
    """The ending that a file of this writer has."""
    return re.match(r"\w+", write.__qualname__)[0]  # type: ignore[index]
