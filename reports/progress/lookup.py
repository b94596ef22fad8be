"""The facts laid out for look-ups, once per reading: sets of people per unit and group, sessions, declared series."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeAlias

from campaigns.choices import Group
from reports.progress.facts import (
    ActivityFact,
    AudienceFact,
    DeclaredFact,
    Facts,
    HouseholdTally,
    MemberFact,
    Pair,
    ProgressError,
    ReachFact,
    TargetRule,
    UnitFact,
)

Rosters: TypeAlias = Mapping[Pair, set[int]]
People: TypeAlias = Mapping[str, set[int]]

NOBODY: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Session:
    """An official activity with its audience: ``named`` lượt of people (of everybody, B5) and of households apart,
    unnamed heads by group (D2)."""

    activity: ActivityFact
    groups: frozenset[str]
    named: int
    households: int
    unnamed: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Lookup:
    """``rosters`` and the reached people are keyed by target code."""

    facts: Facts
    open_units: tuple[UnitFact, ...]
    rosters: Mapping[str, Rosters]
    official: People
    provisional: People
    households: Mapping[int, HouseholdTally]
    declared: Mapping[Pair, DeclaredFact]
    sessions: tuple[Session, ...]
    reporting_units: frozenset[int]
    reporting_teams: frozenset[int]

    def applicable_units(self, rule: TargetRule) -> list[UnitFact]:
        """The units that are open at the as-of date (F1) and of a kind that the target names."""
        return [unit for unit in self.open_units if unit.kind in rule.unit_kinds]

    def official_of(self, rule: TargetRule) -> AbstractSet[int]:
        """Who qualified for the target by approved records."""
        return self.official.get(rule.code, NOBODY)

    def provisional_of(self, rule: TargetRule) -> AbstractSet[int]:
        """Who qualified for the target, counting the records that wait (H1)."""
        return self.provisional.get(rule.code, NOBODY)

    def is_known(self, pair: Pair) -> bool:
        return pair in self.facts.known_rosters


def look_up(facts: Facts) -> Lookup:
    """Lay the facts out; raises ProgressError when they contradict each other (D2, G3)."""
    official, provisional = reached_people(facts.reaches)
    approved = [activity for activity in facts.activities if activity.official]
    return Lookup(
        facts=facts,
        open_units=tuple(unit for unit in facts.units if unit.is_open(facts.as_of)),
        rosters=rosters_by_target(facts.members),
        official=official,
        provisional=provisional,
        households={tally.unit_id: tally for tally in facts.households},
        declared=declared_series(facts.declared),
        sessions=sessions_of(approved, facts.audiences),
        reporting_units=frozenset().union(*(activity.unit_ids for activity in approved)),
        reporting_teams=frozenset(a.team_unit_id for a in approved if a.team_unit_id is not None),
    )


def rosters_by_target(members: Mapping[str, Sequence[MemberFact]]) -> dict[str, Rosters]:
    """People by unit and group for every target; a list that targets share is read only once."""
    seen: dict[int, Rosters] = {}
    for rows in members.values():
        if id(rows) not in seen:
            seen[id(rows)] = _by_pair(rows)
    return {code: seen[id(rows)] for code, rows in members.items()}


def _by_pair(rows: Sequence[MemberFact]) -> Rosters:
    people: defaultdict[Pair, set[int]] = defaultdict(set)
    for person_id, unit_id, group in rows:
        people[unit_id, group].add(person_id)
    return people


def reached_people(reaches: Iterable[ReachFact]) -> tuple[People, People]:
    """Who qualified per target: officially, and with what waits (H1)."""
    official: defaultdict[str, set[int]] = defaultdict(set)
    provisional: defaultdict[str, set[int]] = defaultdict(set)
    for code, person_id, official_on, _ in reaches:
        provisional[code].add(person_id)
        if official_on is not None:
            official[code].add(person_id)
    return official, provisional


def declared_series(rows: Iterable[DeclaredFact]) -> dict[Pair, DeclaredFact]:
    """The declared series by unit and group; a second series of the same pair would count twice (G3)."""
    series: dict[Pair, DeclaredFact] = {}
    for row in rows:
        pair = (row.unit_id, row.group)
        if pair in series:
            raise ProgressError("Một đơn vị chỉ có một chuỗi số khai báo cho mỗi nhóm.")
        series[pair] = row
    return series


def sessions_of(approved: Iterable[ActivityFact], audiences: Iterable[AudienceFact]) -> tuple[Session, ...]:
    """Each approved activity with its audience."""
    rows: defaultdict[int, list[AudienceFact]] = defaultdict(list)
    for audience in audiences:
        rows[audience.activity_id].append(audience)
    return tuple(_session(activity, rows[activity.id]) for activity in approved)


def _session(activity: ActivityFact, audience: Sequence[AudienceFact]) -> Session:
    return Session(
        activity=activity,
        groups=frozenset(row.group for row in audience if row.group is not None),
        named=sum(row.named for row in audience if row.group != Group.HOUSEHOLD),
        households=sum(row.named for row in audience if row.group == Group.HOUSEHOLD),
        unnamed={row.group: unnamed_heads(row) for row in audience if row.group is not None},
    )


def unnamed_heads(row: AudienceFact) -> int:
    """The heads of a mixed session that have no name (D2); more names than heads is an error."""
    if row.total is None:
        return 0
    if row.named > row.total:
        raise ProgressError(
            f"Hoạt động số {row.activity_id}: có {row.named} người được ghi tên nhưng tổng số chỉ là {row.total}."
        )
    return row.total - row.named
