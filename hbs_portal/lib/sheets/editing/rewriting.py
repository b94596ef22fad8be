"""A worksheet part with some cells filled: the bytes between them stay as they are."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from xml.sax.saxutils import escape

from hbs_portal.lib.sheets.editing.scanning import (
    Box,
    CellSpot,
    Place,
    RowSpot,
    SheetScan,
    box_of,
    column_letters,
    reference,
    tag_at,
)
from hbs_portal.lib.sheets.styles import FORMULA_STARTS, MAX_CELL_CHARACTERS

_ATTRIBUTE = rb"""\s+%b\s*=\s*(?:"[^"]*"|'[^']*')"""
_TYPE = re.compile(_ATTRIBUTE % b"(?:t|vm)")
_SPANS = re.compile(rb"""(\sspans\s*=\s*["'])(\d+):(\d+)(["'])""")
_DIMENSION = re.compile(rb"""(\sref\s*=\s*["'])([A-Z]+\d+(?::[A-Z]+\d+)?)(["'])""")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Runs:
    """Text in several looks, as the XML of its runs; `text` is what it says."""

    inner: bytes
    text: str


@dataclass(frozen=True)
class Calculated:
    """What a formula's cell last gave: `kind` is the cell's type, `text` its value, None for nothing known."""

    kind: str
    text: str | None


#: What a cell may be given: a number, text, nothing; never a formula.
Content = int | Decimal | str | Runs | None


def safe_words(text: str) -> str:
    """Text as a cell can hold it. What looks like a formula gets a space before it: Excel takes a text for a formula
    when somebody edits the cell, and the cell's own look may not be touched to mark it as text."""
    clean = _FORBIDDEN.sub("", text)[:MAX_CELL_CHARACTERS]
    looks_live = clean.startswith(FORMULA_STARTS) and len(clean.strip()) > 1
    return f" {clean}" if looks_live else clean


def rewritten(scan: SheetScan, contents: Mapping[Place, Content], calculated: Mapping[Place, Calculated]) -> bytes:
    """The part with these cells filled and these formulas' last values; cells with formulas are never filled.

    Raises ValueError for a cell that holds a formula.
    """
    pieces = _Pieces(scan.content)
    known = scan.cells
    for place, content in contents.items():
        if place in known:
            pieces.put(*_filled(scan, known[place], content))
    for place, value in calculated.items():
        pieces.put(*_recalculated(scan, known[place], value))
    new = {place: content for place, content in contents.items() if place not in known and content is not None}
    _insert(scan, new, pieces)
    return pieces.joined()


class _Pieces:
    """Replacements by position; what is put at one point stands in the order in which it came."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._put: list[tuple[int, int, int, bytes]] = []

    def put(self, start: int, end: int, piece: bytes) -> None:
        self._put.append((start, end, len(self._put), piece))

    def joined(self) -> bytes:
        done, at = [], 0
        for start, end, _order, piece in sorted(self._put):
            done += [self._content[at:start], piece]
            at = max(at, end)
        return b"".join([*done, self._content[at:]])


def _filled(scan: SheetScan, cell: CellSpot, content: Content) -> tuple[int, int, bytes]:
    if cell.formula is not None:
        raise ValueError(reference(cell.place))
    head = scan.content[cell.span.start : cell.span.head_end].rstrip(b"/>")
    return cell.span.start, cell.span.end, _element(scan.prefix, _TYPE.sub(b"", head).rstrip(), content)


def _element(prefix: bytes, head: bytes, content: Content) -> bytes:
    """`head` is the start tag without its type and its end."""
    if content is None:
        return head + b"/>"
    if isinstance(content, int | Decimal):
        return head + _inside(prefix, b"v", f"{Decimal(content):f}".encode()) + _inside_end(prefix)
    body = content.inner if isinstance(content, Runs) else _words(prefix, content)
    return head + b' t="inlineStr"' + _inside(prefix, b"is", body) + _inside_end(prefix)


def _inside(prefix: bytes, name: bytes, body: bytes) -> bytes:
    return b"><%b%b>%b</%b%b>" % (prefix, name, body, prefix, name)


def _inside_end(prefix: bytes) -> bytes:
    return b"</%bc>" % prefix


def _words(prefix: bytes, text: str) -> bytes:
    told = escape(safe_words(text), {"\r": "&#13;"}).encode()
    return b'<%bt xml:space="preserve">%b</%bt>' % (prefix, told, prefix)


def _recalculated(scan: SheetScan, cell: CellSpot, value: Calculated) -> tuple[int, int, bytes]:
    """A formula's cell from its start tag to its value: the formula stays, type and value are those of today."""
    start, head_end = cell.span.start, cell.span.head_end
    head = scan.content[start:head_end]
    is_empty = head.endswith(b"/>")
    kind = b"" if value.kind == "n" else b' t="%b"' % value.kind.encode()
    opened = _TYPE.sub(b"", head[: -2 if is_empty else -1]).rstrip() + kind
    told = b"" if value.text is None else b"<%bv>%b</%bv>" % (
        scan.prefix, escape(_FORBIDDEN.sub("", value.text)).encode(), scan.prefix,
    )  # fmt: skip
    if is_empty:
        return start, head_end, opened + b"/>"
    after = cell.value_span.end if cell.value_span else cell.formula_end or head_end
    formula = scan.content[head_end : cell.formula_end] if cell.formula else b""
    return start, after, opened + b">" + formula + told


def _insert(scan: SheetScan, new: Mapping[Place, Content], pieces: _Pieces) -> None:
    """Cells that the sheet does not have yet, in the look of their row or column."""
    if not new or scan.data is None:
        return
    rows: dict[int, list[Place]] = {}
    for place in sorted(new):
        rows.setdefault(place[0], []).append(place)
    known = {row.number: row for row in scan.rows}
    added = []
    for number, places in rows.items():
        if number in known:
            _into_row(scan, known[number], {place: new[place] for place in places}, pieces)
        else:
            added.append((number, _new_row(scan, number, places, new)))
    _new_rows(scan, added, pieces)
    _widen_dimension(scan, list(new), pieces)


def _new_cell(scan: SheetScan, place: Place, content: Content) -> bytes:
    style = scan.style_for(place)
    look = b' s="%d"' % style if style else b""
    return _element(scan.prefix, b'<%bc r="%b"%b' % (scan.prefix, reference(place).encode(), look), content)


def _into_row(scan: SheetScan, row: RowSpot, new: Mapping[Place, Content], pieces: _Pieces) -> None:
    cells = {place: _new_cell(scan, place, content) for place, content in new.items()}
    head = scan.content[row.span.start : row.span.head_end]
    told = _SPANS.sub(lambda found: _spans(found, [place[1] for place in new]), head)
    if head.endswith(b"/>"):
        body = b"".join(cells.values())
        pieces.put(row.span.start, row.span.head_end, told[:-2] + b">" + body + b"</%brow>" % scan.prefix)
        return
    if told != head:
        pieces.put(row.span.start, row.span.head_end, told)
    end = scan.content.rindex(b"</", row.span.start, row.span.end)
    for place, cell in cells.items():
        at = next((known.span.start for known in row.cells if known.column > place[1]), end)
        pieces.put(at, at, cell)


def _spans(found: re.Match[bytes], columns: list[int]) -> bytes:
    first, last = min(int(found[2]), min(columns) + 1), max(int(found[3]), max(columns) + 1)
    return found[1] + b"%d:%d" % (first, last) + found[4]


def _new_row(scan: SheetScan, number: int, places: list[Place], new: Mapping[Place, Content]) -> bytes:
    cells = b"".join(_new_cell(scan, place, new[place]) for place in places)
    return b'<%brow r="%d">%b</%brow>' % (scan.prefix, number, cells, scan.prefix)


def _new_rows(scan: SheetScan, added: list[tuple[int, bytes]], pieces: _Pieces) -> None:
    data = scan.data
    if data is None or not added:
        return
    if data.end == data.head_end:
        tag = tag_at(scan.content, data.start)
        body = b"".join(row for _number, row in added)
        pieces.put(data.start, data.end, tag[:-2] + b">" + body + b"</%bsheetData>" % scan.prefix)
        return
    end = scan.content.rindex(b"</", data.start, data.end)
    for number, row in added:
        at = next((known.span.start for known in scan.rows if known.number > number), end)
        pieces.put(at, at, row)


def _widen_dimension(scan: SheetScan, places: list[Place], pieces: _Pieces) -> None:
    """Some readers stop where the sheet says that it ends."""
    if scan.dimension is None:
        return
    start, end = scan.dimension.start, scan.dimension.end

    def wider(found: re.Match[bytes]) -> bytes:
        top, left, bottom, right = box_of(found[2].decode())
        box: Box = (
            min(top, *(row for row, _ in places)), min(left, *(column for _, column in places)),
            max(bottom, *(row for row, _ in places)), max(right, *(column for _, column in places)),
        )  # fmt: skip
        told = f"{column_letters(box[1])}{box[0]}:{column_letters(box[3])}{box[2]}"
        return found[1] + told.encode() + found[3]

    pieces.put(start, end, _DIMENSION.sub(wider, scan.content[start:end]))
