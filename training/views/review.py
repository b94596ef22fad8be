"""The officer's queue (being written)."""
from accounts.access import allow, may_approve
from accounts.requests import methods
from django.http import HttpRequest, HttpResponse


@allow(may_approve)
@methods("GET")
def review_queue(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse("")


review_bulk = review_undo = review_record = review_approve = review_return = review_queue
