"""What this app does in the background (accounts/jobs.py finds this module when the portal starts)."""

from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.urls import reverse

from accounts import jobs
from accounts.access import may_keep_rosters
from accounts.jobs import housekeeping, job_handler
from accounts.models import Job
from campaigns.models import RosterImport
from campaigns.services.imports import (
    ImportNotAppliedError,
    apply_now,
    check_now,
    forget_old_uploads,
    release_import,
    stop_check,
    take_up_apply,
    take_up_check,
)
from campaigns.services.imports.checking import APPLY_JOB, CHECK_JOB
from hbs_portal.lib.sheets.container import RefusedFile
from hbs_portal.lib.text import number_text


@housekeeping
def forget_uploads_nobody_applied(now: datetime) -> int:
    return forget_old_uploads(now=now)


def _is_still_theirs(job: Job) -> bool:
    """Whether the list is of a unit whose lists the owner still sees; one that is gone is told by the handler."""
    imports = RosterImport.objects.filter(pk=job.arguments["roster_import"])
    return not imports.exists() or imports.visible_to(job.owner).exists()


def _its_page(job: Job) -> jobs.Place:
    return jobs.Place(reverse("campaigns:import_detail", args=[job.arguments["roster_import"]]), "Xem danh sách")


import_job = partial(job_handler, allowed=may_keep_rosters, concerns=_is_still_theirs, leads_to=_its_page)


def _check_stopped(job: Job, sentence: str) -> None:
    """The import says on its page why its check came to nothing; there it can be checked again."""
    if not _has_other_job(job):
        stop_check(job.arguments["roster_import"], sentence)


def _check_retried(job: Job) -> None:
    take_up_check(job.arguments["roster_import"])


def _apply_stopped(job: Job, sentence: str) -> None:
    """The import waits as its check left it, and says what happened; the button there applies it again."""
    if not _has_other_job(job):
        release_import(job.arguments["roster_import"], sentence.replace("bấm “Làm lại”", "bấm nạp lại ở dưới"))


def _apply_retried(job: Job) -> None:
    take_up_apply(job.arguments["roster_import"], job.arguments["digest"])


def _has_other_job(job: Job) -> bool:
    """Whether the import is another job's by now; that one says what becomes of it."""
    same = Job.objects.under_way().filter(commune_id=job.commune_id, kind=job.kind).exclude(pk=job.pk)
    return same.filter(arguments__roster_import=job.arguments["roster_import"]).exists()


@import_job(CHECK_JOB, stopped=_check_stopped, retried=_check_retried)
def check_long_list(job: Job, progress: jobs.Progress) -> str:
    """Check a list of many rows; where the file cannot be read so, the import says why, and so does the job."""
    roster_import = _named(job)
    progress.report(5, "Đang đọc tệp và so với danh sách")
    try:
        with transaction.atomic():
            checked = check_now(actor=job.owner, roster_import=roster_import)
            done = f"Đã kiểm tra {checked.file_name}. Hãy mở trang Nạp danh sách để xem kết quả."
            progress.finish(done)
    except (RefusedFile, ImportNotAppliedError) as refusal:
        raise jobs.JobError(str(refusal)) from refusal
    return done


@import_job(APPLY_JOB, stopped=_apply_stopped, retried=_apply_retried)
def apply_long_list(job: Job, progress: jobs.Progress) -> str:
    """Write a checked list of many rows, whole or not at all; where it cannot be, it waits as it was before."""
    roster_import = _named(job)
    progress.report(5, "Đang nạp danh sách")
    day = job.arguments["leavers_on"]
    try:
        with transaction.atomic():
            applied = apply_now(
                actor=job.owner,
                roster_import=roster_import,
                only_valid_rows=job.arguments["only_valid_rows"],
                leavers=job.arguments["leavers"],
                leavers_on=date.fromisoformat(day) if day else None,
            )
            count = sum(applied.report["applied"].values())
            done = f"Đã nạp {number_text(count)} dòng vào danh sách của {applied.unit}."
            progress.finish(done)
    except ImportNotAppliedError as refusal:
        raise jobs.JobError(str(refusal)) from refusal
    return done


def _named(job: Job) -> RosterImport:
    """Load again what the job names, inside the owner's commune only."""
    found = RosterImport.objects.filter(pk=job.arguments["roster_import"], commune_id=job.commune_id)
    roster_import = found.select_related("unit").first()
    if roster_import is None:
        raise jobs.JobError("Không còn lần nạp này. Hãy tải tệp lên lại.")
    return roster_import
