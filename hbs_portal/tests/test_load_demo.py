"""manage.py load_demo is repeatable, and never runs beside real data."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.models import QuerySet

from accounts.models import AuditEntry
from campaigns.models import Campaign
from hbs_portal.tests.test_demo import progress


@pytest.mark.django_db(transaction=True)
def test_loading_again_gives_the_same_commune(settings, monkeypatch):
    settings.DEMO_ACCOUNTS_ALLOWED = True
    # As outside the tests, where emptying does not go past the write-once guards by itself.
    monkeypatch.setattr(type(connection.ops), "execute_sql_flush", BaseDatabaseOperations.execute_sql_flush)
    call_command("load_demo", verbosity=0, stdout=StringIO())
    first = progress()
    call_command("load_demo", verbosity=0, stdout=StringIO())
    assert progress() == first
    assert AuditEntry.objects.filter(action="Nạp dữ liệu minh họa").count() == 1
    with pytest.raises(IntegrityError):
        QuerySet(AuditEntry).update(action="Khác")


def test_it_is_refused_outside_a_trial(db, settings):
    settings.DEMO_ACCOUNTS_ALLOWED = False
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("load_demo")
    assert not Campaign.objects.exists()


def test_it_is_refused_beside_real_data(campaign, settings):
    settings.DEMO_ACCOUNTS_ALLOWED = True
    with pytest.raises(CommandError, match="dữ liệu thật"):
        call_command("load_demo")
    assert Campaign.objects.get() == campaign
