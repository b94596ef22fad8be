"""Entries that may be one person: suggested pairs, side by side, merged, taken apart again."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access import allow, is_officer
from accounts.requests import SignedInRequest, methods
from campaigns.forms.duplicates import DuplicateFilter, MergeForm
from campaigns.models import Person, Unit
from campaigns.models.imports import DistinctPeople, PersonMerge
from campaigns.selectors.people import with_memberships
from campaigns.services.duplicates import (
    mark_distinct,
    merge_people,
    possible_duplicates,
    suggest_again,
    unmerge_people,
)
from hbs_portal.lib.paging import page_of

COMPARE_PAGE, SPLIT_PAGE = "campaigns/person_compare.html", "campaigns/merge_undo.html"


@allow(is_officer)
@methods("GET")
def person_duplicates(request: SignedInRequest) -> HttpResponse:
    filter_form = DuplicateFilter(request.GET, user=request.user)
    commune = get_object_or_404(Unit, pk=request.user.scope.commune_id)
    pairs = possible_duplicates(commune=commune, unit=filter_form.chosen_unit)
    context = {"filter_form": filter_form, "page": page_of(pairs, request.GET)}
    return render(request, "campaigns/person_duplicates.html", context)


@allow(is_officer)
@methods("GET", "POST")
def person_compare(request: SignedInRequest, first: int, second: int) -> HttpResponse:
    pair = _pair(request, first, second)
    form = MergeForm(request.POST or None, pair=pair)
    context = {"pair": pair, "form": form, "cancel_url": reverse("campaigns:person_duplicates")}
    if request.method == "POST" and form.is_valid():
        try:
            merge = merge_people(actor=request.user, **form.values)
        except ValidationError as refusal:
            return render(request, COMPARE_PAGE, {**context, "refusals": refusal.messages}, status=422)
        messages.success(request, f"Đã gộp thành một mục: {merge.kept}. Có thể tách lại ở trang Đã gộp.")
        return redirect("campaigns:person_detail", merge.kept_id)
    return render(request, COMPARE_PAGE, context, status=422 if form.is_bound else 200)


@allow(is_officer)
@methods("POST")
def person_distinct(request: SignedInRequest, first: int, second: int) -> HttpResponse:
    pair = _pair(request, first, second)
    try:
        distinct = mark_distinct(actor=request.user, first=pair[0], second=pair[1])
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, f"{distinct} là hai người khác nhau, cổng không gợi ý cặp này nữa.")
    return redirect("campaigns:person_duplicates")


@allow(is_officer)
@methods("GET")
def distinct_list(request: SignedInRequest) -> HttpResponse:
    pairs = DistinctPeople.objects.visible_to(request.user).of_two_entries()
    page = page_of(pairs.select_related("first", "second", "decided_by"), request.GET)
    return render(request, "campaigns/distinct_list.html", {"page": page})


@allow(is_officer)
@methods("POST")
def distinct_undo(request: SignedInRequest, pk: int) -> HttpResponse:
    pairs = DistinctPeople.objects.visible_to(request.user).select_related("first", "second")
    distinct = get_object_or_404(pairs, pk=pk)
    suggest_again(actor=request.user, distinct=distinct)
    messages.success(request, f"{distinct}: cổng gợi ý lại cặp này nếu hai mục còn giống nhau.")
    return redirect("campaigns:distinct_list")


@allow(is_officer)
@methods("GET")
def merge_list(request: SignedInRequest) -> HttpResponse:
    merges = PersonMerge.objects.visible_to(request.user).select_related("kept", "absorbed", "merged_by")
    return render(request, "campaigns/merge_list.html", {"page": page_of(merges, request.GET)})


@allow(is_officer)
@methods("GET", "POST")
def merge_undo(request: SignedInRequest, pk: int) -> HttpResponse:
    merges = PersonMerge.objects.visible_to(request.user).select_related("kept", "absorbed", "merged_by")
    merge = get_object_or_404(merges, pk=pk)
    context = {"merge": merge, "cancel_url": reverse("campaigns:merge_list")}
    if request.method == "GET":
        return render(request, SPLIT_PAGE, context)
    try:
        absorbed = unmerge_people(actor=request.user, merge=merge)
    except ValidationError as refusal:
        return render(request, SPLIT_PAGE, {**context, "refusals": refusal.messages}, status=409)
    messages.success(request, f"Đã tách lại: {absorbed} là một mục riêng như trước.")
    return redirect("campaigns:merge_list")


def _pair(request: SignedInRequest, first: int, second: int) -> tuple[Person, Person]:
    """Two different people whom this user may see, with their memberships."""
    if first == second:
        raise Http404
    people = with_memberships(Person.objects.visible_to(request.user), request.user)
    return get_object_or_404(people, pk=first), get_object_or_404(people, pk=second)
