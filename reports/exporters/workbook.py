"""The official workbook of the Culture-Society Office (excel.md, "Out"). A sheet is added in SHEETS, nowhere else."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from campaigns.models import Campaign
from hbs_portal.lib.sheets.writing import OfficialSheet, OfficialWorkbook
from reports.exporters.activities_sheet import activities_sheet
from reports.exporters.edition import Edition
from reports.exporters.notes_sheet import notes_sheet
from reports.exporters.targets_sheet import targets_sheet
from reports.exporters.units_sheet import units_sheet

#: In the order of the tabs; "Thuyết minh" stays the last.
SHEETS: tuple[Callable[[Edition], OfficialSheet[Any]], ...] = (
    targets_sheet,
    units_sheet,
    activities_sheet,
    notes_sheet,
)


def write_workbook(edition: Edition, path: Path) -> None:
    """Write all sheets to `path`, whole or not at all. Raises OSError where the disk refuses."""
    book = OfficialWorkbook(edition.letterhead)
    for sheet in SHEETS:
        book.add_sheet(sheet(edition))
    book.save(path)


def workbook_name(campaign: Campaign, as_of: date) -> str:
    """ "BDHVS-2026_bao-cao_2026-10-31.xlsx": no diacritics, so that every mail and stick takes it."""
    code = re.sub(r"[^A-Za-z0-9.-]+", "-", campaign.code).strip("-.") or "chien-dich"
    return f"{code}_bao-cao_{as_of.isoformat()}.xlsx"
