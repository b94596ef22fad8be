"""Declared figures: units and groups without a roster."""

from reports.progress import CellState, Verdict
from reports.tests.progress.sample import K1, K3, MANAGER, TEACHER, declared, members, progress, reached, unit, waiting


def test_declared_and_listed_figures_add_up_and_the_commune_says_how_much_is_declared():
    target = progress(
        K3,
        [unit(1), unit(2)],
        people=members(1, range(1, 101)),
        reaches=reached("K3", range(1, 81)),
        declared=[declared(2, d=300, n=260)],
    )
    assert (target.commune.n, target.commune.d) == (340, 400)
    assert (target.commune.declared_n, target.commune.declared_d) == (260, 300)
    assert (target.cell_of(1).declared_n, target.cell_of(2).declared_n) == (0, 260)


def test_declared_pairs_are_not_counted_from_the_roster_as_well():
    target = progress(
        K3,
        [unit(1)],
        people=members(1, range(1, 31)),
        reaches=reached("K3", range(1, 31)),
        declared=[declared(1, d=40, n=12)],
    )
    assert (target.cell_of(1).n, target.cell_of(1).d) == (12, 40)


def test_one_unit_may_list_one_group_and_declare_another():
    cell = progress(
        K1,
        [unit(1)],
        people=members(1, [1, 2], MANAGER),
        reaches=reached("K1", [1]),
        declared=[declared(1, d=20, n=18, code="K1", group=TEACHER)],
    ).cell_of(1)
    assert (cell.n, cell.d, cell.declared_n, cell.declared_d) == (19, 22, 18, 20)


def test_a_declared_group_without_a_head_count_leaves_the_whole_unit_without_a_denominator():
    cell = progress(
        K1,
        [unit(1)],
        people=members(1, [1, 2], MANAGER),
        reaches=reached("K1", [1]),
        declared=[declared(1, d=None, n=18, code="K1", group=TEACHER)],
    ).cell_of(1)
    assert (cell.state, cell.n, cell.verdict) == (CellState.NO_DENOMINATOR, 19, Verdict.NONE)


def test_a_declared_zero_is_a_report_and_a_head_count_alone_is_not():
    target = progress(K3, [unit(1), unit(2)], declared=[declared(1, d=50, n=0), declared(2, d=50)])
    assert (target.cell_of(1).state, target.cell_of(1).n) == (CellState.VALUE, 0)
    assert (target.cell_of(2).state, target.cell_of(2).n) == (CellState.NOT_REPORTED, None)


def test_a_declared_total_that_waits_is_provisional():
    target = progress(K3, [unit(1)], declared=[declared(1, d=300, n=180, waiting=260)])
    assert (target.commune.n, target.commune.provisional_n) == (180, 260)


def test_a_declared_total_of_which_nothing_waits_is_its_own_provisional_figure():
    row = declared(1, d=300, n=180)._replace(provisional={})
    assert progress(K3, [unit(1)], declared=[row]).commune.provisional_n == 180


def test_a_listed_person_may_wait_beside_a_declared_total():
    target = progress(
        K3, [unit(1), unit(2)], people=members(1, [1]), reaches=waiting("K3", [1]), declared=[declared(2, d=9, n=4)]
    )
    assert (target.commune.n, target.commune.d, target.commune.provisional_n) == (4, 10, 5)
