"""The household check: the list, the quick entry from one household to the next, drafts."""

from functools import partial
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access import allow, may_enter, may_record
from accounts.requests import methods
from campaigns.current import current_campaign
from campaigns.models import Campaign, Household
from hbs_portal.lib.filters import remembered
from hbs_portal.lib.paging import page_of
from training.forms.households import HouseholdCheckFilter, HouseholdCheckForm
from training.models import HouseholdCheck
from training.selections import PARAMETER, selection_of
from training.services.households import (
    delete_household_check,
    next_household,
    record_household_check,
    update_household_check,
)
from training.views.records import FormPage, confirm_delete, editable_or_refuse, required_campaign, save_or_show
from training.workflow import own_waiting

TEMPLATE = "training/household_check_form.html"


@allow(may_enter)
@methods("GET")
def household_check_list(request: HttpRequest) -> HttpResponse:
    """Checks with their state, newest first."""
    parameters = remembered(request, "household_check")
    filter_form = HouseholdCheckFilter(parameters, user=request.user)
    campaign = current_campaign(request.user)
    rows = HouseholdCheck.objects.visible_to(request.user).filter(campaign=campaign)
    rows = filter_form.filter(rows.current().select_related("household__village", "entered_by", "revision"))
    page = page_of(rows, parameters)
    context = {
        "filter_form": filter_form,
        "page": page,
        "parameters": parameters,
        "own": own_waiting(request.user, HouseholdCheck, page.object_list),
        "may_write": may_record(request.user),
    }
    return render(request, "training/household_check_list.html", context)


@allow(may_record)
@methods("GET", "POST")
def household_check_record(request: HttpRequest, household_pk: int | None = None) -> HttpResponse:
    """Checks one household; without a number it goes to the first that is still to be checked (of `?chon=key`)."""
    campaign = required_campaign(request.user)
    if household_pk is None:
        return _go_on(request, campaign)
    households = Household.objects.select_related("village")
    household = get_object_or_404(households.visible_to(request.user), pk=household_pk)
    if not households.recorded_by(request.user).filter(pk=household_pk).exists():
        raise PermissionDenied
    form = HouseholdCheckForm(request.POST or None, campaign=campaign, household=household)
    earlier = HouseholdCheck.objects.current().filter(campaign=campaign, household=household)[:3]
    save = partial(record_household_check, campaign=campaign, household=household)
    context = {"household": household, "earlier": earlier, "cancel_url": reverse("training:household_check_list")}
    context["is_quick"] = True
    done_url = reverse("training:household_check_list")
    if request.POST.get("viec", "").endswith("-tiep"):
        done_url = reverse("training:household_check_next", args=[household.pk]) + _kept_choice(request)
    page = FormPage(save, context, done_url=done_url, template=TEMPLATE, about=f"hộ {household}")
    return save_or_show(request, form, page)


@allow(may_record)
@methods("GET")
def household_check_next(request: HttpRequest, household_pk: int) -> HttpResponse:
    """Goes from one household of a village to the next that is still to be checked."""
    household = get_object_or_404(Household.objects.visible_to(request.user), pk=household_pk)
    return _go_on(request, required_campaign(request.user), household)


def _go_on(request: HttpRequest, campaign: Campaign, after: Household | None = None) -> HttpResponse:
    """To the next household; where some were chosen on another page, of those alone and whatever was checked before."""
    chosen = selection_of(request)
    among = chosen.household_ids if chosen and chosen.household_ids else None
    household = next_household(user=request.user, campaign=campaign, after=after, among=among)
    if household is None:
        messages.info(request, "Không còn hộ nào chờ kiểm tra.")
        return redirect("training:household_check_list")
    return redirect(reverse("training:household_check_record", args=[household.pk]) + _kept_choice(request))


def _kept_choice(request: HttpRequest) -> str:
    """`?chon=key` for the next address, where the choice of another page is being worked through."""
    return f"?{urlencode({PARAMETER: request.GET[PARAMETER]})}" if request.GET.get(PARAMETER) else ""


@allow(may_record)
@methods("GET", "POST")
def household_check_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Changes a draft or returned check."""
    checks = HouseholdCheck.objects.select_related("household__village", "campaign")
    check = editable_or_refuse(request.user, checks, pk)
    form = HouseholdCheckForm(request.POST or None, campaign=check.campaign, household=check.household, check=check)
    context = {
        "household": check.household,
        "delete_url": reverse("training:household_check_delete", args=[pk]),
        "cancel_url": reverse("training:household_check_list"),
    }
    save = partial(update_household_check, check=check)
    done_url = context["cancel_url"]
    return save_or_show(request, form, FormPage(save, context, record=check, done_url=done_url, template=TEMPLATE))


@allow(may_record)
@methods("GET", "POST")
def household_check_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Deletes a draft or returned check, after a question."""
    check = editable_or_refuse(request.user, HouseholdCheck.objects.select_related("household"), pk)
    delete = partial(delete_household_check, actor=request.user, check=check)
    title = f"Xóa bản kiểm tra nháp của hộ {check.household}?"
    return confirm_delete(request, check, delete, title=title, done_url=reverse("training:household_check_list"))
