"""Frozen figures: the list, taking one, what it holds, who stood behind a figure, and what differs from another."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access import allow, is_officer
from accounts.requests import SignedInRequest, methods
from campaigns.current import current_campaign
from hbs_portal.lib.paging import page_of
from reports.access import may_take_reports
from reports.forms.snapshots import ComparisonForm, SnapshotFilterForm, SnapshotForm
from reports.models import Snapshot
from reports.pages.snapshots.comparison import change_page, compared, comparison_page
from reports.pages.snapshots.explanation import NoSuchFigureError, frozen_explanation
from reports.pages.snapshots.figures import snapshot_page
from reports.pages.snapshots.seal import seal_page
from reports.selectors.snapshots import matching_snapshots, snapshots_of
from reports.services.freezing import request_snapshot
from reports.services.snapshots import SnapshotError, open_snapshot
from reports.snapshots.canonical import ContentError
from reports.views.answers import no_plan


def or_what_is_wrong(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Instead of figures: a seal that does not fit, records that contradict each other, a figure that is not there."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NoSuchFigureError:
            raise Http404 from None
        except (ContentError, SnapshotError) as error:
            return render(request, "reports/snapshot_unreadable.html", {"sentence": str(error)}, status=409)

    return guarded


def _snapshot(request: SignedInRequest, pk: int) -> Snapshot:
    rows = Snapshot.objects.visible_to(request.user).select_related("campaign", "taken_by", "period")
    return get_object_or_404(rows, pk=pk)


def _comparison_form(request: SignedInRequest, snapshot: Snapshot) -> ComparisonForm:
    others = [row for row in snapshots_of(request.user, snapshot.campaign) if row.pk != snapshot.pk]
    return ComparisonForm(request.GET, others=others)


@allow(may_take_reports)
@methods("GET")
def snapshot_list(request: SignedInRequest) -> HttpResponse:
    form = SnapshotFilterForm(request.GET, auto_id="loc_%s")
    rows = matching_snapshots(snapshots_of(request.user), form.words)
    context = {"page": page_of(rows, request.GET), "filter_form": form, "may_take": is_officer(request.user)}
    return render(request, "reports/snapshot_list.html", context)


@allow(is_officer)
@methods("GET", "POST")
def snapshot_take(request: SignedInRequest) -> HttpResponse:
    campaign = current_campaign(request.user)
    if campaign is None:
        return no_plan(request)
    if request.method != "POST":
        return render(request, "reports/snapshot_take.html", {"form": SnapshotForm.suggested(campaign)})
    form = SnapshotForm(request.POST, campaign=campaign)
    if not form.is_valid():
        return render(request, "reports/snapshot_take.html", {"form": form}, status=422)
    names = {name: form.cleaned_data[name] for name in ("name", "note")}
    job = request_snapshot(actor=request.user, campaign=campaign, clocks=form.clocks(), **names)
    return redirect("accounts:job_detail", job.pk)


@allow(may_take_reports)
@methods("GET")
@or_what_is_wrong
def snapshot_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    snapshot = _snapshot(request, pk)
    page = snapshot_page(snapshot, open_snapshot(snapshot))
    form = _comparison_form(request, snapshot)
    return render(request, "reports/snapshot_detail.html", {"page": page, "form": form})


@allow(may_take_reports)
@methods("GET")
@or_what_is_wrong
def snapshot_figure(request: SignedInRequest, pk: int, code: str) -> HttpResponse:
    snapshot = _snapshot(request, pk)
    page = frozen_explanation(snapshot, open_snapshot(snapshot), code, request.GET)
    return render(request, "reports/snapshot_figure.html", {"page": page})


@allow(may_take_reports)
@methods("GET")
def snapshot_seal(request: SignedInRequest, pk: int) -> HttpResponse:
    return render(request, "reports/snapshot_seal.html", {"page": seal_page(_snapshot(request, pk))})


@allow(may_take_reports)
@methods("GET")
@or_what_is_wrong
def snapshot_compare(request: SignedInRequest, pk: int) -> HttpResponse:
    snapshot = _snapshot(request, pk)
    form = _comparison_form(request, snapshot)
    page = comparison_page(snapshot, compared(snapshot, snapshot.campaign, form), form)
    return render(request, "reports/snapshot_comparison.html", {"page": page, "form": form})


@allow(may_take_reports)
@methods("GET")
@or_what_is_wrong
def snapshot_change(request: SignedInRequest, pk: int, code: str) -> HttpResponse:
    snapshot = _snapshot(request, pk)
    form = _comparison_form(request, snapshot)
    page = change_page(snapshot, compared(snapshot, snapshot.campaign, form), form, code, request.GET)
    return render(request, "reports/snapshot_change.html", {"page": page})
