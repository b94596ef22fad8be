"""Good files to read and to damage, made here so that no binary file is kept: .xlsx, .xls (BIFF8), .csv."""

import io
import re
import struct
import zipfile
from collections.abc import Callable
from datetime import date

from openpyxl import Workbook

from hbs_portal.lib.sheets.parsing import ole

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
Parts = dict[str, bytes]
HEADINGS = ("STT", "Mã định danh", "Họ tên", "Ngày sinh")
_EPOCH = date(1899, 12, 30)


def roster(rows: int = 3) -> bytes:
    """An .xlsx: title in row 2, headings in row 4, then people; a hidden sheet."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Lớp 4A"
    sheet["A2"] = "DANH SÁCH HỌC SINH LỚP 4A"
    sheet.append([])
    sheet.append(HEADINGS)
    for number in range(1, rows + 1):
        sheet.append([number, f"{number:010d}", f"Nguyễn Văn {number}", date(2015, 9, 5)])
    book.create_sheet("Ẩn").sheet_state = "hidden"
    return repacked(saved(book), _share_strings)


def _share_strings(parts: Parts) -> None:
    """Put the texts into one table, as Excel does and openpyxl does not."""
    texts: dict[bytes, int] = {}

    def shared(cell: re.Match[bytes]) -> bytes:
        return b't="s"><v>%d</v></c>' % texts.setdefault(cell[1], len(texts))

    parts[SHEET] = re.sub(rb't="inlineStr"><is>(.*?)</is></c>', shared, parts[SHEET])
    table = b"".join(b"<si>%b</si>" % text for text in texts)
    parts[STRINGS] = b'<sst xmlns="%b">%b</sst>' % (MAIN, table)
    relation = b'<Relationship Id="rId99" Type="%b/sharedStrings" Target="sharedStrings.xml"/></Relationships>' % OFFICE
    rels = "xl/_rels/workbook.xml.rels"
    parts[rels] = parts[rels].replace(b"</Relationships>", relation)
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = b'<Override PartName="/%b" ContentType="%b"/></Types>' % (STRINGS.encode(), kind)
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", override)


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def repacked(content: bytes, change: Callable[[Parts], object]) -> bytes:
    """A workbook whose parts `change` has altered."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    return zipped(parts)


def zipped(parts: Parts) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _beginning(kind: int) -> bytes:
    return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))


def _text(text: str) -> bytes:
    return struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")


def _short_text(text: str) -> bytes:
    return struct.pack("<BB", len(text), 1) + text.encode("utf-16-le")


def _cell(row: int, column: int, value: object) -> bytes:
    if isinstance(value, date):
        return record(0x0203, struct.pack("<HHHd", row, column, 1, (value - _EPOCH).days))
    if isinstance(value, int):
        return record(0x0203, struct.pack("<HHHd", row, column, 0, value))
    return record(0x0204, struct.pack("<HHH", row, column, 0) + _text(str(value)))


def old_stream(rows: int = 3, *, date_format: str = "d/m/yyyy", extra: bytes = b"") -> bytes:
    """The records of an .xls with the headings in row 1; `extra` records stand among the workbook's own."""
    xf = struct.pack("<HHHBBBBIIH", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    head = _beginning(5) + extra + record(0x0042, struct.pack("<H", 1200))
    head += record(0x041E, struct.pack("<H", 164) + _text(date_format))
    head += record(0x00E0, xf) + record(0x00E0, struct.pack("<HH", 0, 164) + xf[4:])
    name = _short_text("Lớp 4A")
    start = len(head) + 4 + 6 + len(name) + 4
    head += record(0x0085, struct.pack("<IBB", start, 0, 0) + name) + record(0x000A)
    people = [(n, f"{n:010d}", f"Nguyễn Văn {n}", date(2015, 9, 5)) for n in range(1, rows + 1)]
    cells = [
        _cell(row, column, value) for row, line in enumerate([HEADINGS, *people]) for column, value in enumerate(line)
    ]
    return head + _beginning(0x10) + b"".join(cells) + record(0x000A)


def old_roster(rows: int = 3, **options: object) -> bytes:
    """An .xls."""
    return ole.container("Workbook", old_stream(rows, **options))  # type: ignore[arg-type]


def delimited(rows: int = 3, separator: str = ",") -> str:
    """The text of a .csv."""
    people = [(str(n), f"{n:010d}", f"Nguyễn Văn {n}", "05/09/2015") for n in range(1, rows + 1)]
    return "\r\n".join(separator.join(line) for line in [HEADINGS, *people]) + "\r\n"
