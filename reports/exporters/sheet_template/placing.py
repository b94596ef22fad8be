"""Which cells of a form are filled with what: cells that were bound, and tags that stand in the form itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hbs_portal.lib.sheets.editing.scanning import Place, place_of, reference
from hbs_portal.lib.sheets.grids import Grid, GridSheet
from reports.exporters.sheet_template.figures import TAG, Known, UnknownFigureError, figure_of

NO_SHEET = "Biểu mẫu không có trang tính này."
IS_FORMULA = "Ô này có công thức; cổng không bao giờ ghi đè công thức. Hãy chọn ô khác."
TAG_IN_FORMULA = (
    "Ô có công thức chứa thẻ; cổng không ghi đè công thức. Hãy để thẻ ở một ô riêng rồi cho công thức trỏ tới ô đó."
)
BROKEN_TAG = "Thẻ viết chưa đúng: “{text}”. Hãy ghi như {{{{K1.n}}}}, đủ hai dấu ngoặc nhọn ở mỗi đầu."
MOST_SHOWN = 60
IS_COVERED = "Ô này nằm trong vùng gộp ô. Hãy chọn ô đầu của vùng gộp: {first}."


def address_of(sheet: str, place: Place) -> str:
    """ "Biểu 1!B5": how a cell is named in bindings and in sentences."""
    return f"{sheet}!{reference(place)}"


def taken_apart(address: str) -> tuple[str, Place]:
    """The sheet and the place of "Biểu 1!B5". Raises ValueError."""
    sheet, _, cell = address.rpartition("!")
    return sheet, place_of(cell)


@dataclass(frozen=True)
class Placement:
    """`text` is what the cell says now where tags stand in it; empty for a cell that was bound to `names`' only one."""

    sheet: str
    place: Place
    names: tuple[str, ...]
    text: str = ""

    @property
    def address(self) -> str:
        return address_of(self.sheet, self.place)


@dataclass(frozen=True)
class Problem:
    """What keeps a form from being filled, with the sheet and the cell."""

    address: str
    sentence: str


def placements(grid: Grid, bindings: Mapping[str, str]) -> Iterator[Placement]:
    """Every cell that is to be filled; where a cell is bound, its own tags do not count."""
    for address, name in bindings.items():
        yield Placement(*taken_apart(address), names=(name,))
    for sheet in grid.sheets:
        for place, text in sheet.cells.items():
            found = tuple(TAG.findall(text))
            if found and address_of(sheet.name, place) not in bindings and place not in sheet.formulas:
                yield Placement(sheet.name, place, found, text)


def problems(grid: Grid, bindings: Mapping[str, str], known: Known) -> list[Problem]:
    """All that is wrong, in the order of the form; an empty list means that it can be filled."""
    found = [
        Problem(placement.address, sentence)
        for placement in placements(grid, bindings)
        for sentence in (place_problem(grid, placement.sheet, placement.place), *_name_problems(placement, known))
        if sentence
    ]
    found += _left_tags(grid, bindings)
    order = {sheet.name: number for number, sheet in enumerate(grid.sheets)}
    return sorted(found, key=lambda one: _order(one, order))


def _left_tags(grid: Grid, bindings: Mapping[str, str]) -> Iterator[Problem]:
    """Tags that nobody would fill and that would stand in the paper as they are."""
    for sheet in grid.sheets:
        yield from (Problem(address_of(sheet.name, place), TAG_IN_FORMULA) for place in sorted(sheet.tagged_formulas))
        for place, text in sheet.cells.items():
            address = address_of(sheet.name, place)
            is_plain = address not in bindings and place not in sheet.formulas
            if is_plain and any(sign in TAG.sub("", text) for sign in ("{{", "}}")):
                yield Problem(address, BROKEN_TAG.format(text=text[:MOST_SHOWN]))


def _order(problem: Problem, order: Mapping[str, int]) -> tuple[int, Place]:
    sheet, place = taken_apart(problem.address)
    return order.get(sheet, len(order)), place


def place_problem(grid: Grid, sheet_name: str, place: Place) -> str:
    """Why nothing may be written there, as a sentence; empty where it may."""
    sheet = grid.by_name.get(sheet_name)
    if sheet is None:
        return NO_SHEET
    if place in sheet.formulas:
        return IS_FORMULA
    return _covered(sheet, place)


def _covered(sheet: GridSheet, place: Place) -> str:
    box = sheet.merge_of(place)
    if box is None or not sheet.is_covered(place):
        return ""
    return IS_COVERED.format(first=reference((box[0], box[1])))


def _name_problems(placement: Placement, known: Known) -> Iterator[str]:
    for name in placement.names:
        try:
            figure_of(name, known)
        except UnknownFigureError as error:
            yield str(error)
