"""Rules E: households."""

from datetime import date

from campaigns.choices import Group, UnitKind
from reports.progress import CellState, Verdict, newly_reached, split
from reports.progress.facts import HouseholdFact
from reports.tests.progress.sample import K4, declared, facts_of, homes, progress, unit

HOUSEHOLD = Group.HOUSEHOLD.value
MAY = date(2026, 5, 4)


def village(number: int):
    return unit(number, UnitKind.VILLAGE)


def of_k4(*lists):
    return {"K4": [row for rows in lists for row in rows]}


def test_e1_reached_households_are_distinct_over_all_channels():
    """1,250 reports, 1,000 distinct of 1,600: a household is one fact over all channels, the engine adds villages."""
    households = of_k4(homes(1, range(1, 901), reached=600), homes(2, range(901, 1601), reached=400))
    target = progress(K4, [village(1), village(2)], households=households)
    assert target.second_tier.text == "1.000/1.600 (62,5%)"
    assert target.units[0].second_tier.text == "600/900 (66,6%)"


def test_e2_the_two_tiers_stay_apart_and_k4_uses_the_second():
    households = of_k4(homes(1, range(1, 1601), reached=1000, passed=640, waiting_passed=700))
    target = progress(K4, [village(1)], households=households)
    assert target.commune.text == "640/1.600 (40,0%)"
    assert (target.commune.verdict, target.commune.missing) == (Verdict.NOT_MET, 480)
    assert target.units[0].second_tier.n == 1000
    assert target.commune.provisional_n == 700


def test_e2_checks_that_nobody_passed_are_a_report_of_zero():
    households = of_k4(
        [HouseholdFact(1, 1, reached_on=MAY), HouseholdFact(2, 1)], homes(2, [3, 4]), homes(3, [5, 6], reached=1)
    )
    target = progress(K4, [village(1), village(2), village(3)], households=households)
    assert [row.cell.state for row in target.units] == [CellState.VALUE, CellState.NOT_REPORTED, CellState.VALUE]
    assert [row.cell.n for row in target.units] == [0, None, 0]


def test_e3_a_household_that_split_off_starts_uncovered_unless_a_checked_member_lives_in_it():
    """The facts say so by household: the old one keeps its own, a new one has what its members bring."""
    old, with_member, without = HouseholdFact(1, 1, MAY, MAY), HouseholdFact(2, 1, MAY, MAY), HouseholdFact(3, 1)
    target = progress(K4, [village(1)], households=of_k4([old, with_member, without]))
    assert (target.commune.n, target.commune.d, target.second_tier.n) == (2, 3, 2)


def test_c2_the_months_of_households_are_those_of_their_first_passed_check():
    households = of_k4(
        [HouseholdFact(1, 1, date(2026, 3, 2), MAY), HouseholdFact(2, 1, MAY), HouseholdFact(3, 1, MAY, MAY)],
        [HouseholdFact(4, 2, MAY, MAY)],
    )
    facts = facts_of(K4, [village(1)], households=households, as_of=date(2026, 5, 31))
    assert newly_reached(facts, K4) == ((2026, 5, 2, 2),)


def test_c7_a_household_that_moved_within_the_year_counts_in_both_villages_and_once_for_the_commune():
    moved = [HouseholdFact(9, 1, MAY, MAY), HouseholdFact(9, 2, MAY, MAY)]
    households = of_k4(homes(1, [1, 2]), homes(2, [3]), moved)
    target = progress(K4, [village(1), village(2)], households=households)
    assert [row.cell.d for row in target.units] == [3, 2]
    assert (target.commune.n, target.commune.d, target.overlap_n, target.overlap_d) == (1, 4, 1, 1)
    assert (target.second_tier.n, target.second_tier.d) == (1, 4)


def test_the_explanation_splits_households_too():
    households = of_k4(homes(1, range(1, 6), passed=2, waiting_passed=3))
    (found,) = split(facts_of(K4, [village(1)], households=households), K4)
    assert (found.counted, found.missing, found.waiting) == ({1, 2}, {3, 4, 5}, {3})


def test_a_village_whose_households_were_never_listed_has_no_denominator():
    target = progress(K4, [village(1), village(2)], households=of_k4(homes(1, range(10), passed=9)))
    assert target.cell_of(2).state == CellState.NO_DENOMINATOR
    assert (target.commune.percent, target.commune.verdict) == ("90,0%", Verdict.NONE)


def test_a_village_may_declare_its_households():
    target = progress(
        K4,
        [village(1), village(2)],
        households=of_k4(homes(1, range(100), passed=60)),
        declared=[declared(2, d=100, n=80, waiting=90, code="K4", group=HOUSEHOLD)],
    )
    assert (target.commune.n, target.commune.d, target.commune.verdict) == (140, 200, Verdict.MET)
    assert (target.commune.declared_n, target.commune.declared_d, target.commune.provisional_n) == (80, 100, 150)
