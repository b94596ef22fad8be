"""Workers die at any moment: each job is finished once, and nobody ever sees half a file."""

import json
import os
import sqlite3
import subprocess
import sys

import pytest
from django.conf import settings as django_settings
from django.db import connection

KILLS = 20


@pytest.fixture
def database(db, cast, campaign, tmp_path) -> str:
    """The address at which another process finds what the fixtures wrote."""
    if connection.vendor == "sqlite":
        file = tmp_path / "portal.sqlite3"
        with sqlite3.connect(file) as copy:
            connection.connection.backup(copy)
        return f"sqlite:///{file}"
    values = connection.settings_dict
    return f"postgres://{values['USER']}:{values['PASSWORD']}@{values['HOST']}:{values['PORT']}/{values['NAME']}"


@pytest.mark.django_db(transaction=True)
def test_of_twenty_workers_killed_at_random_each_job_is_finished_once_and_no_half_file_is_seen(database, tmp_path):
    values = {
        "DATABASE_URL": database,
        "MEDIA_ROOT": str(tmp_path / "files"),
        "REDIS_URL": "",
        "DEBUG": "1",
        "DJANGO_SETTINGS_MODULE": "hbs_portal.settings",
        "JOB_LEASE_SECONDS": "4",
        "JOB_ATTEMPTS": "50",
        "JOB_OPEN_AT_MOST": "500",
    }
    command = [sys.executable, "-m", "reports.tests.killed_workers", str(KILLS), "2026"]
    done = subprocess.run(
        command, cwd=django_settings.BASE_DIR, env=os.environ | values, capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, done.stderr[-3000:]
    seen = json.loads(done.stdout.splitlines()[-1])
    assert (seen["states"], seen["half_files"], seen["finished_twice"]) == (["DONE"], [], [])
    assert seen["struck_at_work"] >= KILLS // 2
    assert seen["attempts"] > seen["jobs"]
