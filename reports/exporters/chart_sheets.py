"""The charts, each beside the cells that it draws: targets against thresholds, by unit, over months."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import accumulate
from typing import NamedTuple

from campaigns.choices import Operator
from campaigns.models import Target
from hbs_portal.lib.sheets.styles import CellValue, ColumnKind
from hbs_portal.lib.sheets.writing import ChartKind, Column, GroupHeading, OfficialSheet, SheetChart
from reports.exporters.edition import Edition
from reports.exporters.units_sheet import roman
from reports.exporters.wording import percent_fraction, verdict_word
from reports.papers.months import TargetMonths, months_of
from reports.progress import Cell, TargetProgress, TargetRule
from reports.progress.numbers import FULL_BP

TARGETS, UNITS, MONTHS = "Biểu đồ chỉ tiêu", "Biểu đồ đơn vị", "Biểu đồ tháng"
DONE, PLANNED = "Thực hiện", "Kế hoạch"
#: So much stands beside one chart: then it and its rows fit on one page, however long the names are.
MOST_UNITS, MOST_LINES, LINE_CHARACTERS = 12, 16, 36


class Mark(NamedTuple):
    """One figure as a chart draws it: rounded down, and nothing at all where nothing was reported (B1)."""

    name: str
    cell: Cell
    rule: TargetRule

    @property
    def done(self) -> CellValue:
        cell = self.cell
        return percent_fraction(cell.n, cell.d, self.rule) if cell.has_value and cell.d and cell.n is not None else None

    @property
    def planned(self) -> CellValue:
        """Of units that must all be there ("mỗi trường") the plan asks for the whole."""
        bp = FULL_BP if self.rule.operator in (Operator.ALL, Operator.EACH_UNIT) else self.rule.threshold_bp
        return percent_fraction(bp, FULL_BP)


def targets_chart_sheet(edition: Edition) -> OfficialSheet[Mark] | None:
    """None for a plan without targets."""
    marks = [
        Mark(f"{target.code}. {target.short_name}", figures.commune, figures.rule)
        for target, figures in edition.figures
    ]
    if not marks:
        return None
    title = "Kết quả thực hiện so với kế hoạch"
    return OfficialSheet(
        name=TARGETS,
        title=f"{title} {edition.movement}",
        columns=(
            Column("STT", kind=ColumnKind.ORDINAL, width=5),
            Column("Chỉ tiêu", lambda mark: mark.name, width=52),
            Column("Tổng số", lambda mark: mark.cell.d, ColumnKind.INT, 10),
            Column("Đã đạt", lambda mark: mark.cell.n, ColumnKind.INT, 10),
            Column(DONE, lambda mark: mark.done, ColumnKind.PERCENT, 12),
            Column(PLANNED, lambda mark: mark.planned, ColumnKind.PERCENT, 12),
            Column("Đánh giá", lambda mark: verdict_word(mark.cell), ColumnKind.WORD, 15),
        ),
        rows=marks,
        subtitles=(edition.clock_line,),
        notes=("Ghi chú: tỷ lệ làm tròn xuống; chỉ tiêu chưa có số liệu thì không vẽ cột.",),
        is_signed=False,
        is_one_page=True,
        charts=(SheetChart(ChartKind.COLUMNS, title, 0, len(marks) - 1, labels=1, values=(4, 5)),),
    )


UNIT_COLUMNS = (
    Column[Mark]("STT", kind=ColumnKind.ORDINAL, width=5),
    Column[Mark]("Đơn vị", lambda mark: mark.name, width=36),
    Column[Mark]("Tổng số", lambda mark: mark.cell.d, ColumnKind.INT, 8),
    Column[Mark]("Đã đạt", lambda mark: mark.cell.n, ColumnKind.INT, 8),
    Column[Mark](DONE, lambda mark: mark.done, ColumnKind.PERCENT, 10.5),
    Column[Mark](PLANNED, lambda mark: mark.planned, ColumnKind.PERCENT, 10.5),
    Column[Mark]("Biểu đồ", kind=ColumnKind.WORD, width=56),
)


def units_chart_sheet(edition: Edition) -> OfficialSheet[Mark] | None:
    """Targets of people and households; None where there is nothing to draw. Long lists come in blocks."""
    rows: list[Mark | GroupHeading] = []
    charts: list[SheetChart] = []
    for number, (target, figures) in enumerate(_drawn(edition), start=1):
        _add_target(rows, charts, number, target, figures)
    if not charts:
        return None
    return OfficialSheet(
        name=UNITS,
        title=f"Tỷ lệ thực hiện theo đơn vị {edition.movement}",
        columns=UNIT_COLUMNS,
        rows=rows,
        subtitles=(edition.clock_line,),
        notes=(
            "Ghi chú: tỷ lệ làm tròn xuống; đơn vị chưa có số liệu thì không vẽ thanh, chưa có mẫu số thì không ghi.",
        ),
        is_signed=False,
        is_numbered=False,
        charts=charts,
    )


def _drawn(edition: Edition) -> list[tuple[Target, TargetProgress]]:
    pairs = zip(edition.reading.targets, edition.progress.targets, strict=True)
    return [(target, figures) for target, figures in pairs if not figures.rule.counts_units and any(_marks(figures))]


def _marks(figures: TargetProgress) -> list[Mark]:
    """The units that have a denominator: of the others there is nothing to draw (B2, B3)."""
    return [Mark(row.unit.name, row.cell, figures.rule) for row in figures.units if row.cell.d]


def _add_target(
    rows: list[Mark | GroupHeading], charts: list[SheetChart], number: int, target: Target, figures: TargetProgress
) -> None:
    marks = _marks(figures)
    blocks = list(_blocks(marks))
    for place, block in enumerate(blocks, start=1):
        part = f" ({place}/{len(blocks)})" if len(blocks) > 1 else ""
        title = f"{target.code}. {target.short_name}{part}"
        rows.append(GroupHeading(roman(number), title))
        last = len(rows) + len(block) - 1
        charts.append(SheetChart(ChartKind.BARS, title, len(rows), last, labels=1, values=(4, 5), beside=6))
        rows.extend(block)


def _blocks(marks: Sequence[Mark]) -> Iterator[list[Mark]]:
    block: list[Mark] = []
    used = 0
    for mark in marks:
        lines = -(-len(mark.name) // LINE_CHARACTERS)
        if block and (len(block) == MOST_UNITS or used + lines > MOST_LINES):
            yield block
            block, used = [], 0
        block.append(mark)
        used += lines
    if block:
        yield block


class MonthLine(NamedTuple):
    """A month, and by target who was newly reached in it and the share of D reached by its end."""

    name: str
    new: tuple[int, ...]
    shares: tuple[CellValue, ...]


def months_chart_sheet(edition: Edition) -> OfficialSheet[MonthLine] | None:
    """None where nobody was reached by list."""
    targets = months_of(edition)
    lines = list(_month_lines(targets))
    if not lines:
        return None
    title = "Tỷ lệ đạt luỹ kế theo tháng"
    count = len(targets)
    return OfficialSheet(
        name=MONTHS,
        title=f"{title} {edition.movement}",
        columns=tuple(_month_columns(targets)),
        rows=lines,
        subtitles=(edition.clock_line,),
        notes=(
            "Ghi chú: mỗi người, hộ tính vào tháng đầu tiên đủ điều kiện; chỉ tính người, hộ trong danh sách tại ngày "
            "lấy số liệu, không gồm số khai báo. Tỷ lệ luỹ kế trên tổng số của chỉ tiêu, làm tròn xuống.",
        ),
        is_signed=False,
        is_one_page=True,
        charts=(
            SheetChart(
                ChartKind.LINES, title, 0, len(lines) - 1, labels=1, values=tuple(range(2 + count, 2 + 2 * count))
            ),
        ),
    )


def _month_columns(targets: Sequence[TargetMonths]) -> Iterator[Column[MonthLine]]:
    yield Column("STT", kind=ColumnKind.ORDINAL, width=5)
    yield Column("Tháng", lambda line: line.name, ColumnKind.WORD, 12)
    for place, target in enumerate(targets):
        yield Column(f"{target.code}, mới đạt ({target.noun})", _new_in(place), ColumnKind.INT, 12)
    for place, target in enumerate(targets):
        yield Column(f"{target.code}, luỹ kế", _share_by(place), ColumnKind.PERCENT, 12)


def _new_in(place: int) -> Callable[[MonthLine], CellValue]:
    return lambda line: line.new[place]


def _share_by(place: int) -> Callable[[MonthLine], CellValue]:
    return lambda line: line.shares[place]


def _month_lines(targets: Sequence[TargetMonths]) -> Iterator[MonthLine]:
    months = targets[0].months if targets else ()
    running = [list(accumulate(target.new)) for target in targets]
    for place, month in enumerate(months):
        shares = tuple(percent_fraction(found[place], target.d) for found, target in zip(running, targets, strict=True))
        yield MonthLine(_month_name(month), tuple(target.new[place] for target in targets), shares)


def _month_name(month: date) -> str:
    return f"{month.month:02d}/{month.year}"
