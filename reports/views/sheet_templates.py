"""Pages of the superior's own forms: list, upload, binding, filling."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from accounts.access import allow, is_officer
from accounts.requests import SignedInRequest, methods
from accounts.versions import StaleRecordError
from campaigns.current import current_campaign
from hbs_portal.lib.downloads import workbook_response
from hbs_portal.lib.paging import page_of
from hbs_portal.lib.sheets.container import RefusedFile
from reports.access import may_take_reports
from reports.exporters.sheet_template.figures import Known, UnknownFigureError
from reports.exporters.sheet_template.suggesting import suggestions
from reports.forms.sheet_templates import (
    BindForm,
    FillForm,
    SheetTemplateFilterForm,
    SheetTemplateForm,
    SuggestedForm,
)
from reports.models import SheetTemplate
from reports.pages.sheet_templates import SheetTemplatePage
from reports.selectors.sheet_templates import fills_of, known_figures, templates_of
from reports.services.sheet_templates import (
    SheetTemplateError,
    bind_cell,
    bind_suggested,
    grid_of,
    kept_file,
    request_filled,
    set_in_use,
    take_template,
)
from reports.views.answers import no_plan

IN_USE, LAID_ASIDE = "Đã dùng lại biểu mẫu.", "Đã ngừng dùng biểu mẫu; các tệp đã điền còn nguyên."
STALE = "Biểu mẫu vừa được người khác sửa. Hãy xem lại rồi làm lại."


def or_unreadable(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Instead of a form whose kept file is gone or cannot be read: the sentence that says what to do."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (SheetTemplateError, RefusedFile) as error:
            return render(request, "reports/sheet_template_unreadable.html", {"sentence": str(error)}, status=409)

    return guarded


def _template(request: SignedInRequest, pk: int) -> SheetTemplate:
    return get_object_or_404(SheetTemplate.objects.visible_to(request.user).select_related("uploaded_by"), pk=pk)


def _known(request: SignedInRequest) -> Known:
    campaign = current_campaign(request.user)
    return known_figures(campaign) if campaign else Known({}, {})


@allow(may_take_reports)
@methods("GET")
def sheet_template_list(request: SignedInRequest) -> HttpResponse:
    form = SheetTemplateFilterForm(request.GET, auto_id="loc_%s")
    page = page_of(templates_of(request.user, form.words), request.GET)
    context = {"page": page, "filter_form": form, "may_write": is_officer(request.user)}
    return render(request, "reports/sheet_template_list.html", context)


@allow(is_officer)
@methods("GET", "POST")
def sheet_template_upload(request: SignedInRequest) -> HttpResponse:
    campaign = current_campaign(request.user)
    if campaign is None:
        return no_plan(request)
    form = SheetTemplateForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            template = take_template(actor=request.user, commune_id=campaign.commune_id, **form.values)
        except RefusedFile as refused:
            form.add_error("file", str(refused))
        else:
            return redirect("reports:sheet_template_detail", template.pk)
    return render(request, "reports/sheet_template_upload.html", {"form": form}, status=422 if form.is_bound else 200)


@allow(may_take_reports)
@methods("GET")
@or_unreadable
def sheet_template_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    return _detail(request, _template(request, pk))


@allow(is_officer)
@methods("POST")
@or_unreadable
def sheet_template_bind(request: SignedInRequest, pk: int) -> HttpResponse:
    template, form = _template(request, pk), BindForm(request.POST)
    if not form.is_valid():
        return _detail(request, template, "Hãy chọn ô và số liệu rồi bấm gắn.", status=422)
    values = dict(form.cleaned_data)
    try:
        address = bind_cell(
            actor=request.user,
            template=template,
            expected_version=values.pop("version"),
            known=_known(request),
            **values,
        )
    except StaleRecordError:
        return _detail(request, _template(request, pk), STALE, status=409)
    except (SheetTemplateError, UnknownFigureError) as error:
        return _detail(request, template, str(error), status=422)
    messages.success(request, f"Đã gắn ô {address}." if values["name"] else f"Đã bỏ gắn ô {address}.")
    return _back(request, template)


@allow(is_officer)
@methods("POST")
@or_unreadable
def sheet_template_suggest(request: SignedInRequest, pk: int) -> HttpResponse:
    template, form = _template(request, pk), SuggestedForm(request.POST)
    if not form.is_valid():
        return _detail(request, template, STALE, status=422)
    found = suggestions(grid_of(template), template.bindings, _known(request))
    version = form.cleaned_data["version"]
    try:
        count = bind_suggested(
            actor=request.user, template=template, expected_version=version, suggested=found, chosen=form.chosen
        )
    except StaleRecordError:
        return _detail(request, _template(request, pk), STALE, status=409)
    messages.success(request, f"Đã gắn {count} ô theo gợi ý.")
    return _back(request, template)


@allow(is_officer)
@methods("POST")
def sheet_template_use(request: SignedInRequest, pk: int) -> HttpResponse:
    template = _template(request, pk)
    is_active = request.POST.get("dung") == "1"
    set_in_use(actor=request.user, template=template, is_active=is_active)
    messages.success(request, IN_USE if is_active else LAID_ASIDE)
    return redirect("reports:sheet_template_detail", pk)


@allow(may_take_reports)
@methods("POST")
@or_unreadable
def sheet_template_fill(request: SignedInRequest, pk: int) -> HttpResponse:
    template, form = _template(request, pk), FillForm(request.POST, user=request.user)
    if not form.is_valid():
        return _detail(request, template, status=422, fill_form=form)
    job = request_filled(actor=request.user, template=template, snapshot=form.cleaned_data["snapshot"])
    return redirect("accounts:job_detail", job.pk)


@allow(may_take_reports)
@methods("GET")
@or_unreadable
def sheet_template_file(request: SignedInRequest, pk: int) -> HttpResponse:
    template = _template(request, pk)
    return workbook_response(kept_file(template), template.name)


def _back(request: SignedInRequest, template: SheetTemplate) -> HttpResponse:
    """To the sheet that was being bound."""
    number = request.POST.get("bieu", "")
    query = f"?{urlencode({'bieu': number})}" if number.isascii() and number.isdecimal() else ""
    return redirect(reverse("reports:sheet_template_detail", args=[template.pk]) + query)


def _detail(
    request: SignedInRequest, template: SheetTemplate, refusal: str = "", status: int = 200, **context: Any
) -> HttpResponse:
    parameters = {name: (request.GET or request.POST).get(name, "") for name in ("bieu", "o", "tim")}
    context = {
        "page": SheetTemplatePage(template, grid_of(template), _known(request), parameters),
        "template": template,
        "may_write": is_officer(request.user),
        "fill_form": FillForm(user=request.user),
        "fills": page_of(fills_of(template), request.GET, per_page=10),
        "refusal": refusal,
        **context,
    }
    return render(request, "reports/sheet_template_detail.html", context, status=status)
