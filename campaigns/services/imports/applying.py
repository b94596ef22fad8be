"""Applying exactly what was checked, in one transaction."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from campaigns.importers.examining import Checked, ListFor, compared, examine_workbook, spec_for
from campaigns.importers.kinds import kind_spec
from campaigns.importers.reports import digest_of, only_counts, outcome_of, report_as_json
from campaigns.importers.steps import Problem
from campaigns.importers.understanding import Answers, RosterReading
from campaigns.models import RosterImport, Unit
from campaigns.models.imports import RosterImportState
from campaigns.services.imports.checking import (
    APPLY_JOB,
    LARGE_ROWS,
    MOVED_ON,
    STATES,
    ImportNotAppliedError,
    check_workbook,
    kept_file,
    list_for,
    record_import,
    remembered_columns,
    start_roster_job,
)
from campaigns.services.imports.kept_rows import kept_rows, rows_file
from hbs_portal.lib.importing import CheckReport, RowError, SourceRow, sha256_of
from hbs_portal.lib.sheets.container import RefusedFile
from hbs_portal.lib.sheets.reading import read_workbook

CHANGED_SINCE = (
    "Danh sách của đơn vị hoặc tệp đã khác với lúc kiểm tra nên chưa nạp gì. Hãy tải tệp lên lại để kiểm tra lần nữa."
)
NOTHING_CHOSEN = "Không có gì để nạp. Hãy sửa các dòng lỗi trong tệp rồi tải lên lại."


@transaction.atomic
def apply_roster(
    *,
    actor: User,
    roster_import: RosterImport,
    only_valid_rows: bool = False,
    leavers: Collection[int] = (),
    leavers_on: date | None = None,
    at_once: bool = False,
) -> RosterImport:
    """Writes exactly what was checked: the same file (SHA-256), with the same outcome; the file is then deleted.

    `only_valid_rows`: leave wrong and undecided rows out, by the person's explicit choice. `leavers`: which of the
    proposed ones are ended, with `leavers_on` as their last day (None: the day before the list holds). A list of more
    than LARGE_ROWS rows is applied by a job (state APPLYING), unless `at_once`.
    Raises ImportNotAppliedError with a sentence where anything differs; then nothing was written.
    """
    stored = _locked(roster_import)
    _refuse_state(stored, only_valid_rows=only_valid_rows)
    kept_file(stored)
    chosen = sorted(set(leavers))
    if at_once or _rows_of(stored) <= LARGE_ROWS:
        return _write(actor, stored, only_valid_rows, chosen, leavers_on)
    stored.state = RosterImportState.APPLYING
    stored.save(update_fields=["state"])
    start_roster_job(
        actor,
        APPLY_JOB,
        f"Nạp danh sách: {stored.file_name}",
        stored,
        only_valid_rows=only_valid_rows,
        leavers=chosen,
        leavers_on=leavers_on.isoformat() if leavers_on else None,
        digest=stored.report["digest"],
    )
    return stored


@transaction.atomic
def apply_now(
    *,
    actor: User,
    roster_import: RosterImport,
    only_valid_rows: bool,
    leavers: Collection[int],
    leavers_on: date | None,
) -> RosterImport:
    """What the job does for a long list. Raises ImportNotAppliedError, also where nobody waits for it."""
    stored = _locked(roster_import)
    if stored.state != RosterImportState.APPLYING:
        raise ImportNotAppliedError(MOVED_ON)
    return _write(actor, stored, only_valid_rows, sorted(set(leavers)), leavers_on)


def release_import(pk: int, sentence: str) -> None:
    """After a background apply that came to nothing, the import is again what its check made it, and says why."""
    stored = RosterImport.objects.select_for_update().filter(pk=pk, state=RosterImportState.APPLYING).first()
    if stored is not None:
        stored.state = STATES[stored.report["outcome"]]
        stored.report["message"] = sentence
        stored.save(update_fields=["state", "report"])


def take_up_apply(pk: int, digest: str) -> None:
    """An apply that came to nothing is tried again, unless the file was checked with other answers since."""
    released = RosterImport.objects.filter(pk=pk, state__in=set(STATES.values()), report__digest=digest)
    released.exclude(file="").update(state=RosterImportState.APPLYING)


def _locked(roster_import: RosterImport) -> RosterImport:
    return RosterImport.objects.select_for_update(of=("self",)).select_related("unit").get(pk=roster_import.pk)


def _rows_of(stored: RosterImport) -> int:
    return sum(sheet["rows"] for sheet in stored.report["understood"]["sheets"])


def _refuse_state(stored: RosterImport, *, only_valid_rows: bool) -> None:
    """Raises ImportNotAppliedError where this import cannot be applied, or not so."""
    if stored.state in (RosterImportState.APPLIED, RosterImportState.UNDONE):
        raise ImportNotAppliedError("Tệp này đã được nạp rồi, không cần nạp lại.")
    if stored.is_working:
        raise ImportNotAppliedError("Tệp này đang được xử lý. Hãy chờ xong rồi mở lại trang này.")
    if any(question["blocks"] for question in stored.report.get("questions", [])):
        raise ImportNotAppliedError("Còn câu hỏi về tệp này. Hãy trả lời rồi kiểm tra lại trước khi nạp.")
    if stored.state == RosterImportState.REFUSED and not only_valid_rows:
        raise ImportNotAppliedError("Tệp còn lỗi nên chưa nạp được. Hãy sửa các lỗi trong tệp rồi tải lên lại.")
    if stored.state == RosterImportState.ASKING and not only_valid_rows:
        raise ImportNotAppliedError("Còn người có thể trùng. Hãy chọn là người đã có hay người khác trước khi nạp.")


def _write(
    actor: User, stored: RosterImport, only_valid_rows: bool, leavers: list[int], leavers_on: date | None
) -> RosterImport:
    path = kept_file(stored)
    checked = _compared_again(actor, stored, path)
    proposed = {one.pk for one in checked.leavers}
    if digest_of(checked.report.writes) != stored.report["digest"] or not proposed.issuperset(leavers):
        raise ImportNotAppliedError(CHANGED_SINCE)
    if (checked.report.errors or checked.report.doubts) and not only_valid_rows:
        raise ImportNotAppliedError(CHANGED_SINCE)
    write_checked(checked, leavers, leavers_on)
    transaction.on_commit(lambda: _delete(path))
    stored.file = ""
    finish_import(actor, stored, checked, len(leavers))
    return stored


def _compared_again(actor: User, stored: RosterImport, path: Path) -> Checked:
    """What the checked rows do now; they are read again only where they are not kept."""
    try:
        if kept := kept_rows(stored):
            rows, unreadable = kept
            spec = kind_spec(stored.kind)
            plan = list_for(stored, actor).plan(spec)
            report = CheckReport(wrong_rows=list(unreadable), errors=[_unreadable(row) for row in unreadable])
            return compared(spec, RosterReading((), (), ()), plan, report, rows)
        return check_workbook(stored, actor, read_workbook(path, filename=stored.file_name))
    except RefusedFile as refused:
        raise ImportNotAppliedError(str(refused)) from refused


def _unreadable(row: SourceRow) -> RowError:
    """That this row was wrong; why stands in the stored report."""
    return row.error("__all__", "")


def _delete(path: Path) -> None:
    for file in (path, rows_file(path)):
        file.unlink(missing_ok=True)


def write_checked(checked: Checked, leavers: Collection[int], leavers_on: date | None) -> None:
    """Writes what a check found, and ends the chosen leavers; within the caller's transaction.

    Raises ImportNotAppliedError: nothing to write, a last day that cannot be, somebody else wrote at the same time.
    """
    if not checked.report.writes and not leavers:
        raise ImportNotAppliedError(NOTHING_CHOSEN)
    with _clashes_told():
        if checked.report.writes:
            checked.plan.write(checked.report.writes)
        if leavers:
            checked.plan.end(leavers, leavers_on)
    checked.report.applied = True


@contextmanager
def _clashes_told() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except Problem as problem:
        raise ImportNotAppliedError(problem.reason) from problem
    except IntegrityError as error:
        raise ImportNotAppliedError(CHANGED_SINCE) from error


def finish_import(actor: User | None, stored: RosterImport, checked: Checked, leavers: int) -> None:
    """The import is history now: counts and how to take it back, no rows of people."""
    report = checked.report
    stored.state, stored.applied_at = RosterImportState.APPLIED, timezone.now()
    stored.undo_steps = checked.plan.writer.log.as_json()
    applied = {"new": len(report.new), "changed": len(report.changed), "leavers": leavers}
    stored.report = only_counts(stored.report | {"applied": applied})
    stored.save()
    record_import(actor, "Nạp danh sách", stored, _changed(checked))


def _changed(checked: Checked) -> Mapping[str, Any]:
    """For the audit: what changed of whom, by id; new ones are counted only."""
    found = {}
    for outcome in checked.report.changed:
        step = outcome.existing
        known = getattr(step, "person", None) or getattr(step, "household", None)
        if known is not None:
            found[str(known.pk)] = {label: list(pair) for label, pair in outcome.changes.items()}
    return found


def import_file(
    *,
    actor: User | None,
    unit: Unit,
    kind: str,
    effective_on: date,
    path: Path,
    file_name: str,
    answers: Answers,
    apply: bool,
) -> Checked:
    """Checks a file on the disk, and with `apply` writes it whole or not at all; the file stays where it is.

    Without `apply` nothing is written. Raises RefusedFile, ImportNotAppliedError.
    """
    workbook = read_workbook(path, filename=file_name)
    spec = spec_for(workbook, kind, unit)
    commune_id = unit.commune_id or unit.pk
    answers = replace(answers, columns=remembered_columns(commune_id, spec.kind) | dict(answers.columns))
    with transaction.atomic():
        checked = examine_workbook(workbook, spec, ListFor(actor, unit, effective_on, answers))
        if apply and outcome_of(checked) == "ok" and checked.report.writes:
            write_checked(checked, (), None)
            stored = RosterImport(
                commune_id=commune_id,
                unit=unit,
                kind=spec.kind,
                effective_on=effective_on,
                file_name=file_name[:200],
                sha256=sha256_of(path),
                uploaded_by=actor,
                answers=answers.as_json(),
                report=report_as_json(checked),
            )
            finish_import(actor, stored, checked, 0)
    return checked
