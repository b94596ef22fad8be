"""Why a declared figure differs (rules G1, G2, G6; "Declared figures")."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from reports.progress.facts import DeclaredFact
from reports.snapshots.belonging import Crossing, unit_cause
from reports.snapshots.content import DeclaredSource
from reports.snapshots.covering import Readings
from reports.snapshots.makeup import Makeup, Part, SubjectKind
from reports.snapshots.reasons import Reason, ReasonKind


@dataclass(frozen=True, slots=True)
class Share:
    """What a declared series adds to a figure; nothing to d where the unit's denominator is unknown (B3)."""

    n: int
    d: int
    raw_d: int | None
    is_counted: bool


NOTHING = Share(0, 0, None, False)


def declared_reasons(readings: Readings, unit_id: int, *, for_commune: bool) -> Iterator[Reason]:
    """The reasons of every declared series of a unit whose part in n or d differs."""
    old, new = readings.old.parts.get(unit_id), readings.new.parts.get(unit_id)
    groups = {*(old.declared if old else ()), *(new.declared if new else ())}
    for group in sorted(groups):
        before = _share(old, group, readings.old, for_commune)
        after = _share(new, group, readings.new, for_commune)
        if (before.n, before.d) != (after.n, after.d):
            yield from _told(readings, unit_id, group, before, after)


def _share(part: Part | None, group: str, makeup: Makeup, for_commune: bool) -> Share:
    if part is None or group not in part.declared:
        return NOTHING
    fact: DeclaredFact = part.declared[group]
    if for_commune and not part.is_counted:
        return replace(NOTHING, raw_d=fact.d)
    n = fact.official.get(makeup.code, 0)
    return Share(n, (fact.d or 0) if part.is_known else 0, fact.d, True)


def _told(readings: Readings, unit_id: int, group: str, before: Share, after: Share) -> Iterator[Reason]:
    whole = _whole_cause(readings, unit_id, group, before, after)
    dn, dd = after.n - before.n, after.d - before.d
    about = Reason(ReasonKind.UNEXPLAINED, SubjectKind.DECLARED, group=group, unit_id=unit_id)
    if whole is not None:
        yield replace(about, kind=whole.kind, other_unit_id=whole.other_unit_id, dn=dn, dd=dd)
        return
    if dd:
        yield replace(_number_cause(readings, about, "", before.raw_d != after.raw_d, dd), dd=dd)
    if dn:
        yield replace(_number_cause(readings, about, readings.new.code, True, dn), dn=dn)


def _whole_cause(readings: Readings, unit_id: int, group: str, before: Share, after: Share) -> Reason | None:
    """The series counts in one reading only: the unit's life, the rule, the source of figures, the denominator."""
    is_entry = unit_id in readings.new.parts and group in readings.new.parts[unit_id].declared
    crossing = (
        Crossing(readings.new, readings.old, readings.after, readings.before, is_entry=True)
        if is_entry
        else Crossing(readings.old, readings.new, readings.before, readings.after, is_entry=False)
    )
    found = unit_cause(crossing, unit_id)
    if found:
        return found
    about = Reason(ReasonKind.SOURCE_SWITCHED, SubjectKind.DECLARED)
    if group not in crossing.gone.parts[unit_id].declared:
        is_counted = crossing.gone.rule is not None and group in crossing.gone.rule.groups
        return about if is_counted else replace(about, kind=ReasonKind.RULE_CHANGED)
    if before.is_counted != after.is_counted:
        known = ReasonKind.DENOMINATOR_KNOWN if after.is_counted else ReasonKind.DENOMINATOR_LOST
        return replace(about, kind=known)
    return None


def _number_cause(readings: Readings, about: Reason, code: str, is_own: bool, difference: int) -> Reason:
    """Another number: newly declared from a day on, corrected for the same day, withdrawn."""
    key = (about.unit_id or 0, about.group, code)
    old, new = readings.before.declared.get(key), readings.after.declared.get(key)
    if not is_own:
        kind = ReasonKind.DENOMINATOR_KNOWN if difference > 0 else ReasonKind.DENOMINATOR_LOST
        return replace(about, kind=kind)
    if old is not None and (new is None or new.day < old.day):
        return _numbered(replace(about, kind=_loss(readings, old), record=(old.kind, old.id)), old, new)
    if new is None or (old is not None and old.id == new.id):
        return about
    is_same_day = old is not None and old.day == new.day
    kind = ReasonKind.DECLARED_CORRECTED if is_same_day else ReasonKind.DECLARED_NEW
    is_adjustment = new.day <= readings.before.content.as_of
    return _numbered(replace(about, kind=kind, record=(new.kind, new.id), is_adjustment=is_adjustment), old, new)


def _loss(readings: Readings, old: DeclaredSource) -> ReasonKind:
    if (old.kind, old.id) in readings.after.ended:
        return ReasonKind.WITHDRAWN
    return ReasonKind.BEYOND_CLOCKS if old.day > readings.after.content.as_of else ReasonKind.UNDONE


def _numbered(reason: Reason, old: DeclaredSource | None, new: DeclaredSource | None) -> Reason:
    return replace(reason, before=old.number if old else None, after=new.number if new else None)
