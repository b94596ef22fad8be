"""The container of .xls files, read leniently and written anew.

Exports write it with wrong sector counts, without the padding of the last sector, with streams that the table of
sectors does not hold to the end. Whether anything of the workbook itself is missing is for `biff` to tell.
"""

import struct
from collections.abc import Sequence

from hbs_portal.lib.sheets.container import DAMAGED, MACROS, RefusedFile

_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER_BYTES = 512
_ENTRY_BYTES = 128
_END, _FAT, _FREE = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
_SECTOR_BYTES = 512
_MINI_CUTOFF = 4096
_MOST_DIFAT_SECTORS = 200
_DIFAT_IN_HEADER = 109
_STREAM, _ROOT = 2, 5


def workbook_stream(content: bytes) -> tuple[str, bytes]:
    """Return name ("Workbook", or "Book" of Excel 5) and content of the workbook's stream.

    Raises RefusedFile when there is none.
    """
    try:
        return _Container(content).workbook()
    except (struct.error, IndexError, ValueError) as error:
        raise RefusedFile(DAMAGED) from error


class _Container:
    def __init__(self, content: bytes) -> None:
        shift, mini_shift = struct.unpack_from("<HH", content, 30)
        self.size = 1 << shift if shift in (9, 12) else _SECTOR_BYTES
        self.mini_size = 1 << mini_shift if 4 <= mini_shift <= 9 else 64
        body = content[max(_HEADER_BYTES, self.size) if shift == 12 else _HEADER_BYTES :]
        self.body = body + b"\0" * (-len(body) % self.size)
        self.count = len(self.body) // self.size
        self.fat = self._table(content)
        self.directory_start, self.cutoff, self.mini_start = struct.unpack_from("<I4xII", content, 48)

    def workbook(self) -> tuple[str, bytes]:
        entries = self._entries()
        if any(name.upper().startswith("_VBA_PROJECT") for name in entries):
            raise RefusedFile(MACROS)
        for name in ("Workbook", "Book"):
            if name in entries:
                return name, self._content(*entries[name], entries)
        raise ValueError("no workbook")

    def _sector(self, number: int) -> bytes:
        return self.body[number * self.size : (number + 1) * self.size]

    def _table(self, content: bytes) -> Sequence[int]:
        """The table of sectors: its own sectors stand in the header and, of large files, in a chain of others."""
        numbers = list(struct.unpack_from(f"<{_DIFAT_IN_HEADER}I", content, 76))
        further = struct.unpack_from("<I", content, 68)[0]
        for _ in range(_MOST_DIFAT_SECTORS):
            if further >= self.count:
                break
            *more, further = struct.unpack(f"<{self.size // 4}I", self._sector(further))
            numbers += more
        table = b"".join(self._sector(number) for number in numbers if number < self.count)
        return struct.unpack(f"<{len(table) // 4}I", table)

    def _chain(self, start: int, table: Sequence[int], count: int) -> list[int]:
        chain: list[int] = []
        seen = set()
        while start < min(len(table), count) and start not in seen:
            chain.append(start)
            seen.add(start)
            start = table[start]
        return chain

    def _stream(self, start: int) -> bytes:
        return b"".join(map(self._sector, self._chain(start, self.fat, self.count)))

    def _entries(self) -> dict[str, tuple[int, int]]:
        """Stream name -> (first sector, size); the root entry under "" leads to the small streams."""
        directory = self._stream(self.directory_start) or self._sector(self.directory_start)
        entries: dict[str, tuple[int, int]] = {}
        for start in range(0, len(directory) - _ENTRY_BYTES + 1, _ENTRY_BYTES):
            entry = directory[start : start + _ENTRY_BYTES]
            length, kind = struct.unpack_from("<HB", entry, 64)
            name = entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace").rstrip("\0")
            if kind:
                entries.setdefault("" if kind == _ROOT else name, struct.unpack_from("<II", entry, 116))
        return entries

    def _content(self, start: int, size: int, entries: dict[str, tuple[int, int]]) -> bytes:
        if size < self.cutoff and "" in entries:
            minis = self._stream(entries[""][0])
            table_bytes = self._stream(self.mini_start)
            table = struct.unpack(f"<{len(table_bytes) // 4}I", table_bytes)
            chain = self._chain(start, table, len(minis) // self.mini_size + 1)
            return b"".join(minis[one * self.mini_size : (one + 1) * self.mini_size] for one in chain)[:size]
        chained = self._stream(start)
        # A table that breaks off: such writers lay the stream down in one piece.
        in_one_piece = self.body[start * self.size : start * self.size + size]
        return (chained if len(chained) >= size or len(chained) >= len(in_one_piece) else in_one_piece)[:size]


def container(name: str, stream: bytes) -> bytes:
    """Return a sound container that holds one stream of at most some tens of megabytes."""
    stream += b"\0" * max(-len(stream) % _SECTOR_BYTES, _MINI_CUTOFF - len(stream))
    sectors = len(stream) // _SECTOR_BYTES
    per_sector = _SECTOR_BYTES // 4
    fat_sectors, difat_sectors = _table_sizes(sectors + 1, per_sector)
    first = fat_sectors + difat_sectors  # the tables come first, then the directory, then the stream
    fat = [_FAT] * fat_sectors + [0xFFFFFFFC] * difat_sectors + [_END]
    fat += [*range(first + 2, first + sectors + 1), _END]
    fat += [_FREE] * (fat_sectors * per_sector - len(fat))
    header = _SIGNATURE + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 10
    header += struct.pack("<IIIIIIII", fat_sectors, first, 0, _MINI_CUTOFF, _END, 0,
                          fat_sectors if difat_sectors else _END, difat_sectors)  # fmt: skip
    numbers = list(range(fat_sectors))
    header += _words(numbers[:_DIFAT_IN_HEADER], _DIFAT_IN_HEADER)
    directory = _entry("Root Entry", _ROOT, _END, 0, child=1) + _entry(name, _STREAM, first + 1, len(stream))
    tables = struct.pack(f"<{len(fat)}I", *fat) + _difat(numbers[_DIFAT_IN_HEADER:], fat_sectors, difat_sectors)
    return header + tables + directory.ljust(_SECTOR_BYTES, b"\0") + stream


def _table_sizes(sectors: int, per_sector: int) -> tuple[int, int]:
    """Return how many sectors the table of all sectors takes, itself included, and how many list those."""
    fat = difat = 0
    while True:
        needed = -(-(sectors + fat + difat) // per_sector)
        listing = max(0, -(-(needed - _DIFAT_IN_HEADER) // (per_sector - 1)))
        if (needed, listing) == (fat, difat):
            return fat, difat
        fat, difat = needed, listing


def _difat(numbers: list[int], first: int, sectors: int) -> bytes:
    per_sector = _SECTOR_BYTES // 4 - 1
    pieces = []
    for place in range(sectors):
        following = first + place + 1 if place + 1 < sectors else _END
        piece = numbers[place * per_sector : (place + 1) * per_sector]
        pieces.append(_words(piece, per_sector) + struct.pack("<I", following))
    return b"".join(pieces)


def _words(numbers: list[int], length: int) -> bytes:
    return struct.pack(f"<{length}I", *numbers, *[_FREE] * (length - len(numbers)))


def _entry(name: str, kind: int, start: int, size: int, child: int = _FREE) -> bytes:
    wide = name.encode("utf-16-le")
    head = wide.ljust(64, b"\0") + struct.pack("<HBBIII", len(wide) + 2, kind, 1, _FREE, _FREE, child)
    return head + b"\0" * 36 + struct.pack("<IQ", start, size)
