"""The officer's queue: one record after another, or many at once, each decision undone for a while."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.access import allow, may_approve
from accounts.requests import methods
from hbs_portal.lib.filters import remembered
from hbs_portal.lib.paging import page_of
from hbs_portal.lib.text import is_record_number, number_text
from training.forms.review import COMMON_REASONS, ReturnForm, ReviewFilter
from training.selectors.review.bulk import plan_bulk
from training.selectors.review.kinds import kind_of, parse_tokens
from training.selectors.review.pages import review_page
from training.selectors.review.queue import QueueItem, counts_by_kind, following, place_in_queue, waiting_items
from training.services.review import approve_many, undo_many
from training.workflow import (
    DECISION_UNDO_MINUTES,
    RecordChangedError,
    WorkflowError,
    WrongStateError,
    approve_record,
    return_record,
)

LAST_DECISION = "review_last"
MOST_REFUSALS_SHOWN = 3


@allow(may_approve)
@methods("GET")
def review_queue(request: HttpRequest) -> HttpResponse:
    """All that waits, oldest first, by kind and unit."""
    items = waiting_items(request.user)
    parameters = remembered(request, "review")
    filter_form = ReviewFilter(parameters, items=items)
    context = {
        "filter_form": filter_form,
        "tabs": counts_by_kind(items),
        "total": sum(len(item.ids) for item in items),
        "page": page_of(filter_form.filter(items), parameters),
        "last": _last_decision(request),
    }
    return render(request, "training/review_queue.html", context)


@allow(may_approve)
@methods("GET")
def review_record(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """One record on one screen."""
    return _show(request, kind, pk)


@allow(may_approve)
@methods("POST")
def review_approve(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Approves the record as it was shown, and goes to the next one."""
    record, next_url = _waiting_record(request, kind, pk)
    try:
        approve_record(actor=request.user, record=record, expected_version=_shown_version(request))
    except WorkflowError as error:
        return _show(request, kind, pk, error=error)
    return _decided(request, f"Đã duyệt: {record}.", [f"{kind}:{pk}"], next_url)


@allow(may_approve)
@methods("POST")
def review_return(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Returns the record with a reason, and goes to the next one."""
    record, next_url = _waiting_record(request, kind, pk)
    form = ReturnForm(request.POST)
    reason = form.reason if form.is_valid() else ""
    try:
        return_record(actor=request.user, record=record, reason=reason, expected_version=_shown_version(request))
    except WorkflowError as error:
        return _show(request, kind, pk, error=error, typed_reason=reason)
    return _decided(request, f"Đã trả lại: {record}.", [f"{kind}:{pk}"], next_url)


@allow(may_approve)
@methods("POST")
def review_undo(request: HttpRequest) -> HttpResponse:
    """Takes back the last decision, of one record or of a bulk."""
    result = undo_many(actor=request.user, chosen=parse_tokens(request.POST.getlist("muc")))
    request.session.pop(LAST_DECISION, None)
    for sentence in list(dict.fromkeys(result.refused))[:MOST_REFUSALS_SHOWN]:
        messages.warning(request, sentence)
    if result.count:
        messages.success(request, f"Đã hoàn tác {number_text(result.count)} quyết định.")
    return redirect("training:review_queue")


@allow(may_approve)
@methods("POST")
def review_bulk(request: HttpRequest) -> HttpResponse:
    """First says what a bulk approval would do; carried out when sent again with `xac-nhan`."""
    chosen = parse_tokens(request.POST.getlist("muc"))
    if not chosen:
        messages.warning(request, "Chưa chọn mục nào. Hãy chọn ít nhất một mục để duyệt.")
        return redirect("training:review_queue")
    if "xac-nhan" not in request.POST:
        plan = plan_bulk(user=request.user, chosen=chosen)
        return render(request, "training/review_bulk.html", {"plan": plan})
    result = approve_many(actor=request.user, chosen=chosen)
    for sentence in list(dict.fromkeys(result.refused))[:MOST_REFUSALS_SHOWN]:
        messages.warning(request, sentence)
    if not result.count:
        return redirect("training:review_queue")
    return _decided(request, f"Đã duyệt {number_text(result.count)} bản ghi.", result.tokens, None)


def _queue_of(request: HttpRequest) -> list[QueueItem]:
    """The queue as the officer last filtered it."""
    items = waiting_items(request.user)
    return ReviewFilter(remembered(request, "review"), items=items).filter(items)


def _waiting_record(request: HttpRequest, slug: str, pk: int) -> tuple[Any, str | None]:
    """The record and the address of the one after it, taken before the decision removes it from the queue."""
    record = get_object_or_404(kind_of(slug).visible_to(request.user), pk=pk)
    return record, following(_queue_of(request), slug, pk)


def _shown_version(request: HttpRequest) -> int:
    """The version that the officer saw; 0, which no record has, where it is missing."""
    text = request.POST.get("version", "")
    return int(text) if is_record_number(text) else 0


def _show(
    request: HttpRequest, slug: str, pk: int, *, error: WorkflowError | None = None, typed_reason: str = ""
) -> HttpResponse:
    kind = kind_of(slug)
    record = get_object_or_404(kind.visible_to(request.user).select_related("decided_by"), pk=pk)
    items = _queue_of(request)
    place, total = place_in_queue(items, slug, pk)
    context = {
        "review": review_page(user=request.user, kind=kind, record=record),
        "next_url": following(items, slug, pk),
        "place": place,
        "total": total,
        "reasons": COMMON_REASONS[slug],
        "typed_reason": typed_reason,
        "error": error,
        "last": _last_decision(request),
    }
    return render(request, "training/review_record.html", context, status=_status(error))


def _status(error: WorkflowError | None) -> int:
    if error is None:
        return 200
    return 409 if isinstance(error, RecordChangedError | WrongStateError) else 422


def _decided(request: HttpRequest, words: str, tokens: list[str], next_url: str | None) -> HttpResponse:
    request.session[LAST_DECISION] = {"words": words, "tokens": tokens, "at": timezone.now().timestamp()}
    return redirect(next_url or "training:review_queue")


def _last_decision(request: HttpRequest) -> dict[str, Any] | None:
    """The decision that can still be undone, for the notice with the button."""
    last = request.session.get(LAST_DECISION)
    if not last or timezone.now().timestamp() - last["at"] > timedelta(minutes=DECISION_UNDO_MINUTES).total_seconds():
        return None
    return last
