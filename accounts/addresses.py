"""Where a request comes from: the log-in guard counts wrong passwords by name and address."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The address of whoever sent the request, behind settings.PROXIES_IN_FRONT proxies of our own.

    Each proxy writes whom it saw at the right end of X-Forwarded-For; what stands further left was written by the
    sender and may be invented. A header that is shorter, or holds no address there, came past the proxies.
    """
    direct = request.META.get("REMOTE_ADDR") or None
    count = settings.PROXIES_IN_FRONT
    seen = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if not 0 < count <= len(seen):
        return direct
    try:
        return str(ip_address(seen[-count].strip()))
    except ValueError:
        return direct
