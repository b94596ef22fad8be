"""Forms of exclusions (rule C8): the list's filter, choosing people, the record."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from campaigns.choices import ExclusionReason
from campaigns.models import Campaign, Exclusion, Membership, Person, Unit
from campaigns.models.exclusions import ExclusionQuerySet
from campaigns.models.people import PersonQuerySet
from campaigns.roster_access import kept_units, units_with_rosters
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.fields import DayField, RecordsField, TextField
from hbs_portal.lib.text import fold, is_record_number
from training.forms.records import ReviewedForm
from training.services.exclusions import MOST_PEOPLE, exclusion_refusal, targets_of_people
from training.succession import SHOWN_STATES

DAY_HELP = "Ngày/tháng/năm, ví dụ 01/07/2026."
STATES = [("", "Tất cả"), *SHOWN_STATES]


class ExclusionFilter(forms.Form):
    """The list's filter: name without diacritics, state, unit, reason, in force today."""

    NOW, OVER = "hien-nay", "da-het"

    q = TextField(label="Tìm theo tên hoặc mã", required=False)
    trang_thai = forms.ChoiceField(label="Trạng thái", choices=STATES, required=False)
    don_vi = forms.ModelChoiceField(label="Đơn vị", queryset=Unit.objects.none(), required=False, empty_label="Tất cả")
    ly_do = forms.ChoiceField(label="Lý do", choices=[("", "Tất cả"), *ExclusionReason.choices], required=False)
    thoi_gian = forms.ChoiceField(
        label="Thời gian",
        choices=[("", "Tất cả"), (NOW, "Đang trong thời gian loại trừ"), (OVER, "Đã hết thời gian")],
        required=False,
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["don_vi"].queryset = units_with_rosters(user).in_order()

    def filter(self, rows: ExclusionQuerySet, day: date) -> ExclusionQuerySet:
        """Narrows the records; an unknown choice counts as none."""
        self.is_valid()
        chosen = getattr(self, "cleaned_data", {})
        if words := fold(chosen.get("q") or ""):
            rows = rows.filter(person__search_key__contains=words)
        named = {"status": chosen.get("trang_thai"), "unit": chosen.get("don_vi"), "reason": chosen.get("ly_do")}
        rows = rows.filter(**{name: value for name, value in named.items() if value})
        if chosen.get("thoi_gian") == self.OVER:
            return rows.filter(ends_on__lt=day)
        return rows.on(day) if chosen.get("thoi_gian") == self.NOW else rows


class PeopleSearch(forms.Form):
    """Finding people to propose; those chosen before (`nguoi`) stay chosen from one search to the next."""

    q = TextField(label="Tìm theo tên hoặc mã", required=False)
    don_vi = forms.ModelChoiceField(label="Đơn vị", queryset=Unit.objects.none(), required=False, empty_label="Tất cả")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["don_vi"].widget.attrs["class"] = "form-select"
        self.fields["don_vi"].queryset = kept_units(user).open_on(local_today()).in_order()

    def filter(self, people: PersonQuerySet) -> PersonQuerySet:
        """Narrows the people; an unknown choice counts as none."""
        self.is_valid()
        chosen = getattr(self, "cleaned_data", {})
        if words := fold(chosen.get("q") or ""):
            people = people.filter(search_key__contains=words)
        if unit := chosen.get("don_vi"):
            members = Membership.objects.filter(commune_id=unit.commune_id, unit=unit).on(local_today())
            people = people.filter(pk__in=members.values("person"))
        return people


def chosen_people(people: PersonQuerySet, numbers: list[str]) -> list[Person]:
    """Those of the numbers in an address whom this person may propose; unknown ones fall away."""
    known = list(dict.fromkeys(int(number) for number in numbers if is_record_number(number)))[:MOST_PEOPLE]
    return list(people.filter(pk__in=known)) if known else []


class ExclusionForm(ReviewedForm):
    """Reason, time and target of one record."""

    def __init__(self, *args: Any, campaign: Campaign, record: Exclusion | None = None, **kwargs: Any) -> None:
        if record:
            names = ("target", "reason", "note", "starts_on", "ends_on", "version")
            kwargs["initial"] = {name: getattr(record, name) for name in names}
        super().__init__(*args, **kwargs)
        self.campaign = campaign
        self.fields["reason"] = forms.ChoiceField(
            label="Lý do",
            choices=[("", "Chọn lý do"), *ExclusionReason.choices],
            error_messages={"required": "Hãy chọn lý do.", "invalid_choice": "Hãy chọn lý do trong danh sách."},
        )
        self.fields["starts_on"] = DayField(
            label="Từ ngày", help_text=DAY_HELP, error_messages={"required": "Hãy ghi ngày bắt đầu."}
        )
        self.fields["ends_on"] = DayField(
            label="Đến hết ngày",
            required=False,
            help_text="Để trống nếu chưa biết; khi người đó trở lại thì ghi sau.",
        )
        self.fields["target"] = forms.ModelChoiceField(
            label="Chỉ tiêu",
            queryset=targets_of_people(campaign),
            required=False,
            empty_label="Mọi chỉ tiêu tính theo người",
            error_messages={"invalid_choice": "Hãy chọn chỉ tiêu trong danh sách."},
        )
        self.fields["note"] = TextField(
            label="Căn cứ, ghi chú", max_length=300, required=False, help_text="Ví dụ: Quyết định số 12/QĐ-UBND."
        )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        named = ("reason", "note", "starts_on", "ends_on")
        if all(name in self.cleaned_data for name in named):
            values = {name: self.cleaned_data[name] for name in named}
            if refusal := exclusion_refusal(campaign=self.campaign, **values):
                raise ValidationError(refusal)
        return cleaned


class ExclusionsForm(ExclusionForm):
    """The same record for everybody chosen (`nguoi`)."""

    def __init__(self, *args: Any, people: PersonQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"] = RecordsField(
            label="Người được đề nghị",
            queryset=people,
            widget=forms.MultipleHiddenInput,
            error_messages={
                "required": "Chưa chọn ai. Hãy chọn người trước.",
                "invalid_choice": "Có người không thuộc đơn vị của bạn. Hãy chọn lại.",
                "invalid_pk_value": "Danh sách người không đọc được. Hãy chọn lại.",
            },
        )

    def add_prefix(self, field_name: str) -> str:
        """In addresses and in the form people are `nguoi`, in the service `people`."""
        return "nguoi" if field_name == "people" else super().add_prefix(field_name)

    def clean_people(self) -> list[Person]:
        people = list(self.cleaned_data["people"])
        if len(people) > MOST_PEOPLE:
            raise ValidationError(f"Mỗi lần đề nghị nhiều nhất {MOST_PEOPLE} người. Hãy chia thành nhiều lần.")
        return people
