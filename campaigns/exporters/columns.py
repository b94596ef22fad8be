"""The columns of a kind's sheet, from its layout and row form: the heading that imports know best, what to write."""

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms

from campaigns.choices import Gender
from campaigns.importers.layouts import HOUSEHOLDS, PUPILS, RESIDENTS, STAFF
from campaigns.importers.understanding import Layout
from campaigns.models.imports import RosterKind
from hbs_portal.lib.fields import CodeField, DayField
from hbs_portal.lib.sheets.lists import ListColumn
from hbs_portal.lib.sheets.styles import ColumnKind

ORDINAL, STATUS = "ordinal", "status"
#: Fields of our own kinds, where the row form holds something made of several columns; other kinds show their forms'.
SHOWN: Mapping[str, tuple[str, ...]] = {
    PUPILS: ("code", "full_name", "birth_date", "gender", "class_name"),
    STAFF: ("code", "full_name", "birth_date", "gender", "position"),
    HOUSEHOLDS: ("code", "full_name", "village", "address", "member_count", "phone", "note"),
    RESIDENTS: ("household_code", "relation", "code", "full_name", "birth_date", "gender", "village", "address"),
}
REQUIRED = frozenset({(PUPILS, "birth_date"), (STAFF, "position"), (RESIDENTS, "relation")})
OPEN_LISTS = frozenset({"class_name", "position", "relation"})


@dataclass(frozen=True)
class Guide:
    """What the guide sheet says of a column: what it holds, how to write it, an example; and its width."""

    what: str
    how: str
    example: str
    width: float = 16


GUIDES: dict[str, Guide] = {
    "ordinal": Guide("Số thứ tự của dòng", "1, 2, 3 …; có thể để trống", "1", 6),
    "code": Guide("Mã định danh của người này", "Đủ số 0 ở đầu; không ghi số căn cước công dân", "0312345678", 22),
    "full_name": Guide("Họ, đệm và tên", "Viết đủ, có dấu, bảng mã Unicode", "Nguyễn Thị Lan Anh", 30),
    "birth_date": Guide("Ngày sinh", "Ngày/tháng/năm", "05/09/2016", 14),
    "gender": Guide("Giới tính", "Chọn Nam hoặc Nữ", "Nữ", 11),
    "class_name": Guide("Lớp đang học", "Chọn lớp đã có, hoặc ghi tên lớp mới", "4A", 11),
    "position": Guide("Chức danh, vị trí việc làm", "Chọn một mục, hoặc ghi chức danh", "Giáo viên", 26),
    "household_code": Guide("Mã hoặc số của hộ", "Người cùng một hộ ghi cùng một mã", "H-0012", 16),
    "relation": Guide("Quan hệ với chủ hộ", "“Chủ hộ” ở dòng của chủ hộ; vợ, chồng, con …", "Chủ hộ", 18),
    "village": Guide("Thôn của hộ", "Chọn thôn trong danh sách", "Thôn Đông", 24),
    "address": Guide("Số nhà, ngõ, xóm", "Để trống nếu không có", "Xóm 3", 28),
    "member_count": Guide("Số người trong hộ", "Một số từ 1 đến 50", "4", 12),
    "phone": Guide("Điện thoại của chủ hộ", "Đủ số 0 ở đầu; để trống nếu không có", "0912345678", 16),
    "note": Guide("Ghi chú", "Ghi “hộ nghèo” hoặc “hộ cận nghèo” nếu có", "Hộ cận nghèo", 22),
}
OF_HOUSEHOLDS: dict[str, Guide] = {
    "code": Guide("Mã của hộ", "Giữ nguyên số 0 ở đầu; để trống nếu chưa có", "H-0012", 16),
    "full_name": Guide("Họ và tên chủ hộ", "Viết đủ, có dấu, bảng mã Unicode", "Trần Văn Bảy", 30),
}
OF_UNITS: dict[str, Guide] = {
    "code": Guide("Mã của đơn vị", "Ngắn, không dấu; mã đã có thì sửa đơn vị đó", "TH-HABAC", 16),
    "name": Guide("Tên đầy đủ của đơn vị", "Viết đủ, có dấu", "Trường Tiểu học Hà Bắc", 34),
    "kind": Guide("Loại đơn vị", "Chọn một mục; cần có với đơn vị mới", "Trường tiểu học", 26),
    "opened_on": Guide("Ngày bắt đầu hoạt động", "Ngày/tháng/năm; cần có với đơn vị mới", "05/09/2020", 18),
}
OF_ATTENDANCE: dict[str, Guide] = {
    "attended": Guide("Có mặt hay vắng", "Ghi “có” (hoặc x, 1) hay “vắng” (hoặc 0)", "có", 12),
    "absent": Guide("Đánh dấu người vắng", "Chỉ dùng khi không ghi cột “Có mặt”", "x", 10),
    "birth_date": Guide("Ngày sinh", "Cần khi có người trùng họ tên", "05/09/2016", 14),
    "note": Guide("Ghi chú", "Ghi chú bắt đầu bằng “vắng” hoặc “nghỉ” được hiểu là vắng", "", 22),
}
OF_DECLARED: dict[str, Guide] = {
    "unit_code": Guide("Mã đơn vị", "Như ở trang Đơn vị; để trống nếu nạp cho một đơn vị", "TH-HABAC", 16),
    "unit_name": Guide("Tên đơn vị", "Chỉ cần khi không ghi mã", "Trường Tiểu học Hà Bắc", 30),
    "group": Guide("Nhóm được tính", "Chọn một mục", "Học sinh", 20),
    "count": Guide("Số người (hộ) của nhóm", "Số nguyên; mỗi dòng ghi quy mô hoặc số luỹ kế", "412", 12),
    "effective_on": Guide("Quy mô có hiệu lực từ ngày", "Ngày/tháng/năm; cần khi ghi quy mô", "05/09/2026", 16),
    "target": Guide("Mã chỉ tiêu", "Cần khi ghi số luỹ kế", "K3", 12),
    "value": Guide("Số đã đạt từ đầu kế hoạch", "Số nguyên, không phải số tăng thêm", "380", 12),
    "as_of": Guide("Số luỹ kế tính đến ngày", "Ngày/tháng/năm; cần khi ghi số luỹ kế", "31/10/2026", 16),
    "note": Guide("Ghi chú", "Số giảm so với lần trước thì ghi lý do", "", 26),
}
OF_KINDS: Mapping[str, Mapping[str, Guide]] = {
    HOUSEHOLDS: OF_HOUSEHOLDS,
    RosterKind.UNITS: OF_UNITS,
    RosterKind.ATTENDANCE: OF_ATTENDANCE,
    RosterKind.DECLARED: OF_DECLARED,
}
UNTOLD = Guide("", "Để trống nếu không có", "", 18)


@dataclass(frozen=True)
class SheetColumn:
    """One field of the row form as a column of the sheet."""

    field: str
    heading: str
    kind: ColumnKind
    is_required: bool
    guide: Guide

    def as_list_column(self, choices: tuple[str, ...] = ()) -> ListColumn:
        return ListColumn(self.heading, self.kind, self.guide.width, choices, is_open=self.field in OPEN_LISTS)


def sheet_columns(layout: Layout, row_form: type[forms.Form]) -> list[SheetColumn]:
    """Return the columns of a kind: its ordinal, then what is asked for, by the headings that imports know best."""
    shown = SHOWN.get(layout.kind) or tuple(name for name in row_form.base_fields if name in layout.aliases)
    ordinal = (ORDINAL,) if ORDINAL in layout.aliases else ()
    return [
        SheetColumn(
            field=name,
            heading=layout.labels[name],
            kind=_kind(name, row_form.base_fields.get(name)),
            is_required=_is_required(layout.kind, name, row_form),
            guide=_guide(layout.kind, name),
        )
        for name in (*ordinal, *shown)
    ]


def status_columns(layout: Layout) -> list[SheetColumn]:
    """Return the column that says who left, where imports of the kind know one."""
    names = layout.aliases.get(STATUS, ())
    return [SheetColumn(STATUS, name, ColumnKind.TEXT, is_required=False, guide=UNTOLD) for name in names[:1]]


def gender_choices() -> tuple[str, ...]:
    return tuple(str(gender.label) for gender in Gender)


def _kind(name: str, field: forms.Field | None) -> ColumnKind:
    if name == ORDINAL:
        return ColumnKind.ORDINAL
    if isinstance(field, DayField):
        return ColumnKind.DATE
    if isinstance(field, CodeField):
        return ColumnKind.CODE
    return ColumnKind.INT if isinstance(field, forms.IntegerField) else ColumnKind.TEXT


def _is_required(kind: str, name: str, row_form: type[forms.Form]) -> bool:
    field = row_form.base_fields.get(name)
    return (kind, name) in REQUIRED or bool(field and field.required)


def _guide(kind: str, name: str) -> Guide:
    return OF_KINDS.get(kind, {}).get(name) or GUIDES.get(name, UNTOLD)
