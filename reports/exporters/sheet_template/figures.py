"""The names of figures that a superior's form may ask for ("K1.n", "K3.TH-A.percent", "as_of") and what they give."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hbs_portal.lib.sheets.parsing.xlsx_parts import shows_date
from hbs_portal.lib.text import date_short, number_text
from reports.exporters.edition import Edition
from reports.exporters.wording import (
    NOT_APPLICABLE,
    denominator_value,
    numerator_value,
    plan_word,
    verdict_word,
)
from reports.progress import Cell, CellState, TargetRule
from reports.progress.numbers import floor_percent, shown_decimals

TAG = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
UNIT = "unit"
_PERCENT_FORMAT = re.compile(r"0(?:\.([0#?]+))?%")
_NUMBER_FORMAT = re.compile(r"[0#](?:\.([0#?]+))?")

Value = int | Decimal | str | date | None


class UnknownFigureError(LookupError):
    """No such figure; the message is a Vietnamese sentence that says what to write instead."""


@dataclass(frozen=True)
class Known:
    """What figures may be about: targets and units by their codes, with the names that people know them by."""

    targets: Mapping[str, str]
    units: Mapping[str, str]

    @classmethod
    def of(cls, edition: Edition) -> "Known":
        names = (edition.content.name(rule.code) for rule in edition.content.facts.rules)
        units = {unit.code: unit.name for unit in edition.content.facts.units}
        return cls({code: short_name for code, short_name, *_ in names}, units)


@dataclass(frozen=True)
class Field:
    """`of` gives the value from a cell, its rule and the decimals that the place shows (None: as many as needed)."""

    label: str
    of: Callable[[Cell, TargetRule, int | None], Value]


def _percent(cell: Cell, rule: TargetRule, decimals: int | None) -> Value:
    """In percent, rounded down to what the place shows, so that no number format can round it up (A2, A3)."""
    if cell.state == CellState.NOT_APPLICABLE or (cell.has_value and not cell.d):
        return NOT_APPLICABLE
    if not cell.has_value or cell.n is None or not cell.d:
        return cell.state.label
    shown = shown_decimals(cell.n, cell.d, rule)
    return floor_percent(cell.n, cell.d, shown if decimals is None else min(shown, decimals))


def _fraction(cell: Cell, rule: TargetRule, decimals: int | None) -> Value:
    value = _percent(cell, rule, decimals)
    return value.scaleb(-2) if isinstance(value, Decimal) else value


def _percent_words(cell: Cell, _rule: TargetRule, _decimals: int | None) -> Value:
    return cell.percent if cell.has_value and cell.percent else verdict_word(cell)


def _where_it_applies(number: Callable[[Cell], int | None]) -> Callable[[Cell, TargetRule, int | None], Value]:
    return lambda cell, _rule, _decimals: NOT_APPLICABLE if cell.state == CellState.NOT_APPLICABLE else number(cell)


def _plain(value: Callable[[Cell], Value]) -> Callable[[Cell, TargetRule, int | None], Value]:
    return lambda cell, _rule, _decimals: value(cell)


#: What can be said of a target, in the commune or in a unit.
FIELDS: Mapping[str, Field] = {
    "n": Field("Số đã đạt", lambda cell, _rule, _decimals: _whole(numerator_value(cell))),
    "d": Field("Tổng số", lambda cell, _rule, _decimals: _whole(denominator_value(cell))),
    "percent": Field("Tỷ lệ, cho ô định dạng %", _fraction),
    "percent_number": Field("Tỷ lệ, cho cột “Tỷ lệ (%)” ghi số", _percent),
    "percent_text": Field("Tỷ lệ bằng chữ", _percent_words),
    "text": Field("Cả phân số và tỷ lệ", _plain(lambda cell: cell.text)),
    "verdict": Field("Đánh giá", _plain(verdict_word)),
    "missing": Field("Còn thiếu", _where_it_applies(lambda cell: cell.missing)),
    "provisional": Field("Số tạm tính, gồm việc chờ duyệt", _where_it_applies(lambda cell: cell.provisional_n)),
    "attendances": Field("Số lượt", _where_it_applies(lambda cell: cell.attendances)),
    "unnamed": Field("Số lượt chưa định danh", _where_it_applies(lambda cell: cell.unnamed)),
}
#: What can be said of a target itself.
TARGET_WORDS: Mapping[str, str] = {
    "clause": "Nội dung chỉ tiêu",
    "plan": "Mức kế hoạch giao",
    "noun": "Đơn vị tính",
}
#: What can be said of the whole paper.
GENERAL: Mapping[str, tuple[str, Callable[[Edition], Value]]] = {
    "as_of": ("Số liệu phát sinh đến ngày", lambda edition: edition.reading.clocks.as_of),
    "approved_by": ("Được duyệt đến ngày", lambda edition: edition.reading.clocks.approved_by),
    "date": ("Ngày lập biểu", lambda edition: edition.letterhead.day),
    "place": ("Địa danh", lambda edition: edition.letterhead.place),
    "agency": ("Tên cơ quan lập biểu", lambda edition: edition.letterhead.agency_lines[-1]),
    "superior": ("Tên cơ quan cấp trên", lambda edition: edition.letterhead.agency_lines[0]),
    "signer": ("Người ký", lambda edition: edition.letterhead.signer_name),
    "campaign": ("Tên phong trào, năm", lambda edition: edition.movement),
    "source": ("Số và dấu niêm phong của bản chốt", lambda edition: edition.source_line),
}


def _whole(value: object) -> Value:
    return value if value is None or isinstance(value, int | str) else str(value)


@dataclass(frozen=True)
class Figure:
    """A name taken apart: `target` and `unit` are codes or empty; `word` is a key of one of the tables above."""

    target: str
    unit: str
    word: str


def figure_of(name: str, known: Known) -> Figure:
    """Take a figure's name apart. Raises UnknownFigureError, saying which part of it is not known."""
    if name in GENERAL:
        return Figure("", "", name)
    head, _, rest = name.partition(".")
    middle, _, word = rest.rpartition(".")
    if head == UNIT and word == "name":
        return Figure("", _unit(middle, known), word)
    if not rest:
        raise UnknownFigureError(f"Cổng không biết thẻ “{name}”. Hãy chọn số liệu trong danh sách.")
    if head not in known.targets:
        raise UnknownFigureError(f"Không có chỉ tiêu mã “{head}”. Các mã đang có: {', '.join(known.targets)}.")
    if word not in FIELDS and (middle or word not in TARGET_WORDS):
        raise UnknownFigureError(f"Sau mã chỉ tiêu, “{word}” không phải là tên số liệu. Hãy dùng: {', '.join(FIELDS)}.")
    return Figure(head, _unit(middle, known) if middle else "", word)


def _unit(code: str, known: Known) -> str:
    if code not in known.units:
        raise UnknownFigureError(f"Không có đơn vị mã “{code}”. Hãy xem mã ở trang Đơn vị.")
    return code


def label_of(name: str, known: Known) -> str:
    """ "K3 - Trường Tiểu học A: Số đã đạt"; the name itself where it is not known."""
    try:
        figure = figure_of(name, known)
    except UnknownFigureError:
        return name
    if figure.word in GENERAL and not figure.target:
        return GENERAL[figure.word][0]
    if not figure.target:
        return f"{known.units[figure.unit]}: Tên đơn vị"
    word = TARGET_WORDS.get(figure.word) or FIELDS[figure.word].label
    where = known.units[figure.unit] if figure.unit else "toàn xã"
    return f"{figure.target} {known.targets[figure.target]} - {where}: {word}"


def names(known: Known) -> Iterable[str]:
    """Every name that means something, the whole paper first, then by target."""
    yield from GENERAL
    for target in known.targets:
        yield from (f"{target}.{word}" for word in (*FIELDS, *TARGET_WORDS))
        yield from (f"{target}.{unit}.{word}" for unit in known.units for word in FIELDS)
    yield from (f"{UNIT}.{unit}.name" for unit in known.units)


def value_of(name: str, edition: Edition, number_format: str = "") -> Value:
    """What a name gives, for a place of this number format. Raises UnknownFigureError."""
    figure = figure_of(name, Known.of(edition))
    if not figure.target:
        return _unit_name(figure.unit, edition) if figure.unit else GENERAL[figure.word][1](edition)
    if figure.word in TARGET_WORDS:
        target = next(target for target in edition.reading.targets if target.code == figure.target)
        return {"clause": target.clause, "plan": plan_word(target), "noun": target.noun}[figure.word]
    progress = edition.progress.by_code[figure.target]
    cell: Cell | None = progress.commune
    if figure.unit:
        cell = next((row.cell for row in progress.units if row.unit.code == figure.unit), None)
    if cell is None:
        return NOT_APPLICABLE
    return FIELDS[figure.word].of(cell, progress.rule, decimals_of(number_format, figure.word))


def _unit_name(code: str, edition: Edition) -> str:
    return next(unit.name for unit in edition.content.facts.units if unit.code == code)


def decimals_of(number_format: str, word: str = "percent") -> int | None:
    """How many decimals a number format shows: 1 for "0.0%", 0 for "0"; None where it shows all that there are."""
    section = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", number_format.split(";", maxsplit=1)[0])
    found = (_PERCENT_FORMAT if word == "percent" else _NUMBER_FORMAT).search(section)
    return len(found[1] or "") if found else None


def in_words(value: Value) -> str:
    """A value inside a sentence: 1692 is "1.692", a day "05/09/2026", nothing is nothing."""
    if isinstance(value, date):
        return date_short(value)
    return number_text(value) if isinstance(value, int | Decimal) else value or ""


def in_cell(value: Value, number_format: str, *, counts_from_1904: bool) -> int | Decimal | str | None:
    """A value alone in its cell: a day is a number where the cell shows days, else words."""
    if not isinstance(value, date):
        return value
    if not shows_date(number_format):
        return date_short(value)
    return (value - (date(1904, 1, 1) if counts_from_1904 else date(1899, 12, 30))).days
