"""What stands beside n and d in a figure, at two readings: lượt, unnamed heads, activities, what waits, the lower tier.

Each number that differs has signed parts that add up to the difference; a rest is UNEXPLAINED, as for n and d.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from campaigns.choices import Group
from reports.progress.facts import TargetRule, UnitFact
from reports.progress.flows import attendances_of, in_window, serving_sessions, unnamed_of
from reports.progress.lookup import Session
from reports.progress.results import Cell, Tier
from reports.progress.rosters import NOBODY
from reports.snapshots.content import RecordKind
from reports.snapshots.covering import REACH_FIELDS, Readings, end_of
from reports.snapshots.makeup import Makeup, Side
from reports.snapshots.reasons import ReasonKind

#: What a part is about, and by how much it moves the number.
Parts: TypeAlias = Counter[ReasonKind]
#: What of a rule decides which sessions serve a target and whom they tell of.
SERVING_FIELDS = (*REACH_FIELDS, "groups", "unit_kinds", "denominator_policy", "fixed_on")


class AsideKind(StrEnum):
    ATTENDANCES = "attendances"
    UNNAMED = "unnamed"
    ACTIVITIES = "activities"
    PROVISIONAL = "provisional"
    SECOND_TIER = "second_tier"


@dataclass(frozen=True, slots=True)
class Aside:
    """One number at both readings; ``parts`` without those that add nothing."""

    kind: AsideKind
    before: int
    after: int
    parts: tuple[tuple[ReasonKind, int], ...]

    @property
    def unexplained(self) -> int:
        return sum(kind == ReasonKind.UNEXPLAINED for kind, _ in self.parts)


def asides_of(readings: Readings, unit: UnitFact | None) -> tuple[Aside, ...]:
    """The numbers of a unit (None: of the commune) that differ."""
    old, new = _cell(readings.old, unit), _cell(readings.new, unit)
    found = [*_flows(readings, unit, old, new), _provisional(old, new), _second_tier(readings, unit)]
    return tuple(aside for aside in found if aside.parts)


def _cell(makeup: Makeup, unit: UnitFact | None) -> Cell | None:
    if makeup.figure is None:
        return None
    return makeup.figure.commune if unit is None else makeup.figure.cell_of(unit.id)


def _balanced(kind: AsideKind, before: int, after: int, parts: Parts) -> Aside:
    parts[ReasonKind.UNEXPLAINED] += after - before - parts.total()
    return Aside(kind, before, after, tuple((reason, number) for reason, number in parts.items() if number))


# ---- Lượt, unnamed heads and activities: the sessions that serve the target


def _flows(readings: Readings, unit: UnitFact | None, old: Cell | None, new: Cell | None) -> Iterable[Aside]:
    before = _sessions(readings.before, readings.old.rule, unit) if old else {}
    after = _sessions(readings.after, readings.new.rule, unit) if new else {}
    yield _balanced(
        AsideKind.ATTENDANCES,
        old.attendances if old else 0,
        new.attendances if new else 0,
        _parts(readings, unit, *(_weighed(rows, attendances_of) for rows in (before, after))),
    )
    yield _balanced(
        AsideKind.UNNAMED,
        old.unnamed if old else 0,
        new.unnamed if new else 0,
        _parts(readings, unit, *(_weighed(rows, unnamed_of) for rows in (before, after))),
    )
    if unit is None:
        counts = [makeup.figure.activities if makeup.figure else 0 for makeup in (readings.old, readings.new)]
        ones = [_weighed(rows, lambda session, rule: 1) for rows in (before, after)]
        yield _balanced(AsideKind.ACTIVITIES, counts[0], counts[1], _parts(readings, unit, *ones))


_Sessions: TypeAlias = Mapping[int, tuple[Session, TargetRule]]


def _sessions(side: Side, rule: TargetRule | None, unit: UnitFact | None) -> _Sessions:
    """The serving sessions by activity; of a unit those that it hosts."""
    if rule is None:
        return {}
    rows = serving_sessions(rule, side.lookup)
    return {row.activity.id: (row, rule) for row in rows if unit is None or row.activity.host_id == unit.id}


def _weighed(rows: _Sessions, weigh) -> Mapping[int, int]:  # type: ignore[no-untyped-def]
    return {pk: weigh(session, rule) for pk, (session, rule) in rows.items()}


def _parts(readings: Readings, unit: UnitFact | None, before: Mapping[int, int], after: Mapping[int, int]) -> Parts:
    parts: Parts = Counter()
    if unit is not None and (gone := _without_cell(readings, unit)):
        parts[gone] += sum(after.values()) - sum(before.values())
        return parts
    for pk in sorted({*before, *after}):
        difference = after.get(pk, 0) - before.get(pk, 0)
        if difference:
            parts[_cause(readings, pk, difference, is_old=pk in before, is_new=pk in after)] += difference
    return parts


def _without_cell(readings: Readings, unit: UnitFact) -> ReasonKind | None:
    """The unit stands in the table of one reading only."""
    is_old, is_new = (_cell(makeup, unit) is not None for makeup in (readings.old, readings.new))
    if is_old == is_new:
        return None
    if not _is_same_rule(readings) and (readings.old.rule is None or readings.new.rule is None):
        return ReasonKind.RULE_CHANGED
    return ReasonKind.UNIT_OPENED if is_new else ReasonKind.UNIT_CLOSED


def _cause(readings: Readings, activity_id: int, difference: int, *, is_old: bool, is_new: bool) -> ReasonKind:
    key = (RecordKind.ACTIVITY, activity_id)
    was, stands = readings.before.records.get(key), readings.after.records.get(key)
    if was is None and stands is not None:
        replaced = (RecordKind.ACTIVITY, stands.replaces_id or 0) in readings.before.records
        return ReasonKind.REVISED if replaced else ReasonKind.NEWLY_COVERED
    if was is not None and stands is None:
        return end_of(readings, key)
    if was is None or stands is None:
        return ReasonKind.UNEXPLAINED
    if not _is_same_rule(readings):
        return ReasonKind.RULE_CHANGED
    rule = readings.new.rule
    if is_old != is_new and rule is not None and rule.counts_units:
        days = (side.content.as_of for side in (readings.before, readings.after))
        if [in_window(rule, was.on, day) for day in days] != [True, True]:
            return ReasonKind.WINDOW_MOVED
        return ReasonKind.UNIT_OPENED if is_new else ReasonKind.UNIT_CLOSED
    return ReasonKind.NAMED_LATER if difference > 0 else ReasonKind.NAME_REMOVED


def _is_same_rule(readings: Readings) -> bool:
    old, new = readings.old.rule, readings.new.rule
    return bool(old and new) and all(getattr(old, name) == getattr(new, name) for name in SERVING_FIELDS)


# ---- What waits, and the lower tier


def _provisional(old: Cell | None, new: Cell | None) -> Aside:
    """The official figure, whose reasons are told, and what waits on top of it (H1)."""
    before, after = (((cell.provisional_n if cell else None) or 0) for cell in (old, new))
    official = ((new.n if new else None) or 0) - ((old.n if old else None) or 0)
    parts: Parts = Counter({ReasonKind.OFFICIAL: official, ReasonKind.WAITING: after - before - official})
    return _balanced(AsideKind.PROVISIONAL, before, after, parts if before != after else Counter())


def _second_tier(readings: Readings, unit: UnitFact | None) -> Aside:
    """Households that were reached (E2): who came to the list or left it, who was reached since or no longer is."""
    old, new = _reached(readings.before, readings.old, unit), _reached(readings.after, readings.new, unit)
    parts: Parts = Counter()
    parts[ReasonKind.JOINED] = len((new.listed - old.listed) & new.reached)
    parts[ReasonKind.LEFT] = -len((old.listed - new.listed) & old.reached)
    stayed = old.listed & new.listed
    parts[ReasonKind.NEWLY_COVERED] = len(stayed & (new.reached - old.reached))
    parts[ReasonKind.NO_LONGER] = -len(stayed & (old.reached - new.reached))
    return _balanced(AsideKind.SECOND_TIER, old.figure, new.figure, parts)


@dataclass(frozen=True, slots=True)
class _Reached:
    listed: AbstractSet[int]
    reached: AbstractSet[int]
    figure: int


def _reached(side: Side, makeup: Makeup, unit: UnitFact | None) -> _Reached:
    tier = _tier(makeup, unit)
    if makeup.rule is None or tier is None:
        return _Reached(NOBODY, NOBODY, 0)
    homes = side.lookup.homes[makeup.code]
    units = side.lookup.applicable_units(makeup.rule) if unit is None else [unit]
    listed = NOBODY.union(*(homes.rosters.get((row.id, Group.HOUSEHOLD.value), NOBODY) for row in units))
    return _Reached(listed, homes.reached, tier.n)


def _tier(makeup: Makeup, unit: UnitFact | None) -> Tier | None:
    if makeup.figure is None or unit is None:
        return makeup.figure.second_tier if makeup.figure else None
    return next((row.second_tier for row in makeup.figure.units if row.unit.id == unit.id), None)
