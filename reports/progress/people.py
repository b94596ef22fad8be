"""Targets that count people (K1-K3): distinct members of the counted groups who qualify, plus what was declared.

Households (K4) are counted in the same way: a village's households are the members of the group HOUSEHOLD.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from campaigns.choices import Qualifier
from reports.progress.facts import DeclaredFact, TargetRule, UnitFact
from reports.progress.flows import Flows, flows_of
from reports.progress.lookup import Lookup
from reports.progress.rosters import NOBODY
from reports.progress.tallies import NO_OVERLAPS, Coverage, Overlaps, Tally, counted_in_commune, pool


@dataclass(frozen=True, slots=True)
class UnitPeople:
    """Who counts in one unit: the listed people, and the declared figures of the groups that have no list."""

    unit: UnitFact
    roster: AbstractSet[int]
    declared: tuple[DeclaredFact, ...]
    has_denominator: bool


def people_of(rule: TargetRule, lookup: Lookup) -> list[UnitPeople]:
    """Who counts for the target in each unit of its kinds that was open when they are counted."""
    return [_people_in(unit, rule, lookup) for unit in lookup.applicable_units(rule)]


def _people_in(unit: UnitFact, rule: TargetRule, lookup: Lookup) -> UnitPeople:
    """A unit and group has one source at a time; a declared group that lacks its head-count leaves D unknown (B3)."""
    pairs = [(unit.id, group) for group in rule.groups]
    declared = tuple(lookup.declared[pair] for pair in pairs if pair in lookup.declared)
    listed = [pair for pair in pairs if pair not in lookup.declared]
    rosters = lookup.rosters.get(rule.code, {})
    roster = NOBODY.union(*(rosters.get(pair, NOBODY) for pair in listed))
    is_known = bool(roster or declared) or any(lookup.is_known(pair) for pair in listed)
    return UnitPeople(unit, roster, declared, is_known and all(row.d is not None for row in declared))


def cover_people(rule: TargetRule, lookup: Lookup, flows: Flows) -> Coverage:
    """Count people per unit and, each once, for the commune (C1, C7)."""
    people = people_of(rule, lookup)
    units = {row.unit.id: _tally(row, rule, lookup, flows) for row in people}
    overlaps = _overlaps(_rosters_in_commune(people, units), rule, lookup)
    return Coverage(units, pool(units, overlaps), overlaps)


def _overlaps(rosters: list[AbstractSet[int]], rule: TargetRule, lookup: Lookup) -> Overlaps:
    shared = overlap(rosters)
    if not shared:
        return NO_OVERLAPS
    official, provisional, left_out = lookup.official_of(rule), lookup.provisional_of(rule), lookup.excluded_of(rule)
    return Overlaps(
        n=overlap(roster & official for roster in rosters),
        d=shared,
        provisional_n=overlap(roster & provisional for roster in rosters),
        excluded=overlap(roster & left_out for roster in rosters),
        excluded_n=overlap(roster & left_out & official for roster in rosters),
    )


def commune_roster(rule: TargetRule, lookup: Lookup) -> AbstractSet[int]:
    """The listed people (or households) behind the commune's figure."""
    people, flows = people_of(rule, lookup), flows_of(rule, lookup)
    units = {row.unit.id: _tally(row, rule, lookup, flows) for row in people}
    return NOBODY.union(*_rosters_in_commune(people, units))


def _rosters_in_commune(people: Iterable[UnitPeople], units: Mapping[int, Tally]) -> list[AbstractSet[int]]:
    counted = counted_in_commune(units)
    return [row.roster for row in people if row.unit.id in counted]


def overlap(sets: Iterable[AbstractSet[int]]) -> int:
    """By how much the sum of the sets exceeds their union: 60 + 45 = 105, commune 103, overlap 2 (C7)."""
    rows = list(sets)
    return sum(map(len, rows)) - len(NOBODY.union(*rows))


def _tally(people: UnitPeople, rule: TargetRule, lookup: Lookup, flows: Flows) -> Tally:
    declared_d = sum(row.d or 0 for row in people.declared)
    declared_n = sum(row.official.get(rule.code, 0) for row in people.declared)
    waiting_n = sum(row.provisional.get(rule.code, row.official.get(rule.code, 0)) for row in people.declared)
    counted = people.roster & lookup.official_of(rule)
    excluded = people.roster & lookup.excluded_of(rule)
    n = len(counted) + declared_n
    return Tally(
        n=n,
        d=len(people.roster) + declared_d if people.has_denominator else None,
        provisional_n=len(people.roster & lookup.provisional_of(rule)) + waiting_n,
        is_reported=n > 0 or _has_reported(people, rule, lookup, flows),
        declared_n=declared_n,
        declared_d=declared_d,
        excluded=len(excluded),
        excluded_n=len(excluded & counted),
    )


def _has_reported(people: UnitPeople, rule: TargetRule, lookup: Lookup, flows: Flows) -> bool:
    """Whether a 0 was said: a declared 0, a household that was reached and did not pass, or a session that serves the
    target and reached nobody of the unit (B1)."""
    if any(rule.code in row.official for row in people.declared):
        return True
    if rule.code in lookup.homes:
        return not people.roster.isdisjoint(lookup.homes[rule.code].reached)
    return rule.qualifier == Qualifier.ATTENDANCE and people.unit.id in flows.hosts
