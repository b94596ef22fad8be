"""Why a figure is what it is."""

from django.http import Http404, HttpRequest, HttpResponse

from accounts.access import allow, may_enter
from accounts.requests import methods
from campaigns.current import current_campaign
from reports.forms.clocks import ClockForm
from reports.forms.explanation import asked
from reports.pages.explanation import NotForYouError, explanation_page
from reports.pages.links import Links
from reports.views.answers import show


@allow(may_enter)
@methods("GET")
def explain(request: HttpRequest, code: str) -> HttpResponse:
    campaign = current_campaign(request.user)
    if campaign is None:
        raise Http404
    form = ClockForm(request.GET, campaign=campaign)
    question = (code, asked(request.GET), request.GET)
    try:
        return show(
            request,
            "reports/explanation.html",
            lambda: explanation_page(request.user, campaign, form.clocks(), Links(form.chosen), *question),
            form=form,
        )
    except NotForYouError:
        raise Http404 from None
