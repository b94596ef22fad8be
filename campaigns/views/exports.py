"""Lists that leave the portal: templates to fill in, and the lists of this app."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.http import HttpResponse
from django.shortcuts import render

from accounts.access import allow, is_admin, may_enter, may_keep_rosters, reads_commune
from accounts.export_pages import export_page
from accounts.requests import SignedInRequest, methods
from campaigns import exported_lists as lists
from campaigns.exporters.templates import template_workbook
from campaigns.forms.exports import TemplateForm
from campaigns.importers.kinds import kind_spec
from campaigns.roster_access import may_read_people
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.downloads import workbook_response


@allow(may_keep_rosters)
@methods("GET")
def roster_template(request: SignedInRequest) -> HttpResponse:
    form = TemplateForm(request.GET, user=request.user)
    if not form.is_valid():
        return render(request, "404.html", status=404)
    spec, unit = kind_spec(form.cleaned_data["kind"]), form.cleaned_data["unit"]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "mau.xlsx"
        template_workbook(spec, unit, local_today(), path)
        return workbook_response(path, f"Mẫu {spec.label} - {unit.code} {local_today():%d-%m-%Y}.xlsx")


@allow(may_read_people)
@methods("GET", "POST")
def person_export(request: SignedInRequest) -> HttpResponse:
    """The people that the list shows, as a workbook that imports again."""
    return export_page(request, lists.PEOPLE)


@allow(may_read_people)
@methods("GET", "POST")
def household_export(request: SignedInRequest) -> HttpResponse:
    """The households that the list shows, as a workbook that imports again."""
    return export_page(request, lists.HOUSEHOLDS)


@allow(reads_commune)
@methods("GET", "POST")
def unit_export(request: SignedInRequest) -> HttpResponse:
    """The units that the list shows, as a workbook that imports again."""
    return export_page(request, lists.UNITS)


@allow(may_enter)
@methods("GET", "POST")
def team_export(request: SignedInRequest) -> HttpResponse:
    """The digital teams that the list shows."""
    return export_page(request, lists.TEAMS)


@allow(is_admin)
@methods("GET", "POST")
def account_export(request: SignedInRequest) -> HttpResponse:
    """The accounts that the list shows."""
    return export_page(request, lists.ACCOUNTS)
