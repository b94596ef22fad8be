"""Where an editor or a team member starts."""

import re
from datetime import date

import pytest

from campaigns.choices import ActivityKind, Group, RecordStatus, Role
from campaigns.models import Headcount, UnitRole
from conftest import clock_values

URL = "/don-vi-cua-toi/"


def shown(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_unit_is_told_who_is_still_missing(cast, login, make_person, make_activity):
    pupils = [make_person(cast.a, class_name="4A") for _ in range(14)]
    make_person(cast.a, class_name="4B")
    make_activity(cast.a, people=pupils[:2])
    text = shown(login(cast.editor_a).get(URL))
    assert "Trường còn 12 học sinh lớp 4A, 1 học sinh lớp 4B chưa được ghi nhận." in text
    assert "Ghi hoạt động" in text


def test_only_the_targets_that_apply_are_shown(cast, login, make_person):
    make_person(cast.preschool, group=Group.TEACHER)
    UnitRole.objects.create(user=cast.editor_b, role=Role.EDITOR, unit=cast.preschool)
    page = login(cast.editor_b).get(f"{URL}?don-vi=MN-C").context["page"]
    assert [figure.tile.code for figure in page.figures] == ["K1", "K5"]


def test_a_village_is_told_about_households_and_its_team(cast, login, make_household, make_check):
    make_check(make_household(cast.village))
    make_household(cast.village, "Lê Văn Tám")
    hints = [figure.hint for figure in login(cast.team_member).get(URL).context["page"].figures]
    assert hints == [
        "Thôn còn 1 hộ chưa đạt kiểm tra năm kỹ năng.",
        "Tổ công nghệ số cộng đồng của thôn chưa có hoạt động được duyệt trong 90 ngày gần nhất.",
    ]


def test_returned_records_come_first_with_their_reason_then_drafts(
    cast, login, make_person, make_activity, make_platform_use
):
    make_activity(cast.a, status=RecordStatus.DRAFT, title="Bài còn nháp", on=date(2026, 6, 1))
    make_activity(cast.a, status=RecordStatus.RETURNED, title="Bài bị trả lại")
    make_activity(cast.a, status=RecordStatus.APPROVED, title="Bài đã duyệt")
    make_activity(cast.b, status=RecordStatus.RETURNED, title="Bài của trường khác")
    make_platform_use(make_person(cast.a, "Cô An", group=Group.TEACHER), status=RecordStatus.DRAFT)
    response = login(cast.editor_a).get(URL)
    records = [row.record for row in response.context["page"].records]
    assert [(row.kind, row.title, row.status) for row in records] == [
        ("hoạt động", "Bài bị trả lại", "RETURNED"),
        ("hoạt động", "Bài còn nháp", "DRAFT"),
        ("xác nhận nền tảng số", "Cô An", "DRAFT"),
    ]
    assert "Thiếu minh chứng" in shown(response)


def test_every_open_record_leads_to_its_own_form(cast, login, make_person, make_activity, make_platform_use):
    make_activity(cast.a, status=RecordStatus.RETURNED)
    make_platform_use(make_person(cast.a, group=Group.TEACHER), status=RecordStatus.DRAFT)
    Headcount.objects.create(
        commune=cast.commune, unit=cast.a, group=Group.PUPIL, effective_on=date(2026, 1, 1), count=5,
        entered_by=cast.editor_a, **clock_values(RecordStatus.DRAFT, date(2026, 1, 1), cast.officer),
    )  # fmt: skip
    client = login(cast.editor_a)
    page = client.get(URL).context["page"]
    assert [client.get(row.url).status_code for row in page.records] == [200, 200, 200]
    assert {row.record.title for row in page.records if row.record.kind == "quy mô khai báo"} == {"Học sinh"}


def test_what_waits_is_counted_for_this_unit_only(cast, login, make_activity):
    make_activity(cast.a, status=RecordStatus.SUBMITTED)
    make_activity(cast.b, status=RecordStatus.SUBMITTED)
    assert "Phòng Văn hóa - Xã hội đang xem 1 hoạt động." in shown(login(cast.editor_a).get(URL))


def test_who_has_several_units_chooses(cast, login):
    UnitRole.objects.create(user=cast.editor_a, role=Role.EDITOR, unit=cast.b)
    client = login(cast.editor_a)
    page = client.get(f"{URL}?don-vi=THCS-B").context["page"]
    assert page.unit.code == "THCS-B"
    assert {unit.code for unit in page.choices} == {"TH-A", "THCS-B"}


@pytest.mark.parametrize(
    ("who", "url", "status"),
    [
        ("editor_a", URL, 200),
        ("village_head", URL, 200),
        ("team_member", URL, 200),
        ("editor_a", f"{URL}?don-vi=THCS-B", 404),
        ("officer", URL, 403),
        ("leader", URL, 403),
        ("admin", URL, 403),
        ("nobody", URL, 403),
    ],
)
def test_it_is_the_page_of_those_who_record_for_a_unit(who, url, status, cast, login):
    assert login(getattr(cast, who)).get(url).status_code == status


def test_the_number_of_queries_does_not_grow_with_the_rows(
    cast, login, make_person, make_activity, make_platform_use, django_assert_max_num_queries
):
    client = login(cast.editor_a)
    make_activity(cast.a, people=[make_person(cast.a)], status=RecordStatus.DRAFT)
    make_person(cast.a, group=Group.TEACHER)
    with django_assert_max_num_queries(22) as before:
        client.get(URL)
    for number in range(8):
        pupil, teacher = make_person(cast.a, class_name=f"{number + 1}A"), make_person(cast.a, group=Group.TEACHER)
        make_activity(cast.a, people=[pupil], status=RecordStatus.RETURNED)
        make_activity(cast.a, ActivityKind.TRAINING, people=[teacher], status=RecordStatus.SUBMITTED)
        make_platform_use(teacher, status=RecordStatus.DRAFT)
    with django_assert_max_num_queries(len(before)):
        client.get(URL)
