"""What must hold for every figure, not only for the examples."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.choices import Operator, Qualifier
from reports.progress import TargetRule, Verdict, newly_reached
from reports.progress.facts import MemberFact, ReachFact
from reports.progress.numbers import FULL_BP, floor_percent, missing_for, percent_text, shown_decimals, verdict_of
from reports.tests.progress.sample import K3, PUPIL, YEAR_END, facts_of, progress, unit

UNITS = [unit(number) for number in (1, 2, 3)]


@st.composite
def rules(draw: st.DrawFn) -> TargetRule:
    threshold = draw(st.integers(1, FULL_BP - 1))
    tolerance = draw(st.integers(0, threshold))
    operator = draw(st.sampled_from(Operator))
    return TargetRule("K", "", operator, Qualifier.ATTENDANCE, threshold, tolerance)


@st.composite
def fractions(draw: st.DrawFn) -> tuple[int, int]:
    d = draw(st.integers(1, 90_000))
    return draw(st.integers(0, d)), d


def exactly(rule: TargetRule, value: Fraction) -> Verdict:
    """Rules A1 and A6 word for word, on exact fractions."""
    target, lowest = Fraction(rule.threshold_bp, FULL_BP), Fraction(rule.threshold_bp - rule.tolerance_bp, FULL_BP)
    if rule.operator == Operator.MORE_THAN:
        return Verdict.MET if value > target else Verdict.NOT_MET
    if rule.operator == Operator.AT_LEAST:
        return Verdict.MET if value >= target else Verdict.NOT_MET
    if rule.operator == Operator.ABOUT:
        return Verdict.MET if value >= target else Verdict.NEAR if value >= lowest else Verdict.NOT_MET
    return Verdict.MET if value == 1 else Verdict.NOT_MET


@given(rules(), fractions())
def test_the_verdict_is_that_of_the_exact_fraction(rule, fraction):
    n, d = fraction
    assert verdict_of(rule, n, d) == exactly(rule, Fraction(n, d))


@given(rules(), fractions())
def test_a_shown_percentage_never_crosses_the_target_nor_exceeds_the_exact_one(rule, fraction):
    n, d = fraction
    shown = Fraction(Decimal(percent_text(n, d, rule).rstrip("%").replace(",", "."))) / 100
    assert shown <= Fraction(n, d)
    assert exactly(rule, shown) == exactly(rule, Fraction(n, d))


@given(rules(), fractions())
def test_no_decimal_is_added_without_need(rule, fraction):
    n, d = fraction
    decimals = shown_decimals(n, d, rule)
    shorter = Fraction(floor_percent(n, d, decimals - 1)) / 100
    assert decimals == 1 or exactly(rule, shorter) != exactly(rule, Fraction(n, d))


@given(rules(), fractions())
def test_missing_is_sufficient_minimal_and_within_reach(rule, fraction):
    n, d = fraction
    missing = missing_for(rule, n, d)
    assert n + missing <= d
    assert verdict_of(rule, n + missing, d) == Verdict.MET
    assert missing == 0 or verdict_of(rule, n + missing - 1, d) != Verdict.MET


people = st.integers(1, 30)
rosters = st.lists(st.builds(MemberFact, people, st.integers(1, 3), st.just(PUPIL)), max_size=40)
days = st.integers(0, 364).map(lambda day: date(2026, 1, 1) + timedelta(days=day))
reach_lists = st.lists(
    st.builds(ReachFact, st.just("K3"), people, st.none() | days, days),
    unique_by=lambda row: row.person_id,
    max_size=30,
)


@settings(max_examples=200)
@given(rosters, reach_lists)
def test_listed_people_never_exceed_their_denominator_and_units_reconcile_with_the_commune(roster, reaches):
    target = progress(K3, UNITS, people=roster, reaches=reaches)
    commune = target.commune
    assert not any(row.cell.is_over for row in target.units)
    assert (commune.n or 0) <= (commune.provisional_n or 0) <= (commune.d or 0)
    assert sum(row.cell.n or 0 for row in target.units) - target.overlap_n == (commune.n or 0)
    assert sum(row.cell.d or 0 for row in target.units) - target.overlap_d == (commune.d or 0)
    assert (commune.d or 0) == len({row.person_id for row in roster})


@settings(max_examples=200)
@given(rosters, reach_lists)
def test_the_months_sum_to_n(roster, reaches):
    facts = facts_of(K3, UNITS, people=roster, reaches=reaches)
    months = newly_reached(facts, K3)
    reached = progress(K3, UNITS, people=roster, reaches=reaches).commune.n or 0
    assert sum(point.new for point in months) == reached
    assert not months or (months[-1].cumulative, months[-1].year, months[-1].month) == (reached, 2026, YEAR_END.month)
