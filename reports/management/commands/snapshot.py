"""`manage.py snapshot`: freeze the figures of a campaign at two clocks."""

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from reports.management.options import add_reading_options, reading_options
from reports.services.snapshots import SnapshotError, take_snapshot


class Command(BaseCommand):
    help = "Chốt số liệu của chiến dịch tại hai ngày: giữ nguyên mọi con số, kèm dấu niêm phong SHA-256."

    def add_arguments(self, parser: CommandParser) -> None:
        add_reading_options(parser)
        parser.add_argument("--name", metavar="TÊN", help="tên lần chốt, ví dụ “Báo cáo quý III”")
        parser.add_argument("--note", metavar="GHI CHÚ", default="", help="ghi chú")

    def handle(self, *args: Any, **options: Any) -> None:
        name = (options["name"] or "").strip()
        if not 0 < len(name) <= 150 or len(options["note"]) > 300:
            raise CommandError("Hãy đặt tên lần chốt bằng --name (nhiều nhất 150 chữ; ghi chú nhiều nhất 300 chữ).")
        campaign, clocks = reading_options(options)
        try:
            snapshot = take_snapshot(None, campaign, clocks, name, options["note"])
        except SnapshotError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"Đã chốt số liệu, số {snapshot.code}\nSHA-256: {snapshot.sha256}")
