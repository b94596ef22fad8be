"""HTML tables that programs save under the name .xls."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from hbs_portal.lib.legacy_text import recognise
from hbs_portal.lib.sheets.container import WEB_PAGE, RefusedFile
from hbs_portal.lib.sheets.parsing.plain_text import EIGHT_BIT, decoded
from hbs_portal.lib.sheets.parsing.rows import (
    MAX_COLUMNS,
    MAX_ROWS,
    JsonRow,
    Range,
    check_size,
    encoded_row,
    sheet_answer,
)

_CHARSET = re.compile(rb"""charset=["']?([\w-]+)""", re.IGNORECASE)
_DECLARABLE = {"utf-8", "utf8", "windows-1258"}  # others are declared by habit and wrongly
_HEAD_BYTES = 4096
_SILENT = {"script", "style", "title", "head"}


def read_web_page(path: Path) -> dict[str, Any]:
    """Return all tables of an HTML page as one sheet, one under the other as Excel shows them; every cell is text.

    Raises RefusedFile when it holds no table or its letters cannot be told.
    """
    content = path.read_bytes()
    charset = _CHARSET.search(content[:_HEAD_BYTES])
    declared = charset[1].decode().lower() if charset else ""
    text, encoding = decoded(content, declared=declared if declared in _DECLARABLE else "")
    tables = _Tables()
    tables.feed(text)
    tables.close()
    rows = tables.finished()
    cells = (cell for _, row in rows for cell in row if isinstance(cell, str))
    if not rows or (encoding == EIGHT_BIT and recognise(cells) is None):
        raise RefusedFile(WEB_PAGE)
    return {"kind": "html", "sheets": [sheet_answer("", rows, merges=tables.merges)], "warnings": []}


class _Tables(HTMLParser):
    """Collects cells; tables within cells give rows of their own, so that nothing of them is lost."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.merges: list[Range] = []
        self._rows: list[JsonRow] = []
        self._number = 0
        self._fields: dict[int, str] = {}
        self._covered: dict[int, int] = {}  # column -> last row that a cell above reaches down to
        self._pieces: list[str] | None = None
        self._place = 0
        self._silent = ""
        self._cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent = tag
        elif tag == "table":
            self._end_row()
        elif tag == "tr":
            self._end_row()
            self._number += 1
            check_size(height=self._number)
        elif tag in ("td", "th"):
            self._start_cell(dict(attrs))
        elif tag in ("br", "p", "div") and self._pieces:
            self._pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._silent:
            self._silent = ""
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag in ("tr", "table"):
            self._end_row()

    def handle_data(self, data: str) -> None:
        if self._pieces is not None and not self._silent:
            self._pieces.append(data)

    def finished(self) -> list[JsonRow]:
        """Return the rows, the last one closed."""
        self._end_row()
        return self._rows

    def _start_cell(self, attributes: dict[str, str | None]) -> None:
        self._end_cell()
        self._number = max(self._number, 1)
        column = self._place
        while self._covered.get(column, 0) >= self._number:
            column += 1
        across, down = _span(attributes, "colspan", MAX_COLUMNS), _span(attributes, "rowspan", MAX_ROWS)
        check_size(width=column + across, cells=self._cells)
        bottom = self._number + down - 1
        if down > 1:
            self._covered.update(dict.fromkeys(range(column, column + across), bottom))
        if across > 1 or down > 1:
            self.merges.append((self._number, column, bottom, column + across - 1))
        self._column, self._place = column, column + across
        self._pieces = []
        self._cells += 1

    def _end_cell(self) -> None:
        if self._pieces is not None:
            lines = ("".join(self._pieces)).replace("\u00a0", " ").split("\n")
            self._fields[self._column] = "\n".join(line.strip() for line in lines if line.strip())
        self._pieces = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._fields:
            cells = [self._fields.get(column, "") for column in range(max(self._fields) + 1)]
            if row := encoded_row(self._number, cells):
                self._rows.append(row)
        self._fields, self._place = {}, 0


def _span(attributes: dict[str, str | None], name: str, most: int) -> int:
    text = (attributes.get(name) or "1").strip()
    return min(max(int(text), 1), most) if text.isdecimal() and len(text) < 8 else 1
