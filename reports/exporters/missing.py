"""The list of those who are missing, as a workbook: grouped by unit and class, both clocks in the head."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path

from hbs_portal.lib.sheets.styles import ColumnKind
from hbs_portal.lib.sheets.writing import Column, GroupHeading, Letterhead, OfficialSheet, OfficialWorkbook
from reports.exporters.edition import DEMO_MARK
from reports.exporters.units_sheet import roman

PRIVACY = "Danh sách có thông tin cá nhân: chỉ dùng vào việc đã nêu, xóa khi xong việc."


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
    def shows_where(self) -> bool:
        return any(row.where for row in self.entries)

    @property
    def shows_note(self) -> bool:
        return any(row.note for row in self.entries)


@dataclass(frozen=True, slots=True)
class TakenBy:
    """Who took the list out of the portal, and why: stands under the table."""

    name: str
    reason: str


def missing_workbook(listing: MissingList, letterhead: Letterhead, taken: TakenBy, path: Path) -> None:
    """Write the list to `path`; names, classes and notes are text whatever they look like."""
    book = OfficialWorkbook(letterhead)
    book.add_sheet(
        OfficialSheet(
            name="Danh sách còn thiếu",
            title=f"{listing.title}: {listing.target_name}",
            columns=_columns(listing),
            rows=list(_rows(listing.groups)),
            subtitles=tuple(filter(None, (f"({listing.clock_line})", listing.figure, listing.adjusted))),
            notes=_notes(listing, taken),
            is_signed=False,
            is_numbered=False,
            extra_head_lines=(*([DEMO_MARK] if listing.is_demo else []), f"Phần được xuất: {listing.chosen}"),
        )
    )
    book.save(path)


def _columns(listing: MissingList) -> Sequence[Column[MissingEntry]]:
    columns = [
        Column[MissingEntry]("STT", kind=ColumnKind.ORDINAL, width=6),
        Column[MissingEntry](listing.who_label, lambda row: row.name, width=40),
        Column[MissingEntry]("Ghi chú", lambda row: row.note, width=24),
    ]
    if listing.shows_where:
        columns.insert(2, Column(listing.where_label, lambda row: row.where, width=14 if listing.is_by_class else 24))
    if listing.has_names and not listing.is_one_unit:
        columns.insert(2, Column("Đơn vị", lambda row: row.unit, width=26))
    return columns


def _rows(groups: Sequence[MissingGroup]) -> Iterator[MissingEntry | GroupHeading]:
    for number, group in enumerate(groups, start=1):
        if group.title:
            yield GroupHeading(roman(number), f"{group.title} ({len(group.entries)})")
        yield from group.entries


def _notes(listing: MissingList, taken: TakenBy) -> tuple[str, ...]:
    return (
        f"Tổng số: {len(listing.entries)}. Người xuất: {taken.name}, lúc {listing.made_at:%H:%M %d/%m/%Y}.",
        f"Lý do xuất: {taken.reason}",
        *([PRIVACY] if listing.has_names else []),
    )
