"""What the engine is told: plain rows, already cut by the two clocks (happened by T, approved by K; rule G5).

The rows that come by the thousand are NamedTuples, so that a selector builds them straight from ``values_list``.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, TypeAlias

from campaigns.choices import Operator, Qualifier

#: A unit id and a group: the grain at which rosters are kept and sources chosen.
Pair: TypeAlias = tuple[int, str]

PERSON_QUALIFIERS = frozenset({Qualifier.ATTENDANCE, Qualifier.PLATFORM_USE})


class ProgressError(ValueError):
    """Facts that contradict each other; no figure may be drawn from them. The message is for people to read."""


@dataclass(frozen=True, slots=True)
class TargetRule:
    """One clause of the plan as data. Thresholds are in basis points: 9000 is 90 %."""

    code: str
    clause: str
    operator: Operator
    qualifier: Qualifier
    threshold_bp: int = 10_000
    tolerance_bp: int = 0
    groups: frozenset[str] = frozenset()
    unit_kinds: frozenset[str] = frozenset()
    activity_kinds: frozenset[str] = frozenset()
    min_sessions: int = 1
    min_count: int = 1
    window_days: int | None = None

    @property
    def counts_people(self) -> bool:
        return self.qualifier in PERSON_QUALIFIERS

    @property
    def counts_units(self) -> bool:
        return self.qualifier in (Qualifier.HOSTED_ACTIVITY, Qualifier.TEAM_ACTIVITY)


@dataclass(frozen=True, slots=True)
class UnitFact:
    """A unit and its life (rule F1); ``closed_on`` is the last day it is open."""

    id: int
    code: str
    name: str
    kind: str
    opened_on: date
    closed_on: date | None = None

    def is_open(self, on: date) -> bool:
        return self.opened_on <= on and (self.closed_on is None or on <= self.closed_on)


class MemberFact(NamedTuple):
    """A membership that counts under the target's denominator policy (rule C6)."""

    person_id: int
    unit_id: int
    group: str


class ReachFact(NamedTuple):
    """The first day a person qualified for a target (rules C1-C3): one row per target and person.

    ``official_on`` looks at approved records only; ``provisional_on`` at the waiting ones too (rule H1).
    """

    target_code: str
    person_id: int
    official_on: date | None
    provisional_on: date


class HouseholdTally(NamedTuple):
    """A village's households, each counted once over all channels (rules E1, E2); ``checks`` = approved checks."""

    unit_id: int
    total: int
    reached: int = 0
    passed: int = 0
    provisional_reached: int = 0
    provisional_passed: int = 0
    checks: int = 0


class ActivityFact(NamedTuple):
    """An activity that was approved (``official``) or waits; ``unit_ids`` are the host and the co-hosts.

    ``team_id`` is the digital team that carried it out, ``team_unit_id`` that team's village.
    """

    id: int
    kind: str
    on: date
    unit_ids: frozenset[int]
    host_id: int
    team_unit_id: int | None = None
    official: bool = True
    team_id: int | None = None


class AudienceFact(NamedTuple):
    """Who was there, by the group they belonged to that day; ``total`` is the declared head-count of the group."""

    activity_id: int
    group: str | None
    named: int
    total: int | None = None


class TeamFact(NamedTuple):
    """A digital team of a village and its life; ``dissolved_on`` is its last day."""

    id: int
    unit_id: int
    founded_on: date
    dissolved_on: date | None = None

    def is_active(self, on: date) -> bool:
        return self.founded_on <= on and (self.dissolved_on is None or on <= self.dissolved_on)


class DeclaredFact(NamedTuple):
    """The declared figures of a unit and group whose source is "khai báo": one series a unit (rule G3).

    ``d`` is the head-count (None: never declared). ``official`` and ``provisional`` map a target's code to the last
    running total at the as-of date (rule G1); a code that is absent was never declared.
    """

    unit_id: int
    group: str
    d: int | None
    official: Mapping[str, int]
    provisional: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything one reading of the campaign needs.

    ``members`` maps a target's code to its memberships (targets may share one list). ``known_rosters`` tells "nobody
    is left" (rule B2) from "no roster was ever entered" (rule B3).
    """

    as_of: date
    approved_by: date
    rules: Sequence[TargetRule]
    units: Sequence[UnitFact]
    members: Mapping[str, Sequence[MemberFact]] = field(default_factory=dict)
    reaches: Sequence[ReachFact] = ()
    households: Sequence[HouseholdTally] = ()
    activities: Sequence[ActivityFact] = ()
    audiences: Sequence[AudienceFact] = ()
    teams: Sequence[TeamFact] = ()
    declared: Sequence[DeclaredFact] = ()
    known_rosters: AbstractSet[Pair] = frozenset()
