"""The officer's queue: H1, H3, B4; two officers at once; bulk with a summary; undo."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.choices import ActivityKind, Group, RecordStatus
from campaigns.models import Headcount
from hbs_portal.lib.dates import local_today
from training.models import Activity, Attendance, GroupTotal, HouseholdCheck, Platform, PlatformUse, RunningTotal
from training.models.households import SKILL_FIELDS
from training.selectors.review.effects import effects_of
from training.selectors.review.kinds import kind_of, parse_tokens, tokens_of
from training.selectors.review.queue import waiting_items
from training.selectors.review.warnings import warnings_of
from training.services.catalogues import ensure_catalogues
from training.services.declared import declare_headcount, declare_running_total
from training.services.households import record_household_check
from training.services.platforms import record_platform_uses
from training.services.review import approve_many
from training.workflow import approve_record, submit_record

QUEUE, BULK, UNDO = "/duyet/", "/duyet/nhieu/", "/duyet/hoan-tac/"


@pytest.fixture
def make_activity(cast, campaign):
    def make(host=None, day=None, by=None, sent=True, people=(), totals=(), **values):
        host, day = host or cast.a, day or local_today()
        activity = Activity.objects.create(
            commune=cast.commune,
            campaign=campaign,
            host=host,
            starts_on=day,
            ends_on=day,
            entered_by=by or cast.editor_a,
            **{"kind": ActivityKind.LESSON, "title": "An toàn trên mạng", **values},
        )
        for person in people:
            held = person.memberships.first()
            Attendance.objects.create(
                commune=cast.commune,
                activity=activity,
                person=person,
                group=held.group,
                unit=held.unit,
                class_name=held.class_name,
            )
        for group, total in totals:
            GroupTotal.objects.create(activity=activity, group=group, total=total)
        if sent:
            submit_record(actor=by or cast.editor_a, record=activity)
        return activity

    return make


@pytest.fixture
def make_use(cast, campaign, make_person):
    ensure_catalogues(commune=cast.commune, topics=[])

    def make(unit=None, by=None, name="Nguyễn Thị Lan", day=None):
        (use,) = record_platform_uses(
            actor=by or cast.editor_a,
            campaign=campaign,
            people=[make_person(unit or cast.a, name, Group.TEACHER)],
            platforms=Platform.objects.all()[:1],
            confirmed_on=day or local_today(),
            submit=True,
        )
        return use

    return make


def page_of(record, slug, step=""):
    return reverse(f"training:review_{step or 'record'}", args=[slug, record.pk])


def status_of(record):
    return type(record).objects.get(pk=record.pk).status


def test_h1_the_queue_holds_what_waits_and_neither_drafts_nor_approved_ones(cast, make_activity):
    make_activity(title="Bản nháp", sent=False)
    approved = make_activity(title="Đã duyệt rồi")
    approve_record(actor=cast.officer, record=approved)
    make_activity(title="Đang chờ")
    assert [item.words for item in waiting_items(cast.officer)] == ["Đang chờ"]


def test_all_five_kinds_wait_in_one_queue_the_oldest_first(cast, campaign, make_activity, make_use, make_household):
    activity, use = make_activity(), make_use()
    check = record_household_check(
        actor=cast.team_member,
        campaign=campaign,
        household=make_household(cast.village),
        checked_on=local_today(),
        skills=dict.fromkeys(SKILL_FIELDS, True),
        submit=True,
    )
    figures = {"actor": cast.editor_a, "unit": cast.a, "group": Group.PUPIL, "submit": True}
    total = declare_running_total(target=campaign.targets.get(code="K3"), as_of=local_today(), value=180, **figures)
    count = declare_headcount(effective_on=local_today(), count=500, **figures)
    HouseholdCheck.objects.filter(pk=check.pk).update(submitted_on=local_today() - timedelta(days=9))
    items = waiting_items(cast.officer)
    assert (items[0].kind.slug, items[0].ids) == ("kiem-tra-ho", [check.pk])
    assert {(item.kind.slug, *item.ids) for item in items[1:]} == {
        ("hoat-dong", activity.pk),
        ("nen-tang", use.pk),
        ("luy-ke", total.pk),
        ("quy-mo", count.pk),
    }


def test_confirmations_of_one_unit_and_day_are_one_line(cast, login, make_use):
    same = [make_use(name="Người Một"), make_use(name="Người Hai")]
    make_use(unit=cast.b, by=cast.editor_b, name="Người Ba")
    page = login(cast.officer).get(QUEUE)
    lines = {item.unit_name: item.ids for item in page.context["page"]}
    assert lines == {"Trường Tiểu học A": [use.pk for use in same], "Trường THCS B": [same[1].pk + 1]}
    assert "2 xác nhận dùng nền tảng số" in page.content.decode()
    assert page.context["total"] == 3


def test_the_queue_is_filtered_by_kind_and_by_unit(cast, login, make_activity, make_use):
    make_activity()
    make_use(unit=cast.b, by=cast.editor_b)
    client = login(cast.officer)
    assert [item.kind.slug for item in client.get(QUEUE, {"loai": "nen-tang"}).context["page"]] == ["nen-tang"]
    by_unit = client.get(QUEUE, {"loai": "", "don_vi": cast.a.pk}).context["page"]
    assert [item.kind.slug for item in by_unit] == ["hoat-dong"]


@pytest.mark.parametrize("who", ["admin", "leader", "editor_a", "village_head", "team_member"])
def test_who_does_not_approve_does_not_open_the_queue(cast, login, make_activity, who):
    activity = make_activity()
    client = login(getattr(cast, who))
    addresses = [page_of(activity, "hoat-dong", step) for step in ("approve", "return")] + [BULK, UNDO]
    assert client.get(QUEUE).status_code == 403
    assert {client.post(address).status_code for address in addresses} == {403}
    assert status_of(activity) == RecordStatus.SUBMITTED


def test_a_stranger_and_an_unknown_kind_are_not_found(cast, login, make_activity):
    activity = make_activity()
    assert login(cast.stranger).get(page_of(activity, "hoat-dong")).status_code == 404
    assert login(cast.stranger).post(page_of(activity, "hoat-dong", "approve")).status_code == 404
    assert login(cast.officer).get(page_of(activity, "khac")).status_code == 404


def test_approving_one_leads_to_the_next_one_and_can_be_undone(cast, login, make_activity):
    first, second = make_activity(title="Thứ nhất"), make_activity(title="Thứ hai")
    client = login(cast.officer)
    response = client.post(page_of(first, "hoat-dong", "approve"), {"version": 2})
    assert response.url == page_of(second, "hoat-dong")
    assert status_of(first) == RecordStatus.APPROVED
    page = client.get(response.url).content.decode()
    assert "Đã duyệt: Thứ nhất." in page
    client.post(UNDO, {"muc": f"hoat-dong:{first.pk}"})
    assert status_of(first) == RecordStatus.SUBMITTED


def test_after_the_last_record_the_queue_says_that_nothing_waits(cast, login, make_activity):
    activity = make_activity()
    page = login(cast.officer).post(page_of(activity, "hoat-dong", "approve"), {"version": 2}, follow=True)
    assert page.redirect_chain[-1][0] == QUEUE
    assert "Không còn gì chờ duyệt." in page.content.decode()


@pytest.mark.parametrize("data", [{"ly_do": "Thiếu minh chứng"}, {"ly_do_khac": "Thiếu minh chứng"}])
def test_a_record_is_returned_with_a_common_reason_or_own_words(cast, login, make_activity, data):
    activity = make_activity()
    login(cast.officer).post(page_of(activity, "hoat-dong", "return"), {"version": 2, **data})
    stored = Activity.objects.get(pk=activity.pk)
    assert (stored.status, stored.return_reason) == (RecordStatus.RETURNED, "Thiếu minh chứng")


def test_a_return_without_a_reason_is_refused_in_words(cast, login, make_activity):
    activity = make_activity()
    response = login(cast.officer).post(page_of(activity, "hoat-dong", "return"), {"version": 2, "ly_do_khac": "  "})
    assert response.status_code == 422
    assert "Hãy ghi lý do trả lại" in response.content.decode()
    assert status_of(activity) == RecordStatus.SUBMITTED


def test_h3_who_entered_does_not_approve_and_is_told_on_the_page(cast, login, make_activity):
    activity = make_activity(by=cast.officer)
    client = login(cast.officer)
    page = client.get(page_of(activity, "hoat-dong")).content.decode()
    assert "không tự duyệt" in page
    assert page_of(activity, "hoat-dong", "approve") not in page
    assert client.post(page_of(activity, "hoat-dong", "approve"), {"version": 2}).status_code == 422
    assert status_of(activity) == RecordStatus.SUBMITTED
    assert login(cast.officer2).post(page_of(activity, "hoat-dong", "approve"), {"version": 2}).status_code == 302
    assert status_of(activity) == RecordStatus.APPROVED


def test_h3_where_the_commune_allows_it_self_approval_is_marked(cast, login, campaign, make_activity):
    campaign.allows_self_approval = True
    campaign.save()
    activity = make_activity(by=cast.officer)
    login(cast.officer).post(page_of(activity, "hoat-dong", "approve"), {"version": 2})
    stored = Activity.objects.get(pk=activity.pk)
    assert (stored.status, stored.self_approved) == (RecordStatus.APPROVED, True)


def test_the_second_of_two_officers_is_told_and_changes_nothing(cast, login, make_activity):
    activity = make_activity()
    approve_record(actor=cast.officer2, record=activity)
    response = login(cast.officer).post(page_of(activity, "hoat-dong", "return"), {"version": 2, "ly_do": "Sai ngày"})
    assert response.status_code == 409
    assert "không phải chờ duyệt" in response.content.decode()
    stored = Activity.objects.get(pk=activity.pk)
    assert (stored.status, stored.decided_by, stored.return_reason) == (RecordStatus.APPROVED, cast.officer2, "")


def test_a_record_that_changed_since_it_was_shown_is_not_approved(cast, login, make_activity):
    activity = make_activity()
    Activity.objects.filter(pk=activity.pk).update(version=5)
    response = login(cast.officer).post(page_of(activity, "hoat-dong", "approve"), {"version": 2})
    assert response.status_code == 409
    assert status_of(activity) == RecordStatus.SUBMITTED


def test_h4_a_double_click_approves_once(cast, login, make_activity):
    activity, client = make_activity(), login(cast.officer)
    data = {"version": 2, "client_key": str(uuid4())}
    responses = [client.post(page_of(activity, "hoat-dong", "approve"), data) for _ in range(2)]
    assert [response.status_code for response in responses] == [302, 302]
    assert Activity.objects.get(pk=activity.pk).version == 3


def test_b4_a_total_over_the_approved_head_count_blocks_approval_one_by_one_and_in_bulk(cast, login, campaign):
    figures = {"actor": cast.editor_a, "unit": cast.a, "group": Group.PUPIL, "submit": True}
    total = declare_running_total(target=campaign.targets.get(code="K3"), as_of=local_today(), value=516, **figures)
    count = declare_headcount(effective_on=local_today() - timedelta(days=9), count=500, **figures)
    client = login(cast.officer)
    client.post(page_of(count, "quy-mo", "approve"), {"version": 2})
    assert "103,2 % – tử số vượt mẫu số" in client.get(page_of(total, "luy-ke")).content.decode()
    assert client.post(page_of(total, "luy-ke", "approve"), {"version": 2}).status_code == 422
    plan = client.post(BULK, {"muc": f"luy-ke:{total.pk}"}).context["plan"]
    assert (plan.count, len(plan.left_out_lines)) == (0, 1)
    assert RunningTotal.objects.get().status == RecordStatus.SUBMITTED
    assert Headcount.objects.get().status == RecordStatus.APPROVED


def test_h3_bulk_says_first_what_it_does_and_leaves_out_ones_own(cast, login, make_activity, make_use):
    own, others = make_activity(by=cast.officer), [make_use(name="Một"), make_use(name="Hai")]
    chosen = [f"hoat-dong:{own.pk}", f"nen-tang:{others[0].pk}-{others[1].pk}"]
    client = login(cast.officer)
    summary = client.post(BULK, {"muc": chosen})
    assert summary.status_code == 200
    assert "Duyệt 2 bản ghi?" in summary.content.decode()
    assert summary.context["plan"].unit_lines == [("Trường Tiểu học A", 2)]
    assert "không tự duyệt" in summary.content.decode()
    assert not PlatformUse.objects.filter(status=RecordStatus.APPROVED).exists()
    client.post(BULK, {"muc": chosen, "xac-nhan": "1"})
    assert {status_of(use) for use in others} == {RecordStatus.APPROVED}
    assert status_of(own) == RecordStatus.SUBMITTED


def test_a_bulk_is_undone_as_a_whole(cast, login, make_use):
    uses = [make_use(name="Một"), make_use(name="Hai")]
    client = login(cast.officer)
    client.post(BULK, {"muc": f"nen-tang:{uses[0].pk}-{uses[1].pk}", "xac-nhan": "1"})
    page = client.get(QUEUE)
    assert "Đã duyệt 2 bản ghi." in page.content.decode()
    client.post(UNDO, {"muc": page.context["last"]["tokens"]})
    assert {status_of(use) for use in uses} == {RecordStatus.SUBMITTED}
    assert client.get(QUEUE).context["last"] is None


def test_bulk_tells_what_another_officer_decided_meanwhile(cast, login, make_use):
    uses = [make_use(name="Một"), make_use(name="Hai")]
    approve_record(actor=cast.officer2, record=uses[0])
    plan = login(cast.officer).post(BULK, {"muc": f"nen-tang:{uses[0].pk}-{uses[1].pk}"}).context["plan"]
    assert plan.count == 1
    assert [(label, count) for label, _, count in plan.left_out_lines] == [("Nền tảng số", 1)]


def test_a_bulk_says_what_and_how_many_it_left_because_another_officer_was_faster(cast, make_use):
    uses = [make_use(name="Một"), make_use(name="Hai")]
    approve_record(actor=cast.officer2, record=uses[0])
    result = approve_many(actor=cast.officer, chosen={"nen-tang": [use.pk for use in uses]})
    assert result.count == 1
    assert result.refused == ["Nền tảng số (1 bản ghi): Đã được người khác xử lý hoặc rút lại trong lúc này."]


def test_bulk_of_another_commune_touches_nothing(cast, make_use):
    use = make_use()
    assert approve_many(actor=cast.stranger, chosen={"nen-tang": [use.pk]}).count == 0
    assert status_of(use) == RecordStatus.SUBMITTED


def test_a_bulk_without_a_choice_says_so(cast, login):
    page = login(cast.officer).post(BULK, {"muc": ["khac:1", "hoat-dong:x"]}, follow=True)
    assert "Chưa chọn mục nào." in page.content.decode()


def test_somebody_elses_decision_is_not_undone(cast, login, make_activity):
    activity = make_activity()
    approve_record(actor=cast.officer2, record=activity)
    page = login(cast.officer).post(UNDO, {"muc": f"hoat-dong:{activity.pk}"}, follow=True)
    assert "Chỉ người đã duyệt hoặc trả lại mới hoàn tác được." in page.content.decode()
    assert status_of(activity) == RecordStatus.APPROVED


def test_after_half_an_hour_a_decision_stands(cast, login, make_activity):
    activity = make_activity()
    approve_record(actor=cast.officer, record=activity)
    Activity.objects.filter(pk=activity.pk).update(decided_at=timezone.now() - timedelta(minutes=31))
    login(cast.officer).post(UNDO, {"muc": f"hoat-dong:{activity.pk}"})
    assert status_of(activity) == RecordStatus.APPROVED


@pytest.mark.usefixtures("during_the_campaign")
def test_the_page_counts_who_is_reached_for_the_first_time(cast, make_activity, make_person):
    pupils = [make_person(cast.a, f"Em Số {number}", Group.PUPIL, "4A") for number in range(5)]
    approve_record(actor=cast.officer, record=make_activity(people=pupils[:2]))
    activity = make_activity(people=pupils, totals=[(Group.PUPIL, 9)])
    assert effects_of(activity) == [
        "5 học sinh trong danh sách điểm danh, trong đó 3 người chưa từng có hoạt động được duyệt.",
        "4 học sinh chỉ có số lượng: tính vào lượt, không tính vào người.",
        "K3, Trường Tiểu học A: 2/5 (40,0%), chưa đạt → 5/5 (100,0%), đạt.",
        "K3, toàn xã: 2/5 (40,0%), chưa đạt → 5/5 (100,0%), chưa đánh giá.",
    ]


def test_the_page_says_by_how_much_a_running_total_moves(cast, campaign):
    figures = {"actor": cast.editor_a, "unit": cast.a, "group": Group.PUPIL, "submit": True}
    target = campaign.targets.get(code="K3")
    first = declare_running_total(target=target, as_of=local_today() - timedelta(days=1), value=180, **figures)
    approve_record(actor=cast.officer, record=first)
    second = declare_running_total(target=target, as_of=local_today(), value=260, **figures)
    assert "180 " in effects_of(second)[0]
    assert "thành 260 (+80)" in effects_of(second)[0]


def test_a_warning_names_another_activity_of_the_same_day_and_host_or_place(cast, make_activity):
    make_activity(title="Cùng trường")
    make_activity(host=cast.b, by=cast.editor_b, title="Cùng chỗ", place="Hội trường Xã")
    make_activity(
        host=cast.b, by=cast.editor_b, title="Hôm khác", place="hoi truong xa", day=local_today() - timedelta(days=3)
    )
    found = warnings_of(kind_of("hoat-dong"), make_activity(place="hội trường xã"))
    assert ["Cùng trường" in text or "Cùng chỗ" in text for text in found] == [True, True]


def test_a_warning_says_that_everybody_was_present_again(cast, make_activity, make_person):
    pupils = [make_person(cast.a, f"Em Số {number}", Group.PUPIL, "4A") for number in range(3)]
    first = make_activity(people=pupils, day=local_today() - timedelta(days=8))
    assert warnings_of(kind_of("hoat-dong"), first) == []
    again = make_activity(people=pupils)
    assert ["Lớp 4A lại có mặt đủ 3/3" in text for text in warnings_of(kind_of("hoat-dong"), again)] == [True]
    one_absent = make_activity(people=pupils[:2], day=local_today() - timedelta(days=1))
    assert warnings_of(kind_of("hoat-dong"), one_absent) == []


@pytest.mark.parametrize("days, is_late", [(39, False), (40, True)])
def test_a_warning_says_that_a_record_came_forty_days_after(cast, make_activity, days, is_late):
    found = warnings_of(kind_of("hoat-dong"), make_activity(day=local_today() - timedelta(days=days)))
    assert bool(found) is is_late


def test_tick_boxes_are_read_and_nonsense_falls_away():
    chosen = parse_tokens(["nen-tang:3-4-3", "hoat-dong:x", "la:1", "nen-tang:9", f"luy-ke:{'9' * 30}"])
    assert chosen == {"nen-tang": [3, 4, 9]}
    assert parse_tokens(tokens_of(chosen)) == chosen


def test_queries_of_queue_record_and_summary_do_not_grow(
    cast, login, make_activity, make_use, make_person, django_assert_max_num_queries
):
    client = login(cast.officer)

    def open_pages():
        with django_assert_max_num_queries(150) as queries:
            items = client.get(QUEUE).context["page"].object_list
            client.get(page_of(activity, "hoat-dong"))
            client.post(BULK, {"muc": [item.token for item in items]})
        return len(queries)

    pupil = make_person(cast.a, "Em Đầu", Group.PUPIL, "4A")
    activity = make_activity(people=[pupil], totals=[(Group.PUPIL, 3)])
    make_use()
    few = open_pages()
    for number in range(8):
        late = make_person(cast.a, f"Em Số {number}", Group.PUPIL, "4B")
        make_activity(people=[pupil, late], totals=[(Group.PUPIL, 3)])
        make_use(name=f"Thầy Số {number}")
        held = {"group": Group.PUPIL, "unit": cast.a, "class_name": "4B"}
        Attendance.objects.create(commune=cast.commune, activity=activity, person=late, **held)
    GroupTotal.objects.update(total=20)
    assert open_pages() == few


@pytest.mark.parametrize(
    ("url", "name", "head", "sign"),
    [("/hoat-dong/ghi/", "nguoi", "", ","), ("/duyet/nhieu/", "muc", "hoat-dong:", "-")],
)
def test_more_numbers_than_a_query_holds_are_refused_in_words(url, name, head, sign, cast, login):
    numbers = head + sign.join(map(str, range(1, 33_000)))
    response = login(cast.officer).post(url, {name: numbers, "chuan-bi": "1"})
    assert response.status_code == 413
    assert "quá" in response.text


def test_a_line_of_the_queue_that_holds_one_record_names_whom_it_is_about(cast, login, make_household, make_check):
    make_check(make_household(cast.village, "Lương Thị Mận"), status=RecordStatus.SUBMITTED)
    assert (
        "Lương Thị Mận: bản kiểm tra hộ" in login(cast.officer).get(reverse("training:review_queue")).content.decode()
    )
