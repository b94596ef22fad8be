"""Lists that leave the portal: templates to fill in, and rosters with names, each for a reason."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.http import HttpResponse
from django.shortcuts import render

from accounts.access import allow, may_keep_rosters
from accounts.export_pages import export_page
from accounts.requests import SignedInRequest, methods
from campaigns.exported_lists import HOUSEHOLDS, PEOPLE
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
    return export_page(request, PEOPLE)


@allow(may_read_people)
@methods("GET", "POST")
def household_export(request: SignedInRequest) -> HttpResponse:
    """The households that the list shows, as a workbook that imports again."""
    return export_page(request, HOUSEHOLDS)
