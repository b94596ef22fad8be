"""Excel workbooks, read by python-calamine: the values that Excel stored, never a formula."""

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from hbs_portal.lib.sheets.container import DAMAGED, RefusedFile
from hbs_portal.lib.sheets.parsing import biff, ole, xlsx_parts
from hbs_portal.lib.sheets.parsing.rows import JsonRow, check_size, encoded_row, sheet_answer

Formats = Mapping[tuple[int, int], str]
FormatsOf = Callable[[str, int], Formats]


def read_xlsx(path: Path) -> dict[str, Any]:
    """Return the sheets of an .xlsx. Cells far away from the table are left out, and told in "warnings"."""
    content, strays = xlsx_parts.without_strays(path.read_bytes())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        formats = xlsx_parts.NumberFormats(archive)
        sheets = _sheets(content, lambda name, _place: formats.of_sheet(name))
    return {"kind": "xlsx", "sheets": sheets, "warnings": strays}


def read_xls(path: Path) -> dict[str, Any]:
    """Return the sheets of an .xls (Excel 5 to 2003), its container rebuilt, since exports write it with flaws."""
    name, stream = ole.workbook_stream(path.read_bytes())
    records = biff.read_records(stream)
    sheets = _sheets(ole.container(name, stream), lambda _name, place: records.formats_of(place))
    return {"kind": "xls", "sheets": sheets, "warnings": []}


def _sheets(content: bytes, formats_of: FormatsOf) -> list[dict[str, Any]]:
    from python_calamine import CalamineError, SheetTypeEnum, load_workbook

    try:
        workbook = load_workbook(io.BytesIO(content))
        listed = [(place, sheet) for place, sheet in enumerate(workbook.sheets_metadata)]
        listed = [(place, sheet) for place, sheet in listed if sheet.typ == SheetTypeEnum.WorkSheet]
        check_size(sheets=len(listed))
        return [_sheet(workbook.get_sheet_by_index(place), sheet, formats_of, place) for place, sheet in listed]
    except (CalamineError, OSError, ValueError) as error:
        raise RefusedFile(DAMAGED) from error


def _sheet(sheet: Any, metadata: Any, formats_of: FormatsOf, place: int) -> dict[str, Any]:
    from python_calamine import SheetVisibleEnum

    rows = _rows(sheet)
    dates = {(number, column) for number, cells in rows for column, cell in enumerate(cells) if isinstance(cell, dict)}
    formats = formats_of(sheet.name, place) if dates else {}
    return sheet_answer(
        sheet.name,
        rows,
        hidden=metadata.visible != SheetVisibleEnum.Visible,
        merges=[(top + 1, left, bottom + 1, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()],
        formats={where: text for where, text in formats.items() if where in dates},
    )


def _rows(sheet: Any) -> list[JsonRow]:
    if sheet.start is None:
        return []
    check_size(height=sheet.total_height, width=sheet.total_width, cells=sheet.height * sheet.width)
    numbered = enumerate(sheet.to_python(skip_empty_area=False), start=1)
    return [row for number, cells in numbered if (row := encoded_row(number, cells)) is not None]
