"""What the engine is told: plain rows, already cut by the two clocks (happened by T, approved by K; rule G5).

The rows that come by the thousand are NamedTuples, so that a selector builds them straight from ``values_list``.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, TypeAlias

from campaigns.choices import DenominatorPolicy, Operator, Qualifier

#: A unit id and a group: the grain at which rosters are kept and sources chosen.
Pair: TypeAlias = tuple[int, str]
#: First and last day, both included.
Span: TypeAlias = tuple[date, date]

PERSON_QUALIFIERS = frozenset({Qualifier.ATTENDANCE, Qualifier.PLATFORM_USE})


class ProgressError(ValueError):
    """Facts that contradict each other; no figure may be drawn from them. The message is for people to read."""


@dataclass(frozen=True, slots=True)
class TargetRule:
    """One clause of the plan as data. Thresholds are in basis points: 9000 is 90 %.

    ``version`` is the number of its wording, in force since ``effective_on`` (H6). ``fixed_on`` belongs to the policy
    FIXED (C6).
    """

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
    denominator_policy: DenominatorPolicy = DenominatorPolicy.AS_OF
    fixed_on: date | None = None
    version: int = 1
    effective_on: date | None = None

    @property
    def counts_people(self) -> bool:
        return self.qualifier in PERSON_QUALIFIERS

    @property
    def counts_units(self) -> bool:
        return self.qualifier in (Qualifier.HOSTED_ACTIVITY, Qualifier.TEAM_ACTIVITY)


@dataclass(frozen=True, slots=True)
class UnitFact:
    """A unit and its life (rule F1); ``closed_on`` is the last day it is open, ``predecessor_ids`` were merged (F2)."""

    id: int
    code: str
    name: str
    kind: str
    opened_on: date
    closed_on: date | None = None
    predecessor_ids: frozenset[int] = frozenset()

    def is_open(self, on: date) -> bool:
        return self.is_open_within(on, on)

    def is_open_within(self, first: date, last: date) -> bool:
        """Whether it is open on some day from ``first`` through ``last``."""
        return self.opened_on <= last and (self.closed_on is None or first <= self.closed_on)


class MemberFact(NamedTuple):
    """A membership that counts under the target's denominator policy (rule C6)."""

    person_id: int
    unit_id: int
    group: str


class ReachFact(NamedTuple):
    """The first day a person qualified for a target (rules C1-C3): one row per target and person.

    ``official_on`` looks at approved records only; ``provisional_on`` at the waiting ones too (rule H1), among them new
    versions that no longer name the person (H2): then it is None.
    """

    target_code: str
    person_id: int
    official_on: date | None
    provisional_on: date | None


class HouseholdFact(NamedTuple):
    """A household of the counted set in its village, once over all channels (rules E1-E3); days are the first ones.

    ``*_on`` are official days (None: never; any check reaches), ``provisional_*`` count what waits as well.
    A household that moved within the year is a fact in each village where any day counts (C6).
    """

    household_id: int
    unit_id: int
    reached_on: date | None = None
    passed_on: date | None = None
    provisional_reached: bool = False
    provisional_passed: bool = False


class ActivityFact(NamedTuple):
    """An activity that was approved (``official``) or waits; ``unit_ids`` are the host and the co-hosts.

    ``team_id`` is the digital team that carried it out, ``team_unit_id`` that team's village. An approved one whose new
    version waits is not ``provisional``: that version is (H2).
    """

    id: int
    kind: str
    on: date
    unit_ids: frozenset[int]
    host_id: int
    team_unit_id: int | None = None
    official: bool = True
    team_id: int | None = None
    provisional: bool = True


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

    ``members`` and ``households`` map a target's code to its counted set (C6; targets may share one list).
    ``known_rosters`` tells "nobody is left" (rule B2) from "no roster was ever entered" (rule B3). ``excluded`` holds,
    by target code, the people left out by approved exclusions (C8). ``starts_on`` is the campaign's first day.
    """

    as_of: date
    approved_by: date
    rules: Sequence[TargetRule]
    units: Sequence[UnitFact]
    members: Mapping[str, Sequence[MemberFact]] = field(default_factory=dict)
    reaches: Sequence[ReachFact] = ()
    households: Mapping[str, Sequence[HouseholdFact]] = field(default_factory=dict)
    activities: Sequence[ActivityFact] = ()
    audiences: Sequence[AudienceFact] = ()
    teams: Sequence[TeamFact] = ()
    declared: Sequence[DeclaredFact] = ()
    excluded: Mapping[str, AbstractSet[int]] = field(default_factory=dict)
    known_rosters: AbstractSet[Pair] = frozenset()
    starts_on: date | None = None

    def span_of(self, rule: TargetRule) -> Span:
        """The days of which one must have been spent in a unit to count there (rule C6)."""
        return counted_span(rule, starts_on=self.starts_on or self.as_of, as_of=self.as_of)


def counted_span(rule: TargetRule, *, starts_on: date, as_of: date) -> Span:
    """First and last day that decide who, and which unit, belongs to a target's counted set (rule C6).

    One day, the as-of date or a fixed one, never after the as-of date; the year so far for "ever present" (before the
    year begins: that day). Units that are counted themselves (K5, K6) are always those of the as-of date (F1).
    """
    if rule.counts_units or rule.denominator_policy == DenominatorPolicy.AS_OF:
        return as_of, as_of
    if rule.denominator_policy == DenominatorPolicy.EVER:
        return min(starts_on, as_of), as_of
    day = min(rule.fixed_on or as_of, as_of)
    return day, day
