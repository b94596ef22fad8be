"""Whose skills a household check tells of: offered by name, optional, held against the day (rule E3)."""

from datetime import date

import pytest
from django.urls import reverse

from campaigns.choices import Group
from campaigns.models import Membership
from hbs_portal.lib.dates import local_today
from training.models import HouseholdCheck
from training.models.households import SKILL_FIELDS
from training.services.households import record_household_check
from training.workflow import WorkflowError, submit_record


@pytest.fixture
def household(make_household, cast):
    return make_household(cast.village, "Trần Văn An")


@pytest.fixture
def resident(cast, make_person, household):
    person = make_person(cast.village, "Trần Thị Bình", Group.RESIDENT, starts_on=date(2026, 2, 1))
    Membership.objects.filter(person=person).update(household=household)
    return person


def address_of(household):
    return reverse("training:household_check_record", args=[household.pk])


def sent(**more):
    day = local_today().strftime("%d/%m/%Y")
    return {"checked_on": day, "viec": "nhap", **dict.fromkeys(SKILL_FIELDS, "on"), **more}


def test_who_lives_there_is_offered_and_kept_with_the_check(cast, login, household, resident, make_person):
    make_person(cast.village, "Người nhà khác", Group.RESIDENT)
    client = login(cast.team_member)
    offered = client.get(address_of(household)).context["form"].fields["member"].queryset
    assert list(offered) == [resident]
    assert client.post(address_of(household), sent(member=resident.pk)).status_code == 302
    check = HouseholdCheck.objects.get()
    assert check.member == resident
    page = client.get(reverse("training:household_check_edit", args=[check.pk]))
    assert page.context["form"]["member"].value() == resident.pk


def test_nobody_has_to_be_named(cast, login, household, resident):
    assert login(cast.team_member).post(address_of(household), sent(member="")).status_code == 302
    assert HouseholdCheck.objects.get().member is None


def test_a_household_without_listed_people_asks_nothing(cast, login, household):
    assert "member" not in login(cast.team_member).get(address_of(household)).context["form"].fields


def test_somebody_of_another_household_is_not_taken(cast, login, household, resident, make_person):
    other = make_person(cast.village, "Người nhà khác", Group.RESIDENT)
    response = login(cast.team_member).post(address_of(household), sent(member=other.pk))
    assert response.status_code == 422
    assert "Hãy chọn người trong danh sách của hộ." in response.content.decode()


def test_e3_the_member_must_live_there_on_the_day_of_the_check(cast, campaign, household, resident):
    values = {"actor": cast.team_member, "campaign": campaign, "household": household, "member": resident}
    with pytest.raises(WorkflowError, match="Theo danh sách, Trần Thị Bình không ở hộ này vào ngày đã chọn"):
        record_household_check(**values, checked_on=date(2026, 1, 31), skills={})
    check = record_household_check(**values, checked_on=date(2026, 2, 1), skills={})
    assert check.member == resident


def test_the_office_reads_whose_skills_they_are(cast, campaign, login, household, resident):
    check = record_household_check(
        actor=cast.team_member, campaign=campaign, household=household, member=resident,
        checked_on=local_today(), skills=dict.fromkeys(SKILL_FIELDS, True),
    )  # fmt: skip
    submit_record(actor=cast.team_member, record=check)
    page = login(cast.officer).get(reverse("training:review_record", args=["kiem-tra-ho", check.pk]))
    assert ("Ai được kiểm tra", "Trần Thị Bình") in page.context["review"].facts
