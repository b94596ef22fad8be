"""What this app does in the background (accounts/jobs.py finds this module when the portal starts)."""

from datetime import date, datetime
from functools import partial

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
    refuse_import,
    release_import,
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


@import_job(CHECK_JOB)
def check_long_list(job: Job, progress: jobs.Progress) -> str:
    """Check a list of many rows; where the file cannot be read so, the import says why, and so does the job."""
    roster_import = _named(job)
    progress.report(5, "Đang đọc tệp và so với danh sách")
    try:
        checked = check_now(actor=job.owner, roster_import=roster_import)
    except (RefusedFile, ImportNotAppliedError) as refusal:
        refuse_import(roster_import, str(refusal))
        raise jobs.JobError(str(refusal)) from refusal
    progress.report(95, "Đang ghi kết quả")
    return f"Đã kiểm tra {checked.file_name}. Hãy mở trang Nạp danh sách để xem kết quả."


@import_job(APPLY_JOB)
def apply_long_list(job: Job, progress: jobs.Progress) -> str:
    """Write a checked list of many rows, whole or not at all; where it cannot be, it waits as it was before."""
    roster_import = _named(job)
    progress.report(5, "Đang nạp danh sách")
    day = job.arguments["leavers_on"]
    try:
        applied = apply_now(
            actor=job.owner,
            roster_import=roster_import,
            only_valid_rows=job.arguments["only_valid_rows"],
            leavers=job.arguments["leavers"],
            leavers_on=date.fromisoformat(day) if day else None,
        )
    except ImportNotAppliedError as refusal:
        release_import(roster_import)
        raise jobs.JobError(str(refusal)) from refusal
    count = sum(applied.report.get("applied", {}).values())
    return f"Đã nạp {number_text(count)} dòng vào danh sách của {applied.unit}."


def _named(job: Job) -> RosterImport:
    """Load again what the job names, inside the owner's commune only."""
    found = RosterImport.objects.filter(pk=job.arguments["roster_import"], commune_id=job.commune_id)
    roster_import = found.select_related("unit").first()
    if roster_import is None:
        raise jobs.JobError("Không còn lần nạp này. Hãy tải tệp lên lại.")
    return roster_import
