"""The first account of an installation, made on the command line before anybody can log in."""

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.audit import record_audit
from accounts.models import User
from accounts.services import set_one_time_password
from campaigns.choices import Role
from campaigns.models import Unit, UnitRole


@transaction.atomic
def create_first_admin(*, commune: Unit, username: str) -> str:
    """An administrator of the commune; returns the one-time password, which is stored nowhere in the clear.

    Raises ValidationError where the commune has an administrator already, or the user name is not valid or taken.
    """
    if UnitRole.objects.filter(unit=commune, role=Role.ADMIN, user__is_active=True).exists():
        raise ValidationError("Xã đã có quản trị. Hãy nhờ người đó tạo tài khoản.")
    account = User(username=username, full_name="Quản trị hệ thống")
    password = set_one_time_password(account)
    account.full_clean()
    account.save()
    UnitRole.objects.create(user=account, role=Role.ADMIN, unit=commune)
    record_audit(actor=None, action="Tạo tài khoản", target=account, commune_id=commune.pk, after={"role": Role.ADMIN})
    return password
