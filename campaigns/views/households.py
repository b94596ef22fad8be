"""Pages of households."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access import allow, is_officer, may_enter, may_keep_rosters, may_record
from accounts.conflicts import render_conflict
from accounts.requests import methods
from accounts.versions import StaleRecordError
from campaigns.forms.households import HouseholdFilter, HouseholdForm, HouseholdLeaveForm
from campaigns.forms.people import UndoForm
from campaigns.models import Household
from campaigns.roster_access import keeps_household, may_read_people, records_household
from campaigns.selectors.households import household_events, residents_shown
from campaigns.services.households import create_household, end_household, reopen_household, update_household
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.filters import remembered
from hbs_portal.lib.paging import page_of
from hbs_portal.lib.text import date_short

FORM_PAGE = "campaigns/form_page.html"
LEAVE_PAGE, UNDO_PAGE = "campaigns/household_leave.html", "campaigns/household_undo.html"


@allow(may_enter)
@methods("GET")
def household_list(request: HttpRequest) -> HttpResponse:
    parameters = remembered(request, "households")
    filter_form = HouseholdFilter(parameters, user=request.user)
    households = filter_form.filter(Household.objects.visible_to(request.user), local_today())
    page = page_of(households.select_related("village").in_order(), parameters, per_page=40)
    context = {
        "page": page,
        "filter_form": filter_form,
        "filter_query": parameters.urlencode(),
        "may_export": may_read_people(request.user),
        "may_keep": may_keep_rosters(request.user),
        "may_record": may_record(request.user),
        "recorded": {household.pk for household in page if records_household(request.user, household)},
    }
    return render(request, "campaigns/household_list.html", context)


@allow(may_enter)
@methods("GET")
def household_detail(request: HttpRequest, pk: int) -> HttpResponse:
    households = Household.objects.visible_to(request.user).select_related("village", "split_from")
    household = get_object_or_404(households, pk=pk)
    context = {
        "household": household,
        "events": household_events(household),
        "residents": residents_shown(household, request.user),
        "has_moved": household.moves.exists(),
        "may_keep": keeps_household(request.user, household),
        "may_move": is_officer(request.user),
        "may_record": records_household(request.user, household),
    }
    return render(request, "campaigns/household_detail.html", context)


@allow(may_keep_rosters)
@methods("GET", "POST")
def household_create(request: HttpRequest) -> HttpResponse:
    given = {"village": request.GET["thon"]} if "thon" in request.GET else None
    form = HouseholdForm(request.POST or None, user=request.user, initial=given)
    if request.method == "POST" and form.is_valid():
        household = create_household(actor=request.user, **form.values)
        messages.success(request, f"Đã thêm hộ {household.head_name}.")
        return redirect("campaigns:household_detail", household.pk)
    context = {"form": form, "heading": "Thêm hộ gia đình", "cancel_url": reverse("campaigns:household_list")}
    return render(request, FORM_PAGE, context, status=422 if form.is_bound else 200)


@allow(may_keep_rosters)
@methods("GET", "POST")
def household_edit(request: HttpRequest, pk: int) -> HttpResponse:
    household = _kept_household(request, pk)
    form = HouseholdForm(request.POST or None, instance=household, user=request.user)
    context = {"form": form, "heading": "Sửa hộ gia đình", "cancel_url": _page(pk)}
    if request.method == "POST" and form.is_valid():
        version = form.expected_version
        try:
            update_household(actor=request.user, household=household, expected_version=version, **form.values)
        except StaleRecordError:
            return render_conflict(request, FORM_PAGE, form, household, context)
        messages.success(request, "Đã lưu hộ gia đình.")
        return redirect("campaigns:household_detail", pk)
    return render(request, FORM_PAGE, context, status=422 if form.is_bound else 200)


@allow(may_keep_rosters)
@methods("GET", "POST")
def household_leave(request: HttpRequest, pk: int) -> HttpResponse:
    household = _kept_household(request, pk)
    form = HouseholdLeaveForm(request.POST or None, household=household)
    context = {"form": form, "household": household, "cancel_url": _page(pk)}
    if request.method == "POST" and form.is_valid():
        version = form.expected_version
        try:
            end_household(actor=request.user, household=household, expected_version=version, **form.values)
        except StaleRecordError:
            stored = {"last_day": household.ends_on, "reason": household.end_reason}
            return render_conflict(request, LEAVE_PAGE, form, household, context, stored=stored)
        messages.success(request, f"Hộ {household} không còn ở thôn sau ngày {date_short(household.ends_on)}.")
        return redirect("campaigns:household_detail", pk)
    return render(request, LEAVE_PAGE, context, status=422 if form.is_bound else 200)


@allow(may_keep_rosters)
@methods("GET", "POST")
def household_undo(request: HttpRequest, pk: int) -> HttpResponse:
    household = _kept_household(request, pk)
    form = UndoForm(request.POST or None, initial={"version": household.version})
    context = {"form": form, "household": household, "cancel_url": _page(pk)}
    if request.method == "POST" and form.is_valid():
        try:
            reopen_household(actor=request.user, household=household, expected_version=form.expected_version)
        except StaleRecordError as stale:
            return render(request, UNDO_PAGE, {**context, "refusals": [stale]}, status=409)
        except ValidationError as refusal:
            return render(request, UNDO_PAGE, {**context, "refusals": refusal.messages}, status=422)
        messages.success(request, f"Đã hoàn tác: hộ {household} trở lại {household.village}.")
        return redirect("campaigns:household_detail", pk)
    return render(request, UNDO_PAGE, context)


def _kept_household(request: HttpRequest, pk: int) -> Household:
    """The household, if this user may change the entry: 404 for a stranger, 403 for a reader."""
    households = Household.objects.visible_to(request.user).select_related("village")
    household = get_object_or_404(households, pk=pk)
    if not keeps_household(request.user, household):
        raise PermissionDenied
    return household


def _page(pk: int) -> str:
    return reverse("campaigns:household_detail", args=[pk])
