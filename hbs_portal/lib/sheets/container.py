"""What a file must be before any parser sees it. Nothing is unpacked to disk, no XML is parsed.

Every refusal is a RefusedFile whose text says what the person can do. Figures: excel.md, "In".
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

MAX_FILE_BYTES = 10 * 1024 * 1024
MAX_PARTS = 1_000
MAX_UNPACKED_BYTES = 80 * 1024 * 1024
MAX_RATIO = 150  # rosters of thousands of rows were seen at up to 40
_RATIO_MATTERS_FROM_BYTES = 5 * 1024 * 1024
_CHUNK_BYTES = 256 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DECLARATION = re.compile(rb"<\x00?!\x00?(?:D\x00?O\x00?C\x00?T\x00?Y\x00?P\x00?E|E\x00?N\x00?T\x00?I\x00?T\x00?Y)")
_LONGEST_DECLARATION_BYTES = 18
_MACRO_PARTS = ("vbaproject.bin", "vbaprojectsignature.bin")

EMPTY = "Tệp này trống. Hãy chọn lại tệp danh sách rồi tải lên."
TOO_LARGE = "Tệp lớn hơn 10 MB. Hãy xóa ảnh và các trang tính không cần, hoặc tách thành nhiều tệp, rồi tải lên."
ENCRYPTED = "Tệp này có mật khẩu. Hãy mở bằng Excel, bỏ mật khẩu (Tệp > Thông tin > Bảo vệ), lưu lại rồi tải lên."
OLD_EXCEL = (
    "Tệp này ở dạng Excel cũ (.xls). Hãy mở bằng Excel, chọn Lưu dưới dạng > Excel Workbook (.xlsx) rồi tải lên."
)
BINARY_EXCEL = "Tệp này ở dạng .xlsb. Hãy mở bằng Excel, chọn Lưu dưới dạng > Excel Workbook (.xlsx) rồi tải lên."
NOT_A_WORKBOOK = "Tệp này không phải là bảng tính Excel (.xlsx). Hãy mở bằng Excel, lưu dạng .xlsx rồi tải lên."
DAMAGED = "Tệp này bị hỏng nên không đọc được. Hãy mở bằng Excel, lưu thành tệp mới rồi tải lên."
MACROS = "Tệp này có macro. Hãy lưu lại dạng Excel Workbook (.xlsx), không có macro, rồi tải lên."
BLOATED = "Tệp này chứa quá nhiều dữ liệu so với một danh sách. Hãy chép riêng bảng danh sách sang tệp mới rồi tải lên."
UNSAFE = "Tệp này chứa khai báo không an toàn. Hãy mở bằng Excel, lưu thành tệp .xlsx mới rồi tải lên."


class RefusedFile(Exception):
    """A file that will not be read; the text is a Vietnamese sentence that says what to do."""


def check_container(path: Path) -> None:
    """Raise RefusedFile unless `path` is an .xlsx that is safe to hand to the parsing process.

    Checks size, kind, number of parts, unpacked size (counted, not believed), ratio, macros, encryption, DTDs.
    """
    size = path.stat().st_size
    if size == 0:
        raise RefusedFile(EMPTY)
    if size > MAX_FILE_BYTES:
        raise RefusedFile(TOO_LARGE)
    _check_kind(path)
    try:
        with zipfile.ZipFile(path) as archive:
            _check_parts(archive.infolist(), size)
            _check_contents(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise RefusedFile(DAMAGED) from error


def _check_kind(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(8)
        if head == _OLE:
            raise RefusedFile(ENCRYPTED if "EncryptedPackage".encode("utf-16-le") in file.read() else OLD_EXCEL)
    if not head.startswith(b"PK"):
        raise RefusedFile(NOT_A_WORKBOOK)


def _check_parts(parts: list[zipfile.ZipInfo], size: int) -> None:
    names = [part.filename.lower() for part in parts]
    unpacked = sum(part.file_size for part in parts)
    too_dense = unpacked > _RATIO_MATTERS_FROM_BYTES and unpacked > size * MAX_RATIO
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED_BYTES or too_dense:
        raise RefusedFile(BLOATED)
    if any(part.flag_bits & 0x1 for part in parts):
        raise RefusedFile(ENCRYPTED)
    if any(name.endswith(_MACRO_PARTS) for name in names):
        raise RefusedFile(MACROS)
    if "xl/workbook.bin" in names:
        raise RefusedFile(BINARY_EXCEL)
    if "[content_types].xml" not in names or not any(re.fullmatch(r"xl/workbook\d*\.xml", name) for name in names):
        raise RefusedFile(NOT_A_WORKBOOK)


def _check_contents(archive: zipfile.ZipFile) -> None:
    """Unpack every part once in memory, in pieces: a lying size fails here, and a DTD is found in any encoding."""
    unpacked = 0
    for part in archive.infolist():
        tail = b""
        for piece in _pieces(archive, part):
            unpacked += len(piece)
            if unpacked > MAX_UNPACKED_BYTES:
                raise RefusedFile(BLOATED)
            if part.filename.lower().endswith((".xml", ".rels", ".vml")) and _DECLARATION.search(tail + piece):
                raise RefusedFile(UNSAFE)
            tail = piece[-_LONGEST_DECLARATION_BYTES:]


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(part) as file:
        while piece := file.read(_CHUNK_BYTES):
            yield piece
