"""Pages of the administrator: who has an account, which roles, and their passwords."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from accounts.access import allow, is_admin
from accounts.conflicts import render_conflict
from accounts.models import User
from accounts.requests import methods
from accounts.versions import StaleRecordError
from campaigns.current import commune_of
from campaigns.forms.accounts import AccountEditForm, AccountFilter, AccountForm
from campaigns.selectors.accounts import account_history, accounts_administered_by
from campaigns.services import roles
from hbs_portal.lib.filters import remembered
from hbs_portal.lib.paging import page_of

ONE_TIME = "one_time_password"
EDIT_PAGE = "campaigns/account_edit.html"


@dataclass(frozen=True)
class Step:
    """A step that is confirmed first: its verb, and what follows from it."""

    verb: str
    consequences: tuple[str, ...]


RESET = Step(
    "Đặt lại mật khẩu",
    (
        "Mật khẩu đang dùng hết hiệu lực; mọi máy đang đăng nhập phải đăng nhập lại.",
        "Cổng cấp một mật khẩu tạm, chỉ hiện một lần để bạn chuyển cho người này.",
        "Lần đăng nhập tới, người này phải đặt mật khẩu của riêng mình.",
    ),
)
DISABLE = Step(
    "Khóa tài khoản",
    (
        "Người này bị đưa ra khỏi cổng ngay, trên mọi máy, và không đăng nhập được nữa.",
        "Những gì người này đã ghi vẫn còn nguyên.",
        "Có thể mở lại bất cứ lúc nào.",
    ),
)
ENABLE = Step(
    "Mở lại tài khoản",
    ("Người này đăng nhập lại được bằng mật khẩu cũ; nếu đã quên, hãy đặt lại mật khẩu.",),
)


@allow(is_admin)
@methods("GET")
def account_list(request: HttpRequest) -> HttpResponse:
    parameters = remembered(request, "accounts")
    filter_form = AccountFilter(parameters, commune=commune_of(request.user))
    page = page_of(filter_form.filter(accounts_administered_by(request.user)), parameters)
    context = {"page": page, "filter_form": filter_form, "parameters": parameters}
    return render(request, "campaigns/account_list.html", context)


@allow(is_admin)
@methods("GET", "POST")
def account_create(request: HttpRequest) -> HttpResponse:
    form = AccountForm(request.POST or None, commune=commune_of(request.user))
    if request.method == "POST" and form.is_valid():
        names = ("username", "full_name", "phone", "role", "unit")
        values = {name: form.cleaned_data[name] for name in names}
        try:
            account, password = roles.create_account(actor=request.user, **values)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, f"Đã tạo tài khoản {account.username}.")
            return _show_once(request, account, password)
    return render(request, "campaigns/account_create.html", {"form": form}, status=422 if form.is_bound else 200)


@allow(is_admin)
@never_cache
@methods("GET")
def account_detail(request: HttpRequest, pk: int) -> HttpResponse:
    account = _account(request, pk)
    context = {
        "account": account,
        "is_self": account == request.user,
        "one_time_password": _take_password(request, account),
        "history": account_history(account, request.user),
    }
    return render(request, "campaigns/account_detail.html", context)


@allow(is_admin)
@methods("GET", "POST")
def account_edit(request: HttpRequest, pk: int) -> HttpResponse:
    account = _account(request, pk)
    form = AccountEditForm(request.POST or None, instance=account, commune=commune_of(request.user))
    context = {"form": form, "account": account}
    if request.method == "POST" and form.is_valid():
        changes = form.changes
        try:
            roles.edit_account(actor=request.user, account=account, expected_version=form.expected_version, **changes)
        except StaleRecordError:
            return render_conflict(request, EDIT_PAGE, form, account, context)
        messages.success(request, "Đã lưu tài khoản.")
        return redirect("campaigns:account_detail", account.pk)
    return render(request, EDIT_PAGE, context, status=422 if form.is_bound else 200)


@allow(is_admin)
@methods("GET", "POST")
def account_reset(request: HttpRequest, pk: int) -> HttpResponse:
    account = _account(request, pk)
    if request.method != "POST":
        return _confirm(request, account, RESET)
    password = roles.reset_password(actor=request.user, account=account)
    messages.success(request, f"Đã đặt lại mật khẩu của {account.full_name}.")
    return _show_once(request, account, password)


@allow(is_admin)
@methods("GET", "POST")
def account_disable(request: HttpRequest, pk: int) -> HttpResponse:
    account = _account(request, pk)
    if request.method != "POST":
        return _confirm(request, account, DISABLE)
    try:
        roles.disable_account(actor=request.user, account=account)
    except ValidationError as refusal:
        return _confirm(request, account, DISABLE, refusal.messages[0])
    messages.success(request, f"Đã khóa tài khoản {account.username}.")
    return redirect("campaigns:account_detail", account.pk)


@allow(is_admin)
@methods("GET", "POST")
def account_enable(request: HttpRequest, pk: int) -> HttpResponse:
    account = _account(request, pk)
    if request.method != "POST":
        return _confirm(request, account, ENABLE)
    roles.enable_account(actor=request.user, account=account)
    messages.success(request, f"Đã mở lại tài khoản {account.username}.")
    return redirect("campaigns:account_detail", account.pk)


def _confirm(request: HttpRequest, account: User, step: Step, refusal: str = "") -> HttpResponse:
    context = {"account": account, "step": step, "refusal": refusal}
    return render(request, "campaigns/account_confirm.html", context, status=422 if refusal else 200)


def _account(request: HttpRequest, pk: int) -> User:
    return get_object_or_404(accounts_administered_by(request.user), pk=pk)


def _show_once(request: HttpRequest, account: User, password: str) -> HttpResponse:
    """Leads to the page that shows the password; it waits in the session for exactly one look."""
    request.session[ONE_TIME] = {"account": account.pk, "password": password}
    return redirect("campaigns:account_detail", account.pk)


def _take_password(request: HttpRequest, account: User) -> str:
    kept: dict[str, Any] = request.session.get(ONE_TIME, {})
    if kept.get("account") != account.pk:
        return ""
    del request.session[ONE_TIME]
    return kept["password"]
