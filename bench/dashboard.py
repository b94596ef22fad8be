"""The dashboard against an empty authenticated page, on the demo commune (its figures: bench/figures.py).

Run: `make bench`. What is printed is the ratio of one run on one machine.
"""

from datetime import date

from setup import demo_database, timed

AS_OF = date(2026, 10, 31)


def main() -> None:
    demo_database()
    from django.test import Client
    from django.urls import reverse

    from accounts.models import User

    client = Client()
    client.force_login(User.objects.get(username="canbo"), backend="accounts.backends.PortalBackend")

    def page(name: str, query: str = "") -> None:
        response = client.get(reverse(name) + query)
        assert response.status_code == 200, response.status_code

    dashboard = timed(lambda: page("reports:dashboard", f"?ngay={AS_OF:%d/%m/%Y}"))
    empty = timed(lambda: page("accounts:password_change"))
    print(f"dashboard {dashboard:.1f} ms, empty authenticated page {empty:.1f} ms, ratio {dashboard / empty:.2f}")


if __name__ == "__main__":
    main()
