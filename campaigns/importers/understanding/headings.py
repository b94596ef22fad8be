"""Finding the heading of a list (one row or several) and the columns that it names."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from campaigns.importers.understanding.shapes import Layout
from hbs_portal.lib.sheets.reading import Row, Sheet
from hbs_portal.lib.text import fold, nfc

HEADING_ROWS_SCANNED = 40
HEADING_DEPTH = 3
_MOST_SPREAD = 5_000  # cells of merges in the scanned rows; a giant merge is no heading
_FEWEST_COLUMNS = 2
#: Written by the sheet of wrong rows: once mended it is still the layout that was explained.
_OWN = frozenset({"ly do chua nap"})

#: Fields that may come in parts, named under a common heading ("Ngày sinh" over "Nam" and "Nữ").
PARTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "birth_date": {
        "birth_day": ("Ngày",),
        "birth_month": ("Tháng",),
        "birth_year": ("Năm",),
        "birth_male": ("Nam",),
        "birth_female": ("Nữ",),
    },
    "full_name": {
        "family_name": ("Họ", "Họ đệm", "Họ và đệm", "Họ và tên đệm", "Họ lót", "Họ và lót", "Họ, đệm"),
        "given_name": ("Tên",),
    },
    "gender": {"male": ("Nam",), "female": ("Nữ",)},
    "note": {"poor": ("Hộ nghèo", "Nghèo"), "near_poor": ("Hộ cận nghèo", "Cận nghèo")},
}
#: Sets of parts that stand for a whole field.
WHOLES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "full_name": (("family_name", "given_name"),),
    "birth_date": (("birth_day", "birth_month", "birth_year"), ("birth_male", "birth_female")),
}


@lru_cache(maxsize=8192)
def heading_key(text: str) -> str:
    """Return the form in which headings are compared: no marks, case, brackets, stars or line breaks."""
    return " ".join(re.sub(r"[\W_]+", " ", fold(re.sub(r"\([^)]*\)", " ", text))).split())


@lru_cache(maxsize=8192)
def _marked_key(text: str) -> str:
    """The key with its marks, which tell "Nam" from "Năm" and "Hộ" from "Họ"; where a tone stands is all the same."""
    plain = re.sub(r"\([^)]*\)", " ", nfc(text).casefold())
    return " ".join(map(_marked, re.sub(r"[\W_]+", " ", plain).split()))


def _marked(word: str) -> str:
    letters = unicodedata.normalize("NFD", word)
    marks = sorted(char for char in letters if unicodedata.combining(char))
    return "".join(char for char in letters if not unicodedata.combining(char)) + "".join(marks)


def column_letter(index: int) -> str:
    """Return the letter of a column as Excel shows it: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


class Names:
    """The headings of a set of fields, to look texts up in."""

    def __init__(self, aliases: Mapping[str, tuple[str, ...]]) -> None:
        self.marked: dict[str, tuple[str, int]] = {}
        self.folded: dict[str, tuple[str, int] | None] = {}
        for name, texts in aliases.items():
            for rank, text in enumerate(texts):
                self.marked.setdefault(_marked_key(text), (name, rank))
                known = self.folded.setdefault(heading_key(text), (name, rank))
                if known and known[0] != name:
                    self.folded[heading_key(text)] = None

    def find(self, text: str) -> tuple[str, int] | None:
        """Return the field that a heading names, and the rank of the alias; None where two fields would do."""
        return self.marked.get(_marked_key(text)) or self.folded.get(heading_key(text))


_PART_NAMES = {whole: Names(parts) for whole, parts in PARTS.items()}


@dataclass(frozen=True)
class Heading:
    """A heading: its rows, `columns` field -> column index (0 is A), `headings` field -> what it says there.

    `unknown`: column index -> text that names no field. `keys`: column index -> key under which answers are kept.
    `missing`: required fields that no column holds. `repeated`: columns that name a field once more.
    """

    first_row: int
    last_row: int
    columns: dict[str, int]
    headings: dict[str, str]
    unknown: dict[int, str]
    keys: dict[int, str]
    missing: tuple[str, ...]
    signature: str
    wraps: int = 0
    repeated: dict[int, str] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        return not self.missing


@dataclass
class _Grid:
    """The texts of the scanned rows; `origins`: cell of a merge -> its upper left cell."""

    rows: dict[int, Row]
    texts: dict[tuple[int, int], str]
    origins: dict[tuple[int, int], tuple[int, int]]
    width: int

    def parts(self, numbers: Sequence[int], column: int) -> list[tuple[int, int]]:
        """The cells that name a column, from above; each once, however it is merged."""
        found: list[tuple[int, int]] = []
        for number in numbers:
            origin = self.origins.get((number, column), (number, column))
            if not self.texts.get(origin) and number != numbers[-1]:
                origin = self._over(number, column, numbers[-1])
            if self.texts.get(origin) and origin not in found:
                found.append(origin)
        return found

    def _over(self, number: int, column: int, last: int) -> tuple[int, int]:
        """The heading to the left that stands over this column too, where nobody merged the cells."""
        place = column
        while place >= 0 and (last, place) in self.texts:
            if (number, place) in self.texts:
                return number, place
            place -= 1
        return number, column


def find_heading(sheet: Sheet, layout: Layout, answered: Mapping[str, Mapping[str, str]]) -> Heading | None:
    """Return the best heading among the first 40 rows: fewest required fields missing, then most fields, then topmost.

    `answered`: what people said about columns, by signature. None where no row names two fields.
    """
    grid, names = _grid_of(sheet), Names(layout.aliases)
    found: list[Heading] = []
    for number in grid.rows:
        for depth in range(HEADING_DEPTH):
            numbers = range(number, number + depth + 1)
            if depth and not (_may_continue(grid, number) and _may_continue(grid, numbers[-1])):
                break
            found.append(_heading(grid, numbers, names, layout, answered))
    enough = [one for one in found if len(one.columns) >= _FEWEST_COLUMNS]
    first = min(enough, key=lambda one: (len(one.missing), one.wraps, one.first_row), default=None)
    # A richer table further down must not hide the people of the first one.
    near = [one for one in enough if first and one.first_row <= first.last_row + 1]
    return min(near, key=_worth, default=None)


def unnamed_heading(sheet: Sheet, layout: Layout, answered: Mapping[str, Mapping[str, str]]) -> Heading | None:
    """Return the row of words right above the first row with a day, to ask about; None where there is none."""
    grid, names = _grid_of(sheet), Names(layout.aliases)
    first = next((number for number, row in grid.rows.items() if any(map(_is_day, row.cells))), 0)
    above = [number for number in grid.rows if number < first and _may_continue(grid, number)]
    wide = [number for number in above if sum(place[0] == number for place in grid.texts) >= _FEWEST_COLUMNS]
    return _heading(grid, range(wide[-1], wide[-1] + 1), names, layout, answered) if wide else None


def _is_day(cell: object) -> bool:
    return isinstance(cell, date) or (
        isinstance(cell, str) and bool(re.match(r"\s*\d{1,2}[/.-]\d{1,2}[/.-]\d{4}", cell))
    )


def _worth(heading: Heading) -> tuple[int, int, int, int, int]:
    depth = heading.last_row - heading.first_row
    return len(heading.missing), heading.wraps, -len(heading.columns), depth, heading.first_row


def _grid_of(sheet: Sheet) -> _Grid:
    rows = {row.number: row for row in sheet.rows if row.number <= HEADING_ROWS_SCANNED}
    texts = {
        (row.number, column): nfc(cell)
        for row in rows.values()
        for column, cell in enumerate(row.cells)
        if isinstance(cell, str) and heading_key(cell)
    }
    width = max((len(row.cells) for row in rows.values()), default=0)
    return _Grid(rows, texts, _origins(sheet, width), width)


def _origins(sheet: Sheet, width: int) -> dict[tuple[int, int], tuple[int, int]]:
    origins: dict[tuple[int, int], tuple[int, int]] = {}
    for top, left, bottom, right in sheet.merges:
        for number in range(top, min(bottom, HEADING_ROWS_SCANNED) + 1):
            for column in range(left, min(right, width - 1) + 1):
                origins[number, column] = (top, left)
        if len(origins) > _MOST_SPREAD:
            break
    return origins


def _may_continue(grid: _Grid, number: int) -> bool:
    """Whether a row may belong to the heading above it: words only, nothing that begins like a number or a day."""
    row = grid.rows.get(number)
    cells = [cell for cell in row.cells if cell not in (None, "")] if row else []
    return bool(cells) and all(isinstance(cell, str) and not re.match(r"\s*\(?\d", cell) for cell in cells)


def _heading(
    grid: _Grid, numbers: range, names: Names, layout: Layout, answered: Mapping[str, Mapping[str, str]]
) -> Heading:
    parts = {column: found for column in range(grid.width) if (found := grid.parts(numbers, column))}
    users = Counter(origin for found in parts.values() for origin in found)
    texts = {column: [grid.texts[origin] for origin in found] for column, found in parts.items()}
    keys = _unique_keys(texts)
    named = sorted(key for key in keys.values() if key not in _OWN)
    signature = hashlib.sha256("|".join([layout.kind, *named]).encode()).hexdigest()
    fields = {column: found for column, found in ((one, _field_of(texts[one], names)) for one in texts) if found}
    _apply_answer(fields, keys, texts, answered.get(signature, {}), grid.width, layout)
    columns = _settle(_best(fields))
    return Heading(
        first_row=numbers[0],
        last_row=numbers[-1],
        columns=columns,
        headings={name: _shown(texts[column], names) for name, column in columns.items()},
        unknown={column: text[-1] for column, text in texts.items() if column not in columns.values()},
        keys=keys,
        missing=_missing(columns, layout),
        signature=signature,
        wraps=sum(len(found) > 1 and any(users[one] == 1 for one in found[:-1]) for found in parts.values()),
        repeated={
            column: name
            for column, (name, _) in fields.items()
            if name in columns and column != columns[name] and _say_the_same(parts, texts, column, columns[name])
        },
    )


def _say_the_same(
    parts: Mapping[int, list[tuple[int, int]]], texts: Mapping[int, list[str]], one: int, other: int
) -> bool:
    """Whether two columns have the same heading, written twice and not merged."""
    return one in parts and other in parts and parts[one] != parts[other] and texts[one][-1] == texts[other][-1]


def _apply_answer(
    fields: dict[int, tuple[str, int]],
    keys: dict[int, str],
    texts: dict[int, list[str]],
    said: Mapping[str, str],
    width: int,
    layout: Layout,
) -> None:
    """What the person said of a column comes before what its heading says."""
    by_key = {unnamed_key(column): column for column in range(width) if column not in keys}
    by_key.update({key: column for column, key in keys.items()})
    for key, name in said.items():
        column = by_key.get(key, -1)
        fields.pop(column, None)
        if column >= 0 and name in layout.aliases:
            fields[column] = (name, -1)
            texts.setdefault(column, [f"Cột {column_letter(column)}"])


def unnamed_key(column: int) -> str:
    """Return the key of a column without a heading, under which an answer is kept."""
    return f"cot {column_letter(column).lower()}"


def _unique_keys(texts: Mapping[int, list[str]]) -> dict[int, str]:
    keys: dict[int, str] = {}
    seen: Counter[str] = Counter()
    for column, parts in texts.items():
        key = heading_key(parts[-1])
        seen[key] += 1
        keys[column] = key if seen[key] == 1 else f"{key} {seen[key]}"
    return keys


def _field_of(texts: list[str], names: Names) -> tuple[str, int] | None:
    """The field of a column: by all its headings together, as a part of the one above, or by the lowest alone."""
    if len(texts) > 1:
        if found := names.find(" ".join(texts)):
            return found
        whole = names.find(texts[-2])
        if whole and whole[0] in _PART_NAMES and (found := _PART_NAMES[whole[0]].find(texts[-1])):
            return found
    return names.find(texts[-1])


def _shown(texts: list[str], names: Names) -> str:
    """What the person knows a column by: the heading above too, where the lowest is a part of it."""
    if len(texts) > 1 and (whole := names.find(texts[-2])) and whole[0] in PARTS:
        return f"{texts[-2]} {texts[-1]}"
    return " ".join(texts) if len(texts) > 1 and names.find(" ".join(texts)) else texts[-1]


def _best(fields: Mapping[int, tuple[str, int]]) -> dict[str, int]:
    """The column of each field: the one named by the preferred alias, then the one further left."""
    columns: dict[str, int] = {}
    for column, (name, _) in sorted(fields.items(), key=lambda item: (item[1][1], item[0])):
        columns.setdefault(name, column)
    return columns


def _settle(columns: dict[str, int]) -> dict[str, int]:
    """Parts that make no whole name no field; "Nam" beside "Ngay" and "Thang" is a year written without marks."""
    settled = dict(columns)
    if {"birth_day", "birth_month"} <= settled.keys() and "birth_year" not in settled:
        year = next((name for name in ("birth_male", "male", "birth_date") if name in settled), "")
        if year:
            settled["birth_year"] = settled.pop(year)
    for parts in WHOLES["birth_date"]:
        if not all(part in settled for part in parts):
            for part in parts:
                settled.pop(part, None)
    return settled


def _missing(columns: Mapping[str, int], layout: Layout) -> tuple[str, ...]:
    """The required fields that are not there, of the set that lacks fewest."""
    found = set(columns)
    for whole, sets in WHOLES.items():
        if any(found.issuperset(parts) for parts in sets):
            found.add(whole)
    lacking = [tuple(name for name in required if name not in found) for required in layout.required]
    return min(lacking, key=len, default=())
