"""The lines under a heading, by field: merged cells and ditto marks stand for the value above."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from campaigns.importers.understanding.headings import Heading
from campaigns.importers.understanding.shapes import Doubtful, Layout
from hbs_portal.lib.sheets.reading import Cell, Sheet
from hbs_portal.lib.text import nfc

_MOST_FILLED = 200_000  # cells that merges may fill; more is no list
_DITTO = re.compile(
    r"[-–\s]*(?:[\"“”″〃]|['’]{2}|//|nt|n\.\s?t\.?|như trên|nhu tren|[\"“”]\s*nt\s*[\"“”])[-–\s]*", re.IGNORECASE
)
_OWN_FIELDS = ("full_name", "given_name", "code", "ordinal")
NOTHING_ABOVE = "Ô này ghi “như trên” nhưng dòng trên không có giá trị. Hãy ghi đủ giá trị."
OWN_VALUE = "Ô này ghi “như trên”; mỗi người phải ghi giá trị của mình."

DAY_LIKE = re.compile(
    r"\s*\d{1,4}\s*[/.-]\s*\d{1,2}|\s*\d{4,5}(\.0+)?\s*$|(ngày )?\d{1,2} tháng \d{1,2} năm \d{4}", re.I
)
_LETTERS_ONLY = re.compile(r"[^\W\d_]+\.?(?:[ '’.-]+[^\W\d_]+\.?){0,6}")


@dataclass(frozen=True)
class Line:
    """A line under the heading: `values` by field, `texts` all words of the line from the left."""

    number: int
    values: dict[str, Any]
    texts: tuple[str, ...]
    filled: int

    def get(self, field: str) -> Any:
        return self.values.get(field)

    @property
    def first_text(self) -> str:
        return self.texts[0] if self.texts else ""


def lines_of(sheet: Sheet, heading: Heading, layout: Layout) -> Iterator[Line]:
    """Yield every line under the heading that holds anything."""
    carried = _carried(sheet, heading, layout)
    for row in sheet.rows:
        if row.number <= heading.last_row:
            continue
        values = {name: _plain(row.cell(index)) for name, index in heading.columns.items()}
        for name, value in carried.get(row.number, {}).items():
            values[name] = value if values[name] in (None, "") else values[name]
        texts = tuple(text for cell in row.cells if isinstance(cell, str) and (text := nfc(cell)))
        filled = sum(cell not in (None, "") for cell in row.cells)
        if filled:
            yield Line(row.number, values, texts, filled)


def _plain(cell: Cell) -> Cell:
    """Text that holds nothing visible is no value."""
    return None if isinstance(cell, str) and not cell.strip("\u00a0\u200b\ufeff \t\r\n") else cell


def _carried(sheet: Sheet, heading: Heading, layout: Layout) -> dict[int, dict[str, Any]]:
    """For each row, the values that a cell merged over several rows gives to the fields that may be carried."""
    by_column = {heading.columns[name]: name for name in layout.carried if name in heading.columns}
    rows = {row.number: row for row in sheet.rows}
    numbers = sorted(rows)
    filled: dict[int, dict[str, Any]] = {}
    budget = _MOST_FILLED
    for top, left, bottom, right in sheet.merges:
        name = by_column.get(left)
        if name is None or left != right or top <= heading.last_row or top not in rows:
            continue
        covered = numbers[bisect_left(numbers, top) : bisect_right(numbers, bottom)]
        budget -= len(covered)
        if budget < 0:
            break
        for number in covered:
            filled.setdefault(number, {})[name] = _plain(rows[top].cell(left))
    return filled


def is_ditto(value: object) -> bool:
    """Tell whether a cell only points to the one above: ", nt, như trên, -"-."""
    return isinstance(value, str) and bool(_DITTO.fullmatch(nfc(value)))


def without_dittos(line: Line, above: Mapping[str, Any]) -> Line:
    """Return the line with the values above in place of ditto marks; who somebody is cannot be a ditto."""
    marks = [name for name, value in line.values.items() if is_ditto(value)]
    if not marks:
        return line
    values = dict(line.values)
    for name in marks:
        if name in _OWN_FIELDS:
            values[name] = Doubtful(values[name], OWN_VALUE)
        elif above.get(name) in (None, ""):
            values[name] = Doubtful(values[name], NOTHING_ABOVE)
        else:
            values[name] = above[name]
    return Line(line.number, values, line.texts, line.filled)


def is_day_like(value: object) -> bool:
    """Tell whether a cell may be meant as a day: a date, a number, or text that begins like one."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, date) or is_number or (isinstance(value, str) and bool(DAY_LIKE.match(nfc(value))))


def is_number(value: object) -> bool:
    """Tell whether a cell is a number, or a text that is one ("1.", "05")."""
    if isinstance(value, bool):
        return False
    return isinstance(value, (int, float)) or (isinstance(value, str) and nfc(value).rstrip(".").isdecimal())


def is_text(value: object) -> bool:
    return isinstance(value, str) and any(char.isalpha() for char in value)


def is_name_like(value: object) -> bool:
    """Tell whether a cell holds words and nothing else, as a name does."""
    return isinstance(value, str) and bool(_LETTERS_ONLY.fullmatch(nfc(value)))
