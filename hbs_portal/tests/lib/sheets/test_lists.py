"""Lists of any length: written, opened again by three readers, looked at cell by cell."""

import csv
import shutil
import subprocess
import tracemalloc
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from hbs_portal.lib.sheets import streaming
from hbs_portal.lib.sheets.lists import LINE_POINTS, ListBook, ListColumn
from hbs_portal.lib.sheets.reading import read_workbook
from hbs_portal.lib.sheets.streaming import Value
from hbs_portal.lib.sheets.styles import MAX_CELL_CHARACTERS, ColumnKind

COLUMNS = [
    ListColumn("STT", ColumnKind.ORDINAL, 6),
    ListColumn("Họ và tên", width=30),
    ListColumn("Mã", ColumnKind.CODE),
    ListColumn("Ngày", ColumnKind.DATE),
]
TITLES = ("DANH SÁCH CÓ MẶT", "Đơn vị: Trường A")
FORMULA_LIKE = [
    "=1+1",
    "+84 912",
    "-Lý A Sử",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1",
    "＋1",
    "－1",
    "＠a",
    "  =1+1",
    "=cmd|' /C calc'!A0",
]
moment = datetime.fromisoformat


def saved(tmp_path: Path, rows: Iterable[Sequence[Value]], columns: Sequence[ListColumn] = COLUMNS) -> Path:
    book = ListBook()
    book.add_list("Danh sách", columns, rows, title_lines=TITLES)
    book.add_text("Ghi chú", [("Lý do", "=1+1")])
    book.save(tmp_path / "danh sách.xlsx")
    return tmp_path / "danh sách.xlsx"


def opened(tmp_path: Path, rows: Iterable[Sequence[Value]]) -> Worksheet:
    return load_workbook(saved(tmp_path, rows))["Danh sách"]


def one_value(tmp_path: Path, value: Value) -> object:
    book = ListBook()
    book.add_list("Một", [ListColumn("Cột")], [(value,)])
    book.save(tmp_path / "một.xlsx")
    return load_workbook(tmp_path / "một.xlsx")["Một"]["A2"]


def test_numbers_are_numbers_days_are_days_and_codes_keep_their_zeros(tmp_path):
    row = next(opened(tmp_path, [(1, "Nguyễn Thị Lan", "0012", date(2026, 9, 5))]).iter_rows(min_row=5))
    assert [cell.value for cell in row] == [1, "Nguyễn Thị Lan", "0012", moment("2026-09-05")]
    assert [cell.data_type for cell in row] == ["n", "s", "s", "d"]
    assert [cell.number_format for cell in row] == ["General", "@", "@", "dd/mm/yyyy"]


@pytest.mark.parametrize("text", FORMULA_LIKE)
def test_no_text_becomes_a_formula_and_the_cell_says_that_it_is_text(text, tmp_path):
    cell = one_value(tmp_path, text)
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)
    with ZipFile(tmp_path / "một.xlsx") as package:
        assert b"<f>" not in b"".join(package.read(name) for name in package.namelist())


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("5 < 6 & 7 > 6 \"x\" 'y' ]]>", "5 < 6 & 7 > 6 \"x\" 'y' ]]>"),
        ("  hai đầu  ", "  hai đầu  "),
        ("dòng một\ndòng hai", "dòng một\ndòng hai"),
        ("\x00nguy\x0bhiểm\x1f\ufffe\ud800", "nguyhiểm"),
        ("😀" * 20_000, "😀" * (MAX_CELL_CHARACTERS // 2)),
        ("H'Mai Êban", "H'Mai Êban"),
        ("", None),
        (None, None),
    ],
)
def test_a_text_comes_back_as_it_was_but_for_what_a_cell_cannot_hold(text, read, tmp_path):
    assert one_value(tmp_path, text).value == read


def test_a_text_that_looks_like_a_code_of_the_format_is_not_taken_for_one(tmp_path):
    saved(tmp_path, [(1, "_x0041_", None, None)])
    (row,) = read_workbook(tmp_path / "danh sách.xlsx", filename="a.xlsx").sheets[0].rows[3:]
    assert row.cell(1) == "_x0041_"


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (moment("2026-09-05 13:30:15"), moment("2026-09-05 13:30:15")),
        (datetime(2026, 9, 5, 18, 0, tzinfo=UTC), moment("2026-09-06 01:00")),
        (date(1900, 3, 1), moment("1900-03-01")),
        (date(1899, 12, 31), "31/12/1899"),
        (Decimal("12.50"), 12.5),
        (-7, -7),
    ],
)
def test_moments_are_local_and_days_that_excel_does_not_know_are_text(value, read, tmp_path):
    assert one_value(tmp_path, value).value == read


def test_a_value_met_again_is_the_same_cell_again(tmp_path):
    people = [
        (number, f"Em {number % 7}", f"{number % 5:04d}", date(2026, 1, 1 + number % 28)) for number in range(2_500)
    ]
    read = [tuple(cell.value for cell in row) for row in opened(tmp_path, iter(people)).iter_rows(min_row=5)]
    assert read == [(*row[:3], moment(str(row[3]))) for row in people]


def test_texts_beyond_what_is_kept_stand_in_the_cells_themselves(tmp_path, monkeypatch):
    monkeypatch.setattr(streaming, "SHARED_TEXTS", 3)
    monkeypatch.setattr(streaming, "KEPT_VALUES", 2)
    rows = [(number, f"Em {number}", f"M{number % 4}", None) for number in range(10)]
    read = [tuple(cell.value for cell in row) for row in opened(tmp_path, rows).iter_rows(min_row=5)]
    assert read == rows


def test_rows_that_a_sheet_cannot_hold_go_on_in_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(streaming, "MOST_ROWS", 10)
    book = load_workbook(saved(tmp_path, [(number, f"Em {number}", None, None) for number in range(14)]))
    assert book.sheetnames == ["Danh sách", "Ghi chú", "Danh sách (2)", "Danh sách (3)"]
    lists = [book[name] for name in book.sheetnames if name != "Ghi chú"]
    assert [one.max_row for one in lists] == [10, 10, 6]
    assert [cell.value for one in lists for (cell,) in one.iter_rows(min_row=5, max_col=1)] == list(range(14))
    assert [(one["A1"].value, one["B4"].value, one.print_title_rows) for one in lists] == [
        (TITLES[0], "Họ và tên", "$4:$4")
    ] * 3


def test_a_sheet_that_grows_too_large_for_its_part_goes_on_in_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(streaming, "MOST_BYTES", 100)
    monkeypatch.setattr(streaming, "ROWS_AT_ONCE", 4)
    book = load_workbook(saved(tmp_path, [(number, "Em", None, None) for number in range(8)]))
    assert book.sheetnames == ["Danh sách", "Ghi chú", "Danh sách (2)"]


def test_a_list_is_ready_to_print_and_to_filter(tmp_path):
    sheet = opened(tmp_path, [(1, "Em", "01", None), (2, "Anh", "02", None)])
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("A5", "A4:D6", "$4:$4")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
    assert [sheet.column_dimensions[letter].width for letter in "AB"] == [6, 30]


def test_headings_have_room_for_their_lines_and_every_letter_is_times_new_roman(tmp_path):
    columns = [COLUMNS[0], ListColumn("Ngày hoạt động cuối cùng của đơn vị", width=14)]
    book = load_workbook(saved(tmp_path, [(1, "a")], columns))
    listed = book["Danh sách"]
    assert listed.row_dimensions[4].height == 4 * LINE_POINTS + 3
    assert {cell.font.name for sheet in book for row in sheet.iter_rows() for cell in row} == {"Times New Roman"}


def test_notes_print_on_the_width_of_one_page(tmp_path):
    notes = load_workbook(saved(tmp_path, []))["Ghi chú"]
    assert (notes.sheet_properties.pageSetUpPr.fitToPage, notes.page_setup.fitToHeight) == (True, 0)
    assert (notes.page_setup.orientation, notes.print_title_rows) == ("landscape", None)


def test_an_empty_list_has_nothing_to_filter(tmp_path):
    sheet = opened(tmp_path, [])
    assert (sheet.auto_filter.ref, sheet.max_row) == (None, 4)


def test_a_row_of_another_length_is_an_error(tmp_path):
    with pytest.raises(ValueError, match="argument"):
        saved(tmp_path, [(1, "Em", "01", None), (2, "Anh")])


def test_no_part_says_a_wrong_size_and_none_needs_zip64(tmp_path):
    with ZipFile(saved(tmp_path, [(1, "Em", "01", None)])) as package:
        assert b"<dimension" not in package.read("xl/worksheets/sheet1.xml")
        assert max(part.extract_version for part in package.infolist()) == 20
        assert package.testzip() is None


def test_the_portal_reads_its_own_list(tmp_path):
    rows = [(1, "=1+1", "0012", date(2026, 9, 5)), (2, "Bình & An", "07", None)]
    sheet = read_workbook(saved(tmp_path, rows), filename="danh sách.xlsx").sheets[0]
    assert [row.cells for row in sheet.rows[3:]] == [(1, "=1+1", "0012", date(2026, 9, 5)), (2, "Bình & An", "07")]


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_opens_it(tmp_path):
    rows = [(number, f"=Em {number}", "0012", date(2026, 9, 5)) for number in range(1, 3)]
    command = [
        "soffice",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        "--convert-to",
        "csv:Text - txt - csv (StarCalc):44,34,76,1",
    ]
    subprocess.run(
        [*command, "--outdir", tmp_path, saved(tmp_path, rows)], check=True, capture_output=True, timeout=600
    )
    with (tmp_path / "danh sách.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    assert lines[4:] == [["1", "=Em 1", "0012", "05/09/2026"], ["2", "=Em 2", "0012", "05/09/2026"]]


def test_memory_does_not_grow_with_the_list(tmp_path):
    def peak(count: int) -> int:
        rows = ((number, f"Em {number}", f"{number:06d}", date(2026, 9, 5)) for number in range(count))
        tracemalloc.start()
        saved(tmp_path, rows)
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    streaming_bound = peak(70_000)
    assert peak(140_000) < 1.1 * streaming_bound
