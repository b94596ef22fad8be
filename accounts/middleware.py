"""What follows from being logged in: the request id for the audit, and a first password that must be changed."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

OPEN_PAGES = ("accounts:password_change", "accounts:logout")


class MustChangePasswordMiddleware:
    """Sends a person with a one-time password to the page where they choose their own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        user.request_id = request.id
        if user.must_change_password and request.path not in [reverse(name) for name in OPEN_PAGES]:
            return redirect("accounts:password_change")
        return self.get_response(request)
