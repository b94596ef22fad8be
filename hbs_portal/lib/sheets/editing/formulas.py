"""Formulas of a workbook as trees: enough of Excel's language for the sums of a form, an error for all the rest."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hbs_portal.lib.sheets.editing.scanning import Box, Place
from hbs_portal.lib.sheets.parsing.xlsx_parts import column_index

LAST_ROW = 1_048_576
_SHEET = r"(?:(?P<sheet>'(?:[^']|'')+'|[^\W\d][\w.]*)!)?"
_TOKEN = re.compile(
    rf"""\s*(?:
    (?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)(?![\w:])
    |(?P<text>"(?:[^"]|"")*")
    |{_SHEET}(?P<first>\$?[A-Za-z]{{1,3}}\$?\d{{1,7}})(?::(?P<last>\$?[A-Za-z]{{1,3}}\$?\d{{1,7}}))?(?![\w.(!:\[])
    |{_SHEET.replace("sheet", "sheet2")}(?P<left>\$?[A-Za-z]{{1,3}}):(?P<right>\$?[A-Za-z]{{1,3}})(?![\w.(!:\[])
    |(?P<call>[A-Za-z_][\w.]*)\(
    |(?P<name>[^\W\d][\w.]*)(?![\w.(!:\[])
    |(?P<sign><=|>=|<>|[-+*/^&=<>%(),])
    )""",
    re.VERBOSE,
)
_LEVELS = (("=", "<>", "<", ">", "<=", ">="), ("&",), ("+", "-"), ("*", "/"), ("^",))
_ABSOLUTE = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)(\d{1,7})")
_MOST_NESTING = 60


class FormulaError(ValueError):
    """A formula that this portal does not understand."""


@dataclass(frozen=True)
class Literal:
    value: float | str | bool


@dataclass(frozen=True)
class Area:
    """One cell or a box of cells; `sheet` is empty for the formula's own sheet."""

    sheet: str
    box: Box

    @property
    def is_cell(self) -> bool:
        return self.box[:2] == self.box[2:]


@dataclass(frozen=True)
class Name:
    name: str


@dataclass(frozen=True)
class Call:
    """A function, or an operator under its sign ("neg", "%", "+" …)."""

    name: str
    arguments: "tuple[Node | None, ...]"


Node = Literal | Area | Name | Call


def parse_formula(text: str, shift: Place = (0, 0)) -> Node:
    """The tree of a formula without its "="; `shift` moves what is not fixed by $, for formulas shared by cells.

    Raises FormulaError.
    """
    parser = _Parser(list(_tokens(text)), shift)
    tree = parser.level(0)
    if parser.sign() != "":
        raise FormulaError(text)
    return tree


def parts_of(tree: Node | None) -> Iterator[Node]:
    """The tree and everything in it."""
    if tree is None:
        return
    yield tree
    if isinstance(tree, Call):
        for argument in tree.arguments:
            yield from parts_of(argument)


def _tokens(text: str) -> Iterator[re.Match[str]]:
    at, text = 0, text.strip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise FormulaError(text)
        yield found
        at = found.end()


class _Parser:
    def __init__(self, tokens: list[re.Match[str]], shift: Place) -> None:
        self._tokens = tokens
        self._shift = shift
        self._at = 0
        self._depth = 0

    def sign(self) -> str:
        """The sign that comes next; "" at the end, "?" for anything that is no sign."""
        return (self._tokens[self._at]["sign"] or "?") if self._at < len(self._tokens) else ""

    def level(self, number: int) -> Node:
        if number == len(_LEVELS):
            return self._signed()
        tree = self.level(number + 1)
        while (sign := self.sign()) in _LEVELS[number]:
            self._at += 1
            tree = Call(sign, (tree, self.level(number + 1)))
        return tree

    def _signed(self) -> Node:
        """In Excel the sign of a number binds more tightly than a power."""
        is_negative = False
        while (sign := self.sign()) in ("-", "+"):
            self._at += 1
            is_negative ^= sign == "-"
        tree = self._atom()
        while self.sign() == "%":
            self._at += 1
            tree = Call("%", (tree,))
        return Call("neg", (tree,)) if is_negative else tree

    def _atom(self) -> Node:
        if self._at >= len(self._tokens) or self._depth > _MOST_NESTING:
            raise FormulaError("")
        token = self._tokens[self._at]
        self._at += 1
        if token["sign"] != "(" and not token["call"]:
            return self._leaf(token)
        self._depth += 1
        tree = Call(token["call"].upper(), self._arguments()) if token["call"] else self._closed(self.level(0))
        self._depth -= 1
        return tree

    def _leaf(self, token: re.Match[str]) -> Node:
        if token["number"]:
            return Literal(float(token["number"]))
        if token["text"]:
            return Literal(token["text"][1:-1].replace('""', '"'))
        if token["first"]:
            top, left = self._moved(token["first"])
            bottom, right = self._moved(token["last"] or token["first"])
            return Area(
                _sheet_name(token["sheet"]), (min(top, bottom), min(left, right), max(top, bottom), max(left, right))
            )
        if token["left"]:
            left, right = sorted(column_index(token[side].strip("$")) for side in ("left", "right"))
            return Area(_sheet_name(token["sheet2"]), (1, left, LAST_ROW, right))
        if token["name"]:
            word = token["name"].upper()
            return Literal(word == "TRUE") if word in ("TRUE", "FALSE") else Name(word)
        raise FormulaError(token[0])

    def _moved(self, reference: str) -> Place:
        found = _ABSOLUTE.fullmatch(reference)
        if found is None:
            raise FormulaError(reference)
        row = int(found[4]) + (0 if found[3] else self._shift[0])
        column = column_index(found[2]) + (0 if found[1] else self._shift[1])
        if row < 1 or column < 0:
            raise FormulaError(reference)
        return row, column

    def _arguments(self) -> tuple[Node | None, ...]:
        if self.sign() == ")":
            self._at += 1
            return ()
        found: list[Node | None] = []
        while True:
            found.append(None if self.sign() in (",", ")") else self.level(0))
            sign = self.sign()
            self._at += 1
            if sign == ")":
                return tuple(found)
            if sign != ",":
                raise FormulaError(sign)

    def _closed(self, tree: Node) -> Node:
        if self.sign() != ")":
            raise FormulaError("(")
        self._at += 1
        return tree


def _sheet_name(text: str | None) -> str:
    if not text:
        return ""
    return text[1:-1].replace("''", "'") if text.startswith("'") else text
