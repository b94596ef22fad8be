"""A process that dies in the middle of an apply leaves the database as it was before, or as it is after."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from campaigns.models import Membership, Person
from campaigns.services.imports import apply_roster, check_roster
from campaigns.tests.sheets import pupils, school_database_export

SCRIPT = Path(__file__).with_name("kill_apply.py")


def database_url(folder: Path) -> str:
    """Where another process finds this test's database: a copy in a file, or the test database of the server."""
    if connection.vendor == "sqlite":
        path = folder / "copy.sqlite3"
        connection.ensure_connection()
        with sqlite3.connect(path) as copy:
            connection.connection.backup(copy)
        return f"sqlite:///{path}"
    values = connection.settings_dict
    secret = f":{values['PASSWORD']}" if values["PASSWORD"] else ""
    return f"postgres://{values['USER']}{secret}@{values['HOST']}:{values['PORT'] or 5432}/{values['NAME']}"


@pytest.mark.django_db(transaction=True)
def test_killing_an_apply_at_any_statement_leaves_all_or_nothing(cast, tmp_path):
    def check(rows, day):
        path = school_database_export(tmp_path / "list.xlsx", rows)
        upload = SimpleUploadedFile("list.xlsx", path.read_bytes())
        return check_roster(actor=cast.officer, unit=cast.a, effective_on=day, upload=upload)

    apply_roster(actor=cast.officer, roster_import=check(pupils(20), date(2026, 9, 5)))
    both = check([*pupils(20, "4B"), *pupils(20, "4C", first=100)], date(2026, 10, 1))
    script = shutil.copy(SCRIPT, tmp_path / "kill_apply.py")
    surroundings = os.environ | {
        "DATABASE_URL": database_url(tmp_path),
        "DJANGO_SETTINGS_MODULE": "hbs_portal.settings",
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "DEBUG": "1",
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    done = subprocess.run([sys.executable, script, str(both.pk)], env=surroundings, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    found = json.loads(done.stdout)
    assert found["neither"] == 0
    assert found["before"] > 15, "fifteen by the clock, then one at each statement"
    assert (found["applied"], found["people"]) == (True, 40)
    if connection.vendor != "sqlite":
        assert (Person.objects.count(), Membership.objects.filter(ends_on=None).count()) == (40, 40)
