"""Log in by user name; demo accounts only where the installation is a demonstration."""

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from accounts.models import User


class PortalBackend(BaseBackend):
    """Checks user name and password; keeps no permissions, since rights follow from roles at units."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        if username is None or password is None:
            return None
        user = User.objects.filter(username__iexact=username.strip()).first()
        if user is None:
            User().set_password(password)  # the same time as for a known name: names cannot be probed
            return None
        return user if user.check_password(password) and self.may_log_in(user) else None

    def may_log_in(self, user: User) -> bool:
        return user.is_active and (settings.DEMO_ACCOUNTS_ALLOWED or not user.is_demo)

    def get_user(self, user_id: int) -> User | None:
        user = User.objects.filter(pk=user_id).first()
        return user if user is not None and self.may_log_in(user) else None
