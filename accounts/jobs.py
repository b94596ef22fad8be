"""Work in the background: a Job row is the truth, its taker holds a lease, the result appears whole or not at all.

Handlers live in `<app>/jobs.py` (imported when the portal starts):

    @job_handler("workbook")
    def make_workbook(job: Job, progress: Progress) -> str:
        progress.report(10, "Đang đọc số liệu")
        with progress.result_file("Báo cáo tháng 10.xlsx") as path:
            write_it_to(path)
        return "Báo cáo đã sẵn sàng."

A handler must be safe to run twice: one that lost its worker is taken up again from the start.

What nobody asks for but must happen once a day stands in the same modules:

    @housekeeping
    def forget_old_uploads(now: datetime) -> int:
        ...
"""

import logging
import os
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.audit import record_audit
from accounts.models import Job, JobState, SentForm, User
from hbs_portal.lib.text import nfc

logger = logging.getLogger(__name__)

LEASE_SECONDS = 120
MAX_ATTEMPTS = 3
REPORT_EVERY_SECONDS = 1.0
KEEP_DAYS = 7
#: With a broker the worker is rung at once; run_jobs only takes what nobody came for.
GRACE_SECONDS = 30

FAILED = "Chưa làm được việc này. Hãy bấm “Làm lại”; nếu vẫn vậy, hãy báo cho Phòng Văn hóa - Xã hội."
LOST = "Máy chủ đã dừng giữa chừng nhiều lần nên việc này chưa xong. Hãy bấm “Làm lại”."
UNKNOWN = "Cổng chưa biết làm việc này. Hãy báo cho người quản trị."

Handler = Callable[[Job, "Progress"], str | None]
_handlers: dict[str, Handler] = {}
#: Takes the present moment, gives how many things went out; safe to run twice.
Housekeeper = Callable[[datetime], int]
_housekeepers: list[Housekeeper] = []


class JobError(Exception):
    """Raised by a handler with the Vietnamese sentence that its owner reads: what to do now."""


class LostJobError(Exception):
    """The job was cancelled or given to another worker: stop, and leave it alone."""


class StopRequestedError(Exception):
    """The process is asked to end: the job goes back to wait."""


def job_handler(kind: str) -> Callable[[Handler], Handler]:
    """Registers what carries out the jobs of this kind; ValueError if the kind is taken."""

    def register(handler: Handler) -> Handler:
        if _handlers.setdefault(kind, handler) is not handler:
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


def start_job(*, owner: User, kind: str, title: str, arguments: dict[str, Any]) -> Job:
    """Saves a waiting job (with its audit entry) and rings the doorbell once the transaction is committed.

    `arguments` are plain values for JSON: ids, codes, dates as text. KeyError for a kind without a handler.
    """
    _handlers[kind]
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
        is_open = Job.objects.filter(pk=job.pk, state__in=[JobState.WAITING, JobState.RUNNING])
        stopped = is_open.update(
            state=JobState.CANCELLED, message="Đã huỷ theo yêu cầu.", lease_until=None, finished_at=timezone.now()
        )
        if stopped:
            record_audit(actor=actor, action="Huỷ việc nền", target=job)
    return bool(stopped)


def retry_job(*, actor: User, job: Job) -> bool:
    """Lets a failed or cancelled job wait again, with all its attempts; False if it is in another state."""
    with transaction.atomic():
        ended = Job.objects.filter(pk=job.pk, state__in=[JobState.FAILED, JobState.CANCELLED])
        waits = ended.update(
            state=JobState.WAITING, message="", progress_percent=0, attempts=0, lease_until=None, finished_at=None
        )
        if waits:
            record_audit(actor=actor, action="Làm lại việc nền", target=job)
            transaction.on_commit(lambda: ring_doorbell(job.pk))
    return bool(waits)


def ring_doorbell(job_id: int) -> None:
    """Tells a worker, where there is a broker. A dead broker costs about a second and nothing else: the job waits."""
    if not settings.REDIS_URL:
        return
    from kombu.exceptions import OperationalError

    from accounts.tasks import run_job

    try:
        run_job.apply_async(args=[job_id], retry=False)
    except (OperationalError, OSError):
        logger.warning("Không gọi được Redis; việc %s chờ run_jobs.", job_id)


def take_job(job_id: int) -> Job | None:
    """Claims a job that waits, or whose worker was lost, by one conditional update; None if somebody else has it."""
    now = timezone.now()
    taken = Job.objects.to_take(now, MAX_ATTEMPTS).filter(pk=job_id)
    lease = now + timedelta(seconds=LEASE_SECONDS)
    if not taken.update(state=JobState.RUNNING, attempts=F("attempts") + 1, lease_until=lease, progress_percent=0):
        return None
    return Job.objects.get(pk=job_id)


def take_next_job() -> Job | None:
    """Claims the oldest job that nobody works on; None if there is none."""
    now = timezone.now()
    waiting = Job.objects.to_take(now, MAX_ATTEMPTS)
    if settings.REDIS_URL:
        waiting = waiting.older_than(now - timedelta(seconds=GRACE_SECONDS))
    job_id = waiting.order_by("pk").values_list("pk", flat=True).first()
    return take_job(job_id) if job_id is not None else None


def carry_out(job: Job, should_stop: Callable[[], bool] = lambda: False) -> None:
    """Runs a claimed job to its end: DONE, FAILED with a sentence, or left to whoever has it now. Never raises."""
    progress = Progress(job, should_stop)
    try:
        handler = _handlers.get(job.kind)
        if handler is None:
            raise JobError(UNKNOWN)
        progress.finish(handler(job, progress) or "")
    except LostJobError:
        progress.forget_result()
    except StopRequestedError:
        progress.forget_result()
        progress.give_back()
    except JobError as refusal:
        progress.fail(str(refusal))
    except Exception:
        logger.exception("Việc nền %s (%s) không làm được", job.pk, job.kind)
        progress.fail(FAILED)


class Progress:
    """What a handler holds of its job: the lease, which it renews by reporting, and the result file."""

    def __init__(self, job: Job, should_stop: Callable[[], bool] = lambda: False) -> None:
        self.job = job
        self._should_stop = should_stop
        # The moment up to which the lease holds is also the proof of holding it: nobody else has the same.
        self._lease = job.lease_until
        self._reported_at = float("-inf")
        self._result_path = ""
        self._result_name = ""

    def report(self, percent: int, message: str) -> None:
        """Shows how far it is (0 to 99, and a Vietnamese phrase) and renews the lease; call it at least once a minute,
        outside any transaction of long duration. Raises LostJobError when the job was cancelled or is another's.
        """
        if self._should_stop():
            raise StopRequestedError
        if time.monotonic() - self._reported_at < REPORT_EVERY_SECONDS:
            return
        lease = timezone.now() + timedelta(seconds=LEASE_SECONDS)
        self._update(lease_until=lease, progress_percent=min(max(percent, 0), 99), message=message[:300])
        self._lease = lease
        self._reported_at = time.monotonic()

    @contextmanager
    def result_file(self, name: str) -> Iterator[Path]:
        """Gives a path to write to; the file gets its place and its `name` only when it is complete and on the disk."""
        folder = results_folder()
        final = folder / f"{self.job.pk}-{uuid.uuid4().hex}{Path(name).suffix.lower()}"
        partial = final.with_name(f".{final.name}")
        try:
            yield partial
            _sync(partial)
            partial.rename(final)
            _sync(folder)
        finally:
            partial.unlink(missing_ok=True)
        self._result_path, self._result_name = f"results/{final.name}", nfc(name)[:200]

    def finish(self, message: str) -> None:
        self._update(
            state=JobState.DONE,
            progress_percent=100,
            message=message[:300],
            lease_until=None,
            finished_at=timezone.now(),
            result_path=self._result_path,
            result_name=self._result_name,
        )

    def fail(self, message: str) -> None:
        self.forget_result()
        try:
            self._update(state=JobState.FAILED, message=message[:300], lease_until=None, finished_at=timezone.now())
        except LostJobError:
            logger.info("Việc nền %s đã thuộc về nơi khác", self.job.pk)

    def give_back(self) -> None:
        """Lets the job wait for the next process; this attempt does not count."""
        held = Job.objects.filter(pk=self.job.pk, state=JobState.RUNNING, lease_until=self._lease)
        held.update(state=JobState.WAITING, lease_until=None, progress_percent=0, attempts=F("attempts") - 1)

    def forget_result(self) -> None:
        if self._result_path:
            result_file_of(self._result_path).unlink(missing_ok=True)

    def _update(self, **values: Any) -> None:
        held = Job.objects.filter(pk=self.job.pk, state=JobState.RUNNING, lease_until=self._lease)
        if not held.update(**values):
            raise LostJobError


def results_folder() -> Path:
    folder = Path(settings.MEDIA_ROOT) / "results"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def result_file_of(result_path: str) -> Path:
    return Path(settings.MEDIA_ROOT) / result_path


def _sync(path: Path) -> None:
    """Forces a file, or the entries of a folder, onto the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def give_up_lost_jobs(now: datetime) -> int:
    """Jobs whose workers were lost too often fail, with a sentence for their owners. Returns how many."""
    lost = Job.objects.lost(now).filter(attempts__gte=MAX_ATTEMPTS)
    return lost.update(state=JobState.FAILED, message=LOST, lease_until=None, finished_at=now)


@housekeeping
def forget_sent_forms(now: datetime) -> int:
    """Forgets which forms were sent, once nobody can still have them open. Returns how many."""
    return SentForm.objects.past(now).delete()[0]


@housekeeping
def delete_old_results(now: datetime) -> int:
    """Removes the files of jobs finished over KEEP_DAYS ago, and files that no job names. Returns how many files."""
    limit = now - timedelta(days=KEEP_DAYS)
    Job.objects.filter(finished_at__lt=limit).exclude(result_path="").update(result_path="")
    kept = {Path(name).name for name in Job.objects.exclude(result_path="").values_list("result_path", flat=True)}
    old = [
        file
        for file in results_folder().iterdir()
        if file.name not in kept and file.stat().st_mtime < limit.timestamp()
    ]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)
