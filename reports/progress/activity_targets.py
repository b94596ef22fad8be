"""Targets that count units (K5, K6): a unit that did enough is one of one, and the commune counts such units."""

from collections import Counter
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import date, timedelta

from reports.progress.facts import ActivityFact, TargetRule, TeamFact
from reports.progress.flows import Flows, window_of
from reports.progress.lookup import Lookup
from reports.progress.tallies import Coverage, Tally, pool


def cover_hosts(rule: TargetRule, lookup: Lookup, flows: Flows) -> Coverage:
    """K5: at least ``min_count`` approved activities as host or co-host; a joint one credits each host (F3).

    A merged unit lives on what its predecessors did (F2).
    """
    done = _of_kinds(rule, lookup)
    approved = _units_with_enough(rule, (pk for row in done if row.official for pk in lookup.credited(row)))
    provisional = _units_with_enough(rule, (pk for row in done if row.provisional for pk in lookup.credited(row)))
    units = _tallies(rule, lookup, approved, provisional, lookup.reporting_units)
    return Coverage(units, pool(units))


def cover_teams(rule: TargetRule, lookup: Lookup, flows: Flows) -> Coverage:
    """K6: an active team with at least ``min_count`` approved activities in the window that ends at the as-of date.

    A merged village needs a team of its own (F2).
    """
    done, teams = _of_kinds(rule, lookup), lookup.facts.teams
    approved = [row for row in done if row.official]
    provisional = [row for row in done if row.provisional]
    until = lookup.facts.as_of
    units = _tallies(
        rule,
        lookup,
        _busy_villages(rule, approved, teams, until),
        _busy_villages(rule, provisional, teams, until),
        lookup.reporting_teams,
    )
    return Coverage(units, pool(units), previous_n=_previous(rule, approved, teams, until, units.keys()))


def _of_kinds(rule: TargetRule, lookup: Lookup) -> list[ActivityFact]:
    return [row for row in lookup.facts.activities if row.kind in rule.activity_kinds]


def _units_with_enough(rule: TargetRule, doers: Iterable[int]) -> frozenset[int]:
    return frozenset(unit_id for unit_id, count in Counter(doers).items() if count >= rule.min_count)


def _busy_villages(
    rule: TargetRule, rows: Iterable[ActivityFact], teams: Iterable[TeamFact], until: date
) -> frozenset[int]:
    """The villages whose team, active on the last day of the window, did enough itself: not one that it followed."""
    villages = {team.id: team.unit_id for team in teams if team.is_active(until)}
    first, last = window_of(rule, until)
    return _units_with_enough(
        rule, (villages[row.team_id] for row in rows if row.team_id in villages and first <= row.on <= last)
    )


def _previous(
    rule: TargetRule,
    rows: Iterable[ActivityFact],
    teams: Iterable[TeamFact],
    until: date,
    unit_ids: AbstractSet[int],
) -> int | None:
    """How many units the window before found, for the change beside K6; None where the rule has no window.

    Of today's units (F1), and with the teams of that time: one that was dissolved since is a loss that must show.
    """
    if rule.window_days is None:
        return None
    return len(_busy_villages(rule, rows, teams, until - timedelta(days=rule.window_days)) & unit_ids)


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
