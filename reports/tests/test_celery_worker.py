"""Production's way of background work, for real: PostgreSQL, Redis and a Celery worker in a process of its own."""

import os
import subprocess
import sys
import time

import pytest
from django.conf import settings as django_settings
from django.db import connection

from accounts.models import Job, JobState
from campaigns.models import Campaign
from reports.selectors.clocks import Clocks
from reports.services.workbooks import request_workbook

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
SECONDS = 300


@pytest.fixture
def redis_url(settings):
    """The Redis of the environment; absent services are a word, or a failure where REQUIRE_SERVICES=1."""
    url = os.environ.get("REDIS_URL", "")
    if not url or connection.vendor != "postgresql":
        message = "Cần PostgreSQL và Redis: make test-services"
        if os.environ.get("REQUIRE_SERVICES") == "1":
            pytest.fail(message)
        pytest.skip(message)
    settings.REDIS_URL = url
    return url


@pytest.fixture
def worker(redis_url):
    """A Celery worker on the test's database."""
    host = connection.settings_dict
    database = f"postgres://{host['USER']}:{host['PASSWORD']}@{host['HOST']}:{host['PORT']}/{host['NAME']}"
    values = {
        "DATABASE_URL": database,
        "REDIS_URL": redis_url,
        "DEBUG": "1",
        "MEDIA_ROOT": str(django_settings.MEDIA_ROOT),
    }
    command = [sys.executable, "-m", "celery", "-A", "hbs_portal", "worker", "--pool", "solo", "--loglevel", "warning"]
    process = subprocess.Popen(command, env=os.environ | values)
    yield process
    process.terminate()
    process.wait(timeout=120)


def ended(job: Job) -> Job:
    for _ in range(SECONDS * 5):
        job.refresh_from_db()
        if not job.is_open:
            return job
        time.sleep(0.2)
    return job


def test_a_worker_takes_the_workbook_from_redis_and_finishes_it(worker, cast, campaign):
    campaign = Campaign.objects.select_related("commune").get(pk=campaign.pk)
    job = ended(request_workbook(actor=cast.leader, campaign=campaign, clocks=Clocks.of(campaign)))
    assert (job.state, job.attempts) == (JobState.DONE, 1), job.message
    assert (django_settings.MEDIA_ROOT / job.result_path).stat().st_size > 1000
