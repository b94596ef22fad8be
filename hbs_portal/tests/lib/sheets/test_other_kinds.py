"""Lists that are no .xlsx: .xls (also with a flawed container), .csv in its many shapes, HTML and XML named .xls."""

import struct
from datetime import date
from pathlib import Path

import pytest

from hbs_portal.lib.legacy_text import Encoding, convert, recognise
from hbs_portal.lib.sheets.container import LOST_LETTERS, RefusedFile
from hbs_portal.lib.sheets.parsing import delimited as delimited_parser
from hbs_portal.lib.sheets.reading import Workbook, read_workbook
from hbs_portal.tests.lib.sheets.good_files import HEADINGS, delimited, old_roster, old_stream
from hbs_portal.tests.lib.sheets.hostile import xml_2003

FIRST = ("1", "0000000001", "Nguyễn Văn 1", "05/09/2015")


def read(tmp_path: Path, content: bytes, name: str = "Lớp 4A.csv") -> Workbook:
    path = tmp_path / "upload"
    path.write_bytes(content)
    return read_workbook(path, filename=name)


def rows(book: Workbook) -> list[tuple[object, ...]]:
    return [row.cells for row in book.sheets[0].rows]


def test_an_old_xls_is_read_with_its_dates_their_formats_and_its_codes(tmp_path: Path) -> None:
    book = read(tmp_path, old_roster(3, date_format="d\\-mmm"), "a.xlsx")
    assert (book.kind, book.sheets[0].name) == ("xls", "Lớp 4A")
    assert rows(book)[:2] == [HEADINGS, (1, "0000000001", "Nguyễn Văn 1", date(2015, 9, 5))]
    assert book.sheets[0].formats == {(row, 3): "d-mmm" for row in (2, 3, 4)}


def _patched(offset: int, value: int) -> bytes:
    content = bytearray(old_roster(300))
    struct.pack_into("<I", content, offset, value)
    return bytes(content)


def _tail_unpadded() -> bytes:
    stream = old_stream(300)
    return old_roster(300)[: -(-len(stream) % 512) or None]


@pytest.mark.parametrize(
    "content",
    [
        _patched(44, 0),  # no sectors of the table counted
        _patched(44, 99_999),
        _patched(48 + 16, 77),  # small streams counted where there are none
        _patched(72, 55),
        _patched(512 + 4 * 5, 0xFFFFFFFF),  # the chain breaks off
        _patched(56, 0),  # nothing is said of what a small stream is
        _tail_unpadded(),
        old_roster(300) + b"\0" * 100,
    ],
    ids=["no-count", "large-count", "mini-count", "difat-count", "broken-chain", "no-cutoff", "tail", "longer"],
)
def test_a_flawed_container_loses_no_rows(tmp_path: Path, content: bytes) -> None:
    read_rows = rows(read(tmp_path, content, "a.xls"))
    assert len(read_rows) == 301
    assert read_rows[-1][1] == "0000000300"


def test_a_workbook_of_many_megabytes_gets_a_second_table_of_sectors(tmp_path: Path) -> None:
    assert len(rows(read(tmp_path, old_roster(50_000), "a.xls"))) == 50_001


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_is_read_in_every_encoding_and_with_every_separator(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    book = read(tmp_path, delimited(3, separator).encode(encoding))
    assert (book.kind, book.sheets[0].name, book.warnings) == ("csv", "Lớp 4A", ())
    assert rows(book)[:2] == [HEADINGS, FIRST]


def test_the_separator_line_of_excel_is_obeyed_and_not_counted(tmp_path: Path) -> None:
    book = read(tmp_path, b"sep=;\r\nA,B;C\r\n1,5;2\r\n")
    assert [(row.number, row.cells) for row in book.sheets[0].rows] == [(1, ("A,B", "C")), (2, ("1,5", "2"))]


def test_wrapped_codes_quotes_and_line_breaks_within_cells(tmp_path: Path) -> None:
    text = 'STT,Mã,Họ tên\r\n1,="000123","Lê ""Tí""\nAn"\r\n2,"=""000124""",=1+1\r\n\r\n4,,x\r\n'
    book = read(tmp_path, text.encode())
    assert [(row.number, row.cells) for row in book.sheets[0].rows] == [
        (1, ("STT", "Mã", "Họ tên")),
        (2, ("1", "000123", 'Lê "Tí"\nAn')),
        (3, ("2", "000124", "=1+1")),
        (5, ("4", None, "x")),
    ]


def test_commas_within_numbers_do_not_hide_the_semicolon(tmp_path: Path) -> None:
    text = "DANH SÁCH, LỚP 4A\r\nHọ tên;Điểm;Hệ số\r\nAn;7,5;1,5\r\nBình;8,0;1,5\r\n"
    assert rows(read(tmp_path, text.encode()))[2] == ("An", "7,5", "1,5")


@pytest.mark.parametrize("text", ['1,"Lê\r\n' + delimited(50), 'a,"b"c"\r\n' + delimited(9) + '3,"x', '1,"x\r\n'])
def test_a_quotation_mark_that_is_never_closed_is_refused_with_its_row(tmp_path: Path, text: str) -> None:
    with pytest.raises(RefusedFile, match=r"không đóng ở gần dòng \d+"):
        read(tmp_path, text.encode())


def test_a_quotation_mark_within_a_cell_is_a_letter_like_any_other(tmp_path: Path) -> None:
    assert rows(read(tmp_path, 'a,b\r\nLê "Tí" An,"x"'.encode()))[1] == ('Lê "Tí" An', "x")


@pytest.mark.parametrize(
    "text, encoding",
    [
        ("NguyÔn V¨n An,TrÇn ThÞ B×nh", Encoding.TCVN3),
        ("Nguyeãn Vaên An,Traàn Thò Höông", Encoding.VNI),
        ("NguyêÞn Vãn An,TrâÌn Thiò HôÌng", Encoding.WINDOWS_1258),
    ],
)
def test_8_bit_text_is_read_for_the_person_to_confirm(tmp_path: Path, text: str, encoding: Encoding) -> None:
    book = read(tmp_path, f"Ho ten,Ho ten\r\n{text}\r\n".encode("cp1252"))
    cells = [str(cell) for row in rows(book) for cell in row]
    assert book.warnings == (delimited_parser.CONFIRM,)
    assert recognise(cells) is encoding
    assert convert(cells[2], encoding) == "Nguyễn Văn An"


def test_8_bit_text_that_is_none_of_them_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedFile) as caught:
        read(tmp_path, "Ho ten,Lop\r\nМарина,4A\r\n".encode("koi8-r"))
    assert str(caught.value) == delimited_parser.UNKNOWN_ENCODING


def test_a_csv_that_lost_its_marks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedFile) as caught:
        read(tmp_path, b"Nguy?n V?n An\r\nTr?n Th? B?nh\r\n")
    assert str(caught.value) == LOST_LETTERS


def test_an_html_table_named_xls_is_read_with_its_merges(tmp_path: Path) -> None:
    page = (
        "<html><head><meta charset='utf-8'><title>x</title><style>td {}</style></head><body><table>"
        "<tr><td colspan=3>DANH S&Aacute;CH<br>LỚP&nbsp;4A</td></tr><tr></tr>"
        "<tr><th rowspan='2'>STT</th><th>Họ tên</th><th>Mã</th></tr><tr><td>Lê <b>An</b></td><td>0012</td></tr>"
        "</table><script>alert('<td>')</script></body></html>"
    )
    book = read(tmp_path, page.encode(), "Lớp 4A.xls")
    assert (book.kind, book.sheets[0].name) == ("html", "Lớp 4A")
    assert [(row.number, row.cells) for row in book.sheets[0].rows] == [
        (1, ("DANH SÁCH\nLỚP 4A",)),
        (3, ("STT", "Họ tên", "Mã")),
        (4, (None, "Lê An", "0012")),
    ]
    assert book.sheets[0].merges == ((1, 0, 1, 2), (3, 0, 4, 0))


def test_spreadsheetml_is_read_with_its_gaps_and_merges(tmp_path: Path) -> None:
    body = (
        '<Row ss:Index="2"><Cell ss:MergeAcross="1"><Data ss:Type="String">DANH SÁCH</Data></Cell></Row>'
        '<Row><Cell ss:Index="2"><Data ss:Type="String">0012</Data></Cell>'
        '<Cell><Data ss:Type="DateTime">2015-09-05T00:00:00.000</Data></Cell>'
        '<Cell ss:Formula="=1+1"><Data ss:Type="Number">2</Data></Cell></Row>'
    )
    book = read(tmp_path, xml_2003(body), "a.xls")
    assert book.kind == "xml"
    assert [(row.number, row.cells) for row in book.sheets[0].rows] == [
        (2, ("DANH SÁCH",)),
        (3, (None, "0012", date(2015, 9, 5), 2)),
    ]
    assert book.sheets[0].merges == ((2, 0, 2, 1),)


def test_the_kind_is_told_by_content_whatever_the_name_says(tmp_path: Path) -> None:
    assert read(tmp_path, old_roster(), "a.csv").kind == "xls"
    assert read(tmp_path, delimited().encode(), "a.xlsx").kind == "csv"
