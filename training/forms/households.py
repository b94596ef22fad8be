"""Forms of the household check."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from campaigns.choices import UnitKind
from campaigns.models import Campaign, Household, Membership, Person, Unit
from hbs_portal.lib.fields import TextField
from hbs_portal.lib.text import fold
from training.forms.days import CampaignDayField
from training.forms.records import ReviewedForm
from training.models import HouseholdCheck
from training.models.households import SKILL_FIELDS
from training.succession import SHOWN_STATES

SKILL_HELP = {
    "public_services": "Nộp hồ sơ, tra cứu kết quả trên Cổng dịch vụ công.",
    "online_shopping": "Mua hoặc bán hàng qua mạng, biết kiểm tra người bán.",
    "digital_payment": "Chuyển khoản, quét mã trả tiền.",
    "self_protection": "Nhận ra tin nhắn, cuộc gọi lừa đảo; giữ kín mật khẩu, mã OTP.",
    "other_platforms": "Dùng VNeID, sổ sức khoẻ, học tập hoặc nền tảng số khác.",
}
NO_SKILL = "Hộ chưa làm được kỹ năng nào"
ASK_NO_SKILL = f"Chưa bật kỹ năng nào. Hãy bật kỹ năng hộ làm được, hoặc đánh dấu “{NO_SKILL}” rồi gửi lại."


class HouseholdCheckForm(ReviewedForm):
    """Five large switches, whose they are, the day, a note. Who lives in the household is offered by name."""

    def __init__(
        self,
        *args: Any,
        campaign: Campaign,
        household: Household,
        check: HouseholdCheck | None = None,
        **kwargs: Any,
    ) -> None:
        if check:
            names = ("member", "checked_on", "note", "version", *SKILL_FIELDS)
            kwargs["initial"] = {name: getattr(check, name) for name in names}
        super().__init__(*args, **kwargs)
        self._offer_residents(household)
        self.fields["checked_on"] = CampaignDayField(label="Ngày kiểm tra", campaign=campaign)
        for name in SKILL_FIELDS:
            self.fields[name] = self._switch(name)
        self.fields["note"] = TextField(label="Ghi chú", max_length=300, required=False)
        self.fields["none_shown"] = forms.BooleanField(label=NO_SKILL, required=False, widget=forms.HiddenInput)

    def _offer_residents(self, household: Household) -> None:
        """Whoever lives, or lived, there by the list; the service holds the choice against the day of the check."""
        theirs = Membership.objects.filter(commune_id=household.commune_id, household=household, person=OuterRef("pk"))
        residents = list(Person.objects.filter(Exists(theirs), commune_id=household.commune_id).in_order())
        if residents:
            self.fields["member"] = forms.ModelChoiceField(
                label="Ai được kiểm tra",
                queryset=Person.objects.filter(pk__in=[person.pk for person in residents]).in_order(),
                required=False,
                empty_label="Không ghi tên, hoặc người chưa có trong danh sách",
                help_text="Khi hộ tách ra, kết quả đi theo người này.",
                error_messages={"invalid_choice": "Hãy chọn người trong danh sách của hộ."},
            )

    def clean(self) -> dict[str, Any] | None:
        """A check without any skill that is sent asks first: nothing ticked is also what a press too early leaves."""
        cleaned = super().clean()
        if not self.wants_submit or any(self.cleaned_data.get(name) for name in SKILL_FIELDS):
            return cleaned
        if not self.cleaned_data.get("none_shown"):
            self.fields["none_shown"].widget = forms.CheckboxInput()
            self.add_error("none_shown", ASK_NO_SKILL)
        return cleaned

    @staticmethod
    def _switch(name: str) -> forms.BooleanField:
        label = HouseholdCheck._meta.get_field(name).verbose_name
        widget = forms.CheckboxInput(attrs={"class": "form-check-input", "role": "switch"})
        return forms.BooleanField(label=label, help_text=SKILL_HELP[name], required=False, widget=widget)

    @property
    def switches(self) -> list[forms.BoundField]:
        return [self[name] for name in SKILL_FIELDS]

    @property
    def values(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        skills = {name: cleaned[name] for name in SKILL_FIELDS}
        about = {name: cleaned.get(name) for name in ("member", "checked_on", "note")}
        return about | {"skills": skills}


class HouseholdCheckFilter(forms.Form):
    """The list's filter: head's name without diacritics, state, result, village."""

    q = TextField(label="Tìm theo tên chủ hộ", required=False)
    trang_thai = forms.ChoiceField(label="Trạng thái", choices=[("", "Tất cả"), *SHOWN_STATES], required=False)
    ket_qua = forms.ChoiceField(
        label="Kết quả",
        choices=[("", "Tất cả"), ("dat", "Đủ năm kỹ năng"), ("chua", "Chưa đủ năm kỹ năng")],
        required=False,
    )
    thon = forms.ModelChoiceField(
        label="Thôn", queryset=Unit.objects.none(), required=False, empty_label="Tất cả các thôn"
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        villages = Unit.objects.visible_to(user).filter(kind=UnitKind.VILLAGE).in_order()
        if not user.scope.reads_commune:
            villages = villages.filter(pk__in=user.scope.unit_ids)
        self.fields["thon"].queryset = villages

    def filter(self, rows: QuerySet[HouseholdCheck]) -> QuerySet[HouseholdCheck]:
        if not self.is_valid():
            return rows
        cleaned = self.cleaned_data
        if words := fold(cleaned["q"]):
            rows = rows.filter(household__search_key__contains=words)
        if cleaned["trang_thai"]:
            rows = rows.filter(status=cleaned["trang_thai"])
        if cleaned["thon"]:
            rows = rows.filter(household__village=cleaned["thon"])
        if cleaned["ket_qua"]:
            all_five = dict.fromkeys(SKILL_FIELDS, True)
            rows = rows.filter(**all_five) if cleaned["ket_qua"] == "dat" else rows.exclude(**all_five)
        return rows
