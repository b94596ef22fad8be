"""What a forecast needs beyond the facts of a reading: declared series in time, and what is scheduled."""

from collections import defaultdict

from campaigns.models import Campaign, Target
from hbs_portal.lib.dates import local_today
from reports.progress.facts import Facts, Pair
from reports.progress.pace import DeclaredPoint, ScheduledFact
from reports.selectors.clocks import Clocks
from training.models import Activity, Attendance, RunningTotal


def load_series(campaign: Campaign, clocks: Clocks, target: Target, facts: Facts) -> dict[Pair, list[DeclaredPoint]]:
    """The official running totals of a target by unit and group, in the order of their days.

    Of those only whose source is "khai báo" in this reading. One query, none where nobody declares.
    """
    pairs = {(row.unit_id, row.group) for row in facts.declared}
    if not pairs:
        return {}
    rows = RunningTotal.objects.filter(
        clocks.official(), commune_id=campaign.commune_id, target=target, as_of__lte=clocks.as_of
    )
    series: defaultdict[Pair, list[DeclaredPoint]] = defaultdict(list)
    for unit_id, group, on, value in rows.order_by("as_of", "pk").values_list("unit_id", "group", "as_of", "value"):
        if (unit_id, group) in pairs:
            series[unit_id, group].append(DeclaredPoint(on, value))
    return series


def load_scheduled(campaign: Campaign) -> list[ScheduledFact]:
    """The drafts of days to come, with whom they are for: two queries. They stand in no figure (rule H1)."""
    drafts = Activity.objects.filter(commune_id=campaign.commune_id, campaign=campaign).scheduled_after(local_today())
    people: defaultdict[int, set[int]] = defaultdict(set)
    listed = Attendance.objects.filter(
        commune_id=campaign.commune_id, person__isnull=False, activity__in=drafts.order_by().values("pk")
    )
    for activity_id, person_id in listed.order_by().values_list("activity_id", "person_id"):
        people[activity_id].add(person_id)
    units: defaultdict[int, set[int]] = defaultdict(set)
    shape: dict[int, tuple[str, int]] = {}
    for pk, kind, host_id, co_host in drafts.order_by().values_list("pk", "kind", "host_id", "co_host_links__unit_id"):
        shape[pk] = (kind, host_id)
        units[pk] |= {host_id, co_host} - {None}
    return [
        ScheduledFact(pk, kind, frozenset(units[pk]), host_id, frozenset(people[pk]))
        for pk, (kind, host_id) in shape.items()
    ]
