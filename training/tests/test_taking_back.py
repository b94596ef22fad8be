""" "Rút lại để sửa": while a record waits, who entered or sent it may have it back."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from campaigns.choices import Group, RecordStatus
from campaigns.models import Headcount
from conftest import clock_values
from training.models import Activity, HouseholdCheck, PlatformUse, RunningTotal
from training.services.platforms import record_platform_uses
from training.workflow import (
    RecordChangedError,
    WorkflowError,
    WrongStateError,
    approve_record,
    own_records,
    return_record,
    submit_record,
    take_back_record,
)

DAY = date(2026, 4, 10)
BUTTON = "Rút lại để sửa"


@pytest.fixture
def waiting(cast, make_activity) -> Activity:
    return make_activity(cast.a, status=RecordStatus.SUBMITTED, entered_by=cast.editor_a, elderly_count=3)


@pytest.fixture
def records(cast, campaign, waiting, make_person, make_household, make_check, make_platform_use) -> dict:
    """One waiting record of each kind by its word in addresses, with the person who entered it."""
    check = make_check(make_household(cast.village), status=RecordStatus.SUBMITTED)
    use = make_platform_use(make_person(cast.a, "Lê Thị Hoa", Group.TEACHER), status=RecordStatus.SUBMITTED)
    HouseholdCheck.objects.update(entered_by=cast.team_member)
    PlatformUse.objects.update(entered_by=cast.editor_a)
    declared = {"commune": cast.commune, "unit": cast.a, "group": Group.PUPIL, "entered_by": cast.editor_a}
    declared |= clock_values(RecordStatus.SUBMITTED, DAY, cast.officer)
    target = campaign.targets.get(code="K3")
    return {
        "hoat-dong": (waiting, cast.editor_a),
        "nen-tang": (PlatformUse.objects.get(pk=use.pk), cast.editor_a),
        "kiem-tra-ho": (HouseholdCheck.objects.get(pk=check.pk), cast.team_member),
        "luy-ke": (RunningTotal.objects.create(target=target, as_of=DAY, value=9, **declared), cast.editor_a),
        "quy-mo": (Headcount.objects.create(effective_on=DAY, count=35, **declared), cast.editor_a),
    }


def address_of(kind: str, record) -> str:
    return reverse("training:record_take_back", args=[kind, record.pk])


def list_of(kind: str, record) -> str:
    if kind == "hoat-dong":
        return reverse("training:activity_detail", args=[record.pk])
    if kind in ("luy-ke", "quy-mo"):
        return reverse("training:declared_unit", args=[record.unit_id])
    return reverse("training:household_check_list" if kind == "kiem-tra-ho" else "training:platform_use_list")


@pytest.mark.parametrize("kind", ["hoat-dong", "nen-tang", "kiem-tra-ho", "luy-ke", "quy-mo"])
def test_a_record_of_each_kind_is_taken_back_by_the_button_where_it_is_shown(cast, login, records, kind):
    record, person = records[kind]
    client = login(person)
    address = address_of(kind, record)
    assert f'action="{address}"' in client.get(list_of(kind, record)).text
    page = client.post(address, {"version": record.version}, follow=True)
    stored = type(record).objects.get(pk=record.pk)
    assert (stored.status, stored.submitted_on, stored.version) == (RecordStatus.DRAFT, None, record.version + 1)
    assert page.status_code == 200
    assert "Đã rút lại thành bản nháp" in page.text
    assert 'name="viec"' in page.text, "it leads straight to the form"
    noun = record._meta.verbose_name
    entries = AuditEntry.objects.filter(object_type=record._meta.label, object_id=record.pk)
    assert list(entries.values_list("action", flat=True)) == [f"Rút lại {noun}"]
    assert address not in client.get(list_of(kind, stored)).text


def test_whoever_sent_it_may_take_it_back_too(cast, make_activity):
    draft = make_activity(cast.a, status=RecordStatus.DRAFT, entered_by=cast.editor_a)
    submit_record(actor=cast.officer, record=draft)
    for person in (cast.editor_a, cast.officer):
        assert own_records(person, Activity, [draft.pk]) == {draft.pk}
    take_back_record(actor=cast.officer, record=draft, expected_version=draft.version)
    assert Activity.objects.get().status == RecordStatus.DRAFT


def test_a_confirmation_sent_together_with_others_was_sent_too(cast, campaign, make_person, make_platform_use):
    teacher = make_person(cast.a, "Lê Thị Hoa", Group.TEACHER)
    use = make_platform_use(teacher, status=RecordStatus.DRAFT)
    values = {"campaign": campaign, "people": [teacher], "platforms": [], "confirmed_on": DAY}
    record_platform_uses(actor=cast.editor_a, submit=True, **values)
    assert own_records(cast.editor_a, PlatformUse, [use.pk]) == {use.pk}


@pytest.mark.parametrize("who", ["officer", "leader", "editor_b"])
def test_nobody_else_sees_the_button_or_takes_it_back(cast, login, waiting, who):
    person = getattr(cast, who)
    client = login(person)
    assert BUTTON not in client.get(list_of("hoat-dong", waiting)).text
    assert client.post(address_of("hoat-dong", waiting), {"version": 1}).status_code in (403, 404)
    with pytest.raises(WorkflowError, match="Chỉ người đã nhập hoặc gửi"):
        take_back_record(actor=person, record=waiting, expected_version=1)
    assert Activity.objects.get().is_waiting


def test_the_officer_who_entered_it_may_take_it_back(cast, login, make_activity):
    own = make_activity(cast.a, status=RecordStatus.SUBMITTED, entered_by=cast.officer)
    login(cast.officer).post(address_of("hoat-dong", own), {"version": 1})
    assert Activity.objects.get().status == RecordStatus.DRAFT


def test_of_two_people_the_officer_who_approves_first_wins_and_the_clerk_gets_a_sentence(cast, waiting):
    seen = Activity.objects.get()
    approve_record(actor=cast.officer, record=waiting)
    with pytest.raises(RecordChangedError, match="vừa được người khác sửa hoặc xử lý"):
        take_back_record(actor=cast.editor_a, record=seen, expected_version=seen.version)
    assert Activity.objects.get().is_official
    assert AuditEntry.objects.filter(action__startswith="Rút lại").count() == 0


def test_of_two_people_the_clerk_who_takes_it_back_first_wins_and_the_officer_gets_a_sentence(cast, login, waiting):
    version = waiting.version
    take_back_record(actor=cast.editor_a, record=Activity.objects.get(), expected_version=version)
    with pytest.raises(RecordChangedError):
        approve_record(actor=cast.officer, record=waiting)
    address = reverse("training:review_approve", args=["hoat-dong", waiting.pk])
    page = login(cast.officer).post(address, {"version": version})
    assert page.status_code == 409
    assert "Nháp" in page.text
    assert Activity.objects.get().status == RecordStatus.DRAFT


@pytest.mark.parametrize("decide", ["approve", "return"])
def test_a_press_after_the_decision_says_so_and_changes_nothing(cast, login, waiting, decide):
    if decide == "approve":
        approve_record(actor=cast.officer, record=waiting)
    else:
        return_record(actor=cast.officer, record=waiting, reason="Thiếu ảnh")
    page = login(cast.editor_a).post(address_of("hoat-dong", waiting), {"version": 1}, follow=True)
    assert "không còn chờ duyệt nên không rút lại được" in page.text
    assert Activity.objects.get().status == waiting.status


def test_a_version_that_was_not_the_one_on_the_page_is_refused(cast, login, waiting):
    for version in ("", "9", "chín"):
        page = login(cast.editor_a).post(address_of("hoat-dong", waiting), {"version": version}, follow=True)
        assert "vừa được người khác sửa hoặc xử lý" in page.text
    assert Activity.objects.get().is_waiting


def test_a_draft_is_not_taken_back(cast, make_activity):
    draft = make_activity(cast.a, status=RecordStatus.DRAFT, entered_by=cast.editor_a)
    with pytest.raises(WrongStateError):
        take_back_record(actor=cast.editor_a, record=draft, expected_version=1)


def test_the_buttons_of_a_list_cost_one_query_however_many_wait(
    cast, login, make_household, make_check, django_assert_max_num_queries
):
    for number in range(2):
        make_check(make_household(cast.village, f"Hộ {number}"), status=RecordStatus.SUBMITTED)
    HouseholdCheck.objects.update(entered_by=cast.team_member)
    client, address = login(cast.team_member), reverse("training:household_check_list")
    client.get(address)
    with django_assert_max_num_queries(50) as few:
        assert client.get(address).text.count(BUTTON) == 2
    for number in range(2, 9):
        make_check(make_household(cast.village, f"Hộ {number}"), status=RecordStatus.SUBMITTED)
    HouseholdCheck.objects.update(entered_by=cast.team_member)
    with django_assert_max_num_queries(len(few)):
        assert client.get(address).text.count(BUTTON) == 9
