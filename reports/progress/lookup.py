"""The facts laid out for look-ups, once per reading: sets of people per unit and group, sessions, declared series."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from campaigns.choices import Group
from reports.progress.facts import (
    ActivityFact,
    AudienceFact,
    DeclaredFact,
    Facts,
    Pair,
    ProgressError,
    TargetRule,
    UnitFact,
)
from reports.progress.rosters import NOBODY, Homes, People, Rosters, homes_by_target, reached_people, rosters_by_target
from reports.progress.succession import heirs_of, with_heirs


@dataclass(frozen=True, slots=True)
class Session:
    """An official activity with its audience: the ``groups`` of which somebody was there, ``named`` lượt of people (of
    everybody, B5) and of households apart, unnamed heads by group (D2)."""

    activity: ActivityFact
    groups: frozenset[str]
    named: int
    households: int
    unnamed: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Lookup:
    """``rosters`` (of people, or of households where the target counts those) and who qualified, by target code.

    ``units`` are those that the answer lists; ``heirs`` tells which units continue which (F2).
    """

    facts: Facts
    units: tuple[UnitFact, ...]
    rosters: Mapping[str, Rosters]
    official: People
    provisional: People
    homes: Mapping[str, Homes]
    declared: Mapping[Pair, DeclaredFact]
    sessions: tuple[Session, ...]
    heirs: Mapping[int, AbstractSet[int]]
    reporting_units: frozenset[int]
    reporting_teams: frozenset[int]

    def applicable_units(self, rule: TargetRule) -> list[UnitFact]:
        """The units of a kind that the target names which are open when its members are counted (F1, C6)."""
        return _applicable(rule, self.facts)

    def official_of(self, rule: TargetRule) -> AbstractSet[int]:
        """Who qualified for the target by approved records."""
        return self.official.get(rule.code, NOBODY)

    def provisional_of(self, rule: TargetRule) -> AbstractSet[int]:
        """Who qualified for the target, counting the records that wait (H1)."""
        return self.provisional.get(rule.code, NOBODY)

    def excluded_of(self, rule: TargetRule) -> AbstractSet[int]:
        """Who is left out of the adjusted figure (C8): people only."""
        return self.facts.excluded.get(rule.code, NOBODY) if rule.counts_people else NOBODY

    def credited(self, activity: ActivityFact) -> frozenset[int]:
        """Host, co-hosts (F3) and the units that continue them (F2)."""
        return with_heirs(activity.unit_ids, self.heirs)

    def is_known(self, pair: Pair) -> bool:
        return pair in self.facts.known_rosters


def look_up(facts: Facts) -> Lookup:
    """Lay the facts out; raises ProgressError when they contradict each other (D2, G3)."""
    official, provisional = reached_people(facts.reaches)
    homes = homes_by_target(facts.households)
    approved = [activity for activity in facts.activities if activity.official]
    heirs = heirs_of(facts.units)
    return Lookup(
        facts=facts,
        units=_listed_units(facts),
        rosters=rosters_by_target(facts.members) | {code: found.rosters for code, found in homes.items()},
        official={**official, **{code: found.passed for code, found in homes.items()}},
        provisional={**provisional, **{code: found.provisional_passed for code, found in homes.items()}},
        homes=homes,
        declared=declared_series(facts.declared),
        sessions=sessions_of(approved, facts.audiences),
        heirs=heirs,
        reporting_units=with_heirs((unit_id for row in approved for unit_id in row.unit_ids), heirs),
        reporting_teams=with_heirs((a.team_unit_id for a in approved if a.team_unit_id is not None), heirs),
    )


def _listed_units(facts: Facts) -> tuple[UnitFact, ...]:
    """Open at the as-of date (F1), or counted all the same by a target with a past day in its denominator (C6)."""
    counted = {unit.id for rule in facts.rules for unit in _applicable(rule, facts)}
    return tuple(unit for unit in facts.units if unit.is_open(facts.as_of) or unit.id in counted)


def _applicable(rule: TargetRule, facts: Facts) -> list[UnitFact]:
    span = facts.span_of(rule)
    return [unit for unit in facts.units if unit.kind in rule.unit_kinds and unit.is_open_within(*span)]


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
    """Households are told apart from people; a group that nobody knew counts among the people (B5)."""
    named = households = 0
    groups: list[str] = []
    unnamed: dict[str, int] = {}
    for row in audience:
        if row.group == Group.HOUSEHOLD:
            households += row.named
        else:
            named += row.named
        if row.group is not None:
            unnamed[row.group] = unnamed_heads(row)
            if row.named or row.total:
                groups.append(row.group)
    return Session(activity, frozenset(groups), named, households, unnamed)


def unnamed_heads(row: AudienceFact) -> int:
    """The heads of a mixed session that have no name (D2); more names than heads is an error."""
    if row.total is None:
        return 0
    if row.named > row.total:
        raise ProgressError(
            f"Hoạt động số {row.activity_id}: có {row.named} người được ghi tên nhưng tổng số chỉ là {row.total}."
        )
    return row.total - row.named
