"""Forms of declared figures."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from accounts.models import User
from campaigns.choices import Group, Source
from campaigns.models import Campaign, Headcount, ReviewedRecord, Unit
from campaigns.models.declared import ALWAYS
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.fields import DayField, TextField
from hbs_portal.lib.text import fold
from training.criteria import CountedSet, counted_sets
from training.forms.days import CampaignDayField
from training.forms.records import ReviewedForm
from training.models import RunningTotal
from training.selectors.declared import declarable_groups
from training.services.declared import source_on

MOST = 1_000_000
NUMBER_ERRORS = {
    "required": "Hãy ghi số lượng.",
    "invalid": "Hãy ghi một số nguyên, không có dấu chấm hay chữ.",
    "min_value": "Số lượng không được nhỏ hơn 0.",
    "max_value": "Số này quá lớn. Hãy kiểm tra lại.",
}


class UnitSearch(forms.Form):
    """The office's list of units."""

    q = TextField(label="Tìm theo tên đơn vị", required=False)

    def filter(self, units: QuerySet[Unit]) -> QuerySet[Unit]:
        words = fold(self.cleaned_data["q"]) if self.is_valid() else ""
        return units.filter(search_key__contains=words) if words else units


class DeclaredForm(ReviewedForm):
    """Unit and group of a declared number; both must be counted together by some target."""

    def __init__(self, *args: Any, user: User, campaign: Campaign, unit: Unit | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = {"unit": unit, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.campaign, self.sets, self.kept = campaign, counted_sets(campaign), unit
        kinds = {kind for counted in self.sets if counted.groups for kind in counted.unit_kinds}
        units = Unit.objects.recorded_by(user).filter(kind__in=kinds).open_on(local_today()).in_order()
        self.fields["unit"] = forms.ModelChoiceField(
            label="Đơn vị", queryset=units, empty_label="Chọn đơn vị", error_messages=_choice_errors("đơn vị")
        )
        groups = declarable_groups(self.sets)
        if unit is not None:
            groups = declarable_groups([counted for counted in self.sets if unit.kind in counted.unit_kinds])
        self.fields["group"] = forms.ChoiceField(
            label="Nhóm",
            choices=[("", "Chọn nhóm"), *((group, Group(group).label) for group in groups)],
            initial=groups[0] if len(groups) == 1 else None,
            error_messages=_choice_errors("nhóm"),
        )

    def counted_by(self, unit: Unit, group: str) -> list[CountedSet]:
        return [one for one in self.sets if unit.kind in one.unit_kinds and group in one.groups]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        unit, group = self.cleaned_data.get("unit"), self.cleaned_data.get("group")
        if unit and group and not self.counted_by(unit, group):
            self.add_error("group", f"Không chỉ tiêu nào tính nhóm này ở {unit}. Hãy chọn nhóm khác.")
        return cleaned

    def fix_key(self, record: ReviewedRecord | None) -> None:
        """A correction is of the number of that unit, group and day; a real change is another number (rule G6)."""
        if record is None or not record.is_revision:
            return
        for name in ("unit", "group", "target", "effective_on", "as_of"):
            if name in self.fields:
                self.fields[name].disabled = True
                self.fields[name].help_text = "Bản sửa giữ nguyên mục này."
        self.fields["unit"].queryset = Unit.objects.filter(pk=record.unit_id)  # type: ignore[attr-defined]


def _choice_errors(noun: str) -> dict[str, str]:
    return {"required": f"Hãy chọn {noun}.", "invalid_choice": f"Hãy chọn {noun} trong danh sách."}


class HeadcountForm(DeclaredForm):
    """A declared denominator."""

    def __init__(self, *args: Any, record: Headcount | None = None, **kwargs: Any) -> None:
        if record:
            names = ("group", "effective_on", "count", "note", "version")
            kwargs |= {"unit": record.unit, "initial": {name: getattr(record, name) for name in names}}
        super().__init__(*args, **kwargs)
        self.fields["effective_on"] = DayField(
            label="Có hiệu lực từ ngày",
            initial=local_today,
            help_text="Số này được dùng từ ngày ghi ở đây cho đến lần khai sau.",
            error_messages={"required": "Hãy chọn ngày."},
        )
        self.fields["count"] = forms.IntegerField(
            label="Số lượng", min_value=0, max_value=MOST, error_messages=NUMBER_ERRORS
        )
        self.fields["note"] = TextField(
            label="Ghi chú", max_length=300, required=False, help_text="Ví dụ: theo báo cáo đầu năm học."
        )
        self.fix_key(record)

    def clean_effective_on(self) -> Any:
        day = self.cleaned_data["effective_on"]
        if day > local_today():
            raise ValidationError("Ngày này chưa tới. Hãy chọn hôm nay hoặc một ngày trước đó.")
        return day


class RunningTotalForm(DeclaredForm):
    """A declared numerator: reached since the beginning, as of a day."""

    def __init__(self, *args: Any, record: RunningTotal | None = None, **kwargs: Any) -> None:
        if record:
            names = ("target", "group", "as_of", "value", "note", "version")
            kwargs |= {"unit": record.unit, "initial": {name: getattr(record, name) for name in names}}
        super().__init__(*args, **kwargs)
        sets = [one for one in self.sets if one.groups and (self.kept is None or self.kept.kind in one.unit_kinds)]
        targets = [one.target.pk for one in sets]
        self.fields["target"] = forms.ModelChoiceField(
            label="Chỉ tiêu",
            queryset=self.campaign.targets.filter(pk__in=targets),
            initial=targets[0] if len(targets) == 1 else None,
            empty_label="Chọn chỉ tiêu",
            error_messages=_choice_errors("chỉ tiêu"),
        )
        self.fields["as_of"] = CampaignDayField(label="Luỹ kế đến ngày", campaign=self.campaign)
        self.fields["value"] = forms.IntegerField(
            label="Số luỹ kế",
            min_value=0,
            max_value=MOST,
            help_text="Tổng số người (hộ) đã đạt từ đầu kế hoạch đến ngày trên, không phải số tăng thêm.",
            error_messages=NUMBER_ERRORS,
        )
        self.fields["note"] = TextField(
            label="Ghi chú", max_length=300, required=False, help_text="Nếu số giảm so với lần trước, hãy ghi lý do."
        )
        self.order_fields(["target", "unit", "group", "as_of", "value", "note"])
        self.fix_key(record)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        unit, group = self.cleaned_data.get("unit"), self.cleaned_data.get("group")
        target = self.cleaned_data.get("target")
        if unit and group and target and target not in [one.target for one in self.counted_by(unit, group)]:
            self.add_error("target", f"Chỉ tiêu này không tính nhóm đã chọn ở {unit}. Hãy chọn lại.")
        return cleaned


class FigureSourceForm(forms.Form):
    """From the roster, or declared, and from which day on."""

    source = forms.ChoiceField(
        label="Nguồn số liệu",
        choices=Source.choices,
        widget=forms.RadioSelect,
        error_messages=_choice_errors("nguồn số liệu"),
        help_text="Mỗi nhóm của một đơn vị chỉ theo một nguồn; đổi nguồn làm đổi số liệu của đơn vị và của xã.",
    )
    effective_on = DayField(
        label="Áp dụng từ ngày",
        required=False,
        initial=local_today,
        help_text="Số liệu tính đến trước ngày này giữ nguồn cũ. Để trống khi đính chính: áp dụng từ đầu.",
    )

    def __init__(self, *args: Any, unit: Unit, group: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit, self.group = unit, group
        self.fields["source"].initial = source_on(unit=unit, group=group, day=local_today())

    def clean_effective_on(self) -> date:
        day = self.cleaned_data["effective_on"] or ALWAYS
        if day > ALWAYS and not self.unit.is_open(day):
            raise ValidationError(f"{self.unit} không hoạt động vào ngày này. Hãy chọn ngày khác.")
        return day

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        day, source = self.cleaned_data.get("effective_on"), self.cleaned_data.get("source")
        if day and source and source_on(unit=self.unit, group=self.group, day=day) == source:
            self.add_error("source", f"Nguồn số liệu từ ngày này vốn là “{Source(source).label}”. Không cần đổi.")
        return cleaned
