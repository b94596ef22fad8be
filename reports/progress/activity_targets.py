"""Targets that count units (K5, K6): a unit that did enough is one of one, and the commune counts such units."""

from collections import Counter
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import date, timedelta

from reports.progress.facts import ActivityFact, TargetRule
from reports.progress.flows import Flows
from reports.progress.lookup import Lookup
from reports.progress.tallies import Coverage, Tally, pool


def cover_hosts(rule: TargetRule, lookup: Lookup, flows: Flows) -> Coverage:
    """K5: at least ``min_count`` approved activities as host or co-host; a joint one credits each host (F3)."""
    done = _of_kinds(rule, lookup)
    approved = _units_with_enough(rule, (unit_id for row in done if row.official for unit_id in row.unit_ids))
    provisional = _units_with_enough(rule, (unit_id for row in done for unit_id in row.unit_ids))
    units = _tallies(rule, lookup, approved, provisional, lookup.reporting_units)
    return Coverage(units, pool(units))


def cover_teams(rule: TargetRule, lookup: Lookup, flows: Flows) -> Coverage:
    """K6: an active team with at least ``min_count`` approved activities in the window that ends at the as-of date."""
    active = frozenset(team.unit_id for team in lookup.facts.teams if team.active)
    done = [row for row in _of_kinds(rule, lookup) if row.team_unit_id in active]
    approved = [row for row in done if row.official]
    until = lookup.facts.as_of
    units = _tallies(
        rule,
        lookup,
        _busy_teams(rule, approved, until),
        _busy_teams(rule, done, until),
        lookup.reporting_teams,
    )
    return Coverage(units, pool(units), previous_n=_previous(rule, approved, until, units.keys()))


def _of_kinds(rule: TargetRule, lookup: Lookup) -> list[ActivityFact]:
    return [row for row in lookup.facts.activities if row.kind in rule.activity_kinds]


def _units_with_enough(rule: TargetRule, doers: Iterable[int]) -> frozenset[int]:
    return frozenset(unit_id for unit_id, count in Counter(doers).items() if count >= rule.min_count)


def _busy_teams(rule: TargetRule, rows: Iterable[ActivityFact], until: date) -> frozenset[int]:
    return _units_with_enough(
        rule,
        (row.team_unit_id for row in rows if row.team_unit_id is not None and _in_window(rule, row.on, until)),
    )


def _in_window(rule: TargetRule, on: date, until: date) -> bool:
    """The window holds its last day and ``window_days`` days in all."""
    return on <= until and (rule.window_days is None or on > until - timedelta(days=rule.window_days))


def _previous(rule: TargetRule, rows: Iterable[ActivityFact], until: date, unit_ids: AbstractSet[int]) -> int | None:
    """How many units the window before found, for the change beside K6; None where the rule has no window."""
    if rule.window_days is None:
        return None
    return len(_busy_teams(rule, rows, until - timedelta(days=rule.window_days)) & unit_ids)


def _tallies(
    rule: TargetRule,
    lookup: Lookup,
    approved: AbstractSet[int],
    provisional: AbstractSet[int],
    reporting: AbstractSet[int],
) -> dict[int, Tally]:
    return {
        unit.id: Tally(
            n=int(unit.id in approved),
            d=1,
            provisional_n=int(unit.id in provisional),
            is_reported=unit.id in reporting,
        )
        for unit in lookup.applicable_units(rule)
    }
