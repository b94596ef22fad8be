"""manage.py load_plan NAME [--admin USERNAME]: a commune's plan, its catalogues and its first administrator."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from campaigns.services.first_admin import create_first_admin
from campaigns.services.plans import load_plan, read_plan
from training.services.catalogues import ensure_catalogues


class Command(BaseCommand):
    help = "Nạp kế hoạch của một xã từ campaigns/data/<tên>.json; chạy lại không đổi gì."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="Tên tệp kế hoạch, ví dụ plan_ha_bac_2026")
        parser.add_argument("--admin", help="Tên đăng nhập của quản trị đầu tiên")

    @transaction.atomic
    def handle(self, *args: Any, name: str, admin: str | None = None, **options: Any) -> None:
        try:
            plan = read_plan(name)
        except OSError as missing:
            raise CommandError(f"Không có tệp kế hoạch {name}.json trong campaigns/data.") from missing
        campaign = load_plan(plan=plan)
        ensure_catalogues(commune=campaign.commune, topics=plan["topics"])
        self.stdout.write(f"Kế hoạch {campaign.code} của {campaign.commune} đã sẵn sàng.")
        if admin:
            self._create_admin(campaign.commune, admin)

    def _create_admin(self, commune: Any, username: str) -> None:
        try:
            password = create_first_admin(commune=commune, username=username)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"Tài khoản {username}, mật khẩu dùng một lần: {password}")
