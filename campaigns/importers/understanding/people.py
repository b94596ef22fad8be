"""Which lines are people. Titles, numbering rows, group rows, totals, closing lines and signatures never are."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from campaigns.importers.understanding.headings import Heading, heading_key
from campaigns.importers.understanding.lines import Line, is_day_like, is_name_like, is_number, is_text
from campaigns.importers.understanding.shapes import Layout
from campaigns.importers.understanding.titles import class_in_title, school_in_title, village_in_title
from hbs_portal.lib.text import fold, nfc

BIRTH_FIELDS = ("birth_date", "birth_year", "birth_male", "birth_female")
#: Fields that, beside a name, make a line somebody even without a day, an ordinal and a code.
_DESCRIBING = (
    "gender", "position", "relation", "household_code", "class_name", "status", "member_count", "address", "phone",
    "birth_day", "attended", "absent",
)  # fmt: skip
#: Fields that nobody fills in for a row without a person.
_OWN = ("gender", "position", "relation", "member_count", "address", "phone")
_TOTAL = re.compile(r"(tổng|cộng)\b|(tong (so|cong)|cong)\b\s*[:.]?\s*(\d|$)", re.IGNORECASE)
_CLOSING = re.compile(
    r"(danh sach (nay|tren|co|gom)|an dinh|nguoi (lap|ky|tong hop|kiem tra)|giao vien chu nhiem|gvcn|thu truong|"
    r"ke toan|xac nhan|tm\b|kt\b|truong thon\b|to truong\b|bi thu\b|uy ban|ubnd|chu tich|"
    r"lap (bang|bieu)|ghi chu|\(\s*ky\b|ky (ten|ghi|va|thay)\b|noi nhan|ngay .{0,12}thang|hieu truong\b|"
    r"pho hieu truong\b|dai dien\b|ban chi huy|si so|trong do|luu y|can bo lap|dien thoai)"
)
_DATE_LINE = re.compile(r"ngày\s.{0,12}tháng\s.{0,12}năm", re.IGNORECASE)
_GROUP = re.compile(
    r"(khối|lớp|tổ|nhóm|thôn|xóm|trường|điểm trường|bộ phận|ban giám hiệu|phòng|phân hiệu|khu)\b"
    r"|(khoi|to|nhom|lop|thon|xom)\s+\d",
    re.IGNORECASE,
)
_MACHINE_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*|[a-z]+(?:[A-Z][a-z]+)+")
_NUMBERING = re.compile(r"\(?\s*(?:\d{1,3}|[A-Z])\s*\)?(?:\s*=.*)?")
_FEWEST_REPEATED = 2
_FEWEST_WORDS, _MOST_WORDS = 2, 5


@dataclass
class Context:
    """What lines of text between the people say of those below them."""

    class_name: str = ""
    unit_name: str = ""
    village: str = ""


@dataclass(frozen=True)
class Found:
    """A line that is somebody, with what the lines above said."""

    line: Line
    context: Context


@dataclass
class People:
    """The lines of a table, parted: people, and lines of text that are told but are nobody."""

    found: list[Found] = field(default_factory=list)
    others: list[Line] = field(default_factory=list)

    @property
    def bare_names(self) -> list[Line]:
        """Lines of the others with a name and nothing else, before any line that closes the table."""
        ends = (line.number for line in self.others if is_total(line) or is_closing(line))
        end = min(ends, default=None)
        return [
            line
            for line in self.others
            if (end is None or line.number < end) and line.filled == 1 and _is_whole_name(name_of(line))
        ]


def part(lines: Iterable[Line], heading: Heading, layout: Layout) -> People:
    """Tell people from the rest. Wrong lines of the table stay people, so that they are seen as errors."""
    people, context = People(), Context()
    for block in _blocks(lines, heading):
        _part_block(block, layout, context, people)
    return people


def _blocks(lines: Iterable[Line], heading: Heading) -> Iterator[list[Line]]:
    """Tables that follow each other: a heading that is repeated begins another."""
    block: list[Line] = []
    for line in lines:
        if is_heading_again(line, heading):
            yield block
            block = []
        elif block or not is_furniture(line):
            block.append(line)
    yield block


def _part_block(block: list[Line], layout: Layout, context: Context, people: People) -> None:
    end = max((line.number for line in block if _is_somebody(line, layout)), default=0)
    is_closed = False
    for line in block:
        if (is_total(line) and not _is_numbered_and_born(line)) or (is_closing(line) and not _is_sure(line)):
            is_closed = True
            people.others.append(line)
        elif _is_group(line):
            _read_context(line, context)
            is_closed = False
            people.others.append(line)
        elif _is_person(line, layout, end, is_closed):
            people.found.append(Found(line, Context(context.class_name, context.unit_name, context.village)))
        elif not is_only_ordinal(line):
            _read_context(line, context)
            people.others.append(line)


def _is_person(line: Line, layout: Layout, end: int, is_closed: bool) -> bool:
    if is_closed:
        return _is_sure(line)
    if _is_somebody(line, layout):
        return True
    # Inside the table a bare name is somebody whose day and code were forgotten; below it, a signature.
    return line.number < end and is_name_like(name_of(line))


def name_of(line: Line) -> object:
    return line.get("full_name") or line.get("family_name") or line.get("given_name")


def has_day(line: Line) -> bool:
    return any(is_day_like(line.get(name)) for name in BIRTH_FIELDS)


def _is_sure(line: Line) -> bool:
    """A name with its ordinal or code, or with a day; anything else may be a signature."""
    named = is_text(name_of(line))
    numbered = is_number(line.get("ordinal")) or is_number(line.get("code")) or is_number(line.get("household_code"))
    return named and (numbered or has_day(line))


def _is_numbered_and_born(line: Line) -> bool:
    """A name with its ordinal and a whole day: no total has both, so "Cộng Thị Hoa" is somebody."""
    days = [line.get(name) for name in BIRTH_FIELDS]
    return (
        is_number(line.get("ordinal"))
        and is_name_like(name_of(line))
        and any(isinstance(day, date) or (isinstance(day, str) and is_day_like(day)) for day in days)
    )


def _is_whole_name(value: object) -> bool:
    """Two to five words, each with a capital: no title, no heading of a group."""
    words = nfc(value).split() if isinstance(value, str) and is_name_like(value) else []
    is_group = bool(_GROUP.match(" ".join(words)))
    return _FEWEST_WORDS <= len(words) <= _MOST_WORDS and all(word.istitle() for word in words) and not is_group


def _is_somebody(line: Line, layout: Layout) -> bool:
    if _is_sure(line) or has_day(line):
        return True
    described = any(line.get(name) not in (None, "") for name in _DESCRIBING if name in layout.aliases)
    nameless = is_number(line.get("ordinal")) and any(line.get(name) not in (None, "") for name in ("code", *_OWN))
    return nameless or (is_name_like(name_of(line)) and described and not is_closing(line))


def is_only_ordinal(line: Line) -> bool:
    """A row that was numbered in advance and never filled in."""
    return is_number(line.get("ordinal")) and name_of(line) in (None, "") and line.get("code") in (None, "")


def is_furniture(line: Line) -> bool:
    """A numbering row ((1) (2) (3), or 1 2 3) or a row of machine names ("ho_ten", "ngay_sinh")."""
    cells = [value for value in line.values.values() if value not in (None, "")]
    if len(cells) < _FEWEST_REPEATED:
        return False
    texts = [f"{cell:g}" if isinstance(cell, float) else nfc(str(cell)) for cell in cells]
    if all(_MACHINE_NAME.fullmatch(text) for text in texts) and any("_" in text for text in texts):
        return True
    return bool(all(_NUMBERING.fullmatch(text) for text in texts) and not is_text_name(line) and _in_steps(texts))


def is_text_name(line: Line) -> bool:
    """Whether the name is a word longer than a letter."""
    name = name_of(line)
    return isinstance(name, str) and sum(char.isalpha() for char in name) > 1


def _in_steps(texts: list[str]) -> bool:
    """Figures that all differ: a numbering counts its columns."""
    figures = [re.sub(r"\D", "", text.split("=")[0]) or text for text in texts]
    return len(set(figures)) == len(figures)


def is_heading_again(line: Line, heading: Heading) -> bool:
    """Whether the heading is repeated here, as on the next printed page or over the next class."""
    known = {name: heading_key(text) for name, text in heading.headings.items()}
    same = sum(
        isinstance(value, str) and bool(known[name]) and heading_key(value) == known[name]
        for name, value in line.values.items()
        if name in known
    )
    return same >= _FEWEST_REPEATED


def is_total(line: Line) -> bool:
    return bool(_TOTAL.match(line.first_text)) or bool(_TOTAL.match(str(name_of(line) or "")))


def is_closing(line: Line) -> bool:
    """Whether the line closes a table: its count, the day, the office of who signs."""
    name = fold(str(name_of(line) or ""))
    return bool(
        _CLOSING.match(fold(line.first_text)) or _CLOSING.match(name) or any(map(_DATE_LINE.search, line.texts))
    )


def _is_group(line: Line) -> bool:
    """A row that heads a group ("Khối 4", "Tổ 1", "Thôn Đông"): no day, no code, and its words say so."""
    if has_day(line) or line.get("code") not in (None, "") or line.get("gender") not in (None, ""):
        return False
    text = name_of(line) if is_text(name_of(line)) else line.first_text
    return bool(_GROUP.match(nfc(str(text)))) and len(line.texts) <= _FEWEST_REPEATED


def _read_context(line: Line, context: Context) -> None:
    for text in line.texts:
        context.class_name = class_in_title(text) or context.class_name
        context.unit_name = school_in_title(text) or context.unit_name
        context.village = village_in_title(text) if _GROUP.match(text) and village_in_title(text) else context.village
