"""The base of forms that write one record which two people may hold open at once."""

from typing import Any

from django import forms

DAY_HELP = "Ngày/tháng/năm, ví dụ 01/07/2026."


class VersionForm(forms.Form):
    """A form about what happens to a record; carries the version of the record that it was opened with."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    @property
    def expected_version(self) -> int:
        """The version the form was opened with; 0, which no record has, where it is missing."""
        return self.cleaned_data.get("version") or 0


class RecordForm(forms.ModelForm):
    """A ModelForm that carries the version it was opened with and checks the whole record.

    `owners` names fields that are not typed (the commune, the campaign) but belong to a unique rule of the record:
    Django would skip such a rule.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    owners: frozenset[str] = frozenset()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version

    # Django's own hook; the type stubs do not know it.
    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - self.owners  # type: ignore[misc]

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, by the record's field names."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    @property
    def expected_version(self) -> int:
        """The version the form was opened with; 0, which no record has, where it is missing."""
        return self.cleaned_data.get("version") or 0
