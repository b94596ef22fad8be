"""What a workbook's own formulas give once some of its cells are filled, for viewers that do not calculate.

Only what follows from filled cells is calculated anew. A formula outside the small language below gives nothing: its
old value would be wrong, and a guess would be worse.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal, InvalidOperation
from typing import NamedTuple

from hbs_portal.lib.sheets.editing.formulas import (
    Area,
    Call,
    FormulaError,
    Literal,
    Name,
    Node,
    parse_formula,
    parts_of,
)
from hbs_portal.lib.sheets.editing.package import BookParts
from hbs_portal.lib.sheets.editing.rewriting import Calculated, Content, Runs
from hbs_portal.lib.sheets.editing.scanning import CellSpot, Place, holds

#: Functions whose cells cannot be told from their words.
_HIDDEN_CELLS = frozenset({"INDIRECT", "OFFSET"})
_LONGEST_EXPONENT = 300


class Spot(NamedTuple):
    sheet: str
    place: Place


class Fault(NamedTuple):
    """An error value, as "#DIV/0!"."""

    code: str


Value = float | str | bool | Fault | None


class UnknownValueError(Exception):
    """What this portal cannot calculate."""


class _FaultError(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.fault = Fault(code)


class Calculation:
    """The formulas of a workbook that follow from cells which were just filled."""

    def __init__(self, book: BookParts, contents: Mapping[str, Mapping[Place, Content]]) -> None:
        self._book = book
        self._cells = {name: scan.cells for name, scan in book.scans.items()}
        self._sheet_names = {name.upper(): name for name in self._cells}
        self._contents = contents
        self._masters = self._shared_masters()
        self._trees = dict(self._formulas())
        self._stale = self._following()
        self._values: dict[Spot, Value] = {}
        self._unknown: set[Spot] = set()
        self._busy: set[Spot] = set()

    def results(self) -> dict[str, dict[Place, Calculated]]:
        """By sheet, the new last value of each formula that follows from what was filled."""
        found: dict[str, dict[Place, Calculated]] = {}
        for spot in sorted(self._stale):
            found.setdefault(spot.sheet, {})[spot.place] = self._result(spot)
        return found

    def _result(self, spot: Spot) -> Calculated:
        try:
            value = self.value(spot)
        except (UnknownValueError, RecursionError):
            return Calculated("n", None)
        return _calculated(value)

    def value(self, spot: Spot) -> Value:
        """What a cell gives. Raises UnknownValueError."""
        if spot not in self._stale:
            return self._stored(spot)
        if spot in self._unknown or spot in self._busy:
            raise UnknownValueError
        if spot not in self._values:
            self._values[spot] = self._fresh(spot)
        return self._values[spot]

    def _fresh(self, spot: Spot) -> Value:
        tree = self._trees[spot]
        if tree is None:
            raise UnknownValueError
        self._busy.add(spot)
        try:
            value = self._scalar(tree, spot)
        except _FaultError as error:
            return error.fault
        except (UnknownValueError, RecursionError):
            self._unknown.add(spot)
            raise
        finally:
            self._busy.discard(spot)
        return 0.0 if value is None else value

    # Which formulas there are, and which of them follow from the filled cells.

    def _shared_masters(self) -> dict[tuple[str, str], CellSpot]:
        return {
            (sheet, cell.formula.index): cell
            for sheet, cells in self._cells.items()
            for cell in cells.values()
            if cell.formula and cell.formula.kind == "shared" and cell.formula.text
        }

    def _formulas(self) -> Iterator[tuple[Spot, Node | None]]:
        """Every formula; None for one that is not understood, and for the cells of formulas over many cells."""
        for sheet, cells in self._cells.items():
            boxes = []
            for place, cell in cells.items():
                if cell.formula:
                    yield Spot(sheet, place), self._tree(sheet, cell)
                    if cell.formula.kind in ("array", "dataTable") and cell.formula.box:
                        boxes.append(cell.formula.box)
            for box in boxes:
                yield from ((Spot(sheet, place), None) for place in cells if holds(box, place))

    def _tree(self, sheet: str, cell: CellSpot) -> Node | None:
        formula = cell.formula
        if formula is None or formula.kind in ("array", "dataTable"):
            return None
        master = self._masters.get((sheet, formula.index)) if formula.kind == "shared" and not formula.text else cell
        if master is None or master.formula is None:
            return None
        shift = (cell.row - master.row, cell.column - master.column)
        try:
            return parse_formula(master.formula.text, shift)
        except FormulaError:
            return None

    def _following(self) -> set[Spot]:
        """What is not understood may follow from anything."""
        changed = {sheet: set(places) for sheet, places in self._contents.items() if places}
        if not changed:
            return set()
        waiting = {spot: self._areas(spot) for spot in self._trees}
        stale: set[Spot] = set()
        while True:
            found = [spot for spot, areas in waiting.items() if areas is None or any(_meets(a, changed) for a in areas)]
            if not found:
                return stale
            for spot in found:
                del waiting[spot]
                stale.add(spot)
                changed.setdefault(spot.sheet, set()).add(spot.place)

    def _areas(self, spot: Spot) -> list[Area] | None:
        """The cells that a formula reads; None where that cannot be told."""
        found = []
        for node in parts_of(self._trees[spot]):
            part = self._named(node) if isinstance(node, Name) else node
            if part is None or (isinstance(part, Call) and part.name in _HIDDEN_CELLS):
                return None
            if isinstance(part, Area):
                found.append(Area(self._sheet(part, spot), part.box))
        return found if self._trees[spot] is not None else None

    def _named(self, name: Name) -> Area | Literal | None:
        """A defined name that stands for one box of cells or one value."""
        try:
            tree = parse_formula(self._book.defined_names[name.name])
        except (KeyError, FormulaError):
            return None
        return tree if isinstance(tree, Area | Literal) else None

    def _sheet(self, area: Area, spot: Spot) -> str:
        return self._sheet_names.get(area.sheet.upper(), area.sheet) if area.sheet else spot.sheet

    # What cells and trees give.

    def _stored(self, spot: Spot) -> Value:
        filled = self._contents.get(spot.sheet, {})
        if spot.place in filled:
            return _plain(filled[spot.place])
        cell = self._cells.get(spot.sheet, {}).get(spot.place)
        if cell is None or (not cell.value and cell.kind not in ("str", "inlineStr")):
            return None
        return self._typed(cell)

    def _typed(self, cell: CellSpot) -> Value:
        if cell.kind == "n":
            return float(cell.value)
        if cell.kind == "b":
            return cell.value == "1"
        if cell.kind == "e":
            return Fault(cell.value)
        if cell.kind in ("s", "str", "inlineStr"):
            return self._book.text_of(cell)
        raise UnknownValueError

    def _scalar(self, tree: Node | None, spot: Spot) -> Value:
        """One value; an error value raises."""
        if tree is None:
            return None
        if isinstance(tree, Literal):
            return tree.value
        if isinstance(tree, Name):
            named = self._named(tree)
            if named is None:
                raise UnknownValueError
            return self._scalar(named, spot)
        if isinstance(tree, Area):
            if not tree.is_cell or self._sheet(tree, spot) not in self._cells:
                raise UnknownValueError
            return _raised(self.value(Spot(self._sheet(tree, spot), tree.box[:2])))
        return self._call(tree, spot)

    def _call(self, call: Call, spot: Spot) -> Value:
        if call.name in _LAZY:
            return _LAZY[call.name](self, call, spot)
        if call.name in _OVER_ALL:
            return _OVER_ALL[call.name](list(self._numbers(call, spot)))
        if call.name in _PLAIN:
            count, function = _PLAIN[call.name]
            if len(call.arguments) != count:
                raise UnknownValueError
            return function(*[self._scalar(argument, spot) for argument in call.arguments])
        raise UnknownValueError

    def _numbers(self, call: Call, spot: Spot) -> Iterator[float]:
        """What SUM and its like see: of cells only the numbers, of direct arguments what can be a number."""
        for argument in call.arguments:
            tree = self._named(argument) if isinstance(argument, Name) else argument
            if isinstance(tree, Area):
                yield from self._numbers_of(tree, spot)
            elif tree is not None:
                yield _number(self._scalar(tree, spot))
            elif argument is not None:
                raise UnknownValueError

    def _numbers_of(self, area: Area, spot: Spot) -> Iterator[float]:
        sheet = self._sheet(area, spot)
        if sheet not in self._cells:
            raise UnknownValueError
        for place in sorted({*self._cells[sheet], *self._contents.get(sheet, ())}):
            if holds(area.box, place):
                value = _raised(self.value(Spot(sheet, place)))
                if isinstance(value, float):
                    yield value


def _meets(area: Area, changed: Mapping[str, set[Place]]) -> bool:
    places = changed.get(area.sheet, ())
    return tuple(area.box[:2]) in places if area.is_cell else any(holds(area.box, place) for place in places)


def _plain(content: Content) -> Value:
    if isinstance(content, Runs):
        return content.text
    return content if content is None or isinstance(content, str) else float(content)


def _calculated(value: Value) -> Calculated:
    if isinstance(value, Fault):
        return Calculated("e", value.code)
    if isinstance(value, bool):
        return Calculated("b", str(int(value)))
    if isinstance(value, str):
        return Calculated("str", value)
    number = value or 0.0
    return Calculated("n", f"{number:.0f}" if number.is_integer() and abs(number) < 1e15 else repr(number))


def _raised(value: Value) -> Value:
    if isinstance(value, Fault):
        raise _FaultError(value.code)
    return value


def _number(value: Value) -> float:
    """A value in arithmetic: nothing is 0, text is an error unless it is a plain number."""
    if isinstance(value, str):
        try:
            return float(Decimal(value.strip()))
        except InvalidOperation:
            raise _FaultError("#VALUE!") from None
    if isinstance(value, Fault):
        raise _FaultError(value.code)
    return float(value or 0)


def _words(value: Value) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return value if isinstance(value, str) else _calculated(value).text or "" if value is not None else ""


def _arithmetic(function: Callable[[float, float], float]) -> Callable[[Value, Value], Value]:
    def calculate(left: Value, right: Value) -> Value:
        try:
            result = function(_number(left), _number(right))
        except ZeroDivisionError:
            raise _FaultError("#DIV/0!") from None
        except OverflowError:
            raise _FaultError("#NUM!") from None
        if isinstance(result, complex) or not math.isfinite(result):
            raise _FaultError("#NUM!")
        return result

    return calculate


def _comparison(function: Callable[[int], bool]) -> Callable[[Value, Value], Value]:
    def compare(left: Value, right: Value) -> Value:
        left, right = _alike(left, right), _alike(right, left)
        if type(left) is not type(right):
            raise UnknownValueError
        return function((left > right) - (left < right))  # type: ignore[operator]

    return compare


def _alike(value: Value, other: Value) -> Value:
    """An empty cell takes the form of what it is compared with; case does not matter."""
    if value is None:
        return "" if isinstance(other, str) else False if isinstance(other, bool) else 0.0
    return value.casefold() if isinstance(value, str) else value


def _rounded(mode: str) -> Callable[[Value, Value], Value]:
    def round_(value: Value, digits: Value) -> Value:
        number, places = _number(value), int(_number(digits))
        if abs(places) > _LONGEST_EXPONENT or abs(number) > 1e15:
            raise UnknownValueError
        return float(Decimal(repr(number)).quantize(Decimal(1).scaleb(-places), rounding=mode))

    return round_


def _if(calculation: Calculation, call: Call, spot: Spot) -> Value:
    if not 2 <= len(call.arguments) <= 3:
        raise UnknownValueError
    told = calculation._scalar(call.arguments[0], spot)
    if isinstance(told, str):
        raise _FaultError("#VALUE!")
    if told:
        return calculation._scalar(call.arguments[1], spot)
    return calculation._scalar(call.arguments[2], spot) if len(call.arguments) == 3 else False


def _if_error(calculation: Calculation, call: Call, spot: Spot) -> Value:
    if len(call.arguments) != 2:
        raise UnknownValueError
    try:
        return calculation._scalar(call.arguments[0], spot)
    except _FaultError:
        return calculation._scalar(call.arguments[1], spot)


def _average(numbers: list[float]) -> Value:
    if not numbers:
        raise _FaultError("#DIV/0!")
    return math.fsum(numbers) / len(numbers)


_LAZY: dict[str, Callable[[Calculation, Call, Spot], Value]] = {"IF": _if, "IFERROR": _if_error}
_OVER_ALL: dict[str, Callable[[list[float]], Value]] = {
    "SUM": lambda numbers: float(sum(numbers)),
    "AVERAGE": _average,
    "MIN": lambda numbers: min(numbers, default=0.0),
    "MAX": lambda numbers: max(numbers, default=0.0),
    "PRODUCT": lambda numbers: math.prod(numbers) if numbers else 0.0,
}
_PLAIN: dict[str, tuple[int, Callable[..., Value]]] = {
    "+": (2, _arithmetic(lambda a, b: a + b)),
    "-": (2, _arithmetic(lambda a, b: a - b)),
    "*": (2, _arithmetic(lambda a, b: a * b)),
    "/": (2, _arithmetic(lambda a, b: a / b)),
    "^": (2, _arithmetic(lambda a, b: a**b)),
    "&": (2, lambda a, b: _words(a) + _words(b)),
    "=": (2, _comparison(lambda order: order == 0)),
    "<>": (2, _comparison(lambda order: order != 0)),
    "<": (2, _comparison(lambda order: order < 0)),
    ">": (2, _comparison(lambda order: order > 0)),
    "<=": (2, _comparison(lambda order: order <= 0)),
    ">=": (2, _comparison(lambda order: order >= 0)),
    "neg": (1, lambda a: -_number(a)),
    "%": (1, lambda a: _number(a) / 100),
    "ABS": (1, lambda a: abs(_number(a))),
    "INT": (1, lambda a: float(math.floor(_number(a)))),
    "ROUND": (2, _rounded(ROUND_HALF_UP)),
    "ROUNDDOWN": (2, _rounded(ROUND_DOWN)),
    "ROUNDUP": (2, _rounded(ROUND_UP)),
}
