"""SpreadsheetML 2003: the XML that some programs save under the name .xls."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from hbs_portal.lib.sheets.container import DAMAGED, UNSAFE, RefusedFile
from hbs_portal.lib.sheets.parsing.rows import JsonRow, Range, check_size, encoded_row, sheet_answer

_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
_VISIBLE = "{urn:schemas-microsoft-com:office:excel}Visible"
_NAMED_FORMATS = {"Short Date": "dd/mm/yyyy", "General Date": "dd/mm/yyyy h:mm", "Medium Date": "d-mmm-yy"}
_MOST_DEPTH = 60


def read_spreadsheetml(path: Path) -> dict[str, Any]:
    """Return the sheets of a SpreadsheetML file. Entities and declarations are refused, formulas not looked at."""
    from defusedxml import DefusedXmlException

    try:
        return {"kind": "xml", "sheets": list(_sheets(path)), "warnings": []}
    except DefusedXmlException as error:
        raise RefusedFile(UNSAFE) from error
    except (ParseError, ValueError, LookupError) as error:
        raise RefusedFile(DAMAGED) from error


def _sheets(path: Path) -> Iterator[dict[str, Any]]:
    from defusedxml.ElementTree import iterparse

    formats: dict[str, str] = {}
    reading, depth, sheets = _Reading(), 0, 0
    for event, element in iterparse(path, events=("start", "end"), forbid_dtd=True):
        depth += 1 if event == "start" else -1
        if depth > _MOST_DEPTH:
            raise ValueError("too deep")
        if event == "start" and element.tag == f"{_SS}Worksheet":
            reading, sheets = _Reading(), sheets + 1
            check_size(sheets=sheets)
        elif event == "end" and element.tag == f"{_SS}Style":
            shown = element.find(f"{_SS}NumberFormat")
            formats[element.get(f"{_SS}ID", "")] = "" if shown is None else shown.get(f"{_SS}Format", "")
        elif event == "end" and element.tag == f"{_SS}Row":
            reading.add_row(element, formats)
            element.clear()
        elif event == "end" and element.tag == _VISIBLE:
            reading.hidden = (element.text or "").strip() in ("SheetHidden", "SheetVeryHidden")
        elif event == "end" and element.tag == f"{_SS}Worksheet":
            yield reading.answer(element.get(f"{_SS}Name", ""))
            element.clear()


class _Reading:
    """One sheet while it is read."""

    def __init__(self) -> None:
        self.hidden = False
        self._rows: list[JsonRow] = []
        self._merges: list[Range] = []
        self._formats: dict[tuple[int, int], str] = {}
        self._number = 0
        self._covered: dict[int, int] = {}  # column -> last row that a cell above reaches down to
        self._cells = 0

    def add_row(self, row: Element, formats: dict[str, str]) -> None:
        self._number = int(row.get(f"{_SS}Index", self._number + 1))
        fields: dict[int, Any] = {}
        column = 0
        for cell in row.iter(f"{_SS}Cell"):
            column = self._column_of(cell, column)
            across = int(cell.get(f"{_SS}MergeAcross", "0"))
            check_size(height=self._number, width=column + across + 1, cells=self._cells)
            self._merge(cell, column, across)
            fields[column] = _value(cell)
            number_format = formats.get(cell.get(f"{_SS}StyleID", ""), "")
            if isinstance(fields[column], date) and number_format:
                self._formats[self._number, column] = _NAMED_FORMATS.get(number_format, number_format)
            column += across + 1
            self._cells += 1
        cells = [fields.get(place, "") for place in range(max(fields, default=-1) + 1)]
        if encoded := encoded_row(self._number, cells):
            self._rows.append(encoded)
        self._number += int(row.get(f"{_SS}Span", "0"))

    def answer(self, name: str) -> dict[str, Any]:
        return sheet_answer(name, self._rows, hidden=self.hidden, merges=self._merges, formats=self._formats)

    def _column_of(self, cell: Element, column: int) -> int:
        if index := cell.get(f"{_SS}Index"):
            return int(index) - 1
        while self._covered.get(column, 0) >= self._number:
            column += 1
        return column

    def _merge(self, cell: Element, column: int, across: int) -> None:
        down = int(cell.get(f"{_SS}MergeDown", "0"))
        if across or down:
            self._merges.append((self._number, column, self._number + down, column + across))
        if down:
            self._covered.update(dict.fromkeys(range(column, column + across + 1), self._number + down))


def _value(cell: Element) -> Any:
    data = cell.find(f"{_SS}Data")
    if data is None:
        return ""
    text = "".join(data.itertext())
    kind = data.get(f"{_SS}Type")
    if kind == "Number":
        number = float(text)
        return int(number) if number.is_integer() and abs(number) < 1e15 else number
    if kind == "DateTime":
        moment = datetime.fromisoformat(text)
        return moment if moment.time() != datetime.min.time() else moment.date()
    return text == "1" if kind == "Boolean" else text
