"""Reading .xlsx: what is refused before parsing, what the limited child process gives back."""

import re
import struct
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from hbs_portal.lib.sheets import child, container
from hbs_portal.lib.sheets.container import RefusedFile, check_container
from hbs_portal.lib.sheets.reading import read_workbook
from hbs_portal.tests.lib.sheets.cost import MOST_SECONDS, processor_seconds
from hbs_portal.tests.lib.sheets.good_files import SHEET, repacked, roster, saved


@pytest.fixture
def refusal(tmp_path: Path) -> Callable[[bytes], str]:
    def refuse(content: bytes) -> str:
        path = tmp_path / "tệp.xlsx"
        path.write_bytes(content)
        before = processor_seconds()
        with pytest.raises(RefusedFile) as caught:
            read_workbook(path, filename="tệp.xlsx")
        assert processor_seconds() - before < MOST_SECONDS
        return str(caught.value)

    return refuse


def read(tmp_path: Path, content: bytes) -> dict[str, list[tuple[object, ...]]]:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    return {sheet.name: [row.cells for row in sheet.rows] for sheet in read_workbook(path, filename="a.xlsx").sheets}


def test_rows_are_numbered_as_excel_shows_them_and_hidden_sheets_are_marked(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(roster())
    book = read_workbook(path, filename="Lớp 4A.xlsx")
    assert [(sheet.name, sheet.hidden) for sheet in book.sheets] == [("Lớp 4A", False), ("Ẩn", True)]
    assert [sheet.name for sheet in book.visible_sheets] == ["Lớp 4A"]
    assert [row.number for row in book.sheets[0].rows] == [2, 4, 5, 6, 7]
    last = book.sheets[0].rows[-1]
    assert last.cells == (3, "0000000003", "Nguyễn Văn 3", date(2015, 9, 5))
    assert last.cell(99) is None


@pytest.mark.parametrize("declared", ["A1:BS4", "A1", "A1:XFD1048576", "C3:D4"])
def test_a_wrong_declared_sheet_size_loses_no_rows(tmp_path: Path, declared: str) -> None:
    def lie(parts: dict[str, bytes]) -> None:
        parts[SHEET] = re.sub(rb'<dimension ref="[^"]*"', f'<dimension ref="{declared}"'.encode(), parts[SHEET])

    rows = read(tmp_path, repacked(roster(3000), lie))["Lớp 4A"]
    assert len(rows) == 3002
    assert rows[-1][1] == "0000003000"


def test_formulas_are_not_evaluated(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["=1+1", '=WEBSERVICE("http://example.org")', "còn"])
    assert read(tmp_path, saved(book))["Sheet"] == [(None, None, "còn")]


def test_an_empty_file_is_refused(refusal: Callable[[bytes], str]) -> None:
    assert refusal(b"") == container.EMPTY


def test_a_file_over_ten_megabytes_is_refused(refusal: Callable[[bytes], str]) -> None:
    assert refusal(b"PK" + b"\0" * container.MAX_FILE_BYTES) == container.TOO_LARGE


def test_an_encrypted_workbook_says_how_to_take_off_the_password(refusal: Callable[[bytes], str]) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    assert refusal(ole + "EncryptedPackage".encode("utf-16-le")) == container.ENCRYPTED
    assert "bỏ mật khẩu (Tệp > Thông tin > Bảo vệ)" in container.ENCRYPTED


@pytest.mark.parametrize(
    "content, words",
    [
        (b"\x09\x08\x10\x00 records without a container", "Excel rất cũ"),
        (b"\xff\xd8\xff\xe0 JFIF", "ảnh"),
        (b"%PDF-1.4", "PDF"),
        (b"{\\rtf1", "Word"),
        (b"Rar!", "tệp nén"),
        (b"<?xml version='1.0'?><a/>", "không phải là bảng tính"),
    ],
)
def test_what_is_no_workbook_is_named_and_the_way_out_told(
    refusal: Callable[[bytes], str], content: bytes, words: str
) -> None:
    sentence = refusal(content)
    assert words in sentence
    assert "Hãy" in sentence


def test_a_zip_that_is_no_workbook_is_refused(refusal: Callable[[bytes], str]) -> None:
    assert refusal(repacked(roster(), lambda parts: parts.pop("xl/workbook.xml") and None)) == container.NOT_A_WORKBOOK


def test_a_truncated_workbook_is_refused(refusal: Callable[[bytes], str]) -> None:
    assert refusal(roster()[:-200]) == container.DAMAGED


def test_a_workbook_with_a_broken_part_is_refused(refusal: Callable[[bytes], str]) -> None:
    def cut(parts: dict[str, bytes]) -> None:
        parts[SHEET] = parts[SHEET][:400]

    assert refusal(repacked(roster(), cut)) == container.DAMAGED


def test_a_zip_bomb_is_refused_by_its_ratio(refusal: Callable[[bytes], str]) -> None:
    def swell(parts: dict[str, bytes]) -> None:
        parts[SHEET] = b" " * 20_000_000

    assert refusal(repacked(roster(), swell)) == container.BLOATED


def test_too_many_parts_are_refused(refusal: Callable[[bytes], str]) -> None:
    def multiply(parts: dict[str, bytes]) -> None:
        parts.update({f"xl/media/{number}.png": b"x" for number in range(1_001)})

    assert refusal(repacked(roster(), multiply)) == container.BLOATED


def test_a_part_that_lies_about_its_size_is_refused(refusal: Callable[[bytes], str]) -> None:
    content = bytearray(roster(2000))
    start = content.rfind(b"PK\x01\x02", 0, content.rfind(SHEET.encode()))
    struct.pack_into("<I", content, start + 24, 100)
    assert refusal(bytes(content)) == container.DAMAGED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_document_type_declaration_is_refused(refusal: Callable[[bytes], str], encoding: str) -> None:
    def declare(parts: dict[str, bytes]) -> None:
        parts["xl/sharedStrings.xml"] = '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode(encoding)

    assert refusal(repacked(roster(), declare)) == container.UNSAFE


def test_a_workbook_with_macros_is_refused(refusal: Callable[[bytes], str]) -> None:
    assert refusal(repacked(roster(), lambda parts: parts.update({"xl/vbaProject.bin": b"x"}))) == container.MACROS


def test_a_stray_cell_at_the_far_corner_is_left_out_and_named(tmp_path: Path) -> None:
    def stray(parts: dict[str, bytes]) -> None:
        cell = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        parts[SHEET] = parts[SHEET].replace(b"</sheetData>", cell)

    path = tmp_path / "a.xlsx"
    path.write_bytes(repacked(roster(), stray))
    book = read_workbook(path, filename="a.xlsx")
    assert [row.number for row in book.sheets[0].rows] == [2, 4, 5, 6, 7]
    assert "XFD1048576" in book.warnings[0]


def test_a_class_that_excel_made_a_date_keeps_the_format_that_tells_it(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["Lớp", "Ngày sinh"])
    book.active.append([date(2026, 1, 5), date(2015, 9, 5)])
    book.active["A2"].number_format = "d/m"
    book.active["B2"].number_format = "dd\\/mm\\/yyyy"
    book.active.append([1.5, "05/09/2015"])
    path = tmp_path / "a.xlsx"
    path.write_bytes(saved(book))
    assert read_workbook(path, filename="a.xlsx").sheets[0].formats == {(2, 0): "d/m", (2, 1): "dd/mm/yyyy"}


def test_merged_cells_are_told_as_far_as_the_table_goes(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    for row in range(1, 5):
        sheet.append([f"Hộ {row}", "x", "y"])
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("A1:H1")
    sheet.merge_cells("A9:C9")
    path = tmp_path / "a.xlsx"
    path.write_bytes(saved(book))
    assert read_workbook(path, filename="a.xlsx").sheets[0].merges == ((1, 0, 1, 2), (2, 0, 3, 0))


def test_a_child_that_dies_refuses_the_file(
    refusal: Callable[[bytes], str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    killed = tmp_path / "killed.py"
    killed.write_text("import os; os.abort()")
    monkeypatch.setattr(child, "__file__", str(killed))
    assert refusal(roster()) == container.BLOATED


def test_a_child_that_hangs_refuses_the_file(
    refusal: Callable[[bytes], str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hanging = tmp_path / "hanging.py"
    hanging.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(child, "__file__", str(hanging))
    monkeypatch.setattr("hbs_portal.lib.sheets.reading.WALL_SECONDS", 0.5)
    assert refusal(roster()) == container.BLOATED


def test_a_good_workbook_passes_the_container_check(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(roster(5000))
    check_container(path)
    assert path.stat().st_size > 50_000
