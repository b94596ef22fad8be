"""Rows of long lists as the XML of their sheet, in flat memory; the rest of the workbook is openpyxl's.

The markup of a value is made once and kept. It ends where the next cell's reference needs the number of its row, so
that a row is one join of kept pieces by that number: <row r="|7|"><c r="A|7|" s="3" t="s">…</c><c r="B|7|" … </row>.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice, repeat
from typing import IO, Any
from xml.sax.saxutils import escape

from hbs_portal.lib.sheets.styles import FORMULA_STARTS, as_shown, safe_text

Value = str | int | Decimal | date | datetime | None
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#: So many fit into the processor's cache: stretches ten times as long take a tenth longer.
ROWS_AT_ONCE = 250
#: Together the bound of the memory: what is met later is written anew each time, texts into the cells themselves.
KEPT_VALUES = 20_000
SHARED_TEXTS = 60_000
MOST_ROWS = 1_048_576
#: A part of the container beyond 2 GB needs ZIP64, which Excel mistrusts.
MOST_BYTES = 1 << 30
EPOCH = date(1899, 12, 30)
#: Excel counts a 29 February 1900 that never was: days before are text.
FIRST_DAY = date(1900, 3, 1)
_ESCAPED_CODE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_OUTER_SPACE = re.compile(r"^\s|\s$|\n")


@dataclass(frozen=True, slots=True)
class CellStyles:
    """Numbers of a workbook's cell styles."""

    text: int
    quoted: int
    number: int
    day: int
    moment: int


class SharedTexts:
    """The texts that cells name by number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number_of(self, markup: str) -> int | None:
        """The number of a text; None for a new one when the table is full."""
        number = self._numbers.get(markup)
        if number is None and len(self._numbers) < SHARED_TEXTS:
            number = self._numbers[markup] = len(self._numbers)
        return number

    def table(self) -> str:
        """The part of the workbook that holds the texts."""
        items = "".join(f"<si>{markup}</si>" for markup in self._numbers)
        return f'<sst xmlns="{NAMESPACE}" uniqueCount="{len(self._numbers)}">{items}</sst>'


class ColumnMarkup(dict[Value, str]):
    """Value -> its cell from behind the row's number to the number of the next cell; `following` leads there."""

    def __init__(self, styles: CellStyles, texts: SharedTexts, following: str) -> None:
        super().__init__()
        self._styles, self._texts, self._following = styles, texts, following
        self._of_number: Callable[[Any], str] = f'" s="{styles.number}"><v>%d</v></c>{following}'.__mod__

    def of(self, values: Sequence[Value]) -> Iterator[str]:
        """The markup of a stretch of the column."""
        only_numbers = set(map(type, values)) == {int}
        return map(self._of_number if only_numbers else self.__getitem__, values)

    def __missing__(self, value: Value) -> str:
        markup = self._cell(value) + self._following
        if len(self) < KEPT_VALUES:
            self[value] = markup
        return markup

    def _cell(self, value: Value) -> str:
        if value is None or value == "":
            return f'" s="{self._styles.text}"/>'
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, date):
            return self._day(value)
        return f'" s="{self._styles.number}"><v>{value}</v></c>'

    def _day(self, value: date) -> str:
        if isinstance(value, datetime):
            shown: Any = as_shown(value)
            time = timedelta(hours=shown.hour, minutes=shown.minute, seconds=shown.second)
            serial = (shown.date() - EPOCH + time) / timedelta(days=1)
            return f'" s="{self._styles.moment}"><v>{serial}</v></c>'
        if value < FIRST_DAY:
            return self._text(f"{value:%d/%m/%Y}")
        return f'" s="{self._styles.day}"><v>{(value - EPOCH).days}</v></c>'

    def _text(self, text: str) -> str:
        """A text is a text whatever it looks like; where it looks like a formula, the cell says so as well."""
        style = self._styles.quoted if text.lstrip(" ").startswith(FORMULA_STARTS) else self._styles.text
        markup = _text_markup(text)
        number = self._texts.number_of(markup)
        if number is None:
            return f'" s="{style}" t="inlineStr"><is>{markup}</is></c>'
        return f'" s="{style}" t="s"><v>{number}</v></c>'


def _text_markup(text: str) -> str:
    clean = _ESCAPED_CODE.sub("_x005F_", safe_text(text))
    space = ' xml:space="preserve"' if _OUTER_SPACE.search(clean) else ""
    return f"<t{space}>{escape(clean, {chr(13): '&#13;'})}</t>"


def column_markups(styles: CellStyles, texts: SharedTexts, letters: Sequence[str]) -> list[ColumnMarkup]:
    """What writes the columns of a sheet, `letters` being theirs."""
    following = [f'<c r="{letter}' for letter in letters[1:]]
    return [ColumnMarkup(styles, texts, one) for one in (*following, "</row>")]


class WrittenBeside:
    """A part that is compressed and written in a thread beside, which needs no Python while it compresses.

    One stretch is under way at most, so memory stays flat; what goes wrong with it is raised by the next call.
    """

    def __init__(self, part: IO[bytes]) -> None:
        self._part, self._pool = part, ThreadPoolExecutor(1)
        self._under_way: Future[int] = self._pool.submit(int)

    def __enter__(self) -> "WrittenBeside":
        return self

    def __exit__(self, *failure: object) -> None:
        self._pool.shutdown()

    def write(self, markup: bytes) -> None:
        self.wait()
        self._under_way = self._pool.submit(self._part.write, markup)

    def wait(self) -> None:
        """Return when everything is written."""
        self._under_way.result()


def write_rows(
    part: IO[bytes],
    columns: Sequence[ColumnMarkup],
    rows: Iterator[Sequence[Value]],
    first: int,
    told: Callable[[int], None],
) -> int:
    """Write rows from number `first` until they end or the sheet is full; returns the number after the last.

    `told` hears of each stretch how many rows it had. ValueError where a row has another number of values than there
    are columns.
    """
    number, written = first, 0
    with WrittenBeside(part) as beside:
        while chunk := list(islice(rows, min(ROWS_AT_ONCE, MOST_ROWS + 1 - number))):
            markup = _rows(columns, chunk, number).encode()
            beside.write(markup)
            number += len(chunk)
            written += len(markup)
            told(len(chunk))
            if written > MOST_BYTES:
                break
        beside.wait()
    return number


def _rows(columns: Sequence[ColumnMarkup], rows: Iterable[Sequence[Value]], first: int) -> str:
    values = list(zip(*rows, strict=True))
    cells = [column.of(stretch) for column, stretch in zip(columns, values, strict=True)]
    pieces = zip(repeat('<row r="'), repeat('"><c r="A'), *cells, strict=False)
    numbers = map(str, range(first, first + len(values[0])))
    return "".join(map(str.join, numbers, pieces))
