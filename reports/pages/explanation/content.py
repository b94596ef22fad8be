"""What stands in a tab, the same shape for people, households and units."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from hbs_portal.lib.paging import ListPage


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """A person, a household or a unit; `link` leads to the record that is told of, or to what can be done."""

    name: str
    unit: str = ""
    where: str = ""
    note: str = ""
    on: date | None = None
    link_label: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A unit or a class with how many are missing; `act_url` records something for exactly those."""

    label: str
    missing: int
    total: int
    url: str
    act_url: str = ""
    act_label: str = ""
    note: str = ""


def most_missing_first(groups: Iterable[GroupRow]) -> tuple[GroupRow, ...]:
    """Groups in the order in which it pays to act; a tie keeps the order of the units."""
    return tuple(sorted(groups, key=lambda group: -group.missing))


@dataclass(frozen=True, slots=True)
class UnnamedRow:
    """An activity that told a number of heads without all the names (rules D1, D2)."""

    title: str
    on: date
    host: str
    heads: int
    url: str


@dataclass(frozen=True, slots=True)
class TabContent:
    """`page` holds SubjectRow; `asides` are sentences about what is not listed by name."""

    who: str
    page: ListPage
    empty: str
    intro: str = ""
    groups: tuple[GroupRow, ...] = ()
    asides: tuple[str, ...] = ()
    unnamed: tuple[UnnamedRow, ...] = field(default=())
    where_label: str = "Lớp, nhóm"
    link_head: str = "Bản ghi"
    is_searchable: bool = True

    @property
    def shows_group_notes(self) -> bool:
        return any(group.note for group in self.groups)

    @property
    def shows_where(self) -> bool:
        return any(row.where for row in self.page)

    @property
    def shows_unit(self) -> bool:
        return any(row.unit for row in self.page)

    @property
    def shows_note(self) -> bool:
        return any(row.note for row in self.page)

    @property
    def shows_day(self) -> bool:
        return any(row.on for row in self.page)

    @property
    def shows_link(self) -> bool:
        return any(row.link_label for row in self.page)
