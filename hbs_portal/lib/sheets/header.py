"""Finding the header row of a list and the columns that it names."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hbs_portal.lib.importing import SourceRow
from hbs_portal.lib.sheets.reading import Row, Sheet
from hbs_portal.lib.text import fold, nfc

HEADER_ROWS_SCANNED = 40
Aliases = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class HeaderMatch:
    """A header row: `columns` field -> column index (0 is A), `headings` field -> text of its heading.

    `unknown`: column index -> heading that no alias knows. `missing`: required fields that no column holds.
    """

    row_number: int
    columns: dict[str, int]
    headings: dict[str, str]
    unknown: dict[int, str]
    missing: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        return not self.missing


def heading_key(text: object) -> str:
    """Return the form in which headings are compared: no marks, case, line breaks, brackets, stars or colons."""
    without_brackets = re.sub(r"\([^)]*\)", " ", str(text))
    return fold(re.sub(r"[*:]+", " ", without_brackets))


def find_header(rows: Sequence[Row], aliases: Aliases, required: Sequence[str]) -> HeaderMatch | None:
    """Return the best header among the first 40 rows: fewest required fields missing, then most fields, then topmost.

    `aliases`: field -> headings it is known by, the preferred one first. None when no row names two fields (or all
    required ones, if those are fewer).
    """
    scanned = (row for row in rows if row.number <= HEADER_ROWS_SCANNED)
    matches = [_match(row, aliases, required) for row in scanned]
    enough = [match for match in matches if len(match.columns) >= 2 or (match.columns and match.is_complete)]
    return min(enough, key=lambda match: (len(match.missing), -len(match.columns), match.row_number), default=None)


def _match(row: Row, aliases: Aliases, required: Sequence[str]) -> HeaderMatch:
    texts = {index: nfc(cell) for index, cell in enumerate(row.cells) if isinstance(cell, str) and nfc(cell)}
    places: dict[str, int] = {}
    for index, text in texts.items():
        places.setdefault(heading_key(text), index)
    columns: dict[str, int] = {}
    for field, names in aliases.items():
        known = [key for key in map(heading_key, names) if key in places]
        if known:
            columns[field] = places[known[0]]
    return HeaderMatch(
        row_number=row.number,
        columns=columns,
        headings={field: texts[index] for field, index in columns.items()},
        unknown={index: text for index, text in texts.items() if index not in columns.values()},
        missing=tuple(field for field in required if field not in columns),
    )


def rows_below(sheet: Sheet, header: HeaderMatch, *, ordinal: str = "ordinal") -> Iterator[SourceRow]:
    """Yield the rows under the header by field; rows that hold at most an ordinal number are no rows of the list."""
    for row in sheet.rows:
        if row.number <= header.row_number:
            continue
        data: dict[str, Any] = {field: row.cell(index) for field, index in header.columns.items()}
        if any(value not in (None, "") for field, value in data.items() if field != ordinal):
            yield SourceRow(sheet.name, row.number, data, header.headings)
