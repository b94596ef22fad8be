"""Rules C: people."""

from datetime import date

from campaigns.choices import ActivityKind
from reports.progress import newly_reached, split
from reports.tests.progress.sample import (
    K3,
    TEACHER,
    activity,
    audience,
    declared,
    facts_of,
    members,
    progress,
    reached,
    unit,
    waiting,
)


def test_c1_three_classes_are_three_attendances_of_one_person():
    target = progress(
        K3,
        [unit(1)],
        people=members(1, [7]),
        reaches=reached("K3", [7]),
        activities=[activity(number, host=1) for number in (1, 2, 3)],
        audiences=[audience(number, named=1) for number in (1, 2, 3)],
    )
    assert (target.commune.attendances, target.commune.n) == (3, 1)


def test_c1_a_person_with_two_memberships_in_a_unit_counts_once():
    assert progress(K3, [unit(1)], people=members(1, [7]) + members(1, [7])).cell_of(1).d == 1


def test_c2_the_first_qualifying_day_decides_the_month_and_the_months_sum_to_n():
    reaches = (
        reached("K3", range(1, 4), date(2026, 2, 27))
        + reached("K3", range(4, 9), date(2026, 4, 1))
        + reached("K3", [99], date(2026, 4, 1))
        + waiting("K3", [9, 10], date(2026, 3, 1))
    )
    facts = facts_of(K3, [unit(1)], people=members(1, range(1, 11)), reaches=reaches, as_of=date(2026, 5, 31))
    months = newly_reached(facts, K3)
    assert months == ((2026, 2, 3, 3), (2026, 3, 0, 3), (2026, 4, 5, 8), (2026, 5, 0, 8))
    assert (
        sum(point.new for point in months)
        == progress(K3, [unit(1)], people=members(1, range(1, 11)), reaches=reaches).commune.n
    )


def test_c2_a_line_may_start_before_the_first_person_and_cross_a_new_year():
    facts = facts_of(
        K3, [unit(1)], people=members(1, [1]), reaches=reached("K3", [1], date(2026, 1, 5)), as_of=date(2026, 1, 31)
    )
    assert newly_reached(facts, K3, since=date(2025, 12, 1)) == ((2025, 12, 0, 0), (2026, 1, 1, 1))
    assert newly_reached(facts_of(K3, [unit(1)]), K3) == ()


def test_c3_only_the_kinds_of_the_target_serve_it():
    target = progress(
        K3,
        [unit(1)],
        people=members(1, [1]),
        reaches=reached("K1", [1]),
        activities=[activity(1, host=1), activity(2, host=1, kind=ActivityKind.FESTIVAL)],
        audiences=[audience(1, named=30), audience(2, named=70)],
    )
    assert (target.activities, target.commune.attendances, target.commune.n) == (1, 30, 0)


def test_c3_a_class_for_another_group_does_not_serve_the_target():
    target = progress(
        K3,
        [unit(1)],
        activities=[activity(1, host=1, kind=ActivityKind.TRAINING)],
        audiences=[audience(1, named=20, group=TEACHER)],
    )
    assert (target.activities, target.commune.attendances) == (0, 0)


def test_c4_coverage_follows_the_person_and_attendances_stay_with_the_host():
    """Trained at A on 10/4, moved to B on 1/9."""
    school_a, school_b = unit(1), unit(2)

    def at(as_of: date, unit_id: int):
        return progress(
            K3,
            [school_a, school_b],
            people=members(unit_id, [7]),
            reaches=reached("K3", [7], date(2026, 4, 10)),
            activities=[activity(1, host=1, on=date(2026, 4, 10))],
            audiences=[audience(1, named=1)],
            known_rosters={(1, "PUPIL"), (2, "PUPIL")},
            as_of=as_of,
        )

    june, december = at(date(2026, 6, 30), 1), at(date(2026, 12, 31), 2)
    assert (june.cell_of(1).n, june.cell_of(2).n, june.commune.n) == (1, None, 1)
    assert (december.cell_of(1).n, december.cell_of(2).n, december.commune.n) == (None, 1, 1)
    assert (december.cell_of(1).attendances, december.cell_of(2).attendances) == (1, 0)


def test_c5_leavers_leave_both_n_and_d():
    """500 pupils, 480 covered; 100 leave (90 covered), 120 arrive (0 covered)."""
    reaches = reached("K3", range(1, 481))
    before = progress(K3, [unit(1)], people=members(1, range(1, 501)), reaches=reaches).commune
    stayed = [*range(91, 491), *range(501, 621)]
    after = progress(K3, [unit(1)], people=members(1, stayed), reaches=reaches).commune
    assert before.text == "480/500 (96,0%)"
    assert after.text == "390/520 (75,0%)"


def test_c7_a_person_in_two_units_counts_once_for_the_commune():
    """60 + 45 = 105; commune 103; two overlap."""
    people = members(1, range(1, 61)) + members(2, range(59, 104))
    target = progress(K3, [unit(1), unit(2)], people=people, reaches=reached("K3", range(1, 104)))
    assert [row.cell.n for row in target.units] == [60, 45]
    assert (target.commune.n, target.commune.d) == (103, 103)
    assert (target.overlap_n, target.overlap_d) == (2, 2)


def test_c7_the_overlap_of_n_is_not_the_overlap_of_d():
    people = members(1, [1, 2, 3]) + members(2, [2, 3, 4])
    target = progress(K3, [unit(1), unit(2)], people=people, reaches=reached("K3", [1, 2]) + waiting("K3", [3]))
    assert (target.commune.n, target.commune.d, target.commune.provisional_n) == (2, 4, 3)
    assert (target.overlap_n, target.overlap_d) == (1, 2)


def test_the_explanation_splits_the_people_of_d_into_counted_missing_and_waiting():
    people = members(1, range(1, 6)) + members(2, [6])
    reaches = reached("K3", [1, 2, 99]) + waiting("K3", [3])
    facts = facts_of(K3, [unit(1), unit(2)], people=people, reaches=reaches, declared=[declared(2, d=9, n=9)])
    first, second = split(facts, K3)
    assert (first.counted, first.missing, first.waiting) == ({1, 2}, {3, 4, 5}, {3})
    assert (second.counted, second.missing) == (set(), set())
