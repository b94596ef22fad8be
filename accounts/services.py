"""Writes on one's own account."""

from django.db import transaction

from accounts.audit import record_audit
from accounts.models import User


@transaction.atomic
def change_password(*, user: User, new_password: str) -> None:
    """Sets the password a person chose for themselves; all their other sessions end.

    The caller keeps the present session (`update_session_auth_hash`). The audit tells that it happened.
    """
    user.set_password(new_password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    record_audit(actor=user, action="Đổi mật khẩu của mình", target=user)
