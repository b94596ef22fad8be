"""The first page of editors and team members."""

from django.http import Http404, HttpRequest, HttpResponse

from accounts.access import allow
from accounts.requests import methods
from campaigns.current import current_campaign
from reports.access import has_own_unit
from reports.forms.explanation import asked
from reports.pages.explanation import NotForYouError
from reports.pages.unit_home import unit_home_page
from reports.views.answers import no_plan, show


@allow(has_own_unit)
@methods("GET")
def unit_home(request: HttpRequest) -> HttpResponse:
    campaign = current_campaign(request.user)
    if campaign is None:
        return no_plan(request)
    code = asked(request.GET).unit_code
    try:
        return show(request, "reports/unit_home.html", lambda: unit_home_page(request.user, campaign, code))
    except NotForYouError:
        raise Http404 from None
