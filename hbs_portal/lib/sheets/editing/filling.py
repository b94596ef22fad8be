"""Somebody else's workbook with some cells filled, everything else of it as it was."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hbs_portal.lib.sheets.editing.calculating import Calculation
from hbs_portal.lib.sheets.editing.package import BookParts
from hbs_portal.lib.sheets.editing.rewriting import Content, rewritten
from hbs_portal.lib.sheets.editing.scanning import Place, reference


@dataclass(frozen=True)
class Filled:
    """`left_blank`: formulas ("Biểu 1!D5") whose value only Excel can tell; `faults`: those that give an error."""

    left_blank: tuple[str, ...]
    faults: tuple[str, ...]


def fill_book(book: BookParts, contents: Mapping[str, Mapping[Place, Content]], target: Path) -> Filled:
    """Write the workbook with these cells filled, by sheet and place, to `target`.

    Only the parts of sheets in which something changes are touched, and in them only the filled cells and the last
    values of the formulas that follow from them; the workbook part asks Excel to calculate. Raises ValueError for a
    cell that holds a formula, RefusedFile for a workbook that cannot be read.
    """
    calculated = Calculation(book, contents).results()
    changed = {}
    for sheet in book.sheets:
        filled, results = contents.get(sheet.name, {}), calculated.get(sheet.name, {})
        if filled or results:
            changed[sheet.part] = rewritten(book.scans[sheet.name], filled, results)
    if any(cell.formula for scan in book.scans.values() for cell in scan.cells.values()):
        changed[book.book_part] = book.calculated_on_load()
    book.write(target, changed)
    told = [
        (f"{name}!{reference(place)}", value) for name, values in calculated.items() for place, value in values.items()
    ]
    return Filled(
        left_blank=tuple(place for place, value in told if value.text is None),
        faults=tuple(place for place, value in told if value.kind == "e"),
    )
