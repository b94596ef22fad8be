"""The wrong rows of a file as a file: its own lines above the table, the rows, and why each is wrong."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from campaigns.models import RosterImport
from campaigns.services.imports.checking import kept_file
from hbs_portal.lib.sheets.reading import Cell, Row, Sheet, read_workbook
from hbs_portal.lib.sheets.styles import put_text

REASON = "Lý do chưa nạp"
FIRST_WIDTH, REASON_WIDTH = 22, 70


def wrong_rows_workbook(roster_import: RosterImport, path: Path) -> None:
    """Write the wrong rows of a checked import to `path` (.xlsx), each with its reasons beside it.

    The lines above the table and all columns stay as the file has them, so that the mended rows can be taken over.
    Raises ImportNotAppliedError where the file is not kept any more.
    """
    from openpyxl import Workbook

    workbook = read_workbook(kept_file(roster_import), filename=roster_import.file_name)
    reasons = _reasons(roster_import.report)
    headers = {sheet["name"]: sheet["header_row"] for sheet in roster_import.report["understood"]["sheets"]}
    book = Workbook()
    book.remove(book.active)
    for sheet in workbook.sheets:
        if sheet.name in reasons:
            _write_sheet(book.create_sheet(sheet.name[:31]), sheet, headers[sheet.name], reasons[sheet.name])
    book.save(path)


def _reasons(report: Mapping[str, Any]) -> dict[str, dict[int, str]]:
    """Sheet -> row as Excel shows it -> everything that is wrong or undecided there."""
    found: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for error in report.get("errors", []):
        column = f"{error['column']}: " if error["column"] else ""
        found[error["sheet"]][error["row"]].append(f"{column}{error['reason']}")
    for doubt in report.get("duplicates", []):
        found[doubt["sheet"]][doubt["row"]].append(f"{doubt['why']}: {doubt['candidates'][0]['label']}")
    return {sheet: {row: " ".join(texts) for row, texts in rows.items()} for sheet, rows in found.items()}


def _write_sheet(target: Any, sheet: Sheet, header_row: int, reasons: Mapping[int, str]) -> None:
    width = max((len(row.cells) for row in sheet.rows), default=0)
    head = [row for row in sheet.rows if row.number <= header_row]
    for row in head:
        _write_row(target, row.number, row)
    _set(target, header_row, width, REASON)
    for number, row in enumerate(_chosen(sheet.rows, reasons), start=header_row + 1):
        _write_row(target, number, row)
        _set(target, number, width, reasons[row.number])
    for index in range(width + 1):
        letter = target.cell(1, index + 1).column_letter
        target.column_dimensions[letter].width = REASON_WIDTH if index == width else FIRST_WIDTH
    target.freeze_panes = target.cell(header_row + 1, 1)


def _chosen(rows: Iterable[Row], reasons: Mapping[int, str]) -> list[Row]:
    return [row for row in rows if row.number in reasons]


def _write_row(target: Any, number: int, row: Row) -> None:
    for index, value in enumerate(row.cells):
        _set(target, number, index, value)


def _set(target: Any, number: int, index: int, value: Cell) -> None:
    """Text is text, whatever it begins with: nothing out of a file becomes a formula."""
    if value is None:
        return
    cell = target.cell(number, index + 1)
    if isinstance(value, str):
        put_text(cell, value)
        cell.number_format = "@"
    else:
        cell.value = value
        if isinstance(value, (date, datetime)):
            cell.number_format = "dd/mm/yyyy"
