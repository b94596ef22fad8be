"""Two of the office at one paper, period or sign in the same instant (PostgreSQL, two connections)."""

from datetime import date

import pytest

from accounts.versions import StaleRecordError
from campaigns.models import Campaign
from reports.models import Report, ReportFile, ReportingPeriod, SignalReview, Snapshot
from reports.models.issued import ReportState
from reports.models.periods import PeriodState
from reports.pages.warning_signs import sign_rows
from reports.selectors.clocks import Clocks
from reports.services import report_files
from reports.services.issuing import IssuingError, discard_report, issue_report, remake_files
from reports.services.periods import PeriodError, close_period, reopen_period
from reports.services.report_files import FILES, KeptFile, plain_file
from reports.services.snapshots import take_snapshot
from reports.services.warning_signs import review_sign

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
JUNE = Clocks(date(2026, 6, 30), date(2026, 7, 5))


@pytest.fixture
def preview(cast, campaign, monkeypatch):
    """preview(): a report with its three files, ready to be issued; all are of one subject."""
    monkeypatch.setattr("reports.services.issuing.is_intact", lambda path, sha256: True)
    snapshot = take_snapshot(cast.officer, campaign, JUNE, "Sáu tháng")

    def make() -> Report:
        files = [
            plain_file(KeptFile(kind.upper(), f"reports/{kind}", 1, "0" * 64, snapshot.taken_at))
            for kind in report_files.REPORT_KINDS
        ]
        values = {"commune": cast.commune, "campaign": campaign, "snapshot": snapshot, "prepared_by": cast.officer}
        return Report.objects.create(title="Báo cáo", wording={FILES: files}, **values)

    return make


@pytest.fixture
def period(cast, campaign) -> ReportingPeriod:
    return ReportingPeriod.objects.create(
        commune=cast.commune, campaign=campaign, name="Quý I", starts_on=date(2026, 1, 1), ends_on=date(2026, 3, 31)
    )


def issue(actor, pk: int) -> int:
    return issue_report(actor=actor, report=Report.objects.get(pk=pk), expected_version=1).edition


def test_two_reports_of_one_subject_get_two_editions(overlapping, preview, cast):
    one, two = preview().pk, preview().pk
    assert overlapping(lambda: issue(cast.officer, one), lambda: issue(cast.officer2, two)) == (1, 2)
    assert ReportFile.objects.count() == 6


def test_one_report_is_issued_once(overlapping, preview, cast):
    pk = preview().pk
    first, second = overlapping(lambda: issue(cast.officer, pk), lambda: issue(cast.officer2, pk))
    assert first == 1
    assert isinstance(second, IssuingError)
    assert (Report.objects.get().issued_by, ReportFile.objects.count()) == (cast.officer, 3)


@pytest.mark.parametrize("step", ["remake", "discard"])
def test_what_is_issued_is_neither_made_again_nor_thrown_away_meanwhile(overlapping, preview, cast, step):
    report = preview()
    steps = {
        "remake": lambda: remake_files(actor=cast.officer2, report=report, expected_version=1),
        "discard": lambda: discard_report(actor=cast.officer2, report=report),
    }
    _, second = overlapping(lambda: issue(cast.officer, report.pk), steps[step])
    assert isinstance(second, IssuingError)
    report.refresh_from_db()
    assert (report.state, len(report.wording[FILES])) == (ReportState.ISSUED, 3)


def test_what_is_made_again_is_not_issued_meanwhile(overlapping, preview, cast):
    report = preview()
    _, second = overlapping(
        lambda: remake_files(actor=cast.officer2, report=report, expected_version=1),
        lambda: issue(cast.officer, report.pk),
    )
    assert isinstance(second, IssuingError | StaleRecordError)
    assert not ReportFile.objects.exists()


def test_a_period_is_closed_once(overlapping, period, cast):
    def close(actor):
        seen = ReportingPeriod.objects.select_related("campaign__commune").get(pk=period.pk)
        return lambda: close_period(actor=actor, period=seen, expected_version=1)

    first, second = overlapping(close(cast.officer), close(cast.officer2))
    assert isinstance(first, Snapshot)
    assert isinstance(second, PeriodError | StaleRecordError)
    assert list(Snapshot.objects.values_list("number", "period")) == [(1, period.pk)]


def test_a_period_is_not_opened_while_the_one_after_it_closes(overlapping, period, cast, campaign):
    close_period(actor=cast.officer, period=period, expected_version=1)
    later = ReportingPeriod.objects.create(
        commune=cast.commune, campaign=campaign, name="Quý II", starts_on=date(2026, 4, 1), ends_on=JUNE.as_of
    )
    _, second = overlapping(
        lambda: close_period(actor=cast.officer, period=later, expected_version=1),
        lambda: reopen_period(actor=cast.officer2, period=period, expected_version=period.version, reason="Nhầm"),
    )
    assert isinstance(second, PeriodError)
    states = set(ReportingPeriod.objects.values_list("state", flat=True))
    assert states == {PeriodState.CLOSED}


def test_a_snapshot_and_a_closing_at_once_get_two_numbers(overlapping, period, cast, campaign):
    plan = Campaign.objects.select_related("commune").get(pk=campaign.pk)
    first, second = overlapping(
        lambda: take_snapshot(cast.officer, plan, JUNE, "Tên").number,
        lambda: close_period(actor=cast.officer2, period=period, expected_version=1).number,
    )
    assert (first, second) == (1, 2)


def test_of_two_first_notes_on_a_sign_the_second_is_told(overlapping, cast, campaign, make_activity):
    for unit in (cast.a, cast.b):
        make_activity(unit, trainer="Nguyễn Văn An", title=f"Tập huấn {unit.code}")
    sign = sign_rows(cast.officer, campaign)[0].sign

    def note(actor, text):
        values = {"campaign": campaign, "sign": sign, "outcome": "WATCHED", "expected_version": 0}
        return lambda: review_sign(actor=actor, note=text, **values)

    first, second = overlapping(note(cast.officer, "Chưa rõ"), note(cast.officer2, "Hai buổi"))
    assert isinstance(second, StaleRecordError)
    assert (second.instance.note, SignalReview.objects.get().note, first.version) == ("Chưa rõ", "Chưa rõ", 1)
