"""The writer of plain lists: sheets that people fill in, or that a portal reads again. Texts are the caller's.

book = ListBook()
book.add_list("Danh sách", columns, rows, title_lines=("DANH SÁCH HỌC SINH",))
book.add_text("Ghi chú", [("Người xuất", "…")])
book.save(path)

openpyxl makes the workbook and what stands above the rows; the rows go straight into the file (streaming.py), however
many they are.
"""

import io
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

from hbs_portal.lib.sheets.streaming import CellStyles, ColumnMarkup, SharedTexts, Value, column_markups, write_rows
from hbs_portal.lib.sheets.styles import FONT, ColumnKind, put_text, set_default_font

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

CHOICES_SHEET = "Danh mục"
#: Excel takes a list of choices in the cell rule itself up to this length, a range beyond it.
INLINE_CHOICES_CHARACTERS = 255
FILLABLE_ROWS = 2_000
LONGEST_NAME = 31
#: Six takes three times as long as one and saves a third of the size.
COMPRESSION = 1
MARGIN_INCHES = 0.5
LINE_POINTS = 16.5
#: Bold letters of Times New Roman 12 are so much wider than the digits that a column's width counts.
BOLD_SHARE = 1.12
#: Where the workbook is told of its shared texts, which openpyxl writes into the cells: part -> (before, what).
SHARED_TEXTS_TOLD = {
    "[Content_Types].xml": (
        b"</Types>",
        b'<Override PartName="/xl/sharedStrings.xml" '
        b'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>',
    ),
    "xl/_rels/workbook.xml.rels": (
        b"</Relationships>",
        b'<Relationship Id="texts" Target="sharedStrings.xml" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/>',
    ),
}
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


@dataclass(frozen=True)
class _List:
    """A list whose rows are written with the file."""

    name: str
    columns: Sequence[ListColumn]
    rows: Iterator[Sequence[Value]]
    title_lines: Sequence[str]
    number: int = 1

    @property
    def letters(self) -> list[str]:
        from openpyxl.utils import get_column_letter

        return [get_column_letter(place) for place in range(1, len(self.columns) + 1)]

    def continued(self, rest: Iterator[Sequence[Value]]) -> "_List":
        """What follows on the next sheet, which carries the next number."""
        first_name = self.name.removesuffix(f" ({self.number})")
        name = f"{first_name[: LONGEST_NAME - 5]} ({self.number + 1})"
        return replace(self, name=name, rows=rest, number=self.number + 1)

    @property
    def header(self) -> int:
        """The row of the headings."""
        return len(self.title_lines) + 2 if self.title_lines else 1


class ListBook:
    """A workbook of plain lists; every text is text, whatever it looks like."""

    def __init__(self, told: Callable[[int], None] = lambda rows: None) -> None:
        """`told` hears, while the file is written, how many rows stand in it."""
        from openpyxl import Workbook

        self._told, self._rows_written = told, 0
        self._book = Workbook()
        self._book.remove(self._book.active)
        set_default_font(self._book)
        self._choices: dict[tuple[str, ...], str] = {}
        self._lists: list[_List] = []

    def add_list(
        self,
        name: str,
        columns: Sequence[ListColumn],
        rows: Iterable[Sequence[Value]],
        *,
        title_lines: Sequence[str] = (),
    ) -> None:
        """Add a list: title lines, an empty row, the headings, the rows; what is typed below keeps its form.

        The rows are taken when the book is saved. Those that a sheet cannot hold go on in "name (2)".
        """
        one = _List(name, columns, iter(rows), title_lines)
        self._lists.append(one)
        self._lay_out(one)

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
        _set_up_print(sheet)

    def save(self, path: Path) -> None:
        """Write the file; the lists of choices too long for a cell rule come last, on a sheet that is seen."""
        if CHOICES_SHEET in self._book.sheetnames:
            names = self._book.sheetnames
            self._book.move_sheet(CHOICES_SHEET, len(names) - 1 - names.index(CHOICES_SHEET))
        with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=COMPRESSION) as package:
            texts = SharedTexts()
            written = self._write_lists(package, texts)
            shell = self._shell()  # once more: lists that went on have further sheets by now
            for name in shell.namelist():
                if name not in written:
                    package.writestr(name, _with_shared_texts(name, shell.read(name)))
            package.writestr("xl/sharedStrings.xml", texts.table())

    def _write_lists(self, package: ZipFile, texts: SharedTexts) -> set[str]:
        """Write the sheets of the lists; returns the names of their parts."""
        written: set[str] = set()
        styles = self._styles()
        shell, waiting = self._shell(), self._lists[::-1]
        while waiting:
            one = waiting.pop()
            written.add(part := self._part(one.name))
            with package.open(part, "w") as file:
                rest = self._write_list(file, shell.read(part), one, column_markups(styles, texts, one.letters))
            if rest is not None:
                waiting.append(following := one.continued(rest))
                self._lay_out(following)
                shell = self._shell()
        return written

    def _write_list(
        self, file: IO[bytes], empty: bytes, one: _List, columns: Sequence[ColumnMarkup]
    ) -> Iterator[Sequence[Value]] | None:
        """Write the sheet that stands empty so far; returns the rows that it could not hold, None without any."""
        head, tail = re.sub(rb"<dimension [^>]*/>", b"", empty).split(b"</sheetData>")
        file.write(head)
        end = write_rows(file, columns, one.rows, one.header + 1, self._count)
        file.write(b"</sheetData>")
        if end > one.header + 1:
            file.write(f'<autoFilter ref="A{one.header}:{one.letters[-1]}{end - 1}"/>'.encode())
        file.write(tail)
        following = next(one.rows, None)
        return None if following is None else chain([following], one.rows)

    def _count(self, rows: int) -> None:
        self._rows_written += rows
        self._told(self._rows_written)

    def _lay_out(self, one: _List) -> None:
        """Everything of a list's sheet but its rows."""
        sheet = self._book.create_sheet(one.name)
        for number, line in enumerate(one.title_lines, start=1):
            _text(sheet.cell(number, 1), line, bold=number == 1)
        for place, column in enumerate(one.columns, start=1):
            _head(sheet.cell(one.header, place), column.heading)
            _prepare(sheet, place, column)
        sheet.row_dimensions[one.header].height = LINE_POINTS * max(map(_heading_lines, one.columns)) + 3
        sheet.freeze_panes = f"A{one.header + 1}"  # by name: a cell would be a row of its own under the headings
        for place, column in enumerate(one.columns, start=1):
            if column.choices:
                self._offer(sheet, place, one.header + 1, column)
        _set_up_print(sheet)
        sheet.print_title_rows = f"{one.header}:{one.header}"

    def _shell(self) -> ZipFile:
        """The workbook without the rows."""
        content = io.BytesIO()
        self._book.save(content)
        return ZipFile(content)

    def _part(self, name: str) -> str:
        return f"xl/worksheets/sheet{self._book.sheetnames.index(name) + 1}.xml"

    def _styles(self) -> CellStyles:
        """The cell styles of rows; a cell that belongs to no row has the book number them."""
        from openpyxl.cell import Cell

        def number(number_format: str, *, quoted: bool = False) -> int:
            cell = Cell(self._book.worksheets[0])
            cell.number_format, cell.quotePrefix = number_format, quoted
            return cell.style_id  # type: ignore[no-any-return]

        formats = number("General"), number("dd/mm/yyyy"), number("hh:mm dd/mm/yyyy")
        return CellStyles(number("@"), number("@", quoted=True), *formats)

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
            cell = sheet.cell(number, place)
            put_text(cell, choice)
            cell.number_format = "@"
        return f"'{CHOICES_SHEET}'!${letter}$2:${letter}${len(column.choices) + 1}"


def _with_shared_texts(name: str, content: bytes) -> bytes:
    end, told = SHARED_TEXTS_TOLD.get(name, (b"", b""))
    return content.replace(end, told + end) if told else content


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


def _heading_lines(column: ListColumn) -> int:
    """How many lines the heading takes in its column: programs do not make room for what nobody typed in them."""
    return len(textwrap.wrap(column.heading, max(1, int(column.width / BOLD_SHARE)))) or 1


def _set_up_print(sheet: "Worksheet") -> None:
    """A4 landscape, all columns on one page's width, its number below."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    margins = sheet.page_margins
    margins.left = margins.right = margins.top = margins.bottom = MARGIN_INCHES
    sheet.oddFooter.center.text = "&P/&N"
