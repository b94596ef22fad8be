"""Who was at which activity, and from it who came on which day first: one query, whatever asks for it.

Everything that attendances tell is told by the lists of the activities: whom a target reached (C1-C3), which households
(E1), how many of a group (D1-D3). So they are read once, as lists; to count each apart in the database sorts them anew.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from django.db.models import Value
from django.db.models.functions import Coalesce

from campaigns.choices import Group
from campaigns.models import Campaign
from reports.progress.facts import ActivityFact, AudienceFact, Pair
from reports.selectors.activities import relevant_activities
from reports.selectors.clocks import Clocks
from reports.selectors.raw import Numbers, Sql, numbers_in, part_of, union_rows
from training.models import Attendance, GroupTotal

COLUMNS = ("activity_id", "group", "total", "who")
UNTOLD = -1  # the total of a list: a head-count comes in a row of its own

#: By activity the people, or the households, that were there.
Lists: TypeAlias = Mapping[int, Sequence[int]]
Days: TypeAlias = dict[int, date]


@dataclass(frozen=True, slots=True)
class Presence:
    """The activities of a reading with who was there; ``audiences`` are those of the official ones."""

    activities: Sequence[ActivityFact]
    people: Lists
    households: Lists
    audiences: list[AudienceFact]


def load_presence(campaign: Campaign, clocks: Clocks, activities: Sequence[ActivityFact]) -> Presence:
    """Everybody who was at these activities, the official and waiting ones of the campaign by the as-of date."""
    people: defaultdict[int, list[int]] = defaultdict(list)
    households: dict[int, list[int]] = {}
    named: dict[Pair, int] = {}
    totals: dict[Pair, int] = {}
    for activity_id, group, total, text in union_rows(_parts(campaign, clocks)):
        if total != UNTOLD:
            totals[activity_id, group] = total
            continue
        who = numbers_in(text)
        named[activity_id, group] = len(who)
        if group == Group.HOUSEHOLD:
            households[activity_id] = who
        else:
            people[activity_id] += who
    return Presence(activities, people, households, list(_audiences(activities, named, totals)))


def _audiences(
    activities: Iterable[ActivityFact], named: Mapping[Pair, int], totals: Mapping[Pair, int]
) -> Iterator[AudienceFact]:
    """Of official activities: how many were named, and how many were there, by group (rules C4, D1-D3)."""
    official = {row.id for row in activities if row.official}
    for pair in {**named, **totals}:
        activity_id, group = pair
        if activity_id in official:
            yield AudienceFact(activity_id, group or None, named.get(pair, 0), totals.get(pair))


def _parts(campaign: Campaign, clocks: Clocks) -> Iterator[Sql]:
    """By activity and group a list of who was there, in the order of its index, and the head-count in another row."""
    these = relevant_activities(campaign, clocks).values("pk")
    attendances = Attendance.objects.filter(commune_id=campaign.commune_id, activity__in=these).order_by()
    lists = attendances.values("activity_id", "group").annotate(
        total=Value(UNTOLD), who=Numbers(Coalesce("person_id", "household_id"))
    )
    yield part_of(lists.values_list(*COLUMNS))
    totals = GroupTotal.objects.filter(activity__in=these).order_by().annotate(who=Value(""))
    yield part_of(totals.values_list(*COLUMNS))


def first_days(activities: Iterable[ActivityFact], lists: Lists, *, least: int = 1) -> tuple[Days, Days]:
    """By person (or household) the first day, official and provisional (H1), on which they had come to so many of these
    activities (C1-C3)."""
    by_day = sorted(activities, key=lambda row: row.on)
    official, provisional = [row for row in by_day if row.official], [row for row in by_day if row.provisional]
    if least > 1:
        return _nth(official, lists, least), _nth(provisional, lists, least)
    # Nearly all are both: their lists, the long ones, are gone through once.
    both = _first([row for row in official if row.provisional], lists)
    return (
        _earlier(both, _first([row for row in official if not row.provisional], lists)),
        _earlier(both, _first([row for row in provisional if not row.official], lists)),
    )


def _first(by_day: Sequence[ActivityFact], lists: Lists) -> Days:
    """Backwards, so that the first day is the last word: no list is walked through in Python."""
    days: Days = {}
    for row in reversed(by_day):
        days.update(dict.fromkeys(lists.get(row.id, ()), row.on))
    return days


def _earlier(days: Days, others: Days) -> Days:
    """Of each the earlier day."""
    return {**others, **days, **{key: min(others[key], days[key]) for key in others.keys() & days}}


def _nth(by_day: Iterable[ActivityFact], lists: Lists, least: int) -> Days:
    times: Counter[int] = Counter()
    days: Days = {}
    for row in by_day:
        for subject_id in lists.get(row.id, ()):
            times[subject_id] += 1
            if times[subject_id] == least:
                days[subject_id] = row.on
    return days
