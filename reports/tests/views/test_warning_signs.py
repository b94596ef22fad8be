"""The page "Dấu hiệu cần kiểm tra": from the records to the sentence, who may note what, and what it costs."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import AuditEntry
from accounts.versions import StaleRecordError
from campaigns.choices import ActivityKind, Group, RecordStatus
from campaigns.models import Headcount
from conftest import clock_values
from reports.models import SignalReview
from reports.models.warning_signs import SignalKind
from reports.pages.warning_signs import sign_rows
from reports.services.warning_signs import review_sign
from training.models import Activity, Evidence, RunningTotal

PAGE = "/bao-cao/dau-hieu/"
DAY = date(2026, 4, 10)


def shown(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def signs(campaign, cast):
    """signs(): (kind, sentence) of every sign as the office sees them."""
    return lambda: [(row.sign.kind, row.sign.sentence) for row in sign_rows(cast.officer, campaign)]


@pytest.fixture
def add_photo(cast):
    def add(activity: Activity, digest: str = "a" * 64, kind: str = "PHOTO") -> Evidence:
        return Evidence.objects.create(
            commune_id=activity.commune_id,
            activity=activity,
            kind=kind,
            file=SimpleUploadedFile("a.jpg", b"anh"),
            name="a.jpg",
            size_bytes=1,
            sha256=digest,
            uploaded_by=cast.editor_a,
        )

    return add


@pytest.fixture
def two_trainings(cast, make_activity):
    """One trainer at both schools on one day: a sign."""
    return [make_activity(unit, trainer="Nguyễn Văn An", title=f"Tập huấn {unit.code}") for unit in (cast.a, cast.b)]


def replace(old: Activity, **values) -> Activity:
    """A correction that was approved in place of the old record (rule H2)."""
    Activity.objects.filter(pk=old.pk).update(status=RecordStatus.REPLACED, ended_on=DAY + timedelta(days=9))
    return revise(old, status=RecordStatus.APPROVED, approved_on=DAY + timedelta(days=9), **values)


def revise(old: Activity, **values) -> Activity:
    new = Activity.objects.get(pk=old.pk)
    new.pk, new.replaces_id, new.change_reason, new.ended_on = None, old.pk, "Ghi nhầm", None
    for name, value in values.items():
        setattr(new, name, value)
    new.save(force_insert=True)
    return new


def test_equal_head_counts_are_found_and_drafts_do_not_take_part(signs, cast, make_activity):
    for number in range(3):
        on = DAY + timedelta(days=number)
        make_activity(cast.village, ActivityKind.SUPPORT, on=on, totals={Group.RESIDENT: 45})
        make_activity(cast.a, on=on, totals={Group.PUPIL: 33}, status=RecordStatus.DRAFT)
    assert signs() == [(SignalKind.SAME_TOTALS, "3 hoạt động cùng ghi đúng 45 người dân, chưa có tên.")]


def test_head_counts_with_all_the_names_are_no_sign(signs, cast, make_activity, make_person):
    people = [make_person(cast.a, f"Lê Văn {number}", class_name="4A") for number in range(25)]
    make_person(cast.a, "Lê Văn Vắng", class_name="4A")
    for number in range(3):
        make_activity(cast.a, on=DAY + timedelta(days=number), people=people, totals={Group.PUPIL: 25})
    assert signs() == []


def test_a_photo_on_two_activities_is_found_and_on_two_versions_of_one_is_not(signs, cast, make_activity, add_photo):
    first = make_activity(cast.a)
    add_photo(first)
    second = replace(first)
    add_photo(second)
    waiting = revise(second, status=RecordStatus.SUBMITTED, approved_on=None, decided_by=None)
    add_photo(waiting)
    assert signs() == []
    add_photo(make_activity(cast.b))
    assert signs() == [(SignalKind.SAME_PHOTO, "Cùng một tệp ảnh đính kèm 2 hoạt động.")]


def test_one_plan_in_two_activities_is_no_photo(signs, cast, make_activity, add_photo):
    for unit in (cast.a, cast.b):
        add_photo(make_activity(unit), kind="PDF")
    assert signs() == []


def test_a_class_that_is_always_complete_is_found_by_the_list_of_the_day(signs, cast, make_activity, make_person):
    pupils = [make_person(cast.a, f"Lê Văn {number}", class_name="4A") for number in range(11)]
    left = make_person(cast.a, "Lê Thị Đi", class_name="4A", ends_on=DAY + timedelta(days=1))
    for number in range(5):
        present = [*pupils, left] if number < 2 else pupils
        make_activity(cast.a, on=DAY + timedelta(days=number), people=present)
    assert signs() == [(SignalKind.ALWAYS_ALL, "Lớp 4A: 5 buổi lần nào cũng có mặt đủ, nhiều nhất 12/12 người.")]
    make_activity(cast.a, on=DAY + timedelta(days=7), people=pupils[1:])
    assert signs() == []


def test_what_was_entered_late_is_found_and_what_was_returned_and_sent_anew_is_not(signs, cast, make_activity):
    activity = make_activity(cast.a, approved_on=DAY + timedelta(days=41))
    make_activity(cast.b, approved_on=DAY + timedelta(days=40))
    sentence = "1 hoạt động nhập ngày 21/05/2026, sau ngày diễn ra 41 ngày."
    assert signs() == [(SignalKind.LATE_ENTRY, sentence)]
    replace(activity, submitted_on=DAY + timedelta(days=90))
    assert signs() == [(SignalKind.LATE_ENTRY, sentence)]
    Activity.objects.filter(pk=activity.pk).update(entered_at="2026-04-11T08:00+07:00")
    assert signs() == []


def test_late_checks_and_confirmations_are_found(
    signs, cast, make_household, make_check, make_person, make_platform_use
):
    check, use = make_check(make_household(cast.village)), make_platform_use(make_person(cast.a, group=Group.TEACHER))
    for record in (check, use):
        type(record).objects.filter(pk=record.pk).update(submitted_on=date(2026, 9, 1))
    assert {sentence for _, sentence in signs()} == {
        "1 xác nhận dùng nền tảng số nhập ngày 01/09/2026, sau ngày diễn ra 144 ngày.",
        "1 bản kiểm tra hộ nhập ngày 01/09/2026, sau ngày diễn ra 144 ngày.",
    }


def test_a_declared_jump_is_measured_by_the_head_count_of_its_day(signs, campaign, cast):
    record = {"commune": cast.commune, "unit": cast.office, "group": Group.OFFICIAL, "entered_by": cast.editor_a}
    record |= clock_values(RecordStatus.APPROVED, date(2026, 3, 31), cast.officer)
    Headcount.objects.create(effective_on=date(2026, 1, 1), count=40, **record)
    Headcount.objects.create(effective_on=date(2026, 4, 1), count=400, **record)
    target = campaign.targets.get(code="K1")
    for month, value in ((1, 5), (3, 35), (5, 65)):
        RunningTotal.objects.create(target=target, as_of=date(2026, month, 28), value=value, **record)
    RunningTotal.objects.update(submitted_on=date(2026, 3, 1))
    jumps = [sentence for kind, sentence in signs() if kind == SignalKind.DECLARED_JUMP]
    assert jumps == [
        "K1, cán bộ, công chức: số luỹ kế tăng 30, từ 5 (28/01/2026) lên 35 (28/03/2026), quá 50% quy mô 40."
    ]


def test_another_commune_gives_no_sign_here(signs, cast, make_activity, make_unit):
    other = make_unit(cast.other_commune, "TH-Y", "PRIMARY")
    for unit in (cast.other_school, other):
        make_activity(unit, trainer="Nguyễn Văn An")
    assert signs() == []


def test_the_page_says_that_a_sign_is_no_accusation_and_prints_the_thresholds(two_trainings, cast, login):
    text = shown(login(cast.leader).get(PAGE))
    assert "không phải kết luận sai phạm" in text
    assert "Bản ghi được nhập sau ngày diễn ra quá 40 ngày." in text
    assert "Nguyễn Văn An được ghi là người hướng dẫn ở Trường THCS B, Trường Tiểu học A" in text
    assert "Ghi kết quả xem" not in text


def test_without_signs_the_page_says_so(cast, login):
    assert "Không có dấu hiệu nào cần xem" in shown(login(cast.officer).get(PAGE))


def key_on(client) -> str:
    return client.get(PAGE).context["page"][0].sign.key


def test_the_office_notes_what_came_of_it_and_the_sign_is_folded_away(two_trainings, cast, login):
    client = login(cast.officer)
    url = f"{PAGE}{key_on(client)}/"
    answer = {"client_key": uuid4(), "version": 0, "outcome": "EXPLAINED", "note": "Sáng ở trường A, chiều ở trường B"}
    assert client.post(url, answer).status_code == 302
    review = SignalReview.objects.get()
    assert (review.outcome, review.reviewed_by, review.kind) == ("EXPLAINED", cast.officer, "TRAINER_TWICE")
    entry = AuditEntry.objects.get(object_type="reports.SignalReview")
    assert entry.after == {"outcome": "EXPLAINED", "note": "Sáng ở trường A, chiều ở trường B"}
    assert client.get(PAGE).context["page"].total == 0
    done = client.get(f"{PAGE}?state=da-xem")
    assert done.context["page"].total == 1
    assert "Sáng ở trường A, chiều ở trường B" in shown(done)


def test_a_sign_that_is_to_be_watched_stays_in_the_list(two_trainings, cast, login):
    client = login(cast.officer)
    url = f"{PAGE}{key_on(client)}/"
    client.post(url, {"client_key": uuid4(), "version": 0, "outcome": "WATCHED", "note": "Chờ nhà trường trả lời"})
    assert "Cần theo dõi thêm" in shown(client.get(PAGE))


def test_the_second_of_two_who_note_something_sees_what_the_first_wrote(two_trainings, cast, login):
    client = login(cast.officer)
    url = f"{PAGE}{key_on(client)}/"
    client.post(url, {"client_key": uuid4(), "version": 0, "outcome": "EXPLAINED", "note": "Hai buổi khác nhau"})
    response = client.post(url, {"client_key": uuid4(), "version": 0, "outcome": "WATCHED", "note": "Chưa rõ"})
    assert response.status_code == 409
    assert "Hai buổi khác nhau" in shown(response)
    assert SignalReview.objects.get().note == "Hai buổi khác nhau"
    version = re.search(r'name="version" value="(\d+)"', response.content.decode())[1]
    again = {"client_key": uuid4(), "version": version, "outcome": "WATCHED", "note": "Chưa rõ"}
    assert client.post(url, again).status_code == 302
    assert SignalReview.objects.get().note == "Chưa rõ"


def test_of_two_first_notes_in_the_same_instant_the_second_is_told(two_trainings, campaign, cast, monkeypatch):
    row = sign_rows(cast.officer, campaign)[0]
    noted = {"actor": cast.officer, "campaign": campaign, "sign": row.sign, "outcome": "WATCHED", "expected_version": 0}
    review_sign(**noted, note="Chưa rõ")
    unseen = SignalReview(commune=cast.commune, campaign=campaign, kind=row.sign.kind, key=row.sign.key)
    monkeypatch.setattr("reports.services.warning_signs._review_of", lambda *_: unseen)
    with pytest.raises(StaleRecordError) as stale:
        review_sign(**noted, note="Hai buổi khác nhau")
    assert (stale.value.instance.note, SignalReview.objects.count()) == ("Chưa rõ", 1)


def test_an_outcome_without_a_note_is_not_taken(two_trainings, cast, login):
    client = login(cast.officer)
    response = client.post(f"{PAGE}{key_on(client)}/", {"client_key": uuid4(), "version": 0, "outcome": "EXPLAINED"})
    assert response.status_code == 422
    assert "Hãy ghi ngắn gọn đã hỏi ai và biết được gì." in shown(response)
    assert not SignalReview.objects.exists()


def test_a_leader_reads_and_does_not_note(two_trainings, cast, login):
    client = login(cast.leader)
    assert client.post(f"{PAGE}{key_on(client)}/", {"client_key": uuid4()}).status_code == 403


def test_a_key_that_no_records_show_is_not_found(two_trainings, cast, login):
    assert login(cast.officer).get(f"{PAGE}{'0' * 64}/").status_code == 404


def test_the_list_is_searched_without_diacritics_and_filtered_by_unit_and_kind(
    two_trainings, cast, login, make_activity
):
    make_activity(cast.village, ActivityKind.SUPPORT, approved_on=date(2026, 9, 1), title="Cài VNeID")
    client = login(cast.officer)
    counts = [
        client.get(f"{PAGE}?{query}").context["page"].total
        for query in (
            "q=", "q=nguyen+van+an", "q=vneid", "q=khong+co", "kind=LATE_ENTRY", f"unit={cast.b.pk}", "unit=x&kind=y"
        )
    ]  # fmt: skip
    assert counts == [2, 1, 1, 0, 1, 1, 2]


def test_a_leader_gets_no_link_to_what_only_the_office_opens(cast, login, make_household, make_check):
    check = make_check(make_household(cast.village))
    type(check).objects.filter(pk=check.pk).update(submitted_on=date(2026, 9, 1))
    assert f"/duyet/kiem-tra-ho/{check.pk}/" not in login(cast.leader).get(PAGE).content.decode()
    assert f"/duyet/kiem-tra-ho/{check.pk}/" in login(cast.officer).get(PAGE).content.decode()


def test_the_number_of_queries_does_not_grow_with_the_records(
    cast, login, make_activity, make_person, make_household, make_check, add_photo, django_assert_max_num_queries
):
    def grow(count: int) -> None:
        for number in range(count):
            pupils = [make_person(cast.a, class_name="5A") for _ in range(2)]
            activity = make_activity(cast.a, people=pupils, trainer="Lê Thị Hoa", totals={Group.PUPIL: 40 + number})
            add_photo(activity)
            late = date(2026, 9, 1) + timedelta(days=number)
            make_activity(cast.b, trainer="Lê Thị Hoa", approved_on=late)
            check = make_check(make_household(cast.village))
            type(check).objects.filter(pk=check.pk).update(submitted_on=late)

    client = login(cast.officer)
    grow(2)
    with django_assert_max_num_queries(20) as before:
        assert client.get(PAGE).context["page"].total
    grow(6)
    with django_assert_max_num_queries(len(before)):
        client.get(PAGE)
