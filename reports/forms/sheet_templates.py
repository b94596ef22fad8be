"""Taking in a superior's form, finding one, filling it."""

from typing import Any

from django import forms

from accounts.models import User
from hbs_portal.lib.fields import TextField
from reports.models import SheetTemplate, Snapshot
from reports.selectors.snapshots import snapshots_of


class SheetTemplateForm(forms.Form):
    """The file as the superior sent it; bindings may come from last time's form."""

    title = TextField(
        label="Tên biểu", max_length=150, help_text="Ví dụ: Biểu 01 - Sở Khoa học và Công nghệ, báo cáo quý."
    )
    file = forms.FileField(
        label="Tệp biểu mẫu (.xlsx)",
        help_text="Tải lên đúng tệp cấp trên gửi, không có macro và mật khẩu, không quá 10 MB.",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={
            "required": "Hãy chọn tệp biểu mẫu.",
            "invalid": "Chưa nhận được tệp. Hãy chọn lại tệp rồi tải lên.",
            "missing": "Chưa nhận được tệp. Hãy chọn lại tệp rồi tải lên.",
            "empty": "Tệp này trống. Hãy chọn lại tệp biểu mẫu rồi tải lên.",
        },
    )
    copy_from = forms.ModelChoiceField(
        label="Dùng lại các ô đã gắn của biểu",
        queryset=SheetTemplate.objects.none(),
        required=False,
        empty_label="Không, gắn từ đầu",
        help_text="Chọn khi cấp trên gửi bản mới của biểu cũ; ô nào không còn hợp lệ thì bỏ qua.",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        older = SheetTemplate.objects.visible_to(user)
        if older.exists():
            self.fields["copy_from"].queryset = older  # type: ignore[attr-defined]
        else:
            del self.fields["copy_from"]

    @property
    def values(self) -> dict[str, Any]:
        """As the service takes them."""
        values = dict(self.cleaned_data)
        return {"upload": values.pop("file"), **values}


class SheetTemplateFilterForm(forms.Form):
    q = TextField(
        label="Tìm theo tên biểu, tên tệp",
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"placeholder": "Tên biểu hoặc tên tệp"}),
    )

    @property
    def words(self) -> str:
        return self.cleaned_data["q"] if self.is_valid() else ""


class FillForm(forms.Form):
    """From which frozen figures."""

    snapshot = forms.ModelChoiceField(
        label="Lấy số liệu từ bản chốt",
        queryset=Snapshot.objects.none(),
        empty_label=None,
        error_messages={
            "required": "Hãy chọn một bản chốt số liệu.",
            "invalid_choice": "Không có bản chốt này. Hãy chọn một bản chốt trong danh sách.",
        },
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="dien-%s", **kwargs)
        self.fields["snapshot"].queryset = snapshots_of(user)  # type: ignore[attr-defined]


class BindForm(forms.Form):
    """Which cell is bound to which figure, on top of which version of the form."""

    version = forms.IntegerField(min_value=1, max_value=2_000_000_000, widget=forms.HiddenInput)
    sheet = forms.CharField(max_length=31, strip=False)
    cell = TextField(max_length=12)
    name = TextField(max_length=120, required=False)


class SuggestedForm(forms.Form):
    """Which of the suggested cells were taken."""

    version = forms.IntegerField(min_value=1, max_value=2_000_000_000, widget=forms.HiddenInput)

    @property
    def chosen(self) -> list[str]:
        return self.data.getlist("address")
