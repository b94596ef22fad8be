"""Pages of what happens to a household from a day on: it splits, it moves to another village, either is taken back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access import allow, is_officer, may_keep_rosters
from accounts.conflicts import render_conflict
from accounts.requests import methods
from accounts.versions import StaleRecordError
from campaigns.forms.household_changes import HouseholdMoveForm, HouseholdSplitForm
from campaigns.forms.people import UndoForm
from campaigns.models import Household
from campaigns.roster_access import keeps_household
from campaigns.services.household_changes import (
    check_move_undo,
    check_split_undo,
    move_household,
    split_household,
    undo_household_move,
    undo_split,
)
from hbs_portal.lib.text import date_short

FORM_PAGE, UNDO_PAGE = "campaigns/household_change.html", "campaigns/household_change_undo.html"


@allow(may_keep_rosters)
@methods("GET", "POST")
def household_split(request: HttpRequest, pk: int) -> HttpResponse:
    """A new household splits off; who goes along is ticked."""
    household = _kept(request, pk)
    form = HouseholdSplitForm(request.POST or None, household=household)
    context = _page(form, household, "Tách hộ", "Hộ cũ giữ nguyên các lần kiểm tra và hoạt động đã ghi của mình.")
    if request.method == "POST" and form.is_valid():
        version = form.expected_version
        try:
            new = split_household(actor=request.user, household=household, expected_version=version, **form.values)
        except StaleRecordError:
            return render_conflict(request, FORM_PAGE, form, household, context, stored=form.values)
        messages.success(request, f"Đã tách hộ {new} từ ngày {date_short(new.starts_on)}.")
        return redirect("campaigns:household_detail", new.pk)
    return render(request, FORM_PAGE, context, status=422 if form.is_bound else 200)


@allow(is_officer)
@methods("GET", "POST")
def household_move(request: HttpRequest, pk: int) -> HttpResponse:
    """The household counts in another village from a day on."""
    household = _kept(request, pk)
    form = HouseholdMoveForm(request.POST or None, household=household, user=request.user)
    context = _page(form, household, "Chuyển thôn", "Thành viên trong danh sách của hộ chuyển theo từ ngày đó.")
    if request.method == "POST" and form.is_valid():
        version = form.expected_version
        try:
            move_household(actor=request.user, household=household, expected_version=version, **form.values)
        except StaleRecordError:
            stored = {"starts_on": form.cleaned_data["starts_on"]}
            return render_conflict(request, FORM_PAGE, form, household, context, stored=stored)
        messages.success(
            request, f"Hộ {household} thuộc {household.village} từ {date_short(form.values['starts_on'])}."
        )
        return redirect("campaigns:household_detail", pk)
    return render(request, FORM_PAGE, context, status=422 if form.is_bound else 200)


@allow(may_keep_rosters)
@methods("GET", "POST")
def household_split_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a split back while nothing is recorded about the new household."""
    household = _kept(request, pk)
    text = "Hộ mới được xóa, những người đã về hộ mới trở lại hộ cũ."
    done = f"Đã hoàn tác: hộ {household} không còn là hộ riêng."
    step = TakingBack(f"Hoàn tác tách hộ {household}?", text, done, check_split_undo, undo_split)
    return _take_back(request, household, step)


@allow(is_officer)
@methods("GET", "POST")
def household_move_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes the last move back while nothing was recorded since."""
    household = _kept(request, pk)
    text = "Hộ và thành viên trong danh sách trở lại thôn cũ, như chưa chuyển."
    done = f"Đã hoàn tác lần chuyển thôn của hộ {household}."
    step = TakingBack(f"Hoàn tác chuyển thôn của hộ {household}?", text, done, check_move_undo, undo_household_move)
    return _take_back(request, household, step)


@dataclass(frozen=True)
class TakingBack:
    """What is taken back: `undo` gives the household to whose page it then leads; `check` says why it cannot be."""

    title: str
    text: str
    done: str
    check: Callable[[Household], object]
    undo: Callable[..., Household]


def _take_back(request: HttpRequest, household: Household, step: TakingBack) -> HttpResponse:
    """Asks, or says why not."""
    form = UndoForm(request.POST or None, initial={"version": household.version})
    context = {"form": form, "household": household, "cancel_url": _address(household)}
    context |= {"title": step.title, "text": step.text}
    try:
        if request.method == "POST" and form.is_valid():
            left = step.undo(actor=request.user, household=household, expected_version=form.expected_version)
            messages.success(request, step.done)
            return redirect("campaigns:household_detail", left.pk)
        step.check(household)
    except StaleRecordError as stale:
        return render(request, UNDO_PAGE, {**context, "refusals": [stale]}, status=409)
    except ValidationError as refusal:
        status = 422 if request.method == "POST" else 200
        return render(request, UNDO_PAGE, {**context, "refusals": refusal.messages}, status=status)
    return render(request, UNDO_PAGE, context)


def _kept(request: HttpRequest, pk: int) -> Household:
    """The household, if this user may change the entry: 404 for a stranger, 403 for a reader."""
    households = Household.objects.visible_to(request.user).select_related("village")
    household = get_object_or_404(households, pk=pk)
    if not keeps_household(request.user, household):
        raise PermissionDenied
    return household


def _page(
    form: HouseholdSplitForm | HouseholdMoveForm, household: Household, heading: str, hint: str
) -> dict[str, Any]:
    return {
        "form": form,
        "household": household,
        "heading": f"{heading}: {household}",
        "hint": hint,
        "submit_label": heading,
        "cancel_url": _address(household),
    }


def _address(household: Household) -> str:
    return reverse("campaigns:household_detail", args=[household.pk])
