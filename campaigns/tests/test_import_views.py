"""Pages of roster imports: upload, what was found, apply, history."""

import json
import uuid
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

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
    assert "chưa có gì được ghi" in page
    assert not Person.objects.exists()


def test_applying_writes_the_checked_file_once_and_deletes_it(
    upload, login, cast, settings, django_capture_on_commit_callbacks
):
    upload()
    roster_import = RosterImport.objects.get()
    assert len(stored_files(settings)) == 1
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
    assert "khác với lúc kiểm tra" in response.content.decode()
    assert not Person.objects.exists()


def test_a_roster_that_changed_since_the_check_is_not_written_over(upload, login, cast, make_person):
    upload()
    make_person(cast.a, pupils(1)[0][1], code=pupils(1)[0][0], class_name="4C")
    response = login(cast.editor_a).post(url("import_apply", RosterImport.objects.get().pk))
    assert response.status_code == 409
    assert Person.objects.count() == 1


def test_one_wrong_row_keeps_everything_back_and_is_named(upload, login, cast, settings):
    rows = pupils(3)
    rows[1] = (*rows[1][:2], "31/04/2016", *rows[1][3:])
    response = upload(rows)
    page = login(cast.editor_a).get(response.url).content.decode()
    assert "Không có ngày 31/04/2016" in page
    assert "Chưa có gì được ghi" in page
    assert "Nạp 2 học sinh" not in page
    assert login(cast.editor_a).post(url("import_apply", RosterImport.objects.get().pk)).status_code == 409
    assert not Person.objects.exists()
    assert stored_files(settings) == []


def test_the_same_file_again_has_nothing_to_apply(upload, login, cast):
    upload()
    login(cast.editor_a).post(url("import_apply", RosterImport.objects.get().pk))
    page = login(cast.editor_a).get(upload().url).content.decode()
    assert "tệp này không có gì mới" in page
    assert RosterImport.objects.first().report["counts"]["unchanged"] == 3


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.7", "không phải là bảng tính Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "có mật khẩu"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "Excel cũ (.xls)"),
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
    response = upload(path=save_sheets(tmp_path / "b.xlsx", {"Sheet1": [["Thực đơn"]]}))
    assert response.status_code == 422
    assert "Không tìm thấy bảng học sinh" in response.content.decode()


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


def test_who_keeps_no_school_is_told_what_to_do_instead(cast, login):
    page = login(cast.village_head).get(url("import_upload")).content.decode()
    assert "Bạn không phụ trách trường nào" in page
    assert 'name="file"' not in page


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
    assert "1 mới, 0 thay đổi, 0 không đổi, 4 bỏ qua" in page
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
