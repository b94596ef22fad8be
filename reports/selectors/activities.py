"""Activities with their units, and who was there by group: two queries."""

from collections import defaultdict

from django.db.models import CharField, Count, F, Value
from django.db.models.functions import Cast

from campaigns.models import Campaign, DigitalTeam
from reports.progress.facts import ActivityFact, AudienceFact, TeamFact
from reports.selectors.clocks import Clocks
from training.models import Activity, Attendance, GroupTotal

NAMED, TOTAL = "named", "total"
ACTIVITY_COLUMNS = (
    "pk", "kind", "ends_on", "host_id", "team__village_id", "status", "approved_on", "team_id", "co_host_links__unit_id"
)  # fmt: skip
COLUMNS = ("what", "session", "who", "heads")


def load_activities(campaign: Campaign, clocks: Clocks) -> list[ActivityFact]:
    """Activities that were over by the as-of date, official or waiting; a joint one once, with all its units (F3)."""
    activities = Activity.objects.filter(clocks.counted(), commune_id=campaign.commune_id, campaign=campaign)
    rows = activities.until(clocks.as_of).order_by().values_list(*ACTIVITY_COLUMNS)
    facts: dict[int, ActivityFact] = {}
    for pk, kind, on, host, village, status, approved_on, team, co_host in rows:
        known = facts.get(pk)
        units = (known.unit_ids if known else frozenset({host})) | ({co_host} if co_host else frozenset())
        facts[pk] = ActivityFact(pk, kind, on, units, host, village, clocks.is_official(status, approved_on), team)
    return list(facts.values())


def load_audiences(campaign: Campaign, clocks: Clocks) -> list[AudienceFact]:
    """Of official activities: how many were named, and how many were there, by group (rules C4, D1-D3)."""
    heads: dict[tuple[int, str], dict[str, int]] = defaultdict(dict)
    for what, session, who, count in _heads(campaign, clocks):
        heads[session, who][what] = count
    return [
        AudienceFact(session, who or None, found.get(NAMED, 0), found.get(TOTAL))
        for (session, who), found in heads.items()
    ]


def _heads(campaign: Campaign, clocks: Clocks):
    happened = {"activity__campaign": campaign, "activity__ends_on__lte": clocks.as_of}
    official = clocks.official("activity__")
    commune = {"activity__commune_id": campaign.commune_id}
    named = Attendance.objects.filter(official, commune_id=campaign.commune_id, **commune, **happened).order_by()
    named = named.annotate(what=_text(NAMED), session=F("activity_id"), who=F("group"))
    named = named.values("what", "session", "who").annotate(heads=Count("pk")).values_list(*COLUMNS)
    totals = GroupTotal.objects.filter(official, **commune, **happened).order_by()
    totals = totals.annotate(what=_text(TOTAL), session=F("activity_id"), who=F("group"), heads=F("total"))
    return named.union(totals.values_list(*COLUMNS), all=True)


def _text(word: str) -> Cast:
    return Cast(Value(word), output_field=CharField())


def load_teams(campaign: Campaign, clocks: Clocks) -> list[TeamFact]:
    """The digital teams that were founded by the as-of date, those since dissolved included (target K6)."""
    teams = DigitalTeam.objects.filter(commune_id=campaign.commune_id, founded_on__lte=clocks.as_of)
    return [TeamFact(*row) for row in teams.values_list("pk", "village_id", "founded_on", "dissolved_on")]
