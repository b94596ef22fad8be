"""What is kept of one row of each kind of list, cleaned; what is wrong with it is said per cell.

Each form has `warnings`: (field, reason) of cells that were left empty. Nothing else of a row is stored.
"""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from campaigns.choices import Gender, Group
from campaigns.class_names import clean_class_name
from campaigns.importers.understanding.shapes import Doubtful
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.fields import CodeField, DayField, TextField
from hbs_portal.lib.text import fold, nfc

GENDERS = {
    "nam": Gender.MALE, "trai": Gender.MALE, "nu": Gender.FEMALE, "gai": Gender.FEMALE,
}  # fmt: skip
NO_NAME = {"required": "Chưa có họ tên. Hãy ghi đủ họ và tên."}
NO_DAY = "Chưa có ngày sinh. Hãy ghi ngày/tháng/năm, ví dụ 05/09/2015."
MANY_MEMBERS = 50
#: What is written behind a name of somebody who left: "(nghỉ học)", "- đã chuyển".
_NOTE_IN_NAME = re.compile(r"[(\[,;–-]\s*(da |xin )*(chuyen|nghi|thoi|bo hoc|mat\b)")
_YEAR = re.compile(r"(?:(\d{1,2})[/.-])?((?:19|20)\d\d)(?:\.0)?")
_SPACED_DAY = re.compile(r"\s*([/.-])\s*")
_WRITTEN_DAY = re.compile(r"(?:ngay )?(\d{1,2}) thang (\d{1,2}) nam (\d{4})")


class RosterRowForm(forms.Form):
    """A row of any list. A `Doubtful` cell is an error with its own reason."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.warnings: list[tuple[str, str]] = []

    def clean(self) -> dict[str, Any]:
        for name in self.fields:
            value = self.data.get(name)
            if isinstance(value, Doubtful):
                self.errors.pop(name, None)
                self.add_error(name, value.reason)
        return self.cleaned_data


class BirthDateField(DayField):
    """A day, never after today; a bare year gives None and the form warns."""

    def to_python(self, value: Any) -> date | None:
        day = None if bare_year(value) else super().to_python(_plain_day(value))
        if day and day > local_today():
            raise ValidationError("Ngày sinh không thể sau hôm nay. Hãy kiểm tra lại năm sinh.")
        return day


class PersonRowForm(RosterRowForm):
    """What is kept of any person."""

    full_name = TextField(max_length=120, error_messages=NO_NAME)
    birth_date = BirthDateField(required=False)
    code = CodeField(max_length=20, required=False)
    gender = TextField(max_length=20, required=False)

    def clean_full_name(self) -> str:
        return clean_name(self.cleaned_data["full_name"])

    def clean_birth_date(self) -> date | None:
        if year := bare_year(self.data.get("birth_date")):
            if year > local_today().year:
                raise ValidationError("Năm sinh không thể sau năm nay. Hãy kiểm tra lại năm sinh.")
            self.warnings.append(
                ("birth_date", f"Không đủ ngày, tháng, năm sinh (chỉ có năm {year}): để trống ngày sinh.")
            )
        day: date | None = self.cleaned_data["birth_date"]
        return day

    def clean_gender(self) -> str:
        text = fold(self.cleaned_data["gender"])
        if text in ("", "-"):
            return ""
        if text not in GENDERS:
            raise ValidationError("Giới tính ghi là Nam hoặc Nữ.")
        return str(GENDERS[text])


class PupilRowForm(PersonRowForm):
    """One pupil as a row of a sheet."""

    class_name = TextField(
        max_length=30,
        error_messages={"required": "Chưa biết lớp. Hãy thêm cột “Lớp”, hoặc ghi “Lớp 4A” ở dòng trên bảng."},
    )

    def clean_class_name(self) -> str:
        if isinstance(self.data.get("class_name"), date):
            raise ValidationError("Excel đã đổi tên lớp thành ngày. Hãy định dạng cột này là Văn bản rồi gõ lại lớp.")
        return clean_class_name(self.cleaned_data["class_name"])

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if "birth_date" in self.errors or self.warnings or values.get("birth_date") or values.get("code"):
            return values
        self.add_error("birth_date", NO_DAY)
        return values


class StaffRowForm(PersonRowForm):
    """One of the staff; `position` as written (`staff_group` tells the group), `unit_name` where the list names it."""

    position = TextField(max_length=120, required=False)
    unit_name = TextField(max_length=200, required=False)


class HouseholdRowForm(RosterRowForm):
    """One household; `full_name` is its head."""

    full_name = TextField(max_length=120, error_messages={"required": "Chưa có tên chủ hộ. Hãy ghi đủ họ và tên."})
    code = CodeField(max_length=20, required=False)
    address = TextField(max_length=200, required=False)
    member_count = TextField(max_length=20, required=False)
    phone = CodeField(max_length=20, required=False)
    village = TextField(max_length=200, required=False)
    is_poor = forms.BooleanField(required=False)

    def clean_full_name(self) -> str:
        return clean_name(self.cleaned_data["full_name"])

    def clean_member_count(self) -> int | None:
        text = self.cleaned_data["member_count"].removesuffix(".0")
        if not text:
            return None
        if not text.isdecimal() or not 0 < int(text) <= MANY_MEMBERS:
            raise ValidationError(f"Số nhân khẩu là số từ 1 đến {MANY_MEMBERS}. Hãy kiểm tra lại ô này.")
        return int(text)


class ResidentRowForm(PersonRowForm):
    """One resident; `household_key` joins the rows of one household in the file, `household_code` is its own code."""

    household_key = TextField(
        max_length=200,
        error_messages={"required": "Chưa biết người này thuộc hộ nào. Hãy ghi cột “Mã hộ” hoặc “Quan hệ với chủ hộ”."},
    )
    household_code = CodeField(max_length=20, required=False)
    is_head = forms.BooleanField(required=False)
    address = TextField(max_length=200, required=False)
    village = TextField(max_length=200, required=False)


def clean_name(name: str) -> str:
    """Return the name of a person. Raises ValidationError where it holds what no name does."""
    if any(char.isdigit() for char in name):
        raise ValidationError("Họ tên có chữ số. Hãy kiểm tra lại ô này.")
    if not any(char.isalpha() for char in name):
        raise ValidationError("Ô này không phải họ tên. Hãy ghi đủ họ và tên.")
    if found := _NOTE_IN_NAME.search(fold(name)):
        raise ValidationError(
            f"Ô họ tên có ghi chú “{nfc(name)[found.start() :].strip()}”. "
            "Hãy chỉ ghi họ tên; người đã rời danh sách thì xóa dòng này."
        )
    return name


def bare_year(value: object) -> int | None:
    """Return the year of a cell that holds a year, or a month and a year, but no day."""
    if isinstance(value, (date, bool)) or value is None:
        return None
    found = _YEAR.fullmatch(_SPACED_DAY.sub(r"\1", nfc(str(value))))
    if not found or (found[1] and not 1 <= int(found[1]) <= 12):
        return None
    return int(found[2])


def _plain_day(value: Any) -> Any:
    """A day in words or with spaces around its strokes, as one that DayField reads."""
    if not isinstance(value, str):
        return value
    text = _SPACED_DAY.sub(r"\1", nfc(value)).rstrip(" .")
    found = _WRITTEN_DAY.fullmatch(fold(text))
    return f"{found[1]}/{found[2]}/{found[3]}" if found else text


_MANAGER = ("hieu truong", "pho hieu truong", "can bo quan ly", "cbql", "ht", "pht", "p.ht", "phohieu truong")


def staff_group(position: str, *, in_school: bool) -> Group:
    """Return the group that a position puts somebody in: schools by office and teaching, offices by contract.

    An empty position is school staff in a school and an official in an office.
    """
    text = fold(position)
    if not in_school:
        return (
            Group.WORKER if re.search(r"hop dong|nguoi lao dong|\bhd\b|bao ve|tap vu|lai xe", text) else Group.OFFICIAL
        )
    if text.startswith(_MANAGER) or "hieu truong" in text:
        return Group.MANAGER
    return Group.TEACHER if re.search(r"giao vien|\bgv\b|day hoc", text) else Group.SCHOOL_STAFF
