"""People and households newly reached by month (rule C2): the first qualifying day decides the month."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import accumulate
from typing import NamedTuple, TypeAlias

from reports.progress.facts import Facts, TargetRule
from reports.progress.lookup import look_up
from reports.progress.people import commune_roster

Month: TypeAlias = tuple[int, int]


class MonthPoint(NamedTuple):
    year: int
    month: int
    new: int
    cumulative: int


def newly_reached(facts: Facts, rule: TargetRule, *, since: date | None = None) -> tuple[MonthPoint, ...]:
    """The listed members of D by the month they were first officially reached (a household: passed its first check).

    In: the facts of ``compute_progress`` and a target that counts people or households. Out: every month from the first
    one with somebody (or from ``since``, if earlier) to the as-of date; ``new`` sums to the commune's n less its
    ``declared_n``, for declared totals have nobody behind them. Empty when nobody was reached and ``since`` is absent.
    """
    new = _new_by_month(facts, rule)
    starts = [*new, *([_month_of(since)] if since else [])]
    if not starts:
        return ()
    months = list(_months(min(starts), max(_month_of(facts.as_of), *starts)))
    running = accumulate(new[month] for month in months)
    return tuple(MonthPoint(*month, new[month], total) for month, total in zip(months, running, strict=True))


def _new_by_month(facts: Facts, rule: TargetRule) -> Counter[Month]:
    return Counter(_month_of(day) for day in first_days(facts, rule).values())


def first_days(facts: Facts, rule: TargetRule) -> dict[int, date]:
    """By id the listed members of the commune's D who count, each with the first official day (C2)."""
    roster = commune_roster(rule, look_up(facts))
    return {pk: day for pk, day in _qualified(facts, rule) if day is not None and pk in roster}


def _qualified(facts: Facts, rule: TargetRule) -> Iterator[tuple[int, date | None]]:
    if rule.counts_people:
        return ((row.person_id, row.official_on) for row in facts.reaches if row.target_code == rule.code)
    return ((row.household_id, row.passed_on) for row in facts.households.get(rule.code, ()))


def _month_of(day: date) -> Month:
    return day.year, day.month


def _months(first: Month, last: Month) -> Iterator[Month]:
    for index in range(first[0] * 12 + first[1] - 1, last[0] * 12 + last[1]):
        yield index // 12, index % 12 + 1
