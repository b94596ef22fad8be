"""Forms of households: the list's filter, the entry, the end."""

from datetime import date
from typing import Any

from django import forms

from accounts.models import User
from campaigns.choices import UnitKind
from campaigns.forms.people import DAY_HELP
from campaigns.forms.records import RecordForm, VersionForm
from campaigns.models import Household, Unit
from campaigns.models.households import HouseholdQuerySet
from campaigns.roster_access import kept_units, units_with_rosters
from campaigns.services.households import check_household, check_household_end
from hbs_portal.lib.fields import CodeField, DayField, TextField
from hbs_portal.lib.text import fold


class HouseholdFilter(forms.Form):
    """Search without diacritics by head, code or address; by village; poor ones; still there (at first) or gone."""

    PRESENT, GONE, ALL = "", "da-thoi", "tat-ca"

    q = forms.CharField(label="Tìm theo chủ hộ, mã hộ, địa chỉ", required=False)
    village = forms.ModelChoiceField(label="Thôn", queryset=Unit.objects.none(), required=False, empty_label="Tất cả")
    is_poor = forms.BooleanField(label="Chỉ hộ nghèo, cận nghèo", required=False)
    presence = forms.ChoiceField(
        label="Tình trạng",
        required=False,
        choices=[(PRESENT, "Đang ở thôn"), (GONE, "Không còn ở thôn"), (ALL, "Tất cả")],
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["village"].queryset = units_with_rosters(user).filter(kind=UnitKind.VILLAGE).in_order()

    def filter(self, households: HouseholdQuerySet, day: date) -> HouseholdQuerySet:
        """Narrows the households; an unknown choice counts as none."""
        self.is_valid()
        values = getattr(self, "cleaned_data", {})
        if text := fold(values.get("q") or ""):
            households = households.filter(search_key__contains=text)
        if village := values.get("village"):
            households = households.filter(village=village)
        if values.get("is_poor"):
            households = households.filter(is_poor=True)
        presence = values.get("presence") or self.PRESENT
        if presence == self.GONE:
            return households.filter(ends_on__lt=day)
        return households if presence == self.ALL else households.on(day)

    @property
    def in_words(self) -> str:
        """What was chosen, as a person says it: "Thôn Một, đang ở thôn"."""
        self.is_valid()
        values = getattr(self, "cleaned_data", {})
        words = [str(values["village"]) if values.get("village") else "mọi thôn"]
        words += ["chỉ hộ nghèo, cận nghèo"] if values.get("is_poor") else []
        words += [f"chủ hộ, mã hoặc địa chỉ có “{values['q']}”"] if values.get("q") else []
        words.append(dict(self.fields["presence"].choices)[values.get("presence") or self.PRESENT].lower())
        return ", ".join(words)


class HouseholdForm(RecordForm):
    """The entry of one household; an editor's choice holds only their own village."""

    village = forms.ModelChoiceField(label="Thôn", queryset=Unit.objects.none(), empty_label="Chọn thôn")
    head_name = TextField(label="Họ và tên chủ hộ", max_length=120)
    code = CodeField(label="Mã hộ", max_length=20, required=False, help_text="Giữ nguyên số 0 ở đầu.")
    address = TextField(label="Địa chỉ", max_length=200, required=False, help_text="Số nhà, ngõ, xóm.")
    member_count = forms.IntegerField(label="Số nhân khẩu", min_value=1, max_value=60, required=False)
    phone = CodeField(label="Điện thoại", max_length=20, required=False)
    is_poor = forms.BooleanField(label="Hộ nghèo, cận nghèo", required=False)
    starts_on = DayField(label="Có từ ngày", help_text=DAY_HELP)
    owners = frozenset({"commune"})

    class Meta:
        model = Household
        fields = ("village", "head_name", "code", "address", "member_count", "phone", "is_poor", "starts_on")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.commune_id = user.scope.commune_id
        villages = kept_units(user).filter(kind=UnitKind.VILLAGE).in_order()
        self.fields["village"].queryset = villages
        if self.instance.pk:
            self.fields[
                "village"
            ].help_text = (
                "Chỉ sửa khi ghi nhầm thôn từ đầu. Hộ chuyển thôn từ một ngày thì dùng “Chuyển thôn” ở trang của hộ."
            )
        if not user.scope.has("OFFICER"):
            self.fields["village"].initial = villages.first()

    def clean_code(self) -> str | None:
        return self.cleaned_data["code"] or None

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("village") and values.get("starts_on"):
            stored = self.instance if self.instance.pk else None
            check_household(village=values["village"], starts_on=values["starts_on"], stored=stored)
        return values


class HouseholdLeaveForm(VersionForm):
    """The last day of a household in its village, and why."""

    last_day = DayField(label="Ngày cuối cùng", help_text=f"Ngày này vẫn được tính. {DAY_HELP}")
    reason = TextField(label="Lý do", max_length=120, help_text="Ví dụ: Chuyển đi nơi khác, nhập vào hộ khác.")

    def __init__(self, *args: Any, household: Household, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.household = household
        self.fields["version"].initial = household.version

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("last_day") and self.expected_version == self.household.version:
            check_household_end(household=self.household, last_day=values["last_day"])
        return values

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("last_day", "reason")}
