"""Who was reached on which day, by target: from the lists of the activities, and one query for platform uses."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from itertools import repeat
from typing import TypeAlias

from django.db.models import Min

from campaigns.choices import Qualifier
from campaigns.models import Campaign
from reports.progress.facts import ReachFact, TargetRule
from reports.selectors.clocks import Clocks
from reports.selectors.presence import Presence, first_days
from reports.selectors.raw import day_of, part_of, union_rows
from training.models import PlatformUse

#: A person with their first official and their first provisional day; either may be none.
Use: TypeAlias = tuple[int, date | None, date | None]


def load_reaches(
    campaign: Campaign,
    rules: Sequence[TargetRule],
    clocks: Clocks,
    presence: Presence,
    ever: Mapping[str, AbstractSet[int]],
) -> list[ReachFact]:
    """The first qualifying day, official and provisional (rules C1-C3, H1), by target.

    For classes and the like of everybody who `ever` belonged to one of the target's groups: nobody else is in its
    counted set (B5).
    """
    uses = _platform_uses(campaign, clocks) if any(_asks_for_use(rule) for rule in rules) else []
    found: list[ReachFact] = []
    for rule in rules:
        if _asks_for_use(rule):
            found += [ReachFact(rule.code, *use) for use in uses]
        elif rule.counts_people:
            found += _attenders(rule, presence, frozenset().union(*(ever.get(group, ()) for group in rule.groups)))
    return found


def _asks_for_use(rule: TargetRule) -> bool:
    return rule.qualifier == Qualifier.PLATFORM_USE


def _attenders(rule: TargetRule, presence: Presence, who: frozenset[int]) -> Iterable[ReachFact]:
    of_kinds = (row for row in presence.activities if row.kind in rule.activity_kinds)
    official, provisional = first_days(of_kinds, presence.people, least=rule.min_sessions)
    ids = list(who & (official.keys() | provisional.keys()))
    return map(ReachFact._make, zip(repeat(rule.code), ids, map(official.get, ids), map(provisional.get, ids)))


def _platform_uses(campaign: Campaign, clocks: Clocks) -> list[Use]:
    uses = PlatformUse.objects.filter(
        clocks.relevant(of=PlatformUse),
        commune_id=campaign.commune_id,
        campaign=campaign,
        confirmed_on__lte=clocks.as_of,
    )
    days = uses.order_by().values("person_id").annotate(
        official_on=Min("confirmed_on", filter=clocks.official(of=PlatformUse)),
        provisional_on=Min("confirmed_on", filter=clocks.counted(of=PlatformUse)),
    )  # fmt: skip
    rows = union_rows([part_of(days.values_list("person_id", "official_on", "provisional_on"))])
    return [(person_id, day_of(official), day_of(provisional)) for person_id, official, provisional in rows]
