"""Pages of roster imports: history, upload, what a check found, apply."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access import allow, may_keep_rosters
from accounts.requests import methods
from campaigns.forms.imports import RosterUploadForm
from campaigns.importers.reports import report_from_json
from campaigns.models import RosterImport
from campaigns.roster_access import keeps_unit, may_read_people
from campaigns.selectors.imports import import_history
from campaigns.services.imports import ImportNotAppliedError, apply_roster, check_roster
from hbs_portal.lib.paging import page_of
from hbs_portal.lib.sheets.container import RefusedFile
from hbs_portal.lib.text import number_text


@allow(may_read_people)
@methods("GET")
def import_list(request: HttpRequest) -> HttpResponse:
    page = page_of(import_history(request.user), request.GET)
    context = {"page": page, "may_keep": may_keep_rosters(request.user)}
    return render(request, "campaigns/import_list.html", context)


@allow(may_keep_rosters)
@methods("GET", "POST")
def import_upload(request: HttpRequest) -> HttpResponse:
    given = {"unit": request.GET["don-vi"]} if "don-vi" in request.GET else None
    form = RosterUploadForm(request.POST or None, request.FILES or None, user=request.user, initial=given)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        try:
            roster_import = check_roster(actor=request.user, upload=values.pop("file"), **values)
        except RefusedFile as refused:
            form.add_error("file", str(refused))
        else:
            return redirect("campaigns:import_detail", roster_import.pk)
    return render(request, "campaigns/import_upload.html", {"form": form}, status=422 if form.is_bound else 200)


@allow(may_read_people)
@methods("GET")
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    roster_import = _visible_import(request, pk)
    return render(request, "campaigns/import_detail.html", _detail(request, roster_import))


@allow(may_keep_rosters)
@methods("POST")
def import_apply(request: HttpRequest, pk: int) -> HttpResponse:
    roster_import = _visible_import(request, pk)
    if not keeps_unit(request.user, roster_import.unit_id):
        raise PermissionDenied
    try:
        applied = apply_roster(actor=request.user, roster_import=roster_import)
    except ImportNotAppliedError as refusal:
        context = {**_detail(request, roster_import), "refusal": refusal}
        return render(request, "campaigns/import_detail.html", context, status=409)
    count = applied.report["counts"]["new"] + applied.report["counts"]["changed"]
    messages.success(request, f"Đã nạp {number_text(count)} học sinh vào danh sách của {applied.unit}.")
    return redirect("campaigns:import_detail", pk)


def _visible_import(request: HttpRequest, pk: int) -> RosterImport:
    imports = RosterImport.objects.visible_to(request.user).select_related("unit", "uploaded_by")
    return get_object_or_404(imports, pk=pk)


def _detail(request: HttpRequest, roster_import: RosterImport) -> dict[str, object]:
    """What the page shows; the rows are gone once the import was applied or is a day old."""
    return {
        "roster_import": roster_import,
        "counts": roster_import.report["counts"],
        "understood": roster_import.report["understood"],
        "report": report_from_json(roster_import.report) if "errors" in roster_import.report else None,
        "may_apply": keeps_unit(request.user, roster_import.unit_id) and bool(roster_import.file),
        "may_keep": may_keep_rosters(request.user),
    }
