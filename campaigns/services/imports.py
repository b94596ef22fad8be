"""Rosters from files: check (only the upload itself is kept), apply exactly what was checked, forget the file."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from uuid import uuid4

from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.audit import record_audit
from accounts.models import User
from campaigns.importers.pupils import MAX_ROWS, PUPIL_LAYOUT, PupilPlan, PupilRowForm
from campaigns.importers.reports import digest_of, only_counts, report_as_json
from campaigns.importers.understanding import RosterReading, understand
from campaigns.models import RosterImport, Unit
from campaigns.models.imports import RosterImportState, RosterKind
from hbs_portal.lib.importing import CheckReport, LeftOut, Outcome, run_import, sha256_of
from hbs_portal.lib.sheets.container import MAX_FILE_BYTES, TOO_LARGE, RefusedFile
from hbs_portal.lib.sheets.reading import read_workbook
from hbs_portal.lib.text import number_text

KEPT_FOR = timedelta(days=1)
CHANGED_SINCE = (
    "Danh sách của trường hoặc tệp đã khác với lúc kiểm tra nên chưa nạp gì. Hãy tải tệp lên lại để kiểm tra lần nữa."
)


class ImportNotAppliedError(Exception):
    """Nothing was written; the text says why and what to do."""


@dataclass(frozen=True)
class CheckedRoster:
    """A file as read and compared with the roster."""

    reading: RosterReading
    report: CheckReport


class _AsCheckedPlan(PupilPlan):
    """A plan that writes only what was shown when the file was checked."""

    expected_digest = ""

    def write(self, outcomes: list[Outcome]) -> None:  # type: ignore[override]
        if digest_of(outcomes) != self.expected_digest:
            raise ImportNotAppliedError(CHANGED_SINCE)
        super().write(outcomes)


def plan_for(actor: User, unit: Unit, effective_on: date, plan_class: type[PupilPlan] = PupilPlan) -> PupilPlan:
    """Only the office may take a pupil out of another unit."""
    return plan_class(unit=unit, effective_on=effective_on, may_take_over=actor.scope.has("OFFICER"))


def examine(path: Path, *, file_name: str, plan: PupilPlan, apply: bool = False) -> CheckedRoster:
    """Read the file at `path` and compare it (with `apply`: also write). Raises RefusedFile with a sentence."""
    reading = understand(read_workbook(path, filename=file_name), PUPIL_LAYOUT)
    if len(reading.rows) > MAX_ROWS:
        raise RefusedFile(f"Tệp có hơn {number_text(MAX_ROWS)} học sinh. Hãy tách thành nhiều tệp rồi tải lên.")
    report = run_import(reading.rows, PupilRowForm, plan, apply=apply)
    report.left_out = sorted([*report.left_out, *reading.left_out], key=_place)
    return CheckedRoster(reading, report)


def _place(row: LeftOut) -> tuple[str, int]:
    return row.sheet, row.row


@transaction.atomic
def check_roster(*, actor: User, unit: Unit, effective_on: date, upload: UploadedFile) -> RosterImport:
    """Checks an uploaded pupil list and keeps it with its report until it is applied; the roster stays as it is.

    Raises RefusedFile with a sentence; then nothing is kept at all.
    """
    if (upload.size or 0) > MAX_FILE_BYTES:
        raise RefusedFile(TOO_LARGE)
    name = Path(upload.name or "").name[:200]
    with NamedTemporaryFile(suffix=".xlsx") as copy:
        copy.writelines(upload.chunks())
        copy.flush()
        path = Path(copy.name)
        checked = examine(path, file_name=name, plan=plan_for(actor, unit, effective_on))
        roster_import = RosterImport(
            commune_id=unit.commune_id or unit.pk,
            unit=unit,
            kind=RosterKind.PUPILS,
            effective_on=effective_on,
            file_name=name,
            sha256=sha256_of(path),
            state=RosterImportState.REFUSED if checked.report.errors else RosterImportState.CHECKED,
            report=report_as_json(checked.report, checked.reading),
            uploaded_by=actor,
        )
        if checked.report.can_be_applied:
            roster_import.file.save(f"{uuid4().hex}.xlsx", File(path.open("rb")), save=False)
    roster_import.save()
    _record(actor, "Kiểm tra danh sách", roster_import, {})
    return roster_import


@transaction.atomic
def apply_roster(*, actor: User, roster_import: RosterImport) -> RosterImport:
    """Writes exactly what was checked: the same file (SHA-256), with the same outcome; the file is then deleted.

    Raises ImportNotAppliedError with a sentence where anything differs; then nothing was written.
    """
    stored = RosterImport.objects.select_for_update().select_related("unit").get(pk=roster_import.pk)
    path = _checked_file(stored)
    plan = plan_for(actor, stored.unit, stored.effective_on, _AsCheckedPlan)
    plan.expected_digest = stored.report["digest"]  # type: ignore[attr-defined]
    try:
        report = examine(path, file_name=stored.file_name, plan=plan, apply=True).report
    except RefusedFile as refused:
        raise ImportNotAppliedError(str(refused)) from refused
    if not report.applied:
        raise ImportNotAppliedError(CHANGED_SINCE)
    transaction.on_commit(lambda: path.unlink(missing_ok=True))
    stored.state, stored.applied_at, stored.file = RosterImportState.APPLIED, timezone.now(), ""
    stored.report = only_counts(stored.report)
    stored.save(update_fields=["state", "applied_at", "file", "report"])
    _record(actor, "Nạp danh sách", stored, _changed_people(report))
    return stored


def _checked_file(stored: RosterImport) -> Path:
    """The stored file, if it is still the checked one and nobody applied it yet."""
    if stored.state == RosterImportState.APPLIED:
        raise ImportNotAppliedError("Tệp này đã được nạp rồi, không cần nạp lại.")
    if stored.state == RosterImportState.REFUSED:
        raise ImportNotAppliedError("Tệp còn lỗi nên chưa nạp được. Hãy sửa các lỗi trong tệp rồi tải lên lại.")
    if not stored.file:
        raise ImportNotAppliedError("Tệp không còn lưu trên hệ thống. Hãy tải tệp lên lại để kiểm tra rồi nạp.")
    path = Path(stored.file.path)
    if not path.exists() or sha256_of(path) != stored.sha256:
        raise ImportNotAppliedError(CHANGED_SINCE)
    return path


def _changed_people(report: CheckReport) -> dict[str, Any]:
    """For the audit: what changed of whom, by the person's id; new people are counted only."""
    return {str(o.existing.person.pk): {label: list(pair) for label, pair in o.changes.items()} for o in report.changed}


def _record(actor: User, action: str, roster_import: RosterImport, changed: dict[str, Any]) -> None:
    after = {
        "sha256": roster_import.sha256,
        "effective_on": roster_import.effective_on.isoformat(),
        "counts": roster_import.report["counts"],
    }
    record_audit(
        actor=actor,
        action=action,
        target=roster_import,
        after=after | ({"changed": changed} if changed else {}),
        unit_id=roster_import.unit_id,
    )


def forget_old_uploads(*, now: datetime) -> int:
    """Deletes files and rows of checks that nobody applied within a day; gives their number. Safe to run twice."""
    old = RosterImport.objects.filter(uploaded_at__lt=now - KEPT_FOR).exclude(state=RosterImportState.APPLIED)
    forgotten = [roster_import for roster_import in old if "errors" in roster_import.report]
    for roster_import in forgotten:
        roster_import.file.delete(save=False)
        roster_import.report = only_counts(roster_import.report)
        roster_import.save(update_fields=["file", "report"])
    return len(forgotten)
