"""Makes files that were built to do harm, or look so.

`python -m hbs_portal.tests.lib.sheets.hostile FOLDER` writes them.
Each has its expected outcome: the sentences it may be refused with, or the number of rows that are read all the same.
"""

import re
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hbs_portal.lib.sheets import container
from hbs_portal.lib.sheets.parsing import ole
from hbs_portal.lib.sheets.parsing.delimited import UNCLOSED
from hbs_portal.tests.lib.sheets.good_files import (
    MAIN,
    SHEET,
    STRINGS,
    Parts,
    delimited,
    old_roster,
    old_stream,
    record,
    repacked,
    roster,
    zipped,
)

BOOK = "xl/workbook.xml"
_LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' if n else '<!ENTITY a0 "ha">' for n in range(10))
_TOO_MUCH = (container.BLOATED, container.TOO_MANY)
_BROKEN = (container.DAMAGED,)


@dataclass(frozen=True)
class Hostile:
    """A file: how it is made, and either the sentences of its refusal or the rows of its first sheet."""

    name: str
    make: Callable[[], bytes]
    refused: tuple[str, ...] = ()
    rows: int = 0


def altered(part: str, change: Callable[[bytes], bytes], rows: int = 3) -> Callable[[], bytes]:
    return lambda: repacked(roster(rows), lambda parts: parts.update({part: change(parts[part])}))


def added(name: str, content: bytes) -> Callable[[], bytes]:
    return lambda: repacked(roster(), lambda parts: parts.update({name: content}))


def last_rows(xml: bytes) -> Callable[[bytes], bytes]:
    return lambda part: part.replace(b"</sheetData>", xml + b"</sheetData>")


def after_data(xml: bytes) -> Callable[[bytes], bytes]:
    return lambda part: part.replace(b"</sheetData>", b"</sheetData>" + xml)


def many_sheets() -> bytes:
    """2,000 tabs that all show the same part: few parts, small file."""
    tabs = "".join(f'<sheet name="S{n}" sheetId="{n + 9}" r:id="rId1"/>' for n in range(2000))
    rid = b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '

    def change(part: bytes) -> bytes:
        part = part.replace(b"<sheets>", b"<sheets>" + tabs.encode())
        return part if b"xmlns:r=" in part.split(b">")[0] else part.replace(b"<sheets>", b"<sheets " + rid + b">")

    return altered(BOOK, change)()


def lying_size() -> bytes:
    """The directory says 100 bytes, the part holds far more."""
    content = bytearray(roster(2000))
    start = content.rfind(b"PK\x01\x02", 0, content.rfind(SHEET.encode()))
    struct.pack_into("<I", content, start + 24, 100)
    return bytes(content)


def encrypted_flag() -> bytes:
    content = bytearray(roster())
    for found in list(re.finditer(rb"PK\x01\x02", bytes(content))):
        content[found.start() + 8] |= 1
    return bytes(content)


def huge_table() -> bytes:
    """A string of 30,000 letters, shown by 3,000 cells."""
    long = b"<sst xmlns='%b'><si><t>%b</t></si></sst>" % (MAIN, b"a" * 30_000)
    rows = b"".join(b"<row r='%d'><c r='A%d' t='s'><v>0</v></c></row>" % (n, n) for n in range(9, 3009))

    def change(parts: Parts) -> None:
        parts[STRINGS] = long
        parts[SHEET] = last_rows(rows)(parts[SHEET])

    return repacked(roster(), change)


def million_strings() -> bytes:
    table = b"<sst xmlns='%b'>%b</sst>" % (MAIN, b"".join(b"<si><t>%d</t></si>" % n for n in range(1_000_000)))
    return altered(STRINGS, lambda _part: table)()


def million_rows() -> bytes:
    rows = b"".join(b'<row r="%d" ht="15"/>' % n for n in range(8, 1_000_008))
    return altered(SHEET, last_rows(rows))()


def million_styled_rows() -> bytes:
    rows = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (n, n) for n in range(8, 700_008))
    return altered(SHEET, last_rows(rows))()


def scattered() -> bytes:
    """A hundred cells with content far out: rows of a list, perhaps."""
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(100_000, 100_100))
    return altered(SHEET, last_rows(rows))()


def endless_chain() -> bytes:
    """An .xls whose table of sectors leads back to itself."""
    content = bytearray(old_roster(200))
    fat = 512
    for place in range(2, 40):
        struct.pack_into("<I", content, fat + 4 * place, 2)
    return bytes(content)


def far_cell_of_old() -> bytes:
    cell = record(0x0203, struct.pack("<HHHd", 65535, 255, 0, 1.0)) + record(0x000A)
    return ole.container("Workbook", old_stream()[:-4] + cell)


def word_in_ole() -> bytes:
    return ole.container("WordDocument", b"x" * 5000)


def xml_2003(body: str, head: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?>{head}<?mso-application progid="Excel.Sheet"?>'
        f'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        f'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="A"><Table>{body}'
        "</Table></Worksheet></Workbook>"
    ).encode()


def doctype(encoding: str) -> Callable[[], bytes]:
    external = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    return altered(STRINGS, lambda _part: external.encode(encoding))


FILES = [
    Hostile("empty.xlsx", lambda: b"", (container.EMPTY,)),
    Hostile("blank.csv", lambda: b"\xef\xbb\xbf \r\n\r\n", (container.EMPTY,)),
    Hostile("too-large.xlsx", lambda: b"PK" + b"\0" * container.MAX_FILE_BYTES, (container.TOO_LARGE,)),
    Hostile("bomb.xlsx", altered(SHEET, lambda _part: b" " * 60_000_000), _TOO_MUCH),
    Hostile("many-parts.xlsx", lambda: zipped({f"xl/{n}.xml": b"" for n in range(2000)}), _TOO_MUCH),
    Hostile("entities.xlsx", altered(STRINGS, lambda part: f"<!DOCTYPE s [{_LAUGHS}]>".encode() + part),
            (container.UNSAFE,)),
    Hostile("external-entity.xlsx", doctype("utf-8"), (container.UNSAFE,)),
    Hostile("external-entity-16.xlsx", doctype("utf-16"), (container.UNSAFE,)),
    Hostile("stray.xlsx", altered(SHEET, last_rows(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')), rows=5),
    Hostile("scattered.xlsx", scattered, _TOO_MUCH),
    Hostile("giant-merge.xlsx",
            altered(SHEET, after_data(b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')), rows=5),
    Hostile("million-merges.xlsx", altered(SHEET, after_data(
        b"<mergeCells>" + b"".join(b'<mergeCell ref="A%d:B%d"/>' % (n, n) for n in range(1, 300_000))
        + b"</mergeCells>")), rows=5),
    Hostile("2000-sheets.xlsx", many_sheets, _TOO_MUCH),
    Hostile("million-empty-rows.xlsx", million_rows, rows=5),
    Hostile("million-styled-rows.xlsx", million_styled_rows, rows=5),
    Hostile("truncated.xlsx", lambda: roster()[:-200], _BROKEN),
    Hostile("truncated-part.xlsx", altered(SHEET, lambda part: part[:400]), _BROKEN),
    Hostile("lying-size.xlsx", lying_size, _BROKEN),
    Hostile("bad-string-index.xlsx", altered(SHEET, lambda part: re.sub(rb't="s"><v>\d+', b't="s"><v>999999999', part)),
            _BROKEN),
    Hostile("negative-index.xlsx", altered(SHEET, lambda part: re.sub(rb't="s"><v>\d+', b't="s"><v>-1', part)), rows=5),
    Hostile("huge-string-shown-often.xlsx", huge_table, (*_TOO_MUCH, *_BROKEN)),
    Hostile("million-strings.xlsx", million_strings, rows=5),
    Hostile("deep.xlsx", altered(STRINGS, lambda _part: b"<a>" * 1_000_000), _BROKEN),
    Hostile("traversal.xlsx", added("../../etc/cron.d/x", b"x"), (container.UNSAFE,)),
    Hostile("traversal-backslash.xlsx", added("xl\\..\\..\\x", b"x"), (container.UNSAFE,)),
    Hostile("macros.xlsm", added("xl/vbaProject.bin", b"x"), (container.MACROS,)),
    Hostile("encrypted.xlsx", lambda: ole.container("EncryptedPackage", b"x" * 5000), (container.ENCRYPTED,)),
    Hostile("encrypted-parts.xlsx", encrypted_flag, (container.ENCRYPTED,)),
    Hostile("binary.xlsb", lambda: zipped({"[Content_Types].xml": b"", "xl/workbook.bin": b""}),
            (container.BINARY_EXCEL,)),
    Hostile("word.xlsx", lambda: zipped({"[Content_Types].xml": b"", "word/document.xml": b""}), (container.WORD,)),
    Hostile("calc.xlsx", lambda: zipped({"mimetype": b"", "content.xml": b""}), (container.OPEN_DOCUMENT,)),
    Hostile("archive.xlsx", lambda: zipped({"danh sach.xlsx": roster()}), (container.ARCHIVE,)),
    Hostile("no-styles.xlsx", altered("xl/styles.xml", lambda _part: b"<nothing"), _BROKEN),
    Hostile("picture.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 99, (container._not_a_list("ảnh"),)),
    Hostile("paper.xls", lambda: b"%PDF-1.7 ...", (container._not_a_list("tài liệu PDF"),)),
    Hostile("noise.xlsx", lambda: bytes(range(256)) * 50, (container.NOT_A_WORKBOOK,)),
    Hostile("password.xls", lambda: old_roster(extra=record(0x002F, b"\0" * 6)), (container.ENCRYPTED,)),
    Hostile("cut-in-the-middle.xls", lambda: old_roster(500)[:9000], _BROKEN),
    Hostile("endless-chain.xls", endless_chain, rows=201),
    Hostile("far-cell.xls", far_cell_of_old, _TOO_MUCH),
    Hostile("word.xls", word_in_ole, (container.WORD,)),
    Hostile("only-a-header.xls", lambda: ole.container("Workbook", b"")[:512], (container.NOT_A_WORKBOOK,)),
    Hostile("zeros.xls", lambda: ole.container("Workbook", b"\0" * 9000), _BROKEN),
    Hostile("entities-2003.xls", lambda: xml_2003("<Row/>", f"<!DOCTYPE s [{_LAUGHS}]>"), (container.UNSAFE,)),
    Hostile("deep-2003.xls", lambda: xml_2003("<a>" * 500_000), _BROKEN),
    Hostile("far-2003.xls", lambda: xml_2003('<Row ss:Index="99999999"><Cell ss:Index="99999999"/></Row>'), _TOO_MUCH),
    Hostile("deep-page.xls", lambda: b"<html>" + b"<table><tr><td>" * 30_000 + b"x", rows=1),
    Hostile("wide-page.xls", lambda: b"<table><tr><td colspan=99999999 rowspan=99999999>a<td>b", rows=1),
    Hostile("million-cells.xls", lambda: b"<table>" + b"<tr><td>a" * 700_000, _TOO_MUCH),
    Hostile("page-without-table.xls", lambda: b"<html><body>Xin chao</body></html>", (container.WEB_PAGE,)),
    Hostile("unclosed.csv", lambda: (delimited() + '4,"Lê\r\n' + delimited()).encode(),
            tuple(UNCLOSED.format(row=row) for row in range(4, 8))),
    Hostile("million-lines.csv", lambda: b"a,b\r\n" * 1_000_000, _TOO_MUCH),
    Hostile("long-line.csv", lambda: b"a," * 2_000_000, _TOO_MUCH),
    Hostile("nul-bytes.csv", lambda: delimited(300).replace("Nguyễn", "Ng\0uyễn", 1).encode(), rows=301),
    Hostile("lone-surrogate.csv", lambda: b"\xff\xfe" + "a,b\r\n\ud800,c".encode("utf-16-le", "surrogatepass"),
            _BROKEN),
    Hostile("control-characters.csv", lambda: delimited(300).replace("Văn 7,", "Văn\x01\x07,").encode(), rows=301),
    Hostile("lost-letters.csv", lambda: delimited().replace("ễ", "?").encode(), (container.LOST_LETTERS,)),
]  # fmt: skip


if __name__ == "__main__":
    for hostile in FILES:
        (Path(sys.argv[1]) / hostile.name).write_bytes(hostile.make())
