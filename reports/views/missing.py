"""What one does about those who are missing: print the list, record something for them."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from accounts.access import allow, may_enter, may_record
from accounts.requests import SignedInRequest, methods
from reports.pages.explanation import (
    NobodyChosenError,
    NotForYouError,
    Question,
    choose,
    form_address,
    missing_list,
    question_of,
    told,
)
from reports.progress import ProgressError
from reports.views.answers import show

TICKED, CHOICE = "nguoi", "viec"


def _question(request: SignedInRequest, code: str) -> Question:
    """The part of a missing list that the address names; 404 for an unknown target or somebody else's unit."""
    try:
        return question_of(request.user, code, request.GET)
    except NotForYouError:
        raise Http404 from None


@allow(may_enter)
@methods("GET")
def missing_print(request: SignedInRequest, code: str) -> HttpResponse:
    """The list on A4, whole, without the portal around it."""
    question = _question(request, code)
    return show(request, "reports/missing_print.html", lambda: missing_list(question), back_url=question.page_url)


@allow(may_record)
@methods("POST")
def missing_act(request: SignedInRequest, code: str) -> HttpResponse:
    """To the form that records something for the ticked ones, or for all that were found.

    It changes no record: who was chosen is kept in the session until the form is saved. So the same button may be
    pressed again after a way back, with other ticks (no client key).
    """
    question = _question(request, code)
    ticked = request.POST.getlist(TICKED) if request.POST.get(CHOICE) == "da-chon" else None
    try:
        chosen = choose(question, ticked)
    except NobodyChosenError as nobody:
        messages.warning(request, str(nobody))
        return redirect(question.page_url)
    except ProgressError:
        return redirect(question.page_url)
    messages.info(request, told(question, chosen))
    return redirect(form_address(question, chosen, request.session))
