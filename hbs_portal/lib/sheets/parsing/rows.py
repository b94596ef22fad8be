"""What every parser gives back, as JSON: sheets of numbered rows of plain cells."""

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from hbs_portal.lib.sheets.container import TOO_MANY, RefusedFile

MAX_SHEETS = 200
MAX_ROWS = 60_000
MAX_COLUMNS = 300
MAX_CELLS = 1_000_000
MAX_MERGES = 20_000

JsonCell = str | int | float | bool | dict[str, str] | None
JsonRow = tuple[int, list[JsonCell]]
Range = tuple[int, int, int, int]
_CONTROLS = dict.fromkeys([*(code for code in range(32) if chr(code) not in "\t\n\r"), 0x7F, 0xFFFE, 0xFFFF])


def encode(cell: Any) -> JsonCell:
    """Return a cell as JSON: dates tagged by their kind, text without control characters, empty text as null."""
    kind = type(cell)
    if kind is str:
        return (cell if cell.isprintable() else cell.translate(_CONTROLS)) or None
    if kind is datetime:
        return {"datetime": cell.isoformat()}
    if kind is date:
        return {"date": cell.isoformat()}
    if kind in (time, timedelta):
        return str(cell)
    return cell if kind is not float or math.isfinite(cell) else str(cell)


def encoded_row(number: int, cells: Iterable[Any]) -> JsonRow | None:
    """Return a row without trailing empty cells, None when it holds nothing."""
    encoded = [encode(cell) for cell in cells]
    while encoded and encoded[-1] is None:
        encoded.pop()
    return (number, encoded) if encoded else None


def sheet_answer(
    name: str,
    rows: Sequence[JsonRow],
    *,
    hidden: bool = False,
    merges: Iterable[Range] = (),
    formats: Mapping[tuple[int, int], str] | None = None,
) -> dict[str, Any]:
    """Return a sheet as JSON. An empty name stands for the file's. Merges are cut to the cells in use."""
    return {
        "name": name,
        "hidden": hidden,
        "rows": rows,
        "merges": _merges_in_use(merges, rows),
        "formats": [(row, column, text) for (row, column), text in (formats or {}).items()],
    }


def _merges_in_use(merges: Iterable[Range], rows: Sequence[JsonRow]) -> list[Range]:
    last_row = rows[-1][0] if rows else 0
    last_column = max((len(cells) for _, cells in rows), default=0) - 1
    kept = []
    for top, left, bottom, right in merges:
        cut = (top, left, min(bottom, last_row), min(right, last_column))
        if cut[2] >= top and cut[3] >= left and cut[:2] != cut[2:]:
            kept.append(cut)
        if len(kept) >= MAX_MERGES:
            break
    return sorted(kept)


def check_size(*, sheets: int = 1, height: int = 0, width: int = 0, cells: int = 0) -> None:
    """Raise RefusedFile for more sheets, rows or columns than any list has."""
    if sheets > MAX_SHEETS or height > MAX_ROWS or width > MAX_COLUMNS or cells > MAX_CELLS:
        raise RefusedFile(TOO_MANY)
