"""Signs that a record should be looked at twice: the list, and what came of looking."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import allow, is_officer
from accounts.conflicts import render_conflict
from accounts.requests import SignedInRequest, methods
from accounts.versions import StaleRecordError
from campaigns.current import current_campaign
from campaigns.models import Unit
from hbs_portal.lib.filters import remembered
from hbs_portal.lib.paging import page_of
from reports.access import may_take_reports
from reports.forms.warning_signs import SignFilter, SignReviewForm
from reports.pages.warning_signs import SignRow, kind_counts, sign_row, sign_rows
from reports.services.warning_signs import review_sign
from reports.views.answers import no_plan

REVIEW_PAGE = "reports/sign_review.html"


@allow(may_take_reports)
@methods("GET")
def sign_list(request: SignedInRequest) -> HttpResponse:
    campaign = current_campaign(request.user)
    if campaign is None:
        return no_plan(request)
    parameters = remembered(request, "signs")
    form = SignFilter(parameters, units=Unit.objects.visible_to(request.user))
    rows = sign_rows(request.user, campaign)
    context = {
        "filter_form": form,
        "page": page_of(form.filter(rows), parameters),
        "kinds": kind_counts(form.filter(rows, kind_too=False)),
        "settled_count": sum(row.is_settled for row in rows),
        "parameters": parameters,
        "may_write": is_officer(request.user),
    }
    return render(request, "reports/sign_list.html", context)


@allow(is_officer)
@methods("GET", "POST")
def sign_review(request: SignedInRequest, key: str) -> HttpResponse:
    campaign, row = current_campaign(request.user), _row_or_404(request, key)
    form = SignReviewForm(request.POST or None, instance=row.review)
    context = {"row": row, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            review_sign(actor=request.user, campaign=campaign, sign=row.sign, **form.values)
        except StaleRecordError as error:
            return render_conflict(request, REVIEW_PAGE, form, error.instance, context)
        messages.success(request, "Đã ghi kết quả xem dấu hiệu.")
        return redirect("reports:sign_list")
    return render(request, REVIEW_PAGE, context, status=422 if form.is_bound else 200)


def _row_or_404(request: SignedInRequest, key: str) -> SignRow:
    campaign = current_campaign(request.user)
    row = sign_row(request.user, campaign, key) if campaign else None
    if row is None:
        raise Http404
    return row
