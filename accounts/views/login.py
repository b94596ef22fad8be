"""Log in, log out, choose an own password."""

from django.contrib import auth, messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRefresh

from accounts.forms import LoginForm, PasswordForm
from accounts.requests import methods
from accounts.services import change_password


def _next_page(request: HttpRequest) -> str:
    """Where the person wanted to go; only within this portal."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else reverse("home")


# Not `methods`: a failed attempt must stay counted, and a status of 422 would roll it back.
@login_not_required
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    if request.htmx:
        return HttpResponseClientRefresh()
    if request.user.is_authenticated:
        return redirect(_next_page(request))
    form = LoginForm(request.POST if request.method == "POST" else None, request=request)
    if form.is_valid():
        auth.login(request, form.user)
        return redirect(_next_page(request))
    context = {"form": form, "next": _next_page(request)}
    return render(request, "accounts/login.html", context, status=422 if form.is_bound else 200)


@login_not_required
@methods("POST")
def logout(request: HttpRequest) -> HttpResponse:
    auth.logout(request)
    messages.success(request, "Bạn đã đăng xuất. Hẹn gặp lại.")
    return redirect("accounts:login")


@never_cache
@methods("GET")
def session_state(request: HttpRequest) -> JsonResponse:
    """Asked just before a form leaves the screen: {"user": who is logged in now, "token": against forged requests}.

    Whoever is logged out gets the redirect to the log-in page instead.
    """
    return JsonResponse({"user": str(request.user.pk), "token": get_token(request)})


@sensitive_post_parameters()
@never_cache
@methods("GET", "POST")
def password_change(request: HttpRequest) -> HttpResponse:
    form = PasswordForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        change_password(user=request.user, new_password=form.cleaned_data["new_password"])
        auth.update_session_auth_hash(request, request.user)
        messages.success(request, "Đã đổi mật khẩu. Từ lần sau, hãy đăng nhập bằng mật khẩu mới.")
        return redirect("home")
    return render(request, "accounts/password_change.html", {"form": form}, status=422 if form.is_bound else 200)
