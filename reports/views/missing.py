"""What one does about those who are missing: print the list, take it away, record something for them."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import allow, may_enter, may_record
from accounts.requests import SignedInRequest, methods
from campaigns.current import current_campaign
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.downloads import workbook_response
from reports.forms.clocks import ClockForm
from reports.forms.explanation import asked
from reports.forms.missing import MissingExportForm
from reports.pages.explanation import (
    NobodyChosenError,
    NotForYouError,
    Question,
    ask,
    choose,
    form_address,
    missing_list,
    told,
)
from reports.pages.links import Links
from reports.progress import ProgressError
from reports.services.missing import NobodyMissingError, export_missing
from reports.views.answers import show

TICKED, CHOICE = "nguoi", "viec"
EXPORT_PAGE = "reports/missing_export.html"


def question_of(request: SignedInRequest, code: str) -> Question:
    """The part of a missing list that the address names; 404 for an unknown target or somebody else's unit."""
    campaign = current_campaign(request.user)
    if campaign is None:
        raise Http404
    form = ClockForm(request.GET, campaign=campaign)
    try:
        return ask(request.user, campaign, form.clocks(), Links(form.chosen), code, asked(request.GET), request.GET)
    except NotForYouError:
        raise Http404 from None


@allow(may_enter)
@methods("GET")
def missing_print(request: SignedInRequest, code: str) -> HttpResponse:
    """The list on A4, whole, without the portal around it."""
    question = question_of(request, code)
    back_url = question.url(**_part(question))
    return show(request, "reports/missing_print.html", lambda: missing_list(question), back_url=back_url)


@allow(may_enter)
@methods("GET", "POST")
def missing_export(request: SignedInRequest, code: str) -> HttpResponse:
    """The list as a workbook, for a reason that is recorded."""
    question = question_of(request, code)
    form, back_url = MissingExportForm(request.POST or None), question.url(**_part(question))
    try:
        listing = missing_list(question)
    except ProgressError:
        return redirect(back_url)
    if request.method == "POST" and form.is_valid():
        try:
            return _workbook(request, question, form.cleaned_data["reason"])
        except NobodyMissingError as nobody:
            form.add_error(None, str(nobody))
    context = {"form": form, "listing": listing, "cancel_url": back_url}
    return render(request, EXPORT_PAGE, context, status=422 if form.is_bound else 200)


def _workbook(request: SignedInRequest, question: Question, reason: str) -> HttpResponse:
    listing = missing_list(question)
    unit_id = question.unit.id if question.unit else None
    with TemporaryDirectory() as folder:
        path = Path(folder) / "con-thieu.xlsx"
        campaign = question.reading.campaign
        export_missing(
            actor=request.user, campaign=campaign, listing=listing, unit_id=unit_id, reason=reason, path=path
        )
        return workbook_response(path, f"Còn thiếu {listing.target_code} {local_today():%d-%m-%Y}.xlsx")


@allow(may_record)
@methods("POST")
def missing_act(request: SignedInRequest, code: str) -> HttpResponse:
    """To the form that records something for the ticked ones, or for all that were found.

    It changes no record: who was chosen is kept in the session until the form is saved. So the same button may be
    pressed again after a way back, with other ticks (no client key).
    """
    question = question_of(request, code)
    ticked = request.POST.getlist(TICKED) if request.POST.get(CHOICE) == "da-chon" else None
    try:
        chosen = choose(question, ticked)
    except NobodyChosenError as nobody:
        messages.warning(request, str(nobody))
        return redirect(question.url(**_part(question)))
    except ProgressError:
        return redirect(question.url(**_part(question)))
    messages.info(request, told(question, chosen))
    return redirect(form_address(question, chosen, request.session))


def _part(question: Question) -> dict[str, str]:
    """Class and search, so that the way back leads to the same list; unit and clocks stand in every address."""
    return {name: value for name, value in question.part.items() if name != "don-vi"}
