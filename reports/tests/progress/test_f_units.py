"""Rules F: units; and the targets that count units."""

from dataclasses import replace
from datetime import date

import pytest

from campaigns.choices import ActivityKind, UnitKind
from reports.progress import CellState, Verdict
from reports.progress.facts import TeamFact
from reports.tests.progress.sample import K3, K5, K6, YEAR_END, activity, audience, members, progress, unit

FESTIVAL, SUPPORT, LESSON = ActivityKind.FESTIVAL, ActivityKind.SUPPORT, ActivityKind.LESSON


def team(unit_id: int, dissolved_on: date | None = None) -> TeamFact:
    return TeamFact(unit_id, unit_id, date(2020, 1, 1), dissolved_on)


@pytest.mark.parametrize(
    ("as_of", "figure"),
    [(date(2026, 5, 31), "12/12 (100,0%)"), (date(2026, 6, 30), "12/12 (100,0%)"), (YEAR_END, "11/11 (100,0%)")],
)
def test_f1_a_school_that_closes_on_30_june_counts_until_then(as_of, figure):
    units = [unit(number, closed_on=date(2026, 6, 30) if number == 12 else None) for number in range(1, 13)]
    done = [activity(number, host=number, kind=FESTIVAL) for number in range(1, 13)]
    target = progress(K5, units, activities=done, as_of=as_of)
    assert (target.commune.text, target.commune.verdict) == (figure, Verdict.MET)
    assert len(target.units) == target.units_applicable == target.commune.d


def test_f1_a_school_that_opens_later_is_not_missed_before():
    later = replace(unit(2), opened_on=date(2026, 9, 1))
    target = progress(K5, [unit(1), later], as_of=date(2026, 8, 31))
    assert [row.unit.id for row in target.units] == [1]


def merged(number: int, *predecessors: int, kind: UnitKind = UnitKind.PRIMARY, opened_on: date = date(2026, 7, 1)):
    return replace(unit(number, kind), opened_on=opened_on, predecessor_ids=frozenset(predecessors))


CLOSED = date(2026, 6, 30)


def test_f2_a_merged_unit_is_credited_with_what_its_predecessors_did():
    """Schools 1 and 2 become school 3 on 1/7: their festival of April counts for it, once."""
    units = [unit(1, closed_on=CLOSED), unit(2, closed_on=CLOSED), merged(3, 1, 2), unit(4)]
    done = [activity(1, host=1, kind=FESTIVAL, co_hosts=[2])]
    target = progress(K5, units, activities=done, audiences=[audience(1, named=30)])
    assert {row.unit.id: row.cell.n for row in target.units} == {3: 1, 4: None}
    assert (target.commune.text, target.activities) == ("1/2 (50,0%)", 1)
    assert progress(replace(K5, min_count=2), units, activities=done).cell_of(3).n == 0


def test_f2_attendances_stay_with_the_unit_of_their_day():
    units = [unit(1, closed_on=CLOSED), merged(3, 1)]
    target = progress(K5, units, activities=[activity(1, host=1, kind=FESTIVAL)], audiences=[audience(1, named=30)])
    assert (target.cell_of(3).attendances, target.commune.attendances) == (0, 30)


def test_f2_a_second_merger_carries_the_first_along():
    second = merged(5, 3, 4, opened_on=date(2026, 10, 1))
    units = [unit(1, closed_on=CLOSED), replace(merged(3, 1), closed_on=date(2026, 9, 30)), second]
    target = progress(K5, units, activities=[activity(1, host=1, kind=FESTIVAL)])
    assert [(row.unit.id, row.cell.n) for row in target.units] == [(5, 1)]


def test_f2_before_the_merger_the_old_units_count_as_they_were():
    units = [unit(1, closed_on=CLOSED), unit(2, closed_on=CLOSED), merged(3, 1, 2)]
    target = progress(K5, units, activities=[activity(1, host=1, kind=FESTIVAL)], as_of=CLOSED)
    assert {row.unit.id: row.cell.n for row in target.units} == {1: 1, 2: None}


def test_f2_a_merged_village_has_reported_but_needs_a_team_of_its_own():
    """The old village's team was active in the window; the new village has a report, and no active team yet."""
    village = UnitKind.VILLAGE
    units = [unit(1, village, closed_on=date(2026, 11, 30)), merged(3, 1, kind=village, opened_on=date(2026, 12, 1))]
    done = [activity(1, host=1, kind=SUPPORT, team=1, on=date(2026, 11, 20))]
    teams = [team(1, dissolved_on=date(2026, 11, 30)), TeamFact(3, 3, date(2026, 12, 1))]
    cell = progress(K6, units, activities=done, teams=teams).cell_of(3)
    assert (cell.state, cell.n) == (CellState.VALUE, 0)


def test_f2_a_merged_school_has_reported_a_zero_where_a_predecessors_lesson_reached_nobody_of_it():
    units = [unit(1, closed_on=CLOSED), merged(3, 1)]
    target = progress(
        K3, units, people=members(3, [7, 8]), activities=[activity(1, host=1)], audiences=[audience(1, named=20)]
    )
    assert (target.cell_of(3).state, target.cell_of(3).n, target.cell_of(3).attendances) == (CellState.VALUE, 0, 0)


def test_h2_an_approved_activity_whose_new_version_waits_is_official_and_not_provisional():
    """The new version is of another kind: provisionally the school has nothing."""
    old = activity(1, host=1, kind=FESTIVAL)._replace(provisional=False)
    new = activity(2, host=1, kind=LESSON, official=False)
    cell = progress(K5, [unit(1)], activities=[old, new]).cell_of(1)
    assert (cell.n, cell.provisional_n) == (1, 0)


def test_f3_a_joint_activity_is_one_activity_and_credits_each_host():
    units = [unit(1), unit(2, UnitKind.PRESCHOOL), unit(3)]
    target = progress(K5, units, activities=[activity(1, host=1, kind=FESTIVAL, co_hosts=[2])])
    assert [row.cell.n for row in target.units] == [1, 1, None]
    assert (target.commune.text, target.commune.missing, target.activities) == ("2/3 (66,6%)", 1, 1)


def test_k5_another_kind_of_activity_is_a_report_but_no_credit():
    target = progress(K5, [unit(1), unit(2)], activities=[activity(1, host=1, kind=LESSON)])
    assert [row.cell.state for row in target.units] == [CellState.VALUE, CellState.NOT_REPORTED]
    assert (target.cell_of(1).n, target.cell_of(1).verdict, target.activities) == (0, Verdict.NOT_MET, 0)


def test_k5_may_ask_for_two_activities_and_shows_what_waits():
    done = [activity(1, host=1, kind=FESTIVAL), activity(2, host=1, kind=FESTIVAL, official=False)]
    cell = progress(replace(K5, min_count=2), [unit(1)], activities=done).cell_of(1)
    assert (cell.n, cell.provisional_n, cell.waiting) == (0, 1, 1)


@pytest.mark.parametrize(("on", "n"), [(date(2026, 10, 2), 0), (date(2026, 10, 3), 1), (YEAR_END, 1)])
def test_k6_the_window_of_90_days_ends_on_the_as_of_date(on, n):
    done = [activity(1, host=1, kind=SUPPORT, team=1, on=on)]
    cell = progress(K6, [unit(1, UnitKind.VILLAGE)], activities=done, teams=[team(1)]).cell_of(1)
    assert (cell.state, cell.n, cell.d) == (CellState.VALUE, n, 1)


def test_k6_needs_an_active_team_whose_own_activity_it_was():
    villages = [unit(number, UnitKind.VILLAGE) for number in (1, 2, 3)]
    done = [
        activity(1, host=1, kind=SUPPORT, team=1, on=YEAR_END),
        activity(2, host=2, kind=SUPPORT, team=2, on=YEAR_END),
        activity(3, host=3, kind=SUPPORT, on=YEAR_END),
    ]
    teams = [team(1), team(2, dissolved_on=date(2026, 12, 30)), team(3)]
    target = progress(K6, villages, activities=done, teams=teams)
    assert [row.cell.n for row in target.units] == [1, 0, None]
    assert (target.commune.n, target.commune.d, target.commune.missing) == (1, 3, 2)


def test_k6_shows_the_window_before_beside_this_one():
    villages = [unit(number, UnitKind.VILLAGE) for number in (1, 2)]
    done = [activity(number, host=number, kind=SUPPORT, team=number, on=date(2026, 8, 1)) for number in (1, 2)]
    done.append(activity(3, host=1, kind=SUPPORT, team=1, on=date(2026, 12, 1)))
    target = progress(K6, villages, activities=done, teams=[team(1), team(2)])
    assert (target.commune.n, target.previous_n) == (1, 2)


def test_k6_shows_the_loss_of_a_team_that_was_dissolved_since_the_window_before():
    villages = [unit(number, UnitKind.VILLAGE) for number in (1, 2)]
    done = [activity(number, host=number, kind=SUPPORT, team=number, on=date(2026, 8, 1)) for number in (1, 2)]
    done.append(activity(3, host=1, kind=SUPPORT, team=1, on=date(2026, 12, 1)))
    teams = [team(1), team(2, dissolved_on=date(2026, 10, 31))]
    target = progress(K6, villages, activities=done, teams=teams)
    assert (target.commune.n, target.previous_n) == (1, 2)


def test_k6_a_new_team_does_not_live_on_what_its_predecessor_did():
    old = activity(1, host=1, kind=SUPPORT, team=7, on=date(2026, 11, 1))._replace(team_unit_id=1)
    teams = [TeamFact(7, 1, date(2020, 1, 1), date(2026, 11, 30)), TeamFact(8, 1, date(2026, 12, 1))]
    cell = progress(K6, [unit(1, UnitKind.VILLAGE)], activities=[old], teams=teams).cell_of(1)
    assert (cell.state, cell.n) == (CellState.VALUE, 0)


def test_k6_leaves_closed_villages_out_of_the_window_before_too():
    closed = unit(2, UnitKind.VILLAGE, closed_on=date(2026, 9, 30))
    done = [activity(2, host=2, kind=SUPPORT, team=2, on=date(2026, 8, 1))]
    target = progress(K6, [unit(1, UnitKind.VILLAGE), closed], activities=done, teams=[team(2)])
    assert (target.commune.d, target.previous_n) == (1, 0)


def test_activities_of_units_that_the_target_does_not_name_do_not_serve_it():
    units = [unit(1), unit(2, UnitKind.OFFICE), unit(3, UnitKind.VILLAGE)]
    done = [
        activity(1, host=1, kind=ActivityKind.COMMUNICATION),
        activity(2, host=2, kind=ActivityKind.COMMUNICATION),
        activity(3, host=3, kind=ActivityKind.COMMUNICATION, team=3, on=date(2026, 12, 1)),
    ]
    assert progress(K5, units, activities=done).activities == 1
    assert progress(K6, units, activities=done).activities == 1
