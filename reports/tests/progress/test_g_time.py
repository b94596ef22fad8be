"""Rules G: time. The two clocks (G5) and local dates (G7) are the selectors' and tested there."""

from datetime import date

import pytest

from campaigns.choices import ActivityKind, UnitKind
from reports.progress import ProgressError
from reports.tests.progress.sample import K3, K6, activity, declared, members, progress, reached, unit


def test_g3_one_series_a_unit_not_one_a_user():
    with pytest.raises(ProgressError, match="một chuỗi số khai báo"):
        progress(K3, [unit(1)], declared=[declared(1, d=300, n=180), declared(1, d=300, n=260)])


def test_g3_two_units_of_one_user_are_two_series():
    target = progress(K3, [unit(1), unit(2)], declared=[declared(1, d=300, n=180), declared(2, d=300, n=260)])
    assert [row.cell.n for row in target.units] == [180, 260]


def test_g4_figures_are_pooled_never_averaged():
    """30/30, 12/40, 200/250: 242/320 = 75,6 %, where the mean of the three would be 70 %."""
    sizes = [(1, 30, 30), (2, 12, 40), (3, 200, 250)]
    people = [row for number, _, d in sizes for row in members(number, range(number * 1000, number * 1000 + d))]
    reaches = [row for number, n, _ in sizes for row in reached("K3", range(number * 1000, number * 1000 + n))]
    target = progress(K3, [unit(number) for number, _, _ in sizes], people=people, reaches=reaches)
    assert target.commune.text == "242/320 (75,6%)"


def test_the_activities_beside_k6_are_those_of_its_window_alone():
    """90 days until 31/12 begin on 3/10: the activities told beside the figure are those that made it."""
    days = [date(2026, 4, 10), date(2026, 10, 2), date(2026, 10, 3), date(2026, 12, 31)]
    done = [activity(n, host=1, kind=ActivityKind.SUPPORT, team=1, on=day) for n, day in enumerate(days, 1)]
    assert progress(K6, [unit(1, UnitKind.VILLAGE)], activities=done).activities == 2
