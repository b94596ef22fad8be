"""How every page of figures answers: the page, or the sentence that stands instead of figures."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from reports.progress import ProgressError


def no_plan(request: HttpRequest) -> HttpResponse:
    """Before any plan was entered."""
    return render(request, "reports/no_plan.html")


def show(request: HttpRequest, template: str, build: Callable[[], Any], **context: Any) -> HttpResponse:
    """The page that `build` makes; where the records contradict each other, what contradicts (rules D2, G3).

    A `form` in the context that was filled in wrongly makes the answer 422.
    """
    try:
        page = build()
    except ProgressError as error:
        return render(request, "reports/contradiction.html", {"sentence": str(error), **context})
    form = context.get("form")
    status = 422 if form is not None and form.errors else 200
    return render(request, template, {"page": page, **context}, status=status)
