"""What a period added to the figures, and what became known of the time before it (rule G8).

Three readings tell it: the closing of the period before as it was frozen, the same days as they are known now, and the
end of this period. What lies between the first two is the adjustment, what lies between the last two happened in the
period; so opening + in period + adjustment is the closing, in every cell, whatever was approved, withdrawn or moved.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from reports.progress.facts import Facts, TargetRule, UnitFact
from reports.progress.pace import new_between
from reports.progress.results import Cell, Progress, TargetProgress, UnitCell
from reports.progress.states import CellState

Measure = Callable[[TargetProgress], int]


class Flow(NamedTuple):
    """A number at the end of the period before, what the period added, what was corrected of earlier, and its end."""

    opening: int
    in_period: int
    adjustment: int
    closing: int


@dataclass(frozen=True, slots=True)
class FigureFlows:
    """One figure of a target. `reached` are people, households or units; `newly` those of them who qualified first in
    the period, so that `in_period` less `newly` came or went with the list; None where the target looks at a moving
    window (K6)."""

    cell: Cell
    reached: Flow
    newly: int | None
    attendances: Flow | None

    @property
    def list_change(self) -> int:
        """Counted people who joined or left the counted set within the period, signed."""
        return 0 if self.newly is None else self.reached.in_period - self.newly


@dataclass(frozen=True, slots=True)
class TargetFlows:
    """`activities` counts those that serve the target; None where it looks at a moving window."""

    rule: TargetRule
    commune: FigureFlows
    units: tuple[tuple[UnitFact, FigureFlows], ...]
    activities: Flow | None


@dataclass(frozen=True, slots=True)
class PeriodFlows:
    """`has_opening` is False where no closed period ends right before this one: then nothing is adjusted."""

    targets: tuple[TargetFlows, ...]
    activities: Flow
    has_opening: bool


@dataclass(frozen=True, slots=True)
class Readings:
    """`opening`: the closing of the period before, frozen (None: there is none). `restated`: the same day as known now
    (None: the campaign had not begun). `closing` and `facts`: the end of the period."""

    opening: Progress | None
    restated: Progress | None
    closing: Progress
    facts: Facts


def flows_between(readings: Readings, first: date, last: date) -> PeriodFlows:
    """All figures of a period from its first through its last day."""
    return PeriodFlows(
        targets=tuple(_target(target, readings, first, last) for target in readings.closing.targets),
        activities=flow_of(*_each(readings, lambda progress: progress.activities_total)),
        has_opening=readings.opening is not None,
    )


def flow_of(opening: int | None, restated: int, closing: int) -> Flow:
    """Without an opening (None) the period starts from what is known of the day before it now."""
    start = restated if opening is None else opening
    return Flow(start, closing - restated, restated - start, closing)


def _each(readings: Readings, number: Callable[[Progress], int]) -> tuple[int | None, int, int]:
    opening = None if readings.opening is None else number(readings.opening)
    restated = 0 if readings.restated is None else number(readings.restated)
    return opening, restated, number(readings.closing)


def _target(target: TargetProgress, readings: Readings, first: date, last: date) -> TargetFlows:
    rule = target.rule
    fresh = {} if rule.window_days is not None else new_between(readings.facts, rule, first, last)
    measure = _measure(readings, rule.code)
    units = _units(target, readings)
    return TargetFlows(
        rule=rule,
        commune=_figure(target.commune, rule, fresh, None, measure),
        units=tuple((row.unit, _figure(row.cell, rule, fresh, row.unit.id, measure)) for row in units),
        activities=None if rule.window_days is not None else measure(lambda figure: figure.activities),
    )


def _measure(readings: Readings, code: str) -> Callable[[Measure], Flow]:
    """A number of this target in all three readings; 0 where a reading has no such target (it was added later)."""

    def flow(number: Measure) -> Flow:
        def of(progress: Progress) -> int:
            found = progress.by_code.get(code)
            return 0 if found is None else number(found)

        return flow_of(*_each(readings, of))

    return flow


def _figure(
    cell: Cell,
    rule: TargetRule,
    fresh: Mapping[int | None, int],
    unit_id: int | None,
    measure: Callable[[Measure], Flow],
) -> FigureFlows:
    reached = measure(lambda figure: _cell(figure, unit_id).n or 0)
    declared = measure(lambda figure: _cell(figure, unit_id).declared_n).in_period
    attendances = measure(lambda figure: _cell(figure, unit_id).attendances)
    if rule.window_days is not None:
        return FigureFlows(cell, reached, None, None)
    return FigureFlows(cell, reached, fresh.get(unit_id, 0) + declared, attendances)


def _cell(figure: TargetProgress, unit_id: int | None) -> Cell:
    """The cell of a unit (None: of the commune); an empty one where the unit was not counted then."""
    if unit_id is None:
        return figure.commune
    return figure.cell_of(unit_id) or Cell(CellState.NOT_APPLICABLE)


def _units(target: TargetProgress, readings: Readings) -> Sequence[UnitCell]:
    """The units that the target applied to at either end: one that closed in the period is told with what it lost."""
    present = [row for row in target.units if _applies(row)]
    known = {row.unit.id for row in present}
    earlier = (progress for progress in (readings.opening, readings.restated) if progress is not None)
    rows = (row for progress in earlier for row in _units_of(progress, target.rule.code) if _applies(row))
    gone = {row.unit.id: UnitCell(row.unit, Cell(CellState.NOT_APPLICABLE)) for row in rows if row.unit.id not in known}
    return [*present, *gone.values()]


def _units_of(progress: Progress, code: str) -> Iterable[UnitCell]:
    found = progress.by_code.get(code)
    return () if found is None else found.units


def _applies(row: UnitCell) -> bool:
    return row.cell.state != CellState.NOT_APPLICABLE
