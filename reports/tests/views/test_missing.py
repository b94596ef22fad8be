"""What one does about those who are missing: choose them for a form, print them, take them away."""

import io
from datetime import date
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.exports import NOTE_SHEET
from accounts.jobs import carry_out, result_file_of, take_job
from accounts.models import AuditEntry, Job, JobState
from campaigns.choices import ActivityKind, Group, RecordStatus
from campaigns.models import Exclusion, Membership, Person
from conftest import clock_values
from hbs_portal.lib.dates import local_today
from reports.progress import ProgressError
from training.models import Activity, Evidence, HouseholdCheck, Platform
from training.models.households import SKILL_FIELDS
from training.selections import MOST_KEPT

K3 = "/giai-thich/K3/"
ACT, PRINT, EXPORT = f"{K3}con-thieu/ghi/", f"{K3}con-thieu/in/", f"{K3}con-thieu/xuat-excel/"
REASON = "Giao cô chủ nhiệm bổ sung bài học"


@pytest.fixture
def school(cast, make_person, make_activity):
    """4A: An reached, Chi waits, Dũng nothing; 4B: Đông nothing. B: one pupil."""
    people = {
        name: make_person(cast.a, name, class_name=class_name)
        for name, class_name in {"Lê Thị An": "4A", "Lê Thị Chi": "4A", "Vũ Dũng": "4A", "Đặng Đông": "4B"}.items()
    }
    people["Bùi Ở Trường B"] = make_person(cast.b, "Bùi Ở Trường B", class_name="6A")
    make_activity(cast.a, people=[people["Lê Thị An"]], on=date(2026, 3, 10))
    make_activity(cast.a, people=[people["Lê Thị Chi"]], status=RecordStatus.SUBMITTED)
    return people


def ticked(response) -> set[str]:
    """Who is ticked on the form of an activity."""
    return {row.name for block in response.context["blocks"] for row in block.rows if row.is_present}


def act_address(data: dict, address: str = ACT) -> str:
    """The part of the list stands in the address, what is ticked in the form."""
    part = {name: data.pop(name) for name in ("don-vi", "lop", "q", "ngay") if name in data}
    return f"{address}?{urlencode(part)}"


def chosen_form(client, **data):
    """The form that a choice leads to, and its address."""
    response = client.post(act_address(data), data)
    assert response.status_code == 302
    return client.get(response.url), response.url


def test_a_class_leads_to_an_activity_with_exactly_its_missing_pupils(school, cast, login):
    form, url = chosen_form(login(cast.editor_a), **{"don-vi": "TH-A", "lop": "4A", "viec": "tat-ca"})
    assert ticked(form) == {"Lê Thị Chi", "Vũ Dũng"}
    assert form.context["form"]["kind"].value() == ActivityKind.LESSON
    assert form.context["host"] == cast.a
    assert len(url) < 100
    assert "Đã chọn sẵn 2 học sinh còn thiếu của chỉ tiêu K3." in form.content.decode()


def test_the_choice_survives_a_reload_and_belongs_to_this_person_alone(school, cast, login, client):
    form, url = chosen_form(login(cast.editor_a), **{"don-vi": "TH-A", "lop": "4B", "viec": "tat-ca"})
    assert ticked(client.get(url)) == ticked(form) == {"Đặng Đông"}
    client.logout()
    other = login(cast.officer).get(url)
    assert ticked(other) == set()
    assert "Danh sách chọn sẵn không còn được giữ" in other.content.decode()


def test_only_the_ticked_ones_go_to_the_form(school, cast, login):
    form, _ = chosen_form(
        login(cast.officer), **{"don-vi": "TH-A", "viec": "da-chon", "nguoi": [school["Vũ Dũng"].pk, 999_999]}
    )
    assert ticked(form) == {"Vũ Dũng"}


def test_a_search_narrows_all_that_were_found(school, cast, login):
    form, _ = chosen_form(login(cast.officer), q="dang dong", viec="tat-ca")
    assert ticked(form) == {"Đặng Đông"}


def test_people_of_several_units_leave_the_host_to_the_office(school, cast, login):
    form, url = chosen_form(login(cast.officer), viec="tat-ca")
    assert ticked(form) == set(school) - {"Lê Thị An"}
    assert "host=" not in url
    assert form.context["form"]["kind"].value() == ActivityKind.TRAINING


def test_nobody_ticked_gets_a_sentence_and_the_list_again(school, cast, login):
    client = login(cast.editor_a)
    response = client.post(f"{ACT}?don-vi=TH-A&lop=4A", {"viec": "da-chon"})
    assert response.url == f"{K3}?don-vi=TH-A&lop=4A"
    assert "Chưa chọn được ai. Hãy đánh dấu" in client.get(response.url).content.decode()


def test_a_pupil_of_another_school_cannot_be_smuggled_in(school, cast, login):
    data = {"viec": "da-chon", "nguoi": [school["Bùi Ở Trường B"].pk]}
    response = login(cast.editor_a).post(f"{ACT}?don-vi=TH-A", data)
    assert response.url == f"{K3}?don-vi=TH-A"


def test_who_has_left_since_is_told_and_not_ticked(school, cast, login):
    """The list of an earlier day names somebody who is gone today: no activity of today has them."""
    Membership.objects.filter(person=school["Vũ Dũng"]).update(ends_on=date(2026, 4, 30))
    data = {"don-vi": "TH-A", "lop": "4A", "ngay": "2026-04-20", "viec": "tat-ca"}
    form, _ = chosen_form(login(cast.editor_a), **data)
    assert ticked(form) == {"Lê Thị Chi"}
    assert "1 trường hợp không chọn được" in form.content.decode()


@pytest.mark.usefixtures("during_the_campaign")
def test_five_hundred_are_chosen_saved_and_counted(cast, login):
    people = Person.objects.bulk_create(
        Person(commune=cast.commune, full_name=f"Học Sinh {number}", search_key=f"hoc sinh {number}")
        for number in range(500)
    )
    held = {"commune": cast.commune, "unit": cast.a, "group": Group.PUPIL, "class_name": "4A"}
    Membership.objects.bulk_create(Membership(person=row, starts_on=date(2025, 9, 5), **held) for row in people)
    client = login(cast.editor_a)
    form, url = chosen_form(client, **{"don-vi": "TH-A", "viec": "tat-ca"})
    assert len(ticked(form)) == 500
    assert len(url) < 100
    sent = {
        "kind": form.context["form"]["kind"].value(), "starts_on": f"{local_today():%d/%m/%Y}", "viec": "gui",
        "nguoi": [row.pk for row in people], "da-chon": [row.pk for row in people],
        "upload_key": form.context["form"]["upload_key"].value(),
    }  # fmt: skip
    assert client.post(reverse("training:activity_create"), sent).status_code == 302
    assert Activity.objects.get().attendances.count() == 500


def test_only_the_latest_choices_are_kept(school, cast, login):
    client = login(cast.editor_a)
    _, first = chosen_form(client, **{"don-vi": "TH-A", "lop": "4A", "viec": "tat-ca"})
    for _ in range(MOST_KEPT):
        chosen_form(client, **{"don-vi": "TH-A", "lop": "4B", "viec": "tat-ca"})
    assert ticked(client.get(first)) == set()
    assert len(client.session["selections"]) == MOST_KEPT


def test_k2_leads_to_one_confirmation_for_those_without_one(cast, login, make_person, make_platform_use):
    teachers = [make_person(cast.a, f"Cô {name}", group=Group.TEACHER) for name in ("An", "Bình", "Chi")]
    make_platform_use(teachers[0])
    make_platform_use(teachers[1], status=RecordStatus.SUBMITTED)
    client = login(cast.editor_a)
    response = client.post("/giai-thich/K2/con-thieu/ghi/?don-vi=TH-A", {"viec": "tat-ca"})
    assert response.url.startswith("/nen-tang-so/ghi/?chon=")
    assert client.get(response.url).context["people"] == [teachers[2]]


@pytest.mark.usefixtures("during_the_campaign")
def test_k4_leads_from_one_chosen_household_to_the_next(cast, login, make_household, make_check):
    homes = [make_household(cast.village, name) for name in ("Đỗ An", "Đỗ Bình", "Đỗ Cảnh", "Đỗ Dần")]
    make_check(homes[0])
    make_check(homes[1], skills=3)
    client = login(cast.team_member)
    data = {"viec": "da-chon", "nguoi": [homes[1].pk, homes[3].pk]}
    response = client.post("/giai-thich/K4/con-thieu/ghi/?don-vi=THON-1", data)
    first = client.get(response.url)
    assert first.url.startswith(reverse("training:household_check_record", args=[homes[1].pk]) + "?chon=")
    check = {"checked_on": f"{local_today():%d/%m/%Y}", **dict.fromkeys(SKILL_FIELDS, "on"), "viec": "gui-tiep"}
    after = client.get(client.post(first.url, check).url)
    assert after.url.startswith(reverse("training:household_check_record", args=[homes[3].pk]) + "?chon=")
    done = client.get(client.post(after.url, check).url)
    assert done.url == reverse("training:household_check_list")
    assert HouseholdCheck.objects.filter(status=RecordStatus.SUBMITTED).count() == 2


def test_a_missing_unit_leads_to_an_activity_that_counts(cast, login):
    page = login(cast.officer).get("/giai-thich/K5/").context["page"].content.page
    links = {row.name: row.link for row in page}
    form = login(cast.officer).get(links["Trường Tiểu học A"]).context["form"]
    assert form.chosen_host == cast.a
    assert form["kind"].value() in (ActivityKind.COMMUNICATION, ActivityKind.FESTIVAL)


def test_the_printed_list_has_both_clocks_the_part_and_no_menu(school, cast, login):
    response = login(cast.officer).get(f"{PRINT}?don-vi=TH-A&lop=4A&ngay=2026-10-31&duyet=2026-11-05")
    text = response.content.decode()
    assert "Số liệu phát sinh đến 31/10/2026, được duyệt đến 05/11/2026" in text
    assert "Trường Tiểu học A, lớp 4A" in text
    assert "Lê Thị Chi" in text
    assert "Đặng Đông" not in text
    assert 'class="side' not in text


def test_the_printed_list_is_whole_and_ordered_by_unit_and_class(cast, login, make_person):
    for number in range(60):
        make_person(cast.a, f"Học Sinh {number:02d}", class_name="5A" if number % 2 else "4A")
    page = login(cast.leader).get(PRINT).context["page"]
    titles = [(group.title, len(group.entries)) for group in page.groups]
    assert titles == [("Trường Tiểu học A - Lớp 4A", 30), ("Trường Tiểu học A - Lớp 5A", 30)]


def exported(response):
    return load_workbook(io.BytesIO(response.content)).worksheets[0]


def test_the_workbook_has_both_clocks_unit_class_and_what_looks_like_a_formula_as_text(
    school, cast, login, make_person
):
    make_person(cast.a, "=1+1 Trần", class_name="4B")
    response = login(cast.editor_a).post(f"{EXPORT}?don-vi=TH-A&ngay=2026-10-31&duyet=2026-11-05", {"reason": REASON})
    rows = [[cell.value for cell in row] for row in exported(response).iter_rows()]
    text = "\n".join(str(value) for row in rows for value in row if value)
    assert "(Số liệu phát sinh đến 31/10/2026, được duyệt đến 05/11/2026)" in text
    notes = dict(load_workbook(io.BytesIO(response.content))[NOTE_SHEET].iter_rows(values_only=True))
    assert (notes["Lý do"], notes["Phần được xuất"]) == (REASON, "Trường Tiểu học A")
    heading = rows.index(["STT", "Họ và tên", "Lớp, nhóm", "Ghi chú"])
    assert [(row[0], row[2]) for row in rows[heading + 1 :]] == [
        (1, "Lớp 4A"), (2, "Lớp 4A"), (3, "Lớp 4B"), (4, "Lớp 4B"),
    ]  # fmt: skip
    assert [4, "=1+1 Trần", "Lớp 4B", None] in rows
    (cell,) = [cell for row in exported(response).iter_rows() for cell in row if cell.value == "=1+1 Trần"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert "Lê Thị An" not in text
    assert "Bùi Ở Trường B" not in text


def test_taking_the_list_away_is_recorded_with_reason_and_count(school, cast, login):
    assert login(cast.editor_a).post(f"{EXPORT}?don-vi=TH-A&lop=4A", {"reason": REASON}).status_code == 200
    entry = AuditEntry.objects.get(action="Xuất danh sách")
    assert entry.actor == cast.editor_a
    assert entry.unit_id == cast.a.pk
    assert (entry.after["count"], entry.after["reason"]) == (2, REASON)
    assert entry.object_label == "K3: Trường Tiểu học A, lớp 4A"


@pytest.mark.parametrize("reason", ["", "xem", "abc abc"])
def test_without_a_reason_nothing_leaves_the_portal(reason, school, cast, login):
    response = login(cast.editor_a).post(f"{EXPORT}?don-vi=TH-A", {"reason": reason})
    assert response.status_code == 422
    assert not AuditEntry.objects.filter(action="Xuất danh sách").exists()


def test_an_empty_part_says_so_and_writes_nothing(school, cast, login):
    response = login(cast.editor_a).post(f"{EXPORT}?don-vi=TH-A&lop=9C", {"reason": REASON})
    assert response.status_code == 422
    assert "không còn ai thiếu" in response.content.decode()
    assert not AuditEntry.objects.filter(action="Xuất danh sách").exists()


def test_a_long_list_is_written_by_a_job_for_the_same_unit_class_and_clocks(school, cast, login, monkeypatch):
    monkeypatch.setattr("accounts.export_pages.ROWS_AT_ONCE", 1)
    address = f"{EXPORT}?don-vi=TH-A&lop=4A&ngay=2026-10-31&duyet=2026-11-05"
    response = login(cast.editor_a).post(address, {"reason": REASON})
    job = Job.objects.get()
    assert response.url == reverse("accounts:job_detail", args=[job.pk])
    carry_out(take_job(job.pk))
    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.DONE, "Đã xuất 2 dòng: Trường Tiểu học A, lớp 4A.")
    values = list(load_workbook(result_file_of(job.result_path)).worksheets[0].iter_rows(values_only=True))
    assert [row[1] for row in values[-2:]] == ["Lê Thị Chi", "Vũ Dũng"]
    assert ("(Số liệu phát sinh đến 31/10/2026, được duyệt đến 05/11/2026)", None, None, None) in values


def test_a_job_for_a_unit_that_its_owner_reads_no_more_says_so(school, cast, login, monkeypatch):
    monkeypatch.setattr("accounts.export_pages.ROWS_AT_ONCE", 1)
    login(cast.editor_a).post(f"{EXPORT}?don-vi=TH-A", {"reason": REASON})
    job = Job.objects.get()
    cast.editor_a.unit_roles.update(unit=cast.b)
    carry_out(take_job(job.pk))
    job.refresh_from_db()
    assert (job.state, job.result_path) == (JobState.FAILED, "")
    assert "không còn mở được" in job.message
    assert not AuditEntry.objects.filter(action="Xuất danh sách").exists()


def test_contradicting_records_leave_nothing_to_export_and_say_why(school, cast, login, monkeypatch):
    def contradict(question):
        raise ProgressError("Hoạt động “Bài 1” có số người theo danh sách lớn hơn tổng số.")

    monkeypatch.setattr("reports.exported_lists.missing_list", contradict)
    response = login(cast.officer).post(EXPORT, {"reason": REASON})
    assert response.status_code == 422
    assert "Hoạt động “Bài 1” có số người theo danh sách lớn hơn tổng số." in response.content.decode()


def test_the_way_back_from_the_export_keeps_the_part_of_the_list(school, cast, login):
    text = login(cast.editor_a).get(f"{EXPORT}?don-vi=TH-A&lop=4A&ngay=2026-10-31").content.decode()
    assert f'href="{K3}?don-vi=TH-A&amp;lop=4A&amp;ngay=2026-10-31"' in text
    assert "(2 dòng)" in text


@pytest.mark.parametrize(("code", "has_names"), [("K3", True), ("K5", False)])
def test_only_a_list_with_names_is_marked_as_personal(code, has_names, school, cast, login):
    client, address = login(cast.officer), f"/giai-thich/{code}/con-thieu/xuat-excel/"
    assert ("Tệp có thông tin cá nhân" in client.get(address).content.decode()) == has_names
    book = load_workbook(io.BytesIO(client.post(address, {"reason": REASON}).content))
    assert ("Lưu ý" in dict(book[NOTE_SHEET].iter_rows(values_only=True))) == has_names


@pytest.mark.parametrize("code", ["K1", "K2", "K3", "K4", "K5", "K6"])
def test_every_target_has_a_list_to_print_and_to_take_away(code, school, cast, login, make_household, make_person):
    make_household(cast.village)
    make_person(cast.a, group=Group.TEACHER)
    client = login(cast.officer)
    assert client.get(f"/giai-thich/{code}/con-thieu/in/").status_code == 200
    sheet = exported(client.post(f"/giai-thich/{code}/con-thieu/xuat-excel/", {"reason": REASON}))
    assert any(f"CHỈ TIÊU {code}" in str(cell.value) for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize("code", ["K1", "K3", "K4"])
def test_neither_print_nor_choice_asks_more_for_more_people(
    code, cast, login, make_person, make_household, django_assert_max_num_queries
):
    def grow(count: int) -> None:
        for _ in range(count):
            make_person(cast.a, class_name="4A")
            make_person(cast.b, group=Group.TEACHER)
            make_household(cast.village)

    client, base = login(cast.officer), f"/giai-thich/{code}/con-thieu/"
    grow(2)
    with django_assert_max_num_queries(20) as printing:
        client.get(f"{base}in/")
    with django_assert_max_num_queries(30) as choosing:
        client.post(f"{base}ghi/", {"viec": "tat-ca"})
    grow(6)
    with django_assert_max_num_queries(len(printing)):
        client.get(f"{base}in/")
    with django_assert_max_num_queries(len(choosing)):
        client.post(f"{base}ghi/", {"viec": "tat-ca"})


@pytest.mark.parametrize(
    ("change", "note"),
    [
        ({"status": RecordStatus.WITHDRAWN, "ended_on": date(2026, 5, 2), "end_reason": "Nhập nhầm lớp"},
         "Đã rút duyệt ngày 02/05/2026: Nhập nhầm lớp"),
        ({"status": RecordStatus.REPLACED, "ended_on": date(2026, 5, 2)},
         "Bản đã duyệt được thay từ ngày 02/05/2026; bản mới không tính trường hợp này"),
        ({"approved_on": date(2026, 7, 10)}, "Được duyệt ngày 10/07/2026, sau ngày chốt"),
        ({"kind": ActivityKind.FESTIVAL}, "Loại hoạt động không được tính cho chỉ tiêu này (ngày hội)"),
    ],
)  # fmt: skip
def test_what_does_not_count_says_why(change, note, school, cast, login, make_activity):
    activity = make_activity(cast.a, people=[school["Đặng Đông"]], on=date(2026, 4, 10))
    Activity.objects.filter(pk=activity.pk).update(**change)
    client = login(cast.officer)
    page = client.get(f"{K3}?tab=khong-tinh&ngay=2026-06-30&duyet=2026-06-30").context["page"]
    assert {row.name: row.note for row in page.content.page}["Đặng Đông"] == note


def test_what_was_withdrawn_later_still_counts_at_an_earlier_day_of_approval(school, cast, login, make_activity):
    activity = make_activity(cast.a, people=[school["Đặng Đông"]], on=date(2026, 4, 10))
    ended = {"status": RecordStatus.WITHDRAWN, "ended_on": date(2026, 5, 2), "end_reason": "Nhập nhầm lớp"}
    Activity.objects.filter(pk=activity.pk).update(**ended)
    client = login(cast.officer)
    for until, names in (("2026-05-01", {"Lê Thị An", "Đặng Đông"}), ("2026-05-02", {"Lê Thị An"})):
        page = client.get(f"{K3}?tab=da-tinh&ngay=2026-04-30&duyet={until}").context["page"]
        assert {row.name for row in page.content.page} == names


@pytest.fixture
def teachers(cast, campaign, make_person, make_activity):
    """Rule C8: 50 teachers, 45 trained, one of the other five on maternity leave."""
    people = [make_person(cast.a, f"Cô Giáo {number:02d}", group=Group.TEACHER) for number in range(50)]
    make_activity(cast.a, ActivityKind.TRAINING, people=people[:45], on=date(2026, 3, 10))
    Exclusion.objects.create(
        commune=cast.commune,
        campaign=campaign,
        unit=cast.a,
        person=people[49],
        reason="MATERNITY",
        note="Quyết định số 12",
        starts_on=date(2026, 3, 1),
        entered_by=cast.editor_a,
        **clock_values(RecordStatus.APPROVED, date(2026, 3, 2), cast.officer),
    )
    return people


def test_c8_the_page_the_tile_and_the_table_show_the_figure_with_and_without_who_is_excluded(teachers, cast, login):
    client = login(cast.officer)
    page = client.get("/giai-thich/K1/?don-vi=TH-A").content.decode()
    assert "45/50 (90,0%)" in page
    assert "Không tính người được loại trừ: 45/49 (91,8%) (đã loại trừ 1)" in page
    board = client.get("/tong-quan/").content.decode()
    assert "Không tính người được loại trừ: 45/49 (91,8%) (đã loại trừ 1)" in board
    assert 'title="Không tính người được loại trừ: 45/49 (91,8%) (đã loại trừ 1), đạt"' in board


def test_c8_an_exclusion_is_told_with_reason_days_approver_and_decision(teachers, cast, login):
    page = login(cast.editor_a).get("/giai-thich/K1/?tab=khong-tinh").context["page"]
    (row,) = page.content.excluded
    assert (row.name, row.reason) == ("Cô Giáo 49", "Nghỉ thai sản: Quyết định số 12")
    assert row.days == "Từ 01/03/2026 chưa có ngày kết thúc"
    assert (row.scope, row.decision) == ("Mọi chỉ tiêu", "Đỗ Thị Cán Bộ duyệt ngày 02/03/2026")
    assert row.url.startswith("/loai-tru/")


def test_c8_who_is_excluded_is_missing_but_not_chosen_with_all(teachers, cast, login):
    client = login(cast.editor_a)
    content = client.get("/giai-thich/K1/").context["page"].content
    assert {row.name: row.note for row in content.page}["Cô Giáo 49"] == "Đang được loại trừ"
    assert [(group.missing, group.free) for group in content.groups] == [(5, 4)]
    response = client.post("/giai-thich/K1/con-thieu/ghi/?don-vi=TH-A", {"viec": "tat-ca"})
    assert ticked(client.get(response.url)) == {f"Cô Giáo {number}" for number in range(45, 49)}


def test_c6_a_fixed_denominator_lists_who_was_there_on_its_day(school, cast, campaign, login):
    campaign.targets.filter(code="K3").update(denominator_policy="FIXED", fixed_on=date(2026, 1, 31))
    Membership.objects.filter(person=school["Vũ Dũng"]).update(ends_on=date(2026, 4, 30))
    Membership.objects.filter(person=school["Đặng Đông"]).update(starts_on=date(2026, 2, 15))
    response = login(cast.officer).get(f"{K3}?don-vi=TH-A&ngay=2026-06-30")
    assert [row.name for row in response.context["page"].content.page] == ["Lê Thị Chi", "Vũ Dũng"]
    assert "Chốt theo danh sách ngày 31/01/2026" in response.content.decode()


def test_c6_the_class_of_the_counted_day_is_named(school, cast, campaign, login):
    """Moved from 4A to 4B after the fixed day: the list of that day has the pupil in 4A."""
    campaign.targets.filter(code="K3").update(denominator_policy="FIXED", fixed_on=date(2026, 1, 31))
    row = Membership.objects.get(person=school["Vũ Dũng"])
    Membership.objects.filter(pk=row.pk).update(ends_on=date(2026, 3, 31))
    Membership.objects.create(
        commune=cast.commune, person=row.person, unit=cast.a, group=Group.PUPIL, class_name="4B",
        starts_on=date(2026, 4, 1),
    )  # fmt: skip
    page = login(cast.officer).get(f"{K3}?don-vi=TH-A&lop=4A&ngay=2026-06-30").context["page"]
    assert [row.name for row in page.content.page] == ["Lê Thị Chi", "Vũ Dũng"]


def test_the_rule_says_its_version_and_since_when(school, cast, campaign, login):
    target = campaign.targets.get(code="K3")
    first = target.versions.first()
    number = (first.number if first else 0) + 1
    target.versions.create(
        number=number,
        effective_on=date(2026, 2, 1),
        recorded_on=date(2026, 2, 1),
        reason="Sửa theo Công văn 15",
        definition=first.definition if first else {},
    )
    text = login(cast.officer).get(K3).content.decode()
    assert f"Phiên bản {number}, áp dụng từ 01/02/2026. Lý do thay đổi: Sửa theo Công văn 15" in text


def test_links_keep_both_clocks(school, cast, login):
    text = login(cast.officer).get(f"{K3}?don-vi=TH-A&ngay=2026-10-31&duyet=2026-11-05").content.decode()
    for address in ("con-thieu/in/?don-vi=TH-A", "con-thieu/xuat-excel/?don-vi=TH-A", "?don-vi=TH-A&amp;tab=da-tinh"):
        assert f"{address}&amp;ngay=2026-10-31&amp;duyet=2026-11-05" in text


@pytest.fixture
def proved(school, cast, make_activity):
    """A lesson at school B for Đông of school A, with three photos."""
    activity = make_activity(cast.b, people=[school["Đặng Đông"]], on=date(2026, 4, 10), title="Bài học ở trường B")
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        Evidence.objects.create(
            commune=cast.commune, activity=activity, kind="PHOTO", file=f"evidence/{name}", name=name, size_bytes=1,
            sha256="0" * 64, uploaded_by=cast.editor_b,
        )  # fmt: skip
    return activity


def row_of(client, name: str):
    page = client.get(f"{K3}?tab=da-tinh&don-vi=TH-A").context["page"].content.page
    return next(row for row in page if row.name == name)


def test_who_counts_is_shown_with_the_evidence_of_the_first_record(proved, cast, login):
    row = row_of(login(cast.officer), "Đặng Đông")
    assert row.link == reverse("training:activity_detail", args=[proved.pk])
    files = proved.evidence.order_by("pk")
    assert [proof.url for proof in row.proofs] == [reverse("training:evidence_file", args=[f.pk]) for f in files[:2]]
    assert row.proof_note == "và 1 tệp khác"
    assert row_of(login(cast.officer), "Lê Thị An").proof_note == "Chưa có minh chứng"


def test_evidence_of_another_schools_activity_is_a_number_without_links(proved, cast, login):
    row = row_of(login(cast.editor_a), "Đặng Đông")
    assert (row.link, row.proofs, row.proof_note) == ("", (), "3 tệp minh chứng")


def test_a_joint_host_opens_the_record_and_its_evidence(proved, cast, login):
    proved.co_host_links.create(unit=cast.a)
    row = row_of(login(cast.editor_a), "Đặng Đông")
    assert row.link
    assert len(row.proofs) == 2


def test_a_confirmation_of_platforms_names_them(cast, login, make_person, make_platform_use):
    use = make_platform_use(make_person(cast.a, "Cô An", group=Group.TEACHER))
    use.platforms.add(Platform.objects.create(commune=cast.commune, name="Học bạ số"))
    (row,) = login(cast.editor_a).get("/giai-thich/K2/?tab=da-tinh").context["page"].content.page
    assert (row.note, row.link_label) == ("Học bạ số", "Xác nhận sử dụng nền tảng số")


def test_e3_a_household_that_split_counts_by_its_checked_member(cast, campaign, login, make_household, make_check):
    """The check stands with the old household; the new one says that it counts by a member who was checked there."""
    old = make_household(cast.village, "Đỗ Cũ")
    member = Person.objects.create(commune=cast.commune, full_name="Đỗ Thị Con")
    check = make_check(old)
    HouseholdCheck.objects.filter(pk=check.pk).update(member=member)
    new = make_household(cast.village, "Đỗ Mới", starts_on=date(2026, 5, 1), split_from=old)
    Membership.objects.create(
        commune=cast.commune, person=member, unit=cast.village, group=Group.RESIDENT, household=new,
        starts_on=date(2026, 5, 1),
    )  # fmt: skip
    page = login(cast.officer).get("/giai-thich/K4/?tab=da-tinh").context["page"].content.page
    assert {row.name: (row.note, row.link_label) for row in page} == {
        "Đỗ Cũ": ("Người được kiểm tra: Đỗ Thị Con", "Đạt kiểm tra năm kỹ năng"),
        "Đỗ Mới": ("", "Đạt nhờ thành viên đã được kiểm tra ở hộ trước khi tách"),
    }


def test_a_check_that_was_withdrawn_says_so(cast, login, make_household, make_check):
    check = make_check(make_household(cast.village, "Đỗ Rút"))
    ended = {"status": RecordStatus.WITHDRAWN, "ended_on": date(2026, 5, 2), "end_reason": "Kiểm tra nhầm hộ"}
    HouseholdCheck.objects.filter(pk=check.pk).update(**ended)
    (row,) = login(cast.officer).get("/giai-thich/K4/?tab=khong-tinh").context["page"].content.page
    assert row.note == "Bản kiểm tra đã rút duyệt ngày 02/05/2026: Kiểm tra nhầm hộ (5/5 kỹ năng)"


def test_f2_a_merged_school_is_told_by_what_its_predecessor_did(cast, login, make_unit, make_activity):
    """K5: the new school lives on the festival of the old one, and the page leads to it."""
    festival = make_activity(cast.a, ActivityKind.FESTIVAL, title="Ngày hội trường cũ")
    cast.a.closed_on = date(2026, 7, 31)
    cast.a.save()
    merged = make_unit(cast.commune, "TH-M", "PRIMARY", "Trường Tiểu học Mới", opened_on=date(2026, 8, 1))
    merged.predecessors.add(cast.a)
    page = login(cast.officer).get("/giai-thich/K5/?tab=da-tinh&ngay=2026-10-31").context["page"].content.page
    assert [(row.name, row.link_label) for row in page] == [("Trường Tiểu học Mới", festival.title)]
