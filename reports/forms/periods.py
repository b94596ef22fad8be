"""Forms of reporting periods: the entry, the choice of a usual period, closing and opening again, the list's filter."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django import forms
from django.http import QueryDict

from hbs_portal.lib.fields import DayField, TextField
from hbs_portal.lib.text import fold
from reports.models import ReportingPeriod
from reports.models.periods import PeriodMode, PeriodState
from reports.periods.presets import Preset
from reports.services.periods import REASON_LENGTH


class PeriodForm(forms.ModelForm):
    """The entry of a period; the unique rule of the campaign is checked with it."""

    name = TextField(label="Tên kỳ", max_length=120, help_text="Ví dụ: Quý III/2026.")
    starts_on = DayField(label="Từ ngày")
    ends_on = DayField(label="Đến ngày")
    deadline = DayField(label="Hạn nộp", required=False, help_text="Để trống nếu không có hạn.")
    mode = forms.ChoiceField(label="Cách tính", choices=PeriodMode.choices, widget=forms.RadioSelect)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = ReportingPeriod
        fields = ("name", "starts_on", "ends_on", "deadline", "mode")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version

    # Django's own hook: the campaign is not typed, but belongs to the unique rule.
    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {"campaign"}

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, by the record's field names."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    @property
    def expected_version(self) -> int:
        """The version the form was opened with; 0, which no record has, where it is missing."""
        return self.cleaned_data.get("version") or 0


class PresetForm(forms.Form):
    """A usual period that fills the dates of the entry; anything may be changed afterwards (rule G7)."""

    mau = forms.ChoiceField(label="Kỳ thường dùng", required=False)

    def __init__(self, data: QueryDict, *, presets: Sequence[Preset]) -> None:
        super().__init__(data, auto_id="mau-%s")
        self._presets = presets
        families = groupby(presets, key=lambda preset: preset.family)
        groups = [(family, [(preset.key, preset.name) for preset in found]) for family, found in families]
        self.fields["mau"].choices = [("", "Chọn một kỳ"), *groups]

    @property
    def chosen(self) -> dict[str, Any]:
        """First values of the entry; none where nothing was chosen."""
        key = self.cleaned_data.get("mau") if self.is_valid() else ""
        preset = next((preset for preset in self._presets if preset.key == key), None)
        return {"name": preset.name, "starts_on": preset.starts_on, "ends_on": preset.ends_on} if preset else {}


class CloseForm(forms.Form):
    """What is said on closing; stands with the frozen figures."""

    note = TextField(label="Ghi chú", max_length=300, required=False, help_text="Ghi kèm số liệu được chốt.")
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReopenForm(forms.Form):
    reason = TextField(
        label="Lý do mở lại", max_length=REASON_LENGTH, error_messages={"required": "Hãy ghi lý do mở lại kỳ."}
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class PeriodFilter(forms.Form):
    """By name without diacritics, by state and mode."""

    q = forms.CharField(
        label="Tìm theo tên kỳ",
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "Tên kỳ, ví dụ Quý III"}),
    )
    trang_thai = forms.ChoiceField(label="Trạng thái", required=False, choices=[("", "Tất cả"), *PeriodState.choices])
    cach_tinh = forms.ChoiceField(label="Cách tính", required=False, choices=[("", "Tất cả"), *PeriodMode.choices])

    def filter(self, periods: Sequence[ReportingPeriod]) -> list[ReportingPeriod]:
        """Those that match; an unknown choice counts as none."""
        self.is_valid()
        text, wanted = fold(self.cleaned_data.get("q", "")), self.cleaned_data
        return [
            period
            for period in periods
            if text in fold(period.name)
            and wanted.get("trang_thai", "") in ("", period.state)
            and wanted.get("cach_tinh", "") in ("", period.mode)
        ]
