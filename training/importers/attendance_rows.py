"""One row of an attendance list: who it is, and what its marks say."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError

from campaigns.class_names import clean_class_name
from campaigns.importers.layouts import PUPIL_LAYOUT, STAFF_LAYOUT
from campaigns.importers.rows import PersonRowForm
from campaigns.importers.understanding import Layout
from campaigns.models.imports import RosterKind
from hbs_portal.lib.fields import TextField
from hbs_portal.lib.importing import ReadRow
from hbs_portal.lib.text import fold

_SHARED = (
    "ordinal", "code", "full_name", "family_name", "given_name", "birth_date", "birth_day", "birth_month",
    "birth_year", "birth_male", "birth_female", "class_name",
)  # fmt: skip
_NAMES = tuple(dict.fromkeys([*PUPIL_LAYOUT.aliases["full_name"], *STAFF_LAYOUT.aliases["full_name"]]))
_CODES = tuple(dict.fromkeys(["Mã định danh", *PUPIL_LAYOUT.aliases["code"], *STAFF_LAYOUT.aliases["code"]]))

ATTENDANCE_LAYOUT = Layout(
    kind=RosterKind.ATTENDANCE,
    aliases={
        **{name: PUPIL_LAYOUT.aliases[name] for name in _SHARED},
        "full_name": (*_NAMES, "Họ và tên người tham dự", "Người tham dự", "Họ và tên học viên", "Học viên"),
        "code": _CODES,
        "attended": (
            "Có mặt", "Điểm danh", "Tham dự", "Tham gia", "Hiện diện", "Dự", "Đi học", "Chuyên cần", "Có mặt/Vắng",
            "Có/Vắng", "Có mặt/Vắng mặt", "Tình trạng", "Trạng thái",
        ),
        "absent": ("Vắng", "Vắng mặt", "Nghỉ", "Nghỉ học"),
        "note": ("Ghi chú", "Lý do vắng", "Lý do"),
    },
    required=(("full_name",),),
    missing_sentence=(
        "Không tìm thấy bảng điểm danh: cần một dòng tiêu đề có “Họ và tên” trong 40 dòng đầu, thêm cột “Có mặt” nếu "
        "danh sách ghi cả người vắng. Hãy sửa tên cột rồi tải lên."
    ),
    title_words=("diem danh", "co mat", "tham du"),
    telling=("attended", "absent"),
    carried=("class_name",),
    has_classes=True,
)  # fmt: skip

_YES = frozenset({"x", "co", "1", "+", "✓", "✔", "√", "c", "co mat", "cm", "du", "tham du", "tham gia", "true"})
_NO = frozenset({"0", "khong", "p", "k", "kp", "cp", "co phep", "khong phep", "false"})
_NO_WORDS = ("vang", "nghi")
_TICKS = _YES | frozenset({"v", "p", "k", "kp", "cp", "co phep", "khong phep"})
TWO_MEANINGS = "Dấu “v” có thể là vắng, cũng có thể là có mặt. Hãy ghi “có” hoặc “vắng”."
NO_MARK = "Không rõ dấu này. Hãy ghi “có” (hoặc x, 1) hoặc “vắng” (hoặc 0)."
BLANK = "Ô điểm danh còn trống. Hãy ghi “có” hoặc “vắng”."
BOTH = "Dòng này vừa ghi có mặt vừa ghi vắng. Hãy chỉ giữ một."


def _mark(text: str) -> str:
    return fold(text).removesuffix(".0")


class AttendanceRowForm(PersonRowForm):
    """One line; `attended` True, False, or None where the cell is empty, `absent` True where marked."""

    class_name = TextField(max_length=30, required=False)
    attended = TextField(max_length=30, required=False)
    absent = TextField(max_length=30, required=False)
    note = TextField(max_length=300, required=False)

    def clean_class_name(self) -> str:
        return clean_class_name(self.cleaned_data["class_name"])

    def clean_attended(self) -> bool | None:
        mark = _mark(self.cleaned_data["attended"])
        if mark == "v":
            raise ValidationError(TWO_MEANINGS)
        if mark in _NO or mark.startswith(_NO_WORDS):
            return False
        if mark and mark not in _YES:
            raise ValidationError(NO_MARK)
        return True if mark else None

    def clean_absent(self) -> bool:
        mark = _mark(self.cleaned_data["absent"])
        if mark in ("", "0", "khong", "false"):
            return False
        if mark not in _TICKS and not mark.startswith(_NO_WORDS):
            raise ValidationError(NO_MARK)
        return True

    def clean_note(self) -> str:
        return fold(self.cleaned_data["note"])


def presences(rows: Sequence[ReadRow]) -> dict[int, bool | str]:
    """Return id(row) -> whether the person was there, or why that is not clear.

    Where one column holds marks of one sort only, an empty cell means the other; a list without marks names those
    who were there.
    """
    by_sheet: dict[str, list[ReadRow]] = defaultdict(list)
    for row in rows:
        by_sheet[row.source.sheet].append(row)
    return {id(row): _presence(row, _meaning_of_blank(listed)) for listed in by_sheet.values() for row in listed}


def _meaning_of_blank(rows: Sequence[ReadRow]) -> bool | None:
    """What an empty cell in the column of marks says; None where that is not clear."""
    if not any("attended" in row.source.data for row in rows):
        return True
    marks = {row.cleaned["attended"] for row in rows} - {None}
    return not marks.pop() if len(marks) == 1 else None


def _presence(row: ReadRow, blank: bool | None) -> bool | str:
    said = _said(row)
    if len(said) > 1:
        return BOTH
    present = said.pop() if said else blank
    return BLANK if present is None else present


def _said(row: ReadRow) -> set[bool]:
    values: dict[str, Any] = row.cleaned
    said = {values["attended"]} - {None}
    if values["absent"] or values["note"].startswith(_NO_WORDS):
        said.add(False)
    return said


def mark_field(row: ReadRow) -> str:
    """The column in which the mark of a row is to be mended."""
    return next((name for name in ("attended", "absent", "note") if name in row.source.data), "__all__")
