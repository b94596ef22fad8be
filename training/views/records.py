"""How a view obtains the record it may change, and what every form of a reviewed record does."""

from collections.abc import Callable
from dataclasses import dataclass
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


@dataclass(frozen=True)
class FormPage:
    """What a form does when it is valid (`service`), where it then leads, and what stands around it until then.

    `service` is called with `actor`, `submit`, the typed values and, for a `record`, `expected_version`; `stored` gives
    the present values of fields that are no plain attributes of the record. `about`, where the next page speaks of
    something else, is what the message names.
    """

    service: Callable[..., Any]
    context: dict[str, Any]
    done_url: str
    record: ReviewedRecord | None = None
    stored: Callable[[], dict[str, Any]] = dict
    template: str = FORM_PAGE
    about: str = ""


def save_or_show(request: HttpRequest, form: ReviewedForm, page: FormPage) -> HttpResponse:
    """Saves a valid form; otherwise shows it with what was typed: 422 for errors, 409 where another saved first."""
    context = {**page.context, "form": form, "record": page.record}
    try:
        if form.is_bound and form.is_valid() and _is_saved(request, form, page):
            return redirect(page.done_url)
    except StaleRecordError as error:
        return render_conflict(request, page.template, form, error.instance, context, page.stored())
    return render(request, page.template, context, status=422 if form.is_bound else 200)


def _is_saved(request: HttpRequest, form: ReviewedForm, page: FormPage) -> bool:
    version = {"expected_version": form.expected_version} if page.record else {}
    try:
        page.service(actor=request.user, submit=form.wants_submit, **form.values, **version)
    except WorkflowError as error:
        form.add_error(None, str(error))
        return False
    done = "Đã gửi duyệt" if form.wants_submit else "Đã lưu nháp"
    messages.success(request, f"{done}: {page.about}." if page.about else f"{done}.")
    return True


def confirm_delete(
    request: HttpRequest, record: ReviewedRecord, delete: Callable[[], None], *, title: str, done_url: str
) -> HttpResponse:
    """Asks first, then deletes the draft."""
    if request.method == "POST":
        try:
            delete()
            messages.success(request, "Đã xóa bản nháp.")
        except WorkflowError as error:
            messages.warning(request, str(error))
        return redirect(done_url)
    return render(request, "training/record_delete.html", {"title": title, "record": record, "cancel_url": done_url})
