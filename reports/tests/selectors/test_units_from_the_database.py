"""Units that merge (F2), households that move and split (E3, C6): records in, figures out."""

from datetime import date

import pytest

from campaigns.choices import ActivityKind, DenominatorPolicy, Group, RecordStatus, UnitKind
from campaigns.models import HouseholdMove, Membership
from campaigns.services.merging import merge_units
from reports.progress import newly_reached
from reports.selectors import read_progress
from reports.selectors.clocks import Clocks
from reports.selectors.silent import silent_units

JUNE, JULY_1, YEAR_END = date(2026, 6, 30), date(2026, 7, 1), date(2026, 12, 31)


@pytest.fixture
def merge(cast):
    def make(*units, code="MOI", opened_on=JULY_1):
        versions = {unit.pk: unit.version for unit in units}
        return merge_units(
            actor=cast.officer, commune=cast.commune, units=list(units), expected_versions=versions, code=code,
            name=code, opened_on=opened_on,
        )  # fmt: skip

    return make


def test_f2_a_merged_school_lives_on_what_its_predecessors_did_and_the_attendances_stay(
    cast, make_person, make_activity, merge, figures
):
    pupils = [make_person(cast.a), make_person(cast.b)]
    make_activity(cast.a, ActivityKind.FESTIVAL, co_hosts=(cast.b,), people=pupils)
    make_activity(cast.a, people=pupils[:1])
    new = merge(cast.a, cast.b)
    before, after = figures("K5", JUNE), figures("K5")
    assert [before.cell_of(unit.pk).n for unit in (cast.a, cast.b)] == [1, 1]
    assert (after.cell_of(new.pk).n, after.cell_of(cast.a.pk), after.commune.d) == (1, None, 2)
    assert (after.cell_of(new.pk).attendances, after.commune.attendances) == (0, 2)
    taught = figures("K3")
    assert (taught.cell_of(new.pk).text, taught.commune.attendances) == ("1/2 (50,0%)", 1)


def test_f2_a_merged_unit_is_not_silent_where_its_predecessors_spoke(campaign, cast, make_activity, merge):
    make_activity(cast.a)
    new = merge(cast.a, cast.b)
    silent = silent_units(read_progress(campaign, Clocks(YEAR_END, YEAR_END)).facts)
    assert new.pk not in [unit.id for unit in silent]
    assert cast.preschool.pk in [unit.id for unit in silent]


@pytest.fixture
def villages(cast, make_unit, make_household, make_check):
    """Thôn Một with three households (one checked in April), Thôn Hai with two."""
    second = make_unit(cast.commune, "THON-2", UnitKind.VILLAGE, "Thôn Hai")
    homes = [make_household(cast.village, f"Hộ {number}") for number in range(3)]
    make_check(homes[0])
    make_household(second, "Hộ 4", ends_on=date(2026, 5, 31))
    make_household(second, "Hộ 5")
    return cast.village, second


def test_c6_households_count_in_the_village_of_the_counted_day(campaign, villages, merge, figures):
    first, second = villages
    new = merge(first, second)
    as_of = figures("K4")
    assert (as_of.cell_of(new.pk).text, as_of.cell_of(first.pk)) == ("1/4 (25,0%)", None)
    campaign.targets.filter(code="K4").update(denominator_policy=DenominatorPolicy.FIXED, fixed_on=date(2026, 5, 31))
    fixed = figures("K4")
    assert [fixed.cell_of(unit.pk).text for unit in (first, second)] == ["1/3 (33,3%)", "Chưa báo cáo"]
    assert (fixed.cell_of(new.pk).state, fixed.commune.text) == ("not_applicable", "1/5 (20,0%)")


def test_c6_households_that_were_ever_there_count_in_each_village_and_once_for_the_commune(
    campaign, villages, merge, figures
):
    first, second = villages
    new = merge(first, second)
    campaign.targets.filter(code="K4").update(denominator_policy=DenominatorPolicy.EVER)
    target = figures("K4")
    assert [target.cell_of(unit.pk).d for unit in (first, second, new)] == [3, 2, 4]
    assert (target.commune.text, target.overlap_n, target.overlap_d) == ("1/5 (20,0%)", 1, 4)
    assert (target.second_tier.n, target.second_tier.d) == (1, 5)


def test_c6_a_household_that_ended_before_its_village_merged_counts_where_it_lived(
    campaign, cast, make_unit, make_household, figures
):
    """Moved on 31/3 and again on 30/9; it ended on 30/6, so it never lived in the third village."""
    second = make_unit(cast.commune, "THON-2", UnitKind.VILLAGE)
    third = make_unit(cast.commune, "THON-3", UnitKind.VILLAGE)
    home = make_household(third, ends_on=JUNE)
    for village, until in ((cast.village, date(2026, 3, 31)), (second, date(2026, 9, 30))):
        HouseholdMove.objects.create(commune=cast.commune, household=home, from_village=village, until=until)
    campaign.targets.filter(code="K4").update(denominator_policy=DenominatorPolicy.EVER)
    target = figures("K4")
    assert [target.cell_of(unit.pk).d for unit in (cast.village, second, third)] == [1, 1, None]
    assert figures("K4", date(2026, 3, 1)).commune.d == 1


@pytest.fixture
def split_home(cast, make_household, make_person):
    """split_home(old) is a household that split off on 1/6, and its member who lived in the old one until 31/5."""

    def make(old):
        new = make_household(old.village, "Hộ mới", starts_on=date(2026, 6, 1), split_from=old)
        member = make_person(old.village, group=Group.RESIDENT, ends_on=date(2026, 5, 31))
        member.memberships.update(household=old)
        Membership.objects.create(
            commune=cast.commune, person=member, unit=old.village, group=Group.RESIDENT, household=new,
            starts_on=date(2026, 6, 1),
        )  # fmt: skip
        return new, member

    return make


def test_e3_a_household_that_splits_starts_uncovered(cast, make_household, make_check, split_home, figures):
    old = make_household(cast.village)
    make_check(old)
    split_home(old)
    target = figures("K4")
    assert (target.commune.n, target.commune.d, target.second_tier.n) == (1, 2, 1)


def test_e3_unless_a_checked_member_lives_in_it(campaign, cast, make_household, make_check, split_home, figures):
    old = make_household(cast.village)
    check = make_check(old)
    _, check.member = split_home(old)
    check.save()
    target = figures("K4")
    assert (target.commune.text, target.second_tier.n) == ("2/2 (100,0%)", 2)
    assert figures("K4", date(2026, 5, 31)).commune.text == "1/1 (100,0%)"
    reading = read_progress(campaign, Clocks(YEAR_END, YEAR_END))
    assert sum(point.new for point in newly_reached(reading.facts, reading.rule("K4"))) == 2


def test_e3_a_covered_household_stays_covered_when_its_village_merges(
    cast, make_unit, make_household, make_check, split_home, merge, figures
):
    other = make_unit(cast.commune, "THON-2", UnitKind.VILLAGE, "Thôn Hai")
    check = make_check(make_household(cast.village))
    _, check.member = split_home(check.household)
    check.save()
    new = merge(cast.village, other)
    assert figures("K4", JUNE).commune.text == "2/2 (100,0%)"
    assert figures("K4").cell_of(new.pk).text == "2/2 (100,0%)"


def test_e3_the_member_must_live_there_on_the_day_and_the_check_must_be_approved(
    cast, make_household, make_check, split_home, figures
):
    old = make_household(cast.village)
    waiting, failed = make_check(old, status=RecordStatus.SUBMITTED), make_check(old, date(2026, 5, 2), skills=4)
    new, member = split_home(old)
    for check in (waiting, failed):
        check.member = member
        check.save()
    target = figures("K4")
    assert (target.commune.n, target.commune.provisional_n, target.second_tier.n) == (0, 2, 2)
    member.memberships.filter(household=new).update(ends_on=YEAR_END)
    assert figures("K4").commune.provisional_n == 2, "the last day is one of theirs"
    member.memberships.filter(household=new).update(ends_on=date(2026, 11, 30))
    target = figures("K4")
    assert (target.commune.provisional_n, target.second_tier.n) == (1, 1)


def test_e3_a_member_of_a_household_that_did_not_split_brings_nothing(
    cast, make_household, make_check, make_person, figures
):
    old, other = make_household(cast.village), make_household(cast.village, "Hộ khác")
    member = make_person(cast.village, group=Group.RESIDENT)
    member.memberships.update(household=other)
    check = make_check(old)
    check.member = member
    check.save()
    assert figures("K4").commune.text == "1/2 (50,0%)"


def test_mixed_denominator_policies_cost_no_further_query(campaign, villages, merge, django_assert_num_queries):
    merge(*villages)
    for code, policy in (("K1", "FIXED"), ("K3", "EVER"), ("K4", "EVER")):
        campaign.targets.filter(code=code).update(denominator_policy=policy, fixed_on=JUNE)
    with django_assert_num_queries(10):
        read_progress(campaign, Clocks(YEAR_END, YEAR_END))
