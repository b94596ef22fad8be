"""Forms of platform confirmations and of their catalogue."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from accounts.models import User
from campaigns.models import Campaign, Membership, Person, Unit
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.fields import RecordsField, TextField
from hbs_portal.lib.text import fold, is_record_number
from training.forms.days import CampaignDayField
from training.forms.records import ReviewedForm
from training.models import Platform, PlatformUse
from training.services.platforms import people_to_confirm
from training.succession import SHOWN_STATES

UNCONFIRMED = "NONE"
STATES = [("", "Tất cả"), (UNCONFIRMED, "Chưa xác nhận"), *SHOWN_STATES]


class PlatformUseFilter(forms.Form):
    """The list's filter: name without diacritics, state, unit."""

    q = TextField(label="Tìm theo tên", required=False)
    trang_thai = forms.ChoiceField(label="Trạng thái", choices=STATES, required=False)
    don_vi = forms.ModelChoiceField(
        label="Đơn vị", queryset=Unit.objects.none(), required=False, empty_label="Tất cả đơn vị"
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if user.scope.reads_commune:
            self.fields["don_vi"].queryset = Unit.objects.visible_to(user).schools().in_order()
        else:
            del self.fields["don_vi"]

    def filter(self, rows: QuerySet[Membership]) -> QuerySet[Membership]:
        if not self.is_valid():
            return rows
        if words := fold(self.cleaned_data["q"]):
            rows = rows.filter(person__search_key__contains=words)
        if state := self.cleaned_data["trang_thai"]:
            rows = rows.filter(use_status=None if state == UNCONFIRMED else state)
        if unit := self.cleaned_data.get("don_vi"):
            rows = rows.filter(unit=unit)
        return rows


class PlatformChoiceField(RecordsField):
    """Which platforms of the commune's catalogue; those out of use only where already chosen."""

    def __init__(self, *, campaign: Campaign, chosen: list[int] | None = None) -> None:
        platforms = Platform.objects.filter(commune_id=campaign.commune_id)
        super().__init__(
            label="Nền tảng số đang dùng",
            help_text="Chọn tất cả nền tảng mà thầy cô đang dùng trong công việc.",
            queryset=platforms.filter(is_active=True) | platforms.filter(pk__in=chosen or []),
            widget=forms.CheckboxSelectMultiple,
            error_messages={
                "required": "Hãy chọn ít nhất một nền tảng.",
                "invalid_choice": "Nền tảng đã chọn không còn trong danh mục. Hãy chọn lại.",
                "invalid_pk_value": "Nền tảng đã chọn không còn trong danh mục. Hãy chọn lại.",
            },
        )


class PlatformUseForm(ReviewedForm):
    """One confirmation: platforms and day."""

    def __init__(self, *args: Any, campaign: Campaign, use: PlatformUse | None = None, **kwargs: Any) -> None:
        chosen = [platform.pk for platform in use.platforms.all()] if use else []
        if use:
            kwargs["initial"] = {"confirmed_on": use.confirmed_on, "platforms": chosen, "version": use.version}
        super().__init__(*args, **kwargs)
        self.fields["platforms"] = PlatformChoiceField(campaign=campaign, chosen=chosen)
        self.fields["confirmed_on"] = CampaignDayField(label="Ngày xác nhận", campaign=campaign)


class PlatformUseBulkForm(PlatformUseForm):
    """The same confirmation for everybody chosen in the list (`nguoi`)."""

    def __init__(self, *args: Any, user: User, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, campaign=campaign, **kwargs)
        self.fields["people"] = RecordsField(
            label="Người xác nhận",
            queryset=people_to_confirm(user=user, campaign=campaign, day=local_today()),
            widget=forms.MultipleHiddenInput,
            error_messages={
                "required": "Chưa chọn ai. Hãy quay lại danh sách và chọn người.",
                "invalid_choice": "Có người đã có xác nhận chờ duyệt hoặc đã duyệt, hoặc không thuộc đơn vị của bạn. "
                "Hãy quay lại danh sách và chọn lại.",
                "invalid_pk_value": "Danh sách người không đọc được. Hãy quay lại danh sách và chọn lại.",
            },
        )

    def add_prefix(self, field_name: str) -> str:
        """In addresses and in the form people are `nguoi`, in the service `people`."""
        return "nguoi" if field_name == "people" else super().add_prefix(field_name)

    def chosen_people(self, numbers: list[str]) -> list[Person]:
        """Those of the numbers in the address who may be recorded; unknown ones fall away."""
        known = [number for number in numbers if is_record_number(number)]
        return list(self.fields["people"].queryset.filter(pk__in=known))


class PlatformForm(forms.ModelForm):
    """An entry of the catalogue of platforms."""

    name = TextField(label="Tên nền tảng số", max_length=120, error_messages={"required": "Hãy ghi tên nền tảng số."})

    class Meta:
        model = Platform
        fields = ["name", "position", "is_active"]
        help_texts = {
            "position": "Số nhỏ đứng trước.",
            "is_active": "Bỏ chọn để không còn hiện khi ghi mới; các xác nhận cũ vẫn giữ.",
        }

    def clean_name(self) -> str:
        """The unique rule covers the commune, which nobody types: checked here, in words."""
        name = self.cleaned_data["name"]
        others = Platform.objects.filter(commune_id=self.instance.commune_id).exclude(pk=self.instance.pk)
        if fold(name) in {fold(other) for other in others.values_list("name", flat=True)}:
            raise ValidationError("Nền tảng này đã có trong danh mục.")
        return name
