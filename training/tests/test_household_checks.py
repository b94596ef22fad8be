"""The household check of five skills (K4, E2)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from campaigns.choices import RecordStatus, UnitKind
from hbs_portal.lib.dates import local_today
from training.models import HouseholdCheck
from training.models.households import SKILL_FIELDS
from training.services.households import next_household, record_household_check
from training.workflow import WorkflowError

LIST = "/kiem-tra-ho/"


@pytest.fixture
def households(cast, make_household):
    return [make_household(cast.village, name) for name in ("Trần Văn An", "Đỗ Thị Bình", "Lê Thị Cúc")]


def address_of(household):
    return reverse("training:household_check_record", args=[household.pk])


def posted(skills=SKILL_FIELDS, viec="nhap", day=None, **more):
    checked_on = (day or local_today()).strftime("%d/%m/%Y")
    return {"checked_on": checked_on, "viec": viec, **dict.fromkeys(skills, "on"), **more}


def checked(cast, campaign, household, **more):
    values = {"checked_on": local_today(), "skills": dict.fromkeys(SKILL_FIELDS, True), **more}
    return record_household_check(actor=cast.team_member, campaign=campaign, household=household, **values)


@pytest.mark.parametrize("who", ["team_member", "village_head", "officer"])
def test_the_village_and_the_office_record_a_check(cast, login, households, who):
    response = login(getattr(cast, who)).post(address_of(households[0]), posted(viec="gui"))
    assert response.status_code == 302
    check = HouseholdCheck.objects.get()
    assert (check.status, check.is_passed, check.entered_by) == (RecordStatus.SUBMITTED, True, getattr(cast, who))
    assert AuditEntry.objects.filter(object_type="training.HouseholdCheck").count() == 2


def test_the_message_names_the_household_since_the_next_one_is_on_the_page(cast, login, households):
    page = login(cast.team_member).post(address_of(households[0]), posted(viec="gui-tiep"), follow=True)
    assert f"Đã gửi duyệt: hộ {households[0]}." in page.text


def test_a_check_without_any_skill_is_sent_only_after_a_question(cast, login, households):
    client, address = login(cast.team_member), address_of(households[0])
    asked = client.post(address, posted(skills=(), viec="gui-tiep"))
    assert asked.status_code == 422
    assert 'type="checkbox" name="none_shown"' in asked.text
    assert "Chưa bật kỹ năng nào." in asked.text
    assert not HouseholdCheck.objects.exists()
    assert client.post(address, posted(skills=(), viec="gui-tiep", none_shown="on")).status_code == 302
    check = HouseholdCheck.objects.get()
    assert (check.status, check.skill_count) == (RecordStatus.SUBMITTED, 0)


def test_the_question_comes_only_where_nothing_is_ticked_and_the_check_is_sent(cast, login, households):
    client = login(cast.team_member)
    assert 'type="checkbox" name="none_shown"' not in client.get(address_of(households[0])).text
    assert client.post(address_of(households[0]), posted(skills=(), viec="nhap")).status_code == 302
    assert client.post(address_of(households[1]), posted(skills=SKILL_FIELDS[:1], viec="gui")).status_code == 302


def test_a_draft_without_any_skill_is_sent_only_after_a_question(cast, login, campaign, households):
    check = checked(cast, campaign, households[0], skills={})
    address = reverse("training:household_check_edit", args=[check.pk])
    client = login(cast.team_member)
    assert client.post(address, posted(skills=(), viec="gui", version=1)).status_code == 422
    assert client.post(address, posted(skills=(), viec="gui", version=1, none_shown="on")).status_code == 302


def test_e2_four_of_five_skills_is_not_passed(cast, login, households):
    login(cast.team_member).post(address_of(households[0]), posted(skills=SKILL_FIELDS[:4]))
    check = HouseholdCheck.objects.get()
    assert (check.skill_count, check.is_passed) == (4, False)
    assert not HouseholdCheck.objects.passed().exists()


def test_who_may_not_record_a_check(cast, login, households):
    address = address_of(households[0])
    seen = {name: login(getattr(cast, name)).get(address).status_code for name in ("editor_a", "stranger", "leader")}
    assert seen == {"editor_a": 404, "stranger": 404, "leader": 403}


def test_save_and_go_on_leads_to_the_next_household_that_has_no_check(cast, login, campaign, households):
    checked(cast, campaign, households[1])
    response = login(cast.team_member).post(address_of(households[0]), posted(viec="nhap-tiep"), follow=True)
    assert response.redirect_chain[-1][0] == address_of(households[2])
    assert HouseholdCheck.objects.get(household=households[0]).status == RecordStatus.DRAFT


def test_after_the_last_household_the_beginning_of_the_list_comes_again_and_then_nothing(cast, campaign, households):
    last = households[2]
    checked(cast, campaign, last)
    assert next_household(user=cast.team_member, campaign=campaign, after=last) == households[0]
    checked(cast, campaign, households[0])
    checked(cast, campaign, households[1])
    assert next_household(user=cast.team_member, campaign=campaign, after=last) is None


def test_when_nothing_is_left_the_list_says_so(cast, login, campaign, households):
    for household in households:
        checked(cast, campaign, household)
    page = login(cast.team_member).get(reverse("training:household_check_record"), follow=True)
    assert "Không còn hộ nào chờ kiểm tra." in page.content.decode()


def test_a_second_check_of_one_day_is_refused_in_words(cast, login, campaign, households):
    checked(cast, campaign, households[0])
    response = login(cast.village_head).post(address_of(households[0]), posted())
    assert response.status_code == 422
    assert "Hộ này đã được kiểm tra trong ngày đó." in response.content.decode()
    assert HouseholdCheck.objects.count() == 1


def test_a_future_day_is_refused_and_the_switches_stay_as_they_were(cast, login, households):
    response = login(cast.team_member).post(
        address_of(households[0]), posted(skills=SKILL_FIELDS[:2], day=local_today() + timedelta(days=1))
    )
    assert response.status_code == 422
    assert "Ngày này chưa tới." in response.content.decode()
    assert [field.value() for field in response.context["form"].switches] == [True, True, False, False, False]
    assert not HouseholdCheck.objects.exists()


def test_a_day_before_the_household_lived_there_is_refused(cast, campaign, make_household):
    household = make_household(cast.village, starts_on=local_today() - timedelta(days=3))
    with pytest.raises(WorkflowError, match="không có trong thôn vào ngày đã chọn"):
        checked(cast, campaign, household, checked_on=local_today() - timedelta(days=10))


def test_the_list_finds_a_head_without_diacritics_and_filters_by_state_and_result(cast, login, campaign, households):
    checked(cast, campaign, households[0], submit=True)
    checked(cast, campaign, households[1], skills={})
    client = login(cast.team_member)

    def found(**query):
        return [check.household for check in client.get(LIST, query).context["page"]]

    assert found(q="do thi binh") == [households[1]]
    assert found(trang_thai="SUBMITTED") == [households[0]]
    assert found(ket_qua="chua") == [households[1]]
    assert found(ket_qua="dat", thon=cast.village.pk) == [households[0]]


def test_a_village_sees_its_own_checks_only(cast, login, campaign, households, make_unit, make_household):
    other = make_household(make_unit(cast.commune, "THON-2", UnitKind.VILLAGE), "Hộ Thôn Khác")
    record_household_check(actor=cast.officer, campaign=campaign, household=other, checked_on=local_today(), skills={})
    assert not login(cast.team_member).get(LIST).context["page"].object_list
    assert len(login(cast.leader).get(LIST).context["page"].object_list) == 1
    assert "Kiểm tra hộ tiếp theo" not in login(cast.leader).get(LIST).content.decode()


def test_a_draft_edited_by_two_people_keeps_both_versions_in_sight(cast, login, campaign, households):
    check = checked(cast, campaign, households[0])
    address = reverse("training:household_check_edit", args=[check.pk])
    client = login(cast.village_head)
    assert client.post(address, posted(version=1, note="Đã hướng dẫn")).status_code == 302
    response = client.post(address, posted(version=1, note="Hẹn tuần sau"))
    assert response.status_code == 409
    assert "Đã hướng dẫn" in response.content.decode()
    assert "Hẹn tuần sau" in response.content.decode()
    assert HouseholdCheck.objects.get().note == "Đã hướng dẫn"


def test_a_sent_check_is_not_edited_any_more(cast, login, campaign, households):
    check = checked(cast, campaign, households[0], submit=True)
    client = login(cast.team_member)
    assert client.get(reverse("training:household_check_edit", args=[check.pk])).status_code == 403
    assert client.post(reverse("training:household_check_delete", args=[check.pk])).status_code == 403


def test_a_draft_is_deleted_after_a_question(cast, login, campaign, households):
    check = checked(cast, campaign, households[0])
    address = reverse("training:household_check_delete", args=[check.pk])
    assert login(cast.team_member).get(address).status_code == 200
    assert HouseholdCheck.objects.exists()
    login(cast.team_member).post(address)
    assert not HouseholdCheck.objects.exists()


def test_queries_of_the_list_do_not_grow_with_the_checks(
    cast, login, campaign, make_household, django_assert_max_num_queries
):
    client = login(cast.team_member)

    def open_list():
        with django_assert_max_num_queries(100) as queries:
            client.get(LIST)
        return len(queries)

    checked(cast, campaign, make_household(cast.village))
    few = open_list()
    for number in range(10):
        checked(cast, campaign, make_household(cast.village, f"Hộ Thứ {number}"))
    assert open_list() == few
