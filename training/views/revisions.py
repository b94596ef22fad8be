"""A record that was approved: its versions, a new version of it, its approval withdrawn (rule H2)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access import allow, may_approve, may_enter, may_record
from accounts.requests import methods
from campaigns.models import Exclusion
from hbs_portal.lib.text import is_record_number
from training.contradictions import excess_without
from training.figure_effects import effects_of_withdrawal
from training.forms.revisions import RevisionForm, WithdrawalForm
from training.models import Activity
from training.selectors.activities import record_history
from training.selectors.review.effects import NO_FIGURE
from training.selectors.review.facts import facts_of, heading_of
from training.selectors.review.kinds import kind_of
from training.selectors.versions import may_write, standing_of
from training.services.revisions import RevisionExistsError, revise_record, undo_withdrawal, withdraw_approval
from training.views.taking_back import EDIT_PAGES
from training.workflow import RecordChangedError, WorkflowError, own_waiting

#: Kinds with a page of their own.
OWN_PAGES = {Activity: "training:activity_detail", Exclusion: "training:exclusion_detail"}


@allow(may_enter)
@methods("GET")
def record_detail(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """What one record says, its versions and its history; an activity has a page of its own."""
    record = _record(request, kind, pk)
    if type(record) in OWN_PAGES:
        return redirect(OWN_PAGES[type(record)], pk)
    context = {
        "heading": heading_of(record),
        "unit": kind_of(kind).unit_of(record),
        "facts": [(label, value) for label, value in facts_of(record) if value],
        "history": record_history(record),
        "edit_page": EDIT_PAGES[type(record)],
        "may_write": record.is_editable and may_write(request.user, record),
        "may_take_back": bool(own_waiting(request.user, type(record), [record])),
    }
    return render(request, "training/record_detail.html", context | version_context(request, kind, record))


def version_context(request: HttpRequest, slug: str, record: Any) -> dict[str, Any]:
    """What training/includes/versions.html and standing.html need on the page of any record."""
    return {"record": record, "slug": slug, "standing": standing_of(request.user, record)}


@allow(may_record)
@methods("GET", "POST")
def record_revise(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Asks why, then opens the form of the new version."""
    record = _record(request, kind, pk)
    if not may_write(request.user, record):
        raise PermissionDenied
    form = RevisionForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        context = {"form": form, "heading": heading_of(record), "kind": kind, "record": record}
        return render(request, "training/record_revise.html", context, status=422 if form.is_bound else 200)
    try:
        draft = revise_record(actor=request.user, record=record, reason=form.cleaned_data["reason"])
    except WorkflowError as error:
        return _refused(request, error, kind, pk)
    messages.success(request, "Đã lập bản sửa. Bản đã duyệt vẫn được tính cho đến khi bản sửa được duyệt.")
    return redirect(EDIT_PAGES[type(record)], draft.pk)


def _refused(request: HttpRequest, error: WorkflowError, kind: str, pk: int) -> HttpResponse:
    """Says why, and leads to the version that somebody else has begun, if that is the reason."""
    messages.warning(request, str(error))
    shown = error.revision.pk if isinstance(error, RevisionExistsError) else pk
    return redirect("training:record_detail", kind, shown)


@allow(may_approve)
@methods("GET", "POST")
def record_withdraw(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Says what it changes, asks why, and withdraws the approval as it was shown."""
    record = _record(request, kind, pk)
    form = WithdrawalForm(request.POST or None, initial={"version": record.version})
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["version"] or 0
        try:
            withdraw_approval(
                actor=request.user, record=record, reason=form.cleaned_data["reason"], expected_version=seen
            )
        except WorkflowError as error:
            return _refused(request, error, kind, pk)
        messages.success(request, "Đã rút duyệt. Có thể hoàn tác trong 30 phút.")
        return redirect("training:record_detail", kind, pk)
    return _ask_withdrawal(request, kind, record, form)


def _ask_withdrawal(request: HttpRequest, kind: str, record: Any, form: WithdrawalForm) -> HttpResponse:
    if not record.is_official:
        return _refused(request, RecordChangedError("Bản ghi này không ở trạng thái đã duyệt."), kind, record.pk)
    context = {
        "heading": heading_of(record),
        "record": record,
        "form": form,
        "kind": kind,
        "excess": excess_without(record),
        "consequences": effects_of_withdrawal(record) or [NO_FIGURE],
    }
    return render(request, "training/record_withdraw.html", context, status=422 if form.is_bound else 200)


@allow(may_approve)
@methods("POST")
def record_withdrawal_undo(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Within half an hour, by who withdrew it: the approval stands as before."""
    record = _record(request, kind, pk)
    version = request.POST.get("version", "")
    seen = int(version) if is_record_number(version) else 0
    try:
        undo_withdrawal(actor=request.user, record=record, expected_version=seen)
        messages.success(request, "Đã hoàn tác: bản ghi lại được tính như trước khi rút duyệt.")
    except WorkflowError as error:
        messages.warning(request, str(error))
    return redirect("training:record_detail", kind, pk)


def _record(request: HttpRequest, slug: str, pk: int) -> Any:
    return get_object_or_404(kind_of(slug).visible_to(request.user).select_related("decided_by"), pk=pk)
