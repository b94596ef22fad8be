"""What calamine does not tell of an .xlsx: number formats; and what it cannot bear: cells at the far end of a sheet."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from hbs_portal.lib.sheets.container import TOO_MANY, RefusedFile
from hbs_portal.lib.sheets.parsing.rows import MAX_COLUMNS, MAX_ROWS

_MAX_SCANNED_BYTES = 48 * 1024 * 1024
_MAX_STRAYS = 20  # more cells with content out there are no slip of the hand
_MAX_NAMED = 3
_SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
# A reference below row 59,999 or right of column KN (300): a cheap look before the exact one.
_FAR = re.compile(rb"""r=["'](?:[A-Z]*(?:[6-9]\d{4}|\d{6,})|[A-Z]{3,}\d+|(?:K[O-Z]|[L-Z][A-Z])\d+)["']""")
_CELL = re.compile(
    rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Z]+)(\d+)["'][^>]*?(?:/>|>(.*?)</(?:\w+:)?c>)""", re.DOTALL | re.IGNORECASE
)
BUILTIN_FORMATS = {
    14: "dd/mm/yyyy",  # the short date of the computer's country
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "dd/mm/yyyy h:mm",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
}


def column_index(letters: str) -> int:
    """Return 0 for "A", 26 for "AA"."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


def without_strays(content: bytes) -> tuple[bytes, list[str]]:
    """Return the file without the cells beyond MAX_ROWS and MAX_COLUMNS, and sentences that name those left out.

    One cell at XFD1048576 would make calamine reserve the whole sheet. Raises RefusedFile when many cells hold
    something out there: then they are rows of the list.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: part for name in archive.namelist() if _SHEET_PART.fullmatch(name)
                 for part in [archive.read(name)] if _FAR.search(part)}  # fmt: skip
        if not parts:
            return content, []
        named: list[str] = []
        trimmed = {name: _trimmed(part, named) for name, part in parts.items()}
        return _repacked(archive, trimmed), _warnings(named)


def _trimmed(part: bytes, named: list[str]) -> bytes:
    def kept(cell: re.Match[bytes]) -> bytes:
        if int(cell[2]) <= MAX_ROWS and column_index(cell[1].decode()) < MAX_COLUMNS:
            return cell[0]
        if cell[3]:
            named.append((cell[1] + cell[2]).decode())
        if len(named) > _MAX_STRAYS:
            raise RefusedFile(TOO_MANY)
        return b""

    return _CELL.sub(kept, part)


def _warnings(named: list[str]) -> list[str]:
    if not named:
        return []
    cells = ", ".join(named[:_MAX_NAMED]) + (", …" if len(named) > _MAX_NAMED else "")
    return [f"Có ô nằm rất xa bảng ({cells}), không được đọc. Nếu đó là dữ liệu, hãy chuyển vào bảng rồi tải lại."]


def _repacked(archive: zipfile.ZipFile, changed: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for name in archive.namelist():
            target.writestr(name, changed.get(name) or archive.read(name))
    return buffer.getvalue()


class NumberFormats:
    """The number formats of the cells of an .xlsx whose format shows a date."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._styles: dict[int, str] | None = None
        self._parts: dict[str, str] = {}

    def of_sheet(self, name: str) -> dict[tuple[int, int], str]:
        """Return (row number, column index) -> format of a sheet's cells; empty when its parts tell nothing."""
        try:
            styles = self._date_styles()
            part = self._parts.get(name, "")
            if not styles or not part or self._archive.getinfo(part).file_size > _MAX_SCANNED_BYTES:
                return {}
            return dict(_formats(self._archive.read(part), styles))
        except (KeyError, ValueError, ParseError):
            return {}

    def _date_styles(self) -> dict[int, str]:
        if self._styles is None:
            self._styles = {}
            self._parts = self._parts_by_sheet()
            self._styles = _date_styles(self._xml(self._related("styles")))
        return self._styles

    def _parts_by_sheet(self) -> dict[str, str]:
        relations = self._relations()
        targets = {relation.get("Id", ""): relation.get("Target", "") for relation in relations}
        book = self._xml(self._book_part())
        return {
            sheet.get("name", ""): self._resolved(targets.get(_relation_id(sheet), ""))
            for sheet in book.findall(".//{*}sheet")
        }

    def _book_part(self) -> str:
        return next(name for name in self._archive.namelist() if re.fullmatch(r"xl/workbook\d*\.xml", name, re.I))

    def _relations(self) -> list[Element]:
        folder, name = posixpath.split(self._book_part())
        return list(self._xml(f"{folder}/_rels/{name}.rels"))

    def _related(self, kind: str) -> str:
        found = [one.get("Target", "") for one in self._relations() if one.get("Type", "").endswith(f"/{kind}")]
        return self._resolved(found[0]) if found else ""

    def _resolved(self, target: str) -> str:
        return posixpath.normpath(posixpath.join("/", posixpath.dirname(self._book_part()), target)).lstrip("/")

    def _xml(self, part: str) -> Element:
        from defusedxml.ElementTree import fromstring

        root: Element = fromstring(self._archive.read(part), forbid_dtd=True)
        return root


def _relation_id(sheet: Element) -> str:
    return next((value for name, value in sheet.attrib.items() if name.endswith("}id")), "")


def _date_styles(styles: Element) -> dict[int, str]:
    own = {
        int(one.get("numFmtId", "0")): one.get("formatCode", "").replace("\\", "")
        for one in styles.findall(".//{*}numFmt")
    }
    formats = BUILTIN_FORMATS | own
    table = styles.find("{*}cellXfs")
    numbers = [int(one.get("numFmtId", "0")) for one in table] if table is not None else []
    return {place: formats[number] for place, number in enumerate(numbers) if shows_date(formats.get(number, ""))}


def shows_date(number_format: str) -> bool:
    """Tell whether a number format has letters of a date or a time outside its quoted text, colours and countries."""
    return bool(re.search("[dmyhs]", re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", number_format), re.IGNORECASE))


def _formats(part: bytes, styles: dict[int, str]) -> Iterator[tuple[tuple[int, int], str]]:
    ids = "|".join(map(str, styles)).encode()
    cell = re.compile(
        rb"""<(?:\w+:)?c\s(?=[^>]*\bs=["'](%b)["'])[^>]*?\br=["']([A-Z]+)(\d+)["']""" % ids, re.IGNORECASE
    )
    for found in cell.finditer(part):
        yield (int(found[3]), column_index(found[2].decode())), styles[int(found[1])]
