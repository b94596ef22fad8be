"""Production's way of background work while its parts die: Celery's processes, and Redis itself."""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection

from accounts import jobs
from accounts.models import Job, JobState
from campaigns.models import Campaign
from reports.selectors.clocks import Clocks
from reports.services.workbooks import request_workbook

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
SECONDS, KILLS, PROCESSES = 300, 10, 2


@pytest.fixture
def redis(tmp_path, ring_at):
    """A Redis of this test alone, which it may stop."""
    if connection.vendor != "postgresql" or not shutil.which("redis-server"):
        pytest.skip("Cần PostgreSQL và chương trình redis-server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["redis-server", "--port", str(port), "--save", "", "--appendonly", "no", "--dir", str(tmp_path)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _until(lambda: _answers(port))
    ring_at(f"redis://127.0.0.1:{port}/0")
    yield server
    server.terminate()
    server.wait(timeout=60)


def _answers(port: int) -> bool:
    with socket.socket() as visitor:
        return visitor.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def start(redis, settings):
    """start(*command): a process of the portal on this test's database and Redis."""
    host, started = connection.settings_dict, []
    settings.JOB_OPEN_AT_MOST = 500
    values = {
        "DATABASE_URL": f"postgres://{host['USER']}:{host['PASSWORD']}@{host['HOST']}:{host['PORT']}/{host['NAME']}",
        "REDIS_URL": settings.REDIS_URL,
        "MEDIA_ROOT": str(django_settings.MEDIA_ROOT),
        "DEBUG": "1",
        "JOB_LEASE_SECONDS": "3",
        "JOB_GRACE_SECONDS": "3",
        "JOB_ATTEMPTS": "50",
    }

    def run(*command: str) -> subprocess.Popen:
        started.append(subprocess.Popen([sys.executable, *command], cwd=settings.BASE_DIR, env=os.environ | values))
        return started[-1]

    yield run
    for process in started:
        process.terminate()
    for process in started:
        process.wait(timeout=120)


def _worker(start) -> subprocess.Popen:
    return start("-m", "celery", "-A", "hbs_portal", "worker", "--concurrency", str(PROCESSES), "--loglevel", "warning")


def _until(condition, seconds: float = SECONDS) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _order(cast, campaign) -> Job:
    campaign = Campaign.objects.select_related("commune").get(pk=campaign.pk)
    return request_workbook(actor=cast.leader, campaign=campaign, clocks=Clocks.of(campaign))


def _has_ended() -> bool:
    return not Job.objects.filter(state__in=[JobState.WAITING, JobState.RUNNING]).exists()


def test_of_celery_processes_killed_at_random_run_jobs_takes_up_what_they_left(start, cast, campaign):
    worker, chance = _worker(start), random.Random(2026)
    _order(cast, campaign)
    _until(_has_ended)  # Celery did it: it has started
    start("manage.py", "run_jobs")
    for _ in range(KILLS):
        if Job.objects.filter(state=JobState.WAITING).count() < 2:
            _order(cast, campaign), _order(cast, campaign)
        _until(lambda: Job.objects.filter(state=JobState.RUNNING).exists())
        time.sleep(chance.uniform(0.2, 0.6))
        # Celery starts another for each that died: one at a time.
        _until(lambda: len(_children(worker.pid)) == PROCESSES)
        os.kill(chance.choice(_children(worker.pid)), signal.SIGKILL)
    _until(_has_ended)
    ended = Job.objects.all()
    assert {job.state for job in ended} == {JobState.DONE}
    assert sum(job.attempts for job in ended) > len(ended)
    assert all(jobs.result_file_of(job.result_path).stat().st_size > 1000 for job in ended)


def test_redis_that_stops_midway_costs_a_second_and_the_job_is_done_by_run_jobs(redis, start, waits, cast, campaign):
    _worker(start)
    _order(cast, campaign)
    _until(_has_ended)
    redis.terminate()
    redis.wait(timeout=60)
    waits.clear()
    job = _order(cast, campaign)
    assert 0 < sum(waits) < 2.5
    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.WAITING, jobs.QUEUE_BUSY)
    start("manage.py", "run_jobs")
    _until(_has_ended)
    job.refresh_from_db()
    assert job.state == JobState.DONE
