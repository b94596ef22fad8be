"""Tallies to figures: the one entrance of the engine. Same facts, same figures, whatever the database."""

from dataclasses import replace

from reports.progress.coverage import cover
from reports.progress.facts import Facts, TargetRule, UnitFact
from reports.progress.flows import Flows, flows_of
from reports.progress.lookup import Lookup, look_up
from reports.progress.numbers import missing_for, percent_text, verdict_of
from reports.progress.results import Adjusted, Cell, Progress, TargetProgress, UnitCell
from reports.progress.states import CellState, Verdict
from reports.progress.tallies import Coverage, Tally


def compute_progress(facts: Facts) -> Progress:
    """Every target of the campaign, per unit and for the commune.

    Raises ProgressError for facts that contradict each other: more names than heads (D2), two declared series of one
    unit and group (G3).
    """
    lookup = look_up(facts)
    return Progress(
        as_of=facts.as_of,
        approved_by=facts.approved_by,
        targets=tuple(_target(rule, lookup) for rule in facts.rules),
        activities_total=len(lookup.sessions),
    )


def _target(rule: TargetRule, lookup: Lookup) -> TargetProgress:
    flows = flows_of(rule, lookup)
    coverage = cover(rule, lookup, flows)
    counted = [tally for tally in coverage.units.values() if tally.is_applicable]
    return TargetProgress(
        rule=rule,
        commune=_commune_cell(rule, coverage, flows),
        units=tuple(_unit_cell(unit, rule, coverage, flows) for unit in lookup.units),
        overlap_n=coverage.overlaps.n,
        overlap_d=coverage.overlaps.d,
        units_applicable=len(counted),
        units_with_denominator=sum(tally.d is not None for tally in counted),
        units_reported=sum(tally.is_reported for tally in counted),
        activities=flows.activities,
        second_tier=coverage.second_tier,
        previous_n=coverage.previous_n,
    )


def _unit_cell(unit: UnitFact, rule: TargetRule, coverage: Coverage, flows: Flows) -> UnitCell:
    cell = cell_of(
        rule,
        coverage.units.get(unit.id),
        attendances=flows.attendances_by_host.get(unit.id, 0),
        unnamed=flows.unnamed_by_host.get(unit.id, 0),
    )
    return UnitCell(unit, cell, coverage.second_tiers.get(unit.id))


def _commune_cell(rule: TargetRule, coverage: Coverage, flows: Flows) -> Cell:
    """The pooled figure; it cannot be "đạt" while a unit lacks its denominator (B3) or holds an error (B4)."""
    cell = cell_of(rule, coverage.commune, attendances=flows.attendances, unnamed=flows.unnamed)
    tallies = [tally for tally in coverage.units.values() if tally.is_applicable]
    is_sound = all(tally.d is not None and not tally.is_over for tally in tallies)
    return cell if is_sound else _never_met(cell)


def _never_met(cell: Cell) -> Cell:
    """The figure without the verdict "đạt", and the adjusted one beside it likewise."""
    adjusted = cell.adjusted
    if adjusted and adjusted.verdict == Verdict.MET:
        adjusted = replace(adjusted, verdict=Verdict.NONE)
    return replace(cell, verdict=Verdict.NONE if cell.verdict == Verdict.MET else cell.verdict, adjusted=adjusted)


def cell_of(rule: TargetRule, tally: Tally | None, *, attendances: int, unnamed: int) -> Cell:
    """One figure from its tally; None stands for a unit of a kind the target does not name (B2)."""
    if tally is None:
        return Cell(CellState.NOT_APPLICABLE, attendances=attendances, unnamed=unnamed)
    state = _state_of(tally)
    cell = Cell(
        state,
        n=tally.n if tally.is_reported and state != CellState.NOT_APPLICABLE else None,
        d=tally.d,
        provisional_n=_provisional(tally, state),
        attendances=attendances,
        unnamed=unnamed,
        declared_n=tally.declared_n,
        declared_d=tally.declared_d,
        is_over=tally.is_over,
    )
    return _judged(cell, rule, tally)


def _state_of(tally: Tally) -> CellState:
    if not tally.is_applicable:
        return CellState.NOT_APPLICABLE
    if tally.d is None:
        return CellState.NO_DENOMINATOR
    return CellState.VALUE if tally.is_reported else CellState.NOT_REPORTED


def _provisional(tally: Tally, state: CellState) -> int | None:
    """With what waits (H1); nothing is said where nothing was reported and nothing waits (B1)."""
    if state == CellState.NOT_APPLICABLE:
        return None
    return tally.provisional_n if tally.is_reported or tally.provisional_n else None


def _judged(cell: Cell, rule: TargetRule, tally: Tally) -> Cell:
    """Add what needs a denominator: the gap always, percentage and verdict for what was reported only."""
    if not tally.d:
        return cell
    return replace(
        cell,
        percent=percent_text(tally.n, tally.d, rule) if cell.has_value else None,
        verdict=verdict_of(rule, tally.n, tally.d) if cell.has_value else Verdict.NONE,
        missing=missing_for(rule, tally.n, tally.d),
        provisional_percent=_percent_or_none(cell.provisional_n, tally.d, rule),
        possible_max=_possible_max(cell, rule),
        adjusted=_adjusted(rule, tally, tally.d) if tally.excluded and cell.has_value else None,
    )


def _adjusted(rule: TargetRule, tally: Tally, d: int) -> Adjusted:
    """The figure without the excluded members of D, out of n and d, with its own verdict (C8)."""
    n, d = tally.n - tally.excluded_n, d - tally.excluded
    return Adjusted(
        excluded=tally.excluded,
        n=n,
        d=d,
        percent=percent_text(n, d, rule) if d else None,
        verdict=verdict_of(rule, n, d),
        missing=missing_for(rule, n, d) if d else 0,
    )


def _percent_or_none(n: int | None, d: int, rule: TargetRule) -> str | None:
    return None if n is None else percent_text(n, d, rule)


def _possible_max(cell: Cell, rule: TargetRule) -> int | None:
    """How many people it may be at most, were every unnamed head somebody new (D1); never above d by that."""
    if not rule.counts_people or cell.n is None or cell.d is None:
        return None
    return max(cell.n, min(cell.d, cell.n + cell.unnamed))
