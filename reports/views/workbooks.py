"""Quick files from figures that are not frozen: for a look, not for issuing."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access import allow
from accounts.requests import SignedInRequest, methods
from campaigns.access import may_take_unit_report
from campaigns.current import current_campaign
from campaigns.models import Campaign, Unit
from hbs_portal.lib.paging import page_of
from reports.access import may_take_reports, may_take_some_unit_report
from reports.forms.clocks import ClockForm
from reports.selectors.clocks import Clocks
from reports.selectors.workbooks import workbooks_of
from reports.services.workbooks import request_unit_workbook, request_workbook
from reports.views.answers import no_plan


@allow(may_take_reports)
@methods("GET")
def workbook_list(request: SignedInRequest) -> HttpResponse:
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


@allow(may_take_some_unit_report)
@methods("POST")
def unit_workbook_create(request: SignedInRequest, pk: int) -> HttpResponse:
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)
    if not may_take_unit_report(request.user, unit.pk):
        raise PermissionDenied
    campaign = current_campaign(request.user)
    if campaign is None:
        return no_plan(request)
    job = request_unit_workbook(actor=request.user, campaign=campaign, unit=unit, clocks=Clocks.of(campaign))
    return redirect("accounts:job_detail", job.pk)


def _chosen_or_today(request: SignedInRequest, campaign: Campaign) -> ClockForm:
    """The dates that a link from another page names, else those that a report most often has."""
    clocks = Clocks.of(campaign)
    data: dict[str, Any] = {"ngay": clocks.as_of, "duyet": clocks.approved_by}
    return ClockForm(data | request.GET.dict(), campaign=campaign)


def _page(request: SignedInRequest, form: ClockForm, status: int = 200) -> HttpResponse:
    page = page_of(workbooks_of(request.user), request.GET)
    return render(request, "reports/workbook_list.html", {"form": form, "page": page}, status=status)
