"""What adds up: attendances (lượt), unnamed heads and activities. They stay with the host (C4, G1)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from campaigns.choices import Qualifier
from reports.progress.facts import Span, TargetRule
from reports.progress.lookup import Lookup, Session


@dataclass(frozen=True, slots=True)
class Flows:
    """The official sessions that serve one target; by host unit, and for the commune each session once (F3, H8).

    ``hosts`` said how many of the counted groups they had, be it 0 (B1), or continue a unit that did (F2).
    """

    activities: int
    attendances: int
    unnamed: int
    attendances_by_host: Mapping[int, int]
    unnamed_by_host: Mapping[int, int]
    hosts: frozenset[int]


def flows_of(rule: TargetRule, lookup: Lookup) -> Flows:
    """Add up the sessions that serve the target."""
    of_kinds = _of_kinds(rule, lookup)
    serving = _serving(rule, lookup, of_kinds)
    attendances = _per_host((session, attendances_of(session, rule)) for session in serving)
    unnamed = _per_host((session, unnamed_of(session, rule)) for session in serving)
    return Flows(
        activities=len(serving),
        attendances=attendances.total(),
        unnamed=unnamed.total(),
        attendances_by_host=attendances,
        unnamed_by_host=unnamed,
        hosts=frozenset().union(*(lookup.credited(session.activity) for session in _telling(rule, of_kinds))),
    )


def serving_sessions(rule: TargetRule, lookup: Lookup) -> list[Session]:
    """The official sessions of the target's kinds and days (C3, K6) that concern whom the target counts."""
    return _serving(rule, lookup, _of_kinds(rule, lookup))


def _serving(rule: TargetRule, lookup: Lookup, of_kinds: Iterable[Session]) -> list[Session]:
    units = frozenset(unit.id for unit in lookup.applicable_units(rule)) if rule.counts_units else frozenset()
    return [session for session in of_kinds if _concerns(rule, session, lookup, units)]


def _telling(rule: TargetRule, of_kinds: Iterable[Session]) -> list[Session]:
    """Those that name a number of the counted groups: a 0 that was said is a report, and serves nobody (B1)."""
    return [session for session in of_kinds if not rule.groups.isdisjoint(session.unnamed)]


def _of_kinds(rule: TargetRule, lookup: Lookup) -> list[Session]:
    of_kinds = [session for session in lookup.sessions if session.activity.kind in rule.activity_kinds]
    first, last = window_of(rule, lookup.facts.as_of)
    return [session for session in of_kinds if first <= session.activity.on <= last]


def in_window(rule: TargetRule, on: date, until: date) -> bool:
    """Whether the day lies in the rule's window."""
    first, last = window_of(rule, until)
    return first <= on <= last


def window_of(rule: TargetRule, until: date) -> Span:
    """The window holds its last day and ``window_days`` days in all; without a window every day up to it."""
    return date.min if rule.window_days is None else until - timedelta(days=rule.window_days - 1), until


def _concerns(rule: TargetRule, session: Session, lookup: Lookup, units: frozenset[int]) -> bool:
    if rule.qualifier == Qualifier.HOSTED_ACTIVITY:
        return not units.isdisjoint(lookup.credited(session.activity))
    if rule.qualifier == Qualifier.TEAM_ACTIVITY:
        return session.activity.team_unit_id in units
    return not rule.groups.isdisjoint(session.groups)


def attendances_of(session: Session, rule: TargetRule) -> int:
    """Lượt of people; of households where the target counts households: the two are never added together."""
    return session.households if rule.qualifier == Qualifier.HOUSEHOLD_CHECK else session.named


def unnamed_of(session: Session, rule: TargetRule) -> int:
    """Heads without a name in the groups that the target counts (D2)."""
    return sum(heads for group, heads in session.unnamed.items() if group in rule.groups)


def _per_host(rows: Iterable[tuple[Session, int]]) -> Counter[int]:
    heads: Counter[int] = Counter()
    for session, count in rows:
        heads[session.activity.host_id] += count
    return heads
