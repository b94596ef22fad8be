"""The page of a superior's form: a grid to choose cells in, what is bound, what is wrong, what may be meant."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from hbs_portal.lib.sheets.editing.scanning import Place, column_letters, place_of, reference
from hbs_portal.lib.sheets.grids import Grid, GridSheet
from hbs_portal.lib.sheets.parsing.grids import SHOWN_COLUMNS, SHOWN_ROWS
from hbs_portal.lib.text import fold
from reports.exporters.sheet_template.figures import TAG, Known, label_of, names
from reports.exporters.sheet_template.placing import Problem, address_of, place_problem, placements, problems
from reports.exporters.sheet_template.suggesting import suggestions
from reports.models import SheetTemplate

MOST_FOUND = 40
#: One more than what is written, so that a form can be continued; never more than the preview.
_BEYOND = 2


@dataclass(frozen=True)
class ShownCell:
    """A cell of the grid; merged cells are one. `query` leads to choosing its figure, empty for formulas."""

    text: str
    css: str
    query: str
    address: str
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True)
class ShownRow:
    number: int
    cells: list[ShownCell]


@dataclass(frozen=True)
class Choice:
    """A figure to choose, or a cell with its figure."""

    name: str
    label: str
    address: str = ""
    query: str = ""


class SheetTemplatePage:
    """`parameters`: the sheet (`bieu`, a number from 1), the chosen cell (`o`) and what to search for (`tim`)."""

    def __init__(self, template: SheetTemplate, grid: Grid, known: Known, parameters: Mapping[str, str]) -> None:
        self.template, self.grid, self.known = template, grid, known
        self.words = parameters.get("tim", "").strip()[:80]
        number = parameters.get("bieu", "")
        self.number = int(number) if number.isascii() and number.isdecimal() and len(number) < 4 else 1
        self.number = self.number if 1 <= self.number <= len(grid.sheets) else 1
        self._asked = parameters.get("o", "")

    @property
    def sheet(self) -> GridSheet:
        return self.grid.sheets[self.number - 1]

    @property
    def tabs(self) -> list[dict[str, object]]:
        return [
            {
                "label": sheet.name,
                "query": f"?bieu={number}",
                "active": number == self.number,
                "hidden": sheet.is_hidden,
            }
            for number, sheet in enumerate(self.grid.sheets, start=1)
        ]

    @cached_property
    def place(self) -> Place | None:
        """The cell that was chosen."""
        try:
            return place_of(self._asked)
        except ValueError:
            return None

    @property
    def wrong_cell(self) -> str:
        """What was typed instead of a cell."""
        return self._asked[:20] if self._asked and self.place is None else ""

    @property
    def cell(self) -> str:
        return reference(self.place) if self.place else ""

    @property
    def address(self) -> str:
        return address_of(self.sheet.name, self.place) if self.place else ""

    @property
    def cell_text(self) -> str:
        return self.sheet.cells.get(self.place, "") if self.place else ""

    @property
    def bound_name(self) -> str:
        return self.template.bindings.get(self.address, "")

    @property
    def bound_label(self) -> str:
        return label_of(self.bound_name, self.known) if self.bound_name else ""

    @property
    def refusal(self) -> str:
        """Why the chosen cell may not be filled."""
        return place_problem(self.grid, self.sheet.name, self.place) if self.place else ""

    @cached_property
    def found(self) -> list[Choice]:
        """The figures whose name or label holds every word, marks and case aside; the first of them."""
        words = fold(self.words).split()
        labelled = ((name, label_of(name, self.known)) for name in names(self.known))
        fitting = [Choice(name, label) for name, label in labelled if _fits(words, name, label)]
        self.found_count = len(fitting)
        return fitting[:MOST_FOUND]

    @property
    def more_found(self) -> int:
        return max(0, self.found_count - len(self.found))

    @cached_property
    def problems(self) -> list[Choice]:
        found: list[Problem] = problems(self.grid, self.template.bindings, self.known)
        return [Choice("", one.sentence, one.address, self._query(one.address)) for one in found]

    @cached_property
    def bound(self) -> list[Choice]:
        """Every cell that will be filled, those with tags of their own included."""
        return [
            Choice(", ".join(one.names), "; ".join(label_of(name, self.known) for name in one.names), one.address,
                   self._query(one.address))
            for one in placements(self.grid, self.template.bindings)
        ]  # fmt: skip

    @cached_property
    def suggested(self) -> list[Choice]:
        found = suggestions(self.grid, self.template.bindings, self.known)
        return [
            Choice(name, label_of(name, self.known), address, self._query(address)) for address, name in found.items()
        ]

    @cached_property
    def columns(self) -> list[str]:
        return [column_letters(number) for number in range(self._last[1] + 1)]

    @cached_property
    def rows(self) -> list[ShownRow]:
        return [ShownRow(row, list(self._row(row))) for row in range(1, self._last[0] + 1)]

    @property
    def is_cut(self) -> bool:
        return self.sheet.last[0] > SHOWN_ROWS or self.sheet.last[1] >= SHOWN_COLUMNS

    @property
    def _last(self) -> Place:
        row, column = self.sheet.last
        return min(row + _BEYOND, SHOWN_ROWS), min(column + _BEYOND, SHOWN_COLUMNS - 1)

    def _row(self, row: int) -> Iterator[ShownCell]:
        for column in range(self._last[1] + 1):
            if not self.sheet.is_covered((row, column)):
                yield self._cell((row, column))

    def _cell(self, place: Place) -> ShownCell:
        box = self.sheet.merge_of(place)
        address = address_of(self.sheet.name, place)
        bound = self.template.bindings.get(address, "")
        is_formula = place in self.sheet.formulas
        text = self.sheet.cells.get(place, "")
        return ShownCell(
            text=bound or text,
            css=self._css(place, bound=bool(bound) or bool(TAG.search(text) and not is_formula), is_formula=is_formula),
            query="" if is_formula else f"?{urlencode({'bieu': self.number, 'o': reference(place)})}#gan",
            address=reference(place),
            rows=min(box[2], self._last[0]) - box[0] + 1 if box else 1,
            columns=min(box[3], self._last[1]) - box[1] + 1 if box else 1,
        )

    def _css(self, place: Place, *, bound: bool, is_formula: bool) -> str:
        looks = (
            ("sheet-cell-formula", is_formula),
            ("sheet-cell-bound", bound),
            ("sheet-cell-chosen", place == self.place),
        )
        return " ".join(name for name, applies in looks if applies)

    def _query(self, address: str) -> str:
        sheet, _, cell = address.rpartition("!")
        number = next((number for number, one in enumerate(self.grid.sheets, start=1) if one.name == sheet), 0)
        return f"?{urlencode({'bieu': number, 'o': cell})}#gan" if number else ""


def _fits(words: list[str], name: str, label: str) -> bool:
    text = f"{fold(name)} {fold(label)}" if words else ""
    return all(word in text for word in words)
