"""Why a subject counts in n at one reading and not at the other (rules C1-C3, E3, F2, H2, K6)."""

from dataclasses import dataclass

from reports.progress.facts import TargetRule
from reports.progress.flows import in_window
from reports.snapshots.belonging import Crossing, merged_with
from reports.snapshots.content import CountedBy, RecordKind, RecordSource
from reports.snapshots.makeup import Makeup, Side, SubjectKind, is_team_target
from reports.snapshots.reasons import Reason, ReasonKind

_MOVED = ReasonKind.WINDOW_MOVED
#: What of a rule decides who is reached, beside who is counted.
REACH_FIELDS = ("qualifier", "activity_kinds", "min_sessions", "min_count", "window_days")


@dataclass(frozen=True, slots=True)
class Readings:
    """One target at the older and at the newer reading."""

    before: Side
    after: Side
    old: Makeup
    new: Makeup


def gained_reason(readings: Readings, subject_id: int) -> Reason:
    """By which record the subject counts now, and why it did not before."""
    kind = readings.new.subject_kind
    by = readings.new.counted_by.get(subject_id)
    if by is None:
        return Reason(ReasonKind.UNEXPLAINED, kind, subject_id)
    record = _newest_of(by, readings)
    cause, is_adjustment = _gain(readings, subject_id, by, record)
    return Reason(cause, kind, subject_id, record=(by.kind, record), is_adjustment=is_adjustment)


def _newest_of(by: CountedBy, readings: Readings) -> int:
    """Of the records that suffice together, the one that was not official before; else the one that decides."""
    fresh = [pk for pk in by.record_ids if (by.kind, pk) not in readings.before.records]
    return (fresh or by.record_ids)[-1]


def _gain(readings: Readings, subject_id: int, by: CountedBy, record_id: int) -> tuple[ReasonKind, bool]:
    key = (by.kind, record_id)
    record = readings.after.records.get(key)
    old_day = readings.before.content.as_of
    if record is None:
        return ReasonKind.UNEXPLAINED, False
    is_adjustment = record.on <= old_day
    if key not in readings.before.records:
        replaced = (by.kind, record.replaces_id or 0) in readings.before.records
        return ReasonKind.REVISED if replaced else ReasonKind.NEWLY_COVERED, is_adjustment
    cause = _gain_of_known_record(readings, subject_id, record)
    return cause, is_adjustment and cause == ReasonKind.NAMED_LATER


def _gain_of_known_record(readings: Readings, subject_id: int, record: RecordSource) -> ReasonKind:
    """The record was official before as well: another rule, another team, a merger, or a name that was added."""
    if not reaches_alike(readings):
        return ReasonKind.RULE_CHANGED
    rule = readings.new.rule
    if readings.new.subject_kind == SubjectKind.UNIT and rule is not None:
        return _unit_gain(readings, subject_id, rule, record)
    if readings.new.subject_kind == SubjectKind.PERSON and _merged(readings, subject_id):
        return ReasonKind.MERGED
    return ReasonKind.NAMED_LATER


def _unit_gain(readings: Readings, unit_id: int, rule: TargetRule, record: RecordSource) -> ReasonKind:
    if is_team_target(rule):
        return ReasonKind.TEAM_FOUNDED if in_window(rule, record.on, readings.before.content.as_of) else _MOVED
    unit = readings.after.units.get(unit_id)
    was_there = unit_id in readings.before.units
    return ReasonKind.INHERITED if unit and unit.predecessor_ids and not was_there else ReasonKind.NAMED_LATER


def lost_reason(readings: Readings, subject_id: int) -> Reason:
    """By which record the subject counted before, and what became of it."""
    kind = readings.old.subject_kind
    by = readings.old.counted_by.get(subject_id)
    if by is None:
        return Reason(ReasonKind.UNEXPLAINED, kind, subject_id)
    gone = [pk for pk in by.record_ids if (by.kind, pk) not in readings.after.records]
    record = (by.kind, (gone or by.record_ids)[-1])
    cause = end_of(readings, record) if gone else _loss_of_standing_record(readings, subject_id, by)
    is_adjustment = by.on <= readings.before.content.as_of and cause in _CORRECTIONS
    return Reason(cause, kind, subject_id, record=record, is_adjustment=is_adjustment)


#: Losses that take back what the older reading said; the others are the course of things.
_CORRECTIONS = frozenset(
    {ReasonKind.WITHDRAWN, ReasonKind.REVISED, ReasonKind.UNDONE, ReasonKind.NAME_REMOVED}
)  # fmt: skip


def end_of(readings: Readings, key: tuple[RecordKind, int]) -> ReasonKind:
    """What became of a record that was official at the older reading only."""
    ended = readings.after.ended.get(key)
    if ended is not None:
        return ReasonKind.REVISED if ended.is_replaced else ReasonKind.WITHDRAWN
    record, after = readings.before.records.get(key), readings.after.content
    if record and (record.on > after.as_of or record.approved_on > after.approved_by):
        return ReasonKind.BEYOND_CLOCKS
    return ReasonKind.UNDONE


def _loss_of_standing_record(readings: Readings, subject_id: int, by: CountedBy) -> ReasonKind:
    if not reaches_alike(readings):
        return ReasonKind.RULE_CHANGED
    rule = readings.new.rule
    if rule is not None and is_team_target(rule):
        return _team_loss(readings, by, rule)
    if readings.old.subject_kind == SubjectKind.PERSON and _merged(readings, subject_id):
        return ReasonKind.MERGED
    return ReasonKind.NAME_REMOVED


def _team_loss(readings: Readings, by: CountedBy, rule: TargetRule) -> ReasonKind:
    days = [readings.before.records[by.kind, pk].on for pk in by.record_ids]
    is_inside = all(in_window(rule, day, readings.after.content.as_of) for day in days)
    return ReasonKind.TEAM_DISSOLVED if is_inside else _MOVED


def reaches_alike(readings: Readings) -> bool:
    """Whether both readings ask the same of whoever is to count as reached (H6)."""
    old, new = readings.old.rule, readings.new.rule
    if old is None or new is None:
        return False
    return all(getattr(old, name) == getattr(new, name) for name in REACH_FIELDS)


def _merged(readings: Readings, person_id: int) -> bool:
    crossing = Crossing(readings.new, readings.old, readings.after, readings.before, is_entry=True)
    return merged_with(crossing, person_id) is not None
