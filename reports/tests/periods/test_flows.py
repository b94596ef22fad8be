"""What a period added, and what became known of earlier (rule G8), from three readings in plain facts."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from campaigns.choices import ActivityKind, UnitKind
from reports.periods.flows import FigureFlows, Flow, PeriodFlows, Readings, flow_of, flows_between
from reports.progress import Facts, compute_progress
from reports.tests.progress.sample import (
    K3,
    K5,
    K6,
    activity,
    audience,
    declared,
    facts_of,
    members,
    reached,
    unit,
)

MARCH, JUNE = date(2026, 3, 31), date(2026, 6, 30)
FIRST = date(2026, 4, 1)
SCHOOLS = [unit(1), unit(2)]


def facts(as_of: date, *days: tuple[int, date], roster=range(1, 11), unit_id: int = 1, **more) -> Facts:
    """Pupils 1 … 10 of school 1; `days` are (person, first qualifying day)."""
    reaches = [row for person, on in days if on <= as_of for row in reached("K3", [person], on)]
    people = members(unit_id, roster)
    return facts_of(K3, SCHOOLS, people=people, reaches=reaches, as_of=as_of, approved_by=as_of, **more)


def flows(opening: Facts | None, restated: Facts | None, closing: Facts) -> PeriodFlows:
    readings = Readings(
        opening=compute_progress(opening) if opening else None,
        restated=compute_progress(restated) if restated else None,
        closing=compute_progress(closing),
        facts=closing,
    )
    return flows_between(readings, FIRST, closing.as_of)


def of_commune(found: PeriodFlows) -> FigureFlows:
    return found.targets[0].commune


def sums(flow: Flow) -> bool:
    return flow.opening + flow.in_period + flow.adjustment == flow.closing


def test_g8_opening_in_period_and_adjustment_make_the_closing():
    """Frozen on 31/3: 2. Of March one more was approved later, one was withdrawn later; in the quarter 3 are new."""
    feb, may = date(2026, 2, 1), date(2026, 5, 1)
    opening = facts(MARCH, (1, feb), (2, feb))
    restated = facts(MARCH, (1, feb), (3, feb), (4, feb))
    closing = facts(JUNE, (1, feb), (3, feb), (4, feb), (5, may), (6, may), (7, may))
    reachings = of_commune(flows(opening, restated, closing))
    assert reachings.reached == Flow(opening=2, in_period=3, adjustment=1, closing=6)
    assert (reachings.newly, reachings.list_change) == (3, 0)


def test_who_left_the_list_within_the_period_is_told_apart_from_who_is_new():
    feb, may = date(2026, 2, 1), date(2026, 5, 1)
    before = facts(MARCH, (1, feb), (2, feb))
    after = facts(JUNE, (1, feb), (2, feb), (3, may), (4, may), roster=range(2, 11))
    found = of_commune(flows(before, before, after))
    assert found.reached == Flow(2, 1, 0, 3)
    assert (found.newly, found.list_change) == (2, -1)


def test_a_person_who_moved_is_told_in_both_units_and_not_in_the_commune():
    feb = date(2026, 2, 1)
    before, after = facts(MARCH, (1, feb), roster=[1]), facts(JUNE, (1, feb), roster=[1], unit_id=2)
    found = flows(before, before, after)
    units = {row.id: figure.reached for row, figure in found.targets[0].units}
    assert units == {1: Flow(1, -1, 0, 0), 2: Flow(0, 1, 0, 1)}
    assert of_commune(found).reached == Flow(1, 0, 0, 1)


def test_the_first_period_of_a_campaign_opens_at_nothing():
    found = flows(None, None, facts(JUNE, (1, date(2026, 5, 1))))
    assert of_commune(found).reached == Flow(0, 1, 0, 1)
    assert not found.has_opening


def test_without_a_closed_period_before_it_nothing_is_adjusted():
    restated = facts(MARCH, (1, date(2026, 2, 1)))
    found = of_commune(flows(None, restated, facts(JUNE, (1, date(2026, 2, 1)), (2, date(2026, 5, 1)))))
    assert found.reached == Flow(1, 1, 0, 2)


def test_sessions_and_attendances_flow_as_well():
    early, late = activity(1, 1, on=date(2026, 2, 1)), activity(2, 1, on=date(2026, 5, 1))
    back_dated = activity(3, 1, on=date(2026, 3, 1))
    shape = {1: audience(1, 10), 2: audience(2, 8), 3: audience(3, 5)}

    def reading(as_of: date, *rows) -> Facts:
        return facts(as_of, activities=list(rows), audiences=[shape[row.id] for row in rows])

    found = flows(reading(MARCH, early), reading(MARCH, early, back_dated), reading(JUNE, early, back_dated, late))
    assert found.activities == Flow(1, 1, 1, 3)
    assert found.targets[0].activities == Flow(1, 1, 1, 3)
    assert found.targets[0].commune.attendances == Flow(10, 8, 5, 23)


def test_declared_totals_flow_by_what_they_grew():
    def reading(as_of: date, total: int) -> Facts:
        return facts_of(K3, SCHOOLS, declared=[declared(1, 300, total)], as_of=as_of, approved_by=as_of)

    found = of_commune(flows(reading(MARCH, 100), reading(MARCH, 110), reading(JUNE, 180)))
    assert found.reached == Flow(100, 70, 10, 180)
    assert (found.newly, found.list_change) == (70, 0)


def test_units_that_do_enough_are_new_on_the_day_they_did():
    rows = [activity(1, 1, ActivityKind.FESTIVAL, on=date(2026, 2, 1))]
    more = [*rows, activity(2, 2, ActivityKind.FESTIVAL, on=date(2026, 5, 1))]
    before = facts_of(K5, SCHOOLS, activities=rows, as_of=MARCH, approved_by=MARCH)
    after = facts_of(K5, SCHOOLS, activities=more, as_of=JUNE, approved_by=JUNE)
    found = of_commune(flows(before, before, after))
    assert (found.reached, found.newly) == (Flow(1, 1, 0, 2), 1)


def test_a_moving_window_has_no_flows_of_sessions():
    villages = [unit(1, UnitKind.VILLAGE)]
    reading = facts_of(K6, villages, as_of=JUNE, approved_by=JUNE)
    target = flows(None, None, reading).targets[0]
    assert (target.activities, target.commune.attendances, target.commune.newly) == (None, None, None)


def test_a_target_that_was_added_later_opens_at_nothing():
    before = facts_of(K5, SCHOOLS, as_of=MARCH, approved_by=MARCH)
    assert of_commune(flows(before, before, facts(JUNE, (1, date(2026, 5, 1))))).reached == Flow(0, 1, 0, 1)


@given(st.one_of(st.none(), st.integers(0, 99)), st.integers(0, 99), st.integers(0, 99))
def test_every_flow_adds_up(opening, restated, closing):
    assert sums(flow_of(opening, restated, closing))


@given(*[st.lists(st.tuples(st.integers(1, 10), st.dates(date(2026, 1, 1), JUNE)), max_size=8) for _ in range(3)])
def test_g8_every_cell_adds_up_whatever_was_known_when(frozen, known, later):
    found = flows(
        facts(MARCH, *dict(frozen).items()), facts(MARCH, *dict(known).items()), facts(JUNE, *dict(later).items())
    )
    cells = [found.targets[0].commune, *(figure for _, figure in found.targets[0].units)]
    assert all(sums(cell.reached) for cell in cells)
