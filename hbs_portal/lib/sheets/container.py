"""What a file must be before any parser sees it. Nothing is unpacked to disk, no XML is parsed.

The kind is told by content, never by name. Every refusal is a RefusedFile whose text says what the person can do.
Figures: excel.md, "In".
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
_HEAD_BYTES = 4096
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DECLARATION = re.compile(rb"<\x00?!\x00?(?:D\x00?O\x00?C\x00?T\x00?Y\x00?P\x00?E|E\x00?N\x00?T\x00?I\x00?T\x00?Y)")
_LONGEST_DECLARATION_BYTES = 18
_MACRO_PARTS = ("vbaproject.bin", "vbaprojectsignature.bin")

_SAVE_AS = "Hãy mở bằng Excel, chọn Tệp > Lưu thành > Excel (.xlsx), rồi tải lên tệp mới."
EMPTY = "Tệp này trống. Hãy chọn lại tệp danh sách rồi tải lên."
TOO_LARGE = "Tệp lớn hơn 10 MB. Hãy xóa ảnh và các trang tính không cần, hoặc tách thành nhiều tệp, rồi tải lên."
ENCRYPTED = "Tệp này có mật khẩu. Hãy mở bằng Excel, bỏ mật khẩu (Tệp > Thông tin > Bảo vệ), lưu lại rồi tải lên."
OLD_EXCEL = f"Tệp này ở dạng Excel rất cũ. {_SAVE_AS}"
BINARY_EXCEL = f"Tệp này ở dạng .xlsb. {_SAVE_AS}"
OPEN_DOCUMENT = f"Tệp này là bảng tính LibreOffice (.ods). {_SAVE_AS}"
WEB_PAGE = f"Tệp này là trang web được đặt tên .xls. {_SAVE_AS}"
NOT_A_WORKBOOK = f"Tệp này không phải là bảng tính Excel. {_SAVE_AS}"
DAMAGED = "Tệp này bị hỏng nên không đọc được. Hãy mở bằng Excel, lưu thành tệp mới rồi tải lên."
MACROS = "Tệp này có macro. Hãy lưu lại dạng Excel Workbook (.xlsx), không có macro, rồi tải lên."
BLOATED = "Tệp này chứa quá nhiều dữ liệu so với một danh sách. Hãy chép riêng bảng danh sách sang tệp mới rồi tải lên."
UNSAFE = "Tệp này chứa khai báo không an toàn. Hãy mở bằng Excel, lưu thành tệp .xlsx mới rồi tải lên."
TOO_MANY = "Tệp có quá nhiều trang tính, dòng hoặc cột. Hãy chép riêng bảng danh sách sang tệp mới rồi tải lên."
LOST_LETTERS = (
    "Tệp này đã mất dấu tiếng Việt (có dấu ? giữa các chữ). Hãy mở tệp gốc bằng Excel, "
    "chọn Tệp > Lưu thành > Excel (.xlsx), rồi tải lên tệp mới."
)


def _not_a_list(what: str) -> str:
    return f"Tệp này là {what}, không phải bảng tính. Hãy chọn tệp danh sách Excel (.xlsx, .xls) hoặc .csv rồi tải lên."


WORD = _not_a_list("tài liệu Word")
ARCHIVE = "Tệp này là tệp nén. Hãy giải nén rồi tải lên tệp danh sách Excel ở bên trong."
_MAGICS = (
    (b"%PDF", _not_a_list("tài liệu PDF")),
    (b"{\\rtf", WORD),
    (b"\xff\xd8\xff", _not_a_list("ảnh")),
    (b"\x89PNG", _not_a_list("ảnh")),
    (b"GIF8", _not_a_list("ảnh")),
    (b"BM", _not_a_list("ảnh")),
    (b"RIFF", _not_a_list("ảnh, âm thanh hoặc phim")),
    (b"Rar!", ARCHIVE),
    (b"7z\xbc\xaf", ARCHIVE),
    (b"\x1f\x8b", ARCHIVE),
    (b"MIME-Version:", WEB_PAGE),
    (b"\x09\x00\x04\x00", OLD_EXCEL),  # Excel 2 to 4 wrote their records without a container
    (b"\x09\x02\x06\x00", OLD_EXCEL),
    (b"\x09\x04\x06\x00", OLD_EXCEL),
    (b"\x09\x08", OLD_EXCEL),
)
_TEXT_CONTROLS = frozenset(b"\t\n\r\x0b\x0c\x1a")
_MOST_CONTROLS_SHARE = 0.01  # more control characters than this are no text


class RefusedFile(Exception):
    """A file that will not be read; the text is a Vietnamese sentence that says what to do."""


def check_container(path: Path) -> str:
    """Return the kind of the file at `path`: "xlsx", "xls", "xml" (SpreadsheetML 2003), "html" or "csv".

    Raises RefusedFile unless it is safe to hand to the parsing process. Checks size and kind, and of an .xlsx number
    and names of parts, unpacked size (counted, not believed), ratio, macros, encryption, DTDs.
    """
    size = path.stat().st_size
    if size == 0:
        raise RefusedFile(EMPTY)
    if size > MAX_FILE_BYTES:
        raise RefusedFile(TOO_LARGE)
    content = path.read_bytes()
    if content.startswith(b"PK"):
        _check_zip(path, size)
        return "xlsx"
    if content.startswith(_OLE):
        return _check_ole(content)
    return _text_kind(content)


def _check_ole(content: bytes) -> str:
    """Look for the names that stand in the container's directory; its structure is the parser's business."""
    if _wide("EncryptedPackage") in content:
        raise RefusedFile(ENCRYPTED)
    if _wide("_VBA_PROJECT") in content:
        raise RefusedFile(MACROS)
    if _wide("WordDocument") in content:
        raise RefusedFile(WORD)
    if _wide("Workbook\0") not in content and _wide("Book\0") not in content:
        raise RefusedFile(NOT_A_WORKBOOK)
    return "xls"


def _wide(name: str) -> bytes:
    return name.encode("utf-16-le")


def _text_kind(content: bytes) -> str:
    for magic, sentence in _MAGICS:
        if content.startswith(magic):
            raise RefusedFile(sentence)
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff")) or _looks_wide(content[:_HEAD_BYTES])
    head = content[:_HEAD_BYTES].replace(b"\0", b"").lower() if is_wide else content[:_HEAD_BYTES].lower()
    if not is_wide and _is_binary(content):
        raise RefusedFile(NOT_A_WORKBOOK)
    if not content.strip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"):
        raise RefusedFile(EMPTY)
    if (
        b"urn:schemas-microsoft-com:office:spreadsheet" in head and b"<?mso-application" in head
    ) or b"<workbook" in head:
        return _without_declaration("xml", content)
    if re.search(rb"<(?:!doctype html|html|head|body|table|meta|style)\b", head):
        return "html"
    if head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith((b"<?xml", b"<!doctype")):
        raise RefusedFile(NOT_A_WORKBOOK)
    return "csv"


def _without_declaration(kind: str, content: bytes) -> str:
    if _DECLARATION.search(content):
        raise RefusedFile(UNSAFE)
    return kind


def _looks_wide(head: bytes) -> bool:
    """Tell UTF-16 without a byte order mark: half of the bytes of its ASCII signs are zero, all on one side."""
    sides = (head[0::2].count(0), head[1::2].count(0))
    return max(sides) > len(head) / 10 and min(sides) == 0


def _is_binary(content: bytes) -> bool:
    controls = sum(content.count(byte) for byte in range(32) if byte not in _TEXT_CONTROLS)
    return controls > len(content) * _MOST_CONTROLS_SHARE


def _check_zip(path: Path, size: int) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            _check_parts(archive.infolist(), size)
            _check_contents(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError) as error:
        raise RefusedFile(DAMAGED) from error


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
    if any(re.search(r"(?:^|[/\\])\.\.(?:[/\\]|$)|^[/\\]|^\w:|\0", name) for name in names) or len({*names}) < len(
        names
    ):
        raise RefusedFile(UNSAFE)
    _check_office_kind(names)


def _check_office_kind(names: list[str]) -> None:
    if "xl/workbook.bin" in names:
        raise RefusedFile(BINARY_EXCEL)
    if "[content_types].xml" in names and any(re.fullmatch(r"xl/workbook\d*\.xml", name) for name in names):
        return
    if any(name.startswith("word/") for name in names):
        raise RefusedFile(WORD)
    if any(name.startswith("ppt/") for name in names):
        raise RefusedFile(_not_a_list("bài trình chiếu"))
    if "content.xml" in names and "mimetype" in names:
        raise RefusedFile(OPEN_DOCUMENT)
    raise RefusedFile(NOT_A_WORKBOOK if any(name.startswith("xl/") for name in names) else ARCHIVE)


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


def unpacked_parts(archive: zipfile.ZipFile, most_bytes: int, refusal: RefusedFile) -> Iterator[tuple[str, bytes]]:
    """Every part with its content, one after the other; raises `refusal` as soon as more bytes came out than that."""
    unpacked = 0
    for part in archive.infolist():
        pieces = []
        for piece in _pieces(archive, part):
            unpacked += len(piece)
            if unpacked > most_bytes:
                raise refusal
            pieces.append(piece)
        yield part.filename.lower(), b"".join(pieces)


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(part) as file:
        while piece := file.read(_CHUNK_BYTES):
            yield piece
