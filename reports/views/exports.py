"""The lists of this app as workbooks."""

from django.http import HttpResponse

from accounts.access import allow, may_enter
from accounts.export_pages import export_page
from accounts.requests import SignedInRequest, methods
from reports import exported_lists as lists
from reports.access import may_take_reports


@allow(may_enter)
@methods("GET", "POST")
def missing_export(request: SignedInRequest, code: str) -> HttpResponse:
    """Who is missing, as the page lists them."""
    return export_page(request, lists.MISSING, **{lists.TARGET: code})


@allow(may_take_reports)
@methods("GET", "POST")
def sign_export(request: SignedInRequest) -> HttpResponse:
    """The warning signs that the list shows, with what was noted about them."""
    return export_page(request, lists.SIGNS)


@allow(may_take_reports)
@methods("GET", "POST")
def callback_export(request: SignedInRequest, pk: int) -> HttpResponse:
    """A sample to call back with its results."""
    return export_page(request, lists.CALLED, **{lists.SAMPLE: str(pk)})
