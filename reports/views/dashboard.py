"""The first page of the office and the leaders."""

from django.http import HttpRequest, HttpResponse

from accounts.access import allow, reads_commune
from accounts.requests import methods
from campaigns.current import current_campaign
from reports.forms.clocks import ClockForm
from reports.pages.dashboard import dashboard_page
from reports.pages.links import Links
from reports.views.answers import no_plan, show


@allow(reads_commune)
@methods("GET")
def dashboard(request: HttpRequest) -> HttpResponse:
    campaign = current_campaign(request.user)
    if campaign is None:
        return no_plan(request)
    form = ClockForm(request.GET, campaign=campaign)
    links = Links(form.chosen)
    return show(
        request,
        "reports/dashboard.html",
        lambda: dashboard_page(request.user, campaign, form.clocks(), links),
        form=form,
    )
