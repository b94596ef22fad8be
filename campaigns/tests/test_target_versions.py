"""A changed rule of a target is a new version with a day and a reason (rule H6); its page tells what changed."""

from datetime import date

import pytest
from django.urls import reverse

from campaigns.models import Target, TargetVersion
from campaigns.services.targets import rule_definition
from campaigns.wording import rule_differences
from hbs_portal.lib.dates import local_today

PLAN = reverse("campaigns:campaign_detail")
FROM_SEPTEMBER = {"change_kind": "tu-ngay", "effective_on": "01/09/2026", "change_reason": "Nghị quyết 12"}


@pytest.fixture
def k4(campaign):
    return campaign.targets.get(code="K4")


@pytest.fixture
def send(cast, login):
    def post(target, **changes):
        address = reverse("campaigns:target_edit", args=[target.pk])
        form = login(cast.officer).get(address).context["form"]
        data = {field.html_name: field.value() for field in form if field.value() is not None}
        return login(cast.officer).post(address, {**data, **changes})

    return post


def versions(target):
    return list(target.versions.order_by("number").values_list("number", "effective_on", "reason"))


def test_h6_a_changed_rule_asks_from_when_and_why(send, k4):
    response = send(k4, threshold_bp="75")
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"change_kind", "change_reason"}
    response = send(k4, threshold_bp="75", change_kind="tu-ngay", change_reason="Kế hoạch điều chỉnh")
    assert response.context["form"].errors["effective_on"] == ["Hãy ghi ngày bắt đầu áp dụng quy định mới."]
    assert Target.objects.get(pk=k4.pk).threshold_bp == 7000


def test_h6_a_rule_that_changes_on_a_day_becomes_a_version_and_the_old_one_stays(send, k4, cast):
    answer = send(
        k4, threshold_bp="75", change_kind="tu-ngay", effective_on="01/09/2026", change_reason="Nghị quyết 12"
    )
    assert answer.status_code == 302
    k4.refresh_from_db()
    assert versions(k4) == [(1, date(2026, 1, 1), ""), (2, date(2026, 9, 1), "Nghị quyết 12")]
    first, second = k4.versions.order_by("number")
    assert (first.definition["threshold_bp"], second.definition["threshold_bp"]) == (7000, 7500)
    assert second.definition == rule_definition(k4)
    assert (second.recorded_on, second.recorded_by) == (local_today(), cast.officer)


def test_h6_a_correction_holds_from_the_day_of_the_wording_it_corrects(send, k4):
    send(k4, threshold_bp="75", **FROM_SEPTEMBER)
    answer = send(k4, threshold_bp="76", change_kind="dinh-chinh", change_reason="Gõ nhầm ngưỡng")
    assert answer.status_code == 302
    assert versions(k4)[-1] == (3, date(2026, 9, 1), "Gõ nhầm ngưỡng")


@pytest.mark.parametrize("day", ["31/12/2025", "01/01/2027"])
def test_a_day_before_the_present_wording_or_after_the_plan_is_refused(send, k4, day):
    response = send(k4, threshold_bp="75", change_kind="tu-ngay", effective_on=day, change_reason="Nghị quyết 12")
    assert response.status_code == 422
    assert response.context["form"].errors["effective_on"] == ["Hãy chọn ngày từ 01/01/2026 đến 31/12/2026."]
    assert TargetVersion.objects.filter(target=k4).count() == 1


def test_name_and_place_of_a_target_change_without_a_version(send, k4):
    assert send(k4, short_name="Hộ biết dùng", position="9").status_code == 302
    assert Target.objects.get(pk=k4.pk).short_name == "Hộ biết dùng"
    assert len(versions(k4)) == 1


def test_the_page_of_the_plan_tells_the_versions_and_what_differs(send, k4, cast, login):
    before = login(cast.leader).get(PLAN).content.decode()
    assert "phiên bản)" not in before
    send(k4, tolerance_bp="5", change_kind="tu-ngay", effective_on="31/12/2026", change_reason="Nghị quyết 12")
    page = login(cast.leader).get(PLAN).content.decode()
    for words in ("2 phiên bản", "Lý do: Nghị quyết 12", "<del>0%</del> → <ins>5%</ins>", "áp dụng từ 31/12/2026"):
        assert words in page


def test_differences_are_told_in_words():
    before = {"operator": "ALL", "groups": ["PUPIL"], "fixed_on": None, "window_days": 90, "min_sessions": 1}
    after = {"operator": "AT_LEAST", "groups": ["PUPIL", "TEACHER"], "fixed_on": "2026-09-30", "window_days": None}
    told = {one.label: (one.before, one.after) for one in rule_differences(before, after | {"min_sessions": 1})}
    assert told == {
        "Phép so sánh": ("toàn bộ", "từ … trở lên"),
        "Nhóm đối tượng": ("Học sinh", "Giáo viên; Học sinh"),
        "Ngày chốt mẫu số": ("", "30/09/2026"),
        "Trong số ngày gần nhất": ("90", ""),
    }
