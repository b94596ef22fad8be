"""What an exclusion that waits would do to the figures of today: each figure without it and with it (rule C8)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from django.db.models import Q

from campaigns.models import Exclusion, ReviewedRecord
from reports.progress import Cell, Progress, ProgressError, TargetRule, compute_progress
from reports.selectors.clocks import Clocks
from reports.selectors.facts import Reading, read_progress
from reports.selectors.people import span_of


def exclusion_effects(record: ReviewedRecord) -> list[str]:
    """ "K1, toàn xã: 45/50 (90,0%), chưa đạt → 45/49 (91,8%) (đã loại trừ 1), đạt." for every figure that moves.

    A new version of an approved exclusion is compared with that one. Nothing for other records, nor where the facts
    contradict each other: no figure may be drawn from them.
    """
    if not isinstance(record, Exclusion):
        return []
    reading = read_progress(record.campaign, Clocks.of(record.campaign))
    try:
        after = compute_progress(replace(reading.facts, excluded=_excluded_with(record, reading)))
        return [line for rule in reading.facts.rules for line in _lines(record, rule, reading, after)]
    except ProgressError:
        return []


def _excluded_with(record: Exclusion, reading: Reading) -> dict[str, set[int]]:
    """Who would be left out of each target; the version that this record replaces no longer counts."""
    excluded = {code: set(people) for code, people in reading.facts.excluded.items()}
    others = _other_official(record, reading.clocks)
    for rule in _asked(record, reading):
        people = excluded.setdefault(rule.code, set())
        days = [one for one in others if one.target is None or one.target.code == rule.code]
        counted_day = span_of(rule, reading.campaign, reading.clocks)[1]
        people.discard(record.person_id)
        if any(_holds(one, counted_day) for one in [record, *days]):
            people.add(record.person_id)
    return excluded


def _other_official(record: Exclusion, clocks: Clocks) -> list[Exclusion]:
    rows = Exclusion.objects.filter(
        clocks.official(), ~Q(pk=record.replaces_id or 0), commune_id=record.commune_id, campaign=record.campaign
    )
    return list(rows.filter(person=record.person).select_related("target"))


def _holds(record: Exclusion, day: date) -> bool:
    return record.starts_on <= day and (record.ends_on is None or day <= record.ends_on)


def _asked(record: Exclusion, reading: Reading) -> Iterator[TargetRule]:
    """The targets that this record, or the version it replaces, leaves the person out of."""
    versions = [record, record.replaces] if record.replaces_id else [record]
    codes = {version.target.code if version.target else None for version in versions if version}
    for rule in reading.facts.rules:
        if rule.counts_people and (None in codes or rule.code in codes):
            yield rule


def _lines(record: Exclusion, rule: TargetRule, reading: Reading, after: Progress) -> Iterator[str]:
    old, new = reading.progress.target(rule.code), after.target(rule.code)
    units = {row.unit_id for row in reading.facts.members.get(rule.code, ()) if row.person_id == record.person_id}
    cells = [(row.unit.name, row.cell, new.cell_of(row.unit.id)) for row in old.units if row.unit.id in units]
    for place, before, then in [*cells, ("toàn xã", old.commune, new.commune)]:
        if then is not None and before.adjusted != then.adjusted:
            yield f"{rule.code}, {place}: {_told(before)} → {_told(then)}."


def _told(cell: Cell) -> str:
    """The figure that stands beside the main one, the main one where nobody is left out; with its verdict."""
    shown = cell.adjusted or cell
    return f"{shown.text}, {shown.verdict.label.lower()}"
