import uuid
from datetime import date

import pytest
from django.urls import reverse

from accounts.changes import readable
from accounts.models import AuditEntry
from campaigns.forms.campaign import PercentField
from campaigns.models import AgencyProfile, Campaign, Target
from campaigns.services.targets import target_state

pytestmark = pytest.mark.django_db
K1 = {
    "code": "K7", "position": "7", "clause": "Trên 92,5% người lao động", "short_name": "Người lao động",
    "noun": "người", "operator": "MORE_THAN", "threshold_bp": "92,5", "tolerance_bp": "", "qualifier": "ATTENDANCE",
    "groups": ["WORKER"], "unit_kinds": ["OFFICE"], "activity_kinds": ["TRAINING"], "min_sessions": "1",
    "min_count": "1", "window_days": "", "denominator_policy": "AS_OF", "fixed_on": "",
}  # fmt: skip
PLAN = {
    "title": "Kế hoạch mới", "plan_number": "45/KH-UBND", "issued_on": "05/06/2026", "starts_on": "01/01/2026",
    "ends_on": "31/12/2026", "state": "OPEN", "version": "1",
}  # fmt: skip
#: What a change of the rule has to say (rule H6).
CORRECTION = {"change_kind": "dinh-chinh", "change_reason": "Gõ nhầm"}


def address(name, *args):
    return reverse(f"campaigns:{name}", args=args)


def agency_values(profile, **changes):
    names = ("superior_name", "agency_name", "place", "signed_for", "signed_instead", "signer_title", "signer_name")
    values = {
        name: getattr(profile, name) for name in (*names, "preparer_title", "recipients", "report_symbol", "version")
    }
    return {**values, **changes}


@pytest.mark.parametrize(
    ("text", "basis_points"), [("90", 9000), ("92,5", 9250), ("92.05", 9205), ("92,5 %", 9250), ("0,1", 10), ("", None)]
)
def test_a_percentage_is_read_exactly_as_typed(text, basis_points):
    assert PercentField(required=False).clean(text) == basis_points


@pytest.mark.parametrize("text", ["100,01", "90,555", "-5", "chín mươi", "9e1"])
def test_what_is_no_percentage_is_refused(text):
    field = PercentField(required=False)
    with pytest.raises(Exception, match=r"phần trăm|Phần trăm"):
        field.clean(text)


def test_the_plan_is_shown_with_its_blanks_and_its_targets_in_words(cast, login):
    page = login(cast.leader).get(address("campaign_detail")).content.decode()
    for words in ("(chưa ghi số)", "(chưa ghi ngày)", "Trên 90%", "Khoảng 70% (sai số 0)", "Toàn bộ (100%)"):
        assert words in page
    assert "khoảng 70% hộ gia đình có hiểu biết cơ bản về kỹ năng số" in page
    assert "Sửa chỉ tiêu" not in page


def test_the_page_of_the_plan_costs_the_same_queries_however_many_targets(
    cast, campaign, login, django_assert_num_queries
):
    client = login(cast.leader)
    with django_assert_num_queries(8) as few:
        client.get(address("campaign_detail"))
    for number in range(10, 20):
        Target.objects.create(
            campaign=campaign, code=f"K{number}", clause="x", short_name="x", noun="người", operator="ALL",
            qualifier="ATTENDANCE",
        )  # fmt: skip
    with django_assert_num_queries(len(few)):
        client.get(address("campaign_detail"))


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("campaign_detail", {"admin", "officer", "leader"}),
        ("campaign_edit", {"officer"}),
        ("target_create", {"officer"}),
        ("target_edit", {"officer"}),
        ("agency_edit", {"admin", "officer"}),
    ],
)
def test_readers_read_and_the_office_writes(cast, campaign, login, name, allowed):
    args = [campaign.targets.first().pk] if name == "target_edit" else []
    for who in ("admin", "officer", "leader", "editor_a", "team_member", "nobody"):
        status = login(getattr(cast, who)).get(address(name, *args)).status_code
        assert status == (200 if who in allowed else 403), who


def test_a_stranger_does_not_find_the_target(cast, campaign, login):
    assert login(cast.stranger).get(address("target_edit", campaign.targets.first().pk)).status_code == 404


def test_number_and_date_of_the_plan_are_entered_day_first(cast, campaign, login):
    response = login(cast.officer).post(address("campaign_edit"), PLAN)
    campaign.refresh_from_db()
    assert response.status_code == 302
    assert (campaign.plan_number, campaign.issued_on) == ("45/KH-UBND", date(2026, 6, 5))
    entry = AuditEntry.objects.get(action="Sửa kế hoạch")
    assert entry.after["issued_on"] == "2026-06-05"
    assert "ends_on" not in entry.after


def test_a_plan_that_ends_before_it_begins_is_refused_and_keeps_what_was_typed(cast, campaign, login):
    response = login(cast.officer).post(address("campaign_edit"), {**PLAN, "ends_on": "31/12/2025"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Ngày kết thúc phải sau ngày bắt đầu." in page
    assert 'value="45/KH-UBND"' in page
    assert Campaign.objects.get(pk=campaign.pk).plan_number == ""


def test_the_second_of_two_who_edit_the_plan_loses_nothing(cast, campaign, login):
    Campaign.objects.filter(pk=campaign.pk).update(plan_number="12/KH-UBND", version=2)
    response = login(cast.officer).post(address("campaign_edit"), PLAN)
    assert response.status_code == 409
    assert "12/KH-UBND" in response.content.decode()
    assert 'value="45/KH-UBND"' in response.content.decode()


def test_a_target_is_added_once_with_its_criteria(cast, campaign, login):
    client = login(cast.officer)
    data = {**K1, "client_key": str(uuid.uuid4())}
    client.post(address("target_create"), data)
    client.post(address("target_create"), data)
    target = campaign.targets.get(code="K7")
    state = target_state(target)
    assert target.threshold_bp == 9250
    assert (state["groups"], state["unit_kinds"], state["activity_kinds"]) == (["WORKER"], ["OFFICE"], ["TRAINING"])
    assert AuditEntry.objects.filter(action="Thêm chỉ tiêu").count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"groups": []}, "groups"),
        ({"activity_kinds": []}, "activity_kinds"),
        ({"unit_kinds": []}, "unit_kinds"),
        ({"groups": ["WORKER", "HOUSEHOLD"]}, "groups"),
        ({"window_days": "30"}, "window_days"),
        ({"min_count": "2"}, "min_count"),
        ({"qualifier": "PLATFORM_USE", "activity_kinds": [], "min_sessions": "2"}, "min_sessions"),
        ({"operator": "EACH_UNIT"}, "operator"),
        ({"threshold_bp": ""}, "threshold_bp"),
        ({"threshold_bp": "0"}, "threshold_bp"),
        ({"threshold_bp": "101"}, "threshold_bp"),
        ({"threshold_bp": "100"}, "threshold_bp"),
        ({"qualifier": "PLATFORM_USE"}, "activity_kinds"),
        ({"qualifier": "HOUSEHOLD_CHECK", "unit_kinds": ["VILLAGE"], "activity_kinds": []}, "groups"),
        ({"qualifier": "HOUSEHOLD_CHECK", "groups": ["HOUSEHOLD"], "activity_kinds": []}, "unit_kinds"),
        ({"qualifier": "HOSTED_ACTIVITY", "groups": []}, "operator"),
        ({"qualifier": "HOSTED_ACTIVITY", "operator": "EACH_UNIT"}, "groups"),
        (
            {"qualifier": "HOSTED_ACTIVITY", "operator": "EACH_UNIT", "groups": [], "activity_kinds": []},
            "activity_kinds",
        ),
        (
            {"qualifier": "TEAM_ACTIVITY", "operator": "EACH_UNIT", "groups": [], "unit_kinds": ["VILLAGE"]},
            "window_days",
        ),
        (
            {"qualifier": "HOSTED_ACTIVITY", "operator": "EACH_UNIT", "groups": [], "denominator_policy": "EVER"},
            "denominator_policy",
        ),
        ({"denominator_policy": "FIXED"}, "__all__"),
        ({"operator": "ABOUT", "threshold_bp": "70", "tolerance_bp": "71"}, "__all__"),
        ({"code": "K1"}, "__all__"),
    ],
)
def test_a_target_without_what_its_rule_needs_is_refused(cast, campaign, login, changes, field):
    response = login(cast.officer).post(address("target_create"), {**K1, **changes})
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert 'value="Người lao động"' in response.content.decode()
    assert campaign.targets.count() == 6


@pytest.mark.parametrize("code", ["K1", "K2", "K3", "K4", "K5", "K6"])
def test_every_target_of_the_plan_can_be_opened_and_saved_unchanged(cast, campaign, login, code):
    target = campaign.targets.get(code=code)
    before = target_state(target)
    client = login(cast.officer)
    form = client.get(address("target_edit", target.pk)).context["form"]
    data = {field.html_name: field.value() for field in form if field.value() is not None}
    response = client.post(address("target_edit", target.pk), data)
    assert response.status_code == 302, response.context["form"].errors
    target.refresh_from_db()
    assert target_state(target) == before
    assert target.version == 2


def test_changing_a_threshold_keeps_the_old_one_in_the_audit(cast, campaign, login):
    target = campaign.targets.get(code="K4")
    client = login(cast.officer)
    form = client.get(address("target_edit", target.pk)).context["form"]
    data = {field.html_name: field.value() for field in form if field.value() is not None}
    client.post(address("target_edit", target.pk), {**data, **CORRECTION, "threshold_bp": "75", "tolerance_bp": "2,5"})
    entry = AuditEntry.objects.get(action="Sửa chỉ tiêu")
    assert entry.before == {"threshold_bp": 7000, "tolerance_bp": 0}
    assert entry.after == {"threshold_bp": 7500, "tolerance_bp": 250}
    assert entry.commune_id == cast.commune.pk


def test_the_second_of_two_who_edit_a_target_sees_which_groups_differ(cast, campaign, login):
    target = campaign.targets.get(code="K1")
    Target.objects.filter(pk=target.pk).update(version=3)
    response = login(cast.officer).post(address("target_edit", target.pk), {**K1, "code": "K1", "version": "1"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "Cán bộ quản lý, Cán bộ, công chức, Giáo viên" in page
    assert target_state(Target.objects.get(pk=target.pk))["groups"] != ["WORKER"]


def test_the_papers_of_the_commune_are_changed_once(cast, login):
    profile = AgencyProfile.objects.get(commune=cast.commune)
    client = login(cast.admin)
    response = client.post(address("agency_edit"), agency_values(profile, signer_name="Trần Văn Ký"))
    assert response.status_code == 302
    assert AuditEntry.objects.get(action="Sửa thể thức văn bản").after == {"signer_name": "Trần Văn Ký"}
    stale = client.post(address("agency_edit"), agency_values(profile, signer_name="Người khác"))
    assert stale.status_code == 409
    assert AgencyProfile.objects.get(pk=profile.pk).signer_name == "Trần Văn Ký"


@pytest.mark.parametrize(("typed", "stored"), [("BC-VHXH", "BC-VHXH"), ("/BC-UBND", "BC-UBND"), ("/", "BC-UBND")])
def test_the_symbol_of_reports_is_the_communes_own(cast, login, typed, stored):
    profile = AgencyProfile.objects.get(commune=cast.commune)
    response = login(cast.officer).post(address("agency_edit"), agency_values(profile, report_symbol=typed))
    assert response.status_code == (422 if typed == "/" else 302)
    assert AgencyProfile.objects.get(pk=profile.pk).report_symbol == stored


def test_a_commune_without_papers_writes_them_for_the_first_time(cast, login):
    profile = AgencyProfile.objects.get(commune=cast.commune)
    values = agency_values(profile)
    profile.delete()
    assert login(cast.officer).post(address("agency_edit"), values).status_code == 302
    assert AgencyProfile.objects.get(commune=cast.commune).place == "Hà Bắc"


def test_the_audit_tells_thresholds_in_per_cent_as_they_are_typed(cast, campaign, login):
    target = campaign.targets.get(code="K4")
    client = login(cast.officer)
    form = client.get(address("target_edit", target.pk)).context["form"]
    data = {field.html_name: field.value() for field in form if field.value() is not None}
    client.post(
        address("target_edit", target.pk), {**data, **CORRECTION, "threshold_bp": "92,5", "tolerance_bp": "0,25"}
    )
    told = readable([AuditEntry.objects.filter(action="Sửa chỉ tiêu").latest("pk")])[0].changes
    assert {change.label: (change.before, change.after) for change in told} == {
        "Ngưỡng": ("70%", "92,5%"),
        "Sai số của “khoảng”": ("0%", "0,25%"),
    }


def test_a_minimum_that_decides_nothing_is_not_asked(cast, campaign, login):
    """K3 counts sessions of pupils, K5 activities of schools; either number is asked where the rule looks at it."""
    shown = {}
    for code in ("K2", "K3", "K5"):
        form = login(cast.officer).get(address("target_edit", campaign.targets.get(code=code).pk)).context["form"]
        shown[code] = {name for name in ("min_sessions", "min_count") if not form[name].is_hidden}
    assert shown == {"K2": set(), "K3": {"min_sessions"}, "K5": {"min_count"}}
