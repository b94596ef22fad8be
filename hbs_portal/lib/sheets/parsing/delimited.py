"""Text with separators (.csv, .txt), as Excel would open it, but every cell stays text."""

import csv
import io
import re
from collections import Counter
from itertools import chain, islice
from pathlib import Path
from typing import Any

from hbs_portal.lib.legacy_text import recognise
from hbs_portal.lib.sheets.container import RefusedFile
from hbs_portal.lib.sheets.parsing.plain_text import EIGHT_BIT, decoded
from hbs_portal.lib.sheets.parsing.rows import JsonRow, check_size, encoded_row, sheet_answer

UNCLOSED = 'Tệp .csv có dấu ngoặc kép (") mở mà không đóng ở gần dòng {row}. Hãy sửa dòng đó rồi tải lên.'
UNKNOWN_ENCODING = (
    "Tệp .csv dùng bảng mã không rõ nên chữ có dấu có thể sai. Hãy mở bằng Excel, "
    "chọn Tệp > Lưu thành > Excel (.xlsx), rồi tải lên tệp mới."
)
CONFIRM = "Tệp .csv không dùng Unicode. Hãy xem kỹ chữ có dấu trước khi nạp."
_SEPARATORS = "\t;,|"
_LOOKED_AT_ROWS = 60
_LOOKED_AT_CHARACTERS = 100_000
_SEPARATOR_LINE = re.compile(r"\s*\"?sep=(.)\"?[ \t]*(?:\r\n|\r|\n|$)", re.IGNORECASE)
_WRAPPED = re.compile(r'="(.*)"', re.DOTALL)
_LONGEST_CELL = 200_000
_LAST_LINE = "\ue000the end\ue000"


def read_delimited(path: Path) -> dict[str, Any]:
    """Return the one sheet of a text file. Raises RefusedFile for an unclosed quotation mark or unknown letters."""
    text, encoding = decoded(path.read_bytes())
    text = text.replace("\0", "")
    named = _SEPARATOR_LINE.match(text)
    separator = named[1] if named else _likely_separator(text[:_LOOKED_AT_CHARACTERS])
    rows = _rows(text[named.end() :] if named else text, separator)
    warnings = _warnings_of(rows) if encoding == EIGHT_BIT else []
    return {"kind": "csv", "sheets": [sheet_answer("", rows)], "warnings": warnings}


def _warnings_of(rows: list[JsonRow]) -> list[str]:
    if recognise(cell for _, cells in rows for cell in cells if isinstance(cell, str)) is None:
        raise RefusedFile(UNKNOWN_ENCODING)
    return [CONFIRM]


def _likely_separator(text: str) -> str:
    """Return the separator that gives most rows the same number of cells, two or more; of equals the one with most."""

    def fitness(separator: str) -> tuple[int, int]:
        try:
            rows = islice(csv.reader(io.StringIO(text, newline=""), delimiter=separator), _LOOKED_AT_ROWS)
            widths = Counter(len(row) for row in rows if len(row) > 1)
        except csv.Error:
            return 0, 0
        (width, count), *_ = widths.most_common(1) or [(0, 0)]
        return count, width

    return max(_SEPARATORS, key=fitness)


def _rows(text: str, separator: str) -> list[JsonRow]:
    csv.field_size_limit(_LONGEST_CELL)
    rows: list[JsonRow] = []
    # A line of our own at the end: swallowed by a cell, it tells that a quotation mark was never closed.
    lines = io.StringIO(text if text.endswith(("\n", "\r")) else text + "\n", newline="")
    number = cells = 0
    try:
        for number, fields in enumerate(csv.reader(chain(lines, [_LAST_LINE]), delimiter=separator), start=1):
            if fields == [_LAST_LINE]:
                return rows
            cells += len(fields)
            check_size(height=number, width=len(fields) if any(fields) else 0, cells=cells)
            if row := encoded_row(number, map(_unwrapped, fields)):
                rows.append(row)
    except csv.Error:
        number += 1
    raise RefusedFile(UNCLOSED.format(row=number))


def _unwrapped(field: str) -> str:
    """Return 000123 of ="000123", which keeps Excel from making a number of a code."""
    wrapped = _WRAPPED.fullmatch(field.strip()) if field.lstrip().startswith('="') else None
    return wrapped[1].replace('""', '"') if wrapped else field.strip()
