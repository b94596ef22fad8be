"""The kind of list (`Layout`) and what was understood of a workbook (`RosterReading`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from campaigns.importers.understanding.asking import Question
from hbs_portal.lib.importing import LeftOut, SourceRow

Aliases = Mapping[str, tuple[str, ...]]


class Doubtful(str):
    """A cell that must not be stored as it is: its text as the sheet has it, and the reason for the person."""

    reason: str

    def __new__(cls, shown: object, reason: str) -> "Doubtful":
        made = super().__new__(cls, "" if shown is None else str(shown))
        made.reason = reason
        return made


@dataclass(frozen=True)
class Layout:
    """A kind of list.

    `aliases`: field -> headings it is known by, the preferred (and shown) one first. `required`: sets of fields of
    which one must be found whole; a full name may also come in parts. `missing_sentence`: what to do with a file in
    which no sheet has them. `name_field`: the field without which a row is nobody.
    `name_words`: folded words of the name's heading that tell the kind.
    `present`: the folded beginnings of statuses of those who are on the roster; others are left out and named.
    `title_words`: folded words of a title that tell the kind. `telling`: fields that only this kind has.
    `carried`: fields that hold for all rows of a merged cell. `has_classes`: titles and sheet names may name a class.
    `households`: "heads" keeps one row a household, "members" gives every row its household.
    `of_people`: without it a line is a row as soon as it fills two columns, since units and figures have no names.
    """

    kind: str
    aliases: Aliases
    required: tuple[tuple[str, ...], ...]
    missing_sentence: str
    name_field: str = "full_name"
    present: tuple[str, ...] = ()
    title_words: tuple[str, ...] = ()
    name_words: tuple[str, ...] = ()
    telling: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()
    has_classes: bool = False
    households: Literal["none", "heads", "members"] = "none"
    of_people: bool = True

    @property
    def labels(self) -> dict[str, str]:
        """Return field -> what the mapping page and a template call it."""
        return {name: known[0] for name, known in self.aliases.items()}


LAYOUTS: dict[str, Layout] = {}


def register_layout(layout: Layout) -> Layout:
    """Make a kind of list known to the pages, the command line and `recognise_kind`; returns it."""
    LAYOUTS[layout.kind] = layout
    return layout


@dataclass(frozen=True)
class SheetReading:
    """What was understood of one sheet.

    `header_row`: the last row of the heading. `columns`: field -> letter in Excel. `class_from`: in words.
    `left_out`: people whose status says that they are not there. `other_lines`: lines of text, which are nobody.
    `signature`: digest of the headings, under which column answers are kept. `unit_name`: the school or village that
    a line above the table names, as written, or "".
    """

    name: str
    header_row: int
    columns: Mapping[str, str]
    class_from: str
    rows: tuple[SourceRow, ...]
    left_out: tuple[LeftOut, ...]
    other_lines: tuple[LeftOut, ...] = ()
    signature: str = ""
    unit_name: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class RosterReading:
    """What was understood of a workbook; hidden sheets were not read, others held no table of the kind."""

    sheets: tuple[SheetReading, ...]
    hidden_sheets: tuple[str, ...]
    other_sheets: tuple[str, ...]
    questions: tuple[Question, ...] = ()
    warnings: tuple[str, ...] = field(default=())

    @property
    def rows(self) -> list[SourceRow]:
        return [row for sheet in self.sheets for row in sheet.rows]

    @property
    def left_out(self) -> list[LeftOut]:
        return [row for sheet in self.sheets for row in sheet.left_out]

    @property
    def other_lines(self) -> list[LeftOut]:
        return [row for sheet in self.sheets for row in sheet.other_lines]

    @property
    def blocking(self) -> list[Question]:
        """Return the questions that must be answered before anything is applied."""
        return [question for question in self.questions if question.blocks]
