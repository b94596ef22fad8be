"""Pages of people on the rosters."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access import allow, is_officer, may_keep_rosters
from accounts.conflicts import render_conflict
from accounts.requests import methods
from accounts.versions import StaleRecordError
from campaigns.forms.people import (
    PersonCreateForm,
    PersonFilter,
    PersonForm,
    PersonJoinForm,
    PersonLeaveForm,
    PersonMoveForm,
    UndoForm,
)
from campaigns.models import Person
from campaigns.roster_access import keeps_person, keeps_unit, may_read_people
from campaigns.selectors.people import exclusions_of_person, with_memberships
from campaigns.services.people import (
    LastChange,
    create_person,
    end_membership,
    join_unit,
    last_change,
    move_person,
    reopen_membership,
    update_person,
)
from hbs_portal.lib.filters import remembered
from hbs_portal.lib.paging import page_of
from hbs_portal.lib.text import date_short

FORM_PAGE = "campaigns/form_page.html"
MOVE_PAGE, LEAVE_PAGE = "campaigns/person_move.html", "campaigns/person_leave.html"
UNDO_PAGE = "campaigns/person_undo.html"


@allow(may_read_people)
@methods("GET")
def person_list(request: HttpRequest) -> HttpResponse:
    parameters = remembered(request, "people")
    filter_form = PersonFilter(parameters, user=request.user)
    people = filter_form.filter(Person.objects.visible_to(request.user)).in_order()
    context = {
        "page": page_of(with_memberships(people, request.user), parameters, per_page=40),
        "filter_form": filter_form,
        "filter_query": parameters.urlencode(),
        "may_keep": may_keep_rosters(request.user),
        "may_merge": is_officer(request.user),
    }
    return render(request, "campaigns/person_list.html", context)


@allow(may_read_people)
@methods("GET")
def person_detail(request: HttpRequest, pk: int) -> HttpResponse:
    people = with_memberships(Person.objects.visible_to(request.user), request.user)
    person = get_object_or_404(people, pk=pk)
    may_keep = keeps_person(request.user, person)
    context = {
        "person": person,
        "may_keep": may_keep,
        "is_present": any(row.ends_on is None for row in person.shown_memberships),
        "change": last_change(person) if may_keep else None,
        "exclusions": exclusions_of_person(person, request.user),
    }
    return render(request, "campaigns/person_detail.html", context)


@allow(may_keep_rosters)
@methods("GET", "POST")
def person_create(request: HttpRequest) -> HttpResponse:
    given = {"unit": request.GET["don-vi"]} if "don-vi" in request.GET else None
    form = PersonCreateForm(request.POST or None, user=request.user, initial=given)
    if request.method == "POST" and form.is_valid():
        person = create_person(actor=request.user, **form.values)
        messages.success(request, f"Đã thêm {person.full_name} vào danh sách.")
        return redirect("campaigns:person_detail", person.pk)
    return render(request, "campaigns/person_create.html", {"form": form}, status=422 if form.is_bound else 200)


@allow(may_keep_rosters)
@methods("GET", "POST")
def person_edit(request: HttpRequest, pk: int) -> HttpResponse:
    person = _kept_person(request, pk)
    form = PersonForm(request.POST or None, instance=person, user=request.user)
    context = {"form": form, "heading": "Sửa thông tin người", "cancel_url": _page(pk)}
    if request.method == "POST" and form.is_valid():
        try:
            update_person(actor=request.user, person=person, expected_version=form.expected_version, **form.values)
        except StaleRecordError:
            return render_conflict(request, FORM_PAGE, form, person, context)
        messages.success(request, "Đã lưu thông tin.")
        return redirect("campaigns:person_detail", pk)
    return render(request, FORM_PAGE, context, status=422 if form.is_bound else 200)


@allow(may_keep_rosters)
@methods("GET", "POST")
def person_move(request: HttpRequest, pk: int) -> HttpResponse:
    person = _kept_person(request, pk)
    form = PersonMoveForm(request.POST or None, user=request.user, person=person)
    context = {"form": form, "person": person, "cancel_url": _page(pk)}
    if request.method == "POST" and form.is_valid():
        try:
            opened = move_person(actor=request.user, expected_version=form.expected_version, **form.values)
        except StaleRecordError:
            return render_conflict(request, MOVE_PAGE, form, person, context, stored=_membership_values(form))
        since = date_short(opened.starts_on)
        place = f"lớp {opened.class_name}, {opened.unit}" if opened.class_name else opened.unit
        messages.success(request, f"{person} thuộc {place} từ ngày {since}.")
        return redirect("campaigns:person_detail", pk)
    return render(request, MOVE_PAGE, context, status=422 if form.is_bound else 200)


@allow(may_keep_rosters)
@methods("GET", "POST")
def person_join(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody who left comes back, or belongs to one more unit; nothing ends."""
    person = _kept_person(request, pk)
    form = PersonJoinForm(request.POST or None, user=request.user, person=person)
    lead = "Dùng khi người đã thôi trở lại, hoặc cùng lúc thuộc thêm một đơn vị. Người chuyển đi thì dùng “Chuyển”."
    context = {"form": form, "heading": f"Trở lại, thêm đơn vị: {person}", "lead": lead, "cancel_url": _page(pk)}
    if request.method == "POST" and form.is_valid():
        try:
            opened = join_unit(actor=request.user, person=person, expected_version=form.expected_version, **form.values)
        except StaleRecordError:
            return render_conflict(request, FORM_PAGE, form, person, context, stored=form.values)
        messages.success(request, f"{person} thuộc {opened.unit} từ ngày {date_short(opened.starts_on)}.")
        return redirect("campaigns:person_detail", pk)
    return render(request, FORM_PAGE, context, status=422 if form.is_bound else 200)


@allow(may_keep_rosters)
@methods("GET", "POST")
def person_leave(request: HttpRequest, pk: int) -> HttpResponse:
    person = _kept_person(request, pk)
    form = PersonLeaveForm(request.POST or None, user=request.user, person=person)
    context = {"form": form, "person": person, "cancel_url": _page(pk)}
    if request.method == "POST" and form.is_valid():
        try:
            ended = end_membership(actor=request.user, expected_version=form.expected_version, **form.values)
        except StaleRecordError:
            return render_conflict(request, LEAVE_PAGE, form, person, context, stored=_membership_values(form))
        messages.success(request, f"{person} thôi thuộc {ended.unit} sau ngày {date_short(ended.ends_on)}.")
        return redirect("campaigns:person_detail", pk)
    return render(request, LEAVE_PAGE, context, status=422 if form.is_bound else 200)


@allow(may_keep_rosters)
@methods("GET", "POST")
def person_undo(request: HttpRequest, pk: int) -> HttpResponse:
    person = _kept_person(request, pk)
    change = _reversible_by(request, person)
    form = UndoForm(request.POST or None, initial={"version": person.version})
    context = {"person": person, "change": change, "form": form, "cancel_url": _page(pk)}
    if request.method == "POST" and form.is_valid():
        try:
            reopen_membership(actor=request.user, person=person, expected_version=form.expected_version)
        except StaleRecordError as stale:
            return render(request, UNDO_PAGE, {**context, "refusals": [stale]}, status=409)
        except ValidationError as refusal:
            return render(request, UNDO_PAGE, {**context, "refusals": refusal.messages}, status=422)
        messages.success(request, f"Đã hoàn tác: {person} trở lại {change.ended.unit}.")
        return redirect("campaigns:person_detail", pk)
    return render(request, UNDO_PAGE, context)


def _reversible_by(request: HttpRequest, person: Person) -> LastChange | None:
    """The person's last change; 403 where it touched a unit whose list this user does not keep."""
    change = last_change(person)
    if change and not all(keeps_unit(request.user, unit_id) for unit_id in change.unit_ids):
        raise PermissionDenied
    return change


def _kept_person(request: HttpRequest, pk: int) -> Person:
    """The person, if this user may change the entry: 404 for a stranger, 403 for a reader."""
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    if not keeps_person(request.user, person):
        raise PermissionDenied
    return person


def _membership_values(form: PersonMoveForm | PersonLeaveForm) -> dict[str, object]:
    """What is stored now, by the fields of the form, for the page that shows a conflict."""
    now = form.present
    names = {"membership": now, "unit": now and now.unit, "last_day": now and now.ends_on}
    return names | {name: getattr(now, name, None) for name in ("group", "class_name", "starts_on")}


def _page(pk: int) -> str:
    return reverse("campaigns:person_detail", args=[pk])
