"""What a handler holds of its job while it works: the lease, how far it is, the result file, what it did already."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.job_results import result_file_of, written_whole
from accounts.models import Job, JobState
from hbs_portal.lib.text import nfc

REPORT_EVERY_SECONDS = 1.0
Row = TypeVar("Row")


class JobError(Exception):
    """Raised by a handler with the Vietnamese sentence that its owner reads: what to do now."""


class LostJobError(Exception):
    """The job was cancelled or given to another worker: stop, and leave it alone."""


class StopRequestedError(Exception):
    """The process is asked to end: the job goes back to wait."""


class Progress:
    """Every method that writes raises LostJobError when the job was cancelled or is another worker's by now."""

    def __init__(self, job: Job, should_stop: Callable[[], bool] = lambda: False) -> None:
        self.job = job
        self._should_stop = should_stop
        # The moment up to which the lease holds is also the proof of holding it: nobody else has the same.
        self._lease = job.lease_until
        self._reported_at = float("-inf")
        self._counted_total: int | None = None
        self._result_path = ""
        self._result_name = ""
        self.is_finished = False

    def report(self, percent: int, message: str) -> None:
        """Shows how far it is (0 to 99, and a Vietnamese phrase) and renews the lease; call it at least once a minute,
        outside any transaction of long duration.
        """
        if self._is_time():
            self._counted_total = None
            self._show(percent, message, rows_done=None, rows_total=None)

    def report_rows(self, done: int, total: int, message: str, span: tuple[int, int] = (0, 100)) -> None:
        """As `report`, of work that counts rows: the page shows how many are done and how long the rest takes.

        `span` is the part of the bar that these rows fill, from percent to percent. Call it as often as you like.
        """
        begins = self._counted_total != total
        if not self._is_time() and not begins:
            return
        self._counted_total = total
        first, last = span
        percent = first + (last - first) * done // max(total, 1)
        # The time left is reckoned from the first row, not from what had to be read before it.
        begun = {"started_at": timezone.now()} if begins and done == 0 else {}
        self._show(percent, message, rows_done=done, rows_total=total, **begun)

    def each(
        self, rows: Iterable[Row], total: int, message: str, span: tuple[int, int] = (0, 100), every: int = 500
    ) -> Iterator[Row]:
        """The same rows, reported as they go by."""
        self.report_rows(0, total, message, span)
        for number, row in enumerate(rows, start=1):
            yield row
            if number % every == 0:
                self.report_rows(number, total, message, span)

    @contextmanager
    def result_file(self, name: str) -> Iterator[Path]:
        """Gives a path to write to; the file gets its place and its `name` only when it is complete and on the disk."""
        with written_whole(str(self.job.pk), Path(name).suffix) as (path, result_path):
            yield path
        self.forget_result()
        self._result_path, self._result_name = result_path, nfc(name)[:200]

    def note(self, **values: Any) -> None:
        """Adds to the job's arguments what was done. Within the caller's transaction both stand or neither does:
        a handler that is run again finds it there, and a worker that lost its job is rolled back.
        """
        with transaction.atomic():
            arguments = {**self.job.arguments, **values}
            self._update(arguments=arguments)
        self.job.arguments = arguments

    def finish(self, message: str) -> None:
        """Says the last word. A handler may say it in the transaction of what it writes: then both stand, or the job
        was cancelled before and neither does; "cancelled" is never said of what was written.
        """
        self._update(
            state=JobState.DONE,
            progress_percent=100,
            message=message[:300],
            lease_until=None,
            finished_at=timezone.now(),
            result_path=self._result_path,
            result_name=self._result_name,
        )
        self.is_finished = True

    def fail(self, message: str) -> None:
        self.forget_result()
        self._update(state=JobState.FAILED, message=message[:300], lease_until=None, finished_at=timezone.now())

    def give_back(self) -> None:
        """Lets the job wait for the next process; this attempt does not count."""
        self.forget_result()
        self._update(
            state=JobState.WAITING, message="", lease_until=None, progress_percent=0, attempts=F("attempts") - 1
        )

    def forget_result(self) -> None:
        if self._result_path:
            result_file_of(self._result_path).unlink(missing_ok=True)
        self._result_path = self._result_name = ""

    def _is_time(self) -> bool:
        if self._should_stop():
            raise StopRequestedError
        return time.monotonic() - self._reported_at >= REPORT_EVERY_SECONDS

    def _show(self, percent: int, message: str, **values: Any) -> None:
        lease = timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)
        self._update(lease_until=lease, progress_percent=min(max(percent, 0), 99), message=message[:300], **values)
        self._lease = lease
        self._reported_at = time.monotonic()

    def _update(self, **values: Any) -> None:
        held = Job.objects.filter(pk=self.job.pk, state=JobState.RUNNING, lease_until=self._lease)
        if not held.update(**values):
            raise LostJobError
