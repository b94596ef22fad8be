"""Rules A: comparing and showing."""

from dataclasses import replace
from decimal import Decimal

import pytest

from campaigns.choices import Operator
from reports.progress import Verdict
from reports.progress.numbers import floor_percent, missing_for, percent_text, shown_decimals, verdict_of
from reports.tests.progress.sample import K1, K3, K4, figure

AT_LEAST_90 = replace(K1, operator=Operator.AT_LEAST)


@pytest.mark.parametrize(
    ("n", "d", "verdict"),
    [(45, 50, Verdict.NOT_MET), (46, 50, Verdict.MET), (91, 101, Verdict.MET), (90, 100, Verdict.NOT_MET)],
)
def test_a1_more_than_90_percent_compares_whole_numbers(n, d, verdict):
    assert figure(K1, n, d).verdict == verdict


def test_a1_at_least_90_percent_holds_at_the_threshold_itself():
    assert verdict_of(AT_LEAST_90, 45, 50) == Verdict.MET
    assert verdict_of(AT_LEAST_90, 44, 50) == Verdict.NOT_MET


def test_a1_a_number_too_large_for_a_float_is_still_compared_exactly():
    d = 10**17
    assert verdict_of(K1, d // 10 * 9, d) == Verdict.NOT_MET
    assert verdict_of(K1, d // 10 * 9 + 1, d) == Verdict.MET


@pytest.mark.parametrize(
    ("n", "d", "shown"),
    [(1799, 2000, "89,9%"), (91, 101, "90,09%"), (1999, 2000, "99,9%"), (46, 50, "92,0%"), (45, 50, "90,0%")],
)
def test_a2_one_decimal_rounded_down_and_more_where_it_would_cross_the_target(n, d, shown):
    assert figure(K1, n, d).percent == shown


def test_a2_all_but_one_of_2000_is_never_100():
    assert percent_text(1999, 2000, K3) == "99,9%"
    assert percent_text(2000, 2000, K3) == "100,0%"


def test_a2_at_most_four_decimals_are_added():
    assert percent_text(900_001, 1_000_000, K1) == "90,0001%"
    assert shown_decimals(9_000_000_001, 10_000_000_000, K1) == 4


def test_a2_the_edge_of_the_tolerance_is_not_crossed_either():
    assert verdict_of(replace(K4, tolerance_bp=475), 2610, 4000) == Verdict.NEAR
    assert percent_text(2610, 4000, replace(K4, tolerance_bp=475)) == "65,25%"


def test_a3_a_workbook_gets_the_rounded_down_value():
    assert floor_percent(1799, 2000, 1) == Decimal("89.9")
    assert floor_percent(91, 101, 2) == Decimal("90.09")
    assert f"{floor_percent(46, 50, 1)}" == "92.0"


def test_a4_the_fraction_stands_beside_the_percentage():
    assert figure(K1, 46, 50).text == "46/50 (92,0%)"
    assert figure(K3, 2690, 3000).text == "2.690/3.000 (89,6%)"


@pytest.mark.parametrize(("n", "d", "missing"), [(45, 50, 1), (46, 50, 0), (0, 10, 10), (9, 10, 1), (10, 10, 0)])
def test_a5_the_gap_is_said_in_people(n, d, missing):
    assert missing_for(K1, n, d) == missing


def test_a5_a_unit_of_ten_needs_ten_for_more_than_90_percent():
    assert figure(K1, 9, 10).verdict == Verdict.NOT_MET
    assert figure(K1, 9, 10).missing == 1
    assert figure(K1, 10, 10).verdict == Verdict.MET


@pytest.mark.parametrize(
    ("n", "verdict", "word"),
    [
        (700, Verdict.MET, "Đạt"),
        (699, Verdict.NEAR, "Xấp xỉ"),
        (650, Verdict.NEAR, "Xấp xỉ"),
        (649, Verdict.NOT_MET, "Chưa đạt"),
    ],
)
def test_a6_about_70_percent_is_met_near_within_its_tolerance_or_not_met(n, verdict, word):
    assert verdict_of(K4, n, 1000) == verdict
    assert verdict.label == word


def test_a6_without_a_tolerance_nothing_is_near():
    assert verdict_of(replace(K4, tolerance_bp=0), 699, 1000) == Verdict.NOT_MET
