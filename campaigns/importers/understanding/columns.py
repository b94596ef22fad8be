"""Columns that nobody named: the spilt second half of a name, and what must be asked for."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from campaigns.importers.understanding.asking import AskedColumn, Question
from campaigns.importers.understanding.headings import Heading, column_letter, unnamed_key
from campaigns.importers.understanding.lines import is_day_like, is_name_like
from campaigns.importers.understanding.shapes import Layout
from hbs_portal.lib.sheets.reading import Cell, Row, Sheet
from hbs_portal.lib.text import nfc

_LOOKED_AT = 200
_SAMPLES = 3
_FEWEST_WORDS = 2


def rows_under(sheet: Sheet, heading: Heading) -> list[Row]:
    """Return the first rows under a heading."""
    return [row for row in sheet.rows if row.number > heading.last_row][:_LOOKED_AT]


def cells_under(rows: Iterable[Row], column: int) -> list[Cell]:
    """Return the cells of a column that hold something."""
    return [cell for row in rows if (cell := row.cell(column)) not in (None, "")]


def with_spilt_name(sheet: Sheet, heading: Heading) -> Heading:
    """One heading "Họ và tên" over two columns: the given name stands in the second, which has no heading."""
    column = heading.columns.get("full_name")
    if column is None or "given_name" in heading.columns:
        return heading
    if heading.unknown.get(column + 1, heading.headings["full_name"]) != heading.headings["full_name"]:
        return heading
    if column + 1 in heading.columns.values() or column + 1 in heading.repeated:
        return heading
    rows = [row for row in rows_under(sheet, heading) if is_name_like(row.cell(column))]
    spilt = [row for row in rows if is_name_like(row.cell(column + 1))]
    if not spilt or 2 * len(spilt) < len(rows):
        return heading
    columns = {name: index for name, index in heading.columns.items() if name != "full_name"}
    text = heading.headings["full_name"]
    return replace(
        heading,
        columns={**columns, "family_name": column, "given_name": column + 1},
        headings={**heading.headings, "family_name": text, "given_name": text},
    )


def columns_question(sheet: Sheet, heading: Heading, layout: Layout) -> Question | None:
    """Return what to ask where a required field is missing and an unknown column may hold it; None where none may."""
    rows = rows_under(sheet, heading)
    width = max((len(row.cells) for row in rows), default=0)
    free = [column for column in range(width) if column not in heading.columns.values()]
    cells = {column: held for column in free if (held := cells_under(rows, column))}
    if not all(any(_may_hold(name, held) for held in cells.values()) for name in heading.missing):
        return None
    labels = layout.labels
    lacking = " và ".join(f"“{labels.get(name, name)}”" for name in heading.missing)
    return Question(
        kind="columns",
        sheet=sheet.name,
        text=f"Trang “{sheet.name}”: chưa rõ cột nào là {lacking}. Hãy chọn ý nghĩa của từng cột dưới đây.",
        options=tuple((name, label) for name, label in labels.items() if name not in heading.columns),
        signature=heading.signature,
        missing=heading.missing,
        columns=tuple(_asked(column, cells[column], heading) for column in cells),
    )


def _may_hold(name: str, cells: Sequence[Cell]) -> bool:
    """Whether most of a column looks like what the field holds."""
    if name == "birth_date":
        fitting = sum(is_day_like(cell) and not _is_small(cell) for cell in cells)
    elif name == "full_name":
        fitting = sum(is_name_like(cell) and len(str(cell).split()) >= _FEWEST_WORDS for cell in cells)
    else:
        return True
    return 2 * fitting >= len(cells)


def _is_small(cell: Cell) -> bool:
    return isinstance(cell, (int, float)) and cell < 1900  # years and serial numbers are larger


def _asked(column: int, cells: Sequence[Cell], heading: Heading) -> AskedColumn:
    letter = column_letter(column)
    samples = tuple(dict.fromkeys(_shown(cell) for cell in cells))[:_SAMPLES]
    return AskedColumn(
        key=heading.keys.get(column) or unnamed_key(column),
        heading=heading.unknown.get(column, ""),
        letter=letter,
        samples=samples,
    )


def _shown(cell: Cell) -> str:
    return f"{cell:%d/%m/%Y}" if hasattr(cell, "strftime") else nfc(str(cell))[:60]
