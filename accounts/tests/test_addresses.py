"""Whose address the log-in guard counts, with and without proxies in front."""

import pytest
from axes.models import AccessAttempt
from django.test import RequestFactory

from accounts.addresses import client_address

DIRECT, INVENTED, CLIENT, OUTER = "127.0.0.1", "1.2.3.4", "203.113.1.7", "10.0.0.5"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, f"{INVENTED}", DIRECT),
        (1, f"{CLIENT}", CLIENT),
        (1, f"{INVENTED}, {CLIENT}", CLIENT),
        (2, f"{INVENTED}, {CLIENT}, {OUTER}", CLIENT),
        (2, f"{CLIENT}", DIRECT),
        (1, None, DIRECT),
        (1, "khong-phai-dia-chi", DIRECT),
        (1, "2001:DB8::1", "2001:db8::1"),
    ],
)
def test_the_address_is_what_our_own_outermost_proxy_saw(settings, proxies, forwarded, address):
    settings.PROXIES_IN_FRONT = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert client_address(RequestFactory().get("/", headers=headers)) == address


def test_a_request_over_a_socket_without_header_has_no_address(settings):
    assert client_address(RequestFactory().get("/", REMOTE_ADDR="")) is None


def test_the_guard_counts_wrong_passwords_of_the_client_and_not_of_the_proxy(client, cast, settings):
    settings.PROXIES_IN_FRONT = 1
    sent = {"username": "officer", "password": "sai"}
    client.post("/tai-khoan/dang-nhap/", sent, headers={"X-Forwarded-For": f"{INVENTED}, {CLIENT}"})
    assert AccessAttempt.objects.get().ip_address == CLIENT
