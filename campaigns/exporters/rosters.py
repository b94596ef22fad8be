"""Lists as they stand, in the form of the templates: what is exported imports again with nothing changed."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from campaigns.choices import Gender, Group
from campaigns.exporters.columns import ORDINAL, STATUS, SheetColumn, sheet_columns, status_columns
from campaigns.exporters.templates import choices_for
from campaigns.importers.kinds import KindSpec
from campaigns.models import Household, Membership, Unit
from campaigns.models.imports import RosterKind
from hbs_portal.lib.sheets.lists import ListBook
from hbs_portal.lib.sheets.streaming import Value

POOR = "Hộ nghèo, cận nghèo"
MAX_SHEET_NAME_CHARACTERS = 31
#: What a list of staff calls the groups; the importer reads each of them back as its group.
POSITIONS = {
    Group.MANAGER: "Cán bộ quản lý",
    Group.TEACHER: "Giáo viên",
    Group.SCHOOL_STAFF: "Nhân viên",
    Group.OFFICIAL: "Cán bộ, công chức",
    Group.WORKER: "Người lao động",
}
Getter = Callable[[Any], Value]


def notes_of(as_of: date) -> tuple[tuple[str, str], ...]:
    """What the sheet "Ghi chú" says of a list beside who took it and why."""
    again = "Mỗi đơn vị một trang tính. Giữ nguyên tiêu đề cột rồi nạp lại cho đúng đơn vị đó."
    return ("Tính đến ngày", f"ngày {as_of:%d/%m/%Y}"), ("Nạp lại", again)


def add_rosters(book: ListBook, spec: KindSpec, groups: Sequence[tuple[Unit, Sequence[Any]]], as_of: date) -> None:
    """Add the lists of a kind, a sheet a unit; `groups`: unit -> Memberships (Households for that kind).

    Codes are text, days are days. Those who left carry a status that an import leaves out.
    """
    columns = sheet_columns(spec.layout, spec.row_form)
    if any(not _is_present(row, as_of) for _, rows in groups for row in rows):
        columns = [*columns, *status_columns(spec.layout)]
    names = _sheet_names([unit for unit, _ in groups])
    for (unit, rows), name in zip(groups, names, strict=True):
        choices = choices_for(unit, as_of)
        book.add_list(
            name,
            [column.as_list_column(choices.get(column.field, ())) for column in columns],
            [_values(spec.kind, columns, row, number, as_of) for number, row in enumerate(rows, start=1)],
            title_lines=(f"DANH SÁCH {spec.label.upper()}", f"Đơn vị: {unit.name}"),
        )


def _values(kind: str, columns: Sequence[SheetColumn], row: Any, number: int, as_of: date) -> list[Value]:
    getters = GETTERS[kind]
    special: dict[str, Value] = {ORDINAL: number, STATUS: _status(kind, row, as_of)}
    return [
        special[column.field] if column.field in special else getters[column.field](row) or None for column in columns
    ]


def _is_present(row: Membership | Household, as_of: date) -> bool:
    return row.starts_on <= as_of and (row.ends_on is None or row.ends_on >= as_of)


def _status(kind: str, row: Membership | Household, as_of: date) -> str:
    if not _is_present(row, as_of):
        return "Đã chuyển đi"
    return PRESENT_STATUS.get(kind, "Đang cư trú")


def _gender(row: Membership) -> str:
    return str(Gender(row.person.gender).label) if row.person.gender else ""


def _sheet_names(units: Sequence[Unit]) -> list[str]:
    """Names that Excel takes: without its own signs, at most 31 characters, each of them once."""
    names: list[str] = []
    for unit in units:
        clean = re.sub(r"[\[\]:*?/\\\\]", "-", unit.name).strip("' ")[:MAX_SHEET_NAME_CHARACTERS] or unit.code
        if clean.casefold() in {name.casefold() for name in names}:
            clean = f"{clean[: MAX_SHEET_NAME_CHARACTERS - 5]} {len(names) + 1}"
        names.append(clean)
    return names


PRESENT_STATUS: Mapping[str, str] = {RosterKind.PUPILS: "Đang học", RosterKind.STAFF: "Đang làm việc"}
PERSON: Mapping[str, Getter] = {
    "code": lambda row: row.person.code,
    "full_name": lambda row: row.person.full_name,
    "birth_date": lambda row: row.person.birth_date,
    "gender": _gender,
}
GETTERS: Mapping[str, Mapping[str, Getter]] = {
    RosterKind.PUPILS: {**PERSON, "class_name": lambda row: row.class_name},
    RosterKind.STAFF: {**PERSON, "position": lambda row: POSITIONS[Group(row.group)]},
    RosterKind.HOUSEHOLDS: {
        "code": lambda row: row.code,
        "full_name": lambda row: row.head_name,
        "village": lambda row: row.village.name,
        "address": lambda row: row.address,
        "member_count": lambda row: row.member_count,
        "phone": lambda row: row.phone,
        "note": lambda row: POOR if row.is_poor else "",
    },
    RosterKind.RESIDENTS: {
        **PERSON,
        "household_code": lambda row: row.household.code if row.household else "",
        "relation": lambda row: "Chủ hộ" if row.is_head else "Thành viên",
        "village": lambda row: row.unit.name,
        "address": lambda row: row.household.address if row.household else "",
    },
}
