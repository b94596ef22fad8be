"""Why the list of those who are missing is taken out of the portal."""

from django import forms

from hbs_portal.lib.fields import ReasonField


class MissingExportForm(forms.Form):
    """One sentence; it stands in the audit and in the file."""

    reason = ReasonField(
        label="Lý do xuất danh sách",
        help_text="Một câu, ví dụ: Giao giáo viên chủ nhiệm bổ sung bài học cho các em còn thiếu.",
    )
