"""Rule G7: dates are local dates (Asia/Ho_Chi_Minh), whatever the clock of the machine says."""

from datetime import UTC, date, datetime
from unittest import mock

import pytest

from campaigns.choices import RecordStatus
from hbs_portal.lib.dates import local_today
from training.workflow import approve_record, submit_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def half_past_midnight_in_hanoi():
    """30 June, 17:30 in UTC, is 1 July, 00:30 in the commune."""
    with mock.patch("django.utils.timezone.now", return_value=datetime(2026, 6, 30, 17, 30, tzinfo=UTC)):
        yield


def test_g7_today_is_the_communes_today(half_past_midnight_in_hanoi):
    assert local_today() == date(2026, 7, 1)


def test_g7_what_is_approved_after_midnight_belongs_to_the_new_day(half_past_midnight_in_hanoi, cast, make_activity):
    activity = make_activity(cast.a, on=date(2026, 6, 30), status=RecordStatus.DRAFT, entered_by=cast.editor_a)
    submit_record(actor=cast.editor_a, record=activity)
    approve_record(actor=cast.officer, record=activity)
    activity.refresh_from_db()
    assert (activity.submitted_on, activity.approved_on) == (date(2026, 7, 1), date(2026, 7, 1))


def test_g7_a_typed_day_comes_day_first(cast, login, campaign):
    from training.forms.activities import ActivityForm

    form = ActivityForm({"starts_on": "05/09/2026", "host": cast.a.pk}, user=cast.editor_a)
    form.is_valid()
    assert form.cleaned_data["starts_on"] == date(2026, 9, 5)
