"""Why something that was approved is changed or withdrawn."""

from django import forms

from hbs_portal.lib.fields import TextField
from training.services.revisions import END_REASON_LENGTH, REASON_LENGTH


class RevisionForm(forms.Form):
    """The reason of a new version; the officer reads it, and it stays with the record."""

    reason = TextField(
        label="Vì sao cần sửa?",
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Hãy ghi lý do sửa."},
        help_text="Ví dụ: ghi nhầm một em vắng; đếm lại theo danh sách lớp.",
    )


class WithdrawalForm(forms.Form):
    """The reason of a withdrawal, and the version that the officer saw."""

    reason = TextField(
        label="Vì sao rút duyệt?",
        max_length=END_REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Hãy ghi lý do rút duyệt."},
        help_text="Người nhập đọc được lý do này.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
