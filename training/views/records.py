"""How a view obtains the record it may change, and what every form of a reviewed record does."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.conflicts import render_conflict
from accounts.models import User
from accounts.versions import StaleRecordError
from campaigns.current import current_campaign
from campaigns.models import Campaign, ReviewedRecord
from training.forms.records import ReviewedForm
from training.workflow import WorkflowError

FORM_PAGE = "training/record_form.html"


def required_campaign(user: User) -> Campaign:
    """The campaign this person works in; 404 before any plan was entered."""
    campaign = current_campaign(user)
    if campaign is None:
        raise Http404
    return campaign


def editable_or_refuse(user: User, rows, pk: int):  # type: ignore[no-untyped-def]  # any reviewed queryset, its record
    """A record of this person: 404 for a stranger, 403 for who may only read it or when it is no longer editable."""
    record = get_object_or_404(rows.visible_to(user), pk=pk)
    if not (record.is_editable and rows.editable_by(user).filter(pk=pk).exists()):
        raise PermissionDenied
    return record


def save_or_show(
    request: HttpRequest,
    form: ReviewedForm,
    save: Callable[..., Any],
    context: dict[str, Any],
    *,
    done_url: str,
    record: ReviewedRecord | None = None,
    stored: Callable[[], dict[str, Any]] = dict,
    template: str = FORM_PAGE,
) -> HttpResponse:
    """Calls `save(**values, submit=…, expected_version=…)` of a valid form and leads to `done_url`.

    Otherwise the form again with what was typed: 422 for errors, 409 where another person saved first; `stored` gives
    the present values of fields that are no plain attributes. `expected_version` is passed only for a record.
    """
    context = {**context, "form": form, "record": record}
    if form.is_bound and form.is_valid():
        version = {"expected_version": form.expected_version} if record else {}
        try:
            save(actor=request.user, submit=form.wants_submit, **form.values, **version)
        except StaleRecordError:
            return render_conflict(request, template, form, record, context, stored())
        except WorkflowError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Đã gửi duyệt." if form.wants_submit else "Đã lưu nháp.")
            return redirect(done_url)
    return render(request, template, context, status=422 if form.is_bound else 200)


def confirm_delete(
    request: HttpRequest, record: ReviewedRecord, delete: Callable[[], None], *, title: str, done_url: str
) -> HttpResponse:
    """Asks first, then deletes the draft."""
    if request.method == "POST":
        delete()
        messages.success(request, "Đã xoá bản nháp.")
        return redirect(done_url)
    return render(request, "training/record_delete.html", {"title": title, "record": record, "cancel_url": done_url})
