"""Pages of roster imports: history, upload, what a check found, answers, apply, wrong rows, taking back."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRefresh

from accounts.access import allow, may_keep_rosters
from accounts.requests import SignedInRequest, methods
from campaigns.forms.exports import TemplateForm
from campaigns.forms.import_answers import AnswersForm, DecisionsForm
from campaigns.forms.imports import ApplyForm, RosterUploadForm
from campaigns.importers.kinds import NotUndoneError
from campaigns.models import RosterImport
from campaigns.pages.imports import ImportPage
from campaigns.roster_access import keeps_unit, may_read_people
from campaigns.selectors.imports import import_history, job_of
from campaigns.services.imports import (
    ImportNotAppliedError,
    apply_roster,
    check_roster,
    recheck_roster,
    undo_import,
    wrong_rows_workbook,
)
from hbs_portal.lib.downloads import workbook_response
from hbs_portal.lib.paging import page_of
from hbs_portal.lib.sheets.container import RefusedFile

DETAIL_PAGE, UNDO_PAGE = "campaigns/import_detail.html", "campaigns/import_undo.html"


@allow(may_read_people)
@methods("GET")
def import_list(request: SignedInRequest) -> HttpResponse:
    page = page_of(import_history(request.user), request.GET)
    kept = {one.unit_id for one in page if keeps_unit(request.user, one.unit_id)}
    context = {"page": page, "may_keep": may_keep_rosters(request.user), "kept": kept}
    return render(request, "campaigns/import_list.html", context)


@allow(may_keep_rosters)
@methods("GET", "POST")
def import_upload(request: SignedInRequest) -> HttpResponse:
    form = RosterUploadForm(request.POST or None, request.FILES or None, user=request.user, initial=_given(request))
    if request.method == "POST" and form.is_valid():
        try:
            roster_import = check_roster(actor=request.user, **form.values)
        except RefusedFile as refused:
            form.add_error("file", str(refused))
        else:
            return redirect("campaigns:import_detail", roster_import.pk)
    templates = TemplateForm(user=request.user, auto_id="mau_%s", initial=_given(request))
    context = {"form": form, "template_form": templates}
    return render(request, "campaigns/import_upload.html", context, status=422 if form.is_bound else 200)


@allow(may_read_people)
@vary_on_headers("HX-Request")
@methods("GET")
def import_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    roster_import = _visible_import(request, pk)
    if request.htmx:
        return _progress(request, roster_import)
    return _detail(request, roster_import)


@allow(may_keep_rosters)
@methods("POST")
def import_answer(request: SignedInRequest, pk: int) -> HttpResponse:
    roster_import = _kept_import(request, pk)
    page = ImportPage(roster_import, request.user, request.GET)
    form = _questions_form(page, request.POST) if "cau-hoi" in request.POST else _doubts_form(page, request.POST)
    name = "questions_form" if isinstance(form, AnswersForm) else "doubts_form"
    if not form.is_valid():
        return _detail(request, roster_import, status=422, **{name: form})
    try:
        recheck_roster(actor=request.user, roster_import=roster_import, answers=form.answers())
    except (ImportNotAppliedError, RefusedFile) as refusal:
        return _detail(request, roster_import, status=409, **{name: form, "refusal": refusal})
    messages.success(request, "Đã ghi câu trả lời và đọc lại tệp.")
    return redirect("campaigns:import_detail", pk)


@allow(may_keep_rosters)
@methods("POST")
def import_recheck(request: SignedInRequest, pk: int) -> HttpResponse:
    """What a job could not bring to its end, with the answers that were given."""
    roster_import = _kept_import(request, pk)
    answers = ImportPage(roster_import, request.user, request.GET).answers
    try:
        recheck_roster(actor=request.user, roster_import=roster_import, answers=answers)
    except (ImportNotAppliedError, RefusedFile) as refusal:
        return _detail(request, roster_import, status=409, refusal=refusal)
    return redirect("campaigns:import_detail", pk)


@allow(may_keep_rosters)
@methods("POST")
def import_apply(request: SignedInRequest, pk: int) -> HttpResponse:
    roster_import = _kept_import(request, pk)
    form = _apply_form(ImportPage(roster_import, request.user, request.GET), request.POST)
    if not form.is_valid():
        return _detail(request, roster_import, status=422, apply_form=form)
    try:
        apply_roster(actor=request.user, roster_import=roster_import, **form.values)
    except ImportNotAppliedError as refusal:
        return _detail(request, roster_import, status=409, apply_form=form, refusal=refusal)
    return redirect("campaigns:import_detail", pk)


@allow(may_keep_rosters)
@methods("GET")
def import_wrong_rows(request: SignedInRequest, pk: int) -> HttpResponse:
    roster_import = _kept_import(request, pk)
    if not ImportPage(roster_import, request.user, request.GET).has_wrong_rows:
        return _detail(request, roster_import, status=409, refusal="Tệp này không có dòng nào cần sửa.")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "dong-sai.xlsx"
        try:
            wrong_rows_workbook(roster_import, path)
        except ImportNotAppliedError as refusal:
            return _detail(request, roster_import, status=409, refusal=refusal)
        return workbook_response(path, f"Dòng cần sửa - {Path(roster_import.file_name).stem}.xlsx")


@allow(may_keep_rosters)
@methods("GET", "POST")
def import_undo(request: SignedInRequest, pk: int) -> HttpResponse:
    roster_import = _kept_import(request, pk)
    context = {"roster_import": roster_import, "page": ImportPage(roster_import, request.user, request.GET)}
    if request.method == "GET":
        return render(request, UNDO_PAGE, context)
    try:
        undo_import(actor=request.user, roster_import=roster_import)
    except NotUndoneError as refusal:
        return render(request, UNDO_PAGE, {**context, "refusal": refusal}, status=409)
    return redirect("campaigns:import_detail", pk)


def _visible_import(request: SignedInRequest, pk: int) -> RosterImport:
    imports = RosterImport.objects.visible_to(request.user).select_related("unit", "uploaded_by")
    return get_object_or_404(imports, pk=pk)


def _kept_import(request: SignedInRequest, pk: int) -> RosterImport:
    """The import, if this user keeps the lists of its unit: 404 for a stranger, 403 for a reader."""
    roster_import = _visible_import(request, pk)
    if not keeps_unit(request.user, roster_import.unit_id):
        raise PermissionDenied
    return roster_import


def _given(request: SignedInRequest) -> dict[str, str]:
    """What a link to the upload already knows."""
    names = {"don-vi": "unit", "loai": "kind", "ngay": "effective_on", "hoat-dong": "activity_id"}
    return {field: request.GET[name] for name, field in names.items() if name in request.GET}


def _progress(request: SignedInRequest, roster_import: RosterImport) -> HttpResponse:
    """What the page asks for every two seconds while a job is at it; the whole page once it is done."""
    job = job_of(roster_import) if roster_import.is_working else None
    if job is None or not job.is_open:
        return HttpResponseClientRefresh()
    return render(request, "includes/progress_job.html", {"job": job, "poll_url": request.path})


def _detail(request: SignedInRequest, roster_import: RosterImport, status: int = 200, **said: Any) -> HttpResponse:
    """The page of an import; `said`: a form that came back, a refusal."""
    page = ImportPage(roster_import, request.user, request.GET)
    context = {
        "roster_import": roster_import,
        "shown": page,
        "page": page.rows,
        "job": job_of(roster_import) if roster_import.is_working else None,
        "poll_url": reverse("campaigns:import_detail", args=[roster_import.pk]),
        "may_keep": may_keep_rosters(request.user),
        "questions_form": _questions_form(page),
        "doubts_form": _doubts_form(page),
        "apply_form": _apply_form(page),
    }
    return render(request, DETAIL_PAGE, context | said, status=status)


def _questions_form(page: ImportPage, data: Any = None) -> AnswersForm:
    return AnswersForm(data, questions=page.questions, said=page.answers, auto_id="hoi_%s")


def _doubts_form(page: ImportPage, data: Any = None) -> DecisionsForm:
    return DecisionsForm(data, doubts=page.doubts, said=page.answers, auto_id="trung_%s")


def _apply_form(page: ImportPage, data: Any = None) -> ApplyForm:
    return ApplyForm(data, choices=page.leaver_choices, before=page.roster_import.effective_on)
