"""Which empty cells of a form most likely ask for which figure, told from the words beside and above them."""

import re
from collections.abc import Iterator, Mapping

from hbs_portal.lib.sheets.editing.scanning import Place
from hbs_portal.lib.sheets.grids import Grid, GridSheet
from hbs_portal.lib.sheets.parsing.grids import SHOWN_COLUMNS, SHOWN_ROWS
from hbs_portal.lib.text import fold
from reports.exporters.sheet_template.figures import FIELDS, Known
from reports.exporters.sheet_template.placing import address_of

#: Words of headings, folded, and what they ask for; the first that fits is taken.
_HEADINGS = (
    ("(%)", "percent_number"),
    ("ty le", "percent"),
    ("danh gia", "verdict"),
    ("xep loai", "verdict"),
    ("con thieu", "missing"),
    ("chua dat", "missing"),
    ("luot", "attendances"),
    ("don vi tinh", "noun"),
    ("ke hoach", "plan"),
    ("da dat", "n"),
    ("dat duoc", "n"),
    ("thuc hien", "n"),
    ("ket qua", "n"),
    ("tong so", "d"),
)
MOST = 200
_SHORTEST_NAME = 4


def suggestions(grid: Grid, bindings: Mapping[str, str], known: Known) -> dict[str, str]:
    """Address to name, at most MOST, only for empty cells in which nothing else may be meant."""
    found: dict[str, str] = {}
    for sheet in grid.sheets:
        for place, name in _of_sheet(sheet, known):
            address = address_of(sheet.name, place)
            if address not in bindings and len(found) < MOST:
                found[address] = name
    return found


def _of_sheet(sheet: GridSheet, known: Known) -> Iterator[tuple[Place, str]]:
    for row in range(2, min(sheet.last[0], SHOWN_ROWS) + 1):
        label = fold(" ".join(text for place, text in sheet.cells.items() if place[0] == row))
        target, unit = _target(label, known), _unit(label, known)
        for column in range(1, min(sheet.last[1] + 1, SHOWN_COLUMNS)) if target or unit else ():
            place = (row, column)
            if place in sheet.cells or place in sheet.formulas or sheet.is_covered(place):
                continue
            headings = [fold(text) for text in _above(sheet, place)]
            heads = target or next(filter(None, (_target(heading, known) for heading in headings)), "")
            name = _name(heads, unit, headings)
            if name:
                yield place, name


def _above(sheet: GridSheet, place: Place) -> Iterator[str]:
    """What stands above a cell in its column, the nearest first, merged headings included."""
    for row in range(place[0] - 1, 0, -1):
        box = sheet.merge_of((row, place[1]))
        text = sheet.cells.get((box[0], box[1]) if box else (row, place[1]), "")
        if text:
            yield text


def _name(target: str, unit: str, headings: list[str]) -> str:
    """The nearest heading that says anything tells what is asked for; a title far above does not."""
    word = next((word for heading in headings for words, word in _HEADINGS if words in heading), "")
    if not target or not word or (unit and word not in FIELDS):
        return ""
    return f"{target}.{unit}.{word}" if unit else f"{target}.{word}"


def _target(text: str, known: Known) -> str:
    """The one target that is named by its code or its short name."""
    found = [
        code
        for code, name in known.targets.items()
        if re.search(rf"\b{re.escape(fold(code))}\b", text) or (len(name) > _SHORTEST_NAME and fold(name) in text)
    ]
    return found[0] if len(found) == 1 else ""


def _unit(text: str, known: Known) -> str:
    """The unit with the longest name among those that are named."""
    found = [
        (len(name), code) for code, name in known.units.items() if len(name) > _SHORTEST_NAME and fold(name) in text
    ]
    return max(found, default=(0, ""))[1]
