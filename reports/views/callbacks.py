"""Calling people back: the samples, drawing one, its page, the call sheet, what was said."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access import allow, is_officer
from accounts.requests import SignedInRequest, methods
from campaigns.current import current_campaign
from campaigns.models import Unit
from hbs_portal.lib.filters import remembered
from hbs_portal.lib.paging import page_of
from reports.access import may_take_reports
from reports.forms.callbacks import CallbackDrawForm, CallbackFilter, CallbackResultsForm, CallSheetForm
from reports.models import CallbackEntry, CallbackSample
from reports.pages.callbacks import called_rows, caution_text, question_to_ask, result_text, scope_text
from reports.progress import ProgressError
from reports.selectors import read_progress
from reports.selectors.callbacks import drawn_again, sample_rows, with_counts
from reports.services.callbacks import (
    NobodyToDrawError,
    StaleResultsError,
    draw_sample,
    export_call_sheet,
    record_results,
)
from reports.views.answers import no_plan

RESULTS_PAGE = "reports/callback_results.html"


@allow(may_take_reports)
@methods("GET")
def callback_list(request: SignedInRequest) -> HttpResponse:
    campaign = current_campaign(request.user)
    if campaign is None:
        return no_plan(request)
    parameters = remembered(request, "callbacks")
    form = CallbackFilter(parameters, campaign=campaign)
    samples = CallbackSample.objects.visible_to(request.user).filter(campaign=campaign)
    page = page_of(form.filter(with_counts(samples)), parameters)
    page.object_list = [(sample, result_text(sample)) for sample in page.object_list]
    context = {"filter_form": form, "page": page, "may_write": is_officer(request.user)}
    return render(request, "reports/callback_list.html", context)


@allow(is_officer)
@methods("GET", "POST")
def callback_draw(request: SignedInRequest) -> HttpResponse:
    campaign = current_campaign(request.user)
    if campaign is None:
        return no_plan(request)
    units = Unit.objects.visible_to(request.user)
    form = CallbackDrawForm(request.POST or None, campaign=campaign, units=units, given=request.GET)
    if request.method == "POST" and form.is_valid():
        chosen = {name: form.cleaned_data[name] for name in ("target", "unit", "size")}
        try:
            sample = draw_sample(actor=request.user, reading=read_progress(campaign, form.clocks()), **chosen)
        except (NobodyToDrawError, ProgressError) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Đã rút mẫu. Hãy in phiếu gọi, gọi xong thì ghi kết quả ở đây.")
            return redirect("reports:callback_detail", sample.pk)
    return render(request, "reports/callback_draw.html", {"form": form}, status=422 if form.is_bound else 200)


@allow(may_take_reports)
@methods("GET")
def callback_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    sample = _sample_or_404(request, pk)
    context = _about(sample) | {
        "rows": called_rows(request.user, sample_rows(sample)),
        "may_write": is_officer(request.user),
    }
    if "kiem-tra" in request.GET:
        context |= _again(sample)
    return render(request, "reports/callback_detail.html", context)


def _again(sample: CallbackSample) -> dict[str, Any]:
    """What came of drawing once more, or what contradicts today (rules D2, G3)."""
    try:
        return {"again": drawn_again(sample)}
    except ProgressError as error:
        return {"contradiction": str(error)}


@allow(is_officer)
@methods("GET", "POST")
def callback_results(request: SignedInRequest, pk: int) -> HttpResponse:
    sample = _sample_or_404(request, pk)
    form = CallbackResultsForm(request.POST or None, sample=sample, rows=sample_rows(sample))
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["called_on"]
        try:
            count = record_results(actor=request.user, sample=sample, results=form.results, called_on=day)
        except StaleResultsError as error:
            return _conflict(request, sample, form, error)
        messages.success(request, f"Đã ghi kết quả của {count} dòng." if count else "Không có dòng nào thay đổi.")
        return redirect("reports:callback_detail", sample.pk)
    context = _about(sample) | {"form": form}
    return render(request, RESULTS_PAGE, context, status=422 if form.is_bound else 200)


def _conflict(
    request: SignedInRequest, sample: CallbackSample, form: CallbackResultsForm, error: StaleResultsError
) -> HttpResponse:
    """The page again with what was typed; sent once more, it replaces what is stored now."""
    stored = CallbackEntry.objects.select_related("person", "household", "recorded_by").in_bulk(
        [entry.pk for entry in error.entries]
    )
    by = ", ".join(sorted({str(entry.recorded_by) for entry in stored.values() if entry.recorded_by}))
    context = _about(sample) | {"form": form, "conflict": {"by": by, "rows": form.meet(stored)}}
    return render(request, RESULTS_PAGE, context, status=409)


@allow(may_take_reports)
@methods("GET", "POST")
def callback_sheet(request: SignedInRequest, pk: int) -> HttpResponse:
    sample = _sample_or_404(request, pk)
    form = CallSheetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        export_call_sheet(actor=request.user, sample=sample, reason=reason)
        context = _about(sample) | {"rows": sample_rows(sample), "reason": reason, "ask": question_to_ask(sample)}
        return render(request, "reports/callback_sheet.html", context)
    context = _about(sample) | {"form": form}
    return render(request, "reports/callback_sheet_form.html", context, status=422 if form.is_bound else 200)


def _sample_or_404(request: SignedInRequest, pk: int) -> CallbackSample:
    samples = CallbackSample.objects.visible_to(request.user).select_related("campaign")
    return get_object_or_404(with_counts(samples), pk=pk)


def _about(sample: CallbackSample) -> dict[str, Any]:
    return {
        "sample": sample,
        "result": result_text(sample),
        "caution": caution_text(sample),
        "scope": scope_text(sample),
    }
