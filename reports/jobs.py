"""How this app's background work is done (accounts/jobs.py finds this module when the portal starts)."""

from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.urls import reverse

from accounts import jobs
from accounts.access import is_officer
from accounts.models import Job
from campaigns.access import may_take_unit_report
from campaigns.models import Campaign, Unit
from hbs_portal.lib.printing import PrintingError
from hbs_portal.lib.sheets.container import RefusedFile
from reports.access import may_take_reports, may_take_some_unit_report
from reports.exporters.edition import Edition, UnknownUnitError, edition_of_snapshot, read_edition
from reports.exporters.sheet_template.filling import TemplateError
from reports.exporters.word.writer import NotWrittenError, write_word
from reports.exporters.workbook import workbook_name, write_workbook
from reports.models import SheetTemplate, Snapshot
from reports.progress import ProgressError
from reports.selectors.clocks import Clocks
from reports.selectors.sheet_templates import SHEET_TEMPLATE
from reports.selectors.workbooks import UNIT_WORKBOOK, WORKBOOK
from reports.services.freezing import CLOSING_JOB, SNAPSHOT_JOB, freeze_once
from reports.services.issuing import REPORT_JOB
from reports.services.periods import PeriodError
from reports.services.report_files import (
    OvertakenError,
    figures_in_one_line,
    forget_unused_files,
    make_files,
    prepare_once,
)
from reports.services.sheet_templates import SheetTemplateError, fill_form, filled_name
from reports.services.snapshots import SnapshotError
from reports.services.word_reports import WORD
from reports.snapshots.canonical import ContentError


@jobs.job_handler(WORKBOOK, allowed=may_take_reports)
def make_workbook(job: Job, progress: jobs.Progress) -> str:
    """Write the workbook that was asked for; answers with its figures in one line.

    Raises JobError where the campaign is gone or its records contradict each other.
    """
    campaign, clocks = _order(job)
    progress.report(5, "Đang đọc số liệu")
    edition = _edition(job, campaign, clocks)
    progress.report(50, "Đang viết các trang tính")
    with progress.result_file(workbook_name(campaign, clocks.as_of)) as path:
        write_workbook(edition, path)
    return figures_in_one_line(edition)


def _edition(job: Job, campaign: Campaign, clocks: Clocks) -> Edition:
    """The records as they are now; raises JobError where they, or the frozen figures beside them, cannot be trusted."""
    try:
        return read_edition(campaign, clocks, made_by=str(job.owner))
    except ProgressError as error:
        raise jobs.JobError(f"Chưa lập được báo cáo vì số liệu có chỗ trái nhau. {error}") from error
    except ContentError as error:
        raise jobs.JobError(f"Chưa so sánh được với bản chốt lần trước. {error}") from error


def _of_a_unit_still_theirs(job: Job) -> bool:
    return may_take_unit_report(job.owner, job.arguments["unit"])


@jobs.job_handler(UNIT_WORKBOOK, allowed=may_take_some_unit_report, concerns=_of_a_unit_still_theirs)
def make_unit_workbook(job: Job, progress: jobs.Progress) -> str:
    """Write a unit's own workbook; answers with its figures in one line.

    Raises JobError where campaign or unit are gone, or records contradict.
    """
    campaign, clocks = _order(job)
    unit = Unit.objects.filter(pk=job.arguments["unit"], commune_id=job.commune_id).first()
    if unit is None:
        raise jobs.JobError("Không còn đơn vị này. Hãy mở lại trang đơn vị.")
    progress.report(5, "Đang đọc số liệu")
    try:
        edition = _edition(job, campaign, clocks).for_unit(unit.code)
    except UnknownUnitError as error:
        raise jobs.JobError(f"{error} Đơn vị phải hoạt động từ ngày lấy số liệu trở về trước.") from error
    progress.report(50, "Đang viết các trang tính")
    with progress.result_file(workbook_name(campaign, clocks.as_of, unit.code)) as path:
        write_workbook(edition, path)
    return figures_in_one_line(edition)


@jobs.job_handler(WORD, allowed=may_take_reports)
def make_word(job: Job, progress: jobs.Progress) -> str:
    """Write the Word report that was asked for; answers with its figures in one line.

    Raises JobError where the campaign is gone, its records contradict each other or the template cannot be filled.
    """
    campaign, clocks = _order(job)
    progress.report(5, "Đang đọc số liệu")
    edition = _edition(job, campaign, clocks)
    progress.report(50, "Đang viết báo cáo")
    try:
        with progress.result_file(f"{Path(workbook_name(campaign, clocks.as_of)).stem}.docx") as path:
            write_word(edition, path)
    except NotWrittenError as error:
        raise jobs.JobError(str(error.strerror)) from error
    return figures_in_one_line(edition)


@jobs.job_handler(SHEET_TEMPLATE, allowed=may_take_reports)
def fill_sheet_template(job: Job, progress: jobs.Progress) -> str:
    """Fill a superior's form from frozen figures; answers what was filled and what Excel has yet to calculate.

    Raises JobError where form or snapshot are gone or unreadable, or a cell asks for what the snapshot does not have.
    """
    template = SheetTemplate.objects.filter(pk=job.arguments["template"], commune_id=job.commune_id).first()
    frozen = Snapshot.objects.filter(pk=job.arguments["snapshot"], commune_id=job.commune_id)
    snapshot = frozen.select_related("campaign__commune", "taken_by").first()
    if template is None or snapshot is None:
        raise jobs.JobError("Không còn biểu mẫu hoặc bản chốt này. Hãy mở lại trang Biểu mẫu của cấp trên.")
    progress.report(5, "Đang đọc bản chốt")
    try:
        edition = edition_of_snapshot(snapshot, made_by=str(job.owner))
        progress.report(50, "Đang điền biểu mẫu")
        with progress.result_file(filled_name(template, edition)) as path:
            sentence = fill_form(template, edition, path).sentence
    except (ContentError, RefusedFile, SheetTemplateError, TemplateError) as error:
        raise jobs.JobError(f"Chưa điền được biểu. {error}") from error
    return sentence


def _order(job: Job) -> tuple[Campaign, Clocks]:
    """Load again what the job names, inside the owner's commune only."""
    found = Campaign.objects.filter(pk=job.arguments["campaign"], commune_id=job.commune_id)
    campaign = found.select_related("commune").first()
    if campaign is None:
        raise jobs.JobError("Không còn kế hoạch này. Hãy mở lại trang Báo cáo và tạo báo cáo mới.")
    as_of, approved_by = (date.fromisoformat(job.arguments[name]) for name in ("as_of", "approved_by"))
    return campaign, Clocks(as_of, approved_by)


def _frozen_figures(job: Job) -> jobs.Place:
    return jobs.Place(reverse("reports:snapshot_detail", args=[job.arguments["snapshot"]]), "Xem số liệu đã chốt")


def _closed_period(job: Job) -> jobs.Place:
    return jobs.Place(reverse("reports:period_detail", args=[job.arguments["period"]]), "Xem kỳ đã khóa")


@jobs.job_handler(SNAPSHOT_JOB, allowed=is_officer, leads_to=_frozen_figures)
def freeze_figures(job: Job, progress: jobs.Progress) -> str:
    """Take the snapshot that was asked for, once; raises JobError where the figures cannot be frozen now."""
    progress.report(10, "Đang đọc và đối chiếu số liệu")
    try:
        with transaction.atomic():
            snapshot = freeze_once(job, progress)
            done = f"Đã chốt số liệu, số {snapshot.code}. Bản chốt này không thay đổi nữa."
            progress.finish(done)
    except SnapshotError as refusal:
        raise jobs.JobError(str(refusal)) from refusal
    return done


@jobs.job_handler(CLOSING_JOB, allowed=is_officer, leads_to=_closed_period)
def freeze_period(job: Job, progress: jobs.Progress) -> str:
    """Close the period that was named, once; raises JobError where it cannot be closed now."""
    progress.report(10, "Đang chốt số liệu của kỳ")
    try:
        with transaction.atomic():
            snapshot = freeze_once(job, progress)
            done = f"Đã khóa kỳ, số liệu đã chốt, số {snapshot.code}."
            progress.finish(done)
    except (SnapshotError, PeriodError) as refusal:
        raise jobs.JobError(str(refusal)) from refusal
    return done


def _report_page(job: Job) -> jobs.Place | None:
    """The preview, where it is still there."""
    number = job.arguments.get("report")
    return jobs.Place(reverse("reports:report_detail", args=[number]), "Xem trước báo cáo") if number else None


@jobs.job_handler(REPORT_JOB, allowed=is_officer, leads_to=_report_page)
def make_report(job: Job, progress: jobs.Progress) -> str:
    """Freeze the figures of a report where they are not yet, and write its files in every format.

    Raises JobError where the figures cannot be frozen, the report went another way meanwhile, or a format refuses.
    """
    progress.report(5, "Đang chốt số liệu")
    try:
        report = make_files(prepare_once(job, progress), job, progress)
    except (SnapshotError, PeriodError, OvertakenError, ContentError) as refusal:
        raise jobs.JobError(str(refusal)) from refusal
    except (NotWrittenError, PrintingError) as error:
        raise jobs.JobError(str(error.strerror or error)) from error
    return f"Đã lập tệp của báo cáo “{report.title}”. Hãy xem trước rồi ban hành."


@jobs.housekeeping
def forget_unused_report_files(now: datetime) -> int:
    """A day after a worker was killed nobody writes its files any more."""
    return forget_unused_files(now - timedelta(days=1))
