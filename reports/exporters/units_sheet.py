"""Sheet "Theo đơn vị": every open unit against every target; the last row is the commune's own figure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from campaigns.choices import UnitKind
from campaigns.models import Target
from hbs_portal.lib.sheets.styles import CellValue, ColumnKind
from hbs_portal.lib.sheets.writing import Column, GroupHeading, OfficialSheet
from hbs_portal.lib.text import date_short, number_text
from reports.exporters.edition import Edition
from reports.exporters.wording import (
    NOT_APPLICABLE,
    adjusted_remark,
    denominator_value,
    numerator_value,
    percent_value,
    verdict_word,
)
from reports.progress import Cell, CellState, Progress, TargetProgress, TargetRule
from reports.progress.facts import UnitFact

NAME = "Theo đơn vị"
WHOLE = "Toàn xã"
LEAST_WIDTH, WORD_WIDTH = 5.2, 8.5  # digits: "Tổng", "Chưa báo"
_ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


class UnitLine(NamedTuple):
    """A unit and its cells, one a target."""

    name: str
    cells: tuple[Cell, ...]


def units_sheet(edition: Edition) -> OfficialSheet[UnitLine]:
    """Units grouped by kind. Totals are the commune's cells: never the sum of units, which counts people twice (C7)."""
    progress = edition.progress
    columns = tuple(_columns(edition.reading.targets, progress))
    return OfficialSheet(
        name=NAME,
        title=f"Kết quả thực hiện chỉ tiêu theo đơn vị {edition.movement}",
        columns=columns,
        rows=list(_rows(progress)),
        subtitles=(edition.clock_line,),
        totals=_totals(columns, UnitLine(WHOLE, tuple(target.commune for target in progress.targets))),
        notes=_notes(progress),
    )


def _columns(targets: Iterable[Target], progress: Progress) -> Iterator[Column[UnitLine]]:
    yield Column("STT", kind=ColumnKind.ORDINAL, width=5)
    yield Column("Đơn vị", lambda line: line.name, width=25)
    for place, (target, figures) in enumerate(zip(targets, progress.targets, strict=True)):
        cells = [figures.commune, *(row.cell for row in figures.units)]
        yield from target_columns(f"{target.code}. {target.short_name}", place, figures.rule, cells)
    codes = [figures.rule.code for figures in progress.targets]
    yield Column("Đánh giá", lambda line: verdicts(line.cells, codes), width=19)


def target_columns(title: str, place: int, rule: TargetRule, cells: Sequence[Cell]) -> Iterator[Column[Any]]:
    """Tổng số | Đã đạt | Tỷ lệ of one target under its title, from `cells[place]` of a line; as wide as needed."""
    heads, share = _widths(cells)
    yield Column("Tổng số", lambda line: denominator_value(line.cells[place]), ColumnKind.INT, heads, title)
    yield Column("Đã đạt", lambda line: numerator_value(line.cells[place]), ColumnKind.INT, heads, title)
    yield Column("Tỷ lệ", lambda line: percent_value(line.cells[place], rule), ColumnKind.PERCENT, share, title)


def _widths(cells: Sequence[Cell]) -> tuple[float, float]:
    """As narrow as the figures allow, since the page is: a number that does not fit would print as "###"."""
    numbers = [number_text(number) for cell in cells for number in (cell.n, cell.d) if number is not None]
    percents = [cell.percent for cell in cells if cell.percent]
    has_words = any(cell.state in (CellState.NOT_REPORTED, CellState.NO_DENOMINATOR) for cell in cells)
    share = WORD_WIDTH if has_words else LEAST_WIDTH
    return _width_of(numbers, LEAST_WIDTH, 0.7), _width_of(percents, share, 1.2)


def _width_of(texts: Iterable[str], least: float, extra: float) -> float:
    return max([least, *(len(text) + extra for text in texts)])


def _rows(progress: Progress) -> Iterator[UnitLine | GroupHeading]:
    """Kinds of units as Roman-numbered groups, in the order of the vocabulary."""
    units = [row.unit for row in progress.targets[0].units] if progress.targets else []
    kinds = [kind for kind in UnitKind if any(unit.kind == kind for unit in units)]
    for number, kind in enumerate(kinds, start=1):
        yield GroupHeading(roman(number), str(kind.label))
        yield from (_line(unit, place, progress) for place, unit in enumerate(units) if unit.kind == kind)


def _line(unit: UnitFact, place: int, progress: Progress) -> UnitLine:
    """The engine lists the same units, in the same order, under every target."""
    return UnitLine(_name(unit, progress.as_of), tuple(target.units[place].cell for target in progress.targets))


def _name(unit: UnitFact, as_of: date) -> str:
    """A unit that a past day in some denominator keeps in the table says until when it was open (rules C6, F1)."""
    if unit.closed_on and not unit.is_open(as_of):
        return f"{unit.name} (hoạt động đến {date_short(unit.closed_on)})"
    return unit.name


def verdicts(cells: Iterable[Cell], of_targets: Iterable[str]) -> str:
    """Every verdict as a word with its targets: "Đạt: K1, K5", "Chưa báo cáo: K3"; "-" where none applies."""
    codes: dict[str, list[str]] = {}
    for cell, code in zip(cells, of_targets, strict=True):
        if cell.state != CellState.NOT_APPLICABLE:
            codes.setdefault(verdict_word(cell), []).append(code)
    return "\n".join(f"{word}: {', '.join(found)}" for word, found in codes.items()) or NOT_APPLICABLE


def _totals(columns: Iterable[Column[UnitLine]], commune: UnitLine) -> list[CellValue]:
    return [None if column.kind is ColumnKind.ORDINAL else column.getter(commune) for column in columns]


def _notes(progress: Progress) -> list[str]:
    overlaps = [reconciliation(target) for target in progress.targets if target.overlap_d or target.overlap_n]
    partial = [f"{target.rule.code}: {target.partial_note}." for target in progress.targets if target.is_partial]
    return [
        f"Ghi chú: dấu “{NOT_APPLICABLE}” là không áp dụng; tỷ lệ làm tròn xuống; "
        f"dòng “{WHOLE}” tính mỗi người một lần.",
        *partial,
        *overlaps,
        *_exclusions(progress),
    ]


def _exclusions(progress: Progress) -> list[str]:
    """Rule C8: where somebody is excluded, the figure without them stands under the table."""
    found = [(target.rule.code, adjusted_remark(target.commune)) for target in progress.targets]
    return [f"{code}, toàn xã. {remark} Từng đơn vị: xem Thuyết minh." for code, remark in found if remark]


def reconciliation(figures: TargetProgress) -> str:
    """How the units' sums become the commune's figure (rule C7): "105; toàn xã 103; trùng giữa đơn vị: 2"."""
    commune = figures.commune
    parts = (("Tổng số", commune.d, figures.overlap_d), ("Đã đạt", commune.n, figures.overlap_n))
    sums = [
        f"{word}: cộng các đơn vị {number_text(count + overlap)}, toàn xã {number_text(count)}, "
        f"trùng giữa đơn vị {number_text(overlap)}"
        for word, count, overlap in parts
        if count is not None
    ]
    return f"{figures.rule.code}. {'; '.join(sums)}." if sums else ""


def roman(number: int) -> str:
    """1 to 399 as a Roman number: kinds of units, classes of a commune."""
    text = ""
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        text += sign * count
    return text
