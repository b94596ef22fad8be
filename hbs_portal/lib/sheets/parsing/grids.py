"""A form that is to be filled: what stands in which cell, which cells calculate, which are merged, where tags stand."""

from pathlib import Path
from typing import Any

from hbs_portal.lib.sheets.editing.package import BookParts, SheetPart
from hbs_portal.lib.sheets.editing.scanning import CellSpot, holds

SHOWN_ROWS, SHOWN_COLUMNS = 60, 26
TAG_START = "{{"
MAX_TEXT = 300


def read_grid(path: Path) -> dict[str, Any]:
    """Return the sheets of an .xlsx as {"name", "hidden", "cells", "formulas", "tagged", "merges", "last"}.

    Cells are [row, column, text]: those of the first rows and columns, and wherever a tag stands. Formulas are places.
    Raises RefusedFile.
    """
    book = BookParts(path)
    return {"kind": "xlsx", "signed": book.is_signed, "sheets": [_sheet(book, sheet) for sheet in book.sheets]}


def _sheet(book: BookParts, sheet: SheetPart) -> dict[str, Any]:
    scan = book.scans[sheet.name]
    cells = list(scan.cells.values())
    told = [(cell, book.text_of(cell)) for cell in cells if cell.value]
    boxes = [cell.formula.box for cell in cells if cell.formula and cell.formula.kind in ("array", "dataTable")]
    return {
        "name": sheet.name,
        "hidden": sheet.is_hidden,
        "cells": [
            [*cell.place, text if TAG_START in text else text[:MAX_TEXT]]
            for cell, text in told
            if _is_shown(cell, text)
        ],
        "formulas": [
            cell.place for cell in cells if cell.formula or any(box and holds(box, cell.place) for box in boxes)
        ],
        "tagged": [cell.place for cell in cells if cell.formula and TAG_START in cell.formula.text],
        "merges": scan.merges,
        "last": [max((cell.row for cell in cells), default=0), max((cell.column for cell in cells), default=-1)],
    }


def _is_shown(cell: CellSpot, text: str) -> bool:
    return (cell.row <= SHOWN_ROWS and cell.column < SHOWN_COLUMNS) or TAG_START in text
