"""Confirmations of platform use (K2)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from campaigns.choices import Group, RecordStatus
from hbs_portal.lib.dates import local_today
from training.models import Platform, PlatformUse
from training.services.catalogues import ensure_catalogues
from training.services.platforms import record_platform_uses
from training.workflow import WorkflowError, approve_record

LIST = "/nen-tang-so/"
RECORD = "/nen-tang-so/ghi/"


@pytest.fixture
def platforms(commune):
    ensure_catalogues(commune=commune, topics=[])
    return list(Platform.objects.filter(commune=commune))


@pytest.fixture
def teachers(cast, make_person):
    return [make_person(cast.a, name, Group.TEACHER) for name in ("Đỗ Thị Ánh", "Lê Văn Bình", "Trần Thị Cúc")]


def posted(people, platforms, day=None, **more):
    return {
        "nguoi": [person.pk for person in people],
        "platforms": [platform.pk for platform in platforms],
        "confirmed_on": (day or local_today()).strftime("%d/%m/%Y"),
        "viec": "nhap",
        **more,
    }


def test_an_editor_sees_the_managers_and_teachers_of_their_own_school_only(cast, login, teachers, make_person):
    make_person(cast.b, "Người Trường Khác", Group.TEACHER)
    make_person(cast.a, "Em Học Sinh", Group.PUPIL, "4A")
    page = login(cast.editor_a).get(LIST)
    assert [row.person.full_name for row in page.context["page"]] == ["Đỗ Thị Ánh", "Lê Văn Bình", "Trần Thị Cúc"]
    assert "Chưa xác nhận" in page.content.decode()


def test_b2_teachers_of_a_preschool_are_not_asked_because_the_target_does_not_count_them(cast, login, make_person):
    make_person(cast.preschool, "Cô Mầm Non", Group.TEACHER)
    assert not login(cast.officer).get(LIST).context["page"].object_list


def test_the_list_finds_a_name_without_diacritics_and_filters_by_state(cast, login, teachers, platforms, campaign):
    record_platform_uses(
        actor=cast.editor_a, campaign=campaign, people=teachers[:1], platforms=platforms[:1], confirmed_on=local_today()
    )
    client = login(cast.editor_a)
    assert [row.person for row in client.get(LIST, {"q": "do thi anh"}).context["page"]] == teachers[:1]
    assert [row.person for row in client.get(LIST, {"trang_thai": "DRAFT"}).context["page"]] == teachers[:1]
    assert [row.person for row in client.get(LIST, {"trang_thai": "NONE"}).context["page"]] == teachers[1:]


def test_several_people_are_recorded_and_sent_at_once_with_an_audit_entry_each(cast, login, teachers, platforms):
    response = login(cast.editor_a).post(RECORD, posted(teachers, platforms[:2], viec="gui"))
    assert response.status_code == 302
    uses = PlatformUse.objects.order_by("pk")
    assert [(use.person, use.unit, use.status) for use in uses] == [
        (person, cast.a, RecordStatus.SUBMITTED) for person in teachers
    ]
    assert {use.platforms.count() for use in uses} == {2}
    entries = AuditEntry.objects.filter(object_type="training.PlatformUse")
    assert set(entries.values_list("object_id", flat=True)) == {use.pk for use in uses}


def test_a_draft_is_replaced_and_not_doubled(cast, campaign, teachers, platforms):
    common = {"actor": cast.editor_a, "campaign": campaign, "people": teachers[:1], "confirmed_on": local_today()}
    record_platform_uses(platforms=platforms[:1], **common)
    record_platform_uses(platforms=platforms[1:3], submit=True, **common)
    use = PlatformUse.objects.get()
    assert (use.status, use.version, set(use.platforms.all())) == (RecordStatus.SUBMITTED, 2, set(platforms[1:3]))


def test_k2_one_confirmation_per_campaign_and_person_a_waiting_one_refuses_the_whole_batch(
    cast, campaign, teachers, platforms
):
    common = {"actor": cast.editor_a, "campaign": campaign, "platforms": platforms, "confirmed_on": local_today()}
    record_platform_uses(people=teachers[:1], submit=True, **common)
    with pytest.raises(WorkflowError, match="Đỗ Thị Ánh đã có xác nhận chờ duyệt"):
        record_platform_uses(people=teachers, **common)
    assert PlatformUse.objects.count() == 1


def test_k2_a_person_in_two_schools_has_one_confirmation(cast, campaign, platforms, make_person):
    person = make_person(cast.a, group=Group.TEACHER)
    person.memberships.create(
        commune=cast.commune, unit=cast.b, group=Group.TEACHER, starts_on=local_today() - timedelta(days=30)
    )
    common = {"campaign": campaign, "people": [person], "platforms": platforms, "confirmed_on": local_today()}
    record_platform_uses(actor=cast.editor_a, submit=True, **common)
    with pytest.raises(WorkflowError):
        record_platform_uses(actor=cast.editor_b, **common)


@pytest.mark.parametrize("day, words", [(1, "Ngày này chưa tới"), (-1200, "Ngày phải trong thời gian của kế hoạch")])
def test_a_day_outside_is_refused_in_words_and_nothing_is_written(cast, login, teachers, platforms, day, words):
    data = posted(teachers, platforms, day=local_today() + timedelta(days=day))
    response = login(cast.editor_a).post(RECORD, data)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not PlatformUse.objects.exists()


def test_a_teacher_of_another_school_cannot_be_recorded(cast, login, platforms, make_person):
    stranger = make_person(cast.b, group=Group.TEACHER)
    response = login(cast.editor_a).post(RECORD, posted([stranger], platforms))
    assert response.status_code == 422
    assert not PlatformUse.objects.exists()


def test_a_form_without_platforms_says_so_and_keeps_who_was_chosen(cast, login, teachers, platforms):
    response = login(cast.editor_a).post(RECORD, posted(teachers, []))
    assert response.status_code == 422
    assert "Hãy chọn ít nhất một nền tảng." in response.content.decode()
    assert response.context["people"] == teachers


def test_h4_a_form_sent_twice_is_one_record(cast, login, teachers, platforms):
    client, data = login(cast.editor_a), posted(teachers[:1], platforms, client_key=str(uuid4()))
    assert [client.post(RECORD, data).status_code for _ in range(2)] == [302, 302]
    assert PlatformUse.objects.count() == 1
    assert AuditEntry.objects.filter(object_type="training.PlatformUse").count() == 1


def test_two_people_edit_one_draft_and_the_second_sees_both_versions(cast, login, campaign, teachers, platforms):
    (use,) = record_platform_uses(
        actor=cast.editor_a, campaign=campaign, people=teachers[:1], platforms=platforms[:1], confirmed_on=local_today()
    )
    address = reverse("training:platform_use_edit", args=[use.pk])
    client = login(cast.editor_a)
    first, second = posted([], platforms[:2], version=1), posted([], platforms[2:3], version=1)
    assert client.post(address, first).status_code == 302
    response = client.post(address, second)
    assert response.status_code == 409
    assert platforms[2].name in response.content.decode()
    assert set(PlatformUse.objects.get().platforms.all()) == set(platforms[:2])
    second["version"] = response.context["form"]["version"].value()
    assert client.post(address, second).status_code == 302


def test_who_may_open_a_confirmation(cast, login, campaign, teachers, platforms):
    (use,) = record_platform_uses(
        actor=cast.editor_a, campaign=campaign, people=teachers[:1], platforms=platforms[:1], confirmed_on=local_today()
    )
    address = reverse("training:platform_use_edit", args=[use.pk])
    seen = {name: login(getattr(cast, name)).get(address).status_code for name in ("editor_a", "editor_b", "officer")}
    assert seen == {"editor_a": 200, "editor_b": 404, "officer": 200}
    assert login(cast.stranger).get(address).status_code == 404
    assert login(cast.leader).get(address).status_code == 403
    assert login(cast.leader).get(LIST).status_code == 200


def test_a_sent_confirmation_is_neither_edited_nor_deleted(cast, login, campaign, teachers, platforms):
    (use,) = record_platform_uses(
        actor=cast.editor_a,
        campaign=campaign,
        people=teachers[:1],
        platforms=platforms[:1],
        confirmed_on=local_today(),
        submit=True,
    )
    client = login(cast.editor_a)
    assert client.post(reverse("training:platform_use_edit", args=[use.pk]), posted([], platforms)).status_code == 403
    assert client.post(reverse("training:platform_use_delete", args=[use.pk])).status_code == 403
    assert PlatformUse.objects.filter(pk=use.pk, status=RecordStatus.SUBMITTED).exists()


def test_a_draft_is_deleted_after_a_question(cast, login, campaign, teachers, platforms):
    (use,) = record_platform_uses(
        actor=cast.editor_a, campaign=campaign, people=teachers[:1], platforms=platforms[:1], confirmed_on=local_today()
    )
    address = reverse("training:platform_use_delete", args=[use.pk])
    assert "Xóa bản nháp của Đỗ Thị Ánh?" in login(cast.editor_a).get(address).content.decode()
    assert PlatformUse.objects.exists()
    login(cast.editor_a).post(address)
    assert not PlatformUse.objects.exists()


def test_h3_an_officer_who_changed_a_draft_in_bulk_does_not_approve_it(cast, campaign, teachers, platforms):
    common = {"campaign": campaign, "people": teachers[:1], "platforms": platforms, "confirmed_on": local_today()}
    record_platform_uses(actor=cast.officer, **common)
    (use,) = record_platform_uses(actor=cast.editor_a, submit=True, **common)
    with pytest.raises(WorkflowError, match="không tự duyệt"):
        approve_record(actor=cast.officer, record=use)
    approve_record(actor=cast.officer2, record=use)
    assert PlatformUse.objects.get().is_official


def test_queries_of_the_list_do_not_grow_with_the_people(
    cast, login, campaign, platforms, make_person, django_assert_max_num_queries
):
    client = login(cast.editor_a)

    def open_list():
        with django_assert_max_num_queries(100) as queries:
            client.get(LIST)
        return len(queries)

    make_person(cast.a, "Một Người", Group.TEACHER)
    few = open_list()
    people = [make_person(cast.a, f"Người Thứ {i}", Group.TEACHER) for i in range(12)]
    record_platform_uses(
        actor=cast.editor_a, campaign=campaign, people=people[:6], platforms=platforms, confirmed_on=local_today()
    )
    assert open_list() == few


def test_queries_of_recording_do_not_grow_with_the_people(
    cast, campaign, platforms, make_person, django_assert_max_num_queries
):
    def record(count):
        people = [make_person(cast.a, f"Người {i}", Group.TEACHER) for i in range(count)]
        with django_assert_max_num_queries(100) as queries:
            record_platform_uses(
                actor=cast.editor_a,
                campaign=campaign,
                people=people,
                platforms=platforms,
                confirmed_on=local_today(),
                submit=True,
            )
        return len(queries)

    assert cast.editor_a.scope.grants
    assert record(2) == record(14)


def test_the_catalogue_is_filled_once_and_edited_by_the_office(cast, login, commune, platforms):
    ensure_catalogues(commune=commune, topics=["Thanh toán số"])
    assert Platform.objects.count() == 5
    client, address = login(cast.officer), "/danh-muc/nen-tang-so/them/"
    assert client.post(address, {"name": "VNeID", "position": 60, "is_active": "on"}).status_code == 302
    twice = client.post(address, {"name": "vneid", "position": 60, "is_active": "on"})
    assert twice.status_code == 422
    assert "Nền tảng này đã có trong danh mục." in twice.content.decode()
    assert login(cast.editor_a).get(address).status_code == 403
    assert login(cast.stranger).get(f"/danh-muc/nen-tang-so/{platforms[0].pk}/").status_code == 404


def test_where_everybody_on_the_page_is_done_nobody_is_to_be_chosen(cast, login, campaign, teachers, platforms):
    common = {"actor": cast.editor_a, "campaign": campaign, "platforms": platforms[:1], "confirmed_on": local_today()}
    record_platform_uses(people=teachers[:2], submit=True, **common)
    client, words = login(cast.editor_a), ("Chọn tất cả trang này", "Ghi cho người đã chọn", 'name="nguoi"')
    assert all(word in client.get(LIST).text for word in words)
    record_platform_uses(people=teachers[2:], submit=True, **common)
    assert not any(word in client.get(LIST).text for word in words)
