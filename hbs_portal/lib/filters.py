"""A list remembers how it was last filtered, until the person clears it; and a filter as a person says it."""

from collections.abc import Collection
from datetime import date

from django import forms
from django.http import HttpRequest, QueryDict

CLEAR_PARAMETER = "xoa-loc"
UNREMEMBERED = (CLEAR_PARAMETER, "trang")


def remembered(request: HttpRequest, name: str) -> QueryDict:
    """The filter of the list `name`: what the address says, else what was last used in this session.

    `?xoa-loc=1` forgets it. The page number is never remembered.
    """
    key = f"filter:{name}"
    if CLEAR_PARAMETER in request.GET:
        request.session.pop(key, None)
        return QueryDict("")
    if not request.GET:
        return QueryDict(request.session.get(key, ""))
    kept = request.GET.copy()
    for parameter in UNREMEMBERED:
        kept.pop(parameter, None)
    if set(request.GET) - set(UNREMEMBERED):
        request.session[key] = kept.urlencode()
    return request.GET


def chosen_in_words(form: forms.Form, *, always: Collection[str] = ()) -> str:
    """What a filter leaves, field by field: "loại hoạt động: Tập huấn, từ ngày: 01/09/2026"; "tất cả" without any.

    `always`: choices that narrow the list even where nothing was chosen.
    """
    form.is_valid()
    chosen = getattr(form, "cleaned_data", {})
    told = {name: chosen.get(name, "") for name in form.fields if chosen.get(name) or name in always}
    return ", ".join(_of_field(form, name, value) for name, value in told.items()) or "tất cả"


def _of_field(form: forms.Form, name: str, value: object) -> str:
    field = form.fields[name]
    label = str(form[name].label).lower()
    if isinstance(value, date):
        return f"{label}: {value:%d/%m/%Y}"
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        return f"{label}: {dict(field.choices).get(value, value)}"  # type: ignore[arg-type]
    return f"{label}: {value}"
