"""Two readings compared: what differs in every figure, and why.

In every cell the reasons add up: before + the sum of the signed reasons = after, for n and for d. What is left over is
a reason of its own, UNEXPLAINED: it is shown, never hidden. The numbers beside n and d add up likewise (asides).
Pure: two contents in, a comparison out.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from reports.progress.facts import TargetRule, UnitFact
from reports.progress.results import Cell, TargetProgress
from reports.progress.rosters import NOBODY
from reports.snapshots.asides import Aside, asides_of
from reports.snapshots.belonging import Crossing, belonging_reason
from reports.snapshots.content import Content
from reports.snapshots.covering import Readings, gained_reason, lost_reason
from reports.snapshots.declaring import declared_reasons
from reports.snapshots.makeup import Side, SubjectKind
from reports.snapshots.reasons import Reason, ReasonKind


@dataclass(frozen=True, slots=True)
class CellChange:
    """One figure at both readings; ``unit`` None is the commune, a cell None: the unit was not there."""

    unit: UnitFact | None
    before: Cell | None
    after: Cell | None
    reasons: tuple[Reason, ...]
    asides: tuple[Aside, ...] = ()

    @property
    def is_changed(self) -> bool:
        """Whether n, d or what is said of them differs; what stands beside them is not asked."""
        return bool(self.reasons) or _shown(self.before) != _shown(self.after)

    @property
    def is_moved(self) -> bool:
        return self.is_changed or bool(self.asides)

    @property
    def unexplained(self) -> tuple[Reason, ...]:
        return tuple(reason for reason in self.reasons if reason.kind == ReasonKind.UNEXPLAINED)


@dataclass(frozen=True, slots=True)
class TargetChange:
    """One target; a rule is None where that reading had no such target."""

    code: str
    old_rule: TargetRule | None
    new_rule: TargetRule | None
    old_figure: TargetProgress | None
    new_figure: TargetProgress | None
    commune: CellChange
    units: tuple[CellChange, ...]

    @property
    def is_rule_changed(self) -> bool:
        return self.old_rule != self.new_rule

    @property
    def is_changed(self) -> bool:
        return self.is_rule_changed or any(change.is_changed for change in self.cells)

    @property
    def is_moved(self) -> bool:
        """The same with what stands beside n and d: lượt, unnamed heads, what waits, the lower tier."""
        return self.is_changed or any(change.is_moved for change in self.cells)

    @property
    def cells(self) -> tuple[CellChange, ...]:
        return (self.commune, *self.units)


@dataclass(frozen=True, slots=True)
class Comparison:
    before: Content
    after: Content
    targets: tuple[TargetChange, ...]

    def target(self, code: str) -> TargetChange | None:
        return next((target for target in self.targets if target.code == code), None)

    @property
    def unexplained(self) -> int:
        """How many differences have no reason; 0 is what it should be."""
        cells = [change for target in self.targets for change in target.cells]
        return sum(len(change.unexplained) + sum(aside.unexplained for aside in change.asides) for change in cells)


def compare(before: Content, after: Content) -> Comparison:
    """What differs from the first reading to the second, target by target and unit by unit."""
    old, new = Side(before), Side(after)
    codes = dict.fromkeys([rule.code for rule in (*after.facts.rules, *before.facts.rules)])
    return Comparison(before, after, tuple(_target_change(old, new, code) for code in codes))


def _target_change(before: Side, after: Side, code: str) -> TargetChange:
    readings = Readings(before, after, before.makeup(code), after.makeup(code))
    old, new = readings.old, readings.new
    return TargetChange(
        code,
        old.rule,
        new.rule,
        old.figure,
        new.figure,
        commune=_commune_change(readings),
        units=tuple(_unit_change(readings, unit) for unit in _units(readings)),
    )


def _units(readings: Readings) -> list[UnitFact]:
    """The units with a cell in either reading; those that are gone stand last."""
    figures = (readings.new.figure, readings.old.figure)
    found = {row.unit.id: row.unit for figure in reversed(figures) if figure for row in figure.units}
    order = {row.unit.id: None for figure in figures if figure for row in figure.units}
    return [found[unit_id] for unit_id in order]


def _unit_change(readings: Readings, unit: UnitFact) -> CellChange:
    old, new = readings.old.parts.get(unit.id), readings.new.parts.get(unit.id)
    cells = [makeup.figure.cell_of(unit.id) if makeup.figure else None for makeup in (readings.old, readings.new)]
    reasons = [
        *_subject_reasons(
            readings,
            Sets(old.subjects if old else NOBODY, bool(old and old.is_known)),
            Sets(new.subjects if new else NOBODY, bool(new and new.is_known)),
            lambda subject_id, is_entry: _belonging(readings, subject_id, unit.id, is_entry=is_entry),
        ),
        *declared_reasons(readings, unit.id, for_commune=False),
    ]
    return replace(_balanced(unit, cells[0], cells[1], reasons), asides=asides_of(readings, unit))


@dataclass(frozen=True, slots=True)
class Sets:
    """The subjects of a figure, and whether they make a denominator."""

    subjects: AbstractSet[int]
    is_known: bool


def _commune_change(readings: Readings) -> CellChange:
    old, new = readings.old, readings.new
    reasons = [
        *_subject_reasons(
            readings,
            Sets(old.commune, any(part.is_known for part in old.counted_parts)),
            Sets(new.commune, any(part.is_known for part in new.counted_parts)),
            lambda subject_id, is_entry: _commune_belonging(readings, subject_id, is_entry=is_entry),
        ),
        *(r for pk in sorted({*old.parts, *new.parts}) for r in declared_reasons(readings, pk, for_commune=True)),
    ]
    cells = [makeup.figure.commune if makeup.figure else None for makeup in (old, new)]
    return replace(_balanced(None, cells[0], cells[1], reasons), asides=asides_of(readings, None))


def _subject_reasons(readings: Readings, old: Sets, new: Sets, belonging) -> Iterator[Reason]:  # type: ignore[no-untyped-def]
    """Membership first (with the coverage of before), then coverage of those who are there, then the denominator."""
    covered = readings.old.covered
    for pk in sorted(old.subjects - new.subjects):
        reason = _dated(readings, belonging(pk, False))
        yield replace(reason, subject_id=pk, dn=-int(pk in covered), dd=-int(old.is_known))
    for pk in sorted(new.subjects - old.subjects):
        reason = _dated(readings, belonging(pk, True))
        yield replace(reason, subject_id=pk, dn=int(pk in covered), dd=int(new.is_known))
    yield from _coverage_reasons(readings, new.subjects)
    stayed = len(old.subjects & new.subjects)
    if stayed and old.is_known != new.is_known:
        kind = ReasonKind.DENOMINATOR_KNOWN if new.is_known else ReasonKind.DENOMINATOR_LOST
        yield Reason(kind, SubjectKind.FIGURE, dd=stayed if new.is_known else -stayed)
    yield from _exclusion_reasons(readings, old.subjects, new.subjects)


#: Changes of lists and units. They carry no day of approval, only the days that they speak of.
_OF_LISTS = frozenset(
    {
        ReasonKind.JOINED, ReasonKind.LEFT, ReasonKind.MOVED_IN, ReasonKind.MOVED_OUT, ReasonKind.GROUP_CHANGED,
        ReasonKind.SPLIT_OFF, ReasonKind.UNIT_OPENED, ReasonKind.UNIT_CLOSED, ReasonKind.UNITS_MERGED,
    }
)  # fmt: skip


def _dated(readings: Readings, reason: Reason) -> Reason:
    """Of two readings of one day a list that differs was changed backwards: an adjustment of that day (G8)."""
    is_same_day = readings.before.content.as_of == readings.after.content.as_of
    return replace(reason, is_adjustment=is_same_day and reason.kind in _OF_LISTS)


def _coverage_reasons(readings: Readings, present: AbstractSet[int]) -> Iterator[Reason]:
    before, after = readings.old.covered, readings.new.covered
    for pk in sorted(present & (after - before)):
        yield replace(gained_reason(readings, pk), dn=1)
    for pk in sorted(present & (before - after)):
        yield replace(lost_reason(readings, pk), dn=-1)


def _exclusion_reasons(readings: Readings, old: AbstractSet[int], new: AbstractSet[int]) -> Iterator[Reason]:
    """Exclusions move the adjusted figure only (C8): they add nothing to n and d."""
    before, after = readings.old.excluded & old, readings.new.excluded & new
    for pk in sorted(after - before):
        yield Reason(ReasonKind.EXCLUDED, SubjectKind.PERSON, pk)
    for pk in sorted((before - after) & new):
        yield Reason(ReasonKind.EXCLUSION_ENDED, SubjectKind.PERSON, pk)


def _belonging(readings: Readings, subject_id: int, unit_id: int, *, is_entry: bool) -> Reason:
    return belonging_reason(_crossing(readings, is_entry=is_entry), subject_id, unit_id)


def _crossing(readings: Readings, *, is_entry: bool) -> Crossing:
    if is_entry:
        return Crossing(readings.new, readings.old, readings.after, readings.before, is_entry=True)
    return Crossing(readings.old, readings.new, readings.before, readings.after, is_entry=False)


def _commune_belonging(readings: Readings, subject_id: int, *, is_entry: bool) -> Reason:
    """The same for the commune: of the units that the subject counts in, the first one decides."""
    crossing = _crossing(readings, is_entry=is_entry)
    part = next(part for part in crossing.there.counted_parts if subject_id in part.subjects)
    other = crossing.gone.parts.get(part.unit.id)
    if other is not None and subject_id in other.subjects:
        kind = ReasonKind.DENOMINATOR_KNOWN if is_entry else ReasonKind.DENOMINATOR_LOST
        return Reason(kind, crossing.there.subject_kind, unit_id=part.unit.id)
    return replace(belonging_reason(crossing, subject_id, part.unit.id), unit_id=part.unit.id)


def _balanced(unit: UnitFact | None, before: Cell | None, after: Cell | None, reasons: Iterable[Reason]) -> CellChange:
    """The change with what its reasons leave over, measured on the frozen figures themselves."""
    rows = list(reasons)
    dn = _n(after) - _n(before) - sum(reason.dn for reason in rows)
    dd = _d(after) - _d(before) - sum(reason.dd for reason in rows)
    if dn or dd:
        rows.append(Reason(ReasonKind.UNEXPLAINED, SubjectKind.FIGURE, dn=dn, dd=dd))
    return CellChange(unit, before, after, tuple(rows))


def _n(cell: Cell | None) -> int:
    return (cell.n if cell else None) or 0


def _d(cell: Cell | None) -> int:
    return (cell.d if cell else None) or 0


def _shown(cell: Cell | None) -> object:
    return None if cell is None else (cell.state, cell.n, cell.d, cell.verdict, cell.adjusted)
