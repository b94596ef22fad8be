"""A filter as a person says it."""

from datetime import date

from django import forms


def chosen_in_words(form: forms.Form) -> str:
    """What a filter leaves, field by field: "loại hoạt động: Tập huấn, từ ngày: 01/09/2026"; "tất cả" without any."""
    form.is_valid()
    words = [_of_field(form, name, value) for name, value in form.cleaned_data.items() if value]
    return ", ".join(words) or "tất cả"


def _of_field(form: forms.Form, name: str, value: object) -> str:
    field = form.fields[name]
    label = str(form[name].label).lower()
    if isinstance(value, date):
        return f"{label}: {value:%d/%m/%Y}"
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        return f"{label}: {dict(field.choices).get(value, value)}"
    return f"{label}: {value}"
