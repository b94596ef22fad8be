"""Reporting periods: list, entry, figures, closing and opening again."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access import allow, is_officer, may_enter
from accounts.conflicts import render_conflict
from accounts.requests import SignedInRequest, methods
from accounts.versions import StaleRecordError
from campaigns.current import current_campaign
from campaigns.models import Campaign
from hbs_portal.lib.filters import remembered
from hbs_portal.lib.paging import page_of
from reports.access import may_take_reports
from reports.forms.periods import CloseForm, PeriodFilter, PeriodForm, PresetForm, ReopenForm
from reports.models import ReportingPeriod
from reports.pages.periods import period_page, shortcuts
from reports.periods.presets import presets_for
from reports.selectors.periods import periods_of
from reports.services.freezing import CHANGED, request_closing
from reports.services.periods import (
    PeriodError,
    closing_refusal,
    create_period,
    delete_period,
    reopen_period,
    reopening_refusal,
    update_period,
)
from reports.views.answers import no_plan, show

FORM_PAGE = "reports/period_form.html"
CONFIRM_PAGE = "reports/period_confirm.html"


@allow(may_take_reports)
@methods("GET")
def period_list(request: SignedInRequest) -> HttpResponse:
    campaign = current_campaign(request.user)
    if campaign is None:
        return no_plan(request)
    parameters = remembered(request, "periods")
    filter_form, periods = PeriodFilter(parameters), periods_of(campaign)
    context = {
        "page": page_of(filter_form.filter(periods), parameters),
        "filter_form": filter_form,
        "has_any": bool(periods),
        "may_write": is_officer(request.user),
    }
    return render(request, "reports/period_list.html", context)


@allow(may_take_reports)
@methods("GET")
def period_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    period = _period(request, pk)
    context = {
        "period": period,
        "may_write": is_officer(request.user),
        "closing_refusal": "" if period.is_closed else closing_refusal(period),
        "reopening_refusal": reopening_refusal(period) if period.is_closed else "",
    }
    return show(request, "reports/period_detail.html", lambda: period_page(period), **context)


@allow(is_officer)
@methods("GET", "POST")
def period_create(request: SignedInRequest) -> HttpResponse:
    campaign = current_campaign(request.user)
    if campaign is None:
        return no_plan(request)
    presets = PresetForm(request.GET, presets=presets_for(campaign.starts_on, campaign.ends_on))
    instance = ReportingPeriod(campaign=campaign, commune=campaign.commune)
    form = PeriodForm(request.POST or None, instance=instance, initial=presets.chosen)
    if form.is_valid():
        done = _carried_out(request, form, campaign)
        if done:
            return done
    return render(request, FORM_PAGE, _entry(form, presets=presets), status=422 if form.is_bound else 200)


@allow(is_officer)
@methods("GET", "POST")
def period_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    period = _period(request, pk)
    if period.is_closed:
        messages.warning(request, "Kỳ đã khóa nên không sửa được. Nếu cần, hãy mở lại kỳ và ghi lý do.")
        return redirect("reports:period_detail", pk)
    form = PeriodForm(request.POST or None, instance=period)
    if form.is_valid():
        try:
            update_period(actor=request.user, period=period, expected_version=form.expected_version, **form.values)
            messages.success(request, "Đã lưu kỳ báo cáo.")
            return redirect("reports:period_detail", pk)
        except StaleRecordError:
            return render_conflict(request, FORM_PAGE, form, period, _entry(form, period))
        except PeriodError as error:
            form.add_error("ends_on", str(error))
    return render(request, FORM_PAGE, _entry(form, period), status=422 if form.is_bound else 200)


@allow(is_officer)
@methods("GET", "POST")
def period_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    period = _period(request, pk)
    if request.method == "GET":
        context = {"title": f"Xóa kỳ “{period.name}”?", "text": "Chỉ kỳ bị xóa; bản ghi và số liệu không thay đổi."}
        return render(request, CONFIRM_PAGE, context | {"period": period, "confirm_label": "Xóa kỳ"})
    try:
        delete_period(actor=request.user, period=period)
    except PeriodError as error:
        messages.warning(request, str(error))
        return redirect("reports:period_detail", pk)
    messages.success(request, f"Đã xóa kỳ “{period.name}”.")
    return redirect("reports:period_list")


@allow(is_officer)
@methods("GET", "POST")
def period_close(request: SignedInRequest, pk: int) -> HttpResponse:
    period = _period(request, pk)
    form = CloseForm(request.POST or None, initial={"version": period.version})
    if form.is_valid():
        return _closing_asked_for(request, period, form)
    return render(request, CONFIRM_PAGE, _closing(form, period), status=422 if form.is_bound else 200)


@allow(is_officer)
@methods("GET", "POST")
def period_reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    period = _period(request, pk)
    form = ReopenForm(request.POST or None, initial={"version": period.version})
    if form.is_valid():
        return _reopened(request, period, form)
    return render(request, CONFIRM_PAGE, _reopening(form, period), status=422 if form.is_bound else 200)


@allow(may_enter)
@methods("GET")
def period_shortcuts(request: HttpRequest) -> HttpResponse:
    """For htmx: the periods as links that set the clocks of the page it stands on, keeping its other parameters."""
    campaign = current_campaign(request.user)
    found = shortcuts(periods_of(campaign), request.GET) if campaign else []
    return render(request, "reports/_period_shortcuts.html", {"shortcuts": found})


def _period(request: SignedInRequest, pk: int) -> ReportingPeriod:
    visible = ReportingPeriod.objects.visible_to(request.user).select_related("campaign__commune")
    return get_object_or_404(visible, pk=pk)


def _carried_out(request: SignedInRequest, form: PeriodForm, campaign: Campaign) -> HttpResponse | None:
    """Where a new period leads; None where the form now says what is wrong."""
    try:
        period = create_period(actor=request.user, campaign=campaign, **form.values)
    except PeriodError as error:
        form.add_error("ends_on", str(error))
        return None
    messages.success(request, f"Đã thêm kỳ “{period.name}”.")
    return redirect("reports:period_detail", period.pk)


def _closing_asked_for(request: SignedInRequest, period: ReportingPeriod, form: CloseForm) -> HttpResponse:
    """Leads to the progress of the closing, or back to the period with what stands in the way."""
    version, note = form.cleaned_data["version"], form.cleaned_data["note"]
    try:
        job = request_closing(actor=request.user, period=period, expected_version=version, note=note)
    except PeriodError as error:
        messages.warning(request, str(error))
    except StaleRecordError:
        messages.warning(request, CHANGED)
    else:
        return redirect("accounts:job_detail", job.pk)
    return redirect("reports:period_detail", period.pk)


def _reopened(request: SignedInRequest, period: ReportingPeriod, form: ReopenForm) -> HttpResponse:
    """Leads back to the period, with what was done or what stands in the way."""
    version, reason = form.cleaned_data["version"], form.cleaned_data["reason"]
    try:
        reopen_period(actor=request.user, period=period, expected_version=version, reason=reason)
        messages.success(request, f"Đã mở lại kỳ “{period.name}”.")
    except PeriodError as error:
        messages.warning(request, str(error))
    except StaleRecordError:
        messages.warning(request, CHANGED)
    return redirect("reports:period_detail", period.pk)


def _entry(
    form: PeriodForm, period: ReportingPeriod | None = None, presets: PresetForm | None = None
) -> dict[str, Any]:
    back = reverse("reports:period_detail", args=[period.pk]) if period else reverse("reports:period_list")
    heading = f"Sửa kỳ “{period.name}”" if period else "Thêm kỳ báo cáo"
    return {"form": form, "heading": heading, "cancel_url": back, "presets": presets}


def _closing(form: CloseForm, period: ReportingPeriod) -> dict[str, Any]:
    return {
        "form": form,
        "period": period,
        "title": f"Khóa kỳ “{period.name}”?",
        "text": "Số liệu của kỳ được chốt theo những gì đã duyệt đến hôm nay và không thay đổi nữa.",
        "consequences": [
            "Việc của kỳ này được duyệt sau khi khóa sẽ vào kỳ sau, ở mục “điều chỉnh kỳ trước”.",
            "Khi thật cần, có thể mở lại kỳ và phải ghi lý do; số liệu đã chốt vẫn được giữ.",
        ],
        "confirm_label": "Khóa kỳ",
        "confirm_css": "btn-primary",
    }


def _reopening(form: ReopenForm, period: ReportingPeriod) -> dict[str, Any]:
    return {
        "form": form,
        "period": period,
        "title": f"Mở lại kỳ “{period.name}”?",
        "text": "Kỳ sẽ lại lấy số theo bản ghi hiện có. Số liệu đã chốt được giữ nguyên để đối chiếu.",
        "confirm_label": "Mở lại kỳ",
    }
