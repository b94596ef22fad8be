"""An official sheet as a printed table: the same columns, rows and words as in the workbook."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from hbs_portal.lib.sheets.styles import CellValue, ColumnKind, as_shown
from hbs_portal.lib.sheets.writing import Column, GroupHeading, OfficialSheet
from hbs_portal.lib.text import date_short, number_text
from reports.exporters.pdf.charts import fraction_as_percent, svg_chart
from reports.papers.parts import Block, Paragraph, ReportTable, TableRow

_ALIGN = {
    ColumnKind.TEXT: "left",
    ColumnKind.INT: "right",
    ColumnKind.PERCENT: "right",
}


PAGE_CHARACTERS = 114  # of Times New Roman 11 on A4 landscape between margins of 20 mm
MOST_POINTS, LEAST_POINTS = 11, 6


@dataclass(frozen=True, slots=True)
class PrintedCell:
    text: str
    align: str


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """`kind` is "row", "group" (number and title) or "total"."""

    cells: tuple[PrintedCell, ...]
    kind: str = "row"


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class PrintedSheet:
    """One sheet as the template prints it; `widths` are shares of the page in percent.

    `points` is the size of its letters: as large as lets every number stand on one line.
    """

    sheet: OfficialSheet[Any]
    points: int
    widths: tuple[str, ...]
    headings: tuple[tuple[Heading, ...], ...]
    rows: tuple[PrintedRow, ...]
    charts: tuple[str, ...]

    @property
    def title(self) -> str:
        return self.sheet.title.upper()

    @property
    def title_span(self) -> int:
        """A group's title runs to the end of the table."""
        return len(self.widths) - 1

    @property
    def numbers(self) -> range:
        return range(1, len(self.widths) + 1)


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table of the report's text; `widths` are shares of the page in percent."""

    caption: str
    headings: tuple[str, ...]
    widths: tuple[str, ...]
    rows: tuple[PrintedRow, ...]
    note: str
    is_table: bool = True


def printed_blocks(blocks: Iterable[Block]) -> list[Paragraph | PrintedTable]:
    """Paragraphs as they are, tables with their cells beside their columns."""
    return [_table(block) if isinstance(block, ReportTable) else block for block in blocks]


def _table(table: ReportTable) -> PrintedTable:
    return PrintedTable(
        table.caption,
        tuple(column.header for column in table.columns),
        tuple(f"{column.width}%" for column in table.columns),
        tuple(_text_row(table, row) for row in table.rows),
        table.note,
    )


def _text_row(table: ReportTable, row: TableRow) -> PrintedRow:
    if row.is_group:
        return PrintedRow((PrintedCell(row.cells[0], "left"),), "group")
    cells = tuple(PrintedCell(text, column.align) for column, text in zip(table.columns, row.cells, strict=True))
    return PrintedRow(cells, "total" if row.is_total else "row")


def printed_sheet(sheet: OfficialSheet[Any]) -> PrintedSheet:
    """Everything of the sheet as text, in the order of reading."""
    items = list(sheet.rows)
    columns = _text_columns(sheet)
    total = sum(column.width for column in columns)
    return PrintedSheet(
        sheet=sheet,
        points=max(LEAST_POINTS, min(MOST_POINTS, int(MOST_POINTS * PAGE_CHARACTERS / total))),
        widths=tuple(f"{100 * column.width / total:.2f}%" for column in columns),
        headings=tuple(_headings(columns)),
        rows=tuple(_rows(sheet, columns, items)),
        charts=tuple(svg_chart(chart, sheet.columns, items) for chart in sheet.charts),
    )


def _text_columns(sheet: OfficialSheet[Any]) -> list[Column[Any]]:
    """All but those that only make room for a chart beside its rows: on paper charts stand under the table."""
    rooms = {chart.beside for chart in sheet.charts}
    return [column for place, column in enumerate(sheet.columns) if place not in rooms]


def _headings(columns: Sequence[Column[Any]]) -> Iterator[tuple[Heading, ...]]:
    if not any(column.group for column in columns):
        yield tuple(Heading(column.header) for column in columns)
        return
    top: list[Heading] = []
    for group, members in groupby(columns, key=lambda column: column.group):
        found = list(members)
        top += [Heading(group, columns=len(found))] if group else [Heading(one.header, rows=2) for one in found]
    yield tuple(top)
    yield tuple(Heading(column.header) for column in columns if column.group)


def _rows(sheet: OfficialSheet[Any], columns: Sequence[Column[Any]], items: Sequence[Any]) -> Iterator[PrintedRow]:
    ordinal = 0
    for item in items:
        if isinstance(item, GroupHeading):
            ordinal = 0
            yield PrintedRow((PrintedCell(item.number, "center"), PrintedCell(item.title, "left")), "group")
        else:
            ordinal += 1
            yield PrintedRow(tuple(_cell(column, _value(column, item, ordinal)) for column in columns))
    if sheet.totals is not None:
        pairs = zip(sheet.columns, sheet.totals, strict=True)
        yield PrintedRow(tuple(_cell(column, value) for column, value in pairs if column in columns), "total")


def _value(column: Column[Any], item: Any, ordinal: int) -> CellValue:
    return ordinal if column.kind is ColumnKind.ORDINAL else column.getter(item)


def _cell(column: Column[Any], value: CellValue) -> PrintedCell:
    """Words in a column of numbers stand in the middle, as in the workbook."""
    align = _ALIGN.get(column.kind, "center")
    return PrintedCell(cell_text(value), "center" if align == "right" and isinstance(value, str) else align)


def cell_text(value: CellValue) -> str:
    """A value as the workbook's number format shows it: 2.690, 89,9%, 05/07/2026."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return fraction_as_percent(value)
    if isinstance(value, datetime):
        moment = as_shown(value)
        return f"{moment:%H:%M %d/%m/%Y}"
    if isinstance(value, date):
        return date_short(value)
    return number_text(value) if isinstance(value, int) else value
