"""The building blocks of a paper: plain text in frozen values, no format and no markup."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal, TypeAlias

from hbs_portal.lib.sheets.writing import Letterhead

Align: TypeAlias = Literal["left", "center", "right"]


class SectionKey(StrEnum):
    """Where the office writes its own paragraphs; the values are stored (ReportParagraph.section)."""

    DIRECTION = "direction"
    TARGETS = "targets"
    COMMUNICATION = "communication"
    TRAINING = "training"
    MODELS = "models"
    YOUTH = "youth"
    CONDITIONS = "conditions"
    SHORTCOMINGS = "shortcomings"
    CAUSES = "causes"
    TASKS = "tasks"
    PROPOSALS = "proposals"


class ParagraphKind(StrEnum):
    """How a paragraph looks: a sub-heading ("1. …", bold), body text, one item of a list, or a small note."""

    HEADING = "heading"
    BODY = "body"
    ITEM = "item"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`is_office` marks what the office wrote itself; everything else was made from figures."""

    text: str
    kind: ParagraphKind = ParagraphKind.BODY
    is_office: bool = False


@dataclass(frozen=True, slots=True)
class TableColumn:
    """`width` is a share of the page: the widths of a table sum to 100."""

    header: str
    width: int
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class TableRow:
    """One text a column; a group heading holds one text for the whole width, a total is bold."""

    cells: tuple[str, ...]
    is_group: bool = False
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table whose heading row is repeated on every page."""

    caption: str
    columns: tuple[TableColumn, ...]
    rows: tuple[TableRow, ...]
    note: str = ""


Block: TypeAlias = Paragraph | ReportTable


@dataclass(frozen=True, slots=True)
class Subsection:
    """ "1. Công tác tuyên truyền": sentences from figures, and where the office writes beside them."""

    key: SectionKey
    part: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A Roman-numbered part of the report; `blocks` hold its sub-headings, sentences and tables in order."""

    number: str
    title: str
    blocks: tuple[Block, ...]

    @property
    def heading(self) -> str:
        return f"{self.number}. {self.title}"


@dataclass(frozen=True, slots=True)
class Appendix:
    """A part behind the signature, on a page of its own; `origin` says which paper it belongs to."""

    label: str
    title: str
    origin: str
    subtitle: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class PaperWords:
    """What people decide about a paper beyond its figures; empty ones take the usual form.

    `number` may be "12", which takes the commune's symbol, or "12/BC-VHXH"; without `dated_on` the letterhead's day
    stands.
    """

    title: str = ""
    number: str = ""
    dated_on: date | None = None


@dataclass(frozen=True, slots=True)
class ReportContent:
    """A whole report (Nghị định 30/2020/NĐ-CP, phụ lục III): what stands where, in the order of reading.

    `marks` stand in bold under the title (demonstration data). `seal_line` names the snapshot, or says there is none.
    """

    letterhead: Letterhead
    number_line: str
    place_line: str
    kind_word: str
    title: str
    marks: tuple[str, ...]
    clock_line: str
    opening: tuple[Paragraph, ...]
    sections: tuple[Section, ...]
    closing: tuple[Paragraph, ...]
    appendices: tuple[Appendix, ...] = field(default=())
    seal_line: str = ""
