"""Finding the header of a list as schools really write it."""

from hbs_portal.lib.sheets.header import find_header, heading_key, rows_below
from hbs_portal.lib.sheets.reading import Cell, Row, Sheet

ALIASES = {
    "ordinal": ("STT", "TT"),
    "code": ("Mã định danh Bộ GD&ĐT", "Mã định danh", "Mã học sinh"),
    "full_name": ("Họ tên", "Họ và tên"),
    "born_on": ("Ngày sinh",),
}
REQUIRED = ("full_name", "born_on")


def sheet(*rows: tuple[Cell, ...], first: int = 1) -> Sheet:
    return Sheet("Lớp 4A", False, tuple(Row(number, cells) for number, cells in enumerate(rows, start=first) if cells))


NATIONAL = sheet(
    ("SỞ GIÁO DỤC VÀ ĐÀO TẠO",),
    ("DANH SÁCH HỌC SINH LỚP 4A",),
    (),
    ("STT", "Mã định danh Bộ GD&ĐT", "Họ tên", "Ngày sinh", "Dân tộc"),
    (1, "0123456789", "Lê An", "05/09/2015", "Kinh"),
    (2, None, None, None, "Kinh"),
    (3, "0123456790", "Vũ Bình", "06/09/2015"),
)


def test_the_header_of_a_national_export_is_found_on_row_4() -> None:
    match = find_header(NATIONAL.rows, ALIASES, REQUIRED)
    assert match is not None
    assert (match.row_number, match.is_complete) == (4, True)
    assert match.columns == {"ordinal": 0, "code": 1, "full_name": 2, "born_on": 3}
    assert match.headings["code"] == "Mã định danh Bộ GD&ĐT"
    assert match.unknown == {4: "Dân tộc"}


def test_headings_match_without_case_marks_line_breaks_brackets_and_stars() -> None:
    assert heading_key("HỌ VÀ\nTÊN (*)") == heading_key("Ho va ten *") == heading_key("Họ và tên:")
    match = find_header(sheet(("tt", "HỌ VÀ\nTÊN*", "Ngay sinh\u00a0(dd/mm/yyyy)")).rows, ALIASES, REQUIRED)
    assert match is not None
    assert match.columns == {"ordinal": 0, "full_name": 1, "born_on": 2}


def test_a_preferred_alias_wins_over_a_column_further_left() -> None:
    match = find_header(sheet(("Mã học sinh", "Mã định danh", "Họ tên", "Ngày sinh")).rows, ALIASES, REQUIRED)
    assert match is not None
    assert match.columns["code"] == 1
    assert match.unknown == {0: "Mã học sinh"}


def test_a_missing_required_column_is_named() -> None:
    match = find_header(sheet(("STT", "Họ tên", "Lớp")).rows, ALIASES, REQUIRED)
    assert match is not None
    assert (match.missing, match.is_complete) == (("born_on",), False)


def test_a_header_beyond_row_40_is_not_found() -> None:
    assert find_header(sheet(("STT", "Họ tên", "Ngày sinh"), first=40).rows, ALIASES, REQUIRED)
    assert find_header(sheet(("STT", "Họ tên", "Ngày sinh"), first=41).rows, ALIASES, REQUIRED) is None


def test_a_sheet_without_a_header_gives_none() -> None:
    assert find_header(sheet(("Họ tên",), (1, 2)).rows, ALIASES, REQUIRED) is None


def test_rows_below_are_read_by_field_and_rows_with_only_an_ordinal_are_none() -> None:
    match = find_header(NATIONAL.rows, ALIASES, REQUIRED)
    assert match is not None
    rows = list(rows_below(NATIONAL, match))
    assert [(row.sheet, row.number) for row in rows] == [("Lớp 4A", 5), ("Lớp 4A", 7)]
    assert rows[0].data == {"ordinal": 1, "code": "0123456789", "full_name": "Lê An", "born_on": "05/09/2015"}
    assert rows[0].error("code", "Mã trùng.").column == "Mã định danh Bộ GD&ĐT"
