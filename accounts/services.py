"""Writes on one account: its password."""

import secrets

from axes.utils import reset
from django.db import transaction

from accounts.audit import record_audit
from accounts.models import User

#: No letters or digits that look alike on paper or over the phone: 31 signs, 12 of them are 59 bits.
PLAIN_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


def set_one_time_password(user: User) -> str:
    """Gives `user` (not saved here) a random password to be changed at the first log-in; its sessions end.

    Returns it as it is told to the person ("k7mq-3xhd-w9pt"); it is stored nowhere. The caller saves and audits.
    """
    password = "-".join("".join(secrets.choice(PLAIN_SIGNS) for _ in range(4)) for _ in range(3))
    user.set_password(password)
    user.must_change_password = True
    user.session_version += 1
    return password


def let_try_again(user: User) -> None:
    """Ends the wait after too many wrong passwords for this user name."""
    reset(username=user.username)


@transaction.atomic
def change_password(*, user: User, new_password: str) -> None:
    """Sets the password a person chose for themselves; all their other sessions end.

    The caller keeps the present session (`update_session_auth_hash`). The audit tells that it happened.
    """
    user.set_password(new_password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    record_audit(actor=user, action="Đổi mật khẩu của mình", target=user)
