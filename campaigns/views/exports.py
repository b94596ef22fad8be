"""Lists that leave the portal: templates to fill in, and rosters with names, each for a reason."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.access import allow, may_keep_rosters
from accounts.requests import SignedInRequest, methods
from campaigns.exporters.templates import template_workbook
from campaigns.forms.exports import ExportForm, PersonExportForm, TemplateForm
from campaigns.forms.households import HouseholdFilter
from campaigns.forms.people import PersonFilter
from campaigns.importers.kinds import kind_spec
from campaigns.models import Household, Person
from campaigns.models.imports import RosterKind
from campaigns.roster_access import may_read_people
from campaigns.services.exports import ExportRequest, NothingToExportError, export_households, export_people
from campaigns.views.downloads import workbook_response
from hbs_portal.lib.dates import local_today

EXPORT_PAGE = "campaigns/roster_export.html"


@allow(may_keep_rosters)
@methods("GET")
def roster_template(request: SignedInRequest) -> HttpResponse:
    form = TemplateForm(request.GET, user=request.user)
    if not form.is_valid():
        return render(request, "404.html", status=404)
    spec, unit = kind_spec(form.cleaned_data["kind"]), form.cleaned_data["unit"]
    return _workbook(f"Mẫu {spec.label} - {unit.code}", lambda path: template_workbook(spec, unit, local_today(), path))


@allow(may_read_people)
@methods("GET", "POST")
def person_export(request: SignedInRequest) -> HttpResponse:
    filter_form = PersonFilter(request.GET, user=request.user)
    people = filter_form.filter(Person.objects.visible_to(request.user))
    form = PersonExportForm(request.POST or None, group=filter_form.chosen_group)
    context = {"form": form, "chosen": filter_form.in_words, "cancel_url": _list(request, "person_list")}
    if request.method == "POST" and form.is_valid():
        wanted = ExportRequest(request.user, **form.cleaned_data, chosen=filter_form.in_words, as_of=filter_form.as_of)
        rows = filter_form.memberships(people)
        try:
            return _workbook("Danh sách người", lambda path: export_people(request=wanted, memberships=rows, path=path))
        except NothingToExportError as nothing:
            form.add_error("kind", str(nothing))
    return render(request, EXPORT_PAGE, context, status=422 if form.is_bound else 200)


@allow(may_read_people)
@methods("GET", "POST")
def household_export(request: SignedInRequest) -> HttpResponse:
    filter_form = HouseholdFilter(request.GET, user=request.user)
    rows = filter_form.filter(Household.objects.visible_to(request.user), local_today())
    form, kind = ExportForm(request.POST or None), RosterKind.HOUSEHOLDS
    context = {"form": form, "chosen": filter_form.in_words, "cancel_url": _list(request, "household_list")}
    if request.method == "POST" and form.is_valid():
        reason, chosen = form.cleaned_data["reason"], filter_form.in_words
        wanted = ExportRequest(request.user, kind, reason, chosen, as_of=local_today())
        try:
            return _workbook("Danh sách hộ", lambda path: export_households(request=wanted, households=rows, path=path))
        except NothingToExportError as nothing:
            form.add_error("reason", str(nothing))
    return render(request, EXPORT_PAGE, context, status=422 if form.is_bound else 200)


def _workbook(name: str, write: Callable[[Path], object]) -> HttpResponse:
    """A workbook made on the spot; its name carries the day."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "danh-sach.xlsx"
        write(path)
        return workbook_response(path, f"{name} {local_today():%d-%m-%Y}.xlsx")


def _list(request: SignedInRequest, name: str) -> str:
    """The list that the page was opened from, with its filters."""
    return f"{reverse(f'campaigns:{name}')}?{request.GET.urlencode()}"
