"""The lists of this app as workbooks."""

from django.http import HttpResponse

from accounts.access import allow, may_enter
from accounts.export_pages import export_page
from accounts.requests import SignedInRequest, methods
from campaigns.roster_access import may_read_people
from training import exported_lists as lists


@allow(may_enter)
@methods("GET", "POST")
def activity_export(request: SignedInRequest) -> HttpResponse:
    """The activities that the list shows."""
    return export_page(request, lists.ACTIVITIES)


@allow(may_enter)
@methods("GET", "POST")
def attendance_export(request: SignedInRequest) -> HttpResponse:
    """Who was at the activities that the list shows, or at one of them."""
    return export_page(request, lists.ATTENDANCES)


@allow(may_enter)
@methods("GET", "POST")
def household_check_export(request: SignedInRequest) -> HttpResponse:
    """The household checks that the list shows."""
    return export_page(request, lists.CHECKS)


@allow(may_enter)
@methods("GET", "POST")
def platform_use_export(request: SignedInRequest) -> HttpResponse:
    """Managers and teachers with their confirmations, as the list shows them."""
    return export_page(request, lists.PLATFORM_USES)


@allow(may_enter)
@methods("GET", "POST")
def declared_export(request: SignedInRequest) -> HttpResponse:
    """The declared figures of the units that the list shows."""
    return export_page(request, lists.DECLARED)


@allow(may_read_people)
@methods("GET", "POST")
def exclusion_export(request: SignedInRequest) -> HttpResponse:
    """Who is left out of figures, as the list shows them."""
    return export_page(request, lists.EXCLUSIONS)
