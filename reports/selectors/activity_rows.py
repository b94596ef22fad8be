"""The official activities as rows of a report: five queries, whatever their number."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count, Prefetch, QuerySet

from campaigns.choices import ActivityKind
from campaigns.models import Campaign, Unit
from reports.selectors.clocks import Clocks
from training.models import Activity, Attendance, Evidence
from training.models.evidence import EvidenceKind


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """What was done, when, by whom; who was there stands in the engine's facts, under the same `id`."""

    activity: Activity
    host: str
    co_hosts: tuple[str, ...]
    kind: str
    topics: tuple[str, ...]
    photos: int
    documents: int

    @property
    def id(self) -> int:
        return self.activity.pk


class DistinctSubjects(NamedTuple):
    """People and households with a name in at least one official activity, each once (rules C1, E1)."""

    people: int
    households: int


def load_activity_rows(campaign: Campaign, clocks: Clocks) -> list[ActivityRow]:
    """The activities that were over by the as-of date and approved in time, in the order of their days."""
    activities = _official(campaign, clocks).select_related("host").order_by("starts_on", "ends_on", "pk")
    evidence = Prefetch("evidence", Evidence.objects.filter(commune_id=campaign.commune_id).only("activity_id", "kind"))
    return [_row(activity) for activity in activities.prefetch_related("co_hosts", "topics", evidence)]


def _official(campaign: Campaign, clocks: Clocks) -> QuerySet[Activity]:
    activities = Activity.objects.filter(clocks.official(), commune_id=campaign.commune_id, campaign=campaign)
    return activities.until(clocks.as_of)


def _row(activity: Activity) -> ActivityRow:
    files = Counter(evidence.kind for evidence in activity.evidence.all())
    return ActivityRow(
        activity=activity,
        host=activity.host.name,
        co_hosts=tuple(unit.name for unit in in_unit_order(activity.co_hosts.all())),
        kind=str(ActivityKind(activity.kind).label),
        topics=tuple(topic.name for topic in activity.topics.all()),
        photos=files[EvidenceKind.PHOTO],
        documents=files[EvidenceKind.PDF],
    )


def in_unit_order(units: Sequence[Unit] | QuerySet[Unit]) -> list[Unit]:
    """The order of `Unit.objects.in_order()`, for rows that were already read."""
    return sorted(units, key=lambda unit: (unit.position, unit.sort_key, unit.pk))


def count_subjects(campaign: Campaign, clocks: Clocks) -> DistinctSubjects:
    """Everybody named in those activities, of the counted groups or not (rule B5)."""
    named = Attendance.objects.filter(
        clocks.official("activity__"),
        commune_id=campaign.commune_id,
        activity__commune_id=campaign.commune_id,
        activity__campaign=campaign,
        activity__ends_on__lte=clocks.as_of,
    )
    found = named.aggregate(people=Count("person", distinct=True), households=Count("household", distinct=True))
    return DistinctSubjects(**found)
