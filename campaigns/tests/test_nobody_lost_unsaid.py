"""Who is read, left out or told of: nobody is taken for present who left, nobody is lost without a word."""

from datetime import date

import pytest

from campaigns.importers.examining import ListFor, examine
from campaigns.importers.other_units import short_form
from campaigns.importers.understanding.notes import tells_of_leaving
from campaigns.tests.sheets import save_sheets
from hbs_portal.lib.importing import SourceRow

HEADING = ["STT", "Họ và tên", "Ngày sinh", "Lớp"]


@pytest.fixture
def check(cast, tmp_path):
    """check(lines) gives what the lines of a sheet would do as a list of pupils of school A."""

    def run(lines):
        path = save_sheets(tmp_path / "a.xlsx", {"S": lines})
        return examine(
            path, file_name=path.name, kind="PUPILS", list_for=ListFor(cast.officer, cast.a, date(2026, 9, 5))
        )

    return run


@pytest.mark.parametrize(
    ("note", "has_left"),
    [
        ("Đã chuyển trường", True),
        ("Chuyển đi 10/2026", True),
        ("xin thôi học", True),
        ("Chuyển đến từ Thôn Đông", False),
        ("Chuyển trường từ Tiểu học B", False),
        ("con thương binh", False),
        ("nghỉ học có phép", False),
        ("", False),
    ],
)
def test_a_note_tells_who_left(note, has_left):
    assert tells_of_leaving(note) is has_left


def test_who_left_by_the_note_is_left_out_and_named(check):
    checked = check(
        [
            [*HEADING, "Ghi chú"],
            [1, "Lê An", "05/09/2016", "4A", "Đã chuyển trường"],
            [2, "Lê Bình", "06/09/2016", "4A", "dị ứng"],
        ]
    )
    assert [outcome.row.cleaned["full_name"] for outcome in checked.report.new] == ["Lê Bình"]
    assert [(row.row, row.reason) for row in checked.report.left_out] == [(2, "Ghi chú “Đã chuyển trường”: Lê An")]
    assert "dị ứng" not in str([dict(row.data) for row in checked.reading.rows])


def test_a_numbered_person_with_a_day_is_no_total(check):
    checked = check([HEADING, [1, "Cộng Thị Hoa", "05/09/2016", "4A"], ["", "Tổng cộng", 1], ["Cộng", "", ""]])
    assert [outcome.row.cleaned["full_name"] for outcome in checked.report.new] == ["Cộng Thị Hoa"]


def test_names_that_stand_alone_are_told_and_signatures_are_not(check):
    checked = check([HEADING[:3], ["", "Lê An"], ["", "Lê Bình"], ["", "Giáo viên chủ nhiệm"], ["", "Vũ Thị Hồng"]])
    assert not checked.report.new
    [warning] = checked.reading.warnings
    assert "dòng 2, 3 chỉ có tên" in warning
    assert "Lê An" not in warning


def test_a_note_in_the_cell_of_the_name_is_an_error(check):
    checked = check(
        [HEADING, [1, "Lê An (nghỉ học)", "05/09/2016", "4A"], [2, "Lê Bình - đã chuyển", "06/09/2016", "4A"]]
    )
    assert [error.row for error in checked.report.errors] == [2, 3]
    assert "“(nghỉ học)”" in checked.report.errors[0].reason


def test_a_school_that_the_commune_does_not_have_is_told(check, cast):
    lines = [
        [*HEADING, "Trường"],
        [1, "Lê An", "05/09/2016", "4A", "Trường Tiểu học Nơi Khác"],
        [2, "Lê Bình", "06/09/2016", "4A", cast.a.name],
    ]
    checked = check(lines)
    [warning] = checked.reading.warnings
    assert "“Trường Tiểu học Nơi Khác”" in warning
    assert "1 dòng (từ dòng 2)" in warning


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Trường Tiểu học Bắc Hà", "TH Bắc Hà"),
        ("Trường THCS Bắc Hà", "Trung học cơ sở bắc hà"),
        ("Thôn Đông Hạ", "Đông Hạ"),
    ],
)
def test_spellings_of_one_unit_share_a_short_form(one, other):
    assert short_form(one) == short_form(other)
    assert short_form(one) != short_form("Trường TH&THCS Bắc Hà")


def test_a_wrong_cell_is_shown_as_its_sheet_shows_it():
    assert SourceRow("S", 2, {"code": 112345680.0}).error("code", "").value == "112345680"
    assert SourceRow("S", 2, {"day": date(2030, 4, 3)}).error("day", "").value == "03/04/2030"
