"""Drawing a sample to call back, writing down what people said, taking the call sheet out of the portal."""

import secrets
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db import transaction

from accounts.audit import field_values, record_audit
from accounts.models import User
from accounts.versions import StaleRecordError, save_if_unchanged
from campaigns.models import Household, Membership, Target, Unit
from reports.models import CallbackEntry, CallbackSample
from reports.models.callbacks import CallbackOutcome
from reports.selectors.callbacks import counted_subjects, drawn
from reports.selectors.facts import Reading

LEAST_DRAWN, USUALLY_DRAWN, MOST_DRAWN = 5, 30, 100
SEED_BITS = 48
SAMPLE_FIELDS = ["target_id", "unit_id", "as_of", "approved_by", "population", "seed"]


class NobodyToDrawError(Exception):
    """Nobody counts there by name; the text says why and what to do."""


class Result(NamedTuple):
    """What was typed for one entry; `expected_version` is the one the page was opened with."""

    entry_id: int
    outcome: str
    note: str
    expected_version: int


class StaleResultsError(Exception):
    """Somebody else wrote down results of some of the entries meanwhile; nothing was saved."""

    def __init__(self, entries: Sequence[CallbackEntry]) -> None:
        super().__init__("Người khác vừa ghi kết quả của một số người trong mẫu này.")
        self.entries = entries


@transaction.atomic
def draw_sample(
    *, actor: User, reading: Reading, target: Target, unit: Unit | None, size: int, seed: int | None = None
) -> CallbackSample:
    """Keeps `size` people or households drawn at random from those that count for the target (in that unit).

    Everybody has the same chance; where fewer count, all are taken. Raises NobodyToDrawError. `seed` is chosen by
    chance unless it is given.
    """
    subjects = counted_subjects(reading, target.code, unit.pk if unit else None)
    if not subjects:
        raise NobodyToDrawError(
            "Chưa có ai được tính theo danh sách ở phạm vi này nên chưa rút mẫu được. "
            "Số khai báo không có tên; hãy chọn đơn vị hoặc chỉ tiêu khác."
        )
    sample = CallbackSample.objects.create(
        commune_id=reading.campaign.commune_id,
        campaign=reading.campaign,
        target=target,
        unit=unit,
        as_of=reading.clocks.as_of,
        approved_by=reading.clocks.approved_by,
        seed=secrets.randbits(SEED_BITS) if seed is None else seed,
        population=len(subjects),
        drawn_by=actor,
    )
    chosen = drawn(subjects, size, sample.seed)
    is_people = reading.progress.target(target.code).rule.counts_people
    _write_entries(sample, {pk: subjects[pk] for pk in chosen}, is_people)
    told = field_values(sample, SAMPLE_FIELDS) | {"count": len(chosen)}
    record_audit(actor=actor, action="Rút mẫu gọi lại", target=sample, after=told, unit_id=unit.pk if unit else None)
    return sample


def _write_entries(sample: CallbackSample, units: dict[int, int], is_people: bool) -> None:
    """In the order in which one calls: by unit, class and name."""
    order = _people_in_order(sample, units) if is_people else _homes_in_order(units)
    CallbackEntry.objects.bulk_create(
        CallbackEntry(
            commune_id=sample.commune_id,
            sample=sample,
            position=position,
            person_id=pk if is_people else None,
            household_id=None if is_people else pk,
            unit_id=units[pk],
        )
        for position, pk in enumerate(order, start=1)
    )


def _people_in_order(sample: CallbackSample, units: dict[int, int]) -> list[int]:
    rows = Membership.objects.filter(
        commune_id=sample.commune_id, person_id__in=list(units), unit_id__in=set(units.values())
    ).order_by("unit__position", "unit__sort_key", "unit_id", "class_name", "person__sort_key", "person_id")
    there = [pk for pk, unit_id in rows.values_list("person_id", "unit_id") if units[pk] == unit_id]
    return list(dict.fromkeys([*there, *sorted(units)]))


def _homes_in_order(units: dict[int, int]) -> list[int]:
    homes = Household.objects.filter(pk__in=list(units))
    return list(homes.in_order().values_list("pk", flat=True))


@transaction.atomic
def record_results(*, actor: User, sample: CallbackSample, results: Sequence[Result], called_on: date | None) -> int:
    """Writes down what came of calls (of one day) and says how many entries changed.

    Raises StaleResultsError with the entries that somebody else changed meanwhile; then the caller rolls back.
    """
    entries = {entry.pk: entry for entry in sample.entries.select_related("person", "household")}
    given = [result for result in results if result.entry_id in entries]
    before = [_in_words(entries[result.entry_id]) for result in given]
    stale = [entry for result in given if not _save(actor, entry := entries[result.entry_id], result, called_on)]
    if stale:
        raise StaleResultsError(stale)
    if given:
        after = {"results": [_in_words(entries[result.entry_id]) for result in given]}
        record_audit(
            actor=actor,
            action="Ghi kết quả gọi lại",
            target=sample,
            before={"results": before},
            after=after | ({"called_on": called_on.isoformat()} if called_on else {}),
            unit_id=sample.unit_id,
        )
    return len(given)


def _save(actor: User, entry: CallbackEntry, result: Result, called_on: date | None) -> bool:
    entry.outcome, entry.note = result.outcome, result.note
    entry.called_on = None if result.outcome == CallbackOutcome.PENDING else called_on
    entry.recorded_by = actor
    try:
        fields = ["outcome", "note", "called_on", "recorded_by"]
        save_if_unchanged(entry, expected_version=result.expected_version, fields=fields)
    except StaleRecordError:
        return False
    return True


def _in_words(entry: CallbackEntry) -> str:
    return f"{entry}: {entry.get_outcome_display()}" + (f" ({entry.note})" if entry.note else "")


def export_call_sheet(*, actor: User, sample: CallbackSample, reason: str) -> None:
    """Records that the call sheet, with names and phones, leaves the portal, and why."""
    record_audit(
        actor=actor,
        action="Xuất phiếu gọi lại",
        target=sample,
        after={"count": sample.entries.count(), "reason": reason},
        unit_id=sample.unit_id,
    )
