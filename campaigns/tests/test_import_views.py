"""Pages of roster imports: upload, what was found, apply, history."""

import json
import uuid
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import AuditEntry
from campaigns.forms.imports import school_year_start
from campaigns.models import Membership, Person, RosterImport
from campaigns.services.imports import forget_old_uploads
from campaigns.tests.sheets import class_list, pupils, save_sheets, school_database_export


def url(name, *args):
    return reverse(f"campaigns:{name}", args=args)


@pytest.fixture
def upload(cast, login, tmp_path):
    """upload(rows) sends a school-database export of them for school A as its editor and gives the response."""

    def send(rows=None, *, path=None, user=None, unit=None, name="4A.xlsx", **values):
        path = path or school_database_export(tmp_path / "export.xlsx", rows if rows is not None else pupils(3))
        sent = {"unit": (unit or cast.a).pk, "effective_on": "05/09/2026", **values}
        file = SimpleUploadedFile(name, Path(path).read_bytes())
        return login(user or cast.editor_a).post(url("import_upload"), {**sent, "file": file})

    return send


def stored_files(settings):
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_a_check_writes_nothing_to_the_roster_and_says_what_it_would_do(upload, login, cast):
    response = upload()
    page = login(cast.editor_a).get(response.url).content.decode()
    assert "3 học sinh, tiêu đề ở dòng 4" in page
    assert "Nạp 3 học sinh" in page
    assert "Chưa có gì được ghi. Đây mới là bước kiểm tra." in page
    assert not Person.objects.exists()


def test_applying_writes_the_checked_file_once_and_deletes_it(
    upload, login, cast, settings, django_capture_on_commit_callbacks
):
    upload()
    roster_import = RosterImport.objects.get()
    assert stored_files(settings)
    sent = {"client_key": str(uuid.uuid4())}
    with django_capture_on_commit_callbacks(execute=True):
        first = login(cast.editor_a).post(url("import_apply", roster_import.pk), sent)
    second = login(cast.editor_a).post(url("import_apply", roster_import.pk), sent)
    assert first.url == second.url == url("import_detail", roster_import.pk)
    assert Person.objects.count() == 3
    assert stored_files(settings) == []
    roster_import.refresh_from_db()
    assert (roster_import.state, roster_import.file.name) == ("APPLIED", "")
    assert "Nguyễn Văn" not in json.dumps(roster_import.report, ensure_ascii=False)
    page = login(cast.editor_a).get(first.url).content.decode()
    assert "Đã nạp danh sách" in page
    assert AuditEntry.objects.filter(action="Nạp danh sách", unit_id=cast.a.pk).count() == 1


def test_applying_twice_with_two_forms_changes_nothing(upload, login, cast):
    upload()
    page = url("import_apply", RosterImport.objects.get().pk)
    assert login(cast.editor_a).post(page).status_code == 302
    again = login(cast.editor_a).post(page)
    assert again.status_code == 409
    assert "đã được nạp rồi" in again.content.decode()
    assert Membership.objects.count() == 3


def test_a_file_that_is_not_the_checked_one_is_not_applied(upload, login, cast):
    upload()
    roster_import = RosterImport.objects.get()
    school_database_export(Path(roster_import.file.path), pupils(9))
    response = login(cast.editor_a).post(url("import_apply", roster_import.pk))
    assert response.status_code == 409
    assert "Hãy tải tệp lên lại" in response.content.decode()
    assert not Person.objects.exists()


def test_a_roster_that_changed_since_the_check_is_not_written_over(upload, login, cast, make_person):
    upload()
    make_person(cast.a, pupils(1)[0][1], code=pupils(1)[0][0], class_name="4C")
    response = login(cast.editor_a).post(url("import_apply", RosterImport.objects.get().pk))
    assert response.status_code == 409
    assert Person.objects.count() == 1


def test_one_wrong_row_keeps_everything_back_and_is_named(upload, login, cast):
    rows = pupils(3)
    rows[1] = (*rows[1][:2], "31/04/2016", *rows[1][3:])
    response = upload(rows)
    page = login(cast.editor_a).get(response.url).content.decode()
    assert "Không có ngày 31/04/2016" in page
    assert "Chưa có gì được ghi" in page
    assert "Nạp 2 học sinh" not in page
    assert login(cast.editor_a).post(url("import_apply", RosterImport.objects.get().pk)).status_code == 409
    assert not Person.objects.exists()


def test_the_same_file_again_has_nothing_to_apply(upload, login, cast):
    upload()
    login(cast.editor_a).post(url("import_apply", RosterImport.objects.get().pk))
    page = login(cast.editor_a).get(upload().url).content.decode()
    assert "Tệp này không có gì mới" in page
    assert RosterImport.objects.first().report["counts"]["unchanged"] == 3


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.7", "là tài liệu PDF, không phải bảng tính"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "có mật khẩu"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "không phải là bảng tính Excel"),
        (b"", "trống"),
        (b"PK" + b"\0" * (10 * 1024 * 1024), "10 MB"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do_and_is_not_kept(upload, tmp_path, settings, content, sentence):
    path = tmp_path / "other.xlsx"
    path.write_bytes(content)
    response = upload(path=path)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not RosterImport.objects.exists()
    assert stored_files(settings) == []


def test_a_workbook_without_pupils_is_refused(upload, tmp_path):
    path = save_sheets(tmp_path / "b.xlsx", {"Sheet1": [["Thực đơn"]]})
    told = upload(path=path, kind="PUPILS")
    assert told.status_code == 422
    assert "Không tìm thấy bảng học sinh" in told.content.decode()
    guessed = upload(path=path)
    assert guessed.status_code == 422
    assert "Hãy chọn loại danh sách" in guessed.content.decode()


def test_the_upload_keeps_what_was_typed(upload):
    response = upload(effective_on="31/12/2090")
    assert response.status_code == 422
    page = response.content.decode()
    assert "31/12/2090" in page
    assert "chưa đến" in page


def test_an_editor_uploads_only_for_their_own_school(upload, cast, login):
    assert upload(unit=cast.b).status_code == 422
    assert login(cast.leader).get(url("import_upload")).status_code == 403
    assert login(cast.team_member).get(url("import_list")).status_code == 403


def test_who_keeps_no_open_unit_is_told_whom_to_ask(cast, login):
    cast.village.closed_on = date(2026, 1, 1)
    cast.village.save()
    page = login(cast.village_head).get(url("import_upload")).content.decode()
    assert "Bạn không phụ trách danh sách nào" in page
    assert 'name="file"' not in page


def test_a_unit_is_offered_the_kinds_of_lists_that_it_has(cast, login):
    village = login(cast.village_head).get(url("import_upload")).content.decode()
    assert ("HOUSEHOLDS" in village, "PUPILS" in village) == (True, False)
    school = login(cast.editor_a).get(url("import_upload")).content.decode()
    assert ("HOUSEHOLDS" in school, "PUPILS" in school) == (False, True)


def test_an_import_is_read_by_its_school_and_the_leaders_only(upload, cast, login):
    upload()
    pk = RosterImport.objects.get().pk
    readers = [cast.editor_a, cast.officer, cast.leader, cast.editor_b, cast.stranger]
    assert [login(user).get(url("import_detail", pk)).status_code for user in readers] == [200, 200, 200, 404, 404]
    assert login(cast.leader).post(url("import_apply", pk)).status_code == 403
    assert login(cast.stranger).post(url("import_apply", pk)).status_code == 404


def test_an_upload_of_the_office_that_moves_a_pupil_is_not_applied_by_an_editor(upload, cast, login, make_person):
    code, name, *_ = pupils(1)[0]
    make_person(cast.b, name, code=code, class_name="6A")
    upload(pupils(1), user=cast.officer)
    page = url("import_apply", RosterImport.objects.get().pk)
    assert login(cast.editor_a).post(page).status_code == 409
    assert login(cast.officer).post(page).status_code == 302
    assert Person.objects.get().memberships.get(ends_on=None).unit == cast.a


def test_the_history_says_who_what_and_how_much(upload, cast, login, tmp_path, django_assert_max_num_queries):
    upload(path=class_list(tmp_path / "4a.xlsx", [("Lê An", "Nam", "05/09/2016")]), name="Lớp 4A.xlsx")
    client = login(cast.officer)
    with django_assert_max_num_queries(20) as one:
        page = client.get(url("import_list")).content.decode()
    assert "Lớp 4A.xlsx" in page
    assert "1 mới, 0 thay đổi, 0 không đổi" in page
    assert RosterImport.objects.get().sha256[:12] in page
    for number in range(5):
        upload(pupils(1, first=number + 1))
    client = login(cast.officer)
    with django_assert_max_num_queries(20) as six:
        client.get(url("import_list"))
    assert len(one) == len(six)


def test_what_nobody_applied_is_forgotten_after_a_day(upload, settings):
    upload()
    assert forget_old_uploads(now=timezone.now()) == 0
    assert forget_old_uploads(now=timezone.now() + timedelta(days=1, minutes=1)) == 1
    assert stored_files(settings) == []
    roster_import = RosterImport.objects.get()
    assert roster_import.report["counts"]["new"] == 3
    assert "Nguyễn Văn" not in json.dumps(roster_import.report, ensure_ascii=False)
    assert forget_old_uploads(now=timezone.now() + timedelta(days=1, minutes=1)) == 0


@pytest.mark.parametrize(
    ("today", "start"),
    [(date(2026, 11, 1), date(2026, 9, 5)), (date(2026, 9, 4), date(2025, 9, 5))],
)
def test_the_first_day_offered_is_the_opening_of_the_school_year(today, start):
    assert school_year_start(today) == start


@pytest.fixture
def messy(tmp_path):
    """A class list whose column of names is called as nobody calls it, and a hidden sheet with one more pupil."""
    head = [["TRƯỜNG TIỂU HỌC A"], ["DANH SÁCH HỌC SINH LỚP 4A"], []]
    titles = ["STT", "Tên gọi của em", "Ngày sinh", "Giới tính"]
    rows = [[1, "Nguyễn Văn An", "05/09/2016", "Nam"], [2, "Trần Thị Bình", "06/09/2016", "Nữ"]]
    hidden = [["STT", "Họ và tên", "Ngày sinh", "Lớp"], [1, "Bùi Văn Giang", "05/06/2015", "4B"]]
    sheets = {"Lớp 4A": [*head, titles, *rows], "Lớp cũ": hidden}
    return save_sheets(tmp_path / "messy.xlsx", sheets, hidden=["Lớp cũ"])


@pytest.fixture
def asked(messy, upload, login, cast):
    """The import of the messy file, as its editor's client sees it: (client, import)."""
    upload(path=messy, kind="PUPILS")
    return login(cast.editor_a), RosterImport.objects.get()


def answer(client, roster_import, **fields):
    return client.post(url("import_answer", roster_import.pk), {"cau-hoi": "1", **fields})


def test_an_unknown_column_is_asked_for_with_its_samples_and_remembered(asked, messy, upload):
    client, roster_import = asked
    page = client.get(url("import_detail", roster_import.pk)).content.decode()
    assert "Hãy trả lời các câu hỏi dưới đây" in page
    assert "Tên gọi của em" in page
    assert "Nguyễn Văn An, Trần Thị Bình" in page
    assert "Nạp 2 học sinh" not in page
    assert answer(client, roster_import, q0_0="full_name").status_code == 302
    assert "Nạp 2 học sinh" in client.get(url("import_detail", roster_import.pk)).content.decode()
    assert "Nạp 2 học sinh" in client.get(upload(path=messy, kind="PUPILS").url).content.decode()


def test_an_answer_that_is_no_field_is_refused_in_words(asked):
    client, roster_import = asked
    response = answer(client, roster_import, q0_0="password")
    assert response.status_code == 422
    assert "Hãy chọn một mục trong danh sách." in response.content.decode()


@pytest.mark.parametrize(("chosen", "count"), [([], 2), (["Lớp cũ"], 3)])
def test_a_hidden_sheet_is_read_only_when_it_is_chosen(asked, chosen, count):
    client, roster_import = asked
    answer(client, roster_import, q0_0="full_name", q1=chosen)
    page = client.get(url("import_detail", roster_import.pk)).content.decode()
    assert ("Trang tính ẩn “Lớp cũ” không được đọc." in page) is (not chosen)
    assert f"Nạp {count} học sinh" in page


@pytest.fixture
def wrong(upload, login, cast):
    """An import with one wrong row of three: (client, import)."""
    rows = pupils(3)
    rows[1] = (*rows[1][:2], "31/04/2016", *rows[1][3:])
    upload(rows)
    return login(cast.editor_a), RosterImport.objects.get()


def test_the_right_rows_are_applied_only_by_choice(wrong):
    client, roster_import = wrong
    assert "Nạp 2 dòng đúng, để lại 1 dòng sai" in client.get(url("import_detail", roster_import.pk)).content.decode()
    page = url("import_apply", roster_import.pk)
    assert client.post(page).status_code == 409
    assert client.post(page, {"only_valid_rows": "1"}).status_code == 302
    assert Person.objects.count() == 2


def test_the_wrong_rows_come_as_a_sheet_that_imports_once_mended(wrong, upload, tmp_path):
    client, roster_import = wrong
    response = client.get(url("import_wrong_rows", roster_import.pk))
    path = tmp_path / "sua.xlsx"
    path.write_bytes(response.content)
    book = load_workbook(path)
    (cell,) = [cell for row in book.active.iter_rows() for cell in row if cell.value == "31/04/2016"]
    cell.value = "30/04/2016"
    book.save(path)
    assert "Nạp 1 học sinh" in client.get(upload(path=path).url).content.decode()


def test_tabs_are_paged_and_say_what_each_row_is(upload, login, cast):
    page_url = upload(pupils(60)).url
    page = login(cast.editor_a).get(f"{page_url}?the=moi&trang=2").content.decode()
    assert "trang 2/2" in page
    assert pupils(60)[59][1] in page


def test_a_change_is_shown_field_by_field(upload, login, cast):
    upload(pupils(1))
    login(cast.editor_a).post(url("import_apply", RosterImport.objects.get().pk))
    changed = [(*pupils(1)[0][:4], "4B")]
    page = login(cast.editor_a).get(f"{upload(changed, effective_on='06/09/2026').url}?the=doi").content.decode()
    assert "Lớp: <del>4A</del> <ins>4B</ins>" in page


def test_who_may_be_known_already_is_decided_row_by_row(upload, login, cast, make_person):
    _, name, *_ = pupils(1)[0]
    known = make_person(cast.a, name, class_name="4A", starts_on=date(2026, 9, 5))
    nameless = [("", *pupils(1)[0][1:])]
    client, page_url = login(cast.editor_a), upload(nameless).url
    pk = RosterImport.objects.get().pk
    page = client.get(page_url).content.decode()
    assert "Hãy chọn cho 1 dòng có thể trùng với người đã có." in page
    assert f"Chính là {name}" in page
    assert client.post(url("import_apply", pk)).status_code == 409
    assert client.post(url("import_answer", pk)).status_code == 422
    assert client.post(url("import_answer", pk), {"d0": known.pk}).status_code == 302
    assert client.post(url("import_apply", pk)).status_code == 302
    assert Person.objects.get().birth_date == date(2016, 9, 2)


def test_nobody_leaves_unless_ticked_and_then_on_the_day_given(upload, login, cast, make_person):
    stays, goes = (make_person(cast.a, name, class_name="4A") for name in ("Bùi Văn Ở", "Bùi Văn Đi"))
    upload(pupils(2))
    client, pk = login(cast.editor_a), RosterImport.objects.get().pk
    page = client.get(url("import_detail", pk)).content.decode()
    assert "2 học sinh không còn trong tệp: ai đã rời?" in page
    assert "checked" not in page
    client.post(url("import_apply", pk), {"leavers": [goes.pk], "leavers_on": "30/08/2026"})
    assert "1 học sinh được ghi là rời danh sách." in client.get(url("import_detail", pk)).content.decode()
    assert goes.memberships.get().ends_on == date(2026, 8, 30)
    assert stays.memberships.get().ends_on is None


def test_a_last_day_to_come_is_refused_and_nothing_is_written(upload, login, cast, make_person):
    goes = make_person(cast.a, "Bùi Văn Đi", class_name="4A")
    upload(pupils(2))
    sent = {"leavers": [goes.pk], "leavers_on": "31/12/2090"}
    response = login(cast.editor_a).post(url("import_apply", RosterImport.objects.get().pk), sent)
    assert response.status_code == 422
    assert "Ngày này chưa đến" in response.content.decode()
    assert Person.objects.count() == 1


def test_an_import_is_taken_back_whole_and_says_so(upload, login, cast):
    upload(pupils(3))
    client, pk = login(cast.editor_a), RosterImport.objects.get().pk
    client.post(url("import_apply", pk))
    assert "3 học sinh mới nạp không còn trong danh sách." in client.get(url("import_undo", pk)).content.decode()
    assert client.post(url("import_undo", pk)).status_code == 302
    assert not Person.objects.exists()
    assert "đã được hoàn tác" in client.get(url("import_detail", pk)).content.decode()
    assert client.post(url("import_undo", pk)).status_code == 409


def test_what_stands_on_an_import_keeps_it_from_being_taken_back(upload, login, cast, make_activity):
    upload(pupils(1))
    client, pk = login(cast.editor_a), RosterImport.objects.get().pk
    client.post(url("import_apply", pk))
    make_activity(cast.a, on=date(2026, 10, 10), people=[Person.objects.get()])
    response = client.post(url("import_undo", pk))
    assert response.status_code == 409
    assert "Hoạt động thử" in response.content.decode()
    assert Person.objects.count() == 1


def test_a_long_list_shows_its_progress_until_the_job_is_done(upload, login, cast):
    upload(pupils(900))
    client, pk = login(cast.editor_a), RosterImport.objects.get().pk
    page = client.get(url("import_detail", pk)).content.decode()
    assert 'aria-label="Tiến độ"' in page
    assert "Có thể rời trang" in client.get(url("import_detail", pk), headers={"HX-Request": "true"}).content.decode()
    call_command("run_jobs", once=True)
    assert client.get(url("import_detail", pk), headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert "Nạp 900 học sinh" in client.get(url("import_detail", pk)).content.decode()
    client.post(url("import_apply", pk))
    call_command("run_jobs", once=True)
    assert "Đã nạp 900 học sinh" in client.get(url("import_detail", pk)).content.decode()
