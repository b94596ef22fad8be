"""The records of an .xls: is everything there, is it encrypted, which number format does a cell have.

The values themselves are calamine's to read.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from hbs_portal.lib.sheets.container import DAMAGED, ENCRYPTED, RefusedFile
from hbs_portal.lib.sheets.parsing.rows import check_size
from hbs_portal.lib.sheets.parsing.xlsx_parts import BUILTIN_FORMATS, shows_date

_BOF, _EOF, _FILEPASS, _BOUNDSHEET, _FORMAT, _XF = 0x0809, 0x000A, 0x002F, 0x0085, 0x041E, 0x00E0
_NUMBER, _FORMULA, _RK, _MULRK = 0x0203, 0x0006, 0x027E, 0x00BD
_BIFF8 = 0x0600
_RK_BYTES = 6
Record = tuple[int, bytes]


@dataclass
class Records:
    """What the records tell: formats by cell format, and the records of each sheet in the order of its tabs."""

    formats: dict[int, str] = field(default_factory=lambda: dict(BUILTIN_FORMATS))
    cell_formats: list[int] = field(default_factory=list)
    sheet_starts: list[int] = field(default_factory=list)
    stream: bytes = b""

    def formats_of(self, place: int) -> dict[tuple[int, int], str]:
        """Return (row number, column index) -> format of the cells of a sheet whose format shows a date."""
        if place >= len(self.sheet_starts):
            return {}
        shown = {
            number: self.formats[one]
            for number, one in enumerate(self.cell_formats)
            if shows_date(self.formats.get(one, ""))
        }
        cells = _cells(_substream(self.stream, self.sheet_starts[place]))
        return {(row + 1, column): shown[number] for row, column, number in cells if number in shown}


def read_records(stream: bytes) -> Records:
    """Return what the workbook's records tell.

    Raises RefusedFile for a password, and when a sheet breaks off: its last rows would be lost without a word.
    """
    records = Records(stream=stream)
    try:
        _read_globals(records)
        for start in records.sheet_starts:
            for _ in _substream(stream, start):
                pass
    except (struct.error, IndexError, ValueError) as error:
        raise RefusedFile(DAMAGED) from error
    return records


def _read_globals(records: Records) -> None:
    is_biff8 = struct.unpack_from("<H", records.stream, 4)[0] == _BIFF8
    for kind, data in _substream(records.stream, 0):
        if kind == _FILEPASS:
            raise RefusedFile(ENCRYPTED)
        if kind == _BOUNDSHEET:
            records.sheet_starts.append(struct.unpack_from("<I", data)[0])
            check_size(sheets=len(records.sheet_starts))
        elif kind == _FORMAT:
            number, text = _format(data, is_biff8=is_biff8)
            records.formats[number] = text.replace("\\", "")
        elif kind == _XF:
            records.cell_formats.append(struct.unpack_from("<H", data, 2)[0])


def _format(data: bytes, *, is_biff8: bool) -> tuple[int, str]:
    number = struct.unpack_from("<H", data)[0]
    if not is_biff8:
        return number, data[3:].decode("cp1252", "replace")
    is_wide = data[4] & 1
    return number, data[5:].decode("utf-16-le" if is_wide else "latin-1", "replace")


def _substream(stream: bytes, start: int) -> Iterator[Record]:
    """Yield the records between a BOF and its EOF. Raises ValueError when either is missing."""
    depth = 0
    while start + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, start)
        if depth == 0 and kind != _BOF:
            break
        depth += (kind == _BOF) - (kind == _EOF)
        if depth == 0:
            return
        if depth == 1:
            yield kind, stream[start + 4 : start + 4 + length]
        start += 4 + length
    raise ValueError("A part of the workbook has no beginning or no end.")


def _cells(records: Iterator[Record]) -> Iterator[Sequence[int]]:
    """Yield (row index, column index, cell format) of every cell with a number."""
    for kind, data in records:
        if kind in (_NUMBER, _FORMULA, _RK):
            yield struct.unpack_from("<HHH", data)
        elif kind == _MULRK:
            row, column = struct.unpack_from("<HH", data)
            for place in range((len(data) - 6) // _RK_BYTES):
                yield row, column + place, struct.unpack_from("<H", data, 4 + place * _RK_BYTES)[0]
