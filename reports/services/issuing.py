"""Papers of the office: asked for, worded, issued, revoked. What was issued never changes (append-only files)."""

from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.audit import changed_only, field_values, record_audit
from accounts.jobs import start_job
from accounts.models import Job, User
from accounts.versions import StaleRecordError, save_if_unchanged
from campaigns.models import Campaign
from reports.models import Report, ReportFile, ReportingPeriod, Snapshot
from reports.models.issued import ReportState
from reports.selectors.clocks import Clocks
from reports.services.periods import closing_refusal
from reports.services.report_files import (
    FILES,
    REPORT_KINDS,
    KeptFile,
    delete_drafts,
    file_name,
    is_intact,
    kept_files,
)

REPORT_JOB = "report"
WORDS = ("title", "paper_number", "dated_on", "previous_id")
NOT_PREPARED = "Báo cáo này không còn là bản xem trước nên không sửa được nữa."
NO_FILES = "Tệp của báo cáo chưa lập xong. Hãy lập lại tệp, xem trước rồi ban hành."
DAMAGED = "Tệp trên máy chủ không còn đúng như khi lập. Hãy lập lại tệp rồi ban hành."


class IssuingError(Exception):
    """What cannot be done to a report now; a Vietnamese sentence that says what to do."""


class Words(NamedTuple):
    """What people decide about a paper: an empty title takes the usual one, an empty number is written by hand."""

    title: str = ""
    paper_number: str = ""
    dated_on: date | None = None
    previous: Snapshot | None = None


def request_report_of_snapshot(*, actor: User, snapshot: Snapshot, words: Words) -> Job:
    """Start the job that makes a report of figures that are frozen already."""
    return _request(actor, snapshot.name, words, {"snapshot": snapshot.pk})


def request_report_of_period(*, actor: User, period: ReportingPeriod, words: Words) -> Job:
    """Start the job that closes a period (rule G8) and makes its report. Raises IssuingError where it cannot close."""
    refusal = closing_refusal(period)
    if refusal:
        raise IssuingError(refusal)
    order = {"period": period.pk, "expected_version": period.version, "note": ""}
    return _request(actor, period.name, words, order)


def request_report_of_day(*, actor: User, campaign: Campaign, clocks: Clocks, name: str, words: Words) -> Job:
    """Start the job that freezes the figures at these clocks and makes a report of them."""
    order = {
        "campaign": campaign.pk,
        "as_of": clocks.as_of.isoformat(),
        "approved_by": clocks.approved_by.isoformat(),
        "name": name,
        "note": "",
    }
    return _request(actor, name, words, order)


def _request(actor: User, name: str, words: Words, order: dict[str, Any]) -> Job:
    """`words` go with the order as plain values."""
    told = {
        "title": words.title,
        "paper_number": words.paper_number,
        "dated_on": words.dated_on.isoformat() if words.dated_on else None,
        "previous_id": words.previous.pk if words.previous else None,
    }
    return start_job(owner=actor, kind=REPORT_JOB, title=f"Lập báo cáo: {name}", arguments={**order, "words": told})


@transaction.atomic
def change_words(*, actor: User, report: Report, expected_version: int, words: Words) -> Job:
    """Give a prepared report other words and have its files made again.

    Raises IssuingError once it was issued, StaleRecordError where somebody changed it meanwhile.
    """
    report = _held_prepared(report)
    before = field_values(report, WORDS)
    report.title, report.paper_number, report.dated_on = words.title or report.title, words.paper_number, words.dated_on
    report.previous = words.previous
    _without_files(report, expected_version, fields=("title", "paper_number", "dated_on", "previous"))
    old, new = changed_only(before, field_values(report, WORDS))
    record_audit(actor=actor, action="Sửa báo cáo", target=report, before=old, after=new)
    return _make_again(actor, report)


@transaction.atomic
def remake_files(*, actor: User, report: Report, expected_version: int) -> Job:
    """Have the files of a prepared report made again, with the paragraphs and the form of today. Raises as above."""
    report = _held_prepared(report)
    _without_files(report, expected_version)
    return _make_again(actor, report)


@transaction.atomic
def discard_report(*, actor: User, report: Report) -> None:
    """Throw a preview away; its snapshot stays. Raises IssuingError once it was issued."""
    report = _held_prepared(report)
    record_audit(actor=actor, action="Bỏ bản xem trước", target=report, before=field_values(report, WORDS))
    delete_drafts(kept_files(report))
    report.delete()


@transaction.atomic
def issue_report(*, actor: User, report: Report, expected_version: int) -> Report:
    """Issue a report with exactly the files that were looked at, under the next edition of its subject (one entry).

    Raises IssuingError where a file is missing or differs from what was made, StaleRecordError where it was made again.
    """
    # Two at once wait here: editions have neither gaps nor doubles.
    Campaign.objects.select_for_update(of=("self",)).get(pk=report.campaign_id)
    report = _held_prepared(report)
    files = kept_files(report)
    if {file.format for file in files} != {kind.upper() for kind in REPORT_KINDS}:
        raise IssuingError(NO_FILES)
    if not all(is_intact(file.path, file.sha256) for file in files):
        raise IssuingError(DAMAGED)
    report.state, report.edition = ReportState.ISSUED, _next_edition(report)
    report.issued_by, report.issued_at = actor, timezone.now()
    save_if_unchanged(report, expected_version=expected_version, fields=("state", "edition", "issued_by", "issued_at"))
    for file in files:
        _issued_file(report, file)
    after = field_values(report, ("paper_number", "edition")) | {"files": [f"{f.format}: {f.sha256}" for f in files]}
    record_audit(actor=actor, action="Ban hành báo cáo", target=report, after=after)
    return report


@transaction.atomic
def revoke_report(*, actor: User, report: Report, expected_version: int, reason: str) -> None:
    """Take an issued report back; its files stay for the office. Raises IssuingError where it is not in force."""
    held = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if held.state != ReportState.ISSUED:
        raise IssuingError("Báo cáo này đã được thu hồi trước đó.")
    held.state, held.revoke_reason = ReportState.REVOKED, reason
    save_if_unchanged(held, expected_version=expected_version, fields=("state", "revoke_reason"))
    record_audit(actor=actor, action="Thu hồi báo cáo", target=held, after=field_values(held, ("revoke_reason",)))


def subject_of(report: Report) -> dict[str, Any]:
    """Reports with the same answer are editions of one paper: a period's, or a day's where there is no period."""
    snapshot = report.snapshot
    return {
        "campaign_id": report.campaign_id,
        "snapshot__as_of": snapshot.as_of,
        **({"snapshot__period_id": snapshot.period_id} if snapshot.period_id else {"snapshot__period__isnull": True}),
    }


def _held_prepared(report: Report) -> Report:
    """The same report under lock. Raises IssuingError where it is no preview any more."""
    rows = Report.objects.select_for_update(of=("self",)).select_related("snapshot", "campaign")
    held = rows.defer("snapshot__content").filter(pk=report.pk).first()
    if held is None or held.state != ReportState.PREPARED:
        raise IssuingError(NOT_PREPARED)
    return held


def _without_files(report: Report, expected_version: int, fields: tuple[str, ...] = ()) -> None:
    """Until they were made again there is nothing that could be issued."""
    if report.version != expected_version:
        raise StaleRecordError(report)
    delete_drafts(kept_files(report))
    report.wording = {**report.wording, FILES: []}
    save_if_unchanged(report, expected_version=expected_version, fields=(*fields, "wording"))


def _make_again(actor: User, report: Report) -> Job:
    title = f"Lập lại báo cáo: {report.title}"
    return start_job(owner=actor, kind=REPORT_JOB, title=title, arguments={"report": report.pk})


def _next_edition(report: Report) -> int:
    last = Report.objects.filter(**subject_of(report)).aggregate(last=Max("edition"))["last"]
    return (last or 0) + 1


def _issued_file(report: Report, file: KeptFile) -> None:
    ReportFile.objects.create(
        report=report,
        format=file.format,
        file=file.path,
        name=file_name(report, Path(file.path).suffix),
        size_bytes=file.size_bytes,
        sha256=file.sha256,
        made_at=file.made_at,
    )
