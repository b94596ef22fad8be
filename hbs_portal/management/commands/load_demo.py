"""manage.py load_demo: the demo commune, the same on every run."""

from random import Random
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from accounts.audit import record_audit
from accounts.models import User
from campaigns.models import Campaign
from hbs_portal.demo.changes import build_changes
from hbs_portal.demo.commune import build_commune
from hbs_portal.demo.rosters import build_rosters
from hbs_portal.demo.year import build_year
from hbs_portal.lib.write_once import without_guards

SEED = 2026


class Command(BaseCommand):
    help = "Nạp dữ liệu minh họa: một xã với tên người tự đặt, mười tháng hoạt động."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="Không làm gì khi đã có dữ liệu.")

    def handle(self, *args: Any, if_empty: bool = False, **options: Any) -> None:
        if if_empty and User.objects.exists():
            self.stdout.write("Đã có dữ liệu, giữ nguyên.")
            return
        self._refuse_real_data()
        started = perf_counter()
        self._clear()
        with transaction.atomic():
            load()
        self.stdout.write(f"Đã nạp dữ liệu minh họa trong {perf_counter() - started:.1f} giây.")

    def _refuse_real_data(self) -> None:
        """Demo accounts share a published password, and reloading empties the database: never beside real data."""
        if not settings.DEMO_ACCOUNTS_ALLOWED:
            raise CommandError("Dữ liệu minh họa chỉ nạp được khi chạy thử: đặt DEMO=1.")
        if Campaign.objects.filter(is_demo=False).exists() or User.objects.filter(is_demo=False).exists():
            raise CommandError("Cơ sở dữ liệu đang có dữ liệu thật nên không nạp dữ liệu minh họa.")

    def _clear(self) -> None:
        if User.objects.exists():
            with without_guards(connection):
                call_command("flush", interactive=False, verbosity=0)


def load() -> Campaign:
    """Builds the demo commune in an empty database and returns its campaign."""
    random = Random(SEED)  # noqa: S311  # invented data, not a secret
    demo = build_commune()
    rosters = build_rosters(demo, random)
    build_year(demo, rosters, random)
    build_changes(demo, rosters)
    commune = demo.campaign.commune
    record_audit(actor=None, action="Nạp dữ liệu minh họa", target=commune, commune_id=commune.pk)
    return demo.campaign
