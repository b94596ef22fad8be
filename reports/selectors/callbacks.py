"""Samples to call back: who may be drawn, who was drawn, and what they said."""

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from campaigns.choices import Qualifier
from campaigns.models import Campaign, Membership, Target
from campaigns.models.campaign import CriterionKind
from reports.models import CallbackEntry, CallbackSample
from reports.models.callbacks import CallbackOutcome
from reports.progress import CellState, split
from reports.selectors.clocks import Clocks
from reports.selectors.facts import Reading, read_progress
from reports.selectors.households import PASSED
from training.models import Attendance, HouseholdCheck, PlatformUse

#: What can be called: somebody, or a household. Units (K5, K6) are looked up, not called.
CALLABLE = (Qualifier.ATTENDANCE, Qualifier.PLATFORM_USE, Qualifier.HOUSEHOLD_CHECK)


def callable_targets(campaign: Campaign) -> QuerySet[Target]:
    """Targets whose figure has people or households behind it."""
    return Target.objects.filter(campaign=campaign, qualifier__in=[q.value for q in CALLABLE])


def counted_subjects(reading: Reading, code: str, unit_id: int | None = None) -> dict[int, int]:
    """Everybody (or every household) in the numerator by number, with the unit that counts them.

    Declared figures name nobody and take no part. Somebody counted in two units stands here once, in the first (C7).
    """
    figure = reading.progress.target(code)
    rows = [row for row in figure.units if row.cell.state != CellState.NOT_APPLICABLE]
    if unit_id is not None:
        chosen = {unit_id}
    else:  # a commune's figure leaves out units without denominator, where any has one (B3)
        chosen = {row.unit.id for row in rows if row.cell.d is not None} or {row.unit.id for row in rows}
    found: dict[int, int] = {}
    for part in split(reading.facts, figure.rule):
        if part.unit.id in chosen:
            for subject_id in part.counted:
                found.setdefault(subject_id, part.unit.id)
    return found


def drawn(subject_ids: Collection[int], size: int, seed: int) -> list[int]:
    """`size` of these numbers at random, each with the same chance; the same seed over the same numbers gives the same.

    Built on random() alone, which Python promises to keep for a seed; sample() may change between versions.
    """
    source = random.Random(seed)  # noqa: S311  # a lottery that anybody may repeat, not a secret
    lots = sorted((source.random(), subject_id) for subject_id in sorted(subject_ids))
    return [subject_id for _, subject_id in lots[:size]]


@dataclass(frozen=True, slots=True)
class Repetition:
    """What came of drawing a sample again: how many could be drawn today, and whether the same were drawn."""

    population: int
    is_same: bool


def drawn_again(sample: CallbackSample) -> Repetition:
    """Draws once more with the kept seed over what counts today at the kept clocks.

    Raises ProgressError where the records contradict each other.
    """
    reading = read_progress(sample.campaign, Clocks(sample.as_of, sample.approved_by))
    subjects = counted_subjects(reading, sample.target.code, sample.unit_id)
    pairs = sample.entries.values_list("person_id", "household_id")
    kept = {person_id or household_id for person_id, household_id in pairs}
    return Repetition(len(subjects), set(drawn(subjects, len(kept), sample.seed)) == kept)


def with_counts(samples: QuerySet[CallbackSample]) -> QuerySet[CallbackSample]:
    """Newest first, with the `size` and what they said: `confirmed`, `denied`, `unreached`, `pending`."""
    counts = {
        outcome.name.lower(): Count("entries", filter=Q(entries__outcome=outcome.value)) for outcome in CallbackOutcome
    }
    samples = samples.select_related("target", "unit", "drawn_by").annotate(size=Count("entries"), **counts)
    return samples.order_by("-drawn_at", "-pk")


def latest_sample(user: User, target: Target, unit_id: int | None) -> CallbackSample | None:
    """The last sample of exactly this figure (a unit's, or the commune's), with its counts: one query."""
    samples = CallbackSample.objects.visible_to(user).filter(target_id=target.pk)
    samples = samples.filter(unit_id=unit_id) if unit_id else samples.filter(unit__isnull=True)
    return with_counts(samples).first()


class SampleRow(NamedTuple):
    """One of a sample as the call sheet names them; `record` is (kind, number) of what counts them, if they deny it."""

    entry: CallbackEntry
    name: str
    where: str
    phone: str
    record: tuple[str, int] | None

    @property
    def place(self) -> str:
        """ "Trường Tiểu học A, Lớp 4A"; the address alone where it names the village by itself."""
        unit = str(self.entry.unit)
        return self.where if unit in self.where else ", ".join(filter(None, [unit, self.where]))


def sample_rows(sample: CallbackSample) -> list[SampleRow]:
    """The people or households of a sample in the order of the sheet: three queries, or two for households."""
    entries = list(sample.entries.select_related("person", "household", "unit", "recorded_by"))
    places = _places(sample, [entry for entry in entries if entry.person_id])
    records = _records(sample, [entry for entry in entries if entry.outcome == CallbackOutcome.DENIED])
    return [_row(entry, places, records) for entry in entries]


def _row(entry: CallbackEntry, places: Mapping[int, tuple[str, str]], records: Mapping[int, Any]) -> SampleRow:
    if entry.household is not None:
        home = entry.household
        return SampleRow(entry, home.head_name, home.address, home.phone, records.get(home.pk))
    person_id = entry.person_id or 0
    return SampleRow(entry, str(entry.person), *places.get(person_id, ("", "")), records.get(person_id))


def _places(sample: CallbackSample, entries: Sequence[CallbackEntry]) -> dict[int, tuple[str, str]]:
    """Class or group in the unit that counts each person, and the phone of a household they belong to."""
    if not entries:
        return {}
    units = {entry.person_id: entry.unit_id for entry in entries}
    rows = Membership.objects.filter(
        commune_id=sample.commune_id, person_id__in=list(units), starts_on__lte=sample.as_of
    ).select_related("household")
    places: dict[int, tuple[str, str]] = {}
    for row in rows.order_by("starts_on", "pk"):
        where, phone = places.get(row.person_id, ("", ""))
        if row.unit_id == units[row.person_id]:
            where = f"Lớp {row.class_name}" if row.class_name else row.get_group_display()
        places[row.person_id] = (where, (row.household.phone if row.household else "") or phone)
    return places


def _records(sample: CallbackSample, entries: Sequence[CallbackEntry]) -> dict[int, tuple[str, int]]:
    """By person or household the first official record of the kind that the target counts: one query, if any."""
    if not entries:
        return {}
    clocks = Clocks(sample.as_of, sample.approved_by)
    ids = [entry.person_id or entry.household_id or 0 for entry in entries]
    if sample.target.qualifier == Qualifier.HOUSEHOLD_CHECK:
        checks = HouseholdCheck.objects.filter(PASSED, clocks.official(), household_id__in=ids)
        return _first("kiem-tra-ho", checks.filter(checked_on__lte=clocks.as_of), sample, "household_id", "checked_on")
    if sample.target.qualifier == Qualifier.PLATFORM_USE:
        uses = PlatformUse.objects.filter(clocks.official(), person_id__in=ids)
        return _first("nen-tang", uses.filter(confirmed_on__lte=clocks.as_of), sample, "person_id", "confirmed_on")
    kinds = sample.target.criteria.filter(kind=CriterionKind.ACTIVITY_KIND).values("value")
    rows = Attendance.objects.filter(
        clocks.official("activity__"),
        commune_id=sample.commune_id,
        activity__commune_id=sample.commune_id,
        activity__campaign_id=sample.campaign_id,
        activity__kind__in=kinds,
        activity__ends_on__lte=clocks.as_of,
        person_id__in=ids,
    )
    pairs = rows.order_by("-activity__ends_on", "-pk").values_list("person_id", "activity_id")
    return {person_id or 0: ("hoat-dong", activity_id) for person_id, activity_id in pairs}


def _first(
    kind: str, records: QuerySet[Any], sample: CallbackSample, subject: str, day: str
) -> dict[int, tuple[str, int]]:
    own = records.filter(commune_id=sample.commune_id, campaign_id=sample.campaign_id)
    return {subject_id: (kind, pk) for subject_id, pk in own.order_by(f"-{day}", "-pk").values_list(subject, "pk")}
