"""Rules D: head-count without names."""

import pytest

from reports.progress import ProgressError
from reports.tests.progress.sample import K3, TEACHER, activity, audience, members, progress, reached, unit


def test_d1_unnamed_heads_are_never_added_to_people():
    """D = 60, named 41, one unnamed session of 30: 41/60, possible 41 to 60."""
    cell = progress(
        K3,
        [unit(1)],
        people=members(1, range(1, 61)),
        reaches=reached("K3", range(1, 42)),
        activities=[activity(1, host=1), activity(2, host=1)],
        audiences=[audience(1, named=41), audience(2, named=0, total=30)],
    ).cell_of(1)
    assert cell.text == "41/60 (68,3%)"
    assert (cell.n, cell.possible_max, cell.unnamed, cell.attendances) == (41, 60, 30, 41)


def test_d1_the_range_ends_where_the_unnamed_heads_end():
    cell = progress(
        K3,
        [unit(1)],
        people=members(1, range(1, 3001)),
        reaches=reached("K3", range(1, 2691)),
        activities=[activity(1, host=1)],
        audiences=[audience(1, named=0, total=120)],
    ).cell_of(1)
    assert (cell.n, cell.possible_max) == (2690, 2810)


def test_d2_in_a_mixed_session_the_unnamed_are_the_total_less_the_named():
    target = progress(
        K3,
        [unit(1)],
        activities=[activity(1, host=1)],
        audiences=[audience(1, named=28, total=40), audience(1, named=2, total=9, group=TEACHER)],
    )
    assert target.commune.unnamed == 12
    assert target.commune.attendances == 30


def test_d2_more_names_than_heads_is_an_error_that_says_which_activity():
    with pytest.raises(ProgressError, match="Hoạt động số 5: có 41 người được ghi tên nhưng tổng số chỉ là 40"):
        progress(K3, [unit(1)], activities=[activity(5, host=1)], audiences=[audience(5, named=41, total=40)])


def test_d2_a_session_that_waits_has_no_say_yet():
    target = progress(
        K3, [unit(1)], activities=[activity(5, host=1, official=False)], audiences=[audience(5, named=41, total=40)]
    )
    assert (target.commune.unnamed, target.commune.attendances, target.activities) == (0, 0, 0)


@pytest.mark.parametrize(("named", "unnamed"), [(0, 30), (12, 18), (30, 0)])
def test_d3_names_added_later_move_people_from_unnamed_to_named(named, unnamed):
    cell = progress(
        K3,
        [unit(1)],
        people=members(1, range(1, 61)),
        reaches=reached("K3", range(1, named + 1)),
        activities=[activity(1, host=1)],
        audiences=[audience(1, named=named, total=30)],
    ).cell_of(1)
    assert (cell.n, cell.unnamed, cell.attendances + cell.unnamed) == (named, unnamed, 30)


def test_d4_a_whole_class_of_35_with_two_absent_is_33_named():
    cell = progress(
        K3,
        [unit(1)],
        people=members(1, range(1, 36)),
        reaches=reached("K3", range(1, 34)),
        activities=[activity(1, host=1)],
        audiences=[audience(1, named=33)],
    ).cell_of(1)
    assert (cell.n, cell.d, cell.attendances, cell.unnamed, cell.missing) == (33, 35, 33, 0, 2)
