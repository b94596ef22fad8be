"""Checking an uploaded list: the upload and its report are kept, the roster stays as it is."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.audit import record_audit
from accounts.jobs import start_job
from accounts.models import User
from campaigns.importers.examining import Checked, ListFor, examine_workbook, spec_for
from campaigns.importers.kinds import kind_spec
from campaigns.importers.reports import only_counts, outcome_of, report_as_json
from campaigns.importers.understanding import Answers
from campaigns.models import RosterImport, Unit
from campaigns.models.imports import ColumnMapping, RosterImportState, RosterKind
from campaigns.services.imports.kept_rows import keep_rows, rows_file
from hbs_portal.lib.importing import sha256_of
from hbs_portal.lib.sheets.container import MAX_FILE_BYTES, TOO_LARGE, RefusedFile
from hbs_portal.lib.sheets.reading import Workbook, read_workbook

KEPT_FOR = timedelta(days=1)
#: Longer lists take over a second: a background job does them.
LARGE_ROWS = 800
CHECK_JOB, APPLY_JOB = "roster_check", "roster_apply"
FILE_GONE = "Tệp không còn lưu trên hệ thống. Hãy tải tệp lên lại để kiểm tra rồi nạp."
MOVED_ON = "Lần nạp này đã được xử lý ở nơi khác nên việc này không làm gì thêm. Hãy mở trang của lần nạp để xem."
NOT_NOW = "Lần nạp này đã được nạp hoặc đang được xử lý nên không kiểm tra lại."
UNDER_CHECK = {"outcome": "checking", "counts": {}}
#: Outcome of a check that a job could not bring to its end.
STOPPED = "refused"
STATES = {
    "asking": RosterImportState.ASKING,
    "errors": RosterImportState.REFUSED,
    "nothing": RosterImportState.CHECKED,
    "ok": RosterImportState.CHECKED,
}


class ImportNotAppliedError(Exception):
    """Nothing was written; the text says why and what to do."""


@transaction.atomic
def check_roster(
    *,
    actor: User,
    unit: Unit,
    effective_on: date,
    upload: UploadedFile,
    kind: str = RosterKind.PUPILS,
    answers: Answers | None = None,
    activity_id: int | None = None,
    at_once: bool = False,
) -> RosterImport:
    """Checks an uploaded list and keeps it with its report until it is applied; the roster stays as it is.

    `kind` may be AUTO. A list of more than LARGE_ROWS rows is checked by a job (state CHECKING), unless `at_once`.
    Raises RefusedFile with a sentence; then nothing is kept at all.
    """
    if (upload.size or 0) > MAX_FILE_BYTES:
        raise RefusedFile(TOO_LARGE)
    name = Path(upload.name or "").name[:200]
    with NamedTemporaryFile(suffix=".upload") as copy:
        copy.writelines(upload.chunks())
        copy.flush()
        path = Path(copy.name)
        workbook = read_workbook(path, filename=name)
        roster_import = RosterImport(
            commune_id=unit.commune_id or unit.pk,
            unit=unit,
            kind=spec_for(workbook, kind, unit).kind,
            effective_on=effective_on,
            file_name=name,
            sha256=sha256_of(path),
            uploaded_by=actor,
            answers=(answers or Answers()).as_json(),
            activity_id=activity_id,
        )
        _check_or_queue(roster_import, actor, workbook, path, at_once=at_once)
    return roster_import


@transaction.atomic
def recheck_roster(
    *, actor: User, roster_import: RosterImport, answers: Answers, at_once: bool = False
) -> RosterImport:
    """Checks a kept file again with what the person answered; answers about columns hold for the next file like it.

    Raises ImportNotAppliedError where the file is gone or applied, RefusedFile where it cannot be read so.
    """
    stored = RosterImport.objects.select_for_update(of=("self",)).select_related("unit").get(pk=roster_import.pk)
    if stored.state not in (RosterImportState.ASKING, RosterImportState.CHECKED, RosterImportState.REFUSED):
        raise ImportNotAppliedError(NOT_NOW)
    path = kept_file(stored)
    stored.answers = answers.as_json()
    remember_columns(actor, stored, answers)
    workbook = read_workbook(path, filename=stored.file_name)
    _check_or_queue(stored, actor, workbook, path, at_once=at_once)
    return stored


def _check_or_queue(roster_import: RosterImport, actor: User, workbook: Workbook, path: Path, *, at_once: bool) -> None:
    if at_once or sum(len(sheet.rows) for sheet in workbook.sheets) <= LARGE_ROWS:
        checked = check_workbook(roster_import, actor, workbook)
        store_check(roster_import, checked)
        _keep_file(roster_import, path, workbook.kind)
        keep_rows(roster_import, checked)
        roster_import.save()
        record_import(actor, "Kiểm tra danh sách", roster_import)
        return
    roster_import.state, roster_import.report = RosterImportState.CHECKING, dict(UNDER_CHECK)
    _keep_file(roster_import, path, workbook.kind)
    roster_import.save()
    start_roster_job(actor, CHECK_JOB, f"Kiểm tra danh sách: {roster_import.file_name}", roster_import)


def start_roster_job(actor: User, kind: str, title: str, roster_import: RosterImport, **arguments: Any) -> None:
    """Leaves an import to the background."""
    values = {"roster_import": roster_import.pk, **arguments}
    start_job(owner=actor, kind=kind, title=title, arguments=values)


@transaction.atomic
def check_now(*, actor: User, roster_import: RosterImport) -> RosterImport:
    """What the job does for a long list. Raises RefusedFile, and ImportNotAppliedError where nobody waits for it."""
    if roster_import.state != RosterImportState.CHECKING:
        raise ImportNotAppliedError(MOVED_ON)
    workbook = read_workbook(kept_file(roster_import), filename=roster_import.file_name)
    checked = check_workbook(roster_import, actor, workbook)
    store_check(roster_import, checked)
    keep_rows(roster_import, checked)
    roster_import.save()
    record_import(actor, "Kiểm tra danh sách", roster_import)
    return roster_import


def stop_check(pk: int, sentence: str) -> None:
    """A background check that came to nothing: the sentence stands on the page of the import."""
    report = {"outcome": STOPPED, "counts": {}, "message": sentence}
    waiting = RosterImport.objects.filter(pk=pk, state=RosterImportState.CHECKING)
    waiting.update(state=RosterImportState.REFUSED, report=report)


def take_up_check(pk: int) -> None:
    """A check that came to nothing is tried again."""
    stopped = RosterImport.objects.filter(pk=pk, state=RosterImportState.REFUSED, report__outcome=STOPPED)
    stopped.exclude(file="").update(state=RosterImportState.CHECKING, report=UNDER_CHECK)


def check_workbook(roster_import: RosterImport, actor: User | None, workbook: Workbook) -> Checked:
    """Compares a workbook as the import's answers say. Raises RefusedFile."""
    return examine_workbook(workbook, kind_spec(roster_import.kind), list_for(roster_import, actor))


def list_for(roster_import: RosterImport, actor: User | None) -> ListFor:
    """The unit, day and answers of an import, with what was remembered about columns of such lists."""
    answers = Answers.from_json(roster_import.answers)
    remembered = remembered_columns(roster_import.commune_id, roster_import.kind)
    return ListFor(
        actor=actor,
        unit=roster_import.unit,
        effective_on=roster_import.effective_on,
        answers=replace(answers, columns=remembered | dict(answers.columns)),
        activity_id=roster_import.activity_id,
    )


def remembered_columns(commune_id: int, kind: str) -> dict[str, Mapping[str, str]]:
    """What people of the commune said about the columns of such lists: signature -> heading key -> field."""
    rows = ColumnMapping.objects.filter(commune_id=commune_id, kind=kind)
    return dict(rows.values_list("signature", "columns"))


def remember_columns(actor: User, roster_import: RosterImport, answers: Answers) -> None:
    """Keeps what was said about columns for the next file with the same headings."""
    rows = [
        ColumnMapping(
            commune_id=roster_import.commune_id,
            kind=roster_import.kind,
            signature=signature,
            columns=dict(columns),
            saved_by=actor,
            saved_at=timezone.now(),
        )
        for signature, columns in answers.columns.items()
    ]
    ColumnMapping.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["commune", "kind", "signature"],
        update_fields=["columns", "saved_by", "saved_at"],
    )


def store_check(roster_import: RosterImport, checked: Checked) -> None:
    """Takes what a check found into the (unsaved) import."""
    roster_import.state = STATES[outcome_of(checked)]
    roster_import.report = report_as_json(checked)


def _keep_file(roster_import: RosterImport, path: Path, kind: str) -> None:
    """Keeps the upload, unless there is nothing to do with it."""
    if roster_import.report["outcome"] == "nothing":
        delete_upload(roster_import)
    elif not roster_import.file:
        with path.open("rb") as content:
            roster_import.file.save(f"{uuid4().hex}.{kind}", File(content), save=False)


def delete_upload(roster_import: RosterImport) -> None:
    """Deletes the upload and its rows; the caller saves."""
    if roster_import.file:
        rows_file(Path(roster_import.file.path)).unlink(missing_ok=True)
        roster_import.file.delete(save=False)


def kept_file(roster_import: RosterImport) -> Path:
    """The stored upload, if it still is the file that came in. Raises ImportNotAppliedError."""
    path = Path(roster_import.file.path) if roster_import.file else None
    if path is None or not path.exists() or sha256_of(path) != roster_import.sha256:
        raise ImportNotAppliedError(FILE_GONE)
    return path


def record_import(
    actor: User | None, action: str, roster_import: RosterImport, changed: Mapping[str, Any] | None = None
) -> None:
    """The audit entry of a step of an import; `changed`: what changed of whom, by id."""
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
    done = (RosterImportState.APPLIED, RosterImportState.UNDONE)
    old = RosterImport.objects.filter(uploaded_at__lt=now - KEPT_FOR).exclude(state__in=done)
    forgotten = [roster_import for roster_import in old if roster_import.file or "errors" in roster_import.report]
    for roster_import in forgotten:
        delete_upload(roster_import)
        roster_import.report = only_counts(roster_import.report)
        roster_import.save(update_fields=["file", "report"])
    _delete_strays(now)
    return len(forgotten)


def _delete_strays(now: datetime) -> None:
    """No upload outlives its day: what a process left behind that died between the database and the disk goes too."""
    limit = (now - KEPT_FOR).timestamp()
    for path in (Path(settings.MEDIA_ROOT) / "imports").rglob("*"):
        if path.is_file() and path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
