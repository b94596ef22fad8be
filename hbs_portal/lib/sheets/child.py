"""The parsing process: `python child.py FILE.xlsx` prints the workbook as JSON, or {"refused": sentence}.

It runs apart because parsers were seen to abort their process or to eat 3 GB on files of 5 KB. It imports nothing of
the project, so that it starts fast and its limits hold for everything it does. Formulas are never evaluated: the
values that Excel stored are read.
"""

import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

MEMORY_BYTES = 300 * 1024 * 1024
CPU_SECONDS = 4
MAX_SHEETS = 200
MAX_ROWS = 60_000
MAX_COLUMNS = 300
TOO_MANY = "Tệp có quá nhiều trang tính, dòng hoặc cột. Hãy chép riêng bảng danh sách sang tệp mới rồi tải lên."

JsonCell = str | int | float | bool | dict[str, str] | None


def limit_resources() -> None:
    """Bound what a hostile file can cost: memory, processor time, no files written, no core dump."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def encode(cell: Any) -> JsonCell:
    """Return a cell as JSON: dates and times tagged by their kind, empty text as null."""
    if isinstance(cell, datetime):
        return {"datetime": cell.isoformat()}
    if isinstance(cell, date):
        return {"date": cell.isoformat()}
    if isinstance(cell, time | timedelta):
        return str(cell)
    return None if cell == "" else cell


def rows_of(sheet: Any) -> list[dict[str, Any]]:
    """Return the rows that hold anything, with their numbers as Excel shows them and without trailing empty cells."""
    if sheet.start is None:
        return []
    if sheet.total_height > MAX_ROWS or sheet.total_width > MAX_COLUMNS:
        raise OverflowError
    rows = []
    for number, cells in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        encoded = [encode(cell) for cell in cells]
        while encoded and encoded[-1] is None:
            encoded.pop()
        if encoded:
            rows.append({"number": number, "cells": encoded})
    return rows


def read(path: str) -> dict[str, Any]:
    """Return {"sheets": [{"name", "hidden", "rows"}]} of an .xlsx, or {"refused": sentence} when it is too large."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum, load_workbook

    workbook = load_workbook(path)
    listed = [sheet for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    if len(listed) > MAX_SHEETS:
        return {"refused": TOO_MANY}
    try:
        sheets = [
            {
                "name": sheet.name,
                "hidden": sheet.visible != SheetVisibleEnum.Visible,
                "rows": rows_of(workbook.get_sheet_by_name(sheet.name)),
            }
            for sheet in listed
        ]
    except OverflowError:
        return {"refused": TOO_MANY}
    return {"sheets": sheets}


if __name__ == "__main__":
    limit_resources()
    json.dump(read(sys.argv[1]), sys.stdout, ensure_ascii=True, allow_nan=False)
