"""What lines of text outside the table say: the class, the school, the village."""

import re

from hbs_portal.lib.sheets.reading import Cell
from hbs_portal.lib.text import nfc

_CLASS_IN_TITLE = re.compile(
    r"\bLỚP\s*:?\s*(\d{1,2}(?:\s?[A-ZĐ]\d{0,2}|[./-]\d{1,2})?)(?!\w)(?!\s*TUỔI)(?![A-ZĐ])", re.IGNORECASE
)
_BARE_CLASS = re.compile(r"\d{1,2}\s?[A-ZĐ]\d{0,2}|\d{1,2}[./_-]\d{1,2}", re.IGNORECASE)
_SCHOOL = re.compile(
    r"(?:.*?\b(?:đơn vị|tên trường)\s*:\s*|trường\s*:\s*)?"
    r"(trường\s+(?:tiểu học|th\b|mầm non|mn\b|thcs|trung học|th&thcs|mẫu giáo|ptdt|phổ thông).{2,80})",
    re.IGNORECASE,
)
_VILLAGE = re.compile(
    r"\b((?:thôn|xóm|tổ dân phố)\s*:?\s*[^\W_][^,;:–(-]{0,60}?)"
    r"(?=\s*(?:$|[,;–(-]|\s(?:xã|phường|thị trấn|huyện|năm|tính đến|quý|tháng)\b))",
    re.IGNORECASE,
)


def class_in_title(cell: Cell) -> str:
    """Return the class that a title line names ("DANH SÁCH HỌC SINH LỚP 4A NĂM HỌC …" gives "4A"), or ""."""
    found = _CLASS_IN_TITLE.search(nfc(cell)) if isinstance(cell, str) else None
    return found[1] if found else ""


def class_in_sheet_name(name: str) -> str:
    """Return the class that a sheet is called by ("Lớp 4C", "4C"), or ""."""
    plain = nfc(name)
    return class_in_title(plain) or (plain.replace("_", "/") if _BARE_CLASS.fullmatch(plain) else "")


def school_in_title(cell: Cell) -> str:
    """Return the school that a title line names, as written, or ""."""
    found = _SCHOOL.match(nfc(cell)) if isinstance(cell, str) else None
    return found[1].strip(" .,;-") if found else ""


def village_in_title(cell: Cell) -> str:
    """Return the village that a title line names ("DANH SÁCH HỘ THÔN ĐÔNG NĂM 2026" gives "THÔN ĐÔNG"), or ""."""
    found = _VILLAGE.search(nfc(cell)) if isinstance(cell, str) else None
    return re.sub(r"\s*:\s*", " ", found[1]).strip() if found else ""
