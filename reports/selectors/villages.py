"""In which villages households count (rules C6, F2): one query for all denominator policies."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple, TypeAlias

from django.db.models import DateField, F, Q, TextField, Value
from django.db.models.functions import Cast

from campaigns.models import Campaign, Household, HouseholdMove
from reports.progress.facts import Span
from reports.selectors.raw import Numbers, Sql, day_of, numbers_in, part_of, union_rows

#: A household and a village in which it counts.
Home: TypeAlias = tuple[int, int]
MOVE = -1
MOVES_FIRST = " ORDER BY 1"
COLUMNS = ("place", "where", "who", "until", "first", "last")
NO_DAY = Cast(Value(None), DateField())


class Stay(NamedTuple):
    """A village through `until`, its last day there."""

    village_id: int
    until: date


def load_homes(campaign: Campaign, spans: Sequence[Span]) -> dict[Span, list[Home]]:
    """By span each household with every village in which it spent a day of it.

    Few households ever move, so that asking of each where it was would cost more than reading all moves of the commune.
    """
    moved: defaultdict[int, list[Stay]] = defaultdict(list)
    lives: dict[int, Span] = {}
    homes: dict[Span, list[Home]] = {span: [] for span in spans}
    for place, village_id, who, until, *life in union_rows(_parts(campaign, spans), order=MOVES_FIRST):
        households = numbers_in(who)
        if place == MOVE:
            moved[households[0]].append(Stay(village_id, day_of(until) or date.max))
            lives[households[0]] = day_of(life[0]) or date.min, day_of(life[1]) or date.max
            continue
        span = spans[place]
        homes[span] += [(household_id, village_id) for household_id in households if household_id not in moved]
        for household_id in moved.keys() & households:
            stays = [*sorted(moved[household_id], key=lambda stay: stay.until), Stay(village_id, date.max)]
            homes[span] += [(household_id, village) for village in _villages(stays, lives[household_id], span)]
    return homes


def _villages(stays: Iterable[Stay], life: Span, span: Span) -> set[int]:
    """The villages of the stays of which a day lies in the life of the household and in the span."""
    first, last = max(life[0], span[0]), min(life[1], span[1])
    found = set()
    for village_id, until in stays:
        if first <= min(until, last):
            found.add(village_id)
        if until >= last:
            break
        first = max(first, until + timedelta(days=1))
    return found


def _parts(campaign: Campaign, spans: Sequence[Span]) -> Iterator[Sql]:
    """Rows (place of the span, village, its households), and moves with the village before, its last day there, and the
    first and last day of the household."""
    no_days = {"until": NO_DAY, "first": NO_DAY, "last": NO_DAY}
    for place, (first, last) in enumerate(spans):
        still = Q(ends_on__isnull=True) | Q(ends_on__gte=first)
        there = Household.objects.filter(still, commune_id=campaign.commune_id, starts_on__lte=last).order_by()
        villages = there.values(where=F("village_id")).annotate(place=Value(place), who=Numbers("pk"), **no_days)
        yield part_of(villages.values_list(*COLUMNS))
    since = min(span[0] for span in spans)
    moves = HouseholdMove.objects.filter(commune_id=campaign.commune_id, until__gte=since).order_by()
    life = {"first": F("household__starts_on"), "last": F("household__ends_on")}
    columns = {"where": F("from_village_id"), "who": Cast("household_id", TextField()), **life}
    yield part_of(moves.annotate(place=Value(MOVE), **columns).values_list(*COLUMNS))
