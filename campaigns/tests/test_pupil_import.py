"""Pupil lists: what is understood of them, what they do to the roster, what is refused."""

from datetime import date, datetime
from pathlib import Path

import pytest

from campaigns.choices import Group
from campaigns.importers.examining import ListFor, examine
from campaigns.importers.layouts import PUPIL_LAYOUT
from campaigns.importers.understanding import class_in_title, column_letter, understand
from campaigns.models import Membership, Person
from campaigns.services.imports.applying import write_checked
from campaigns.tests.sheets import SECRETS, class_list, pupils, save_sheets, school_database_export
from hbs_portal.lib.sheets.container import RefusedFile
from hbs_portal.lib.sheets.reading import read_workbook

DAY = date(2026, 9, 5)
LATER = date(2026, 10, 1)
LIST = [("Trần Thị Bé", "Nữ", "05/09/2016"), ("Đỗ Văn An", "Nam", datetime(2016, 1, 2))]  # noqa: DTZ001


@pytest.fixture
def bring(cast, tmp_path):
    """bring(path, apply=…) reads a file for school A as the editor does; `office=True` may take pupils over."""

    def run(path: Path, *, apply=True, unit=None, day=DAY, office=False):
        actor = cast.officer if office else cast.editor_a
        checked = examine(path, file_name=path.name, kind="PUPILS", list_for=ListFor(actor, unit or cast.a, day))
        if apply and checked.report.can_be_applied:
            write_checked(checked, (), None)
        return checked.report

    return run


def export(tmp_path, rows, **options):
    return school_database_export(tmp_path / "export.xlsx", rows, **options)


def reading_of(path):
    return understand(read_workbook(path, filename=path.name), PUPIL_LAYOUT)


def counts(report):
    lists = (report.new, report.changed, report.unchanged, report.left_out, report.errors)
    return tuple(len(rows) for rows in lists)


def roster(unit):
    rows = Membership.objects.filter(unit=unit).order_by("starts_on", "person__sort_key")
    return list(rows.values_list("person__full_name", "class_name", "starts_on", "ends_on"))


def test_the_school_database_export_is_understood(tmp_path):
    sheet = reading_of(export(tmp_path, pupils(3))).sheets[0]
    assert (sheet.header_row, len(sheet.rows)) == (4, 3)
    assert sheet.class_from == "cột K “Lớp học”"
    assert dict(sheet.columns) == {
        "ordinal": "A", "code": "B", "full_name": "C", "birth_date": "D", "gender": "E", "status": "G",
        "class_name": "K",
    }  # fmt: skip
    assert sheet.rows[0].number == 5


def test_pupils_are_written_with_their_codes_as_text(bring, cast, tmp_path):
    report = bring(export(tmp_path, [("0012345678", "Nguyễn Văn An", "05/09/2016", "Nam", "4A")]))
    assert report.applied
    person = Person.objects.get()
    assert (person.code, person.birth_date, person.gender) == ("0012345678", date(2016, 9, 5), "MALE")
    assert person.search_key == "nguyen van an 0012345678"
    assert roster(cast.a) == [("Nguyễn Văn An", "4A", DAY, None)]


def test_only_what_is_needed_reaches_the_database(bring, tmp_path):
    report = bring(export(tmp_path, pupils(1)))
    source = report.new[0].row.source
    assert not set(SECRETS) & {str(value) for value in source.data.values()}
    assert not any(secret in str(Person.objects.values().get()) for secret in SECRETS)


def test_who_does_not_study_any_more_is_left_out_and_counted(bring, tmp_path):
    path = export(tmp_path, pupils(3), status=["Đang học", "Đã chuyển trường", "ĐANG HỌC"])
    report = bring(path)
    assert counts(report) == (2, 0, 0, 1, 0)
    assert (report.left_out[0].row, report.left_out[0].reason) == (6, "Trạng thái “Đã chuyển trường”: Nguyễn Văn Em C")


def test_the_same_file_twice_changes_nothing(bring, cast, tmp_path):
    path = export(tmp_path, pupils(5))
    bring(path)
    before = roster(cast.a)
    report = bring(path)
    assert counts(report) == (0, 0, 5, 0, 0)
    assert not report.applied
    assert roster(cast.a) == before
    assert counts(bring(path, day=LATER)) == (0, 0, 5, 0, 0)


def test_a_class_list_without_codes_twice_changes_nothing(bring, cast, tmp_path):
    path = class_list(tmp_path / "4a.xlsx", LIST)
    assert counts(bring(path))[:3] == (2, 0, 0)
    assert counts(bring(path))[:3] == (0, 0, 2)


def test_closing_lines_are_never_pupils(bring, cast, tmp_path):
    path = class_list(tmp_path / "4a.xlsx", LIST)
    report = bring(path)
    assert sorted(name for name, *_ in roster(cast.a)) == ["Trần Thị Bé", "Đỗ Văn An"]
    assert any("Giáo viên chủ nhiệm" in row.reason for row in reading_of(path).other_lines)
    assert not report.left_out
    assert not report.errors


def test_a_total_and_a_repeated_header_are_nobody(bring, cast, tmp_path):
    lines = [
        ["Lớp: 4B"], ["STT", "Họ và tên", "Ngày sinh"], [1, 2, 3], [1, "Lê An", "05/09/2016"],
        ["STT", "Họ và tên", "Ngày sinh"], [2, "Lê Bé", "06/09/2016"], ["", "Tổng cộng", 2],
    ]  # fmt: skip
    report = bring(save_sheets(tmp_path / "a.xlsx", {"Sheet1": lines}))
    assert counts(report) == (2, 0, 0, 0, 0)
    assert {class_name for _, class_name, *_ in roster(cast.a)} == {"4B"}


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("DANH SÁCH HỌC SINH LỚP 4A NĂM HỌC 2025-2026", "4A"),
        ("Lớp: 10A2", "10A2"),
        ("DANH SÁCH LỚP 5 B", "5 B"),
        ("Danh sách lớp 5/1", "5/1"),
        ("DANH SÁCH LỚP 5 TUỔI A", ""),
        ("DANH SÁCH HỌC SINH", ""),
        (None, ""),
    ],
)
def test_the_class_is_read_from_a_title(title, name):
    assert class_in_title(title) == name


@pytest.mark.parametrize(("name", "where"), [("4C", "tên trang tính"), ("Lớp 4C", "tên trang tính")])
def test_the_class_is_read_from_the_sheet_name(tmp_path, bring, cast, name, where):
    path = class_list(tmp_path / "a.xlsx", LIST, in_title=False, sheet_name=name)
    assert reading_of(path).sheets[0].class_from == where
    bring(path)
    assert {class_name for _, class_name, *_ in roster(cast.a)} == {"4C"}


def test_a_list_that_names_no_class_is_an_error_said_once(bring, tmp_path):
    report = bring(class_list(tmp_path / "a.xlsx", LIST, in_title=False))
    assert len(report.folded_errors) == 1
    assert report.folded_errors[0].rows_text == "5-6"
    assert "Chưa biết lớp" in report.folded_errors[0].reason


def test_names_in_two_columns_are_joined(bring, cast, tmp_path):
    bring(class_list(tmp_path / "a.xlsx", LIST, split_names=True))
    assert sorted(name for name, *_ in roster(cast.a)) == ["Trần Thị Bé", "Đỗ Văn An"]


def test_hidden_and_other_sheets_are_told(tmp_path):
    lines = [["STT", "Họ và tên", "Ngày sinh"], [1, "Lê An", "05/09/2016"]]
    sheets = {"4A": lines, "4B": lines, "Hướng dẫn": [["Điền theo mẫu"]]}
    reading = reading_of(save_sheets(tmp_path / "a.xlsx", sheets, hidden=["4B"]))
    assert [sheet.name for sheet in reading.sheets] == ["4A"]
    assert (reading.hidden_sheets, reading.other_sheets) == (("4B",), ("Hướng dẫn",))


def test_a_wrong_declared_size_loses_no_pupils(bring, tmp_path):
    assert counts(bring(export(tmp_path, pupils(300), dimension="A1:BS4"), apply=False))[0] == 300


def test_a_wrong_date_is_named_with_sheet_row_and_column_and_nothing_is_written(bring, tmp_path):
    rows = pupils(3)
    rows[1] = (*rows[1][:2], "30/02/2016", *rows[1][3:])
    report = bring(export(tmp_path, rows))
    error = report.errors[0]
    assert (error.sheet, error.row, error.column, error.value) == ("Danh sách", 6, "Ngày sinh", "30/02/2016")
    assert "Không có ngày 30/02/2016" in error.reason
    assert not report.applied
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        (1, 12345678, "Excel đã làm mất số 0"),
        (2, "Nguyễn Văn 4", "chữ số"),
        (2, "", "Chưa có họ tên"),
        (3, "05/09/16", "bốn chữ số"),
        (3, "05/09/2090", "sau hôm nay"),
        (4, "X", "Nam hoặc Nữ"),
        (10, datetime(2026, 4, 1), "đổi tên lớp thành ngày"),  # noqa: DTZ001
    ],
)
def test_a_wrong_cell_is_an_error(bring, tmp_path, column, value, sentence):
    row = list(pupils(1)[0])
    row[{1: 0, 2: 1, 3: 2, 4: 3, 10: 4}[column]] = value
    report = bring(export(tmp_path, [row]))
    assert [sentence in error.reason for error in report.errors] == [True]
    assert not Person.objects.exists()


def test_a_row_without_code_and_birth_date_is_an_error_not_a_closing_line(bring, tmp_path):
    report = bring(class_list(tmp_path / "a.xlsx", [("Lê Văn Quên", "Nam", ""), *LIST]))
    assert [(error.row, error.column) for error in report.errors] == [(5, "Ngày sinh")]


def test_decomposed_names_with_odd_spaces_are_stored_in_one_form(bring, tmp_path):
    bring(class_list(tmp_path / "a.xlsx", [("Nguye\u0302\u0303n\u00a0 Va\u0306n\u200b A", "Nam", "05/09/2016")]))
    assert Person.objects.get().full_name == "Nguyễn Văn A"


def test_the_same_pupil_twice_in_a_file_is_an_error(bring, tmp_path):
    rows = pupils(2)
    report = bring(export(tmp_path, [*rows, rows[0]]))
    assert [(error.row, error.value) for error in report.errors] == [(7, rows[0][0])]
    assert "đã có ở dòng 5" in report.errors[0].reason


def test_without_codes_a_pupil_is_known_by_name_birth_date_and_unit(bring, cast, tmp_path, make_person):
    person = make_person(cast.a, "TRẦN THỊ BÉ", class_name="4A")
    Person.objects.filter(pk=person.pk).update(birth_date=date(2016, 9, 5))
    report = bring(class_list(tmp_path / "a.xlsx", LIST[:1]))
    assert report.changed[0].changes == {"Họ và tên": ("TRẦN THỊ BÉ", "Trần Thị Bé"), "Giới tính": ("", "Nữ")}
    assert Person.objects.get().full_name == "Trần Thị Bé"
    assert Person.objects.get().version == 2


def test_a_code_is_filled_in_for_a_pupil_known_by_name(bring, cast, tmp_path):
    bring(class_list(tmp_path / "a.xlsx", LIST[:1]))
    report = bring(export(tmp_path, [("0012345678", "Trần Thị Bé", "05/09/2016", "Nữ", "4A")]))
    assert report.changed[0].changes == {"Mã định danh": ("", "0012345678")}
    assert Person.objects.count() == 1


def test_a_code_that_belongs_to_somebody_else_is_an_error(bring, cast, tmp_path, make_person):
    make_person(cast.a, "Lê Hải", code="0012345678", class_name="4A")
    report = bring(export(tmp_path, [("0012345678", "Trần Thị Bé", "05/09/2016", "Nữ", "4A")]))
    assert "người khác" in report.errors[0].reason
    assert "Lê Hải" not in report.errors[0].reason


def test_another_class_holds_from_the_effective_day(bring, cast, tmp_path):
    bring(export(tmp_path, pupils(1)), day=DAY)
    report = bring(export(tmp_path, pupils(1, "4B")), day=LATER)
    assert report.changed[0].changes == {"Lớp": ("4A", "4B")}
    name = pupils(1)[0][1]
    assert roster(cast.a) == [(name, "4A", DAY, date(2026, 9, 30)), (name, "4B", LATER, None)]
    assert counts(bring(export(tmp_path, pupils(1, "4B")), day=LATER)) == (0, 0, 1, 0, 0)


def test_another_class_on_the_same_day_is_a_correction(bring, cast, tmp_path):
    bring(export(tmp_path, pupils(1)))
    bring(export(tmp_path, pupils(1, "4B")))
    assert roster(cast.a) == [(pupils(1)[0][1], "4B", DAY, None)]


def test_another_class_before_the_known_one_is_an_error(bring, tmp_path):
    bring(export(tmp_path, pupils(1)), day=LATER)
    report = bring(export(tmp_path, pupils(1, "4B")), day=DAY)
    assert "Hãy chọn ngày có mặt từ ngày đó" in report.errors[0].reason


def test_an_editor_takes_nobody_out_of_another_school(bring, cast, tmp_path):
    bring(export(tmp_path, pupils(1, "5A")), unit=cast.b)
    report = bring(export(tmp_path, pupils(2)), day=LATER)
    assert [error.row for error in report.errors] == [5]
    assert "đang học tại Trường THCS B" in report.errors[0].reason
    assert "Phòng Văn hóa - Xã hội" in report.errors[0].reason
    assert Membership.objects.count() == 1


def test_the_office_moves_a_pupil_who_stays_one_person(bring, cast, tmp_path):
    bring(export(tmp_path, pupils(1, "5A")), unit=cast.b)
    report = bring(export(tmp_path, pupils(1)), day=LATER, office=True)
    assert report.changed[0].changes == {"Trường": ("Trường THCS B", "Trường Tiểu học A"), "Lớp": ("5A", "4A")}
    assert Person.objects.count() == 1
    name = pupils(1)[0][1]
    assert roster(cast.b) == [(name, "5A", DAY, date(2026, 9, 30))]
    assert roster(cast.a) == [(name, "4A", LATER, None)]


def test_a_leaver_comes_back_as_the_same_person(bring, cast, tmp_path):
    bring(export(tmp_path, pupils(1)))
    Membership.objects.update(ends_on=date(2026, 9, 20))
    assert "đã thôi học" in bring(export(tmp_path, pupils(1))).errors[0].reason
    report = bring(export(tmp_path, pupils(1)), day=LATER)
    assert report.changed[0].changes == {"Có mặt lại": ("", "từ 01/10/2026, lớp 4A")}
    assert Person.objects.count() == 1


def test_a_code_of_the_staff_is_no_pupil(bring, cast, tmp_path, make_person):
    make_person(cast.a, pupils(1)[0][1], group=Group.TEACHER, code=pupils(1)[0][0])
    assert "không phải học sinh" in bring(export(tmp_path, pupils(1))).errors[0].reason


def test_the_same_code_in_another_commune_is_somebody_else(bring, cast, tmp_path, make_person):
    make_person(cast.other_school, "Lê Hải", code=pupils(1)[0][0])
    assert counts(bring(export(tmp_path, pupils(1))))[0] == 1
    assert Person.objects.count() == 2


def test_a_workbook_without_a_table_of_pupils_is_refused(bring, tmp_path):
    with pytest.raises(RefusedFile, match="Không tìm thấy bảng học sinh"):
        bring(save_sheets(tmp_path / "a.xlsx", {"Sheet1": [["STT", "Tên sách"], [1, "Truyện Kiều"]]}))


def test_queries_do_not_grow_with_rows(bring, tmp_path, django_assert_max_num_queries):
    bring(export(tmp_path, pupils(1, first=900)))
    costs = []
    for first, count in ((1, 2), (100, 60)):
        path = export(tmp_path, pupils(count, first=first))
        with django_assert_max_num_queries(12) as queries:
            bring(path)
        changed = export(tmp_path, pupils(count, "4B", first=first))
        with django_assert_max_num_queries(14) as more:
            bring(changed, day=LATER)
        costs.append((len(queries), len(more)))
    assert costs[0] == costs[1]


@pytest.mark.parametrize(("index", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_have_the_letters_of_excel(index, letter):
    assert column_letter(index) == letter
