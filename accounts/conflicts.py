"""What the second of two people sees when both edited one record: both versions, and the form as it was typed."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from django.db.models import Model
from django.forms import BaseForm, BoundField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from accounts.models import AuditEntry
from hbs_portal.lib.text import date_short


def conflict_of(form: BaseForm, instance: Model, stored: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The context of includes/conflict.html: `by`, `at`, and one row for each visible field that differs.

    `form` is valid and bound; `stored` gives the present values of fields that are no attributes of the record.
    """
    current = type(instance)._default_manager.get(pk=instance.pk)
    last = AuditEntry.objects.filter(object_type=instance._meta.label, object_id=instance.pk).first()
    present = {field.name: getattr(current, field.name, None) for field in form.visible_fields()} | dict(stored or {})
    rows = [_row(field, form.cleaned_data.get(field.name), present[field.name]) for field in form.visible_fields()]
    return {
        "by": last.actor_name if last else "",
        "at": last.at if last else None,
        "rows": [row for row in rows if row["stored"] != row["typed"]],
        "version": getattr(current, "version", 1),
    }


def render_conflict(
    request: HttpRequest,
    template: str,
    form: BaseForm,
    instance: Model,
    context: Mapping[str, Any],
    stored: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """The form again (status 409), nothing lost; sent once more, it replaces what is stored now.

    The template includes "includes/conflict.html" where `conflict` is set. The form's hidden field is `version`.
    """
    conflict = conflict_of(form, instance, stored)
    form.data = cast(QueryDict, form.data).copy()
    form.data[form.add_prefix("version")] = str(conflict["version"])
    return render(request, template, {**context, "form": form, "conflict": conflict}, status=409)


def _row(field: BoundField, typed: Any, stored: Any) -> dict[str, str]:
    return {"label": str(field.label), "stored": _shown(field, stored), "typed": _shown(field, typed)}


def _shown(field: BoundField, value: Any) -> str:
    """A value as a person reads it: the label of a choice, a day, yes or no."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, date):
        return date_short(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(sorted(_shown(field, item) for item in value))
    label = _labels(field).get(str(value))
    return label or (str(value) if isinstance(value, Model) else str(field.field.prepare_value(value)))


def _labels(field: BoundField) -> dict[str, str]:
    # Choices that come from the database are shown by the record's own name, without another query.
    if hasattr(field.field, "queryset"):
        return {}
    return {
        str(value): str(label) for value, label in getattr(field.field, "choices", []) if not isinstance(label, list)
    }
