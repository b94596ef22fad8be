"""Forms of units: the list's filter, the entry, closing and merging."""

from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from campaigns.choices import UnitKind
from campaigns.forms.records import DAY_HELP, RecordForm
from campaigns.models import Unit
from campaigns.models.units import UnitQuerySet
from campaigns.selectors.units import open_units_by_kind
from campaigns.services.merging import check_merging
from campaigns.services.units import check_closing, check_unit_entry
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.fields import CodeField, DayField, RecordsField, TextField
from hbs_portal.lib.text import fold, is_record_number

BELOW_COMMUNE = [choice for choice in UnitKind.choices if choice[0] not in (UnitKind.CITY, UnitKind.COMMUNE)]


class UnitFilter(forms.Form):
    """Search without diacritics, by kind, and open ones (at first), closed ones or all."""

    OPEN, CLOSED, ALL = "dang-hoat-dong", "da-ket-thuc", "tat-ca"

    q = forms.CharField(label="Tìm theo tên hoặc mã", required=False)
    kind = forms.ChoiceField(label="Loại đơn vị", required=False, choices=[("", "Tất cả các loại"), *BELOW_COMMUNE])
    state = forms.ChoiceField(
        label="Tình trạng",
        required=False,
        choices=[("", "Đang hoạt động"), (CLOSED, "Đã kết thúc"), (ALL, "Tất cả")],
    )

    def filter(self, units: UnitQuerySet, day: date) -> UnitQuerySet:
        """Narrows the units; an unknown choice counts as none."""
        values = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        if text := fold(values.get("q", "")):
            units = units.filter(search_key__contains=text)
        if kind := values.get("kind"):
            units = units.filter(kind=kind)
        state = values.get("state") or self.OPEN
        if state == self.CLOSED:
            return units.filter(closed_on__lt=day)
        return units if state == self.ALL else units.exclude(closed_on__lt=day)


class UnitForm(RecordForm):
    """The entry of one unit, new or existing."""

    code = CodeField(
        label="Mã đơn vị", max_length=30, help_text="Chữ không dấu và số, ví dụ TH-HABAC. Mã dùng trong tệp và báo cáo."
    )
    name = TextField(label="Tên đơn vị", max_length=150, help_text="Tên đầy đủ, ví dụ Trường Tiểu học Hà Bắc.")
    kind = forms.ChoiceField(label="Loại đơn vị", choices=[("", "Chọn loại đơn vị"), *BELOW_COMMUNE])
    opened_on = DayField(label="Hoạt động từ ngày", help_text=DAY_HELP)
    position = forms.IntegerField(
        label="Thứ tự", min_value=1, max_value=9999, initial=100, help_text="Số nhỏ đứng trước trong danh sách."
    )
    owners = frozenset({"commune"})

    class Meta:
        model = Unit
        fields = ("code", "name", "kind", "opened_on", "position")

    def __init__(self, *args: Any, commune: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.commune = commune

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if self.instance.pk and values.get("kind") and values.get("opened_on"):
            check_unit_entry(unit=self.instance, kind=values["kind"], opened_on=values["opened_on"])
        return values


class UnitCloseForm(forms.Form):
    """The last day of a unit and why it ends."""

    last_day = DayField(label="Ngày hoạt động cuối cùng", help_text=DAY_HELP)
    reason = TextField(label="Lý do", max_length=120, help_text="Ví dụ: Giải thể theo Quyết định số 12/QĐ-UBND.")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        self.fields["version"].initial = unit.version

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("last_day"):
            check_closing(unit=self.unit, last_day=values["last_day"])
        return values


class UnitMergeForm(forms.Form):
    """Which units become one, and what the new one is called. `seen` holds the versions that the summary showed."""

    units = RecordsField(
        label="Các đơn vị hợp nhất",
        queryset=Unit.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text="Chọn từ hai đơn vị cùng loại trở lên; trường tiểu học và trường THCS hợp nhất thành trường TH&THCS.",
        error_messages={"required": "Hãy chọn từ hai đơn vị trở lên."},
    )
    name = TextField(label="Tên đơn vị mới", max_length=150)
    code = CodeField(label="Mã đơn vị mới", max_length=30)
    opened_on = DayField(
        label="Đơn vị mới hoạt động từ ngày", help_text=f"Các đơn vị cũ kết thúc vào ngày trước đó. {DAY_HELP}"
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, commune: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.commune = commune
        field = cast(RecordsField, self.fields["units"])
        field.queryset = Unit.objects.filter(commune=commune, closed_on__isnull=True)
        field.choices = open_units_by_kind(commune, local_today())

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if Unit.objects.filter(commune=self.commune, code=code).exists():
            raise ValidationError("Mã đơn vị này đã dùng trong xã. Hãy đặt mã khác.")
        return code

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("units") is not None and values.get("opened_on"):
            check_merging(units=list(values["units"]), opened_on=values["opened_on"])
        return values

    @property
    def chosen(self) -> list[Unit]:
        return list(self.cleaned_data["units"].in_order())

    @property
    def versions_now(self) -> str:
        """What the summary carries back in `seen`: "12:3 14:1"."""
        return " ".join(f"{unit.pk}:{unit.version}" for unit in self.chosen)

    @property
    def seen_versions(self) -> dict[int, int]:
        """Versions by unit as the summary showed them; what is unreadable counts as not seen."""
        pairs = [pair.split(":") for pair in self.cleaned_data["seen"].split()]
        return {int(pair[0]): int(pair[1]) for pair in pairs if len(pair) == 2 and all(map(is_record_number, pair))}
