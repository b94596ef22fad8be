"""Why somebody came into a counted set or left it (rules C4-C6, E3, F1, F2)."""

from collections.abc import Iterable
from dataclasses import dataclass

from reports.snapshots.makeup import Makeup, Side, SubjectKind
from reports.snapshots.reasons import Reason, ReasonKind


@dataclass(frozen=True, slots=True)
class Crossing:
    """One target at two readings, seen from one of them: ``there`` is the reading in which the subject counts.

    ``is_entry``: the subject counts in the newer reading; else it counted in the older one.
    """

    there: Makeup
    gone: Makeup
    there_side: Side
    gone_side: Side
    is_entry: bool


def belonging_reason(crossing: Crossing, subject_id: int, unit_id: int) -> Reason:
    """Why this subject stands in D of the unit in one reading only; ``dn`` and ``dd`` are the caller's to fill."""
    kind = crossing.there.subject_kind
    found = unit_cause(crossing, unit_id) or _list_cause(crossing, subject_id, unit_id)
    return found or _personal_cause(crossing, subject_id, unit_id, kind)


def _named(crossing: Crossing, kind: ReasonKind, **values: int | None) -> Reason:
    return Reason(kind, crossing.there.subject_kind, **values)  # type: ignore[arg-type]


def unit_cause(crossing: Crossing, unit_id: int) -> Reason | None:
    """The unit does not count at all in the other reading: opened, closed, merged, or another rule."""
    if unit_id in crossing.gone.parts:
        return None
    unit = crossing.there_side.units[unit_id]
    if crossing.gone.rule is None or unit.kind not in crossing.gone.rule.unit_kinds:
        return _named(crossing, ReasonKind.RULE_CHANGED)
    relatives = unit.predecessor_ids if crossing.is_entry else _successors(crossing.gone_side, unit_id)
    if relatives:
        return _named(crossing, ReasonKind.UNITS_MERGED, unit_id=unit_id, other_unit_id=min(relatives))
    return _named(crossing, ReasonKind.UNIT_OPENED if crossing.is_entry else ReasonKind.UNIT_CLOSED, unit_id=unit_id)


def _successors(side: Side, unit_id: int) -> list[int]:
    return [unit.id for unit in side.units.values() if unit_id in unit.predecessor_ids]


def _list_cause(crossing: Crossing, subject_id: int, unit_id: int) -> Reason | None:
    """The list of the unit and group counts in one reading only: another rule, or another source of figures."""
    here, other = crossing.there.rule, crossing.gone.rule
    if here is None or other is None:
        return _named(crossing, ReasonKind.RULE_CHANGED)
    groups = crossing.there.groups_of.get((subject_id, unit_id), frozenset()) & here.groups
    if groups and not groups & other.groups:
        return _named(crossing, ReasonKind.RULE_CHANGED)
    if any((unit_id, group) in crossing.gone_side.declared_pairs for group in groups):
        return _named(crossing, ReasonKind.SOURCE_SWITCHED, unit_id=unit_id)
    if (here.denominator_policy, here.fixed_on) != (other.denominator_policy, other.fixed_on):
        return _named(crossing, ReasonKind.RULE_CHANGED)
    return None


def _personal_cause(crossing: Crossing, subject_id: int, unit_id: int, kind: SubjectKind) -> Reason:
    """The subject itself: moved, merged with another entry, split off, came or left."""
    is_entry = crossing.is_entry
    if kind == SubjectKind.PERSON and (other := merged_with(crossing, subject_id)):
        return _named(crossing, ReasonKind.MERGED, other_id=other)
    elsewhere = _elsewhere(crossing, subject_id, unit_id)
    if elsewhere == unit_id:
        return _named(crossing, ReasonKind.GROUP_CHANGED)
    if elsewhere is not None:
        moved = ReasonKind.MOVED_IN if is_entry else ReasonKind.MOVED_OUT
        return _named(crossing, moved, other_unit_id=elsewhere)
    old = crossing.there_side.split_from.get(subject_id) if kind == SubjectKind.HOUSEHOLD and is_entry else None
    if old is not None:
        return _named(crossing, ReasonKind.SPLIT_OFF, other_id=old)
    return _named(crossing, ReasonKind.JOINED if is_entry else ReasonKind.LEFT)


def merged_with(crossing: Crossing, person_id: int) -> int | None:
    """The other entry of this person, where the two became one (or two again) between the readings (C9)."""
    ours, theirs = crossing.there_side.merged_into, crossing.gone_side.merged_into
    changed = {pair for pair in ours.items() ^ theirs.items() if person_id in pair}
    return next((kept if person_id == absorbed else absorbed for absorbed, kept in sorted(changed)), None)


def _elsewhere(crossing: Crossing, subject_id: int, unit_id: int) -> int | None:
    """Where the subject is in the other reading: this very unit (in another group), or one that it is not in here."""
    places: Iterable[int] = crossing.gone.units_of.get(subject_id, ())
    here = set(crossing.there.units_of.get(subject_id, ()))
    if unit_id in places:
        return unit_id
    return next((place for place in places if place not in here), None)
