"""The pace of a target, the pace it needs, and its forecast: a range, labelled, never above d, never a verdict (H7)."""

from dataclasses import fields
from datetime import date, timedelta
from decimal import Decimal

import pytest

from campaigns.choices import ActivityKind, UnitKind
from reports.progress import Cell, CellState, Verdict
from reports.progress.pace import (
    DeclaredPoint,
    Forecast,
    Growth,
    Horizon,
    NeededPace,
    ScheduledFact,
    Window,
    needed_pace,
    new_between,
    newly_scheduled,
    pace_of,
    qualifying_days,
)
from reports.tests.progress.sample import K3, K5, K6, activity, facts_of, figure, members, reached, unit, waiting

TODAY = date(2026, 10, 1)
YEAR = Horizon(date(2026, 1, 1), TODAY, date(2026, 12, 31))


def days(count: int, ago: int) -> list[date]:
    return [TODAY - timedelta(ago)] * count


def cell(n: int, d: int) -> Cell:
    return figure(K3, n, d)


def test_the_pace_is_told_for_the_last_four_and_eight_weeks():
    growth = Growth(days(12, ago=0) + days(36, ago=27) + days(8, ago=28) + days(100, ago=56))
    four, eight = pace_of(K3, cell(156, 1000), growth, YEAR).windows
    assert (four.gained, four.days, four.weekly) == (48, 28, Decimal("12.0"))
    assert (eight.gained, eight.days, eight.weekly_text) == (56, 56, "7")


def test_a_weeks_share_is_rounded_down():
    assert Window(date(2026, 9, 4), TODAY, 50).weekly_text == "12,5"
    assert Window(date(2026, 9, 4), TODAY, 51).weekly_text == "12,7"


@pytest.mark.parametrize(
    ("missing", "days_left", "per_week"),
    [(310, 91, 24), (312, 91, 24), (313, 91, 25), (1, 91, 1), (5, 7, 5), (5, 8, 5)],
)
def test_the_needed_pace_is_rounded_up_so_that_it_suffices(missing, days_left, per_week):
    pace = NeededPace(missing, days_left)
    assert pace.per_week == per_week
    assert per_week * days_left >= missing * 7


def test_nothing_is_needed_where_the_target_is_met_and_no_pace_helps_on_the_last_day():
    assert needed_pace(K3, cell(50, 50), YEAR).is_done
    over = needed_pace(K3, cell(40, 50), YEAR._replace(as_of=YEAR.ends_on))
    assert (over.is_over, over.per_week, over.missing) == (True, None, 10)
    assert NeededPace(5, 3).per_week is None


def test_no_denominator_no_needed_pace():
    assert needed_pace(K3, Cell(CellState.NO_DENOMINATOR, n=5), YEAR) is None


def test_h7_a_forecast_is_a_range_from_the_slowest_and_the_fastest_of_recent_weeks():
    """91 days are left. 28 reached in the last four weeks, 56 in the four before: 91 to 182 more."""
    growth = Growth(days(28, ago=10) + days(56, ago=40))
    forecast = pace_of(K3, cell(300, 1000), growth, YEAR).forecast
    assert (forecast.low, forecast.high) == (391, 482)
    assert forecast.text == "391/1.000 (39,1%) đến 482/1.000 (48,2%)"


def test_h7_a_forecast_never_exceeds_the_whole():
    growth = Growth(days(700, ago=10) + days(100, ago=40))
    forecast = pace_of(K3, cell(900, 1000), growth, YEAR, scheduled=500).forecast
    assert (forecast.low, forecast.high, forecast.high_percent) == (1000, 1000, "100,0%")


def test_h7_a_forecast_carries_no_verdict_and_leaves_that_of_the_figure_alone():
    before = cell(300, 1000)
    pace_of(K3, before, Growth(days(700, ago=10) + days(1, ago=40)), YEAR)
    assert before.verdict == Verdict.NOT_MET
    assert "verdict" not in {*Forecast._fields, *(found.name for found in fields(pace_of(K3, before, Growth(), YEAR)))}


def test_h7_a_forecast_says_whole_people():
    """1 in the last four weeks gives 3,25 more in 91 days: 3 at the slow end, 4 at the fast one."""
    forecast = pace_of(K3, cell(2, 1000), Growth(days(1, ago=10) + days(1, ago=40)), YEAR).forecast
    assert (forecast.low, forecast.high) == (5, 6)


def test_what_is_scheduled_raises_the_forecast_and_stands_in_it_once():
    growth = Growth(days(28, ago=10) + days(28, ago=40))
    assert pace_of(K3, cell(300, 1000), growth, YEAR, scheduled=40).forecast[:2] == (391, 431)
    assert pace_of(K3, cell(300, 1000), growth, YEAR, scheduled=120).forecast[:2] == (420, 511)


@pytest.mark.parametrize(
    "known",
    [
        Cell(CellState.NOT_REPORTED, d=50, missing=50),
        Cell(CellState.NO_DENOMINATOR, n=5),
        Cell(CellState.VALUE, n=52, d=50, percent="104,0 %", is_over=True, missing=0),
    ],
)
def test_without_report_without_denominator_and_above_it_nothing_is_forecast(known):
    assert pace_of(K3, known, Growth(days(5, ago=3) + days(5, ago=40)), YEAR).forecast is None


def test_a_campaign_of_four_weeks_is_too_young_and_an_ended_one_is_over():
    growth = Growth(days(5, ago=3))
    young = pace_of(K3, cell(5, 50), growth, YEAR._replace(starts_on=TODAY - timedelta(27)))
    assert (len(young.windows), young.forecast) == (1, None)
    assert pace_of(K3, cell(5, 50), growth, YEAR._replace(ends_on=TODAY)).forecast is None


def test_a_window_does_not_reach_behind_the_campaigns_first_day():
    pace = pace_of(K3, cell(5, 50), Growth(days(5, ago=3)), YEAR._replace(starts_on=TODAY - timedelta(41)))
    assert [window.days for window in pace.windows] == [28, 42]


def test_a_rule_with_a_moving_window_has_no_pace():
    assert pace_of(K6, cell(5, 50), Growth(days(5, ago=3)), YEAR) == pace_of(K6, cell(9, 50), Growth(), YEAR)
    assert pace_of(K6, cell(5, 50), Growth(), YEAR).needed is None


def test_declared_totals_grow_evenly_between_their_days():
    """100 on 1 July, 160 on 30 August (60 days later): one a day; then nothing more is known."""
    series = [[DeclaredPoint(date(2026, 7, 1), 100), DeclaredPoint(date(2026, 8, 30), 160)]]
    four, eight = pace_of(K3, cell(160, 1000), Growth(series=series), YEAR).windows
    assert (eight.first, eight.gained) == (date(2026, 8, 7), 24)
    assert four.gained == 0


def test_the_first_declared_total_grew_since_the_campaigns_start():
    series = [[DeclaredPoint(TODAY, 274)]]
    assert pace_of(K3, cell(274, 1000), Growth(series=series), YEAR).windows[0].gained == 28


def test_a_declared_decrease_is_drawn_out_as_standing_still():
    series = [[DeclaredPoint(date(2026, 7, 1), 300), DeclaredPoint(TODAY, 200)]]
    pace = pace_of(K3, cell(200, 1000), Growth(series=series), YEAR)
    assert pace.windows[0].gained < 0
    assert pace.forecast[:2] == (200, 200)


SCHOOLS = [unit(1), unit(2)]


def test_the_days_are_those_of_the_counted_of_a_unit_or_of_the_commune():
    people = members(1, [1, 2]) + members(2, [2, 3])
    reaches = reached("K3", [1, 9], date(2026, 3, 1)) + reached("K3", [2], date(2026, 4, 1)) + waiting("K3", [3])
    facts = facts_of(K3, SCHOOLS, people=people, reaches=reaches)
    assert qualifying_days(facts, K3) == [date(2026, 3, 1), date(2026, 4, 1)]
    assert qualifying_days(facts, K3, 2) == [date(2026, 4, 1)]
    assert new_between(facts, K3, date(2026, 4, 1), date(2026, 4, 30)) == {None: 1, 1: 1, 2: 1}


def test_a_counted_unit_qualifies_on_the_day_of_the_activity_that_it_still_needed():
    done = [
        activity(1, 1, ActivityKind.FESTIVAL, on=date(2026, 3, 1), co_hosts=[2]),
        activity(2, 1, ActivityKind.FESTIVAL, on=date(2026, 2, 1)),
        activity(3, 2, ActivityKind.FESTIVAL, on=date(2026, 1, 1), official=False),
    ]
    facts = facts_of(K5, SCHOOLS, activities=done)
    assert qualifying_days(facts, K5) == [date(2026, 2, 1), date(2026, 3, 1)]
    assert qualifying_days(facts, K5, 2) == [date(2026, 3, 1)]


def plan(number: int, host: int, people=(), kind=ActivityKind.LESSON) -> ScheduledFact:
    return ScheduledFact(number, kind.value, frozenset({host}), host, frozenset(people))


def test_scheduled_people_are_those_who_do_not_count_yet_each_once():
    facts = facts_of(K3, SCHOOLS, people=members(1, range(1, 6)) + members(2, [6]), reaches=reached("K3", [1]))
    plans = [plan(1, 1, [1, 2, 3, 99]), plan(2, 1, [3, 4]), plan(3, 1, [5], ActivityKind.FESTIVAL)]
    assert newly_scheduled(facts, K3, plans) == 3
    assert newly_scheduled(facts, K3, plans, 1) == 3
    assert newly_scheduled(facts, K3, plans, 2) == 0


def test_scheduled_units_are_those_that_would_have_enough():
    facts = facts_of(K5, SCHOOLS, activities=[activity(1, 1, ActivityKind.FESTIVAL)])
    plans = [plan(2, 1, kind=ActivityKind.FESTIVAL), plan(3, 2, kind=ActivityKind.FESTIVAL)]
    assert newly_scheduled(facts, K5, plans) == 1
    assert newly_scheduled(facts, K5, plans, 1) == 0


def test_a_village_is_not_brought_by_a_plan():
    facts = facts_of(K6, [unit(1, UnitKind.VILLAGE)])
    assert newly_scheduled(facts, K6, [plan(2, 1, kind=ActivityKind.SUPPORT)]) == 0
