"""Scheduled activities: a draft of a day to come. It counts nowhere, is not sent early, and asks to be completed."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from campaigns.choices import ActivityKind, RecordStatus
from hbs_portal.lib.dates import local_today
from reports.selectors import read_progress
from reports.selectors.clocks import Clocks
from training.models import Activity
from training.services.activities import (
    ActivityContent,
    ActivityError,
    NotYetOverError,
    content_of,
    create_activity,
    submit_activity,
    update_activity,
)

LIST = "/hoat-dong/"


@pytest.fixture
def year(campaign):
    """The campaign runs from a year ago to a year from now, so that there is always a day to come in it."""
    campaign.starts_on, campaign.ends_on = local_today() - timedelta(365), local_today() + timedelta(365)
    campaign.save()
    return campaign


@pytest.fixture
def pupils(cast, make_person):
    return [make_person(cast.a, class_name="4A") for _ in range(3)]


@pytest.fixture
def schedule(year, cast, pupils):
    def make(days: int = 3, **values) -> Activity:
        content = ActivityContent(
            kind=ActivityKind.LESSON,
            starts_on=local_today() + timedelta(days),
            host=cast.a,
            person_ids=frozenset(person.pk for person in pupils),
            **values,
        )
        return create_activity(actor=cast.editor_a, content=content)

    return make


def put_back(activity: Activity, days: int) -> Activity:
    """As if it had been scheduled that many days earlier."""
    Activity.objects.filter(pk=activity.pk).update(
        entered_at=timezone.now() - timedelta(days),
        starts_on=activity.starts_on - timedelta(days),
        ends_on=activity.ends_on - timedelta(days),
    )
    return Activity.objects.get(pk=activity.pk)


def test_a_day_to_come_is_kept_as_a_draft_with_whom_it_is_for(schedule, pupils):
    activity = schedule()
    assert activity.status == RecordStatus.DRAFT
    assert activity.is_scheduled
    assert activity.attendances.count() == len(pupils)


def test_a_day_after_the_campaign_is_refused(year, schedule):
    with pytest.raises(ActivityError) as error:
        schedule(days=366)
    assert "thời gian của chiến dịch" in str(error.value)


def test_it_is_not_sent_before_its_last_day(schedule, cast):
    activity = schedule(days=0, ends_on=local_today() + timedelta(1))
    with pytest.raises(NotYetOverError, match="chưa tới nên chưa gửi duyệt được"):
        submit_activity(actor=cast.editor_a, activity=activity)
    with pytest.raises(ActivityError, match="chưa tới"):
        update_activity(
            actor=cast.editor_a,
            activity=activity,
            content=content_of(activity),
            expected_version=activity.version,
            submit=True,
        )
    activity.refresh_from_db()
    assert activity.status == RecordStatus.DRAFT


def test_on_its_last_day_it_can_be_sent(schedule, cast):
    activity = schedule(days=0)
    submit_activity(actor=cast.editor_a, activity=activity)
    assert activity.is_waiting


def test_h1_a_scheduled_activity_counts_nowhere(year, schedule):
    schedule()
    cell = read_progress(year, Clocks.of(year)).progress.target("K3").commune
    assert (cell.n, cell.provisional_n, cell.attendances) == (None, None, 0)


def test_what_is_to_come_has_a_tab_of_its_own_the_nearest_first(schedule, cast, make_activity, login):
    later, sooner = schedule(days=9), schedule(days=2)
    make_activity(cast.a, on=date(2026, 4, 10), status=RecordStatus.DRAFT)
    page = login(cast.editor_a).get(LIST, {"trang_thai": "SAP_TOI"})
    assert [row.activity for row in page.context["rows"]] == [sooner, later]
    assert ("SAP_TOI", "Sắp tới", 2) in page.context["tabs"]
    assert "Sắp tới, còn 2 ngày" in page.text


def test_where_nothing_is_scheduled_there_is_no_such_tab(cast, make_activity, login):
    make_activity(cast.a, status=RecordStatus.DRAFT)
    assert "SAP_TOI" not in [value for value, _, _ in login(cast.editor_a).get(LIST).context["tabs"]]


def test_its_page_says_that_it_is_a_plan_and_offers_no_sending(schedule, cast, login):
    page = login(cast.editor_a).get(f"{LIST}{schedule().pk}/")
    assert "Lịch dự kiến, còn 3 ngày" in page.text
    assert "gui-duyet" not in page.text


def test_the_day_after_it_asks_to_be_completed(schedule, cast, login):
    activity = put_back(schedule(days=1), 2)
    assert activity.asks_to_be_completed
    client = login(cast.editor_a)
    page = client.get(f"{LIST}{activity.pk}/")
    assert "Đã diễn ra? Hãy hoàn tất và gửi duyệt" in page.text
    assert "gui-duyet" in page.text
    assert "Đã diễn ra? Hãy hoàn tất và gửi duyệt" in client.get(LIST).text
    assert "Đã diễn ra? Hãy hoàn tất và gửi duyệt" in client.get("/don-vi-cua-toi/").text


def test_a_draft_written_after_the_fact_is_not_asked_whether_it_happened(cast, make_activity, login):
    activity = make_activity(cast.a, on=local_today(), status=RecordStatus.DRAFT)
    assert not activity.asks_to_be_completed
    assert not activity.is_scheduled


def test_sending_too_early_from_the_page_is_told_and_changes_nothing(schedule, cast, login):
    activity = schedule()
    page = login(cast.editor_a).post(f"{LIST}{activity.pk}/gui-duyet/", follow=True)
    assert "chưa tới nên chưa gửi duyệt được" in page.text
    activity.refresh_from_db()
    assert activity.status == RecordStatus.DRAFT
