"""Where the cells of a worksheet part stand, to the byte. Nothing is built anew, so nothing can get lost."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from hbs_portal.lib.sheets.container import DAMAGED, TOO_MANY, UNSAFE, RefusedFile

MAX_CELLS = 200_000
SPREADSHEET = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_SEPARATOR = " "
_TAG = re.compile(rb"""<[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*>""")
_PREFIX = re.compile(rb"<([^\s:/>]+:)?")
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_UTF8 = frozenset(["utf-8", "utf8", "us-ascii"])

Place = tuple[int, int]  # row as Excel shows it, column from 0
Box = tuple[int, int, int, int]  # first row, first column, last row, last column


@dataclass(slots=True)
class Span:
    """An element: from its "<" to behind its last ">"; `head_end` is behind the start tag."""

    start: int
    head_end: int
    end: int = 0


@dataclass(slots=True)
class Formula:
    """`kind`: "" (plain), "shared", "array" or "dataTable"; `box` is where a shared or an array formula holds."""

    text: str
    kind: str
    index: str
    box: Box | None


@dataclass(slots=True)
class CellSpot:
    """A cell as it is written: its type ("n", "s", "str", "b", "e", "inlineStr"), style number and value as text."""

    row: int
    column: int
    span: Span
    kind: str
    style: int
    value: str = ""
    formula: Formula | None = None
    formula_end: int = 0
    value_span: Span | None = None

    @property
    def place(self) -> Place:
        return self.row, self.column


@dataclass(slots=True)
class RowSpot:
    """A row; `style` is what its empty cells look like, None where the row has no look of its own."""

    number: int
    span: Span
    style: int | None
    cells: list[CellSpot] = field(default_factory=list)


@dataclass
class SheetScan:
    """A worksheet part. `prefix` is what its elements' names begin with ("x:" or nothing)."""

    content: bytes
    rows: list[RowSpot] = field(default_factory=list)
    data: Span | None = None
    dimension: Span | None = None
    merges: list[Box] = field(default_factory=list)
    column_styles: list[tuple[int, int, int]] = field(default_factory=list)

    @property
    def prefix(self) -> bytes:
        found = _PREFIX.match(self.content, self.data.start) if self.data else None
        return (found[1] or b"") if found else b""

    @property
    def cells(self) -> Mapping[Place, CellSpot]:
        return {cell.place: cell for row in self.rows for cell in row.cells}

    def style_for(self, place: Place) -> int:
        """What a cell that is not written looks like: its row's look, else its column's, else the plain one."""
        row = next((row for row in self.rows if row.number == place[0]), None)
        if row and row.style is not None:
            return row.style
        return next((style for first, last, style in self.column_styles if first <= place[1] <= last), 0)


def column_letters(column: int) -> str:
    """ "A" for 0, "AA" for 26."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def reference(place: Place) -> str:
    """ "B5" for (5, 1)."""
    return f"{column_letters(place[1])}{place[0]}"


def place_of(text: str) -> Place:
    """(5, 1) for "B5" or "$b$5". Raises ValueError for anything that is not one cell of a sheet."""
    found = _REFERENCE.fullmatch(text.strip().replace("$", "").upper())
    if found is None:
        raise ValueError(text)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    row = int(found[2])
    if not (1 <= row <= 1_048_576 and column <= 16_384):
        raise ValueError(text)
    return row, column - 1


def box_of(text: str) -> Box:
    """(1, 0, 2, 3) for "A1:D2", and one cell as a box of its own. Raises ValueError."""
    first, _, last = text.partition(":")
    (top, left), (bottom, right) = place_of(first), place_of(last or first)
    return min(top, bottom), min(left, right), max(top, bottom), max(left, right)


def holds(box: Box, place: Place) -> bool:
    return box[0] <= place[0] <= box[2] and box[1] <= place[1] <= box[3]


def tag_at(content: bytes, start: int) -> bytes:
    """The start tag that begins there. Raises RefusedFile where none does: the part is not in UTF-8."""
    found = _TAG.match(content, start)
    if found is None:
        raise RefusedFile(DAMAGED)
    return found[0]


def scan_sheet(content: bytes) -> SheetScan:
    """Find every cell of a worksheet part. Raises RefusedFile for a part that is damaged, unsafe, huge or not UTF-8."""
    scanner = _Scanner(content)
    parse_part(content, scanner.start, scanner.end, scanner.text)
    return scanner.scan


def parse_part(content: bytes, start: Any, end: Any, text: Any) -> None:
    """Run expat over a part: `start(name, attributes, position)`, `end(name, position)`, `text(characters)`.

    Names of the spreadsheet's own namespace come without it, others with it. Raises RefusedFile.
    """
    parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: start(_plain(name), attributes, parser.CurrentByteIndex)
    parser.EndElementHandler = lambda name: end(_plain(name), parser.CurrentByteIndex)
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.XmlDeclHandler = _check_encoding
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError) as error:
        raise RefusedFile(DAMAGED) from error


def _plain(name: str) -> str:
    namespace, _, local = name.rpartition(_SEPARATOR)
    return local if namespace in SPREADSHEET else name


def _refuse_doctype(*_args: Any) -> None:
    raise RefusedFile(UNSAFE)


def _check_encoding(_version: str, encoding: str | None, _standalone: int) -> None:
    """Positions count bytes of UTF-8; Excel and LibreOffice write nothing else."""
    if encoding and encoding.lower() not in _UTF8:
        raise RefusedFile(DAMAGED)


class _Scanner:
    """Collects rows and cells as expat meets them."""

    def __init__(self, content: bytes) -> None:
        self.scan = SheetScan(content)
        self._content = content
        self._row: RowSpot | None = None
        self._cell: CellSpot | None = None
        self._formula: dict[str, str] | None = None
        self._open: list[str] = []
        self._texts: list[str] = []
        self._count = 0
        self._inner = Span(0, 0)

    def start(self, name: str, attributes: dict[str, str], position: int) -> None:
        self._open.append(name)
        handler = getattr(self, f"_start_{name}", None) if name.isalpha() else None
        if handler:
            handler(attributes, self._span(position))

    def end(self, name: str, position: int) -> None:
        self._open.pop()
        handler = getattr(self, f"_end_{name}", None) if name.isalpha() else None
        if handler:
            handler(position)

    def text(self, characters: str) -> None:
        is_value = self._open[-1] in ("v", "f") or (self._open[-1] == "t" and "rPh" not in self._open)
        if self._cell is not None and is_value:
            self._texts.append(characters)

    def _span(self, position: int) -> Span:
        return Span(position, position + len(tag_at(self._content, position)))

    def _close(self, span: Span, position: int) -> None:
        """An element without content ends with its start tag; otherwise its end tag begins at `position`."""
        is_empty = self._content[span.head_end - 2 : span.head_end] == b"/>"
        span.end = span.head_end if is_empty else self._content.index(b">", position) + 1

    def _start_sheetData(self, _attributes: dict[str, str], span: Span) -> None:  # the element's name
        self.scan.data = span

    def _end_sheetData(self, position: int) -> None:
        if self.scan.data:
            self._close(self.scan.data, position)

    def _start_dimension(self, _attributes: dict[str, str], span: Span) -> None:
        span.end = span.head_end
        self.scan.dimension = span

    def _start_col(self, attributes: dict[str, str], _span: Span) -> None:
        if attributes.get("style"):
            first, last, style = (int(attributes[name]) for name in ("min", "max", "style"))
            self.scan.column_styles.append((first - 1, last - 1, style))

    def _start_mergeCell(self, attributes: dict[str, str], _span: Span) -> None:
        self.scan.merges.append(box_of(attributes.get("ref", "")))

    def _start_row(self, attributes: dict[str, str], span: Span) -> None:
        last = self.scan.rows[-1].number if self.scan.rows else 0
        number = int(attributes.get("r") or last + 1)
        if number <= last:
            raise ValueError(number)
        has_look = attributes.get("customFormat") in ("1", "true")
        self._row = RowSpot(number, span, int(attributes.get("s", "0")) if has_look else None)
        self.scan.rows.append(self._row)

    def _end_row(self, position: int) -> None:
        if self._row:
            self._close(self._row.span, position)
            self._row = None

    def _start_c(self, attributes: dict[str, str], span: Span) -> None:
        if self._row is None:
            return
        row = self._row
        after = row.cells[-1].column + 1 if row.cells else 0
        place = place_of(attributes["r"]) if attributes.get("r") else (row.number, after)
        if place[0] != row.number or place[1] < after:
            raise ValueError(place)
        self._count += 1
        if self._count > MAX_CELLS:
            raise RefusedFile(TOO_MANY)
        self._cell = CellSpot(*place, span, attributes.get("t", "n"), int(attributes.get("s") or 0))
        row.cells.append(self._cell)
        self._texts = []

    def _end_c(self, position: int) -> None:
        if self._cell:
            self._close(self._cell.span, position)
            if self._cell.kind == "inlineStr":
                self._cell.value = "".join(self._texts)
            self._cell = None

    def _start_f(self, attributes: dict[str, str], span: Span) -> None:
        self._formula, self._inner, self._texts = attributes, span, []

    def _end_f(self, position: int) -> None:
        if self._cell is None or self._formula is None:
            return
        self._close(self._inner, position)
        told = self._formula
        box = box_of(told["ref"]) if told.get("ref") else None
        self._cell.formula = Formula(
            "".join(self._texts), told.get("t", "").replace("normal", ""), told.get("si", ""), box
        )
        self._cell.formula_end = self._inner.end
        self._formula, self._texts = None, []

    def _start_v(self, _attributes: dict[str, str], span: Span) -> None:
        self._inner, self._texts = span, []

    def _end_v(self, position: int) -> None:
        if self._cell:
            self._close(self._inner, position)
            self._cell.value, self._cell.value_span = "".join(self._texts), self._inner
            self._texts = []
