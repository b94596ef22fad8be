"""The pages of activities: the form by phone, what failed keeps what was typed, lists of constant cost."""

import json
import uuid
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from campaigns.choices import ActivityKind, Group, RecordStatus
from campaigns.models import DigitalTeam
from hbs_portal.lib.dates import local_today
from training.models import Activity, Topic
from training.services.activities import ActivityContent, create_activity
from training.workflow import return_record, submit_record

CREATE = "/hoat-dong/ghi/"
DAY = date(2026, 3, 2)


@pytest.fixture
def class_4a(cast, make_person):
    return [make_person(cast.a, f"Học sinh {number}", class_name="4A") for number in range(35)]


@pytest.fixture
def token(cast) -> str:
    return f"{cast.a.pk}:PUPIL:4A"


@pytest.fixture
def draft(cast):
    content = ActivityContent(kind=ActivityKind.LESSON, starts_on=DAY, host=cast.a, title="Tin giả", elderly_count=2)
    return create_activity(actor=cast.editor_a, content=content)


def typed(**values) -> dict:
    return {"kind": "LESSON", "starts_on": "02/03/2026", "upload_key": str(uuid.uuid4()), "viec": "nhap", **values}


def test_a_class_of_35_with_two_absent_is_sent_with_one_form_d4(cast, login, class_4a, token):
    present = [person.pk for person in class_4a[2:]]
    sent = typed(viec="gui", nguoi=present, **{"doi-tuong": token, "da-hien": token})
    response = login(cast.editor_a).post(CREATE, sent)
    activity = Activity.objects.get()
    assert response.status_code == 302
    assert (activity.status, activity.attendances.count(), activity.host) == ("SUBMITTED", 33, cast.a)


def test_an_empty_form_is_not_sent_but_may_be_kept_as_a_draft(cast, login):
    client = login(cast.editor_a)
    refused = client.post(CREATE, typed(viec="gui"))
    assert refused.status_code == 422
    assert "Chưa có ai được ghi là có mặt" in refused.text
    assert not Activity.objects.exists()
    assert client.post(CREATE, typed(viec="nhap")).status_code == 302


def test_an_empty_draft_is_not_sent_from_its_page_either_and_leads_to_its_form(cast, login):
    content = ActivityContent(kind=ActivityKind.LESSON, starts_on=DAY, host=cast.a, group_totals={Group.PUPIL: 0})
    empty = create_activity(actor=cast.editor_a, content=content)
    page = login(cast.editor_a).post(reverse("training:activity_submit", args=[empty.pk]), follow=True)
    assert page.redirect_chain[-1][0] == reverse("training:activity_edit", args=[empty.pk])
    assert "Chưa có ai được ghi là có mặt" in page.text
    assert Activity.objects.get().status == RecordStatus.DRAFT


def test_a_form_that_is_not_sent_keeps_its_files(cast, login):
    sent = typed(viec="gui", tep=SimpleUploadedFile("ke-hoach.pdf", b"%PDF-1.4 ke hoach"))
    refused = login(cast.editor_a).post(CREATE, sent)
    assert refused.status_code == 422
    assert "Chưa có ai được ghi là có mặt" in refused.text
    assert "ke-hoach.pdf" in refused.text


def test_a_clerk_sends_an_activity_whose_people_only_the_office_sees(cast, login, make_person):
    theirs = make_person(cast.b, "Lê Văn Ngoài", class_name="7A")
    content = ActivityContent(kind=ActivityKind.LESSON, starts_on=DAY, host=cast.a, person_ids=frozenset([theirs.pk]))
    draft = create_activity(actor=cast.officer, content=content)
    address = reverse("training:activity_edit", args=[draft.pk])
    assert login(cast.editor_a).post(address, typed(viec="gui", version=1)).status_code == 302
    assert Activity.objects.get().is_waiting


def test_a_fresh_draft_is_told_once_what_to_do_next(cast, login):
    page = login(cast.editor_a).post(CREATE, typed(), follow=True)
    assert "Đã lưu nháp." in page.text
    assert page.text.count("Khi đủ thông tin, hãy bấm “Gửi duyệt”.") == 1


@pytest.mark.parametrize("reach", [{"total_PUPIL": "30"}, {"elderly_count": "5"}, {"channel": "BROADCAST"}])
def test_a_number_or_a_broadcast_is_reach_enough_to_be_sent(cast, login, reach):
    assert login(cast.editor_a).post(CREATE, typed(viec="gui", **reach)).status_code == 302
    assert Activity.objects.get().status == RecordStatus.SUBMITTED


def test_a_returned_activity_that_is_kept_says_that_it_is_not_sent_yet(cast, login, draft):
    submit_record(actor=cast.editor_a, record=draft)
    return_record(actor=cast.officer, record=draft, reason="Thiếu ảnh")
    page = login(cast.editor_a).post(f"/hoat-dong/{draft.pk}/sua/", typed(version=draft.version), follow=True)
    assert "hãy bấm “Gửi lại”" in page.text


def test_the_day_is_read_day_first(cast, login):
    login(cast.editor_a).post(CREATE, typed(starts_on="05/09/2026"))
    assert Activity.objects.get().starts_on == date(2026, 9, 5)


@pytest.mark.parametrize("wrong", ["30/02/2026", "09/31/2026", "hôm qua", "2/3/26"])
def test_a_wrong_day_is_told_and_nothing_is_written(cast, login, wrong):
    response = login(cast.editor_a).post(CREATE, typed(starts_on=wrong, place="Nhà văn hóa"))
    assert response.status_code == 422
    assert "Nhà văn hóa" in response.text
    assert not Activity.objects.exists()


def test_a_future_day_is_not_sent_g7(cast, login):
    tomorrow = (local_today() + timedelta(days=1)).strftime("%d/%m/%Y")
    response = login(cast.editor_a).post(CREATE, typed(starts_on=tomorrow, viec="gui"))
    assert response.status_code == 422
    assert "chưa tới" in response.text


def test_a_form_sent_twice_is_one_record_h4(cast, login):
    client, sent = login(cast.editor_a), typed(client_key=str(uuid.uuid4()))
    first, second = client.post(CREATE, sent), client.post(CREATE, sent)
    assert Activity.objects.count() == 1
    assert first.url == second.url


def test_a_failed_form_keeps_the_ticks_and_the_words(cast, login, class_4a, token):
    present = [person.pk for person in class_4a[2:]]
    sent = typed(starts_on="", nguoi=present, title="Giữ lại", **{"doi-tuong": token, "da-hien": token})
    response = login(cast.editor_a).post(CREATE, sent)
    assert response.status_code == 422
    assert "33/35 có mặt" in response.text
    assert "Giữ lại" in response.text


def test_a_class_whose_roster_was_never_seen_is_shown_first(cast, login, class_4a, token):
    response = login(cast.editor_a).post(CREATE, typed(**{"doi-tuong": token}))
    assert response.status_code == 422
    assert "35/35 có mặt" in response.text
    assert not Activity.objects.exists()


def test_without_scripts_a_button_shows_the_roster_and_keeps_the_words(cast, login, class_4a, token):
    response = login(cast.editor_a).post(CREATE, typed(title="Giữ lại", **{"doi-tuong": token, "chuan-bi": "1"}))
    assert response.status_code == 200
    assert "35/35 có mặt" in response.text
    assert "Giữ lại" in response.text


def test_an_attendee_of_another_unit_is_refused_by_the_form(cast, login, make_person):
    outsider = make_person(cast.b, "Lê Văn Ngoài")
    response = login(cast.editor_a).post(CREATE, typed(nguoi=[outsider.pk]))
    assert response.status_code == 422
    assert "1 người đã chọn không thuộc đơn vị" in response.text
    assert "Lê Văn Ngoài" not in response.text


def test_a_total_below_the_names_is_told_at_its_field_d2(cast, login, class_4a, token):
    sent = typed(nguoi=[p.pk for p in class_4a], total_PUPIL="30", **{"doi-tuong": token, "da-hien": token})
    response = login(cast.editor_a).post(CREATE, sent)
    assert response.status_code == 422
    assert "ít hơn 35 tên" in response.text


@pytest.mark.parametrize("method", ["get", "post"])
def test_given_people_are_ticked_beforehand(cast, login, class_4a, make_person, method):
    outsider = make_person(cast.b, "Lê Văn Ngoài")
    people = [class_4a[0].pk, class_4a[1].pk, outsider.pk]
    client = login(cast.editor_a)
    if method == "get":
        response = client.get(CREATE, {"nguoi": ",".join(map(str, people))})
    else:
        response = client.post(CREATE, {"nguoi": people, "chuan-bi": "1"})
    assert "2/2 có mặt" in response.text
    assert "Lê Văn Ngoài" not in response.text


def test_the_roster_comes_with_everybody_ticked(cast, login, class_4a, token):
    response = login(cast.editor_a).get(reverse("training:roster_fragment"), {"doi-tuong": token, "ngay": "02/03/2026"})
    assert "35/35 có mặt" in response.text
    assert "<html" not in response.text


def test_the_roster_of_another_school_is_empty_for_an_editor(cast, login, make_person):
    make_person(cast.b, "Lê Văn Ngoài", class_name="6A")
    client = login(cast.editor_a)
    response = client.get(reverse("training:roster_fragment"), {"doi-tuong": f"{cast.b.pk}:PUPIL:6A"})
    assert "Lê Văn Ngoài" not in response.text
    choices = client.get(reverse("training:roster_fragment"), {"don-vi": cast.b.pk})
    assert "Lớp 6A" not in choices.text


def test_the_office_chooses_classes_of_any_unit(cast, login, make_person):
    make_person(cast.b, class_name="6A")
    response = login(cast.officer).get(reverse("training:roster_fragment"), {"don-vi": cast.b.pk})
    assert "Lớp 6A" in response.text


@pytest.mark.parametrize("junk", ["x", "1:2:3", "²:PUPIL:4A", "999999999999999999999:PUPIL:"])
def test_a_senseless_audience_shows_nothing(cast, login, junk):
    response = login(cast.editor_a).get(reverse("training:roster_fragment"), {"doi-tuong": junk})
    assert response.status_code == 200
    assert "data-roster" not in response.text


def test_households_of_a_village_come_unticked(cast, login, make_household):
    make_household(cast.village, "Trần Văn Bảy")
    response = login(cast.team_member).get(
        reverse("training:roster_fragment"), {"doi-tuong": f"{cast.village.pk}:HOUSEHOLD:"}
    )
    assert "Trần Văn Bảy" in response.text
    assert "0/1 có mặt" in response.text


def test_a_villages_own_team_is_chosen_beforehand_k6(cast, login):
    team = DigitalTeam.objects.create(
        commune=cast.commune, village=cast.village, name="Tổ Thôn Một", founded_on=date(2025, 1, 1)
    )
    page = login(cast.team_member).get(CREATE)
    assert f'<option value="{team.pk}" selected>' in page.text


def test_the_kind_used_last_comes_first(cast, login):
    create_activity(actor=cast.editor_a, content=ActivityContent(kind=ActivityKind.SUPPORT, starts_on=DAY, host=cast.a))
    page = login(cast.editor_a).get(CREATE)
    form = page.context["form"]
    assert form.fields["kind"].choices[0][0] == "SUPPORT"
    assert form["kind"].value() == "SUPPORT"


def test_a_team_member_records_and_sends_for_the_village(cast, login):
    login(cast.team_member).post(CREATE, typed(kind="SUPPORT", viec="gui", elderly_count="3"))
    activity = Activity.objects.get()
    assert (activity.host, activity.status) == (cast.village, "SUBMITTED")


def test_a_copy_opens_the_form_with_today_and_those_who_were_there(cast, login, class_4a):
    content = ActivityContent(
        kind=ActivityKind.LESSON,
        starts_on=DAY,
        host=cast.a,
        place="Phòng 2",
        person_ids=frozenset(person.pk for person in class_4a[2:]),
    )
    source = create_activity(actor=cast.editor_a, content=content)
    page = login(cast.editor_a).get(reverse("training:activity_copy", args=[source.pk]))
    assert "33/35 có mặt" in page.text
    assert "Phòng 2" in page.text
    assert page.context["form"].day == local_today()
    assert Activity.objects.count() == 1


def test_an_edit_shows_who_was_absent_unticked(cast, login, class_4a):
    content = ActivityContent(
        kind=ActivityKind.LESSON, starts_on=DAY, host=cast.a, person_ids=frozenset(p.pk for p in class_4a[2:])
    )
    activity = create_activity(actor=cast.editor_a, content=content)
    page = login(cast.editor_a).get(reverse("training:activity_edit", args=[activity.pk]))
    assert "33/35 có mặt" in page.text


def test_the_second_of_two_editors_sees_the_conflict_and_loses_nothing(cast, login, draft):
    url = reverse("training:activity_edit", args=[draft.pk])
    client = login(cast.editor_a)
    assert client.post(url, typed(title="Bản thứ nhất", version=1)).status_code == 302
    second = client.post(url, typed(title="Bản thứ hai", version=1))
    assert second.status_code == 409
    assert "Bản thứ nhất" in second.text
    assert "Bản thứ hai" in second.text
    assert Activity.objects.get().title == "Bản thứ nhất"
    again = client.post(url, typed(title="Bản thứ hai", version=second.context["conflict"]["version"]))
    assert again.status_code == 302
    assert Activity.objects.get().title == "Bản thứ hai"


def test_who_only_reads_gets_403_and_a_stranger_404(cast, draft):
    url = reverse("training:activity_edit", args=[draft.pk])
    draft.co_host_links.create(unit=cast.b)
    for user, status in ((cast.leader, 403), (cast.editor_b, 403), (cast.village_head, 404), (cast.stranger, 404)):
        client = Client()
        client.force_login(user, backend="accounts.backends.PortalBackend")
        assert client.get(url).status_code == status, user
        assert client.post(url, typed(version=1)).status_code == status, user
    assert Activity.objects.get().title == "Tin giả"


def test_a_record_that_waits_cannot_be_edited(cast, login, draft):
    submit_record(actor=cast.editor_a, record=draft)
    response = login(cast.editor_a).post(
        reverse("training:activity_edit", args=[draft.pk]), typed(title="Sửa lén", version=2), follow=True
    )
    assert "không sửa được nữa" in response.text
    assert Activity.objects.get().title == "Tin giả"


def test_a_draft_is_deleted_after_a_question(cast, login, draft):
    url = reverse("training:activity_delete", args=[draft.pk])
    client = login(cast.editor_a)
    assert "không lấy lại được" in client.get(url).text
    assert Activity.objects.exists()
    client.post(url)
    assert not Activity.objects.exists()


def test_a_returned_record_says_why_and_what_to_do(cast, login, draft):
    submit_record(actor=cast.editor_a, record=draft)
    return_record(actor=cast.officer, record=draft, reason="Thiếu ảnh minh chứng")
    page = login(cast.editor_a).get(reverse("training:activity_detail", args=[draft.pk]))
    assert "Thiếu ảnh minh chứng" in page.text
    assert "Gửi lại" in page.text
    login(cast.editor_a).post(reverse("training:activity_submit", args=[draft.pk]))
    assert Activity.objects.get().is_waiting


def test_a_co_host_reads_the_numbers_but_not_the_names_of_others(cast, login, class_4a):
    content = ActivityContent(
        kind=ActivityKind.FESTIVAL,
        starts_on=DAY,
        host=cast.a,
        co_hosts=[cast.b],
        person_ids=frozenset(person.pk for person in class_4a),
    )
    activity = create_activity(actor=cast.editor_a, content=content)
    page = login(cast.editor_b).get(reverse("training:activity_detail", args=[activity.pk]))
    assert "35 người của đơn vị khác" in page.text
    assert "Học sinh 1" not in page.text


def make_many(cast, count: int) -> None:
    topic = Topic.objects.filter(commune=cast.commune).first() or Topic.objects.create(
        commune=cast.commune, name="Thanh toán số"
    )
    for number in range(count):
        content = ActivityContent(
            kind=ActivityKind.LESSON,
            starts_on=DAY,
            host=cast.a,
            title=f"Đông Hải {number}",
            topics=[topic],
            co_hosts=[cast.b],
            group_totals={Group.PUPIL: 30},
        )
        create_activity(actor=cast.editor_a, content=content)


def topics_offered(client, url=CREATE) -> list[str]:
    return [topic.name for topic in client.get(url).context["form"].fields["topics"].queryset]


def test_topics_that_the_unit_chose_most_for_the_kind_come_first(cast, login):
    names = ("Kỹ năng cơ bản", "Dịch vụ công", "An toàn mạng", "Thanh toán số")
    basic, services, safety, paying = (
        Topic.objects.create(commune=cast.commune, name=name, position=place) for place, name in enumerate(names)
    )
    client = login(cast.editor_a)
    assert topics_offered(client) == list(names)
    chosen = [(cast.editor_a, cast.a, "LESSON", [paying, safety]), (cast.editor_a, cast.a, "LESSON", [paying])]
    chosen += [(cast.editor_b, cast.b, "LESSON", [services])] * 3 + [(cast.editor_a, cast.a, "TRAINING", [basic])] * 3
    for actor, host, kind, topics in chosen:
        content = ActivityContent(kind=kind, starts_on=DAY, host=host, topics=topics)
        create_activity(actor=actor, content=content)
    assert topics_offered(client, f"{CREATE}?kind=LESSON") == [names[3], names[2], names[0], names[1]]
    assert topics_offered(client, f"{CREATE}?kind=SUPPORT") == list(names)


def queries_of(client, url, django_assert_max_num_queries) -> int:
    with django_assert_max_num_queries(60) as found:
        assert client.get(url).status_code == 200
    return len(found)


def test_the_list_costs_the_same_for_2_and_for_20_activities(cast, login, django_assert_max_num_queries):
    client = login(cast.officer)
    make_many(cast, 2)
    few = queries_of(client, "/hoat-dong/", django_assert_max_num_queries)
    make_many(cast, 18)
    assert queries_of(client, "/hoat-dong/", django_assert_max_num_queries) == few
    assert few <= 12


def test_form_and_detail_cost_the_same_for_2_and_for_40_pupils(cast, login, make_person, django_assert_max_num_queries):
    client, costs = login(cast.editor_a), []
    for count in (2, 40):
        people = [make_person(cast.a, class_name=f"4{letter}") for letter in "AB" for _ in range(count)]
        content = ActivityContent(
            kind=ActivityKind.LESSON, starts_on=DAY, host=cast.a, person_ids=frozenset(p.pk for p in people)
        )
        activity = create_activity(actor=cast.editor_a, content=content)
        urls = [
            CREATE,
            *(reverse(f"training:{name}", args=[activity.pk]) for name in ("activity_edit", "activity_detail")),
        ]
        costs.append([queries_of(client, url, django_assert_max_num_queries) for url in urls])
    assert costs[0] == costs[1]


def test_the_list_is_searched_without_diacritics_and_remembers(cast, login):
    make_many(cast, 2)
    client = login(cast.editor_a)
    assert "Đông Hải 1" in client.get("/hoat-dong/", {"q": "dong hai 1"}).text
    again = client.get("/hoat-dong/")
    assert "Đông Hải 1" in again.text
    assert "Đông Hải 0" not in again.text
    assert "Đông Hải 0" in client.get("/hoat-dong/?xoa-loc=1").text


def test_tabs_count_every_state_of_what_is_found(cast, login, draft):
    make_many(cast, 2)
    submit_record(actor=cast.editor_a, record=draft)
    page = login(cast.editor_a).get("/hoat-dong/", {"trang_thai": "SUBMITTED"})
    assert [count for _, _, count in page.context["tabs"]] == [3, 2, 1, 0, 0, 0]
    assert [row.activity for row in page.context["rows"]] == [draft]


@pytest.mark.parametrize("query", ["tu=31/02/2026", "loai=X", "don_vi=99999", "trang_thai=Y", "trang=abc", "q=%00"])
def test_a_senseless_filter_breaks_nothing(cast, login, draft, query):
    assert login(cast.officer).get(f"/hoat-dong/?{query}").status_code == 200


def test_a_unit_finds_activities_it_joined(cast, login, draft):
    draft.co_host_links.create(unit=cast.b)
    page = login(cast.officer).get("/hoat-dong/", {"don_vi": cast.b.pk})
    assert [row.activity for row in page.context["rows"]] == [draft]


def test_an_empty_list_offers_the_first_activity(cast, login):
    assert "Chưa có hoạt động nào" in login(cast.editor_a).get("/hoat-dong/").text


def test_topics_are_kept_by_the_office(cast, login):
    client = login(cast.officer)
    client.post("/danh-muc/chu-de/them/", {"name": "An toàn  mạng", "position": "10", "is_active": "on"})
    topic = Topic.objects.get(name="An toàn mạng")
    twice = client.post("/danh-muc/chu-de/them/", {"name": "An toàn mạng", "position": "10"})
    assert twice.status_code == 422
    assert "Chủ đề này đã có trong danh mục" in twice.text
    client.post(f"/danh-muc/chu-de/{topic.pk}/", {"name": "An toàn số", "position": "10"})
    topic.refresh_from_db()
    assert (topic.name, topic.is_active) == ("An toàn số", False)
    assert "An toàn số" in client.get("/danh-muc/chu-de/").text


def test_a_retired_topic_is_not_offered_but_stays_where_it_is(cast, login, draft):
    topic = Topic.objects.create(commune=cast.commune, name="Chủ đề cũ", is_active=False)
    client = login(cast.editor_a)
    assert "Chủ đề cũ" not in client.get(CREATE).text
    draft.topics.add(topic)
    url = reverse("training:activity_edit", args=[draft.pk])
    assert "Chủ đề cũ" in client.get(url).text
    assert client.post(url, typed(version=1, topics=[topic.pk])).status_code == 302
    assert list(draft.topics.all()) == [topic]


def test_the_history_is_told_without_values(cast, login, draft):
    page = login(cast.editor_a).get(reverse("training:activity_detail", args=[draft.pk]))
    assert "Ghi hoạt động" in page.text
    assert json.dumps([]) not in page.text


def test_the_office_is_led_from_a_waiting_activity_to_its_review(cast, login, draft):
    submit_record(actor=cast.editor_a, record=draft)
    page = login(cast.officer).get(reverse("training:activity_detail", args=[draft.pk]))
    assert f'href="/duyet/hoat-dong/{draft.pk}/"' in page.text
    assert "Gửi duyệt</span>" not in page.text


@pytest.mark.parametrize("way", ["get", "post"])
def test_topics_chosen_before_the_roster_is_asked_for_stay_chosen(way, cast, login):
    topic = Topic.objects.create(commune=cast.commune, name="Thanh toán số")
    sent = {"chuan-bi": "1", "topics": [topic.pk, "không phải số"]}
    response = getattr(login(cast.editor_a), way)("/hoat-dong/ghi/", sent)
    assert response.status_code == 200
    ticked = [str(box.data["value"]) for box in response.context["form"]["topics"] if box.data["selected"]]
    assert ticked == [str(topic.pk)]


@pytest.mark.parametrize("name", ["topics", "co_hosts", "host", "upload_key", "don-vi", "doi-tuong", "version"])
@pytest.mark.parametrize("value", ["9" * 30, "9" * 5000, "²", "a\x00b", "1:PUPIL:4A\x00"])
def test_nonsense_in_an_address_or_a_form_is_never_an_error_of_ours(name, value, cast, login, make_activity):
    draft = make_activity(cast.a, status=RecordStatus.DRAFT)
    browser = login(cast.officer)
    for page in ("/hoat-dong/ghi/", "/hoat-dong/danh-sach/"):
        assert browser.get(page, {name: value}).status_code == 200
    for page in ("/hoat-dong/ghi/", f"/hoat-dong/{draft.pk}/sua/"):
        form = {"kind": "LESSON", "starts_on": "02/03/2026", "host": cast.a.pk, "viec": "nhap", name: value}
        assert browser.post(page, form).status_code in (302, 409, 422)
