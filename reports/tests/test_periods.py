"""Reporting periods in the database: made, closed in order, frozen, opened again with a reason (rules G7, G8)."""

from datetime import date, timedelta

import pytest

from accounts.models import AuditEntry
from accounts.versions import StaleRecordError
from campaigns.choices import ActivityKind, RecordStatus
from hbs_portal.lib.dates import local_today
from reports.models import ReportingPeriod, Snapshot
from reports.models.periods import PeriodMode
from reports.pages.periods import period_page
from reports.periods.flows import Flow
from reports.services.periods import (
    PeriodError,
    close_period,
    create_period,
    delete_period,
    reopen_period,
    update_period,
)
from training.workflow import approve_record

Q1, Q2 = (date(2026, 1, 1), date(2026, 3, 31)), (date(2026, 4, 1), date(2026, 6, 30))
MARCH_DAY, MAY_DAY = date(2026, 3, 10), date(2026, 5, 10)


@pytest.fixture
def make_period(cast, campaign):
    def make(span: tuple[date, date] = Q1, mode: str = PeriodMode.IN_PERIOD, name: str = "") -> ReportingPeriod:
        first, last = span
        return create_period(
            actor=cast.officer,
            campaign=campaign,
            name=name or f"Kỳ {first:%d/%m} - {last:%d/%m}",
            starts_on=first,
            ends_on=last,
            mode=mode,
        )

    return make


@pytest.fixture
def close(cast):
    def close_it(period: ReportingPeriod) -> Snapshot:
        return close_period(actor=cast.officer, period=period, expected_version=period.version)

    return close_it


@pytest.fixture
def pupils(cast, make_person, make_activity):
    """Ten pupils; two reached in March."""
    people = [make_person(cast.a, class_name="4A") for _ in range(10)]
    make_activity(cast.a, people=people[:2], on=MARCH_DAY)
    return people


def reached(period: ReportingPeriod, code: str = "K3") -> Flow:
    block = next(block for block in period_page(period).blocks if block.names.code == code)
    return block.rows[0].flow


def test_a_period_holds_from_to_deadline_and_mode(make_period, cast):
    period = make_period()
    values = {"name": "Quý I", "starts_on": Q1[0], "ends_on": Q1[1], "mode": PeriodMode.RUNNING_TOTAL}
    update_period(actor=cast.officer, period=period, expected_version=1, deadline=date(2026, 4, 5), **values)
    period.refresh_from_db()
    assert (period.name, period.deadline, period.mode) == ("Quý I", date(2026, 4, 5), PeriodMode.RUNNING_TOTAL)
    entry = AuditEntry.objects.get(action="Sửa kỳ báo cáo")
    assert entry.after == {"name": "Quý I", "deadline": "2026-04-05", "mode": "RUNNING_TOTAL"}


@pytest.mark.parametrize("span", [(date(2026, 12, 15), date(2027, 1, 14)), (date(2025, 9, 5), date(2025, 12, 31))])
def test_a_period_ends_within_the_campaign(make_period, span):
    with pytest.raises(PeriodError, match="trong thời gian của kế hoạch"):
        make_period(span)


def test_a_period_may_begin_before_the_campaign(make_period):
    assert make_period((date(2025, 12, 15), date(2026, 3, 14))).pk


def test_g8_a_back_dated_record_enters_the_open_period_as_an_adjustment(
    make_period, close, pupils, cast, make_activity, campaign
):
    """Q1 is closed with 2 pupils. A class of 10/3 with 3 more is approved afterwards; in May 4 more are reached."""
    first, second = make_period(Q1), make_period(Q2)
    late = make_activity(cast.a, people=pupils[2:5], on=MARCH_DAY, status=RecordStatus.SUBMITTED)
    close(first)
    approve_record(actor=cast.officer, record=late)
    make_activity(cast.a, people=pupils[5:9], on=MAY_DAY)
    assert reached(first) == Flow(opening=0, in_period=2, adjustment=0, closing=2)
    assert reached(second) == Flow(opening=2, in_period=4, adjustment=3, closing=9)


def test_g8_a_closed_period_does_not_move(make_period, close, pupils, cast, make_activity):
    first, second = make_period(Q1), make_period(Q2)
    close(first)
    make_activity(cast.a, people=pupils[2:5], on=MAY_DAY)
    close(second)
    before = [period_page(period).blocks for period in (first, second)]
    make_activity(cast.a, people=pupils[5:7], on=MARCH_DAY)
    make_activity(cast.a, people=pupils[7:8], on=MAY_DAY)
    for person in pupils[:3]:
        person.memberships.update(starts_on=date(2026, 9, 5))
    assert [period_page(period).blocks for period in (first, second)] == before
    assert reached(second) == Flow(2, 3, 0, 5)


def test_g8_a_withdrawn_approval_is_a_negative_adjustment(make_period, close, pupils, cast, make_activity):
    first, second = make_period(Q1), make_period(Q2)
    wrong = make_activity(cast.a, people=pupils[2:5], on=MARCH_DAY)
    close(first)
    type(wrong).objects.filter(pk=wrong.pk).update(
        status=RecordStatus.WITHDRAWN, ended_on=local_today(), end_reason="Ghi nhầm"
    )
    assert reached(first) == Flow(0, 5, 0, 5)
    assert reached(second) == Flow(5, 0, -3, 2)


def test_a_running_total_shows_the_coverage_at_its_end(make_period, close, pupils, cast, make_activity):
    make_activity(cast.a, people=pupils[2:6], on=MAY_DAY)
    first, half = make_period(Q1, PeriodMode.RUNNING_TOTAL), make_period((Q1[0], Q2[1]), PeriodMode.RUNNING_TOTAL)
    figures = [next(b.figure for b in period_page(p).blocks if b.names.code == "K3") for p in (first, half)]
    assert [figure.commune.text for figure in figures] == ["2/10 (20,0%)", "6/10 (60,0%)"]
    assert close(first).as_of == Q1[1]
    assert Snapshot.objects.count() == 1


def test_closing_freezes_end_and_opening_on_the_day_of_closing(make_period, close, pupils):
    close(make_period(Q1))
    second = make_period(Q2)
    snapshot = close(second)
    assert (snapshot.as_of, snapshot.approved_by, snapshot.name) == (Q2[1], local_today(), second.name)
    assert [row.as_of for row in Snapshot.objects.filter(period=second)] == [Q2[1], Q1[1]]
    entry = AuditEntry.objects.filter(action="Khóa kỳ báo cáo").first()
    assert entry.after == {"state": "CLOSED", "closed_on": local_today().isoformat(), "snapshot": snapshot.code}


def test_periods_of_a_mode_are_closed_in_order_and_opened_in_reverse(make_period, close, pupils, cast):
    first, second = make_period(Q1), make_period(Q2)
    with pytest.raises(PeriodError, match="Hãy khóa kỳ trước"):
        close(second)
    close(make_period(Q2, PeriodMode.RUNNING_TOTAL))
    close(first)
    close(second)
    with pytest.raises(PeriodError, match="Hãy mở lại kỳ sau trước"):
        reopen_period(actor=cast.officer, period=first, expected_version=first.version, reason="Sai")
    reopen_period(actor=cast.officer, period=second, expected_version=second.version, reason="Sai số quý II")
    reopen_period(actor=cast.officer, period=first, expected_version=first.version, reason="Sai số quý I")
    assert not first.is_closed


def test_a_period_is_not_closed_before_its_last_day(make_period, close, campaign):
    campaign.ends_on = local_today() + timedelta(30)
    campaign.save()
    period = make_period((local_today(), local_today() + timedelta(1)))
    with pytest.raises(PeriodError, match="Hãy khóa kỳ từ ngày đó"):
        close(period)


def test_reopening_needs_a_reason_and_keeps_what_was_frozen(make_period, close, pupils, cast, make_activity):
    period = make_period(Q1)
    snapshot = close(period)
    with pytest.raises(PeriodError, match="lý do"):
        reopen_period(actor=cast.officer, period=period, expected_version=period.version, reason="  ")
    reopen_period(actor=cast.officer, period=period, expected_version=period.version, reason="Thiếu trường A")
    assert AuditEntry.objects.filter(action="Mở lại kỳ báo cáo").first().after["reason"] == "Thiếu trường A"
    make_activity(cast.a, people=pupils[2:3], on=MARCH_DAY)
    assert reached(period) == Flow(0, 3, 0, 3)
    again = close(period)
    assert again.number > snapshot.number
    assert Snapshot.objects.filter(pk=snapshot.pk, sha256=snapshot.sha256).exists()
    assert reached(period) == Flow(0, 3, 0, 3)


def test_a_closed_period_is_neither_changed_nor_deleted_and_one_that_was_closed_stays(make_period, close, pupils, cast):
    period = make_period(Q1)
    close(period)
    with pytest.raises(PeriodError, match="Kỳ đã khóa"):
        delete_period(actor=cast.officer, period=period)
    reopen_period(actor=cast.officer, period=period, expected_version=period.version, reason="Sai")
    with pytest.raises(PeriodError, match="đã từng được khóa"):
        delete_period(actor=cast.officer, period=period)
    fresh = make_period(Q2)
    delete_period(actor=cast.officer, period=fresh)
    assert list(ReportingPeriod.objects.all()) == [period]


def test_of_two_who_close_at_once_one_is_told(make_period, close, pupils, cast):
    period = make_period(Q1)
    other = ReportingPeriod.objects.get(pk=period.pk)
    close(period)
    with pytest.raises(StaleRecordError):
        close(other)
    assert Snapshot.objects.count() == 1


def test_who_deletes_a_period_that_was_closed_meanwhile_is_told(make_period, close, pupils, cast):
    period = make_period(Q1)
    seen_open = ReportingPeriod.objects.get(pk=period.pk)
    close(period)
    with pytest.raises(PeriodError, match="Kỳ đã khóa nên không sửa, không xóa được"):
        delete_period(actor=cast.officer, period=seen_open)
    assert ReportingPeriod.objects.get().is_closed


def test_a_month_after_a_quarter_opens_with_the_month_before_it(make_period, close, pupils, cast, make_activity):
    """March as a month and the first quarter end on one day; April takes the month."""
    march, quarter = make_period((date(2026, 3, 1), Q1[1])), make_period(Q1)
    close(quarter)
    late = make_activity(cast.a, people=pupils[2:4], on=MARCH_DAY, kind=ActivityKind.LESSON)
    close(march)
    april = make_period((date(2026, 4, 1), date(2026, 4, 30)))
    assert late.pk
    assert reached(april) == Flow(4, 0, 0, 4)
    assert reached(make_period(Q2)) == Flow(2, 0, 2, 4)


def test_g8_a_period_added_later_does_not_become_the_opening_of_a_closed_one(make_period, close, pupils, cast):
    close(make_period((date(2026, 3, 1), Q1[1])))
    second = make_period(Q2)
    close(second)
    assert reached(second) == Flow(2, 0, 0, 2)
    pupils[0].memberships.update(starts_on=date(2026, 9, 5))
    close(make_period(Q1))
    assert reached(second) == Flow(2, 0, 0, 2)
