"""Declared figures: head-counts, running totals, and where a unit's figures come from."""

from datetime import date
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access import allow, is_officer, may_approve, may_enter, may_keep_rosters
from accounts.requests import methods
from campaigns.choices import Group
from campaigns.models import Headcount, Unit
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.filters import remembered
from hbs_portal.lib.paging import page_of
from hbs_portal.lib.text import date_short, is_record_number
from training.forms.declared import FigureSourceForm, HeadcountForm, RunningTotalForm, UnitSearch
from training.models import RunningTotal
from training.selectors.declared import declared_figures, source_history, units_with_declared
from training.services.declared import (
    declare_headcount,
    declare_running_total,
    delete_declared,
    set_figure_source,
    update_headcount,
    update_running_total,
)
from training.views.records import FormPage, confirm_delete, editable_or_refuse, required_campaign, save_or_show
from training.workflow import own_waiting


@allow(may_enter)
@methods("GET")
def declared_list(request: HttpRequest) -> HttpResponse:
    """The units with declared figures; who works for one unit alone goes straight to it."""
    units = units_with_declared(request.user)
    if not request.user.scope.reads_commune and len(request.user.scope.unit_ids) == 1:
        return redirect("training:declared_unit", next(iter(request.user.scope.unit_ids)))
    parameters = remembered(request, "declared")
    filter_form = UnitSearch(parameters)
    page = page_of(filter_form.filter(units), parameters, per_page=50)
    context = {"filter_form": filter_form, "page": page, "parameters": parameters}
    context["may_import"] = is_officer(request.user)
    return render(request, "training/declared_list.html", context)


@allow(may_enter)
@methods("GET")
def declared_unit(request: HttpRequest, unit_pk: int) -> HttpResponse:
    """All declared numbers of one unit."""
    unit = get_object_or_404(units_with_declared(request.user), pk=unit_pk)
    figures = declared_figures(unit=unit, campaign=required_campaign(request.user))
    scope = request.user.scope
    may_write = may_keep_rosters(request.user) and (scope.has("OFFICER") or unit.pk in scope.recording_unit_ids)
    context = {
        "figures": figures,
        "may_write": may_write,
        "may_set_source": may_approve(request.user),
        "own_totals": own_waiting(request.user, RunningTotal, figures.totals),
        "own_headcounts": own_waiting(request.user, Headcount, figures.headcounts),
    }
    return render(request, "training/declared_unit.html", context)


def _asked_unit(request: HttpRequest) -> Unit | None:
    """The unit of `?don-vi=`, or the only one of this person."""
    units = Unit.objects.recorded_by(request.user)
    number = request.GET.get("don-vi", "")
    if is_record_number(number):
        return units.filter(pk=number).first()
    own = request.user.scope.recording_unit_ids
    return units.filter(pk__in=own).first() if len(own) == 1 else None


def _page(heading: str, unit: Unit | None, delete_url: str = "") -> dict[str, str]:
    done_url = reverse("training:declared_unit", args=[unit.pk]) if unit else reverse("training:declared_list")
    return {"heading": heading, "lead": unit.name if unit else "", "cancel_url": done_url, "delete_url": delete_url}


@allow(may_keep_rosters)
@methods("GET", "POST")
def headcount_create(request: HttpRequest) -> HttpResponse:
    """Declares how many of a group a unit has from a day on."""
    unit, campaign = _asked_unit(request), required_campaign(request.user)
    given = {"group": request.GET["nhom"]} if "nhom" in request.GET else {}
    form = HeadcountForm(request.POST or None, user=request.user, campaign=campaign, unit=unit, initial=given)
    page = _page("Khai quy mô", unit)
    return save_or_show(request, form, FormPage(declare_headcount, page, done_url=page["cancel_url"]))


@allow(may_keep_rosters)
@methods("GET", "POST")
def headcount_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Changes a draft or returned head-count."""
    record = editable_or_refuse(request.user, Headcount.objects.select_related("unit"), pk)
    campaign = required_campaign(request.user)
    form = HeadcountForm(request.POST or None, user=request.user, campaign=campaign, record=record)
    page = _page("Sửa quy mô khai báo", record.unit, reverse("training:headcount_delete", args=[pk]))
    save = partial(update_headcount, record=record)
    return save_or_show(request, form, FormPage(save, page, record=record, done_url=page["cancel_url"]))


@allow(may_keep_rosters)
@methods("GET", "POST")
def headcount_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Deletes a draft or returned head-count, after a question."""
    record = editable_or_refuse(request.user, Headcount.objects.select_related("unit"), pk)
    delete = partial(delete_declared, actor=request.user, record=record)
    done_url = reverse("training:declared_unit", args=[record.unit_id])
    return confirm_delete(request, record, delete, title=f"Xóa bản nháp “{record}”?", done_url=done_url)


@allow(may_keep_rosters)
@methods("GET", "POST")
def running_total_create(request: HttpRequest) -> HttpResponse:
    """Declares how many of a group a unit has reached since the beginning."""
    unit, campaign = _asked_unit(request), required_campaign(request.user)
    form = RunningTotalForm(request.POST or None, user=request.user, campaign=campaign, unit=unit)
    page = _page("Khai số luỹ kế", unit)
    return save_or_show(request, form, FormPage(declare_running_total, page, done_url=page["cancel_url"]))


@allow(may_keep_rosters)
@methods("GET", "POST")
def running_total_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Changes a draft or returned running total."""
    record = editable_or_refuse(request.user, RunningTotal.objects.select_related("unit", "target__campaign"), pk)
    campaign = record.target.campaign
    form = RunningTotalForm(request.POST or None, user=request.user, campaign=campaign, record=record)
    page = _page("Sửa số luỹ kế", record.unit, reverse("training:running_total_delete", args=[pk]))
    save = partial(update_running_total, record=record)
    return save_or_show(request, form, FormPage(save, page, record=record, done_url=page["cancel_url"]))


@allow(may_keep_rosters)
@methods("GET", "POST")
def running_total_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Deletes a draft or returned running total, after a question."""
    record = editable_or_refuse(request.user, RunningTotal.objects.select_related("unit"), pk)
    delete = partial(delete_declared, actor=request.user, record=record)
    done_url = reverse("training:declared_unit", args=[record.unit_id])
    return confirm_delete(request, record, delete, title=f"Xóa bản nháp “{record}”?", done_url=done_url)


@allow(may_approve)
@methods("GET", "POST")
def source_edit(request: HttpRequest, unit_pk: int, group: str) -> HttpResponse:
    """The office chooses the source of a unit's figures of one group."""
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=unit_pk)
    if group not in Group.values:
        raise Http404
    form = FigureSourceForm(request.POST or None, unit=unit, group=group)
    if request.method == "POST" and form.is_valid():
        stored = set_figure_source(actor=request.user, unit=unit, group=group, **form.cleaned_data)
        messages.success(request, source_words(stored.effective_on))
        return redirect("training:declared_unit", unit.pk)
    history = source_history(unit=unit, group=group)
    context = {"form": form, "unit": unit, "group_label": Group(group).label, "history": history}
    return render(request, "training/source_edit.html", context, status=422 if form.is_bound else 200)


def source_words(day: date) -> str:
    """A day to come is said: nothing moves until then, and a mistyped year would go unseen."""
    if day > local_today():
        return f"Đã ghi: nguồn số liệu đổi từ ngày {date_short(day)}; đến trước ngày đó số liệu giữ nguyên."
    return "Đã đổi nguồn số liệu."
