"""The pages of versions and withdrawn approvals: what each person sees and may do (rule H2)."""

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from campaigns.choices import Group, RecordStatus
from campaigns.models import Exclusion, FigureSource, Headcount
from conftest import clock_values
from training.figure_effects import effects_of_approval, effects_of_withdrawal
from training.models import Activity, HouseholdCheck, PlatformUse, RunningTotal
from training.selectors.review.effects import effects_of
from training.services.activities import ActivityContent, content_of, update_activity
from training.services.revisions import revise_record, withdraw_approval
from training.workflow import approve_record, submit_record

DAY = date(2026, 4, 10)
REASON = "Ghi nhầm một em vắng"


@pytest.fixture
def pupils(cast, make_person) -> list:
    return [make_person(cast.a, f"Học Sinh {number:02}", class_name="4A") for number in range(33)]


@pytest.fixture
def lesson(cast, make_activity, pupils) -> Activity:
    return make_activity(cast.a, on=DAY, people=pupils, entered_by=cast.editor_a, title="Tin giả")


@pytest.fixture
def correction(cast, lesson, pupils) -> Activity:
    """A version without the last pupil, waiting."""
    draft = revise_record(actor=cast.editor_a, record=lesson, reason=REASON)
    ids = frozenset(pupil.pk for pupil in pupils[:-1])
    content = ActivityContent(**{**vars(content_of(draft)), "person_ids": ids})
    update_activity(actor=cast.editor_a, activity=draft, content=content, expected_version=1, submit=True)
    return Activity.objects.get(pk=draft.pk)


@pytest.fixture
def approved(cast, campaign, lesson, make_person, make_household, make_check, make_platform_use) -> dict:
    """One approved record of each kind by its word in addresses, with somebody who may change it."""
    declared = {"commune": cast.commune, "unit": cast.a, "group": Group.PUPIL, "entered_by": cast.editor_a}
    declared |= clock_values(RecordStatus.APPROVED, DAY, cast.officer)
    total = {"target": campaign.targets.get(code="K3"), "as_of": DAY, "value": 9}
    return {
        "hoat-dong": (lesson, cast.editor_a),
        "nen-tang": (make_platform_use(make_person(cast.a, "Lê Thị Hoa", Group.TEACHER)), cast.editor_a),
        "kiem-tra-ho": (make_check(make_household(cast.village)), cast.team_member),
        "luy-ke": (RunningTotal.objects.create(**total, **declared), cast.editor_a),
        "quy-mo": (Headcount.objects.create(effective_on=DAY, count=35, **declared), cast.editor_a),
    }


def at(name: str, kind: str, record) -> str:
    return reverse(f"training:{name}", args=[kind, record.pk])


@pytest.mark.parametrize("kind", ["hoat-dong", "nen-tang", "kiem-tra-ho", "luy-ke", "quy-mo"])
def test_a_record_of_each_kind_is_changed_from_its_page_through_its_own_form(cast, login, approved, kind):
    record, person = approved[kind]
    client = login(person)
    page = client.get(at("record_detail", kind, record), follow=True)
    assert "Sửa bản đã duyệt" in page.text
    assert "Rút duyệt" not in page.text, "that is the office's"
    assert "vẫn được tính cho đến khi bản sửa được duyệt" in client.get(at("record_revise", kind, record)).text
    form = client.post(at("record_revise", kind, record), {"reason": REASON}, follow=True)
    assert form.status_code == 200
    assert 'name="viec"' in form.text, "it leads straight to the form"
    assert REASON in form.text
    draft = type(record).objects.get(replaces=record)
    assert (draft.status, draft.entered_by) == (RecordStatus.DRAFT, person)
    page = client.get(at("record_detail", kind, record), follow=True).text
    assert "Có bản sửa (nháp)" in page
    assert "Sửa bản đã duyệt" not in page
    assert "Các phiên bản" in page


@pytest.mark.parametrize("kind", ["nen-tang", "kiem-tra-ho", "luy-ke", "quy-mo"])
def test_the_lists_lead_to_the_record_and_mark_that_there_is_a_version_on_its_way(cast, login, approved, kind):
    record, person = approved[kind]
    lists = {"nen-tang": "platform_use_list", "kiem-tra-ho": "household_check_list"}
    where = reverse(f"training:{lists[kind]}") if kind in lists else reverse("training:declared_unit", args=[cast.a.pk])
    client = login(person)
    assert at("record_detail", kind, record) in client.get(where).text
    revise_record(actor=person, record=record, reason=REASON)
    assert "Có bản sửa: nháp" in client.get(where).text


def test_the_list_of_activities_hides_what_was_replaced_and_has_a_tab_for_what_was_withdrawn(
    cast, login, lesson, correction
):
    client, where = login(cast.officer), reverse("training:activity_list")
    page = client.get(where).text
    assert "Có bản sửa: chờ duyệt" in page
    assert "Bản sửa của bản đã duyệt" in page
    approve_record(actor=cast.officer, record=correction)
    rows = client.get(where).context["rows"]
    assert [row.activity for row in rows] == [correction]
    withdraw_approval(actor=cast.officer, record=correction, reason="Không diễn ra")
    page = client.get(where, {"trang_thai": "WITHDRAWN"})
    assert [row.activity for row in page.context["rows"]] == [correction]
    assert "Đã rút duyệt" in page.text
    assert "Đã thay bằng bản mới" not in page.text


def test_the_officer_sees_old_against_new_and_what_it_does_to_the_figure(cast, login, lesson, correction):
    page = login(cast.officer).get(at("review_record", "hoat-dong", correction))
    changed = {row.label: (row.old, row.new) for row in page.context["review"].comparison if row.is_changed}
    assert changed == {"Có mặt": ("4A: 33", "4A: 32"), "Không còn trong danh sách": ("Học Sinh 32", "")}
    assert page.context["review"].effects == [
        "K3, Trường Tiểu học A: 33/33 (100,0%), đạt → 32/33 (96,9%), chưa đạt.",
        "K3, toàn xã: 33/33 (100,0%), chưa đánh giá → 32/33 (96,9%), chưa đạt.",
    ]
    assert REASON in page.text
    assert "Cùng ngày, cùng đơn vị" not in page.text, "a version is no double of what it replaces"


def test_somebody_who_is_counted_from_another_activity_as_well_moves_no_figure(cast, lesson, correction, make_activity):
    last = lesson.attendances.order_by("pk").last().person
    make_activity(cast.a, on=date(2026, 5, 10), people=[last])
    assert effects_of(correction) == ["Không con số nào của các chỉ tiêu thay đổi hôm nay."]


def test_the_office_withdraws_after_it_was_told_what_that_changes(cast, login, lesson):
    client, address = login(cast.officer), at("record_withdraw", "hoat-dong", lesson)
    page = client.get(address)
    assert "K3, Trường Tiểu học A: 33/33 (100,0%), đạt → chưa báo cáo." in page.text
    assert client.post(address, {"version": lesson.version, "reason": ""}).status_code == 422
    answer = {"version": lesson.version, "reason": "Lớp không diễn ra.", "client_key": uuid4()}
    page = client.post(address, answer, follow=True)
    assert "Đã rút duyệt" in page.text
    assert "Lớp không diễn ra." in page.text
    again = client.post(address, answer, follow=True)
    assert "đã được ghi nhận trước đó" in again.text
    assert AuditEntry.objects.filter(action="Rút duyệt hoạt động").count() == 1
    lesson.refresh_from_db()
    undone = client.post(at("record_withdrawal_undo", "hoat-dong", lesson), {"version": lesson.version}, follow=True)
    assert "lại được tính" in undone.text
    lesson.refresh_from_db()
    assert (lesson.status, lesson.ended_on, lesson.end_reason) == (RecordStatus.APPROVED, None, "")


def test_a_withdrawal_of_a_version_that_was_not_the_one_on_the_page_is_refused(cast, login, lesson):
    page = login(cast.officer).post(
        at("record_withdraw", "hoat-dong", lesson), {"version": 9, "reason": "Sai"}, follow=True
    )
    assert "vừa được người khác sửa hoặc xử lý" in page.text
    lesson.refresh_from_db()
    assert lesson.is_official


def test_a_double_click_on_the_revision_makes_one_and_a_second_person_is_led_to_it(cast, login, lesson):
    address = at("record_revise", "hoat-dong", lesson)
    answer = {"reason": REASON, "client_key": uuid4()}
    client = login(cast.editor_a)
    first, second = client.post(address, answer), client.post(address, answer)
    assert first.url == second.url
    assert Activity.objects.filter(replaces=lesson).count() == 1
    page = login(cast.officer).post(address, {"reason": "Cũng muốn sửa"}, follow=True)
    assert "đã có bản sửa do Người editor.a lập" in page.text
    assert page.context["activity"].replaces_id == lesson.pk


def test_the_versions_say_who_when_why_and_what_differs(cast, login, lesson, correction):
    approve_record(actor=cast.officer, record=correction)
    page = login(cast.editor_a).get(reverse("training:activity_detail", args=[correction.pk]))
    lines = page.context["standing"].lines
    assert [(line.number, line.record.status) for line in lines] == [(1, "REPLACED"), (2, "APPROVED")]
    assert ("Có mặt", "4A: 33", "4A: 32") in [(row.label, row.old, row.new) for row in lines[1].changes]
    assert f"Lý do sửa: {REASON}" in page.text
    old = login(cast.editor_a).get(reverse("training:activity_detail", args=[lesson.pk]))
    assert "Xem bản mới nhất" in old.text
    assert "Sửa bản đã duyệt" not in old.text


def test_an_editor_of_another_unit_reads_no_names_in_the_versions(cast, login, lesson, correction):
    lesson.co_host_links.create(unit=cast.b)
    correction.co_host_links.create(unit=cast.b)
    page = login(cast.editor_b).get(reverse("training:activity_detail", args=[correction.pk]))
    changes = {row.label: row.old for row in page.context["standing"].lines[1].changes}
    assert changes["Không còn trong danh sách"] == "1 người khác"
    assert "Học Sinh 32" not in page.text


def test_a_corrected_number_keeps_its_unit_group_and_day_on_the_form(cast, login, approved):
    record, person = approved["quy-mo"]
    draft = revise_record(actor=person, record=record, reason=REASON)
    address = reverse("training:headcount_edit", args=[draft.pk])
    client = login(person)
    assert "Bản sửa giữ nguyên mục này." in client.get(address).text
    typed = {"unit": cast.b.pk, "group": "TEACHER", "effective_on": "01/05/2026", "count": "36", "version": 1}
    client.post(address, typed | {"viec": "gui"})
    draft.refresh_from_db()
    assert (draft.count, draft.unit, draft.group, draft.effective_on) == (36, cast.a, Group.PUPIL, DAY)
    assert draft.is_waiting


def test_what_a_withdrawal_changes_is_said_for_every_kind(cast, approved):
    said = {kind: effects_of_withdrawal(record) for kind, (record, _) in approved.items()}
    assert said["nen-tang"] == [
        "K2, Trường Tiểu học A: 1/1 (100,0%), đạt → chưa báo cáo.",
        "K2, toàn xã: 1/1 (100,0%), chưa đánh giá → chưa báo cáo.",
    ]
    assert said["kiem-tra-ho"] == [
        "K4, Thôn Một: 1/1 (100,0%), đạt → chưa báo cáo.",
        "K4, toàn xã: 1/1 (100,0%), đạt → chưa báo cáo.",
        "K4, toàn xã, số hộ được tiếp cận: 1/1 (100,0%) → 0/1 (0,0%).",
    ]
    assert said["luy-ke"] == said["quy-mo"] == [], "the pupils are counted by list"
    assert said["hoat-dong"] == [
        "K3, Trường Tiểu học A: 33/33 (100,0%), đạt → chưa báo cáo.",
        "K3, toàn xã: 33/33 (100,0%), chưa đánh giá → chưa báo cáo.",
        "K5, Trường Tiểu học A: 0/1 (0,0%), chưa đạt → chưa báo cáo.",
        "K5, toàn xã: 0/3 (0,0%), chưa đạt → chưa báo cáo.",
    ]


@pytest.fixture
def declares(cast):
    """School A declares its pupils instead of listing them."""
    choice = {"source": "DECLARED", "effective_on": date(2000, 1, 1), "chosen_on": date(2000, 1, 1)}
    FigureSource.objects.create(commune=cast.commune, unit=cast.a, group=Group.PUPIL, **choice)


def test_a_correction_of_a_number_says_from_which_figure_to_which(cast, approved, declares):
    total = revise_record(actor=cast.editor_a, record=approved["luy-ke"][0], reason=REASON)
    RunningTotal.objects.filter(pk=total.pk).update(value=7)
    assert effects_of_approval(total) == [
        "K3, Trường Tiểu học A: 9/35 (25,7%), chưa đạt → 7/35 (20,0%), chưa đạt.",
        "K3, toàn xã: 9/35 (25,7%), chưa đạt → 7/35 (20,0%), chưa đạt.",
    ]


def test_b4_the_withdrawal_of_a_head_count_that_leaves_n_above_d_is_told_before(cast, login, approved, declares):
    """9 reached of 35; without the 35 the 8 of before are in force again: 9 of 8."""
    last = approved["quy-mo"][0]
    values = {"unit": cast.a, "group": Group.PUPIL, "commune": cast.commune, "entered_by": cast.editor_a}
    values |= clock_values(RecordStatus.APPROVED, DAY, cast.officer)
    Headcount.objects.create(effective_on=date(2026, 3, 1), count=8, **values)
    address = at("record_withdraw", "quy-mo", last)
    page = login(cast.officer).get(address).text
    assert "112,5 % – tử số vượt mẫu số: luỹ kế 9, quy mô 8 (tại ngày 10/04/2026)" in page
    assert "K3, Trường Tiểu học A: 9/35 (25,7%), chưa đạt → 9/8 (112,5 %), tử số vượt mẫu số." in page
    unharmed = at("record_withdraw", "luy-ke", approved["luy-ke"][0])
    assert "tử số vượt mẫu số" not in login(cast.officer).get(unharmed).text


@pytest.mark.usefixtures("during_the_campaign")
def test_a_team_and_a_host_lose_their_credit_with_their_only_activity(cast, campaign, make_activity):
    from campaigns.models import DigitalTeam
    from hbs_portal.lib.dates import local_today

    team = DigitalTeam.objects.create(
        commune=cast.commune, village=cast.village, name="Tổ", founded_on=date(2025, 1, 1), leader_name="A"
    )
    spread = make_activity(cast.village, "SUPPORT", on=local_today(), team=team)
    assert "K6, Thôn Một: 1/1 (100,0%), đạt → chưa báo cáo." in effects_of_withdrawal(spread)


def test_the_queries_of_a_page_with_versions_do_not_grow_with_the_people(
    cast, login, make_activity, make_person, django_assert_max_num_queries
):
    def with_versions(count: int) -> str:
        people = [make_person(cast.a, f"Em {count} {number}") for number in range(count)]
        lesson = make_activity(cast.a, people=people, entered_by=cast.editor_a)
        draft = revise_record(actor=cast.editor_a, record=lesson, reason=REASON)
        submit_record(actor=cast.editor_a, record=draft)
        return at("review_record", "hoat-dong", draft)

    client = login(cast.officer)
    few, many = with_versions(2), with_versions(20)
    client.get(few)
    with django_assert_max_num_queries(80) as first:
        assert client.get(few).status_code == 200
    with django_assert_max_num_queries(len(first)):
        assert client.get(many).status_code == 200


def test_the_marks_of_a_list_cost_no_query_a_line(
    cast, login, make_household, make_check, make_activity, django_assert_max_num_queries
):
    def add(count: int) -> None:
        for _ in range(count):
            check = make_check(make_household(cast.village))
            revise_record(actor=cast.village_head, record=check, reason=REASON)
            revise_record(actor=cast.officer, record=make_activity(cast.a), reason=REASON)

    client = login(cast.officer)
    add(2)
    for name in ("household_check_list", "activity_list"):
        client.get(reverse(f"training:{name}"))
    with django_assert_max_num_queries(80) as first:
        for name in ("household_check_list", "activity_list"):
            client.get(reverse(f"training:{name}"))
    add(4)
    with django_assert_max_num_queries(len(first)):
        for name in ("household_check_list", "activity_list"):
            assert client.get(reverse(f"training:{name}")).text.count("Có bản sửa: nháp") == 6
    assert HouseholdCheck.objects.count() == 12
    assert PlatformUse.objects.count() == 0


@pytest.mark.parametrize("kind", ["hoat-dong", "kiem-tra-ho", "loai-tru"])
def test_h3_the_officer_who_made_a_record_reads_why_another_must_approve_it(
    cast, campaign, login, make_person, make_household, kind
):
    """No button that leads to a refusal; the other officer has it."""
    entered = {"commune": cast.commune, "campaign": campaign, "entered_by": cast.officer}
    entered |= clock_values(RecordStatus.SUBMITTED, DAY, cast.officer)
    make = {
        "hoat-dong": lambda: Activity.objects.create(
            title="Tin giả", kind="LESSON", host=cast.a, starts_on=DAY, ends_on=DAY, **entered
        ),
        "kiem-tra-ho": lambda: HouseholdCheck.objects.create(
            household=make_household(cast.village), checked_on=DAY, **entered
        ),
        "loai-tru": lambda: Exclusion.objects.create(
            person=make_person(cast.a, "Cô Lan", Group.TEACHER), unit=cast.a, reason="OTHER", starts_on=DAY, **entered
        ),
    }
    address = at("record_detail", kind, make[kind]())
    own = login(cast.officer).get(address, follow=True).text
    assert "Hãy để cán bộ khác duyệt" in own
    assert "Xem để duyệt" not in own
    assert "Xem để duyệt" in login(cast.officer2).get(address, follow=True).text
    campaign.allows_self_approval = True
    campaign.save()
    assert "Xem để duyệt" in login(cast.officer).get(address, follow=True).text
