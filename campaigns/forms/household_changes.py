"""Forms of what happens to a household from a day on: it splits, it moves to another village."""

from typing import Any

from django import forms

from accounts.models import User
from campaigns.choices import UnitKind
from campaigns.forms.records import DAY_HELP, VersionForm
from campaigns.models import Household, Membership, Unit
from campaigns.roster_access import kept_units
from campaigns.services.household_changes import check_household_move, check_split
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.fields import CodeField, DayField, RecordsField, TextField


class HouseholdChangeForm(VersionForm):
    """The base: the household, and the version with which the form was opened."""

    def __init__(self, *args: Any, household: Household, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.household = household
        self.fields["version"].initial = household.version

    @property
    def is_current(self) -> bool:
        """Whether the household is still as the form was opened; otherwise the service tells of the conflict."""
        return self.cleaned_data.get("version") == self.household.version


class ResidentsField(RecordsField):
    """Tick boxes with the names of people and whether they head the household."""

    def label_from_instance(self, obj: Membership) -> str:
        return f"{obj.person} (chủ hộ)" if obj.is_head else str(obj.person)


class HouseholdSplitForm(HouseholdChangeForm):
    """The new household, from which day, and who goes along."""

    starts_on = DayField(label="Tách từ ngày", help_text=f"Ngày đầu tiên của hộ mới. {DAY_HELP}")
    head_name = TextField(label="Họ và tên chủ hộ mới", max_length=120)
    code = CodeField(label="Mã hộ mới", max_length=20, required=False, help_text="Giữ nguyên số 0 ở đầu.")
    address = TextField(label="Địa chỉ", max_length=200, required=False)
    member_count = forms.IntegerField(label="Số nhân khẩu của hộ mới", min_value=1, max_value=60, required=False)
    phone = CodeField(label="Điện thoại", max_length=20, required=False)
    is_poor = forms.BooleanField(label="Hộ mới là hộ nghèo, cận nghèo", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        household = self.household
        rows = Membership.objects.filter(commune_id=household.commune_id, household=household, ends_on=None)
        rows = rows.select_related("person").order_by("-is_head", "person__sort_key", "pk")
        if rows.exists():
            self.fields["residents"] = ResidentsField(
                label="Ai về hộ mới",
                queryset=rows,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                error_messages={"invalid_choice": "Có người không còn ở hộ này. Hãy chọn lại."},
            )

    def clean_code(self) -> str | None:
        code = self.cleaned_data["code"] or None
        if code and Household.objects.filter(commune_id=self.household.commune_id, code=code).exists():
            raise forms.ValidationError("Mã hộ này đã có trong danh sách của xã.")
        return code

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if self.is_current and values.get("starts_on"):
            check_split(household=self.household, starts_on=values["starts_on"])
        return values


class HouseholdMoveForm(HouseholdChangeForm):
    """The other village, and from which day."""

    village = forms.ModelChoiceField(label="Chuyển đến thôn", queryset=Unit.objects.none(), empty_label="Chọn thôn")
    starts_on = DayField(
        label="Từ ngày", help_text=f"Ngày đầu tiên ở thôn mới; đến hết ngày trước đó hộ tính ở thôn cũ. {DAY_HELP}"
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        villages = kept_units(user).filter(kind=UnitKind.VILLAGE).open_on(local_today())
        self.fields["village"].queryset = villages.exclude(pk=self.household.village_id).in_order()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if self.is_current and values.get("village") and values.get("starts_on"):
            check_household_move(household=self.household, village=values["village"], starts_on=values["starts_on"])
        return values
