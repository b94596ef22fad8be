"""The one writer of official workbooks, in the form of excel.md, "Out". It invents no text: all words are the caller's.

book = OfficialWorkbook(letterhead)
book.add_sheet(OfficialSheet(name="Chỉ tiêu", title="KẾT QUẢ …", columns=columns, rows=rows))
book.save(path)
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Generic, TypeVar

from hbs_portal.lib.sheets.styles import CellValue, ColumnKind, Painter
from hbs_portal.lib.whole_files import whole_file

MAX_SHEET_NAME_CHARACTERS = 31
RowType = TypeVar("RowType")


@dataclass(frozen=True)
class Letterhead:
    """What stands around every table: who reports, the motto, place and day, who signs, who receives.

    `day` None leaves the date to be written by hand. Lines of the signer: "TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", …
    """

    agency_lines: tuple[str, ...]
    motto_lines: tuple[str, ...]
    place: str
    day: date | None
    signer_lines: tuple[str, ...] = ()
    signer_name: str = ""
    preparer_label: str = ""
    preparer_name: str = ""
    recipients_label: str = ""
    recipients: tuple[str, ...] = ()
    paper_number: str = ""  # "Số: 12/BC-UBND", opposite place and day
    symbol: str = ""  # "BC-UBND": what follows the number and its stroke

    @property
    def is_one_agency(self) -> bool:
        """Whether the lines are one name ("ỦY BAN NHÂN DÂN / XÃ HÀ BẮC"), all bold, not an agency under another."""
        return self.agency_lines[:1] in (("ỦY BAN NHÂN DÂN",), ("HỘI ĐỒNG NHÂN DÂN",))


def _nothing(_row: Any) -> CellValue:
    return None


@dataclass(frozen=True)
class Column(Generic[RowType]):
    """A column, defined once: heading, typed getter, kind, width in characters.

    Neighbours with the same `group` stand under one heading ("Chỉ tiêu K3": Tổng số | Đã đạt | Tỷ lệ).
    """

    header: str
    getter: Callable[[RowType], CellValue] = _nothing
    kind: ColumnKind = ColumnKind.TEXT
    width: float = 14
    group: str = ""


@dataclass(frozen=True)
class GroupHeading:
    """A row that begins a group: "I", "Các trường tiểu học". Ordinals start anew under it."""

    number: str
    title: str


class ChartKind(StrEnum):
    COLUMNS = "columns"
    BARS = "bars"  # lying, one for each row
    LINES = "lines"


@dataclass(frozen=True)
class SheetChart:
    """A chart of rows of its own sheet: what it shows stands in their cells, so that every program draws the same.

    `first` and `last` are places in the sheet's rows; `labels` and `values` are places of columns, all counted from 0,
    and the headings of the latter (columns without `group`) name the series. It stands under the table, or in the
    column `beside` its rows, which then stay on one page.
    """

    kind: ChartKind
    title: str
    first: int
    last: int
    labels: int
    values: tuple[int, ...]
    beside: int | None = None


@dataclass(frozen=True)
class OfficialSheet(Generic[RowType]):
    """A table with its words. `name` is the tab's; `totals` holds one value a column; notes stand under the table.

    `source_line` says where the figures come from: under the notes, and at the foot of every page.
    """

    name: str
    title: str
    columns: Sequence[Column[RowType]]
    rows: Iterable[RowType | GroupHeading]
    subtitles: Sequence[str] = ()
    totals: Sequence[CellValue] | None = None
    notes: Sequence[str] = ()
    is_signed: bool = True
    is_numbered: bool = True  # the row (1)(2)(3) under the headings
    is_one_page: bool = False  # a short table, printed together with its signatures on one page
    extra_head_lines: Sequence[str] = field(default=())  # under the title in bold: "Đơn vị: Trường Tiểu học …"
    charts: Sequence[SheetChart] = ()
    source_line: str = ""


class OfficialWorkbook:
    """A workbook of official sheets that share one letterhead."""

    def __init__(self, letterhead: Letterhead) -> None:
        from openpyxl import Workbook

        self._book = Workbook()
        self._book.remove(self._book.active)
        self._book.properties.creator = " ".join(letterhead.agency_lines)
        self._painter = Painter(self._book)
        self._letterhead = letterhead

    def add_sheet(self, sheet: OfficialSheet[Any]) -> None:
        """Draw a sheet. Raises ValueError for fewer than two columns or totals of another length."""
        from hbs_portal.lib.sheets.drawing import SheetDrawing

        if len(sheet.columns) < 2:
            raise ValueError("An official sheet needs two columns: agency left, motto right.")
        if sheet.totals is not None and len(sheet.totals) != len(sheet.columns):
            raise ValueError("Totals need one value a column.")
        worksheet = self._book.create_sheet(self._tab_name(sheet.name))
        SheetDrawing(worksheet, self._painter, self._letterhead, sheet).draw()

    def save(self, path: Path) -> None:
        """Write the file so that `path` is either the old file or the whole new one (temp -> fsync -> rename)."""
        with whole_file(path) as file:
            self._book.save(file)

    def _tab_name(self, name: str) -> str:
        """Return a name that Excel takes: no forbidden signs, at most 31 characters, unique without regard to case."""
        clean = re.sub(r"[\[\]:*?/\\]", "-", name).strip("'")[:MAX_SHEET_NAME_CHARACTERS] or "-"
        taken = {title.casefold() for title in self._book.sheetnames}
        number = 2
        unique = clean
        while unique.casefold() in taken:
            suffix = f" ({number})"
            unique = clean[: MAX_SHEET_NAME_CHARACTERS - len(suffix)] + suffix
            number += 1
        return unique
