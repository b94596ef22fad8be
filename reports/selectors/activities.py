"""Activities with their units, and the digital teams: two queries."""

from datetime import date

from django.db.models import QuerySet

from campaigns.models import Campaign, DigitalTeam
from reports.progress.facts import ActivityFact, TeamFact
from reports.selectors.clocks import Clocks, flag
from reports.selectors.raw import day_of, part_of, union_rows
from training.models import Activity

COLUMNS = (
    "pk", "kind", "ends_on", "host_id", "team__village_id", "official", "team_id", "provisional",
    "co_host_links__unit_id",
)  # fmt: skip


def load_activities(campaign: Campaign, clocks: Clocks) -> list[ActivityFact]:
    """Activities that were over by the as-of date, official or waiting; a joint one once, with all its units (F3)."""
    flags = {"official": flag(clocks.official(of=Activity)), "provisional": flag(clocks.counted(of=Activity))}
    rows = relevant_activities(campaign, clocks).annotate(**flags).values_list(*COLUMNS)
    facts: dict[int, ActivityFact] = {}
    for pk, kind, on, host, village, official, team, provisional, co_host in union_rows([part_of(rows)]):
        units = facts[pk].unit_ids if pk in facts else frozenset({host})
        if co_host:
            units |= {co_host}
        day = day_of(on) or date.max
        facts[pk] = ActivityFact(pk, kind, day, units, host, village, bool(official), team, bool(provisional))
    return list(facts.values())


def relevant_activities(campaign: Campaign, clocks: Clocks) -> QuerySet[Activity]:
    """The activities of the campaign that were over by the as-of date and are official or wait."""
    activities = Activity.objects.filter(
        clocks.relevant(of=Activity), commune_id=campaign.commune_id, campaign=campaign
    )
    return activities.until(clocks.as_of).order_by()


def load_teams(campaign: Campaign, clocks: Clocks) -> list[TeamFact]:
    """The digital teams that were founded by the as-of date, those since dissolved included (target K6)."""
    teams = DigitalTeam.objects.filter(commune_id=campaign.commune_id, founded_on__lte=clocks.as_of)
    return [TeamFact(*row) for row in teams.order_by().values_list("pk", "village_id", "founded_on", "dissolved_on")]
