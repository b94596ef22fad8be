"""Activities with their units, and who was there by group: two queries."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import TypeAlias

from django.db.models import Case, Count, F, QuerySet, Value, When

from campaigns.models import Campaign, DigitalTeam
from reports.progress.facts import ActivityFact, AudienceFact, TeamFact
from reports.selectors.clocks import Clocks, flag
from reports.selectors.raw import Sql, part_of, sql_of, union_rows
from training.models import Activity, Attendance, GroupTotal

#: An activity and a group that was there.
Session: TypeAlias = tuple[int, str]
UNTOLD = -1  # the total of a group whose head-count nobody wrote down
ACTIVITY_COLUMNS = (
    "pk", "kind", "ends_on", "host_id", "team__village_id", "official", "team_id", "provisional",
    "co_host_links__unit_id",
)  # fmt: skip
HEAD_COLUMNS = ("activity_id", "group", "named", "total")


def load_activities(campaign: Campaign, clocks: Clocks) -> list[ActivityFact]:
    """Activities that were over by the as-of date, official or waiting; a joint one once, with all its units (F3)."""
    activities = Activity.objects.filter(
        clocks.relevant(of=Activity), commune_id=campaign.commune_id, campaign=campaign
    )
    flags = {"official": flag(clocks.official(of=Activity)), "provisional": flag(clocks.counted(of=Activity))}
    rows = activities.until(clocks.as_of).order_by().annotate(**flags).values_list(*ACTIVITY_COLUMNS)
    facts: dict[int, ActivityFact] = {}
    for pk, kind, on, host, village, official, team, provisional, co_host in rows:
        known = facts.get(pk)
        units = (known.unit_ids if known else frozenset({host})) | ({co_host} if co_host else frozenset())
        facts[pk] = ActivityFact(pk, kind, on, units, host, village, official, team, provisional)
    return list(facts.values())


def session_days(campaign: Campaign, clocks: Clocks, kinds: AbstractSet[str] | None = None) -> Sql:
    """Activities (of these kinds) with their official and their provisional day, either may be none; to be joined."""
    activities = Activity.objects.filter(
        clocks.relevant(of=Activity), commune_id=campaign.commune_id, campaign=campaign
    )
    if kinds is not None:
        activities = activities.filter(kind__in=sorted(kinds))
    days = {
        "official_on": Case(When(clocks.official(of=Activity), then=F("ends_on"))),
        "provisional_on": Case(When(clocks.counted(of=Activity), then=F("ends_on"))),
    }
    return sql_of(activities.until(clocks.as_of).order_by().annotate(**days).values_list("pk", *days))


def load_audiences(campaign: Campaign, clocks: Clocks) -> list[AudienceFact]:
    """Of official activities: how many were named, and how many were there, by group (rules C4, D1-D3)."""
    official = Activity.objects.filter(clocks.official(of=Activity), commune_id=campaign.commune_id, campaign=campaign)
    of_sessions = {"activity__in": official.until(clocks.as_of).order_by().values("pk")}
    named: dict[Session, int] = {}
    totals: dict[Session, int] = {}
    for activity_id, group, count, total in union_rows(_heads(campaign, of_sessions)):
        if total == UNTOLD:
            named[activity_id, group] = count
        else:
            totals[activity_id, group] = total
    return [
        AudienceFact(pk, group or None, named.get((pk, group), 0), totals.get((pk, group)))
        for pk, group in named | totals
    ]


def _heads(campaign: Campaign, of_sessions: Mapping[str, QuerySet]) -> Iterator[Sql]:
    """By activity and group the named and the total, each in rows of its own.

    Attendances are counted in the order of their index: a join to the activities would sort them all first.
    """
    attendances = Attendance.objects.filter(commune_id=campaign.commune_id, **of_sessions).order_by()
    named = attendances.values("activity_id", "group").annotate(named=Count("*"))
    yield part_of(named.annotate(total=Value(UNTOLD)).values_list(*HEAD_COLUMNS))
    totals = GroupTotal.objects.filter(**of_sessions).order_by()
    yield part_of(totals.annotate(named=Value(0)).values_list(*HEAD_COLUMNS))


def load_teams(campaign: Campaign, clocks: Clocks) -> list[TeamFact]:
    """The digital teams that were founded by the as-of date, those since dissolved included (target K6)."""
    teams = DigitalTeam.objects.filter(commune_id=campaign.commune_id, founded_on__lte=clocks.as_of)
    return [TeamFact(*row) for row in teams.values_list("pk", "village_id", "founded_on", "dissolved_on")]
