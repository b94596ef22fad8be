"""The demo commune, loaded once a module, for tests that look at the product as a whole."""

import pytest
from django.db import transaction

from hbs_portal.management.commands.load_demo import load


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """The demo campaign; everything is rolled back when the module ends."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load()
        transaction.set_rollback(True)
