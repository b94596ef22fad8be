"""Rules E: households."""

from campaigns.choices import Group, UnitKind
from reports.progress import CellState, Verdict
from reports.progress.facts import HouseholdTally
from reports.tests.progress.sample import K4, declared, progress, unit

HOUSEHOLD = Group.HOUSEHOLD.value


def village(number: int):
    return unit(number, UnitKind.VILLAGE)


def test_e1_reached_households_are_distinct_over_all_channels():
    """1,250 reports, 1,000 distinct of 1,600: the tally comes distinct from the database, the engine adds villages."""
    tallies = [HouseholdTally(1, total=900, reached=600), HouseholdTally(2, total=700, reached=400)]
    target = progress(K4, [village(1), village(2)], households=tallies)
    assert target.second_tier.text == "1.000/1.600 (62,5%)"


def test_e2_the_two_tiers_stay_apart_and_k4_uses_the_second():
    tallies = [HouseholdTally(1, total=1600, reached=1000, passed=640, provisional_passed=700, checks=800)]
    target = progress(K4, [village(1)], households=tallies)
    assert target.commune.text == "640/1.600 (40,0%)"
    assert (target.commune.verdict, target.commune.missing) == (Verdict.NOT_MET, 480)
    assert target.units[0].second_tier.n == 1000
    assert target.commune.provisional_n == 700


def test_e2_checks_that_nobody_passed_are_a_report_of_zero():
    tallies = [
        HouseholdTally(1, total=100, checks=5),
        HouseholdTally(2, total=100),
        HouseholdTally(3, total=100, reached=9),
    ]
    target = progress(K4, [village(1), village(2), village(3)], households=tallies)
    assert [row.cell.state for row in target.units] == [CellState.VALUE, CellState.NOT_REPORTED, CellState.VALUE]
    assert [row.cell.n for row in target.units] == [0, None, 0]


def test_a_village_whose_households_were_never_listed_has_no_denominator():
    target = progress(K4, [village(1), village(2)], households=[HouseholdTally(1, total=10, passed=9, checks=9)])
    assert target.cell_of(2).state == CellState.NO_DENOMINATOR
    assert (target.commune.percent, target.commune.verdict) == ("90,0%", Verdict.NONE)


def test_a_village_may_declare_its_households():
    target = progress(
        K4,
        [village(1), village(2)],
        households=[HouseholdTally(1, total=100, passed=60, provisional_passed=60, checks=80)],
        declared=[declared(2, d=100, n=80, waiting=90, code="K4", group=HOUSEHOLD)],
    )
    assert (target.commune.n, target.commune.d, target.commune.verdict) == (140, 200, Verdict.MET)
    assert (target.commune.declared_n, target.commune.declared_d, target.commune.provisional_n) == (80, 100, 150)
