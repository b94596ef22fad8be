"""What a Word template must be before any parser sees it: a plain .docx that reaches nothing outside of itself.

Every refusal is a RefusedFile whose text says what the person can do.
"""

import re
import zipfile
import zlib
from pathlib import Path

from hbs_portal.lib.sheets.container import MAX_PARTS, RefusedFile, unpacked_parts

MAX_FILE_BYTES = 5 * 1024 * 1024
MAX_UNPACKED_BYTES = 40 * 1024 * 1024
MAIN_PART = "word/document.xml"
_OLE = b"\xd0\xcf\x11\xe0"
_SAVE_AS = "Hãy mở bằng Word, chọn Tệp > Lưu thành > Tài liệu Word (.docx), rồi tải lên tệp mới."

EMPTY = "Tệp này trống. Hãy chọn lại tệp mẫu rồi tải lên."
TOO_LARGE = "Tệp mẫu lớn hơn 5 MB. Hãy bỏ bớt ảnh trong mẫu rồi tải lên."
NOT_WORD = f"Tệp này không phải tài liệu Word (.docx). {_SAVE_AS}"
OLD_WORD = f"Tệp này ở dạng Word cũ (.doc) hoặc có mật khẩu. {_SAVE_AS}"
DAMAGED = f"Tệp này bị hỏng nên không đọc được. {_SAVE_AS}"
BLOATED = "Tệp này bung ra quá lớn so với một mẫu báo cáo. Hãy chép nội dung sang tài liệu mới rồi tải lên."
MACROS = f"Tệp này có macro. {_SAVE_AS}"
EMBEDDED = "Mẫu có tệp nhúng (bảng tính, đối tượng, điều khiển). Hãy xóa các đối tượng đó rồi tải lên."
EXTERNAL = (
    "Mẫu có liên kết ra ngoài ({where}). Hãy bỏ siêu liên kết (chuột phải > Bỏ siêu liên kết), ảnh liên kết "
    "và mẫu đính kèm rồi tải lên."
)
FIELD = "Mẫu có trường tự lấy nội dung bên ngoài ({where}). Hãy xóa trường đó rồi tải lên."
UNSAFE = "Tệp này chứa khai báo không an toàn. Hãy chép nội dung sang tài liệu Word mới rồi tải lên."

_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_TARGET = re.compile(rb"\bTarget\s*=\s*[\"']([^\"']*)")
_REACHING_FIELD = re.compile(
    rb"\b(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|INCLUDE|IMPORT|LINK|DATABASE|MACROBUTTON|RD)\b"
)
_FIELD_TEXT = re.compile(rb"<w:instrText[^>]*>([^<]*)|\bw:instr\s*=\s*[\"']([^\"']*)")
_BOUND_PARTS = ("embeddings/", "activex/", "afchunk", "externallinks/")


def check_word_container(path: Path) -> None:
    """Raise RefusedFile unless the file at `path` is a .docx that is safe to hand to the rendering process.

    Checks size, parts and unpacked size (counted, not believed), macros, embedded objects, relations that lead
    outside, fields that fetch something, DTDs.
    """
    size = path.stat().st_size
    if not size:
        raise RefusedFile(EMPTY)
    if size > MAX_FILE_BYTES:
        raise RefusedFile(TOO_LARGE)
    with path.open("rb") as file:
        head = file.read(4)
    if head == _OLE:
        raise RefusedFile(OLD_WORD)
    if not head.startswith(b"PK"):
        raise RefusedFile(NOT_WORD)
    try:
        with zipfile.ZipFile(path) as archive:
            _check_archive(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError) as error:
        raise RefusedFile(DAMAGED) from error


def _check_archive(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = [part.filename.lower() for part in parts]
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise RefusedFile(BLOATED)
    if MAIN_PART not in names or "[content_types].xml" not in names:
        raise RefusedFile(NOT_WORD)
    if any(part.flag_bits & 0x1 for part in parts):
        raise RefusedFile(OLD_WORD)
    if len({*names}) < len(names) or any(".." in name or name.startswith(("/", "\\")) for name in names):
        raise RefusedFile(UNSAFE)
    if any("vbaproject" in name or "vbadata" in name for name in names):
        raise RefusedFile(MACROS)
    if any(bound in name for name in names for bound in _BOUND_PARTS):
        raise RefusedFile(EMBEDDED)
    for name, content in unpacked_parts(archive, MAX_UNPACKED_BYTES, RefusedFile(BLOATED)):
        if name.endswith((".xml", ".rels", ".vml")):
            _check_part(name, content)


def _check_part(name: str, content: bytes) -> None:
    """Text in another encoding than ASCII's own signs would hide from these looks: Word writes UTF-8."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content[:200] or _DECLARATION.search(content):
        raise RefusedFile(UNSAFE)
    if name == "[content_types].xml" and b"macroEnabled" in content:
        raise RefusedFile(MACROS)
    if name.endswith(".rels"):
        _check_relations(content)
    fields = b" ".join(first or second for first, second in _FIELD_TEXT.findall(content)).upper()
    if found := _REACHING_FIELD.search(fields):
        raise RefusedFile(FIELD.format(where=found.group(1).decode()))


def _check_relations(content: bytes) -> None:
    for relation in _RELATION.findall(content):
        if re.search(rb"TargetMode\s*=\s*[\"']External", relation, re.IGNORECASE):
            target = _TARGET.search(relation)
            where = target.group(1).decode("utf-8", "replace")[:80] if target else "không rõ địa chỉ"
            raise RefusedFile(EXTERNAL.format(where=where))
