"""Rules B: zero, missing, impossible."""

from dataclasses import replace

from campaigns.choices import UnitKind
from reports.progress import CellState, Verdict
from reports.progress.numbers import percent_text
from reports.tests.progress.sample import (
    K2,
    K3,
    TEACHER,
    activity,
    audience,
    declared,
    members,
    progress,
    reached,
    unit,
    waiting,
)


def test_b1_no_report_is_not_zero():
    silent, tried = unit(1), unit(2)
    target = progress(
        K3,
        [silent, tried],
        people=members(1, range(1, 11)) + members(2, range(11, 21)),
        activities=[activity(1, host=2)],
        audiences=[audience(1, named=0, total=0)],
    )
    assert target.cell_of(1).as_json() == {
        "state": "not_reported",
        "n": None,
        "d": 10,
        "percent": None,
        "verdict": "none",
        "missing": 10,
        "provisional_n": None,
        "attendances": 0,
        "unnamed": 0,
    }
    assert (target.cell_of(2).state, target.cell_of(2).n, target.cell_of(2).percent) == (CellState.VALUE, 0, "0,0%")
    assert (target.units_reported, target.units_applicable) == (1, 2)


def test_b1_the_four_states_have_four_different_words():
    assert len({state.label for state in CellState}) == 4
    assert CellState.NOT_REPORTED.label == "Chưa báo cáo"
    assert CellState.NOT_APPLICABLE.label == "Không áp dụng"


def test_b1_attending_a_class_is_no_report_on_the_use_of_platforms():
    target = progress(
        replace(K2, activity_kinds=K3.activity_kinds),
        [unit(1)],
        people=members(1, [1, 2], TEACHER),
        activities=[activity(1, host=1)],
        audiences=[audience(1, named=2, group=TEACHER)],
    )
    assert (target.activities, target.cell_of(1).state) == (1, CellState.NOT_REPORTED)


def test_b1_a_head_count_of_0_is_a_report_and_no_activity_for_the_group():
    """20 teachers and 0 pupils: the school said 0 of its pupils, and the teachers are no lượt of the pupils' target."""
    target = progress(
        K3,
        [unit(1)],
        people=members(1, range(1, 11)),
        activities=[activity(1, host=1)],
        audiences=[audience(1, named=0, total=0), audience(1, named=20, group=TEACHER)],
    )
    assert (target.activities, target.commune.attendances) == (0, 0)
    assert (target.cell_of(1).state, target.cell_of(1).n) == (CellState.VALUE, 0)


def test_b1_a_waiting_record_does_not_make_a_report():
    cell = progress(K3, [unit(1)], people=members(1, range(10)), reaches=waiting("K3", range(4))).cell_of(1)
    assert (cell.state, cell.n, cell.provisional_n) == (CellState.NOT_REPORTED, None, 4)


def test_b1_a_commune_where_nobody_reported_has_not_reported():
    commune = progress(K3, [unit(1)], people=members(1, range(10))).commune
    assert (commune.state, commune.n, commune.d, commune.missing) == (CellState.NOT_REPORTED, None, 10, 10)


def test_b1_a_report_of_a_unit_without_a_denominator_is_no_zero_of_the_others():
    commune = progress(
        K3, [unit(1), unit(2)], people=members(1, range(10)), declared=[declared(2, d=None, n=50)]
    ).commune
    assert (commune.state, commune.n, commune.d, commune.percent) == (CellState.NOT_REPORTED, None, 10, None)


def test_b1_a_silent_unit_weighs_on_the_commune_with_its_people():
    people = members(1, range(1, 11)) + members(2, range(11, 21))
    commune = progress(K3, [unit(1), unit(2)], people=people, reaches=reached("K3", range(1, 11))).commune
    assert (commune.n, commune.d, commune.verdict) == (10, 20, Verdict.NOT_MET)


def test_b2_a_preschool_in_k2_is_not_applicable():
    units = [unit(1), unit(2, UnitKind.PRESCHOOL)]
    people = members(1, [1, 2], TEACHER) + members(2, [3, 4, 5], TEACHER)
    target = progress(K2, units, people=people, reaches=reached("K2", [1, 2]))
    cell = target.cell_of(2)
    assert (cell.state, cell.n, cell.d, cell.percent, cell.verdict) == (
        CellState.NOT_APPLICABLE,
        None,
        None,
        None,
        Verdict.NONE,
    )
    assert target.units_applicable == 1
    assert (target.commune.text, target.commune.verdict) == ("2/2 (100,0%)", Verdict.MET)


def test_b2_a_unit_with_nobody_left_is_out_of_verdicts_and_counts():
    target = progress(
        K2,
        [unit(1), unit(2)],
        people=members(1, [1], TEACHER),
        reaches=reached("K2", [1]),
        known_rosters={(2, TEACHER)},
    )
    assert (target.cell_of(2).state, target.cell_of(2).d, target.cell_of(2).n) == (CellState.NOT_APPLICABLE, 0, None)
    assert (target.units_applicable, target.is_partial, target.commune.verdict) == (1, False, Verdict.MET)


def test_b2_a_target_that_concerns_no_unit_is_not_applicable_to_the_commune():
    commune = progress(K2, [unit(1, UnitKind.VILLAGE)]).commune
    assert (commune.state, commune.verdict, commune.n) == (CellState.NOT_APPLICABLE, Verdict.NONE, None)


def test_b3_eleven_of_twelve_units_with_a_denominator_make_a_partial_figure_that_cannot_be_met():
    units = [unit(number) for number in range(1, 13)]
    people = [row for number in range(1, 12) for row in members(number, [number])]
    target = progress(K3, units, people=people, reaches=reached("K3", range(1, 12)))
    assert target.partial_note == "11/12 đơn vị có mẫu số"
    assert (target.commune.text, target.commune.verdict) == ("11/11 (100,0%)", Verdict.NONE)
    assert target.cell_of(12).state == CellState.NO_DENOMINATOR


def test_b3_a_partial_figure_may_still_be_not_met():
    target = progress(K3, [unit(1), unit(2)], people=members(1, [1, 2]), reaches=reached("K3", [1]))
    assert (target.is_partial, target.commune.verdict) == (True, Verdict.NOT_MET)


def test_b3_without_a_denominator_n_is_still_shown():
    target = progress(K3, [unit(1)], declared=[declared(1, d=None, n=12)])
    cell = target.cell_of(1)
    assert (cell.state, cell.n, cell.d, cell.missing) == (CellState.NO_DENOMINATOR, 12, None, None)
    assert cell.text == "12 (chưa có mẫu số)"
    assert (target.commune.state, target.commune.n) == (CellState.NO_DENOMINATOR, 12)


def test_b3_people_without_a_denominator_do_not_swell_the_commune():
    target = progress(K3, [unit(1), unit(2)], declared=[declared(1, d=10, n=4), declared(2, d=None, n=50)])
    assert (target.commune.n, target.commune.d, target.commune.is_over) == (4, 10, False)


def test_b4_a_numerator_above_its_denominator_is_an_error_and_never_cut():
    cell = progress(K3, [unit(1)], declared=[declared(1, d=125, n=129)]).cell_of(1)
    assert (cell.n, cell.d, cell.percent, cell.verdict, cell.is_over) == (129, 125, "103,2 %", Verdict.NONE, True)
    assert cell.warning == "103,2 % – tử số vượt mẫu số"


def test_b4_one_above_2000_does_not_read_as_100_percent():
    cell = progress(K3, [unit(1)], declared=[declared(1, d=2000, n=2001)]).cell_of(1)
    assert cell.percent == "100,05 %"
    assert percent_text(2001, 2000) == "100,05 %"


def test_b4_people_reported_of_nobody_are_an_error_not_a_blank():
    cell = progress(K3, [unit(1)], declared=[declared(1, d=0, n=5)]).cell_of(1)
    assert (cell.state, cell.n, cell.percent, cell.is_over) == (CellState.VALUE, 5, None, True)
    assert cell.warning == "5/0 – tử số vượt mẫu số"


def test_b4_a_commune_figure_that_holds_an_error_is_never_met():
    target = progress(K3, [unit(1), unit(2)], declared=[declared(1, d=100, n=101), declared(2, d=100, n=99)])
    assert (target.commune.n, target.commune.d, target.commune.verdict) == (200, 200, Verdict.NONE)


def test_b5_a_stranger_raises_the_attendances_not_the_coverage():
    target = progress(
        K3,
        [unit(1)],
        people=members(1, [1, 2, 3]),
        reaches=reached("K3", [1, 2, 99]),
        activities=[activity(1, host=1)],
        audiences=[audience(1, named=2), audience(1, named=1, group=None)],
    )
    assert (target.commune.n, target.commune.d, target.commune.attendances) == (2, 3, 3)
    assert target.cell_of(1).attendances == 3
