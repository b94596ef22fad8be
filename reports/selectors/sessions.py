"""What papers tell of the official activities beside their figures: five queries, whatever their number."""

from collections import Counter

from django.db.models import Count, Prefetch, QuerySet

from campaigns.models import Campaign
from reports.selectors.clocks import Clocks
from reports.snapshots.content import NamedSubjects, SessionSource
from training.models import Activity, Attendance, Evidence
from training.models.evidence import EvidenceKind


def load_sessions(campaign: Campaign, clocks: Clocks) -> list[SessionSource]:
    """The activities that were over by the as-of date and approved in time."""
    evidence = Prefetch("evidence", Evidence.objects.filter(commune_id=campaign.commune_id).only("activity_id", "kind"))
    return [_session(activity) for activity in _official(campaign, clocks).prefetch_related("topics", evidence)]


def _official(campaign: Campaign, clocks: Clocks) -> QuerySet[Activity]:
    activities = Activity.objects.filter(clocks.official(), commune_id=campaign.commune_id, campaign=campaign)
    return activities.until(clocks.as_of).order_by()


def _session(activity: Activity) -> SessionSource:
    files = Counter(evidence.kind for evidence in activity.evidence.all())
    return SessionSource(
        activity_id=activity.pk,
        starts_on=activity.starts_on,
        topics=tuple(topic.name for topic in activity.topics.all()),
        photos=files[EvidenceKind.PHOTO],
        documents=files[EvidenceKind.PDF],
        elderly=activity.elderly_count,
        disadvantaged=activity.disadvantaged_count,
        volunteers=activity.volunteer_count,
    )


def count_named(campaign: Campaign, clocks: Clocks) -> NamedSubjects:
    """Everybody named in those activities, of the counted groups or not (rule B5)."""
    named = Attendance.objects.filter(
        clocks.official("activity__"),
        commune_id=campaign.commune_id,
        activity__commune_id=campaign.commune_id,
        activity__campaign=campaign,
        activity__ends_on__lte=clocks.as_of,
    )
    found = named.aggregate(people=Count("person", distinct=True), households=Count("household", distinct=True))
    return NamedSubjects(**found)
