"""Every workbook that the library writes keeps the rules that Excel is strict about (strictness.py)."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import pytest

from hbs_portal.lib.sheets import streaming
from hbs_portal.lib.sheets.lists import ListBook, ListColumn
from hbs_portal.lib.sheets.styles import ColumnKind
from hbs_portal.lib.sheets.writing import (
    ChartKind,
    Column,
    GroupHeading,
    Letterhead,
    OfficialSheet,
    OfficialWorkbook,
    SheetChart,
)
from hbs_portal.tests.lib.sheets.strictness import complaints

COLUMNS = (
    ListColumn("STT", ColumnKind.ORDINAL, 6),
    ListColumn("Họ và tên", width=30),
    ListColumn("Lớp", choices=("4A", "4B"), is_open=True),
    ListColumn("Đơn vị", choices=tuple(f"Trường số {number}, “Hà Bắc”" for number in range(40))),
    ListColumn("Ngày", ColumnKind.DATE),
)
HARD = (
    "=1+1", "＝1", "\t@a", "a\x00b\x0bc\ufffe", "<&>\"']]>", " hai đầu ", "dòng\r\nmới", "_x0041_", "ạ" * 40_000,
    "\U0001f600" * 20_000,
)  # fmt: skip
DAYS = date(2026, 1, 5), datetime.fromisoformat("2026-01-05T08:15+07:00"), date(1899, 1, 1), None, date(9999, 12, 31)
ROWS = [(place + 1, text, "4A", None, DAYS[place % len(DAYS)]) for place, text in enumerate(HARD)]


def list_book(path: Path, title_lines: tuple[str, ...] = (), copies: int = 1) -> list[str]:
    book = ListBook()
    for copy in range(copies):
        book.add_list(f"Danh sách {copy}", COLUMNS, ROWS, title_lines=title_lines)
    book.add_text("Ghi chú", [("Lý do", "=1+1")])
    book.save(path)
    return complaints(path)


@pytest.mark.parametrize("title_lines", [(), ("DANH SÁCH",), ("DANH SÁCH", "Đơn vị: Trường A", "=1")])
def test_a_list(title_lines, tmp_path):
    assert list_book(tmp_path / "a.xlsx", title_lines) == []


def test_lists_with_whatever_texts_no_longer_shared_and_sheets_that_go_on(tmp_path, monkeypatch):
    monkeypatch.setattr(streaming, "SHARED_TEXTS", 3)
    monkeypatch.setattr(streaming, "MOST_ROWS", 7)
    assert list_book(tmp_path / "a.xlsx", ("DANH SÁCH",), copies=3) == []
    with ZipFile(tmp_path / "a.xlsx") as package:
        assert sum(name.startswith("xl/worksheets/") for name in package.namelist()) > 6


def test_an_empty_list(tmp_path):
    book = ListBook()
    book.add_list("Danh sách", COLUMNS, [])
    book.save(tmp_path / "a.xlsx")
    assert complaints(tmp_path / "a.xlsx") == []


def test_an_official_workbook_with_groups_totals_and_charts(tmp_path):
    columns = [
        Column("STT", kind=ColumnKind.ORDINAL, width=6),
        Column("Đơn vị", lambda row: row[0], width=30),
        Column("Tổng số", lambda row: row[1], ColumnKind.INT),
        Column("Tỷ lệ", lambda row: row[2], ColumnKind.PERCENT),
    ]
    rows = [GroupHeading("I", "Các trường"), *((f"=Trường {n}", n, Decimal(n) / 100) for n in range(90))]
    letterhead = Letterhead(
        agency_lines=("ỦY BAN NHÂN DÂN", "XÃ HÀ BẮC"),
        motto_lines=("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"),
        place="Hà Bắc",
        day=date(2026, 7, 5),
        signer_lines=("TM. ỦY BAN NHÂN DÂN",),
        recipients_label="Nơi nhận:",
        recipients=("- Lưu VT./.",),
    )
    book = OfficialWorkbook(letterhead)
    for name in ("Theo đơn vị [K1/K2]", "theo đơn vị [k1/k2]", "Một tên trang tính dài hơn ba mươi mốt ký tự"):
        charts = tuple(SheetChart(kind, "Biểu đồ", 1, 5, 1, (2,)) for kind in ChartKind)
        totals = (None, "Toàn xã", 4005, Decimal("0.445"))
        book.add_sheet(
            OfficialSheet(name, "Kết quả", columns, rows, totals=totals, notes=("Ghi chú",) * 3, charts=charts,
                          source_line="Nguồn: &A & bản chốt số 12 " * 20)
        )  # fmt: skip
    book.save(tmp_path / "a.xlsx")
    assert complaints(tmp_path / "a.xlsx") == []


@pytest.mark.parametrize(
    ("part", "old", "new", "complaint"),
    [
        ("xl/worksheets/sheet1.xml", b'<row r="3">', b'<row r="2">', "row 2 after 2"),
        ("xl/worksheets/sheet1.xml", b"</sheetData>", b"</sheetData><sheetPr/>", "wrong order"),
        ("xl/worksheets/sheet1.xml", b't="s"><v>0<', b't="s"><v>999<', "names text 999"),
        ("xl/worksheets/sheet1.xml", b"&amp;P/&amp;N", b"x" * 256, "oddFooter has 258 characters"),
        ("xl/workbook.xml", "Danh sách 0".encode(), b"a:b", "name of a sheet"),
        ("xl/workbook.xml", b"$1:$1", b"A1", "print titles"),
        ("xl/_rels/workbook.xml.rels", b"sharedStrings.xml", b"texts.xml", "texts.xml is missing"),
        ("[Content_Types].xml", b"/xl/styles.xml", b"/xl/gone.xml", "has a type and no content"),
    ],
)
def test_what_is_wrong_is_found(part, old, new, complaint, tmp_path):
    list_book(tmp_path / "a.xlsx")
    with ZipFile(tmp_path / "a.xlsx") as package, ZipFile(tmp_path / "b.xlsx", "w") as spoiled:
        for name in package.namelist():
            content = package.read(name)
            assert name != part or old in content
            spoiled.writestr(name, content.replace(old, new, 1) if name == part else content)
    assert any(complaint in said for said in complaints(tmp_path / "b.xlsx"))
