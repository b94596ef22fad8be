"""Official sheets: written, opened again, looked at cell by cell."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from hbs_portal.lib.sheets.styles import MAX_CELL_CHARACTERS, CellValue, ColumnKind, safe_text
from hbs_portal.lib.sheets.writing import Column, GroupHeading, Letterhead, OfficialSheet, OfficialWorkbook

LETTERHEAD = Letterhead(
    agency_lines=("ỦY BAN NHÂN DÂN", "XÃ HÀ BẮC"),
    motto_lines=("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"),
    place="Hà Bắc",
    day=date(2026, 7, 5),
    signer_lines=("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
    signer_name="Phạm Đức Tiến",
    preparer_label="NGƯỜI LẬP BIỂU",
    recipients_label="Nơi nhận:",
    recipients=("- Lưu VT, VHXH./.",),
)
AS_OF = "(Số liệu phát sinh đến 30/6/2026, được duyệt đến 05/7/2026)"
Row = tuple[CellValue, ...]


def column(place: int, header: str, kind: ColumnKind, group: str = "") -> Column[Row]:
    return Column(header, lambda row: row[place], kind, group=group)


COLUMNS = [
    Column[Row]("STT", kind=ColumnKind.ORDINAL, width=6),
    column(0, "Đơn vị", ColumnKind.TEXT),
    column(1, "Mã", ColumnKind.CODE),
    column(2, "Tổng số", ColumnKind.INT, "K3. Học sinh"),
    column(3, "Tỷ lệ", ColumnKind.PERCENT, "K3. Học sinh"),
    column(4, "Ngày", ColumnKind.DATE),
]
PRIMARY: Row = ("Trường Tiểu học Hà Bắc", "0012", 1692, Decimal("0.899"), date(2026, 6, 30))


def sheet(rows: Sequence[Row | GroupHeading] = (PRIMARY,), **more: Any) -> OfficialSheet[Row]:
    words: dict[str, Any] = {"name": "Theo đơn vị", "title": "Kết quả theo đơn vị", "subtitles": (AS_OF,)}
    return OfficialSheet(columns=COLUMNS, rows=rows, **(words | more))


def written(tmp_path: Path, *sheets: OfficialSheet[Row]) -> list[Worksheet]:
    book = OfficialWorkbook(LETTERHEAD)
    for one in sheets:
        book.add_sheet(one)
    book.save(tmp_path / "báo cáo.xlsx")
    return list(load_workbook(tmp_path / "báo cáo.xlsx").worksheets)


def texts(worksheet: Worksheet) -> list[object]:
    return [cell.value for row in worksheet.iter_rows() for cell in row if cell.value is not None]


def row_of(worksheet: Worksheet, text: str) -> int:
    return next(cell.row for row in worksheet.iter_rows() for cell in row if cell.value == text)


def test_all_the_words_of_an_official_sheet_stand_on_it(tmp_path: Path) -> None:
    (worksheet,) = written(tmp_path, sheet(notes=["Ghi chú: số chính thức."]))
    found = texts(worksheet)
    for words in (
        *LETTERHEAD.agency_lines,
        *LETTERHEAD.motto_lines,
        "Hà Bắc, ngày 05 tháng 7 năm 2026",
        "KẾT QUẢ THEO ĐƠN VỊ",
        AS_OF,
        "Ghi chú: số chính thức.",
        "NGƯỜI LẬP BIỂU",
        "PHÓ CHỦ TỊCH",
        "Phạm Đức Tiến",
        "Nơi nhận:",
    ):
        assert words in found
    motto = worksheet.cell(row_of(worksheet, "Độc lập - Tự do - Hạnh phúc"), 1)
    assert row_of(worksheet, "XÃ HÀ BẮC") == motto.row
    title = worksheet.cell(row_of(worksheet, "KẾT QUẢ THEO ĐƠN VỊ"), 1)
    assert (title.font.name, title.font.bold, title.alignment.horizontal) == ("Times New Roman", True, "center")


def test_a_sheet_that_is_not_signed_has_no_signatures(tmp_path: Path) -> None:
    (worksheet,) = written(tmp_path, sheet(is_signed=False))
    assert "Phạm Đức Tiến" not in texts(worksheet)


def test_numbers_are_numbers_dates_are_dates_and_codes_are_text(tmp_path: Path) -> None:
    (worksheet,) = written(tmp_path, sheet())
    cells = worksheet[row_of(worksheet, "Trường Tiểu học Hà Bắc")]
    assert [cell.value for cell in cells] == [
        1,
        "Trường Tiểu học Hà Bắc",
        "0012",
        1692,
        0.899,
        datetime(2026, 6, 30),  # noqa: DTZ001 - a cell has no time zone
    ]
    assert [cell.number_format for cell in cells] == ["0", "@", "@", "#,##0", "0.0%", "dd/mm/yyyy"]


def test_a_percentage_shows_the_decimals_that_its_value_has(tmp_path: Path) -> None:
    rows: list[Row] = [("A", "", 1, Decimal("0.9009"), None), ("B", "", 1, Decimal(1), None)]
    (worksheet,) = written(tmp_path, sheet(rows))
    assert [worksheet.cell(row_of(worksheet, name), 5).number_format for name in "AB"] == ["0.00%", "0.0%"]


def test_a_word_stands_where_a_number_is_missing(tmp_path: Path) -> None:
    (worksheet,) = written(tmp_path, sheet([("A", "", "chưa báo cáo", "không áp dụng", None)]))
    cell = worksheet.cell(row_of(worksheet, "A"), 4)
    assert (cell.value, cell.data_type, cell.alignment.horizontal) == ("chưa báo cáo", "s", "center")
    assert worksheet.cell(cell.row, 6).value is None


@pytest.mark.parametrize("text", ["=1+1", "+84", "-", "@SUM(A1)", "\t=1", "＝1", "－1", "#N/A", " =1"])
def test_nothing_is_a_formula(tmp_path: Path, text: str) -> None:
    (worksheet,) = written(tmp_path, sheet([(text, text, text, text, text)], title=text, notes=[text]))
    cells = [cell for row in worksheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert {cell.data_type for cell in cells} == {"s"}
    data = worksheet[row_of(worksheet, "(1)") + 1][1:]
    assert [cell.value for cell in data] == [text] * 5
    assert all(cell.quotePrefix for cell in data) is (text != "#N/A")


def test_text_is_cut_to_what_a_cell_holds_and_loses_control_characters() -> None:
    assert safe_text("a\x00b\x1fc\ufffed\ud800\n") == "abcd\n"
    assert len(safe_text("x" * 40_000)) == MAX_CELL_CHARACTERS
    assert len(safe_text("😀" * 20_000).encode("utf-16-le")) <= MAX_CELL_CHARACTERS * 2


def test_grouped_columns_stand_under_one_heading_above_the_numbering_row(tmp_path: Path) -> None:
    (worksheet,) = written(tmp_path, sheet())
    top = row_of(worksheet, "STT")
    assert worksheet.cell(top, 4).value == "K3. Học sinh"
    assert [worksheet.cell(top + 1, place).value for place in (4, 5)] == ["Tổng số", "Tỷ lệ"]
    merged = {str(area) for area in worksheet.merged_cells.ranges}
    assert {f"D{top}:E{top}", f"A{top}:A{top + 1}"} <= merged
    assert [cell.value for cell in worksheet[top + 2]] == ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"]
    assert worksheet.freeze_panes == f"A{top + 3}"
    assert worksheet.print_title_rows == f"${top}:${top + 2}"


def test_no_cell_inside_the_data_is_merged(tmp_path: Path) -> None:
    rows = [GroupHeading("I", "Các trường"), PRIMARY]
    (worksheet,) = written(tmp_path, sheet(rows, totals=("", "Tổng cộng", "", 1692, None, None)))
    data = range(row_of(worksheet, "(1)"), row_of(worksheet, "Tổng cộng") + 1)
    assert not [area for area in worksheet.merged_cells.ranges if area.min_row in data]


def test_ordinals_start_anew_under_each_group_and_totals_are_bold(tmp_path: Path) -> None:
    rows = [GroupHeading("I", "Các trường"), PRIMARY, PRIMARY, GroupHeading("II", "Các thôn"), PRIMARY]
    (worksheet,) = written(tmp_path, sheet(rows, totals=("", "Tổng cộng", "", 5076, None, None)))
    start = row_of(worksheet, "(1)") + 1
    assert [worksheet.cell(start + place, 1).value for place in range(5)] == ["I", 1, 2, "II", 1]
    total = worksheet.cell(row_of(worksheet, "Tổng cộng"), 4)
    assert (total.value, total.font.bold, total.number_format) == (5076, True, "#,##0")


def test_the_page_is_a4_landscape_one_page_wide_with_the_number_top_centre(tmp_path: Path) -> None:
    (worksheet,) = written(tmp_path, sheet())
    setup = worksheet.page_setup
    assert (setup.orientation, setup.paperSize, setup.fitToWidth, setup.fitToHeight) == ("landscape", 9, 1, 0)
    assert worksheet.sheet_properties.pageSetUpPr.fitToPage
    assert worksheet.oddHeader.center.text == "&P"
    margins = worksheet.page_margins
    assert [round(side * 25.4) for side in (margins.top, margins.bottom, margins.left, margins.right)] == [
        20,
        20,
        30,
        20,
    ]


def test_a_long_text_makes_its_row_higher(tmp_path: Path) -> None:
    rows: list[Row] = [("ngắn", "", 1, None, None), ("Nội dung dài. " * 40, "", 1, None, None)]
    (worksheet,) = written(tmp_path, sheet(rows))
    first = row_of(worksheet, "ngắn")
    assert worksheet.row_dimensions[first + 1].height > 2 * worksheet.row_dimensions[first].height


def test_a_moment_is_written_as_the_clock_of_viet_nam_shows_it(tmp_path: Path) -> None:
    moment = datetime(2026, 7, 4, 18, 30, tzinfo=UTC)
    (worksheet,) = written(tmp_path, sheet([("A", "", 1, None, moment)]))
    cell = worksheet.cell(row_of(worksheet, "A"), 6)
    assert (cell.value.isoformat(), cell.number_format) == ("2026-07-05T01:30:00", "hh:mm dd/mm/yyyy")


def test_sheet_names_are_made_valid_and_unique(tmp_path: Path) -> None:
    names = ["Lớp 4/1", "LỚP 4-1", "Trường Tiểu học và Trung học cơ sở Hà Bắc"]
    worksheets = written(tmp_path, *(sheet(name=name) for name in names))
    assert [one.title for one in worksheets] == ["Lớp 4-1", "LỚP 4-1 (2)", "Trường Tiểu học và Trung học cơ"]


def test_a_failed_save_leaves_the_old_file_and_no_rubbish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "báo cáo.xlsx"
    path.write_bytes(b"old")
    book = OfficialWorkbook(LETTERHEAD)
    book.add_sheet(sheet())

    def fail(_handle: int) -> None:
        raise OSError

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError):  # noqa: PT011 - the bare failure of the disk
        book.save(path)
    assert [(found.name, found.read_bytes()) for found in tmp_path.iterdir()] == [("báo cáo.xlsx", b"old")]


def test_totals_need_one_value_a_column(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="one value a column"):
        written(tmp_path, sheet(totals=("Tổng cộng",)))
