"""The target that counts households (K4): who passed the check, with "merely reached" as a tier apart (E1, E2)."""

from collections.abc import Iterable

from campaigns.choices import Group
from reports.progress.facts import DeclaredFact, HouseholdTally, TargetRule
from reports.progress.flows import Flows
from reports.progress.lookup import Lookup
from reports.progress.results import Tier
from reports.progress.tallies import Coverage, Tally, pool


def cover_households(rule: TargetRule, lookup: Lookup, flows: Flows) -> Coverage:
    """Count households per village; a household has one village, so the commune is the plain sum."""
    unit_ids = [unit.id for unit in lookup.applicable_units(rule)]
    units = {unit_id: _tally(unit_id, rule, lookup) for unit_id in unit_ids}
    tiers = {unit_id: _tier(lookup.households[unit_id]) for unit_id in unit_ids if unit_id in lookup.households}
    return Coverage(units, pool(units), second_tiers=tiers, second_tier=_sum_of(tiers.values()))


def _tally(unit_id: int, rule: TargetRule, lookup: Lookup) -> Tally:
    pair = (unit_id, Group.HOUSEHOLD.value)
    if pair in lookup.declared:
        return _declared(lookup.declared[pair], rule)
    listed = lookup.households.get(unit_id, HouseholdTally(unit_id, total=0))
    return Tally(
        n=listed.passed,
        d=listed.total if listed.total or lookup.is_known(pair) else None,
        provisional_n=listed.provisional_passed,
        is_reported=bool(listed.passed or listed.checks or listed.reached),
    )


def _declared(row: DeclaredFact, rule: TargetRule) -> Tally:
    n = row.official.get(rule.code, 0)
    return Tally(
        n=n,
        d=row.d,
        provisional_n=row.provisional.get(rule.code, n),
        is_reported=rule.code in row.official,
        declared_n=n,
        declared_d=row.d or 0,
    )


def _tier(tally: HouseholdTally) -> Tier:
    return Tier(tally.reached, tally.total, tally.provisional_reached)


def _sum_of(tiers: Iterable[Tier]) -> Tier:
    rows = list(tiers)
    return Tier(sum(t.n for t in rows), sum(t.d for t in rows), sum(t.provisional_n for t in rows))
