"""`manage.py import_roster`: what it prints, how it exits, and that it writes only with --apply."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEntry
from campaigns.models import Membership, Person, RosterImport
from campaigns.tests.sheets import class_list, pupils, save_sheets, school_database_export

KEYS = [
    "outcome", "kind", "accepted", "new", "changed", "unchanged", "left_out", "rejected", "warnings", "columns",
    "hidden_sheets", "message",
]  # fmt: skip


@pytest.fixture
def command(cast):
    """command(path, "--apply", unit=…) gives the exit code and what was printed."""

    def run(path, *options, unit="TH-A", kind="pupils"):
        out, code = StringIO(), 0
        words = [str(path), "--unit", unit, "--kind", kind, "--since", "05/09/2026", "--format", "json", *options]
        try:
            call_command("import_roster", *words, stdout=out)
        except SystemExit as end:
            code = end.code
        return code, json.loads(out.getvalue())

    return run


def written():
    return Person.objects.count(), RosterImport.objects.count(), AuditEntry.objects.count()


def test_without_apply_nothing_is_written_and_all_is_told(command, tmp_path):
    before = written()
    code, told = command(
        school_database_export(tmp_path / "a.xlsx", pupils(3), status=["Đang học", "Đã nghỉ", "Đang học"])
    )
    assert (code, list(told)) == (0, KEYS)
    assert (told["outcome"], told["kind"], told["accepted"], told["new"]) == ("ok", "pupils", 2, 2)
    assert [(row["sheet"], row["row"]) for row in told["left_out"]] == [("Danh sách", 6)]
    assert "Đã nghỉ" in told["left_out"][0]["reason"]
    assert told["columns"]["Danh sách"]["full_name"] == "C"
    assert written() == before


def test_with_apply_the_list_stands_and_the_second_time_there_is_nothing_to_do(command, tmp_path, cast):
    path = school_database_export(tmp_path / "a.xlsx", pupils(3))
    code, told = command(path, "--apply")
    assert (code, told["outcome"], told["new"], Membership.objects.filter(unit=cast.a).count()) == (0, "ok", 3, 3)
    assert (RosterImport.objects.get().uploader_name, RosterImport.objects.get().state) == ("Hệ thống", "APPLIED")
    code, told = command(path, "--apply")
    assert (code, told["outcome"], told["unchanged"], told["accepted"]) == (0, "nothing", 3, 3)
    assert (Person.objects.count(), RosterImport.objects.count()) == (3, 1)


def test_rows_with_errors_are_named_as_excel_shows_them_and_nothing_is_written(command, tmp_path):
    rows = pupils(3)
    rows[1] = (*rows[1][:2], "31/02/2016", *rows[1][3:])
    code, told = command(school_database_export(tmp_path / "a.xlsx", rows), "--apply")
    assert (code, told["outcome"], told["accepted"]) == (1, "errors", 2)
    error = told["rejected"][0]
    assert (error["sheet"], error["row"], error["column"], error["value"]) == (
        "Danh sách",
        6,
        "Ngày sinh",
        "31/02/2016",
    )
    assert list(error) == ["sheet", "row", "column", "value", "reason"]
    assert not Person.objects.exists()


def test_a_refused_file_exits_with_two_and_says_what_to_do(command, tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"%PDF-1.7")
    code, told = command(path)
    assert (code, told["outcome"], list(told)) == (2, "refused", KEYS)
    assert "không phải bảng tính" in told["message"]
    code, told = command(tmp_path / "none.xlsx")
    assert (code, told["outcome"]) == (2, "refused")


def test_somebody_similar_is_left_to_a_person(command, tmp_path):
    command(class_list(tmp_path / "a.xlsx", [("Lê An", "Nam", "05/09/2016")]), "--apply")
    code, told = command(class_list(tmp_path / "b.xlsx", [("Lê An", "Nam", "15/09/2016")]), "--apply")
    assert (code, told["outcome"], told["rejected"][0]["row"]) == (1, "errors", 5)
    assert "Trùng họ tên, khác ngày sinh" in told["rejected"][0]["reason"]
    assert Person.objects.count() == 1


def test_only_the_named_sheets_are_read_hidden_ones_too(command, tmp_path):
    def lines(name):
        return [["STT", "Họ và tên", "Ngày sinh"], [1, name, "05/09/2016"]]

    sheets = {"4A": lines("Lê An"), "4B": lines("Lê Bình"), "4C": lines("Lê Chi")}
    path = save_sheets(tmp_path / "a.xlsx", sheets, hidden=["4C"])
    code, told = command(path)
    assert (code, told["new"], told["hidden_sheets"], sorted(told["columns"])) == (0, 2, ["4C"], ["4A", "4B"])
    code, told = command(path, "--sheet", "4A", "--sheet", "4C", "--apply")
    assert sorted(Person.objects.values_list("full_name", flat=True)) == ["Lê An", "Lê Chi"]


@pytest.mark.parametrize(("unit", "kind"), [("TH-A", "pupils"), ("TH-A", "staff"), ("THON-1", "households")])
def test_auto_recognises_the_kind(command, tmp_path, unit, kind):
    lines = {
        "pupils": [["DANH SÁCH HỌC SINH LỚP 4A"], ["STT", "Họ và tên", "Ngày sinh"], [1, "Lê An", "05/09/2016"]],
        "staff": [["STT", "Họ và tên", "Ngày sinh", "Chức danh"], [1, "Lê An", "05/09/1986", "Giáo viên"]],
        "households": [["STT", "Mã hộ", "Họ và tên chủ hộ", "Địa chỉ", "Số nhân khẩu"], [1, "H1", "Lê An", "Ngõ 1", 4]],
    }  # fmt: skip
    code, told = command(save_sheets(tmp_path / "a.xlsx", {"Sheet1": lines[kind]}), unit=unit, kind="auto")
    assert (code, told["kind"], told["new"]) == (0, kind, 1)


def test_a_unit_nobody_has_is_an_error_of_the_command(command, tmp_path):
    with pytest.raises(CommandError, match="không có đơn vị"):
        command(school_database_export(tmp_path / "a.xlsx", pupils(1)), unit="KHONG-CO")
