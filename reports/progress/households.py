"""The target that counts households (K4): who passed the check, with "merely reached" as a tier apart (E1, E2)."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import replace

from campaigns.choices import Group
from reports.progress.facts import TargetRule
from reports.progress.flows import Flows
from reports.progress.lookup import Lookup
from reports.progress.people import cover_people
from reports.progress.results import Tier
from reports.progress.rosters import NOBODY, Homes
from reports.progress.tallies import Coverage


def cover_households(rule: TargetRule, lookup: Lookup, flows: Flows) -> Coverage:
    """Count households as sets, like people; the lower tier stands beside each figure."""
    homes = lookup.homes.get(rule.code, Homes({}))
    pairs = [(unit.id, Group.HOUSEHOLD.value) for unit in lookup.applicable_units(rule)]
    listed = {pair[0]: homes.rosters[pair] for pair in pairs if pair in homes.rosters}
    return replace(
        cover_people(rule, lookup, flows),
        second_tiers={unit_id: _tier(roster, homes) for unit_id, roster in listed.items()},
        second_tier=_tier(_all(listed.values()), homes),
    )


def _tier(roster: AbstractSet[int], homes: Homes) -> Tier:
    return Tier(len(roster & homes.reached), len(roster), len(roster & homes.provisional_reached))


def _all(rosters: Iterable[AbstractSet[int]]) -> AbstractSet[int]:
    return NOBODY.union(*rosters)
