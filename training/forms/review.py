"""Forms of the officer's queue."""

from typing import Any

from django import forms

from training.selectors.review.kinds import KIND_CHOICES
from training.selectors.review.queue import QueueItem, narrowed, units_of

COMMON_REASONS = {
    "hoat-dong": ("Thiếu minh chứng", "Sai ngày", "Điểm danh chưa đủ"),
    "nen-tang": ("Sai ngày", "Chưa đúng nền tảng đang dùng"),
    "kiem-tra-ho": ("Sai ngày", "Cần kiểm tra lại tại hộ"),
    "luy-ke": ("Thiếu minh chứng", "Sai ngày", "Số liệu chưa khớp"),
    "quy-mo": ("Thiếu minh chứng", "Sai ngày", "Số liệu chưa khớp"),
    "loai-tru": ("Chưa có căn cứ", "Sai ngày", "Không thuộc trường hợp loại trừ"),
}


class ReviewFilter(forms.Form):
    """The queue by kind (the tabs) and unit."""

    loai = forms.ChoiceField(choices=[("", "Tất cả"), *KIND_CHOICES], required=False, widget=forms.HiddenInput)
    don_vi = forms.ChoiceField(label="Đơn vị", required=False)

    def __init__(self, *args: Any, items: list[QueueItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        self.fields["don_vi"].widget.attrs["class"] = "form-select"
        self.fields["don_vi"].choices = [("", "Tất cả đơn vị"), *units_of(items)]

    @property
    def chosen_kind(self) -> str:
        return self.cleaned_data.get("loai", "") if self.is_valid() else ""

    @property
    def is_narrowed(self) -> bool:
        return self.is_valid() and any(self.cleaned_data.values())

    def filter(self, items: list[QueueItem]) -> list[QueueItem]:
        if not self.is_valid():
            return items
        return narrowed(items, slug=self.cleaned_data["loai"], unit_id=self.cleaned_data["don_vi"])


class ReturnForm(forms.Form):
    """Why a record goes back: a common reason in one tap, or own words."""

    ly_do = forms.CharField(required=False)
    ly_do_khac = forms.CharField(required=False)
    version = forms.IntegerField(required=False)

    @property
    def reason(self) -> str:
        return self.cleaned_data["ly_do"] or self.cleaned_data["ly_do_khac"]
