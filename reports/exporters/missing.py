"""The list of those who are missing, to print or as a sheet: by unit and class, both clocks in the head."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from hbs_portal.lib.sheets.lists import ListColumn
from hbs_portal.lib.sheets.streaming import Value
from hbs_portal.lib.sheets.styles import ColumnKind
from reports.exporters.edition import DEMO_MARK

Row = Sequence[Value]


@dataclass(frozen=True, slots=True)
class MissingEntry:
    """A person, a household or a unit that the figure still lacks; `note` says how far it is."""

    name: str
    unit: str
    where: str
    note: str


@dataclass(frozen=True, slots=True)
class MissingGroup:
    """Those of one unit and class."""

    title: str
    entries: tuple[MissingEntry, ...]


@dataclass(frozen=True, slots=True)
class MissingList:
    """Who is missing under both clocks; `adjusted` is the figure without excluded people, empty where nobody is.

    `has_names`: of people or households, not of units; `is_by_class`: `where` is a class or group that people share.
    """

    target_code: str
    title: str
    target_name: str
    who_label: str
    where_label: str
    chosen: str
    clock_line: str
    figure: str
    adjusted: str
    made_at: datetime
    entries: tuple[MissingEntry, ...]
    has_names: bool = True
    is_by_class: bool = True
    is_one_unit: bool = False
    is_demo: bool = False

    @property
    def groups(self) -> tuple[MissingGroup, ...]:
        """By unit and class where these repeat; a list without classes by unit alone."""
        if not self.has_names:
            return (MissingGroup("", self.entries),) if self.entries else ()
        found = groupby(self.entries, key=lambda row: (row.unit, row.where if self.is_by_class else ""))
        return tuple(MissingGroup(" - ".join(filter(None, key)), tuple(rows)) for key, rows in found)

    @property
    def shows_unit(self) -> bool:
        return self.has_names and not self.is_one_unit

    @property
    def shows_where(self) -> bool:
        return any(row.where for row in self.entries)

    @property
    def shows_note(self) -> bool:
        return any(row.note for row in self.entries)


def missing_columns(listing: MissingList) -> tuple[ListColumn, ...]:
    """Only what this list tells; within one unit the unit goes without saying."""
    return (
        ListColumn("STT", ColumnKind.ORDINAL, 7),
        ListColumn(listing.who_label, width=34),
        *([ListColumn("Đơn vị", width=34)] if listing.shows_unit else []),
        *([ListColumn(listing.where_label, width=18 if listing.is_by_class else 30)] if listing.shows_where else []),
        ListColumn("Ghi chú", width=44),
    )


def missing_rows(listing: MissingList) -> Iterator[Row]:
    """By unit and class, as the page groups them."""
    for number, entry in enumerate(listing.entries, start=1):
        unit = (entry.unit,) if listing.shows_unit else ()
        where = (entry.where,) if listing.shows_where else ()
        yield number, entry.name, *unit, *where, entry.note


def missing_title(listing: MissingList) -> tuple[str, ...]:
    """What stands above the list: whose it is, both clocks, the figure with and without who is excluded."""
    said = f"{listing.title}: {listing.target_name}".upper(), f"({listing.clock_line})", listing.figure
    return (*said, *filter(None, [listing.adjusted, DEMO_MARK if listing.is_demo else ""]))
