"""What was frozen, issued or recorded is refused every change by the database itself, past models and services."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import AuditEntry
from reports.models import Report, ReportFile, Snapshot
from reports.models.issued import ReportState
from reports.selectors.clocks import Clocks
from reports.services.issuing import revoke_report
from reports.services.snapshots import take_snapshot


@pytest.fixture
def report(cast, campaign) -> Report:
    """An issued one with a file, without the work of making it."""
    snapshot = take_snapshot(cast.officer, campaign, Clocks.of(campaign), "Quý II")
    values = {"commune": cast.commune, "campaign": campaign, "snapshot": snapshot, "title": "Báo cáo quý II"}
    report = Report.objects.create(prepared_by=cast.officer, wording={"figures": "K1 94,5%"}, **values)
    report.files.create(format="PDF", file="reports/x.pdf", name="x.pdf", size_bytes=1, sha256="0" * 64)
    issued = {"state": ReportState.ISSUED, "issued_by": cast.officer, "issued_at": timezone.now(), "edition": 1}
    Report.objects.filter(pk=report.pk).update(**issued)
    report.refresh_from_db()
    return report


def execute(sql: str, *values) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


ROWS = {
    Snapshot: ("name", "content", "number", "approved_by"),
    ReportFile: ("sha256", "file", "report_id"),
    AuditEntry: ("actor_name", "after", "at"),
    Report: ("title", "wording", "edition", "snapshot_id", "issued_at", "paper_number", "version", "state"),
}


@pytest.mark.parametrize("model, column", [(model, column) for model, columns in ROWS.items() for column in columns])
def test_no_column_of_a_written_row_can_be_set(model, column, report):
    row = model.objects.first()
    with pytest.raises(IntegrityError, match="is written once"):
        execute(f"UPDATE {model._meta.db_table} SET {column} = {column} WHERE id = %s", row.pk)  # noqa: S608


@pytest.mark.parametrize("model", ROWS)
def test_no_written_row_can_be_deleted(model, report):
    row = model.objects.first()
    with pytest.raises(IntegrityError, match="is written once"):
        execute(f"DELETE FROM {model._meta.db_table} WHERE id = %s", row.pk)  # noqa: S608


def test_an_issued_report_can_be_revoked_once_and_then_nothing(report, cast):
    revoke_report(actor=cast.officer, report=report, expected_version=report.version, reason="Nhầm kỳ")
    report.refresh_from_db()
    assert (report.state, report.revoke_reason) == (ReportState.REVOKED, "Nhầm kỳ")
    for values in ({"state": ReportState.ISSUED}, {"revoke_reason": "Khác"}, {"state": ReportState.REVOKED}):
        with pytest.raises(IntegrityError, match="is written once"), transaction.atomic():
            Report.objects.filter(pk=report.pk).update(**values)


@pytest.mark.parametrize("also", [{"title": "Khác"}, {"wording": {}}, {"edition": 2}, {"paper_number": "7"}])
def test_revoking_does_not_carry_another_change_along(report, also):
    with pytest.raises(IntegrityError, match="is written once"), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(state=ReportState.REVOKED, revoke_reason="Nhầm", **also)


def test_a_preview_can_be_changed_and_thrown_away(report):
    preview = Report.objects.create(
        commune=report.commune,
        campaign=report.campaign,
        snapshot=report.snapshot,
        title="Bản xem trước",
        prepared_by=report.prepared_by,
    )
    assert Report.objects.filter(pk=preview.pk).update(title="Tên khác", wording={"a": 1}) == 1
    assert preview.delete()[0] == 1
