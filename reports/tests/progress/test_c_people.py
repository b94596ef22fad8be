"""Rules C: people."""

from dataclasses import replace
from datetime import date

import pytest

from campaigns.choices import ActivityKind, DenominatorPolicy
from reports.progress import CellState, Verdict, compute_progress, first_days, newly_reached, split
from reports.progress.facts import counted_span
from reports.tests.progress.sample import (
    K1,
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


FIXED = replace(K3, denominator_policy=DenominatorPolicy.FIXED, fixed_on=date(2026, 5, 31))
EVER = replace(K3, denominator_policy=DenominatorPolicy.EVER)


@pytest.mark.parametrize(("rule", "listed"), [(K3, [1, 3]), (FIXED, [1, 2]), (EVER, [1, 2, 3])])
def test_c6_a_unit_applies_where_it_was_open_when_its_people_are_counted(rule, listed):
    """School 2 closes on 30/6, school 3 opens on 1/9: as of 31/12, fixed on 31/5, ever in the year."""
    units = [unit(1), unit(2, closed_on=date(2026, 6, 30)), replace(unit(3), opened_on=date(2026, 9, 1))]
    people = [row for number in listed for row in members(number, [number, 10 + number])]
    target = progress(rule, units, people=people, reaches=reached("K3", [1, 2, 3]), starts_on=date(2026, 1, 1))
    counted = {row.unit.id: row.cell.text for row in target.units if row.cell.state != CellState.NOT_APPLICABLE}
    assert counted == dict.fromkeys(listed, "1/2 (50,0%)")
    assert (target.units_applicable, target.commune.n, target.commune.d) == (len(listed), len(listed), 2 * len(listed))


def test_c6_a_fixed_day_that_is_still_to_come_is_today():
    closed = unit(2, closed_on=date(2026, 3, 31))
    facts = facts_of(FIXED, [unit(1), closed], as_of=date(2026, 4, 30))
    assert facts.span_of(FIXED) == (date(2026, 4, 30), date(2026, 4, 30))
    assert [row.unit.id for row in progress(FIXED, [unit(1), closed], as_of=date(2026, 4, 30)).units] == [1]


def test_c6_ever_present_before_the_year_begins_is_present_that_day():
    """A plan that was entered in December for the coming year."""
    ever = replace(K3, denominator_policy=DenominatorPolicy.EVER)
    assert counted_span(ever, starts_on=date(2026, 1, 1), as_of=date(2025, 12, 20)) == (date(2025, 12, 20),) * 2


def test_c6_all_targets_of_a_reading_list_the_same_units():
    """A closed school that one target still counts stands under the others too, where it does not apply."""
    facts = facts_of(K3, [unit(1), unit(2, closed_on=date(2026, 6, 30))], starts_on=date(2026, 1, 1))
    both = compute_progress(replace(facts, rules=[replace(EVER, code="K9"), K3]))
    first, second = both.targets
    assert [row.unit.id for row in first.units] == [row.unit.id for row in second.units] == [1, 2]
    assert (first.units_applicable, second.units_applicable) == (2, 1)
    assert second.cell_of(2).state == CellState.NOT_APPLICABLE


def test_c8_the_figure_is_shown_with_and_without_who_is_excluded():
    """45/50 chưa đạt; excluding 1, 45/49 = 91,8 % đạt "(đã loại trừ 1)"."""
    people = members(1, range(1, 51), TEACHER)
    facts = {"people": people, "reaches": reached("K1", range(1, 46)), "excluded": {"K1": {50, 777}}}
    target = progress(K1, [unit(1)], **facts)
    for cell in (target.cell_of(1), target.commune):
        assert (cell.text, cell.verdict, cell.missing) == ("45/50 (90,0%)", Verdict.NOT_MET, 1)
        assert cell.adjusted.text == "45/49 (91,8%) (đã loại trừ 1)"
        assert (cell.adjusted.verdict, cell.adjusted.missing) == (Verdict.MET, 0)


def test_c8_who_is_excluded_leaves_the_numerator_too():
    target = progress(
        K1, [unit(1)], people=members(1, range(1, 51), TEACHER), reaches=reached("K1", range(1, 46)),
        excluded={"K1": {1, 2, 50}},
    )  # fmt: skip
    assert (target.commune.adjusted.n, target.commune.adjusted.d, target.commune.adjusted.excluded) == (43, 47, 3)


def test_c8_somebody_excluded_in_two_units_is_excluded_once_for_the_commune():
    people = members(1, [1, 2], TEACHER) + members(2, [2, 3], TEACHER)
    target = progress(K1, [unit(1), unit(2)], people=people, reaches=reached("K1", [1, 2]), excluded={"K1": {2}})
    assert [row.cell.adjusted.text for row in target.units[:1]] == ["1/1 (100,0%) (đã loại trừ 1)"]
    assert (target.commune.n, target.commune.d, target.commune.adjusted.n, target.commune.adjusted.d) == (2, 3, 1, 2)


def test_c8_nobody_excluded_leaves_nothing_to_show():
    target = progress(
        K1, [unit(1), unit(2)], people=members(1, [1], TEACHER) + members(2, [2], TEACHER),
        reaches=reached("K1", [1]), excluded={"K1": {2}, "K3": {1}},
    )  # fmt: skip
    assert target.cell_of(1).adjusted is None
    assert (target.cell_of(2).state, target.cell_of(2).adjusted) == (CellState.NOT_REPORTED, None)
    assert target.commune.adjusted.text == "1/1 (100,0%) (đã loại trừ 1)"


def test_c8_where_everybody_is_excluded_there_is_nothing_to_judge():
    cell = progress(
        K1, [unit(1)], people=members(1, [1], TEACHER), reaches=reached("K1", [1]), excluded={"K1": {1}}
    ).cell_of(1)
    assert (cell.adjusted.d, cell.adjusted.percent, cell.adjusted.verdict) == (0, None, Verdict.NONE)
    assert cell.adjusted.text == "0/0 (đã loại trừ 1)"


def test_c8_declared_figures_are_untouched_by_exclusions():
    target = progress(
        K1, [unit(1), unit(2)], people=members(1, range(1, 11), TEACHER), reaches=reached("K1", range(1, 10)),
        declared=[declared(2, d=40, n=39, code="K1", group=TEACHER)], excluded={"K1": {10}},
    )  # fmt: skip
    assert (target.commune.text, target.commune.adjusted.text) == ("48/50 (96,0%)", "48/49 (97,9%) (đã loại trừ 1)")
    assert target.cell_of(2).adjusted is None


def test_c8_a_partial_figure_cannot_be_met_without_the_excluded_either():
    """School 2 has no list: 45/50, and 45/49 without who is excluded, is still not "đạt" for the commune (B3)."""
    target = progress(
        K1, [unit(1), unit(2)], people=members(1, range(1, 51), TEACHER), reaches=reached("K1", range(1, 46)),
        excluded={"K1": {50}},
    )  # fmt: skip
    assert target.cell_of(1).adjusted.verdict == Verdict.MET
    assert (target.commune.verdict, target.commune.adjusted.verdict) == (Verdict.NOT_MET, Verdict.NONE)


def test_c8_the_explanation_tells_who_is_excluded_and_keeps_them_where_they_count():
    facts = facts_of(
        K3, [unit(1)], people=members(1, [1, 2, 3]), reaches=reached("K3", [1]), excluded={"K3": {1, 3, 9}}
    )
    (found,) = split(facts, K3)
    assert (found.excluded, found.counted, found.missing) == ({1, 3}, {1}, {2, 3})


def test_c2_the_first_days_are_those_of_the_listed_people_alone():
    facts = facts_of(
        K3, [unit(1)], people=members(1, [1, 2]), reaches=reached("K3", [1, 9], date(2026, 4, 1)) + waiting("K3", [2])
    )
    assert first_days(facts, K3) == {1: date(2026, 4, 1)}


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
