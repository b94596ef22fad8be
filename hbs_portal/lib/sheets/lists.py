"""The writer of plain lists: sheets that people fill in, or that a portal reads again. Texts are the caller's.

book = ListBook()
book.add_list("Danh sách", columns, rows, title_lines=("DANH SÁCH HỌC SINH",))
book.add_text("Ghi chú", [("Người xuất", "…")])
book.save(path)
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hbs_portal.lib.sheets.styles import FONT, ColumnKind, put_text

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | date | None
CHOICES_SHEET = "Danh mục"
#: Excel takes a list of choices in the cell rule itself up to this length, a range beyond it.
INLINE_CHOICES_CHARACTERS = 255
FILLABLE_ROWS = 2_000
WRONG_CHOICE_TITLE = "Chọn trong danh sách"
WRONG_CHOICE = "Hãy bấm mũi tên ở ô này và chọn một mục."


@dataclass(frozen=True)
class ListColumn:
    """A column: heading, kind, width in characters; `choices` drop down, `is_open` lets others be typed as well."""

    heading: str
    kind: ColumnKind = ColumnKind.TEXT
    width: float = 16
    choices: tuple[str, ...] = ()
    is_open: bool = False


class ListBook:
    """A workbook of plain lists; every text is text, whatever it looks like."""

    def __init__(self) -> None:
        from openpyxl import Workbook

        self._book = Workbook()
        self._book.remove(self._book.active)
        self._choices: dict[tuple[str, ...], str] = {}

    def add_list(
        self,
        name: str,
        columns: Sequence[ListColumn],
        rows: Iterable[Sequence[Value]],
        *,
        title_lines: Sequence[str] = (),
    ) -> None:
        """Add a list: title lines, an empty row, the headings, the rows; what is typed below keeps its form."""
        sheet = self._book.create_sheet(name)
        for number, line in enumerate(title_lines, start=1):
            _text(sheet.cell(number, 1), line, bold=number == 1)
        header = len(title_lines) + 2 if title_lines else 1
        for place, column in enumerate(columns, start=1):
            _head(sheet.cell(header, place), column.heading)
            _prepare(sheet, place, column)
        for number, row in enumerate(rows, start=header + 1):
            for place, (column, value) in enumerate(zip(columns, row, strict=True), start=1):
                if value is not None:
                    _put(sheet.cell(number, place), value, column.kind)
        sheet.freeze_panes = sheet.cell(header + 1, 1)
        for place, column in enumerate(columns, start=1):
            if column.choices:
                self._offer(sheet, place, header + 1, column)

    def add_text(self, name: str, rows: Iterable[Sequence[str]], *, widths: Sequence[float] = (28, 90)) -> None:
        """Add a sheet of sentences, in wrapped columns of the given widths; the first column is bold."""
        from openpyxl.styles import Alignment
        from openpyxl.utils import get_column_letter

        sheet = self._book.create_sheet(name)
        for place, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(place)].width = width
        for number, row in enumerate(rows, start=1):
            for place, text in enumerate(row, start=1):
                cell = sheet.cell(number, place)
                _text(cell, text, bold=place == 1)
                cell.alignment = Alignment(wrap_text=True, vertical="top")

    def save(self, path: Path) -> None:
        """Write the file; the lists of choices too long for a cell rule come last, on a sheet that is seen."""
        if CHOICES_SHEET in self._book.sheetnames:
            names = self._book.sheetnames
            self._book.move_sheet(CHOICES_SHEET, len(names) - 1 - names.index(CHOICES_SHEET))
        self._book.save(path)

    def _offer(self, sheet: "Worksheet", place: int, first_row: int, column: ListColumn) -> None:
        from openpyxl.utils import get_column_letter
        from openpyxl.worksheet.datavalidation import DataValidation

        rule = DataValidation(type="list", formula1=self._source(column), allow_blank=True)
        rule.showErrorMessage = not column.is_open
        rule.errorTitle, rule.error = WRONG_CHOICE_TITLE, WRONG_CHOICE
        letter = get_column_letter(place)
        rule.add(f"{letter}{first_row}:{letter}{first_row + FILLABLE_ROWS}")
        sheet.add_data_validation(rule)

    def _source(self, column: ListColumn) -> str:
        """Where the drop-down takes its choices from: the rule itself, or a column of the sheet of choices."""
        inline = ",".join(column.choices)
        if len(inline) < INLINE_CHOICES_CHARACTERS and not any(set(choice) & set(',"') for choice in column.choices):
            return f'"{inline}"'
        if column.choices not in self._choices:
            self._choices[column.choices] = self._write_choices(column)
        return self._choices[column.choices]

    def _write_choices(self, column: ListColumn) -> str:
        from openpyxl.utils import get_column_letter

        known = CHOICES_SHEET in self._book.sheetnames
        sheet = self._book[CHOICES_SHEET] if known else self._book.create_sheet(CHOICES_SHEET)
        place = len(self._choices) + 1
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = 36
        _text(sheet.cell(1, place), f"Chọn cho cột “{column.heading}”", bold=True)
        for number, choice in enumerate(column.choices, start=2):
            _put(sheet.cell(number, place), choice, ColumnKind.TEXT)
        return f"'{CHOICES_SHEET}'!${letter}$2:${letter}${len(column.choices) + 1}"


def _put(cell: "Cell", value: Value, kind: ColumnKind) -> None:
    """A code or text is text; a day is a day; a number stays a number except in columns of text."""
    if isinstance(value, str):
        put_text(cell, value)
        cell.number_format = "@"
    else:
        cell.value = value
        cell.number_format = "dd/mm/yyyy" if isinstance(value, date) else "General"


def _text(cell: "Cell", text: str, *, bold: bool) -> None:
    from openpyxl.styles import Font

    put_text(cell, text)
    cell.font = Font(name=FONT, size=12, bold=bold)


def _head(cell: "Cell", heading: str) -> None:
    from openpyxl.styles import Alignment, Border, PatternFill, Side

    _text(cell, heading, bold=True)
    line = Side(style="thin", color="FF808080")
    cell.border = Border(left=line, right=line, top=line, bottom=line)
    cell.fill = PatternFill("solid", fgColor="FFE7EEF6")
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def _prepare(sheet: "Worksheet", place: int, column: ListColumn) -> None:
    """Cells still empty take what is typed as text, or Excel would turn class 5/1 and days into other things."""
    from openpyxl.utils import get_column_letter

    dimension: Any = sheet.column_dimensions[get_column_letter(place)]
    dimension.width = column.width
    if column.kind not in (ColumnKind.INT, ColumnKind.ORDINAL):
        dimension.number_format = "@"
