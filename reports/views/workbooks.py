"""The page of the files that leave the portal."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.access import allow
from accounts.requests import SignedInRequest, methods
from campaigns.current import current_campaign
from campaigns.models import Campaign
from hbs_portal.lib.paging import page_of
from reports.access import may_take_reports
from reports.forms.clocks import ClockForm
from reports.selectors.clocks import Clocks
from reports.selectors.workbooks import workbooks_of
from reports.services.workbooks import request_workbook
from reports.views.answers import no_plan


@allow(may_take_reports)
@methods("GET")
def report_list(request: SignedInRequest) -> HttpResponse:
    campaign = current_campaign(request.user)
    return _page(request, _chosen_or_today(request, campaign)) if campaign else no_plan(request)


@allow(may_take_reports)
@methods("POST")
def workbook_create(request: SignedInRequest) -> HttpResponse:
    campaign = current_campaign(request.user)
    if campaign is None:
        return no_plan(request)
    form = ClockForm(request.POST, campaign=campaign)
    if not form.is_valid():
        return _page(request, form, status=422)
    job = request_workbook(actor=request.user, campaign=campaign, clocks=form.clocks())
    return redirect("accounts:job_detail", job.pk)


def _chosen_or_today(request: SignedInRequest, campaign: Campaign) -> ClockForm:
    """The dates that a link from another page names, else those that a report most often has."""
    clocks = Clocks.of(campaign)
    data: dict[str, Any] = {"ngay": clocks.as_of, "duyet": clocks.approved_by}
    return ClockForm(data | request.GET.dict(), campaign=campaign)


def _page(request: SignedInRequest, form: ClockForm, status: int = 200) -> HttpResponse:
    page = page_of(workbooks_of(request.user), request.GET)
    return render(request, "reports/report_list.html", {"form": form, "page": page}, status=status)
