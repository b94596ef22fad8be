"""Asking for figures to be frozen: reading a whole campaign twice takes over a second, so a job does it.

What it made is noted on the job in the same transaction: a job that lost its worker freezes nothing a second time.
"""

from datetime import date
from typing import Any

from django.db import transaction

from accounts.jobs import Progress, start_job
from accounts.models import Job, User
from accounts.versions import StaleRecordError
from campaigns.models import Campaign
from reports.models import ReportingPeriod, Snapshot
from reports.selectors.clocks import Clocks
from reports.services.periods import PeriodError, close_period, closing_refusal
from reports.services.snapshots import SnapshotError, take_snapshot

SNAPSHOT_JOB, CLOSING_JOB = "snapshot", "period_closing"
CHANGED = "Kỳ vừa được người khác sửa hoặc khóa. Hãy xem lại rồi làm lại nếu cần."
GONE = "Không còn kế hoạch hoặc kỳ báo cáo này. Hãy mở lại trang Chốt số liệu."


def request_snapshot(*, actor: User, campaign: Campaign, clocks: Clocks, name: str, note: str = "") -> Job:
    """Start the job that freezes all figures at these clocks."""
    arguments = {
        "campaign": campaign.pk,
        "as_of": clocks.as_of.isoformat(),
        "approved_by": clocks.approved_by.isoformat(),
        "name": name,
        "note": note,
    }
    return start_job(owner=actor, kind=SNAPSHOT_JOB, title=f"Chốt số liệu: {name}", arguments=arguments)


def request_closing(*, actor: User, period: ReportingPeriod, expected_version: int, note: str = "") -> Job:
    """Start the job that closes a period. Raises PeriodError, StaleRecordError where that can be told at once."""
    refusal = closing_refusal(period)
    if refusal:
        raise PeriodError(refusal)
    if period.version != expected_version:
        raise StaleRecordError(period)
    arguments = {"period": period.pk, "expected_version": expected_version, "note": note}
    return start_job(owner=actor, kind=CLOSING_JOB, title=f"Khóa kỳ: {period.name}", arguments=arguments)


def freeze_once(job: Job, progress: Progress) -> Snapshot:
    """What a job asks to be frozen: a period (closed by it) or two clocks; a second run finds what the first one froze.

    Raises SnapshotError, PeriodError, and LostJobError (then nothing stays) where the job is another worker's by now.
    """
    if "snapshot" in job.arguments:
        return Snapshot.objects.without_content().get(pk=job.arguments["snapshot"])
    with transaction.atomic():
        snapshot = _closed(job, job.arguments) if "period" in job.arguments else _taken(job, job.arguments)
        progress.note(snapshot=snapshot.pk)
    return snapshot


def _taken(job: Job, order: dict[str, Any]) -> Snapshot:
    campaign = Campaign.objects.filter(pk=order["campaign"], commune_id=job.commune_id).first()
    if campaign is None:
        raise SnapshotError(GONE)
    clocks = Clocks(date.fromisoformat(order["as_of"]), date.fromisoformat(order["approved_by"]))
    return take_snapshot(job.owner, campaign, clocks, order["name"], order["note"])


def _closed(job: Job, order: dict[str, Any]) -> Snapshot:
    found = ReportingPeriod.objects.filter(pk=order["period"], commune_id=job.commune_id)
    period = found.select_related("campaign__commune").first()
    if period is None:
        raise PeriodError(GONE)
    try:
        return close_period(
            actor=job.owner, period=period, expected_version=order["expected_version"], note=order["note"]
        )
    except StaleRecordError:
        raise PeriodError(CHANGED) from None
