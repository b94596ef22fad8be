"""One row of declared figures: a head-count (denominator) or a running total (numerator)."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from campaigns.choices import Group
from campaigns.importers.rows import RosterRowForm
from campaigns.importers.understanding import Layout, heading_key
from campaigns.models.imports import RosterKind
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.fields import CodeField, DayField, TextField
from hbs_portal.lib.text import date_short, number_text

MOST = 1_000_000
DECLARED_LAYOUT = Layout(
    kind=RosterKind.DECLARED,
    aliases={
        "ordinal": ("STT", "TT", "Số TT", "Số thứ tự"),
        "unit_code": ("Mã đơn vị", "Mã trường", "Mã thôn"),
        "unit_name": ("Đơn vị", "Tên đơn vị", "Trường", "Tên trường", "Thôn", "Tên thôn", "Cơ quan, đơn vị"),
        "group": ("Nhóm", "Nhóm đối tượng", "Đối tượng", "Nhóm người"),
        "count": ("Quy mô", "Số lượng", "Tổng số", "Quy mô khai báo", "Tổng số người", "Sĩ số"),
        "effective_on": ("Có hiệu lực từ ngày", "Từ ngày", "Hiệu lực từ ngày", "Có mặt từ ngày", "Tính từ ngày"),
        "target": ("Mã chỉ tiêu", "Chỉ tiêu"),
        "value": ("Số luỹ kế", "Luỹ kế", "Số đã đạt", "Đã đạt", "Số luỹ kế khai báo"),
        "as_of": ("Luỹ kế đến ngày", "Đến ngày", "Tính đến ngày", "Số liệu đến ngày"),
        "note": ("Ghi chú", "Lý do", "Lý do giảm"),
    },
    required=(("group", "count"), ("group", "target", "value")),
    missing_sentence=(
        "Không tìm thấy bảng số khai báo: cần một dòng tiêu đề có “Nhóm” và “Quy mô”, hoặc “Nhóm”, “Mã chỉ tiêu” và "
        "“Số luỹ kế” trong 40 dòng đầu. Hãy sửa tên cột rồi tải lên."
    ),
    name_field="group",
    title_words=("so khai bao", "quy mo", "luy ke"),
    telling=("count", "value"),
    carried=("unit_code", "unit_name", "target", "effective_on", "as_of"),
    of_people=False,
)
_WRITTEN = {
    Group.OFFICIAL: "cán bộ | công chức | CBCC | cán bộ và công chức",
    Group.MANAGER: "CBQL | quản lý | ban giám hiệu",
    Group.TEACHER: "GV",
    Group.SCHOOL_STAFF: "nhân viên trường | NV",
    Group.PUPIL: "HS | trẻ | trẻ em | trẻ mầm non | HS, trẻ",
    Group.RESIDENT: "dân | công dân",
    Group.HOUSEHOLD: "hộ | hộ dân | số hộ",
}
GROUPS = {heading_key(str(group.label)): group for group in Group} | {
    heading_key(text): group for group, texts in _WRITTEN.items() for text in texts.split(" | ")
}
GROUP_NAMES = ", ".join(str(group.label).lower() for group in Group)
_GROUPED = re.compile(r"\d{1,3}(\.\d{3})+")
NO_DAY_YET = "Ngày này chưa tới. Hãy ghi hôm nay hoặc một ngày trước đó."
NO_FIGURE = "Dòng này chưa có số. Hãy ghi “Quy mô”, hoặc “Số luỹ kế” cùng mã chỉ tiêu."
TWO_FIGURES = "Dòng này có cả quy mô và số luỹ kế. Hãy tách thành hai dòng."
NOT_WHOLE = "Hãy ghi một số nguyên, không có phần lẻ hay chữ."


class WholeNumberField(forms.IntegerField):
    """A number of a cell: 412, "412", "1.250" (thousands as Vietnamese writes them); never rounded."""

    def __init__(self) -> None:
        super().__init__(
            required=False,
            min_value=0,
            max_value=MOST,
            error_messages={
                "min_value": "Số lượng không được nhỏ hơn 0.",
                "max_value": "Số này quá lớn. Hãy kiểm tra lại.",
            },
        )

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        text = f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value).strip()
        digits = text.replace(".", "") if isinstance(value, str) and _GROUPED.fullmatch(text) else text
        if not re.fullmatch(r"-?\d{1,12}", digits):
            raise ValidationError(NOT_WHOLE)
        return int(digits)


class DeclaredRowForm(RosterRowForm):
    """One figure; `said` names it in words."""

    unit_code = CodeField(max_length=30, required=False)
    unit_name = TextField(max_length=150, required=False)
    group = TextField(max_length=60, error_messages={"required": f"Chưa có nhóm. Hãy ghi một trong: {GROUP_NAMES}."})
    count = WholeNumberField()
    effective_on = DayField(required=False)
    target = TextField(max_length=120, required=False)
    value = WholeNumberField()
    as_of = DayField(required=False)
    note = TextField(max_length=300, required=False)

    def clean_group(self) -> str:
        group = GROUPS.get(heading_key(self.cleaned_data["group"]))
        if group is None:
            raise ValidationError(f"Không rõ nhóm này. Hãy ghi một trong: {GROUP_NAMES}.")
        return group.value

    def clean_effective_on(self) -> date | None:
        return _past(self.cleaned_data["effective_on"])

    def clean_as_of(self) -> date | None:
        return _past(self.cleaned_data["as_of"])

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if self.errors:
            return values
        if values["count"] is not None and values["value"] is not None:
            self.add_error("value", TWO_FIGURES)
        elif values["count"] is not None:
            self._require("effective_on", "Chưa có ngày mà quy mô có hiệu lực. Hãy ghi ngày/tháng/năm.")
        elif values["value"] is not None:
            self._require("target", "Chưa có mã chỉ tiêu của số luỹ kế, ví dụ K3.")
            self._require("as_of", "Chưa có ngày mà số luỹ kế tính đến. Hãy ghi ngày/tháng/năm.")
        else:
            self.add_error("count", NO_FIGURE)
        if not self.errors:
            values["said"] = _said(values)
        return values

    def _require(self, name: str, sentence: str) -> None:
        if not self.cleaned_data.get(name):
            self.add_error(name, sentence)


def _past(day: date | None) -> date | None:
    if day and day > local_today():
        raise ValidationError(NO_DAY_YET)
    return day


def _said(values: dict[str, Any]) -> str:
    label = str(Group(values["group"]).label).lower()
    if values["count"] is not None:
        return f"quy mô {number_text(values['count'])} {label} từ {date_short(values['effective_on'])}"
    return f"{values['target']}: luỹ kế {number_text(values['value'])} {label} đến {date_short(values['as_of'])}"
