"""How a request may change something: `methods` on every view.

A GET cannot write. A POST is one transaction, carried out once: each form carries a `client_key`, and a form that was
already carried out leads to where it led the first time (rule H4).
"""

import logging
import re
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.jobs import TooManyJobsError
from accounts.models import SentForm, User


class SignedInRequest(HttpRequest):
    """For annotations: what a view behind LoginRequiredMiddleware gets; its user is a person with an account."""

    user: User  # type: ignore[assignment]


logger = logging.getLogger(__name__)
WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)
ALREADY_DONE = "Biểu này đã được ghi nhận trước đó nên không ghi thêm lần nữa."


class GetMayNotWriteError(RuntimeError):
    """A view tried to change the database on GET: a defect, found by the first test that opens the page."""


def _refuse_writes(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    # Sessions and the login guard (axes) write on GET by design; they are not records of the portal.
    if WRITES.match(sql) and "django_session" not in sql and "axes_" not in sql:
        raise GetMayNotWriteError(sql[:80])
    return execute(sql, params, many, context)


def _reading_only(request: HttpRequest) -> AbstractContextManager[Any]:
    if request.method in ("GET", "HEAD"):
        return connection.execute_wrapper(_refuse_writes)
    return nullcontext()


def _form_sent_by(request: HttpRequest) -> SentForm | None:
    """The form that came, unsaved; None where its key is missing or not a UUID, or the sender is not logged in."""
    user_id = request.user.pk
    if user_id is None:
        return None
    try:
        return SentForm(key=UUID(request.POST.get("client_key", "")), user_id=user_id, location="")
    except ValueError:
        return None


def _carry_out(view: Callable[..., HttpResponse], request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Runs a POST in one transaction; whatever is not a redirect (an error, a 422) is rolled back."""
    sent = _form_sent_by(request)
    with transaction.atomic():
        if sent:
            # First of all, so that a double click waits here and then finds the key taken.
            sent.save(force_insert=True)
        response = view(request, *args, **kwargs)
        if response.status_code >= 400:
            transaction.set_rollback(True)
        elif sent and isinstance(response, HttpResponseRedirect):
            SentForm.objects.filter(pk=sent.pk).update(location=response.url[:500])
        elif sent:
            sent.delete()
    return response


def _replayed(request: HttpRequest) -> HttpResponse | None:
    """Where this very form led the first time it was sent by this person; None if it was never carried out."""
    sent = _form_sent_by(request)
    if sent is None:
        return None
    done = SentForm.objects.filter(key=sent.key, user_id=sent.user_id).exclude(location="").first()
    if done is None:
        return None
    messages.info(request, ALREADY_DONE)
    return HttpResponseRedirect(done.location)


def _collision(request: HttpRequest) -> HttpResponse:
    """Two people saved what may exist only once (a code, a day); the forms check, but not in the same instant."""
    logger.exception("A unique rule of the database refused a form")
    return render(request, "409.html", status=409)


def methods(*allowed: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Says which methods a view takes, and holds it to them: `@methods("GET", "POST")`."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @require_http_methods([*allowed, "HEAD"] if "GET" in allowed else list(allowed))
        @wraps(view)
        def held(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method != "POST":
                with _reading_only(request):
                    return view(request, *args, **kwargs)
            replay = _replayed(request)
            if replay is not None:
                return replay
            try:
                return _carry_out(view, request, *args, **kwargs)
            except TooManyJobsError as refusal:
                messages.warning(request, str(refusal))
                return redirect("accounts:job_list")
            except IntegrityError:
                return _replayed(request) or _collision(request)

        held.allowed_methods = allowed  # type: ignore[attr-defined]  # read by the access-matrix test
        return held

    return decorate
