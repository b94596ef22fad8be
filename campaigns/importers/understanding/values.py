"""The values of one person from the cells of a line: name, birth date, gender, class, code."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from campaigns.importers.understanding.headings import Heading
from campaigns.importers.understanding.lines import Line, is_day_like
from campaigns.importers.understanding.shapes import Doubtful
from hbs_portal.lib.sheets.reading import Sheet
from hbs_portal.lib.text import clean_code, fold, nfc

CODE_DIGITS = (10, 12)
HIGHEST_GRADE = 12
_MARKS = frozenset({"x", "+", "1", "v", "✓", "✔", "co", "c", "√"})
_MALE_WORDS, _FEMALE_WORDS = frozenset({"nam", "trai"}), frozenset({"nu", "gai"})
_EXACT_DIGITS = 15  # a number in a sheet keeps no more
_SCIENTIFIC = re.compile(r"\d[.,]?\d*e\+?\d+", re.IGNORECASE)
LOST_ZEROS = "Mã định danh có 10 hoặc 12 chữ số; Excel đã làm mất số 0 ở đầu. Hãy định dạng cột này là Văn bản."
LOST_DIGITS = "Excel đã làm tròn mã này nên mất chữ số. Hãy định dạng cột này là Văn bản rồi gõ lại mã."
SHORT_CODE = "Mã này ngắn hơn các mã khác trong cột; Excel đã làm mất số 0 ở đầu. Hãy định dạng cột này là Văn bản."
CLASS_AS_DATE = "Excel đã đổi tên lớp thành ngày. Hãy định dạng cột này là Văn bản rồi gõ lại lớp."
CLASS_AS_NUMBER = "Excel đã đổi tên lớp thành số. Hãy định dạng cột này là Văn bản rồi gõ lại lớp."
TWO_BIRTHS = "Cả hai cột Nam và Nữ đều có ngày sinh. Hãy chỉ ghi ở một cột."
TWO_GENDERS = "Cả hai cột Nam và Nữ đều được đánh dấu. Hãy chỉ đánh dấu một cột."
Make = Callable[[Line], Any]


@dataclass(frozen=True)
class Made:
    """How the values of a table are made: field -> function of a line, and field -> heading for error messages."""

    makers: Mapping[str, Make]
    headings: Mapping[str, str]

    def values(self, line: Line) -> dict[str, Any]:
        return {name: make(line) for name, make in self.makers.items()}


def makers_of(sheet: Sheet, heading: Heading, people: list[Line]) -> Made:
    """Decide once per table, from all its people, how each value is made."""
    makers: dict[str, Make] = {name: _getter(name) for name in heading.columns}
    headings = dict(heading.headings)
    for make in (_make_names, _make_births, _make_genders):
        make(makers, headings, heading, people)
    if "class_name" in heading.columns:
        column = heading.columns["class_name"]
        makers["class_name"] = lambda line: _class_name(line, sheet.formats.get((line.number, column), ""))
    for name in {"code", "household_code"} & heading.columns.keys():
        makers[name] = _code_maker(name, heading.headings[name], people)
    return Made(makers, headings)


def _getter(name: str) -> Make:
    return lambda line: line.values.get(name)


def _make_names(makers: dict[str, Make], headings: dict[str, str], heading: Heading, people: list[Line]) -> None:
    """A name in two columns is joined; a column "Tên" that only repeats the end of the whole name is not."""
    columns = heading.columns
    first = next((name for name in ("family_name", "full_name") if name in columns), "")
    if "full_name" in columns and "given_name" in columns and not _repeats(people):
        first = "full_name"
    elif "full_name" in columns:
        first = ""
    for name in ("family_name", "given_name"):
        makers.pop(name, None)
    if first:
        makers["full_name"] = lambda line: _joined(line.get(first), line.get("given_name"))
        headings.setdefault("full_name", headings[first])


def _repeats(people: list[Line]) -> bool:
    pairs = [(fold(str(line.get("full_name") or "")), fold(str(line.get("given_name") or ""))) for line in people]
    return all(whole.endswith(given) for whole, given in pairs)


def _joined(first: Any, given: Any) -> Any:
    doubtful = next((part for part in (first, given) if isinstance(part, Doubtful)), None)
    text = " ".join(str(part) for part in (first, given) if part not in (None, ""))
    return doubtful if doubtful is not None else text or None


def _make_births(makers: dict[str, Make], headings: dict[str, str], heading: Heading, people: list[Line]) -> None:
    columns = heading.columns
    if "birth_day" in columns:
        makers["birth_date"] = _birth_of_three
        headings["birth_date"] = headings["birth_day"]
    elif "birth_male" in columns:
        _make_birth_by_gender(makers, "birth_male", "birth_female")
        headings["birth_date"] = headings["birth_male"]
    elif "birth_date" not in columns and _hold_days(people, "male") and _hold_days(people, "female"):
        _make_birth_by_gender(makers, "male", "female")
        headings["birth_date"] = headings["male"]
    for part in ("birth_day", "birth_month", "birth_year", "birth_male", "birth_female"):
        makers.pop(part, None)


def _hold_days(people: list[Line], name: str) -> bool:
    cells = [line.get(name) for line in people if line.get(name) not in (None, "")]
    return bool(cells) and all(is_day_like(cell) and fold(str(cell)) not in _MARKS for cell in cells)


def _birth_of_three(line: Line) -> Any:
    """Day, month and year in three columns, as text that is read day first; a year alone stays a year."""
    day, month, year = (_figure(line.get(name)) for name in ("birth_day", "birth_month", "birth_year"))
    if not day and not month:
        return year or None
    return f"{day or '?'}/{month or '?'}/{year or '?'}"


def _figure(cell: Any) -> str:
    return f"{cell:g}" if isinstance(cell, (int, float)) else nfc(str(cell or ""))


def _make_birth_by_gender(makers: dict[str, Make], male: str, female: str) -> None:
    """The birth date stands in the column of the gender, and so tells it."""

    def birth(line: Line) -> Any:
        cells = [line.get(name) for name in (male, female) if line.get(name) not in (None, "")]
        return Doubtful(cells[0], TWO_BIRTHS) if len(cells) > 1 else next(iter(cells), None)

    def gender(line: Line) -> str:
        held = [word for name, word in ((male, "Nam"), (female, "Nữ")) if line.get(name) not in (None, "")]
        return held[0] if len(held) == 1 else ""

    makers["birth_date"], makers["gender"] = birth, gender
    for name in (male, female):
        makers.pop(name, None)


def _make_genders(makers: dict[str, Make], headings: dict[str, str], heading: Heading, people: list[Line]) -> None:
    """Gender by a mark in a column "Nam" or "Nữ"; a column "Nữ" of marks says of the others that they are male."""
    marked = [name for name in ("male", "female") if name in makers]
    for name in marked:
        makers.pop(name)
    if not marked or "gender" in makers:
        return
    other = {"male": "Nữ", "female": "Nam"}[marked[0]] if len(marked) == 1 and _any(people, marked[0]) else ""
    makers["gender"] = lambda line: _gender(line, marked, other)
    headings["gender"] = headings[marked[0]]


def _any(people: Iterable[Line], name: str) -> bool:
    return any(line.get(name) not in (None, "") for line in people)


def _gender(line: Line, marked: Sequence[str], other: str) -> Any:
    held = {name: line.get(name) for name in marked if not _is_blank_mark(line.get(name))}
    if len(held) == len(("male", "female")):
        return Doubtful(" ".join(str(cell) for cell in held.values()), TWO_GENDERS)
    if not held:
        return other
    name, cell = next(iter(held.items()))
    text = fold(_figure(cell))
    if text in _MALE_WORDS | _FEMALE_WORDS or text not in _MARKS:
        return cell
    return {"male": "Nam", "female": "Nữ"}[name]


def _is_blank_mark(cell: Any) -> bool:
    return cell in (None, "", 0, False) or nfc(str(cell)) in ("-", "0")


_SHOWN_AS_TYPED = re.compile(r"(?:\[\$[^\]]*\])?(d{1,2}|m{1,2})([/.-])(d{1,2}|m{1,2})(?:;@)?")


def class_as_typed(day: date, number_format: str) -> str:
    """Return the class name that Excel turned into a date, as its format still shows it ("5/1"), or ""."""
    plain = re.sub(r'["\\]', "", number_format).lower()
    found = _SHOWN_AS_TYPED.fullmatch(plain)
    if not found or found[1][0] == found[3][0]:
        return ""
    figures = {"d": day.day, "m": day.month}
    return f"{figures[found[1][0]]}{found[2]}{figures[found[3][0]]}"


def _class_name(line: Line, number_format: str) -> Any:
    cell = line.get("class_name")
    if isinstance(cell, date):
        return class_as_typed(cell, number_format) or Doubtful(f"{cell:%d/%m/%Y}", CLASS_AS_DATE)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        text = f"{cell:g}"
        return text if cell <= HIGHEST_GRADE else Doubtful(text, CLASS_AS_NUMBER)
    return cell


def _code_maker(name: str, heading: str, people: list[Line]) -> Make:
    is_official = "dinh danh" in fold(heading)
    texts = [clean_code(line.get(name)) for line in people if isinstance(line.get(name), str)]
    longest = max((len(text) for text in texts if text.startswith("0") and text.isdecimal()), default=0)
    return lambda line: _code(line.get(name), is_official=is_official, longest=longest)


def _code(cell: Any, *, is_official: bool, longest: int) -> Any:
    """A code as text; one that Excel has shortened or rounded is doubtful."""
    code = clean_code(cell)
    is_figure = isinstance(cell, (int, float)) and not isinstance(cell, bool)
    if (is_figure and len(code) > _EXACT_DIGITS) or _SCIENTIFIC.fullmatch(code):
        return Doubtful(cell, LOST_DIGITS)
    if is_official and code.isdecimal() and _is_shortened(code, is_figure=is_figure):
        return Doubtful(cell, LOST_ZEROS)
    return Doubtful(cell, SHORT_CODE) if is_figure and len(code) < longest else cell


def _is_shortened(code: str, *, is_figure: bool) -> bool:
    """A number may have lost any zeros; a text of nine or eleven digits lost one before it became text."""
    if len(code) in CODE_DIGITS:
        return False
    return len(code) < max(CODE_DIGITS) if is_figure else len(code) in {digits - 1 for digits in CODE_DIGITS}
