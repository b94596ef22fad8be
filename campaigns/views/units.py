"""Pages of units."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access import allow, is_officer, may_enter, may_manage_units, reads_commune
from accounts.conflicts import render_conflict
from accounts.requests import SignedInRequest, methods
from accounts.versions import StaleRecordError
from campaigns.access import may_open_unit, may_take_unit_report
from campaigns.current import commune_of
from campaigns.forms.units import UnitCloseForm, UnitFilter, UnitForm, UnitMergeForm
from campaigns.models import Unit
from campaigns.roster_access import keeps_unit
from campaigns.selectors.units import in_kind_order, unit_overview, unit_rows
from campaigns.services.merging import merge_units, preview_merger
from campaigns.services.units import close_unit, closing_consequences, create_unit, update_unit
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.filters import remembered
from hbs_portal.lib.paging import page_of
from hbs_portal.lib.text import date_short

FORM_PAGE = "campaigns/form_page.html"


@allow(reads_commune)
@methods("GET")
def unit_list(request: SignedInRequest) -> HttpResponse:
    today = local_today()
    parameters = remembered(request, "units")
    filter_form = UnitFilter(parameters)
    units = filter_form.filter(Unit.objects.visible_to(request.user), today)
    page = page_of(in_kind_order(units), parameters, per_page=40)
    context = {
        "page": page,
        "rows": unit_rows(page.object_list, today),
        "parameters": parameters,
        "filter_form": filter_form,
        "can_write": may_manage_units(request.user),
        "may_import": is_officer(request.user),
    }
    return render(request, "campaigns/unit_list.html", context)


@allow(may_enter)
@methods("GET")
def unit_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)
    if not may_open_unit(request.user, unit):
        raise PermissionDenied
    today = local_today()
    context = {
        "unit": unit,
        "is_open": unit.is_open(today),
        "overview": unit_overview(unit, request.user, today),
        "can_write": may_manage_units(request.user),
        "may_take_report": may_take_unit_report(request.user, unit.pk),
        "keeps_rosters": keeps_unit(request.user, unit.pk),
    }
    return render(request, "campaigns/unit_detail.html", context)


@allow(may_manage_units)
@methods("GET", "POST")
def unit_create(request: SignedInRequest) -> HttpResponse:
    commune = commune_of(request.user)
    form = UnitForm(request.POST or None, commune=commune)
    if request.method == "POST" and form.is_valid():
        unit = create_unit(actor=request.user, commune=commune, **form.values)
        messages.success(request, f"Đã thêm {unit.name}.")
        return redirect("campaigns:unit_detail", unit.pk)
    context = {"form": form, "heading": "Thêm đơn vị", "cancel_url": reverse("campaigns:unit_list")}
    return render(request, FORM_PAGE, context, status=422 if form.is_bound else 200)


@allow(may_manage_units)
@methods("GET", "POST")
def unit_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)
    form = UnitForm(request.POST or None, instance=unit, commune=commune_of(request.user))
    context = {"form": form, "heading": f"Sửa {unit.name}", "cancel_url": reverse("campaigns:unit_detail", args=[pk])}
    if request.method == "POST" and form.is_valid():
        try:
            update_unit(actor=request.user, unit=unit, expected_version=form.expected_version, **form.values)
        except StaleRecordError:
            return render_conflict(request, FORM_PAGE, form, unit, context)
        messages.success(request, "Đã lưu đơn vị.")
        return redirect("campaigns:unit_detail", unit.pk)
    return render(request, FORM_PAGE, context, status=422 if form.is_bound else 200)


@allow(may_manage_units)
@methods("GET", "POST")
def unit_close(request: SignedInRequest, pk: int) -> HttpResponse:
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)
    form = UnitCloseForm(request.POST or None, unit=unit)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        try:
            close_unit(actor=request.user, unit=unit, expected_version=values.pop("version") or 0, **values)
        except StaleRecordError:
            return render_conflict(request, "campaigns/unit_close.html", form, unit, _closing(unit))
        messages.success(request, f"{unit.name} kết thúc hoạt động sau ngày {date_short(values['last_day'])}.")
        return redirect("campaigns:unit_detail", unit.pk)
    return render(request, "campaigns/unit_close.html", {"form": form, **_closing(unit)}, status=_status(form))


@allow(may_manage_units)
@methods("GET", "POST")
def unit_merge(request: SignedInRequest) -> HttpResponse:
    commune = commune_of(request.user)
    form = UnitMergeForm(request.POST or None, commune=commune, initial={"units": request.GET.getlist("don-vi")})
    if not (request.method == "POST" and form.is_valid()) or "again" in request.POST:
        return render(request, "campaigns/unit_merge.html", {"form": form}, status=422 if form.errors else 200)
    if "confirmed" not in request.POST:
        return _merge_summary(request, form)
    values = {name: form.cleaned_data[name] for name in ("code", "name", "opened_on")}
    versions = form.seen_versions
    try:
        unit = merge_units(actor=request.user, commune=commune, units=form.chosen, expected_versions=versions, **values)
    except StaleRecordError:
        return _merge_summary(request, form, status=409)
    messages.success(request, f"Đã hợp nhất thành {unit.name}.")
    return redirect("campaigns:unit_detail", unit.pk)


def _merge_summary(request: SignedInRequest, form: UnitMergeForm, status: int = 200) -> HttpResponse:
    """What the merger would do, with a button that does it; 409 where the units changed since it was last shown."""
    summary = preview_merger(units=form.chosen, opened_on=form.cleaned_data["opened_on"])
    context = {"form": form, "summary": summary, "is_stale": status == 409}
    return render(request, "campaigns/unit_merge_summary.html", context, status=status)


def _closing(unit: Unit) -> dict[str, object]:
    return {"unit": unit, "consequences": closing_consequences(unit, local_today())}


def _status(form: UnitCloseForm | UnitMergeForm) -> int:
    return 422 if form.is_bound else 200
