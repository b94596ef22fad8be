"""Accounts of a commune and the roles they hold at its units. No password ever reaches the audit."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.audit import changed_only, record_audit
from accounts.models import User
from accounts.services import let_try_again, set_one_time_password
from accounts.versions import save_if_unchanged
from campaigns.choices import Role, UnitKind
from campaigns.models import Unit, UnitRole
from campaigns.selectors.accounts import other_active_admins

COMMUNE_ROLES = (Role.ADMIN, Role.OFFICER, Role.LEADER)
LAST_ADMIN = "Xã phải còn ít nhất một quản trị đang dùng. Hãy giao quyền quản trị cho người khác trước."
NO_ROLE_LEFT = "Tài khoản phải còn ít nhất một vai trò. Nếu người này thôi dùng cổng, hãy khóa tài khoản."


def check_role(*, role: str, unit: Unit) -> None:
    """Raises ValidationError (field `unit`) where this role has no meaning at this unit.

    ADMIN, OFFICER and LEADER stand at the commune, EDITOR at a unit below it, TEAM_MEMBER at a village.
    """
    if role in COMMUNE_ROLES and unit.kind != UnitKind.COMMUNE:
        raise ValidationError({"unit": f"Vai trò “{Role(role).label}” được giao ở cấp xã. Hãy chọn xã làm đơn vị."})
    if role == Role.EDITOR and unit.kind in (UnitKind.COMMUNE, UnitKind.CITY):
        raise ValidationError({"unit": "Người nhập thuộc một trường, thôn, phòng hoặc đoàn thể. Hãy chọn đơn vị đó."})
    if role == Role.TEAM_MEMBER and unit.kind != UnitKind.VILLAGE:
        raise ValidationError({"unit": "Tổ công nghệ số cộng đồng ở thôn. Hãy chọn thôn của người này."})


def check_roles_left(*, account: User, removed: Collection[UnitRole], added: bool) -> None:
    """Raises ValidationError where nothing would be left, or the commune would lose its last administrator."""
    gone = {row.pk for row in removed}
    if not added and not account.unit_roles.exclude(pk__in=gone).exists():
        raise ValidationError(NO_ROLE_LEFT)
    for row in removed:
        if row.role == Role.ADMIN:
            _check_not_last_admin(row.unit_id, account)


@transaction.atomic
def create_account(
    *, actor: User, username: str, full_name: str, phone: str, role: str, unit: Unit
) -> tuple[User, str]:
    """A new account with its first role. Returns it and its one-time password, which is stored nowhere in the clear.

    Raises ValidationError by field: the user name is taken, or the role does not belong at the unit.
    """
    check_role(role=role, unit=unit)
    _check_same_commune(actor, unit)
    account = User(username=username, full_name=full_name, phone=phone)
    password = set_one_time_password(account)
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as taken:
        message = str(User._meta.get_field("username").error_messages["unique"])
        raise ValidationError({"username": message}) from taken
    UnitRole.objects.create(user=account, role=role, unit=unit)
    after = {"username": username, "full_name": full_name, "phone": phone, "roles": _role_names(account)}
    _record(actor, "Tạo tài khoản", account, after=after)
    return account, password


@transaction.atomic
def edit_account(
    *,
    actor: User,
    account: User,
    expected_version: int,
    full_name: str,
    phone: str,
    removed: Collection[UnitRole] = (),
    added: tuple[str, Unit] | None = None,
) -> User:
    """Changes name, phone and roles in one step. `removed` are rows of this account, `added` is (role, unit).

    Raises StaleRecordError, or ValidationError (see check_role and check_roles_left).
    """
    check_roles_left(account=account, removed=removed, added=added is not None)
    stored = User.objects.get(pk=account.pk)
    before = _facts(stored)
    account.full_name, account.phone = full_name, phone
    account.set_keys()
    save_if_unchanged(account, expected_version=expected_version, fields=("full_name", "phone", "search_key"))
    UnitRole.objects.filter(user=account, pk__in=[row.pk for row in removed]).delete()
    if added:
        _add_role(actor, account, *added)
    before, after = changed_only(before, _facts(account))
    _record(actor, "Sửa tài khoản", account, before=before, after=after)
    return account


@transaction.atomic
def reset_password(*, actor: User, account: User) -> str:
    """A new one-time password, returned once; all sessions end, and a wait after wrong passwords ends too."""
    password = set_one_time_password(account)
    account.save(update_fields=["password", "must_change_password", "session_version"])
    let_try_again(account)
    _record(actor, "Đặt lại mật khẩu", account)
    return password


@transaction.atomic
def disable_account(*, actor: User, account: User) -> None:
    """Shuts the account out of every session at once. Raises ValidationError for oneself and the last administrator."""
    if account == actor:
        raise ValidationError("Bạn không tự khóa tài khoản của mình được. Hãy nhờ một quản trị khác.")
    for row in account.unit_roles.filter(role=Role.ADMIN):
        _check_not_last_admin(row.unit_id, account)
    _set_active(actor, account, is_active=False, action="Khóa tài khoản")


@transaction.atomic
def enable_account(*, actor: User, account: User) -> None:
    """Opens a disabled account again, with the password it had; sessions of before stay ended."""
    _set_active(actor, account, is_active=True, action="Mở lại tài khoản")


def _set_active(actor: User, account: User, *, is_active: bool, action: str) -> None:
    if account.is_active == is_active:
        return
    account.is_active = is_active
    account.session_version += 1
    account.save(update_fields=["is_active", "session_version"])
    _record(actor, action, account, before={"is_active": not is_active}, after={"is_active": is_active})


def _add_role(actor: User, account: User, role: str, unit: Unit) -> None:
    check_role(role=role, unit=unit)
    _check_same_commune(actor, unit)
    UnitRole.objects.get_or_create(user=account, role=role, unit=unit)


def _check_same_commune(actor: User, unit: Unit) -> None:
    if unit.tenant_id != actor.scope.commune_id:
        raise ValidationError({"unit": "Đơn vị này không thuộc xã của bạn. Hãy chọn đơn vị trong danh sách."})


def _check_not_last_admin(commune_id: int, account: User) -> None:
    # Locked, so that two administrators cannot shut each other out at the same moment.
    if not list(other_active_admins(commune_id, account).select_for_update()):
        raise ValidationError(LAST_ADMIN)


def _facts(account: User) -> dict[str, Any]:
    return {"full_name": account.full_name, "phone": account.phone, "roles": _role_names(account)}


def _role_names(account: User) -> list[str]:
    rows = UnitRole.objects.filter(user=account).select_related("unit").order_by("pk")
    return [str(row) for row in rows]


def _record(
    actor: User, action: str, account: User, before: dict[str, Any] | None = None, after: dict[str, Any] | None = None
) -> None:
    label = f"{account.full_name} ({account.username})"
    commune_id = actor.scope.commune_id
    record_audit(
        actor=actor, action=action, target=account, label=label, before=before, after=after, commune_id=commune_id
    )
