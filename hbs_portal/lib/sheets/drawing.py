"""Where everything stands on an official sheet (excel.md, "Out"); used by `writing` only."""

import textwrap
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from hbs_portal.lib.sheets.charts import chart_of, place_chart
from hbs_portal.lib.sheets.pages import page_capacity, page_starts
from hbs_portal.lib.sheets.styles import FONT, CellValue, ColumnKind, Painter, Style
from hbs_portal.lib.sheets.writing import GroupHeading, Letterhead, OfficialSheet
from hbs_portal.lib.text import date_long

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

PAGE_WIDTH_CHARACTERS = 116  # digits of Times New Roman 12 on A4 landscape between 30 and 20 mm margins
LEFT_SHARE = 0.42
SIGNATURE_ROWS = 4
CHART_ROWS = 18
CHART_LEAST_POINTS = 190.0
_LINE_POINTS = 16.5
_CELL_EXTRA_POINTS = 3.0
_TITLE_EXTRA_POINTS = 5.0
_MAX_ROW_POINTS = 409.0  # Excel's own limit
_MAX_FOOT_CHARACTERS = 200  # of 255 with the font before it
_CHARACTERS_PER_UNIT = 1.15  # of width, in Times New Roman 12
_BOLD_SHARE = 1.12  # bold letters are so much wider
_TITLE_SHARE = 1.6  # bold capitals of 14 points
_MILLIMETRES_PER_INCH = 25.4
_BLANK_DAY = "ngày       tháng       năm          "
_A4 = 9
MOST_BREAKS = 1000  # Excel takes 1,026


class SheetDrawing:
    """Draws one sheet from top to bottom; `row` is the next free row."""

    def __init__(
        self, worksheet: "Worksheet", painter: Painter, letterhead: Letterhead, sheet: OfficialSheet[Any]
    ) -> None:
        self.worksheet = worksheet
        self.painter = painter
        self.letterhead = letterhead
        self.sheet = sheet
        self.row = 1
        self.heading_rows = range(1, 1)
        self.group_rows: set[int] = set()  # counted from 0, like all rows that `pages` speaks of
        self.first_row = 0
        self.whole: list[range] = []  # rows that a chart stands beside
        self.last = len(sheet.columns)
        self.has_groups = any(column.group for column in sheet.columns)
        self.widths = self._widths()
        self.split = self._split()

    def draw(self) -> None:
        self._set_columns()
        self._draw_letterhead()
        self._draw_title()
        self._draw_headings()
        self._draw_rows()
        closing = self.row - 1 if self.sheet.totals is not None else self.row - 2
        self._draw_totals()
        self._draw_notes()
        self._draw_charts()
        if self.sheet.is_signed:
            self._draw_signatures()
        is_one_page = self.sheet.is_one_page or self._has_short_table(closing)
        if not is_one_page:
            self._break_pages(closing)
        self._set_page(is_one_page=is_one_page)

    def _widths(self) -> list[float]:
        """Widths in characters; a narrow table is widened to the page, by the columns of text where there are any."""
        widths = [column.width for column in self.sheet.columns]
        growing = [column.kind is ColumnKind.TEXT for column in self.sheet.columns]
        if not any(growing):
            growing = [True] * self.last
        room = max(0.0, PAGE_WIDTH_CHARACTERS - sum(widths))
        base = sum(width for width, grows in zip(widths, growing, strict=True) if grows)
        return [width + (room * width / base if grows else 0) for width, grows in zip(widths, growing, strict=True)]

    def _split(self) -> int:
        """The last column of the left half: the one whose right edge is nearest to LEFT_SHARE of the width."""
        edges = [sum(self.widths[:count]) / sum(self.widths) for count in range(1, self.last)]
        return 1 + min(range(len(edges)), key=lambda place: abs(edges[place] - LEFT_SHARE))

    def _set_columns(self) -> None:
        from openpyxl.utils import get_column_letter

        for number, width in enumerate(self.widths, start=1):
            self.worksheet.column_dimensions[get_column_letter(number)].width = round(width, 1)

    def _span(self, row: int, first: int, last: int, text: str, style: Style) -> None:
        """Write a text over the columns first to last, and make the row as high as its lines need."""
        self.painter.text(self._cell(row, first), text, style)
        if last > first:
            self.worksheet.merge_cells(start_row=row, start_column=first, end_row=row, end_column=last)
        width = sum(self.widths[first - 1 : last])
        dimension = self.worksheet.row_dimensions[row]
        is_title = style is Style.TITLE
        lines = _lines(text, width / _TITLE_SHARE if is_title else width)
        points = _LINE_POINTS + _TITLE_EXTRA_POINTS if is_title else _LINE_POINTS
        dimension.height = max(dimension.height or 0, points * lines)

    def _cell(self, row: int, column: int) -> "Cell":
        return self.worksheet.cell(row=row, column=column)

    def _left(self, row: int, text: str, style: Style) -> None:
        self._span(row, 1, self.split, text, style)

    def _right(self, row: int, text: str, style: Style) -> None:
        self._span(row, self.split + 1, self.last, text, style)

    def _whole(self, text: str, style: Style) -> None:
        self._span(self.row, 1, self.last, text, style)
        self.row += 1

    def _draw_letterhead(self) -> None:
        letterhead = self.letterhead
        for offset, line in enumerate(letterhead.agency_lines):
            self._left(self.row + offset, line, Style.AGENCY)
        for offset, line in enumerate(letterhead.motto_lines):
            is_last = offset == len(letterhead.motto_lines) - 1
            self._right(self.row + offset, line, Style.MOTTO if is_last else Style.AGENCY)
        self.row += max(len(letterhead.agency_lines), len(letterhead.motto_lines))
        day = date_long(letterhead.day) if letterhead.day else _BLANK_DAY
        self._right(self.row, f"{letterhead.place}, {day}", Style.PLACE_DAY)
        if letterhead.paper_number:
            self._left(self.row, letterhead.paper_number, Style.PAPER_NUMBER)
        self.row += 2

    def _draw_title(self) -> None:
        self._whole(self.sheet.title.upper(), Style.TITLE)
        for line in self.sheet.extra_head_lines:
            self._whole(line, Style.AGENCY)
        for line in self.sheet.subtitles:
            self._whole(line, Style.SUBTITLE)
        self.row += 1

    def _draw_headings(self) -> None:
        """Draw one heading row, or two where columns are grouped, and the numbering row; all repeat on every page."""
        top = self.row
        bottom = top + 1 if self.has_groups else top
        for number, column in enumerate(self.sheet.columns, start=1):
            for row in range(top, bottom + 1):
                self.painter.text(self._cell(row, number), "", Style.HEADING)
            self.painter.text(self._cell(bottom if column.group else top, number), column.header, Style.HEADING)
            if self.has_groups and not column.group:
                self._merge(top, number, bottom, number)
        self._draw_group_headings(top)
        self._set_heading_heights(top, bottom)
        self.row = bottom + 1
        if self.sheet.is_numbered:
            for number in range(1, self.last + 1):
                self.painter.text(self._cell(self.row, number), f"({number})", Style.NUMBERING)
            self.row += 1
        self.heading_rows = range(top, self.row)
        self.worksheet.print_title_rows = f"{top}:{self.row - 1}"
        self.worksheet.freeze_panes = self._cell(self.row, 1).coordinate

    def _draw_group_headings(self, row: int) -> None:
        numbered = enumerate(self.sheet.columns, start=1)
        for title, members in groupby(numbered, key=lambda member: member[1].group):
            numbers = [number for number, _ in members]
            if title:
                self.painter.text(self._cell(row, numbers[0]), title, Style.HEADING)
                self._merge(row, numbers[0], row, numbers[-1])

    def _set_heading_heights(self, top: int, bottom: int) -> None:
        """Give headings the lines they need at their width; Excel does not measure merged cells itself."""
        lines = {top: 1, bottom: 1}
        for title, members in groupby(
            zip(self.sheet.columns, self.widths, strict=True), key=lambda pair: pair[0].group
        ):
            pairs = list(members)
            if title:
                lines[top] = max(lines[top], _lines(title, sum(width for _, width in pairs) / _BOLD_SHARE))
            needed = max(_lines(column.header, width / _BOLD_SHARE) for column, width in pairs)
            lines[bottom] = max(lines[bottom], needed if title or top == bottom else needed - lines[top])
        for row, count in lines.items():
            self.worksheet.row_dimensions[row].height = _LINE_POINTS * count + _CELL_EXTRA_POINTS

    def _merge(self, top: int, left: int, bottom: int, right: int) -> None:
        if (top, left) != (bottom, right):
            self.worksheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)

    def _draw_rows(self) -> None:
        ordinal, self.first_row = 0, self.row
        for item in self.sheet.rows:
            if isinstance(item, GroupHeading):
                ordinal = 0
                self._draw_group_row(item)
            else:
                ordinal += 1
                values = [
                    ordinal if column.kind is ColumnKind.ORDINAL else column.getter(item)
                    for column in self.sheet.columns
                ]
                self._draw_values(values, is_total=False)
            self.row += 1

    def _draw_values(self, values: Sequence[CellValue], *, is_total: bool) -> None:
        """Draw one row of the table, as high as its longest text: not every program measures rows by itself."""
        lines, share = 1, _BOLD_SHARE if is_total else 1
        for number, (column, value) in enumerate(zip(self.sheet.columns, values, strict=True), start=1):
            self.painter.value(self._cell(self.row, number), value, column.kind, total=is_total)
            if isinstance(value, str):
                lines = max(lines, _lines(value, self.widths[number - 1] / share))
        height = min(_LINE_POINTS * lines + _CELL_EXTRA_POINTS, _MAX_ROW_POINTS)
        self.worksheet.row_dimensions[self.row].height = height

    def _draw_group_row(self, heading: GroupHeading) -> None:
        """Number in the first column, title in the second: cells inside the data are never merged."""
        self.group_rows.add(self.row - 1)
        for number in range(1, self.last + 1):
            self.painter.text(self._cell(self.row, number), "", Style.GROUP)
        self.painter.text(self._cell(self.row, 1), heading.number, Style.TOTAL_CENTRE)
        self.painter.text(self._cell(self.row, 2), heading.title, Style.GROUP)
        lines = _lines(heading.title, self.widths[1] / _BOLD_SHARE)
        self.worksheet.row_dimensions[self.row].height = _LINE_POINTS * lines + _CELL_EXTRA_POINTS

    def _draw_totals(self) -> None:
        if self.sheet.totals is None:
            return
        self._draw_values(self.sheet.totals, is_total=True)
        self.row += 1

    def _draw_notes(self) -> None:
        notes = [*self.sheet.notes, *filter(None, [self.sheet.source_line])]
        if notes:
            self.row += 1
        for note in notes:
            self._whole(note, Style.NOTE)

    def _draw_charts(self) -> None:
        for spec in self.sheet.charts:
            rows = range(self.first_row + spec.first, self.first_row + spec.last + 1)
            chart = chart_of(self.worksheet, spec, rows, self.heading_rows.start)
            if spec.beside is None:
                self._place_below(chart)
            else:
                self._heighten(rows)
                self.whole.append(range(rows.start - 1, rows.stop - 1))
                place_chart(self.worksheet, chart, range(spec.beside, spec.beside + 1), self.whole[-1])

    def _place_below(self, chart: Any) -> None:
        start = self.row
        self.row += CHART_ROWS + 1
        place_chart(self.worksheet, chart, range(self.last), range(start, self.row - 1))

    def _heighten(self, rows: range) -> None:
        """Few rows grow until the chart beside them can be read."""
        least = CHART_LEAST_POINTS / len(rows)
        for row in rows:
            dimension = self.worksheet.row_dimensions[row]
            dimension.height = max(dimension.height or 0, least)

    def _draw_signatures(self) -> None:
        """Preparer and recipients on the left, signer on the right with room for the signature."""
        letterhead = self.letterhead
        self.row += 1
        top = self.row
        for offset, line in enumerate(letterhead.signer_lines):
            self._right(top + offset, line, Style.SIGNER)
        name_row = top + max(1, len(letterhead.signer_lines)) + SIGNATURE_ROWS
        self._right(name_row, letterhead.signer_name, Style.SIGNER)
        self._left(top, letterhead.preparer_label, Style.SIGNER)
        self._left(name_row, letterhead.preparer_name, Style.SIGNER)
        self.row = name_row + 1
        if letterhead.recipients:
            self.row += 1
            self._left(self.row, letterhead.recipients_label, Style.RECIPIENTS_LABEL)
            for offset, line in enumerate(letterhead.recipients, start=1):
                self._left(self.row + offset, line, Style.RECIPIENT)
            self.row += len(letterhead.recipients) + 1

    def _break_pages(self, closing: int) -> None:
        """End the pages of a long table where reading wants it: no group heading ends a page, and the signatures are
        never torn from the table's last row (`closing`, counted from 0).
        """
        from openpyxl.worksheet.pagebreak import Break

        heights = [self._height(row) for row in range(1, self.row)]
        repeated = sum(heights[self.heading_rows.start - 1 : self.heading_rows.stop - 1])
        capacity = page_capacity(self.widths)
        closing = next((rows.start - 1 for rows in self.whole if closing in rows), closing)
        starts = page_starts(heights, capacity, repeated, headings=self.group_rows, closing=closing, whole=self.whole)
        for start in starts[:MOST_BREAKS]:
            if start >= self.heading_rows.stop:
                self.worksheet.row_breaks.append(Break(id=start))

    def _has_short_table(self, closing: int) -> bool:
        """Whether a page must be broken, and nowhere can be: one row, to which the signatures belong, is the table."""
        needed = sum(self._height(row) for row in range(1, self.row))
        return closing < self.heading_rows.stop and needed > page_capacity(self.widths)

    def _height(self, row: int) -> float:
        return self.worksheet.row_dimensions[row].height or _LINE_POINTS

    def _set_page(self, *, is_one_page: bool) -> None:
        worksheet = self.worksheet
        worksheet.page_setup.orientation = "landscape"
        worksheet.page_setup.paperSize = _A4
        worksheet.page_setup.fitToWidth = 1
        worksheet.page_setup.fitToHeight = 1 if is_one_page else 0
        worksheet.sheet_properties.pageSetUpPr.fitToPage = True
        worksheet.print_options.horizontalCentered = True
        margins = worksheet.page_margins
        margins.top = margins.bottom = 20 / _MILLIMETRES_PER_INCH
        margins.left, margins.right = 30 / _MILLIMETRES_PER_INCH, 20 / _MILLIMETRES_PER_INCH
        margins.header = margins.footer = 10 / _MILLIMETRES_PER_INCH
        worksheet.oddHeader.center.text = "&P"
        worksheet.oddHeader.center.font = FONT
        worksheet.oddHeader.center.size = 12
        for footer in (worksheet.oddFooter, worksheet.firstFooter):
            footer.left.text = _foot(self.sheet.source_line) or None
            footer.left.font, footer.left.size = f"{FONT},Italic", 9
        worksheet.page_setup.firstPageNumber = 1
        worksheet.page_setup.useFirstPageNumber = True
        worksheet.HeaderFooter.differentFirst = True  # Decree 30/2020: the first page bears no number
        worksheet.sheet_view.showGridLines = False


def _foot(text: str) -> str:
    """The text as the foot of a page can hold it: Excel counts the signs before it too, and repairs what is longer."""
    while len(shown := text.replace("&", "&&")) > _MAX_FOOT_CHARACTERS:
        text = text[:-1]
    return shown


def _lines(text: str, width: float) -> int:
    """Return how many lines `text` takes at 12 points in a cell of `width` characters, rather one too many."""
    characters = max(1, int(width * _CHARACTERS_PER_UNIT))
    return sum(max(1, len(textwrap.wrap(line, characters))) for line in text.split("\n"))
