"""What stands in a tab, the same shape for people, households and units."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from hbs_portal.lib.paging import ListPage


@dataclass(frozen=True, slots=True)
class ProofLink:
    """A file that proves a record; `is_photo` files are shown small."""

    name: str
    url: str
    is_photo: bool


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """A person, a household or a unit; `link` leads to the record that is told of, or to what can be done.

    `pk` is 0 where nothing can be recorded for it by this person; `is_free` whether "all of these" means it as well.
    """

    name: str
    unit: str = ""
    where: str = ""
    note: str = ""
    on: date | None = None
    link_label: str = ""
    link: str = ""
    pk: int = 0
    is_free: bool = False
    proofs: tuple[ProofLink, ...] = ()
    proof_note: str = ""


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A unit or a class with how many are missing; for `free` of them `act_url` leads to a form (by POST)."""

    label: str
    missing: int
    total: int
    url: str
    free: int = 0
    act_url: str = ""
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
class ExcludedRow:
    """Somebody whom the figure is also shown without (rule C8), and who decided it."""

    name: str
    unit: str
    reason: str
    days: str
    scope: str
    decision: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class TabContent:
    """`page` holds SubjectRow; `asides` are sentences about what is not listed by name.

    `act_label` says what can be done for the missing (empty: nothing by this person), `found_free` for how many of all
    that were found. `classes` are the choices of the class filter: value, label.
    """

    who: str
    page: ListPage
    empty: str
    intro: str = ""
    groups: tuple[GroupRow, ...] = ()
    asides: tuple[str, ...] = ()
    unnamed: tuple[UnnamedRow, ...] = field(default=())
    excluded: tuple[ExcludedRow, ...] = ()
    where_label: str = "Lớp, nhóm"
    link_head: str = "Bản ghi"
    is_searchable: bool = True
    is_one_unit: bool = False
    act_label: str = ""
    found_free: int = 0
    classes: tuple[tuple[str, str], ...] = ()

    @property
    def shows_group_notes(self) -> bool:
        return any(group.note for group in self.groups)

    @property
    def shows_where(self) -> bool:
        return any(row.where for row in self.page)

    @property
    def shows_unit(self) -> bool:
        return not self.is_one_unit and any(row.unit for row in self.page)

    @property
    def shows_note(self) -> bool:
        return any(row.note for row in self.page)

    @property
    def shows_day(self) -> bool:
        return any(row.on for row in self.page)

    @property
    def shows_link(self) -> bool:
        return any(row.link_label for row in self.page)

    @property
    def shows_proofs(self) -> bool:
        return any(row.proofs or row.proof_note for row in self.page)

    @property
    def is_tickable(self) -> bool:
        return bool(self.act_label) and any(row.pk for row in self.page)
