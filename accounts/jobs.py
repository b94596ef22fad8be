"""Work in the background: a Job row is the truth, its taker holds a lease, the result appears whole or not at all.

Handlers live in `<app>/jobs.py` (imported when the portal starts):

    @job_handler("workbook", allowed=may_take_reports)
    def make_workbook(job: Job, progress: Progress) -> str:
        progress.report(10, "Đang đọc số liệu")
        with progress.result_file("Báo cáo tháng 10.xlsx") as path:
            for row in progress.each(rows, len(rows), "Đang viết danh sách", span=(10, 100)):
                ...
        return "Báo cáo đã sẵn sàng."

A handler must be safe to run twice: one that lost its worker is taken up again from the start (`Progress.note` tells
the second run what the first one did; `Progress.finish` within the handler's transaction ends the job with its effect).
Whether its owner still may have it done is asked when it is carried out, and again when the file is fetched, from
`allowed` and `concerns`. What waits for a job hears from `stopped` that it came to nothing, and from `retried` that it
is tried again.

What nobody asks for but must happen once a day stands in the same modules:

    @housekeeping
    def forget_old_uploads(now: datetime) -> int:
        ...
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.access import may_enter
from accounts.audit import record_audit
from accounts.job_progress import JobError, LostJobError, Progress, StopRequestedError
from accounts.job_results import delete_files, disk_sentence, result_file_of, results_folder
from accounts.models import Job, JobState, SentForm, User
from hbs_portal.lib.dates import local_today, start_of_day

__all__ = [
    "Job",
    "JobError",
    "LostJobError",
    "Place",
    "Progress",
    "StopRequestedError",
    "job_handler",
    "result_file_of",
    "results_folder",
    "start_job",
]
logger = logging.getLogger(__name__)

FAILED = "Chưa làm được việc này. Hãy bấm “Làm lại”; nếu vẫn vậy, hãy báo cho Phòng Văn hóa - Xã hội."
LOST = "Máy chủ đã dừng giữa chừng nhiều lần nên việc này chưa xong. Hãy bấm “Làm lại”."
UNKNOWN = "Cổng chưa biết làm việc này. Hãy báo cho người quản trị."
NO_RIGHT = "Tài khoản của bạn không còn quyền với việc này. Nếu cần, hãy gọi người quản trị của xã."
QUEUE_BUSY = "Hàng đợi đang bận; việc này sẽ được làm trong ít phút."
CANCELLED = "Đã huỷ theo yêu cầu."
TOO_MANY = (
    "Bạn đang có {number} việc chưa xong. Hãy chờ vài việc xong, hoặc huỷ bớt ở trang Tệp của tôi, rồi yêu cầu lại."
)
ONCE_MORE = "Máy chủ đã dừng giữa chừng; đang làm lại từ đầu."

Handler = Callable[[Job, Progress], str | None]
#: Takes the present moment, gives how many things went out; safe to run twice.
Housekeeper = Callable[[datetime], int]
_housekeepers: list[Housekeeper] = []


class TooManyJobsError(Exception):
    """Somebody has as many jobs under way as one person may; a sentence that says what to do."""


class Place(NamedTuple):
    """Where a finished job leads: the page of what it made."""

    url: str
    label: str


@dataclass(frozen=True)
class JobKind:
    """How the jobs of a kind are carried out, for whom, and where they lead."""

    handler: Handler
    allowed: Callable[[User], bool]
    concerns: Callable[[Job], bool]
    leads_to: Callable[[Job], Place | None]
    stopped: Callable[[Job, str], None]
    retried: Callable[[Job], None]


_kinds: dict[str, JobKind] = {}


def job_handler(
    kind: str,
    *,
    allowed: Callable[[User], bool] = may_enter,
    concerns: Callable[[Job], bool] = lambda job: True,
    leads_to: Callable[[Job], Place | None] = lambda job: None,
    stopped: Callable[[Job, str], None] = lambda job, sentence: None,
    retried: Callable[[Job], None] = lambda job: None,
) -> Callable[[Handler], Handler]:
    """Registers what carries out the jobs of this kind; ValueError if the kind is taken.

    `allowed` asks the owner's roles; `concerns` asks what the job names (a unit that is still theirs). `leads_to`
    gives the page that the owner is brought to when it is done, instead of a file or beside it. `stopped` is called in
    the transaction that ends a job undone (refused, broken, lost, cancelled), with the sentence that its owner reads;
    `retried` in the one that lets it wait again.
    """

    def register(handler: Handler) -> Handler:
        found = _kinds.setdefault(kind, JobKind(handler, allowed, concerns, leads_to, stopped, retried))
        if found.handler is not handler:
            raise ValueError(f"Two handlers for jobs of kind {kind}")
        return handler

    return register


def housekeeping(task: Housekeeper) -> Housekeeper:
    """Registers what run_jobs does once a day; each task opens its own transaction."""
    _housekeepers.append(task)
    return task


def keep_house(now: datetime) -> None:
    """Does every daily task; one that breaks is written to the log and does not keep the others from theirs."""
    for task in _housekeepers:
        try:
            count = task(now)
        except Exception:
            logger.exception("Việc dọn dẹp %s.%s không làm được", task.__module__, task.__name__)
        else:
            logger.info("Dọn dẹp %s.%s: %d", task.__module__, task.__name__, count)


def refusal_of(job: Job) -> str:
    """Why its owner may not have this job's work or file now, by the roles of today; empty where they may."""
    kind, owner = _kinds.get(job.kind), job.owner
    if kind is None:
        return UNKNOWN
    is_theirs = owner.is_active and owner.scope.commune_id == job.commune_id and kind.allowed(owner)
    return "" if is_theirs and kind.concerns(job) else NO_RIGHT


def place_of(job: Job) -> Place | None:
    """The page of what a finished job made, where its owner may go there."""
    kind = _kinds.get(job.kind)
    return kind.leads_to(job) if kind and job.state == JobState.DONE and not refusal_of(job) else None


def start_job(*, owner: User, kind: str, title: str, arguments: dict[str, Any]) -> Job:
    """Saves a waiting job (with its audit entry) and rings the doorbell once the transaction is committed.

    `arguments` are plain values for JSON: ids, codes, dates as text. KeyError for a kind without a handler,
    TooManyJobsError for somebody who has as many under way as one person may.
    """
    _kinds[kind]
    _refuse_crowd(owner)
    with transaction.atomic():
        job = Job.objects.create(
            owner=owner, kind=kind, title=title[:200], arguments=arguments, commune_id=owner.scope.commune_id
        )
        record_audit(actor=owner, action="Yêu cầu làm việc nền", target=job)
        transaction.on_commit(lambda: ring_doorbell(job.pk))
    return job


def cancel_job(*, actor: User, job: Job) -> bool:
    """Cancels a job that is not finished; False if it was. A running handler stops at its next report."""
    with transaction.atomic():
        stopped = (
            Job.objects.under_way()
            .filter(pk=job.pk)
            .update(state=JobState.CANCELLED, message=CANCELLED, lease_until=None, finished_at=timezone.now())
        )
        if stopped:
            _tell_stopped(job, CANCELLED)
            record_audit(actor=actor, action="Huỷ việc nền", target=job)
    return bool(stopped)


def retry_job(*, actor: User, job: Job) -> bool:
    """Lets a failed or cancelled job wait again, with all its attempts; False if it is in another state.

    Raises TooManyJobsError as start_job does.
    """
    _refuse_crowd(job.owner)
    with transaction.atomic():
        ended = Job.objects.filter(pk=job.pk, state__in=[JobState.FAILED, JobState.CANCELLED])
        waits = ended.update(
            state=JobState.WAITING,
            message="",
            progress_percent=0,
            rows_done=None,
            rows_total=None,
            attempts=0,
            lease_until=None,
            # While it waits: since when, for the page to say so where it takes long.
            started_at=timezone.now(),
            finished_at=None,
        )
        if waits:
            if kind := _kinds.get(job.kind):
                kind.retried(job)
            record_audit(actor=actor, action="Làm lại việc nền", target=job)
            transaction.on_commit(lambda: ring_doorbell(job.pk))
    return bool(waits)


def delete_result(*, actor: User, job: Job) -> bool:
    """Deletes the file of a finished job before its time; False if there is none."""
    with transaction.atomic():
        kept = Job.objects.filter(pk=job.pk, state=JobState.DONE, result_path=job.result_path).exclude(result_path="")
        deleted = kept.update(result_path="")
        if deleted:
            record_audit(actor=actor, action="Xóa tệp kết quả", target=job)
            # The row no longer names it: a disk that refuses now costs nobody more than space, until the daily tidying.
            transaction.on_commit(lambda: result_file_of(job.result_path).unlink(missing_ok=True), robust=True)
    return bool(deleted)


def _refuse_crowd(owner: User) -> None:
    """One person's orders may not keep everybody else waiting for the rest of the day."""
    if Job.objects.under_way().filter(owner=owner).count() >= settings.JOB_OPEN_AT_MOST:
        raise TooManyJobsError(TOO_MANY.format(number=settings.JOB_OPEN_AT_MOST))


def _tell_stopped(job: Job, sentence: str) -> None:
    """Within the transaction that ends the job; what breaks here goes into the log and the job ends all the same."""
    kind = _kinds.get(job.kind)
    if kind is None:
        return
    try:
        with transaction.atomic():
            kind.stopped(job, sentence)
    except Exception:
        logger.exception("Việc nền %s (%s): nơi chờ nó chưa biết là nó đã dừng", job.pk, job.kind)


def ring_doorbell(job_id: int) -> None:
    """Tells a worker, where there is a broker. A dead broker costs about a second: the job waits, and says so."""
    if not settings.REDIS_URL:
        return
    from kombu.exceptions import OperationalError

    from accounts.tasks import run_job

    try:
        run_job.apply_async(args=[job_id], retry=False)
    except (OperationalError, OSError):
        logger.warning("Không gọi được Redis; việc %s chờ run_jobs.", job_id)
        Job.objects.filter(pk=job_id, state=JobState.WAITING).update(message=QUEUE_BUSY)


def take_job(job_id: int) -> Job | None:
    """Claims a job that waits, or whose worker was lost, by one conditional update; None if somebody else has it."""
    now = timezone.now()
    taken = Job.objects.to_take(now, settings.JOB_ATTEMPTS).filter(pk=job_id)
    if not taken.update(
        state=JobState.RUNNING,
        attempts=F("attempts") + 1,
        lease_until=now + timedelta(seconds=settings.JOB_LEASE_SECONDS),
        started_at=now,
        progress_percent=0,
        rows_done=None,
        rows_total=None,
        message="",
    ):
        return None
    job = Job.objects.select_related("owner").get(pk=job_id)
    if job.attempts > 1:
        Job.objects.filter(pk=job_id, lease_until=job.lease_until).update(message=ONCE_MORE)
    return job


def take_next_job() -> Job | None:
    """Claims the oldest job that nobody works on; None if there is none."""
    job_id = left_jobs().first()
    return take_job(job_id) if job_id is not None else None


def left_jobs() -> QuerySet[Job, int]:
    """The ids of jobs that nobody works on, the oldest first; beside a broker only of those that nobody came for."""
    now = timezone.now()
    waiting = Job.objects.to_take(now, settings.JOB_ATTEMPTS)
    if settings.REDIS_URL:
        # The worker is rung at once.
        waiting = waiting.older_than(now - timedelta(seconds=settings.JOB_GRACE_SECONDS))
    return waiting.order_by("pk").values_list("pk", flat=True)


def carry_out(job: Job, should_stop: Callable[[], bool] = lambda: False) -> None:
    """Runs a claimed job to its end: DONE, FAILED with a sentence, or left to whoever has it now.

    Raises only where the database itself is away; the job is then taken up again when its lease has run out.
    """
    progress = Progress(job, should_stop)
    try:
        _work(job, progress)
    except LostJobError:
        progress.forget_result()
        logger.info("Việc nền %s đã thuộc về nơi khác", job.pk)


def _work(job: Job, progress: Progress) -> None:
    """One attempt, ended by the one who holds the lease. Raises LostJobError where that is another by now."""
    try:
        refusal = refusal_of(job)
        if refusal:
            raise JobError(refusal)
        message = _kinds[job.kind].handler(job, progress) or ""
        if not progress.is_finished:
            progress.finish(message)
    except LostJobError:
        raise
    except StopRequestedError:
        progress.give_back()
    except JobError as told:
        _fail(job, progress, str(told))
    except Exception as error:
        logger.exception("Việc nền %s (%s) không làm được", job.pk, job.kind)
        _fail(job, progress, disk_sentence(error) or FAILED)


@transaction.atomic
def _fail(job: Job, progress: Progress, sentence: str) -> None:
    progress.fail(sentence)
    _tell_stopped(job, sentence)


def give_up_lost_jobs(now: datetime) -> int:
    """Jobs whose workers were lost too often fail, with a sentence for their owners. Returns how many."""
    lost = Job.objects.lost(now).filter(attempts__gte=settings.JOB_ATTEMPTS)
    return sum(_give_up(job, now) for job in lost)


@transaction.atomic
def _give_up(job: Job, now: datetime) -> int:
    """1 where the job was still lost, 0 where somebody else gave it up or tried it again meanwhile."""
    held = Job.objects.lost(now).filter(pk=job.pk, attempts__gte=settings.JOB_ATTEMPTS)
    given_up = held.update(state=JobState.FAILED, message=LOST, lease_until=None, finished_at=now)
    if given_up:
        _tell_stopped(job, LOST)
    return given_up


@housekeeping
def forget_sent_forms(now: datetime) -> int:
    """Forgets which forms were sent, once nobody can still have them open. Returns how many."""
    return SentForm.objects.past(now).delete()[0]


@housekeeping
def delete_old_results(now: datetime) -> int:
    """Removes the files whose last day (Job.kept_until) is over, and files that no job names. Returns how many."""
    limit = start_of_day(local_today() - timedelta(days=settings.JOB_KEEP_DAYS))
    Job.objects.filter(finished_at__lt=limit).exclude(result_path="").update(result_path="")
    named = Job.objects.exclude(result_path="").values_list("result_path", flat=True)
    return delete_files({Path(name).name for name in named}, limit, now)
