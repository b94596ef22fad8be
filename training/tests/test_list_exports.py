"""Lists of records that leave the portal: what the page shows, marked and recorded; some come in again unchanged."""

import io
from dataclasses import replace
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts import exports
from accounts.exports import NOTE_SHEET, export_of
from accounts.jobs import carry_out, result_file_of, take_job
from accounts.models import AuditEntry, Job, JobState
from campaigns.choices import ActivityKind, Group, RecordStatus
from campaigns.models import Exclusion, Person
from campaigns.services.imports import check_roster
from conftest import clock_values
from hbs_portal.tests.lib.sheets.strictness import complaints
from training.models import Attendance, HouseholdCheck
from training.services.declared import declare_headcount, declare_running_total

REASON = "Rà soát danh sách đầu năm học cùng giáo viên."
DAY = date(2026, 4, 10)
LISTS = ("activity", "attendance", "household_check", "platform_use", "declared", "exclusion")


def export(client, name, query="", **typed):
    return client.post(f"{reverse(f'training:{name}_export')}?{query}", {"reason": REASON, **typed})


def book_of(response):
    assert response.status_code == 200, response.content.decode()[:1500]
    return load_workbook(io.BytesIO(response.content))


def rows_of(response, sheet=0):
    listed = book_of(response).worksheets[sheet]
    return [[cell.value for cell in row] for row in listed.iter_rows(min_row=3)]


@pytest.fixture
def lesson(cast, make_activity, make_person, make_household):
    """A draft lesson of school A with three pupils, one of them without code, a teacher and a household."""
    activity = make_activity(
        cast.a, ActivityKind.LESSON, DAY, status=RecordStatus.DRAFT, entered_by=cast.editor_a, title="=Bài học số"
    )
    pupils = [
        make_person(cast.a, "Nguyễn Văn An", class_name="4A", code="0000000001"),
        make_person(cast.a, "Lê Chi", class_name="4B"),
        make_person(cast.a, "H'Mai Êban", class_name="5/1"),
    ]
    Person.objects.filter(pk=pupils[0].pk).update(birth_date=date(2016, 3, 4))
    teacher = make_person(cast.a, "Lê Thị Hoa", Group.TEACHER, code="GV-01")
    of_commune = {"commune": cast.commune, "activity": activity}
    for person, class_name in zip((*pupils, teacher), ("4A", "4B", "5/1", ""), strict=True):
        group = Group.TEACHER if person == teacher else Group.PUPIL
        Attendance.objects.create(**of_commune, person=person, group=group, unit=cast.a, class_name=class_name)
    home = make_household(cast.village, "Trần Văn Bảy", code="0012")
    Attendance.objects.create(**of_commune, household=home, group=Group.HOUSEHOLD, unit=cast.village)
    return activity


def test_activities_hold_what_the_page_shows_and_no_title_is_a_formula(lesson, cast, login, make_activity):
    make_activity(cast.b, ActivityKind.TRAINING, DAY, title="Tập huấn")
    response = export(login(cast.officer), "activity", f"loai={ActivityKind.LESSON}")
    heading, line = rows_of(response)
    told = dict(zip(heading, line, strict=True))
    assert (told["Hoạt động"], told["Từ ngày"].date(), told["Lượt người"]) == ("=Bài học số", DAY, 4)
    assert told["Đơn vị chủ trì"] == "Trường Tiểu học A"
    cell = book_of(response).worksheets[0]["B4"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_attendances_of_an_activity_import_again_unchanged(lesson, cast, login):
    response = export(login(cast.officer), "attendance", f"hoat_dong={lesson.pk}")
    assert book_of(response).sheetnames == ["Điểm danh", "Hộ có mặt", NOTE_SHEET]
    assert [row[2] for row in rows_of(response, 1)[1:]] == ["Trần Văn Bảy"]
    found = check_roster(
        actor=cast.officer,
        unit=cast.a,
        kind="ATTENDANCE",
        effective_on=DAY,
        upload=SimpleUploadedFile("diem-danh.xlsx", response.content),
        activity_id=lesson.pk,
    )
    kept = found.report["counts"]
    assert (kept["new"], kept["changed"], kept["unchanged"], kept["errors"]) == (0, 0, 4, 0), found.report


def test_an_editor_takes_out_names_of_the_own_unit_only(lesson, cast, login, make_person):
    guest = make_person(cast.b, "Người Trường Khác", class_name="6A")
    Attendance.objects.create(
        commune=cast.commune, activity=lesson, person=guest, group=Group.PUPIL, unit=cast.b, class_name="6A"
    )
    names = [row[2] for row in rows_of(export(login(cast.editor_a), "attendance"))[1:]]
    assert sorted(names) == ["H'Mai Êban", "Lê Chi", "Lê Thị Hoa", "Nguyễn Văn An"]
    assert export(login(cast.editor_b), "attendance").status_code == 422


def test_declared_figures_import_again_unchanged(cast, login, campaign):
    declare_headcount(actor=cast.officer, unit=cast.a, group=Group.PUPIL, effective_on=DAY, count=412)
    declare_running_total(
        actor=cast.officer,
        target=campaign.targets.get(code="K3"),
        unit=cast.a,
        group=Group.PUPIL,
        as_of=DAY,
        value=380,
        note="=Số của trường",
    )
    response = export(login(cast.officer), "declared")
    found = check_roster(
        actor=cast.officer,
        unit=cast.commune,
        kind="DECLARED",
        effective_on=DAY,
        upload=SimpleUploadedFile("so.xlsx", response.content),
    )
    kept = found.report["counts"]
    assert (kept["new"], kept["changed"], kept["unchanged"], kept["errors"]) == (0, 0, 2, 0), found.report


def test_household_checks_tell_the_skills(cast, login, make_household, campaign):
    HouseholdCheck.objects.create(
        commune=cast.commune,
        campaign=campaign,
        household=make_household(cast.village, "Trần Văn Bảy", code="0012"),
        checked_on=DAY,
        public_services=True,
        entered_by=cast.officer,
    )
    heading, line = rows_of(export(login(cast.officer), "household_check"))
    told = dict(zip(heading, line, strict=True))
    assert (told["Mã hộ"], told["Dịch vụ công trực tuyến"], told["Thanh toán số"]) == ("0012", "có", "không")
    assert told["Số kỹ năng"] == 1


def test_confirmations_name_who_has_not_confirmed(cast, login, make_person, campaign):
    make_person(cast.a, "Lê Thị Hoa", Group.TEACHER, code="GV-01")
    heading, line = rows_of(export(login(cast.officer), "platform_use"))
    told = dict(zip(heading, line, strict=True))
    assert (told["Họ và tên"], told["Nhóm"], told["Tình trạng duyệt"]) == ("Lê Thị Hoa", "Giáo viên", "Chưa xác nhận")


@pytest.fixture
def excluded(cast, make_person, campaign):
    """A teacher of school A on maternity leave, approved; one of school B, a draft."""
    people = make_person(cast.a, "Lê Thị Mai", Group.TEACHER, code="GV-02"), make_person(cast.b, "Bùi Văn Nam")
    approved = clock_values(RecordStatus.APPROVED, date(2026, 3, 2), cast.officer)
    for person, unit, clocks in zip(people, (cast.a, cast.b), (approved, {}), strict=True):
        Exclusion.objects.create(
            commune=cast.commune, campaign=campaign, unit=unit, person=person, reason="MATERNITY",
            note="=Quyết định 12", starts_on=date(2026, 3, 1), entered_by=cast.editor_a, **clocks,
        )  # fmt: skip
    return people


def test_exclusions_tell_reason_days_and_who_decided(excluded, cast, login):
    heading, line = rows_of(export(login(cast.officer), "exclusion", f"don_vi={cast.a.pk}"))
    told = dict(zip(heading, line, strict=True))
    assert (told["Mã định danh"], told["Họ và tên"], told["Chỉ tiêu"]) == ("GV-02", "Lê Thị Mai", "Mọi chỉ tiêu")
    assert (told["Lý do"], told["Căn cứ, ghi chú"]) == ("Nghỉ thai sản", "=Quyết định 12")
    assert (told["Từ ngày"].date(), told["Đến hết ngày"]) == (date(2026, 3, 1), None)
    assert (told["Người duyệt"], told["Tình trạng duyệt"]) == ("Đỗ Thị Cán Bộ", "Đã duyệt")


def test_an_editor_takes_out_exclusions_of_the_own_unit_only(excluded, cast, login):
    assert [row[2] for row in rows_of(export(login(cast.editor_b), "exclusion"))[1:]] == ["Bùi Văn Nam"]


def test_a_list_with_names_asks_a_reason_and_is_recorded_with_it(lesson, cast, login):
    client = login(cast.officer)
    assert client.post(reverse("training:attendance_export"), {"reason": "xem"}).status_code == 422
    assert not AuditEntry.objects.filter(action="Xuất danh sách").exists()
    notes = dict(book_of(export(client, "attendance"))[NOTE_SHEET].iter_rows(values_only=True))
    assert (notes["Lý do"], notes["Người xuất"]) == (REASON, "Đỗ Thị Cán Bộ (officer)")
    entry = AuditEntry.objects.get(action="Xuất danh sách")
    assert (entry.after["count"], entry.after["reason"]) == (5, REASON)


def test_a_list_without_names_asks_none(lesson, cast, login):
    response = login(cast.officer).post(reverse("training:activity_export"), {"client_key": "1"})
    notes = dict(book_of(response)[NOTE_SHEET].iter_rows(values_only=True))
    assert "Lý do" not in notes
    assert AuditEntry.objects.get(action="Xuất danh sách").after["count"] == 1


@pytest.mark.parametrize("name", LISTS)
def test_an_empty_list_says_what_to_do(name, cast, login, campaign):
    response = export(login(cast.officer), name)
    assert response.status_code == 422
    assert "Hãy bỏ bớt lọc" in response.content.decode()


@pytest.mark.parametrize("name", LISTS)
def test_excel_takes_every_list_as_it_is(name, lesson, excluded, cast, login, make_household, tmp_path):
    home = make_household(cast.village, "=Trần Văn Tám", code="0013")
    HouseholdCheck.objects.create(
        commune=cast.commune, campaign=lesson.campaign, household=home, checked_on=DAY, entered_by=cast.officer
    )
    declare_headcount(actor=cast.officer, unit=cast.a, group=Group.PUPIL, effective_on=DAY, count=412)
    path = tmp_path / "danh-sach.xlsx"
    path.write_bytes(export(login(cast.officer), name).content)
    assert complaints(path) == []


def test_a_long_list_is_written_by_a_job_with_the_same_filters_and_recorded_once(lesson, cast, login, monkeypatch):
    monkeypatch.setattr("accounts.export_pages.ROWS_AT_ONCE", 3)
    response = export(login(cast.officer), "attendance", f"hoat_dong={lesson.pk}")
    job = Job.objects.get()
    assert response.url == reverse("accounts:job_detail", args=[job.pk])
    carry_out(take_job(job.pk))
    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.DONE, "Đã xuất 5 dòng: hoạt động “=Bài học số”.")
    book = load_workbook(result_file_of(job.result_path))
    assert (book.sheetnames[0], book.worksheets[0].max_row) == ("Điểm danh", 7)
    Job.objects.filter(pk=job.pk).update(state=JobState.WAITING)
    carry_out(take_job(job.pk))
    assert AuditEntry.objects.filter(action="Xuất danh sách").count() == 1


def test_a_job_whose_owner_lost_the_right_writes_nothing(lesson, cast, login, monkeypatch):
    monkeypatch.setattr("accounts.export_pages.ROWS_AT_ONCE", 3)
    export(login(cast.officer), "attendance")
    job = Job.objects.get()
    monkeypatch.setitem(exports._exports, "diem-danh", replace(export_of("diem-danh"), may_read=lambda user: False))
    carry_out(take_job(job.pk))
    job.refresh_from_db()
    assert (job.state, job.result_path) == (JobState.FAILED, "")
    assert not AuditEntry.objects.filter(action="Xuất danh sách").exists()


def test_the_number_of_queries_does_not_grow_with_the_list(lesson, cast, login, make_activity, make_person):
    client = login(cast.officer)

    def queries():
        export(client, "attendance")
        with CaptureQueriesContext(connection) as told:
            for name in ("activity", "attendance", "platform_use"):
                export(client, name)
        return len(told)

    make_person(cast.a, "Cô Một", Group.TEACHER)
    few = queries()
    for number in range(15):
        activity = make_activity(cast.a, ActivityKind.LESSON, DAY, title=f"Bài {number}")
        person = make_person(cast.a, f"Cô {number}", Group.TEACHER)
        Attendance.objects.create(
            commune=cast.commune, activity=activity, person=person, group=Group.TEACHER, unit=cast.a
        )
    assert queries() == few


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("activity_list", ["activity_export", "attendance_export"]),
        ("household_check_list", ["household_check_export"]),
        ("platform_use_list", ["platform_use_export"]),
        ("declared_list", ["declared_export"]),
    ],
)
def test_a_list_leads_to_its_workbook_with_its_filters(page, names, lesson, cast, login, make_person, make_household):
    make_person(cast.a, "Cô Một", Group.TEACHER)
    HouseholdCheck.objects.create(
        commune=cast.commune,
        campaign=lesson.campaign,
        household=make_household(cast.village, "A", code="1"),
        checked_on=DAY,
        entered_by=cast.officer,
    )
    text = login(cast.officer).get(reverse(f"training:{page}"), {"q": "a"}).content.decode()
    assert [f"{reverse(f'training:{name}')}?q=a" in text for name in names] == [True] * len(names)
