"""The official workbook of the Culture-Society Office (excel.md, "Out"). A sheet is added in SHEETS, nowhere else."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from campaigns.models import Campaign
from hbs_portal.lib.sheets.writing import OfficialSheet, OfficialWorkbook
from reports.exporters.activities_sheet import activities_sheet
from reports.exporters.changes_sheet import changes_sheet
from reports.exporters.chart_sheets import months_chart_sheet, targets_chart_sheet, units_chart_sheet
from reports.exporters.edition import Edition
from reports.exporters.flows_sheet import flows_sheet
from reports.exporters.helped_sheet import helped_sheet
from reports.exporters.levels_sheet import levels_sheet
from reports.exporters.missing_numbers_sheet import missing_numbers_sheet
from reports.exporters.notes_sheet import notes_sheet
from reports.exporters.targets_sheet import targets_sheet
from reports.exporters.units_sheet import units_sheet
from reports.exporters.villages_sheet import villages_sheet

SheetMaker = Callable[[Edition], OfficialSheet[Any] | None]

#: In the order of the tabs; "Thuyết minh" stays the last. A sheet is left out where it has nothing to say (None).
SHEETS: tuple[SheetMaker, ...] = (
    targets_sheet,
    flows_sheet,
    units_sheet,
    levels_sheet,
    villages_sheet,
    activities_sheet,
    helped_sheet,
    changes_sheet,
    targets_chart_sheet,
    units_chart_sheet,
    months_chart_sheet,
    notes_sheet,
)
#: Of a unit's own result.
UNIT_SHEETS: tuple[SheetMaker, ...] = (
    targets_sheet,
    missing_numbers_sheet,
    activities_sheet,
    helped_sheet,
    targets_chart_sheet,
    months_chart_sheet,
    notes_sheet,
)


def sheets_of(edition: Edition) -> Iterator[OfficialSheet[Any]]:
    """The tables of a paper, for Excel and for PDF; each says where its figures come from."""
    for make in UNIT_SHEETS if edition.unit else SHEETS:
        sheet = make(edition)
        if sheet is not None:
            yield replace(sheet, source_line=edition.source_line, extra_head_lines=edition.head_lines)


def write_workbook(edition: Edition, path: Path) -> None:
    """Write all sheets to `path`, whole or not at all. Raises OSError where the disk refuses."""
    book = OfficialWorkbook(edition.letterhead)
    for sheet in sheets_of(edition):
        book.add_sheet(sheet)
    book.save(path)


def workbook_name(campaign: Campaign, as_of: date, unit_code: str = "") -> str:
    """ "BDHVS-2026_bao-cao_2026-10-31.xlsx", of a unit "BDHVS-2026_TH1_bao-cao_2026-10-31.xlsx".

    No diacritics, so that every mail and stick takes it.
    """
    unit = f"_{_plain(unit_code, 'don-vi')}" if unit_code else ""
    return f"{_plain(campaign.code, 'chien-dich')}{unit}_bao-cao_{as_of.isoformat()}.xlsx"


def _plain(code: str, otherwise: str) -> str:
    return re.sub(r"[^A-Za-z0-9.-]+", "-", code).strip("-.") or otherwise
