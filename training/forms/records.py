"""What every form of a reviewed record shares: its version, and which of the two buttons was pressed."""

from django import forms

SUBMIT = "gui"


class ReviewedForm(forms.Form):
    """A form with the buttons "Lưu nháp" (viec=nhap) and "Gửi duyệt" (viec=gui)."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @property
    def wants_submit(self) -> bool:
        return str(self.data.get("viec", "")).startswith(SUBMIT)

    @property
    def expected_version(self) -> int:
        """The version the form was opened with; 0, which no record has, where it is missing."""
        return self.cleaned_data.get("version") or 0

    @property
    def values(self) -> dict[str, object]:
        """What was typed, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}
