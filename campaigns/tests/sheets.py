"""Sheets as schools really have them, made of invented people; for tests of every kind."""

import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HEADINGS = (
    "STT", "Mã định danh Bộ GD&ĐT", "Họ tên", "Ngày sinh", "Giới tính", "Dân tộc", "Trạng thái", "SĐT liên hệ",
    "Tên cha", "Nghề nghiệp cha", "Lớp học", "Khối học", "Số định danh cá nhân",
)  # fmt: skip
SECRETS = ("0912345678", "Trần Văn Cha", "Thợ xây", "031215001234")

Row = Sequence[Any]


def pupils(count: int, class_name: str = "4A", first: int = 1) -> list[tuple[str, str, str, str, str]]:
    """Return `count` invented pupils: code, name, birth date as text, gender, class."""
    return [
        (f"{number:010d}", f"Nguyễn Văn Em {_letters(number)}", f"{number % 28 + 1:02d}/09/2016", "Nam", class_name)
        for number in range(first, first + count)
    ]


def _letters(number: int) -> str:
    """A number as letters, since names have no digits: 1 is B, 27 is BB."""
    text = chr(ord("A") + number % 26)
    return _letters(number // 26) + text.lower() if number >= 26 else text


def school_database_export(
    path: Path,
    rows: Sequence[Row],
    *,
    class_name: str = "4A",
    status: str | Sequence[str] = "Đang học",
    headings: Sequence[str] = HEADINGS,
    dimension: str = "",
) -> Path:
    """The export of the national school database: header on row 4, codes and days as text.

    A row is (code, name, birth date, gender, class). `dimension`: what the file falsely declares as its size.
    """
    lines: list[Row] = [
        ["SỞ GIÁO DỤC VÀ ĐÀO TẠO THÀNH PHỐ HẢI PHÒNG"],
        [f"DANH SÁCH HỌC SINH LỚP {class_name}"],
        [],
        headings,
    ]
    states = [status] * len(rows) if isinstance(status, str) else status
    phone, father, job, identity = SECRETS
    for number, (row, state) in enumerate(zip(rows, states, strict=True), start=1):
        code, name, birth, gender, in_class = row
        grade = f"Khối {re.sub('[^0-9].*', '', str(in_class))}"
        lines.append([number, code, name, birth, gender, "Kinh", state, phone, father, job, in_class, grade, identity])
    return save_sheets(path, {"Danh sách": lines}, dimension=dimension)


def class_list(
    path: Path,
    rows: Sequence[Row],
    *,
    class_name: str = "4A",
    in_title: bool = True,
    sheet_name: str = "Sheet1",
    split_names: bool = False,
) -> Path:
    """The list of one class as its teacher makes it: a title, a header, pupils, closing lines that are nobody.

    A row is (name, gender, birth date). Without `in_title` the class stands only in `sheet_name`.
    """
    title = f"DANH SÁCH HỌC SINH LỚP {class_name} NĂM HỌC 2025-2026" if in_title else "DANH SÁCH HỌC SINH"
    name_headings = ["Họ và tên đệm", "Tên"] if split_names else ["Họ và tên"]
    lines: list[Row] = [
        ["PHÒNG VĂN HÓA - XÃ HỘI"],
        ["TRƯỜNG TIỂU HỌC A"],
        [title],
        ["STT", *name_headings, "Giới tính", "Ngày sinh", "Dân tộc", "Ghi chú"],
    ]
    for number, (name, gender, birth) in enumerate(rows, start=1):
        names = name.rsplit(" ", 1) if split_names else [name]
        lines.append([number, *names, gender, birth, "Kinh", ""])
    count = len(rows)
    lines += [
        [],
        ["", f"Danh sách này gồm có {count} em"],
        ["", "", "", "Hà Bắc, ngày 05 tháng 9 năm 2025"],
        ["", "Giáo viên chủ nhiệm: Phạm Thị Hoa"],
        ["", "Phạm Thị Hoa"],
    ]
    return save_sheets(path, {sheet_name: lines})


def save_sheets(
    path: Path, sheets: dict[str, Sequence[Row]], *, hidden: Sequence[str] = (), dimension: str = ""
) -> Path:
    """Write a workbook: sheet name -> lines from row 1 on."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(list(line))
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    book.save(path)
    if dimension:
        _declare(path, dimension)
    return path


def _declare(path: Path, dimension: str) -> None:
    """Make the first sheet declare a size that it does not have."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = re.sub(rb'<dimension ref="[^"]*"', f'<dimension ref="{dimension}"'.encode(), parts[name])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
