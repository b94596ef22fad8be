"""One row of a list of units."""

from typing import Any

from django.core.exceptions import ValidationError

from campaigns.choices import UnitKind
from campaigns.importers.rows import RosterRowForm
from campaigns.importers.understanding import Layout, heading_key
from campaigns.models.imports import RosterKind
from hbs_portal.lib.fields import CodeField, DayField, TextField

UNIT_LAYOUT = Layout(
    kind=RosterKind.UNITS,
    aliases={
        "ordinal": ("STT", "TT", "Số TT", "Số thứ tự"),
        "code": ("Mã đơn vị", "Mã", "Mã trường", "Mã thôn", "Mã cơ quan", "Ký hiệu"),
        "name": (
            "Tên đơn vị", "Đơn vị", "Tên trường", "Trường", "Tên thôn", "Thôn", "Tên cơ quan, đơn vị",
            "Cơ quan, đơn vị", "Tên",
        ),
        "kind": ("Loại đơn vị", "Loại", "Loại hình", "Cấp học", "Loại hình đơn vị", "Cấp"),
        "opened_on": (
            "Hoạt động từ ngày", "Ngày hoạt động", "Ngày thành lập", "Từ ngày", "Thành lập", "Ngày bắt đầu hoạt động",
        ),
    },
    required=(("code", "name"),),
    missing_sentence=(
        "Không tìm thấy bảng đơn vị: cần một dòng tiêu đề có “Mã đơn vị” và “Tên đơn vị” trong 40 dòng đầu. "
        "Hãy sửa tên cột rồi tải lên."
    ),
    name_field="name",
    title_words=("danh sach don vi", "danh sach truong", "danh sach thon"),
    telling=("kind", "opened_on"),
    carried=("kind", "opened_on"),
    of_people=False,
)  # fmt: skip

#: Kinds below the commune, as people write them; compared without marks, case and signs.
_WRITTEN = {
    UnitKind.PRESCHOOL: "mầm non | MN | trường MN | mẫu giáo | nhà trẻ | trường mẫu giáo",
    UnitKind.PRIMARY: "tiểu học | TH | trường TH | cấp 1",
    UnitKind.LOWER_SECONDARY: "THCS | trung học cơ sở | trường trung học cơ sở | cấp 2",
    UnitKind.PRIMARY_LOWER_SECONDARY: (
        "TH&THCS | TH và THCS | tiểu học và THCS | tiểu học và trung học cơ sở | tiểu học & THCS | liên cấp | "
        "trường tiểu học và trung học cơ sở | trường tiểu học và THCS"
    ),
    UnitKind.LEARNING_CENTRE: "TTHTCĐ | trung tâm HTCĐ | học tập cộng đồng",
    UnitKind.VILLAGE: "xóm | tổ dân phố | TDP | thôn xóm | thôn, tổ dân phố",
    UnitKind.UNION: "MTTQ | đoàn thể | mặt trận | mặt trận Tổ quốc | hội | hội, đoàn thể | tổ chức đoàn thể",
    UnitKind.OFFICE: "phòng | cơ quan | trung tâm | phòng ban | văn phòng | trạm | phòng, ban | phòng chuyên môn",
}
KINDS = {heading_key(text): kind for kind, texts in _WRITTEN.items() for text in (kind.label, *texts.split(" | "))}
KIND_LABELS = tuple(str(kind.label) for kind in _WRITTEN)
LABELS = {"code": "Mã đơn vị", "name": "Tên đơn vị", "kind": "Loại đơn vị", "opened_on": "Hoạt động từ ngày"}


class UnitRowForm(RosterRowForm):
    """One unit; kind and day may be left empty where the unit is known already. `kind_label` is for people."""

    code = CodeField(
        max_length=30, error_messages={"required": "Chưa có mã đơn vị. Hãy đặt một mã ngắn, ví dụ TH-HABAC."}
    )
    name = TextField(max_length=150, error_messages={"required": "Chưa có tên đơn vị. Hãy ghi tên đầy đủ."})
    kind = TextField(max_length=60, required=False)
    opened_on = DayField(required=False)

    def clean_kind(self) -> str:
        text = self.cleaned_data["kind"]
        kind = KINDS.get(heading_key(text))
        if text and kind is None:
            raise ValidationError(f"Không rõ loại đơn vị này. Hãy ghi một trong: {'; '.join(KIND_LABELS)}.")
        return kind.value if kind else ""

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if kind := values.get("kind"):
            values["kind_label"] = str(UnitKind(kind).label)
        return values
