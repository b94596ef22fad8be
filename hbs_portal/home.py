"""The first page after login, by role."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import reads_commune
from accounts.requests import methods


@methods("GET")
def home(request: HttpRequest) -> HttpResponse:
    """Office, leaders and administrator start at the dashboard, everybody else at their unit."""
    if not request.user.scope.grants:
        return render(request, "no_role.html", status=403)
    return redirect("reports:dashboard" if reads_commune(request.user) else "reports:unit_home")
