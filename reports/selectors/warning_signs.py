"""What the rules of warning signs look at: a fixed number of queries, whatever the size of the commune."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, F, Model, Q, QuerySet
from django.utils import timezone

from campaigns.choices import Group, RecordStatus
from campaigns.models import Campaign, Headcount, Membership
from reports.models import SignalReview
from reports.warning_signs.rows import Declared, Entry, Heads, Photo, Presence, Session, SignRows
from reports.warning_signs.thresholds import ENTRY_LATE_DAYS
from training.models import Activity, Attendance, Evidence, GroupTotal, HouseholdCheck, PlatformUse, RunningTotal
from training.models.activities import Channel
from training.models.evidence import EvidenceKind

#: Where a trainer stands in a room.
FACE_TO_FACE = (Channel.IN_PERSON, Channel.MEETING)
LIVE = (RecordStatus.SUBMITTED, RecordStatus.APPROVED)
#: A first version that lives on in a correction: what is late about it stays late.
FIRST_OF_LIVE = Q(status__in=LIVE) | Q(
    status=RecordStatus.REPLACED, revision__status__in=[*LIVE, RecordStatus.REPLACED]
)
ClassKey = tuple[int, str, str]


class ClassCount(NamedTuple):
    """Named attendances of one class at one activity."""

    session_id: int
    unit_id: int | None
    group: str
    class_name: str
    present: int


class Late(NamedTuple):
    """Where records of one kind keep their day, their unit and what they are called."""

    kind: str
    model: type[Model]
    day: str
    unit: str
    label: str


LATE_KINDS = (
    Late("hoat-dong", Activity, "ends_on", "host_id", "title"),
    Late("nen-tang", PlatformUse, "confirmed_on", "unit_id", "person__full_name"),
    Late("kiem-tra-ho", HouseholdCheck, "checked_on", "household__village_id", "household__head_name"),
    Late("luy-ke", RunningTotal, "as_of", "unit_id", "target__code"),
)


def load_sign_rows(campaign: Campaign) -> SignRows:
    """Official and waiting records of a campaign as they are today, the newest version of each: twelve queries."""
    sessions = _sessions(campaign)
    counts = _class_counts(campaign)
    return SignRows(
        sessions=sessions,
        heads=_heads(campaign, counts),
        photos=_photos(campaign),
        presences=_presences(campaign, sessions, counts),
        entries=[entry for late in LATE_KINDS for entry in _late_entries(campaign, late)],
        declared=_declared(campaign),
    )


def sign_reviews(campaign: Campaign) -> dict[str, SignalReview]:
    """What was noted about signs, by key: one query."""
    rows = SignalReview.objects.filter(commune_id=campaign.commune_id, campaign=campaign)
    return {row.key: row for row in rows.select_related("reviewed_by")}


def _activities(campaign: Campaign) -> QuerySet[Activity]:
    return Activity.objects.filter(commune_id=campaign.commune_id, campaign=campaign).order_by()


def _sessions(campaign: Campaign) -> dict[int, Session]:
    replaced = dict(_activities(campaign).filter(replaces__isnull=False).values_list("pk", "replaces_id"))
    columns = ("title", "host_id", "host__name", "starts_on", "ends_on", "trainer", "place")
    rows = _activities(campaign).filter(status__in=LIVE).values_list("pk", "channel", *columns)
    found = {
        pk: Session._make((pk, _root(pk, replaced), *told, channel in FACE_TO_FACE)) for pk, channel, *told in rows
    }
    # An official record whose correction waits: what will count is looked at.
    for pk in [pk for pk in found if replaced.get(pk) in found]:
        del found[replaced[pk]]
    return found


def _root(pk: int, replaced: Mapping[int, int | None]) -> int:
    while earlier := replaced.get(pk):
        pk = earlier
    return pk


def _of_live_activities(campaign: Campaign) -> dict[str, Any]:
    return {
        "activity__commune_id": campaign.commune_id,
        "activity__campaign": campaign,
        "activity__status__in": LIVE,
    }


def _class_counts(campaign: Campaign) -> list[ClassCount]:
    rows = Attendance.objects.filter(commune_id=campaign.commune_id, **_of_live_activities(campaign)).order_by()
    grouped = rows.values_list("activity_id", "unit_id", "group", "class_name").annotate(Count("pk"))
    return [ClassCount(*row) for row in grouped]


def _heads(campaign: Campaign, counts: Iterable[ClassCount]) -> list[Heads]:
    named: dict[tuple[int, str], int] = defaultdict(int)
    for row in counts:
        named[row.session_id, row.group] += row.present
    totals = GroupTotal.objects.filter(**_of_live_activities(campaign)).order_by()
    return [
        Heads(session_id, Group(group).label, total, named[session_id, group])
        for session_id, group, total in totals.values_list("activity_id", "group", "total")
    ]


def _photos(campaign: Campaign) -> list[Photo]:
    rows = Evidence.objects.filter(commune_id=campaign.commune_id, kind=EvidenceKind.PHOTO)
    rows = rows.filter(**_of_live_activities(campaign)).order_by()
    return [Photo(*row) for row in rows.values_list("activity_id", "sha256")]


def _presences(campaign: Campaign, sessions: Mapping[int, Session], counts: Iterable[ClassCount]) -> list[Presence]:
    rosters = _rosters(campaign)
    return [
        Presence(
            row.session_id, row.unit_id, row.group, row.class_name, row.present, _listed(rosters, row, session.ends_on)
        )
        for row in counts
        if row.group not in ("", Group.HOUSEHOLD) and row.unit_id and (session := sessions.get(row.session_id))
    ]


def _rosters(campaign: Campaign) -> dict[ClassKey, tuple[list[date], list[date]]]:
    """Of each class the first days and the last days of its members, both sorted."""
    rows = Membership.objects.filter(commune_id=campaign.commune_id, starts_on__lte=campaign.ends_on).order_by()
    days: dict[ClassKey, tuple[list[date], list[date]]] = defaultdict(lambda: ([], []))
    for unit_id, group, class_name, first, last in rows.values_list(
        "unit_id", "group", "class_name", "starts_on", "ends_on"
    ):
        days[unit_id, group, class_name][0].append(first)
        if last:
            days[unit_id, group, class_name][1].append(last)
    return {key: (sorted(first), sorted(last)) for key, (first, last) in days.items()}


def _listed(rosters: Mapping[ClassKey, tuple[list[date], list[date]]], row: ClassCount, day: date) -> int:
    """How many the list of the class held on that day: who had come, without who had left before."""
    first, last = rosters.get((row.unit_id or 0, row.group, row.class_name), ([], []))
    return bisect_right(first, day) - bisect_left(last, day)


def _late_entries(campaign: Campaign, late: Late) -> Iterable[Entry]:
    """First versions that were sent late; the rule then asks for the day on which they were entered."""
    plan = {"target__campaign": campaign} if late.model is RunningTotal else {"campaign": campaign}
    rows = late.model._default_manager.filter(FIRST_OF_LIVE, commune_id=campaign.commune_id, **plan)
    rows = rows.filter(replaces__isnull=True, submitted_on__gt=F(late.day) + timedelta(days=ENTRY_LATE_DAYS))
    columns = ("pk", late.unit, late.label, late.day, "entered_at", "submitted_on")
    for pk, unit_id, label, on, entered_at, submitted_on in rows.order_by().values_list(*columns):
        yield Entry(late.kind, pk, unit_id, label, on, _entered_on(entered_at, submitted_on))


def _entered_on(entered_at: datetime, submitted_on: date) -> date:
    """Whichever came first: what was returned and sent anew was not entered late for that."""
    return min(timezone.localtime(entered_at).date(), submitted_on)


def _declared(campaign: Campaign) -> list[Declared]:
    sizes = _headcounts(campaign)
    rows = RunningTotal.objects.filter(
        commune_id=campaign.commune_id, target__campaign=campaign, status__in=LIVE
    ).order_by("pk")
    columns = ("pk", "target__code", "unit_id", "group", "as_of", "value")
    newest = {tuple(row[1:5]): Declared(*row) for row in rows.values_list(*columns)}
    return [
        row._replace(headcount=_size(sizes.get((row.unit_id, row.group), ()), row.as_of)) for row in newest.values()
    ]


def _headcounts(campaign: Campaign) -> dict[tuple[int, str], list[tuple[date, int]]]:
    """Of each unit and group the declared sizes by their first day; of two versions of a day the newer one is last."""
    rows = Headcount.objects.filter(commune_id=campaign.commune_id, status__in=LIVE).order_by("effective_on", "pk")
    sizes: dict[tuple[int, str], list[tuple[date, int]]] = defaultdict(list)
    for unit_id, group, on, count in rows.values_list("unit_id", "group", "effective_on", "count"):
        sizes[unit_id, group].append((on, count))
    return sizes


def _size(sizes: Iterable[tuple[date, int]], day: date) -> int | None:
    return next((count for on, count in reversed(list(sizes)) if on <= day), None)
