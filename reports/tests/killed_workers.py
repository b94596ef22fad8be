"""Run as a process of its own (`python -m reports.tests.killed_workers KILLS SEED`) on a database with the cast of the
tests: two workers make files and are killed with SIGKILL at random moments, again and again; prints what was seen.
"""

import json
import os
import random
import signal
import sys
import threading
import time
import zipfile
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import connections  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts import job_progress, jobs  # noqa: E402
from accounts.management.commands import run_jobs  # noqa: E402
from accounts.models import Job, JobState, User  # noqa: E402
from campaigns.models import Campaign  # noqa: E402
from reports.selectors.clocks import Clocks  # noqa: E402
from reports.services.workbooks import request_workbook  # noqa: E402

SLOW_LIST, LAST_LINE, CHUNKS = "slow_list", "END\n", 40
PATIENCE_SECONDS = 400


@jobs.job_handler(SLOW_LIST)
def write_slowly(job: Job, progress: jobs.Progress) -> str:
    """A list whose writing lasts long enough to be struck in the middle."""
    with progress.result_file("danh-sach.csv") as path, path.open("w") as file:
        for number in progress.each(range(CHUNKS), CHUNKS, "Đang viết", every=1):
            file.write(f"{number}\n" * 1000)
            file.flush()
            time.sleep(0.015)
        file.write(LAST_LINE)
    return "Đã xong."


def start_worker() -> int:
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        run_jobs.POLL_SECONDS = 0.05
        job_progress.REPORT_EVERY_SECONDS = 0.1
        run_jobs.run_until(threading.Event())
        os._exit(0)
    return pid


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def is_whole(file: Path) -> bool:
    if file.suffix == ".csv":
        return file.read_text().endswith(LAST_LINE)
    return zipfile.is_zipfile(file) and zipfile.ZipFile(file).testzip() is None


class Watch:
    """What can be seen from outside while workers die."""

    def __init__(self) -> None:
        self.half_files: set[str] = set()
        self.finished_twice: set[int] = set()
        self._finished: dict[int, Any] = {}

    def look(self) -> None:
        files = [file for file in jobs.results_folder().iterdir() if not file.name.startswith(".")]
        self.half_files |= {file.name for file in files if not is_whole(file)}
        for job in Job.objects.filter(state=JobState.DONE):
            first = self._finished.setdefault(job.pk, (job.finished_at, job.result_path))
            if first != (job.finished_at, job.result_path):
                self.finished_twice.add(job.pk)
            if not jobs.result_file_of(job.result_path).is_file():
                self.half_files.add(f"job {job.pk}: no file")


def at_work() -> bool:
    return Job.objects.filter(state=JobState.RUNNING, lease_until__gt=timezone.now()).exists()


def wait_for(condition: Any) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)


def order_files(owner: User) -> None:
    """One official workbook and two slow lists."""
    campaign = Campaign.objects.select_related("commune").get(commune_id=owner.scope.commune_id)
    request_workbook(actor=owner, campaign=campaign, clocks=Clocks.of(campaign))
    for _ in range(2):
        jobs.start_job(owner=owner, kind=SLOW_LIST, title="Danh sách", arguments={})


def main(kills: int, seed: int) -> dict[str, Any]:
    chance, watch, owner = random.Random(seed), Watch(), User.objects.get(username="officer")
    workers, struck = [start_worker(), start_worker()], 0
    for _ in range(kills):
        if Job.objects.filter(state=JobState.WAITING).count() < 2:
            order_files(owner)
        wait_for(at_work)
        time.sleep(chance.uniform(0.0, 0.5))
        struck += at_work()
        kill(workers.pop(chance.randrange(2)))
        watch.look()
        workers.append(start_worker())
    wait_for(lambda: not Job.objects.filter(state__in=[JobState.WAITING, JobState.RUNNING]).exists())
    watch.look()
    for worker in workers:
        kill(worker)
    ended = Job.objects.order_by("pk").values_list("state", "attempts")
    return {
        "states": sorted({state for state, _ in ended}),
        "jobs": len(ended),
        "attempts": sum(attempts for _, attempts in ended),
        "struck_at_work": struck,
        "half_files": sorted(watch.half_files),
        "finished_twice": sorted(watch.finished_twice),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))))
