"""The Word form of the report: download it, replace it, go back to the portal's own."""

from pathlib import Path

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access import allow, is_officer
from accounts.requests import SignedInRequest, methods
from campaigns.current import current_campaign
from hbs_portal.lib.sheets.container import RefusedFile
from hbs_portal.lib.word.tags import TemplateFaultError
from reports.exporters.edition import read_edition
from reports.exporters.formats import DOCX
from reports.exporters.word.values import TAGS
from reports.exporters.word.writer import OWN_TEMPLATE
from reports.forms.word import WordTemplateForm
from reports.models import WordTemplate
from reports.progress import ProgressError
from reports.selectors.clocks import Clocks
from reports.selectors.paragraphs import active_template, templates_of
from reports.services.word_templates import give_up_template, replace_template
from reports.views.answers import no_plan

REPLACED = "Đã nhận mẫu mới; báo cáo Word từ nay theo mẫu này."


@allow(is_officer)
@methods("GET", "POST")
def word_template(request: SignedInRequest) -> HttpResponse:
    campaign = current_campaign(request.user)
    if campaign is None:
        return no_plan(request)
    form = WordTemplateForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            edition = read_edition(campaign, Clocks.of(campaign))
            replace_template(actor=request.user, upload=form.cleaned_data["file"], edition=edition)
        except (RefusedFile, TemplateFaultError, ProgressError) as refused:
            form.add_error("file", str(refused))
        else:
            messages.success(request, REPLACED)
            return redirect("reports:word_template")
    return _page(request, form)


@allow(is_officer)
@methods("GET")
def word_template_file(request: SignedInRequest) -> HttpResponseBase:
    own = active_template(request.user.scope.commune_id)
    path, name = (Path(own.file.path), own.name) if own else (OWN_TEMPLATE, OWN_TEMPLATE.name)
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=DOCX)


@allow(is_officer)
@methods("GET", "POST")
def word_template_give_up(request: SignedInRequest, pk: int) -> HttpResponse:
    template = get_object_or_404(WordTemplate.objects.visible_to(request.user), pk=pk)
    if request.method == "POST":
        give_up_template(actor=request.user, template=template)
        messages.success(request, "Báo cáo Word từ nay theo mẫu của cổng.")
        return redirect("reports:word_template")
    return render(request, "reports/word_template_give_up.html", {"template": template})


def _page(request: SignedInRequest, form: WordTemplateForm) -> HttpResponse:
    templates = templates_of(request.user)
    context = {
        "form": form,
        "active": next((one for one in templates if one.is_active), None),
        "earlier": [one for one in templates if not one.is_active][:10],
        "tags": TAGS,
    }
    return render(request, "reports/word_template.html", context, status=422 if form.is_bound else 200)
