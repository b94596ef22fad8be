"""Sets of people and households: who belongs to a unit and group, who qualified (rules C1, E1). Never sums of rows."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from campaigns.choices import Group
from reports.progress.facts import HouseholdFact, MemberFact, Pair, ReachFact

Rosters: TypeAlias = Mapping[Pair, AbstractSet[int]]
People: TypeAlias = Mapping[str, AbstractSet[int]]
Rows = TypeVar("Rows", bound=Sequence[object])
Read = TypeVar("Read")

NOBODY: frozenset[int] = frozenset()


def rosters_by_target(members: Mapping[str, Sequence[MemberFact]]) -> dict[str, Rosters]:
    """People by unit and group for every target; a list that targets share is read only once."""
    return _read_once(members, _by_pair)


def _read_once(lists: Mapping[str, Rows], read: Callable[[Rows], Read]) -> dict[str, Read]:
    seen: dict[int, Read] = {}
    for rows in lists.values():
        if id(rows) not in seen:
            seen[id(rows)] = read(rows)
    return {code: seen[id(rows)] for code, rows in lists.items()}


def _by_pair(rows: Sequence[MemberFact]) -> Rosters:
    people: defaultdict[Pair, set[int]] = defaultdict(set)
    for person_id, unit_id, group in rows:
        people[unit_id, group].add(person_id)
    return people


def reached_people(reaches: Iterable[ReachFact]) -> tuple[dict[str, set[int]], dict[str, set[int]]]:
    """Who qualified per target: officially, and with what waits (H1)."""
    official: defaultdict[str, set[int]] = defaultdict(set)
    provisional: defaultdict[str, set[int]] = defaultdict(set)
    for code, person_id, official_on, provisional_on in reaches:
        if provisional_on is not None:
            provisional[code].add(person_id)
        if official_on is not None:
            official[code].add(person_id)
    return official, provisional


@dataclass(frozen=True, slots=True)
class Homes:
    """The households of a target as sets of ids: by village, and those in either tier (E2)."""

    rosters: Rosters
    passed: AbstractSet[int] = NOBODY
    provisional_passed: AbstractSet[int] = NOBODY
    reached: AbstractSet[int] = NOBODY
    provisional_reached: AbstractSet[int] = NOBODY


def homes_by_target(households: Mapping[str, Sequence[HouseholdFact]]) -> dict[str, Homes]:
    """The households of every target that counts them; a list that targets share is read only once."""
    return _read_once(households, _homes)


def _homes(rows: Sequence[HouseholdFact]) -> Homes:
    rosters: defaultdict[Pair, set[int]] = defaultdict(set)
    group = Group.HOUSEHOLD.value
    for row in rows:
        rosters[row.unit_id, group].add(row.household_id)
    return Homes(
        rosters=rosters,
        passed={row.household_id for row in rows if row.passed_on},
        provisional_passed={row.household_id for row in rows if row.provisional_passed},
        reached={row.household_id for row in rows if row.reached_on},
        provisional_reached={row.household_id for row in rows if row.provisional_reached},
    )
