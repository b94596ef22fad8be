"""`manage.py check_figures`: compute again whatever is stored, and list what differs (rule H5)."""

from collections.abc import Iterator
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from campaigns.models import Campaign
from reports.checking import Scope, differences
from reports.selectors.campaigns import CampaignNotFoundError, every_campaign, find_campaign


class Command(BaseCommand):
    help = "Tính lại mọi thứ đang lưu sẵn và liệt kê chỗ khác; mã thoát 1 nếu có, 0 nếu không."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--campaign", metavar="MÃ", help="mã chiến dịch; bỏ trống: chiến dịch đang mở")
        parser.add_argument("--commune", metavar="MÃ", help="mã xã, khi nhiều xã có chiến dịch")
        parser.add_argument("--all", action="store_true", help="mọi chiến dịch của mọi xã")

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for campaign in _campaigns(options):
            self.stdout.write(f"{campaign.commune.name}, chiến dịch {campaign.code}")
            for name, difference in differences(Scope(campaign)):
                count += 1
                self.stdout.write(f"  [{name}] {difference}")
        if count:
            raise CommandError(f"Có {count} chỗ khác với dữ liệu gốc. Hãy xem từng dòng ở trên.", returncode=1)
        self.stdout.write("Mọi thứ đang lưu đều khớp với dữ liệu gốc.")


def _campaigns(options: dict[str, Any]) -> Iterator[Campaign]:
    """Which campaigns were asked for; raises CommandError with a sentence."""
    if options["all"]:
        yield from every_campaign()
        return
    try:
        yield find_campaign(options["campaign"], options["commune"])
    except CampaignNotFoundError as error:
        raise CommandError(str(error)) from None
