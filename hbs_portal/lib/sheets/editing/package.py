"""The parts of an .xlsx that matter for writing into it: sheets, shared strings, number formats, names, calculation."""

import posixpath
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from hbs_portal.lib.sheets.container import DAMAGED, RefusedFile
from hbs_portal.lib.sheets.editing.scanning import CellSpot, SheetScan, Span, parse_part, scan_sheet, tag_at
from hbs_portal.lib.sheets.parsing.xlsx_parts import BUILTIN_FORMATS

_PERCENTS = {9: "0%", 10: "0.00%"}
_CALCULATION = re.compile(rb"<(?:[\w.-]+:)?calcPr\b")
_INLINE = re.compile(rb"<is>(.*)</is>", re.DOTALL)
_FULL = re.compile(rb"""\s+fullCalcOnLoad\s*=\s*(?:"[^"]*"|'[^']*')""")
#: What stands before calcPr in a workbook part; it goes behind the last of them that is there.
_BEFORE_CALCULATION = ("sheets", "functionGroups", "externalReferences", "definedNames")


@dataclass(frozen=True)
class SheetPart:
    name: str
    is_hidden: bool
    part: str


@dataclass(frozen=True)
class SharedText:
    """A shared string: what it says, and what stands between its tags ("" where it has phonetic marks)."""

    text: str
    inner: bytes


class BookParts:
    """An .xlsx whose container was checked. Raises RefusedFile from any of its properties where a part is damaged."""

    def __init__(self, path: Path) -> None:
        try:
            with zipfile.ZipFile(path) as archive:
                self.entries = [(info, archive.read(info)) for info in archive.infolist()]
        except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
            raise RefusedFile(DAMAGED) from error
        self._by_name = {info.filename: content for info, content in self.entries}

    @property
    def is_signed(self) -> bool:
        """Whether it carries a digital signature, which any change would break."""
        return any(name.lower().startswith("_xmlsignatures/") for name in self._by_name)

    @cached_property
    def book_part(self) -> str:
        found = [name for name in self._by_name if re.fullmatch(r"xl/workbook\d*\.xml", name, re.IGNORECASE)]
        if not found:
            raise RefusedFile(DAMAGED)
        return found[0]

    @cached_property
    def book(self) -> Element:
        return self._xml(self.book_part)

    @cached_property
    def sheets(self) -> list[SheetPart]:
        """The worksheets in the order of their tabs; sheets that are charts are left out."""
        parts = {id_: part for id_, kind, part in self._relations if kind == "worksheet"}
        found = []
        for sheet in self.book.findall("{*}sheets/{*}sheet"):
            id_ = next((value for name, value in sheet.attrib.items() if name.endswith("}id")), "")
            if id_ in parts:
                is_hidden = sheet.get("state", "visible") != "visible"
                found.append(SheetPart(sheet.get("name", ""), is_hidden, parts[id_]))
        return found

    @cached_property
    def scans(self) -> Mapping[str, SheetScan]:
        """The cells of every worksheet by the sheet's name."""
        return {sheet.name: scan_sheet(self.content(sheet.part)) for sheet in self.sheets}

    @cached_property
    def defined_names(self) -> Mapping[str, str]:
        """Names of the whole workbook in capitals, with the formula that each stands for."""
        found = self.book.findall("{*}definedNames/{*}definedName")
        return {name.get("name", "").upper(): name.text or "" for name in found if name.get("localSheetId") is None}

    @cached_property
    def shared(self) -> list[SharedText]:
        part = next((part for _id, kind, part in self._relations if kind == "sharedStrings"), "")
        return _shared_texts(self.content(part)) if part in self._by_name else []

    @cached_property
    def number_formats(self) -> list[str]:
        """The number format of each style number; empty for those that neither show a date nor a percentage."""
        part = next((part for _id, kind, part in self._relations if kind == "styles"), "")
        if part not in self._by_name:
            return []
        styles = self._xml(part)
        own = {int(one.get("numFmtId", "0")): one.get("formatCode", "") for one in styles.findall(".//{*}numFmt")}
        formats = BUILTIN_FORMATS | _PERCENTS | own
        table = styles.find("{*}cellXfs")
        return [formats.get(int(one.get("numFmtId", "0")), "") for one in table] if table is not None else []

    @cached_property
    def uses_1904(self) -> bool:
        """Whether days are counted from 1904, as old Macintosh workbooks do."""
        found = self.book.find("{*}workbookPr")
        return found is not None and found.get("date1904") in ("1", "true")

    def content(self, part: str) -> bytes:
        try:
            return self._by_name[part]
        except KeyError:
            raise RefusedFile(DAMAGED) from None

    def text_of(self, cell: CellSpot) -> str:
        """What a cell says, a formula's cell what was last calculated."""
        if cell.kind != "s":
            return cell.value
        return (
            self.shared[int(cell.value)].text if cell.value.isdecimal() and int(cell.value) < len(self.shared) else ""
        )

    def runs_of(self, scan: SheetScan, cell: CellSpot) -> bytes:
        """The XML of a text in several looks, fit to stand in this sheet; empty where a cell has but one look."""
        if cell.kind == "s" and cell.value.isdecimal() and int(cell.value) < len(self.shared):
            inner = self.shared[int(cell.value)].inner
        else:
            found = _INLINE.search(scan.content, cell.span.start, cell.span.end) if cell.kind == "inlineStr" else None
            inner = found[1] if found else b""
        return b"" if scan.prefix or b"<r>" not in inner or b"<rPh" in inner else inner

    def format_of(self, style: int) -> str:
        return self.number_formats[style] if style < len(self.number_formats) else ""

    def calculated_on_load(self) -> bytes:
        """The workbook part, told to calculate all formulas when it is opened."""
        content = self.content(self.book_part)
        found = _CALCULATION.search(content)
        if found:
            tag = tag_at(content, found.start())
            cut = -2 if tag.endswith(b"/>") else -1
            told = _FULL.sub(b"", tag[:cut]).rstrip() + b' fullCalcOnLoad="1"' + tag[cut:]
            return content.replace(tag, told, 1)
        at, prefix = _behind_sheets(content)
        return content[:at] + b"<" + prefix + b'calcPr fullCalcOnLoad="1"/>' + content[at:]

    def write(self, path: Path, changed: Mapping[str, bytes]) -> None:
        """The workbook again, with these parts in the place of their old ones; all others as they were."""
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
            for info, content in self.entries:
                told = zipfile.ZipInfo(info.filename, info.date_time)
                told.compress_type, told.external_attr = zipfile.ZIP_DEFLATED, info.external_attr
                target.writestr(told, changed.get(info.filename, content))

    @cached_property
    def _relations(self) -> list[tuple[str, str, str]]:
        """Id, kind and part of what belongs to the workbook."""
        folder, name = posixpath.split(self.book_part)
        found = []
        for one in self._xml(f"{folder}/_rels/{name}.rels"):
            target = posixpath.normpath(posixpath.join("/", folder, one.get("Target", ""))).lstrip("/")
            found.append((one.get("Id", ""), one.get("Type", "").rsplit("/", 1)[-1], target))
        return found

    def _xml(self, part: str) -> Element:
        from defusedxml import DefusedXmlException
        from defusedxml.ElementTree import fromstring

        try:
            root: Element = fromstring(self.content(part), forbid_dtd=True)
        except (ParseError, DefusedXmlException, ValueError) as error:
            raise RefusedFile(DAMAGED) from error
        return root


def _behind_sheets(content: bytes) -> tuple[int, bytes]:
    """Where calcPr may stand, and the prefix of the elements there."""
    at, prefix = 0, b""
    for name in _BEFORE_CALCULATION:
        for found in re.finditer(
            rb"</([\w.-]+:)?%b\s*>|<([\w.-]+:)?%b\b[^>]*/>" % (name.encode(), name.encode()), content
        ):
            if found.end() > at:
                at, prefix = found.end(), found[1] or found[2] or b""
    if not at:
        raise RefusedFile(DAMAGED)
    return at, prefix


def _shared_texts(content: bytes) -> list[SharedText]:
    reader = _SharedReader(content)
    parse_part(content, reader.start, reader.end, reader.text)
    return reader.found


class _SharedReader:
    def __init__(self, content: bytes) -> None:
        self.found: list[SharedText] = []
        self._content = content
        self._open: list[str] = []
        self._texts: list[str] = []
        self._span = Span(0, 0)
        self._has_phonetics = False

    def start(self, name: str, _attributes: dict[str, str], position: int) -> None:
        self._open.append(name)
        if name == "si":
            self._span = Span(position, position + len(tag_at(self._content, position)))
            self._texts, self._has_phonetics = [], False
        self._has_phonetics = self._has_phonetics or name in ("rPh", "phoneticPr")

    def end(self, name: str, position: int) -> None:
        self._open.pop()
        if name == "si":
            is_plain = self._has_phonetics or position <= self._span.head_end
            self.found.append(SharedText("".join(self._texts), b"" if is_plain else self._inner(position)))

    def _inner(self, position: int) -> bytes:
        return self._content[self._span.head_end : position]

    def text(self, characters: str) -> None:
        if self._open[-1] == "t" and "rPh" not in self._open:
            self._texts.append(characters)
