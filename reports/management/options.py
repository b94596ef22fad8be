"""What the commands of this app share: which campaign, which clocks."""

import re
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management import CommandError

from campaigns.models import Campaign
from reports.selectors.campaigns import CampaignNotFoundError, find_campaign
from reports.selectors.clocks import Clocks

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def add_reading_options(parser: ArgumentParser) -> None:
    """--campaign, --commune, --as-of, --approved-by; days are checked by `reading_options`, in Vietnamese."""
    parser.add_argument("--campaign", metavar="MÃ", help="mã chiến dịch; bỏ trống: chiến dịch đang mở")
    parser.add_argument("--commune", metavar="MÃ", help="mã xã, khi nhiều xã có chiến dịch")
    parser.add_argument("--as-of", metavar="NĂM-THÁNG-NGÀY", help="số liệu phát sinh đến hết ngày này")
    parser.add_argument(
        "--approved-by", metavar="NĂM-THÁNG-NGÀY", help="được duyệt đến hết ngày này; bỏ trống: hôm nay"
    )


def reading_options(options: dict[str, Any]) -> tuple[Campaign, Clocks]:
    """The campaign and the clocks that were asked for; raises CommandError with a sentence."""
    as_of = iso_day("--as-of", options["as_of"])
    if as_of is None:
        raise CommandError("Hãy nêu ngày lấy số liệu, ví dụ --as-of 2026-10-31.")
    approved_by = iso_day("--approved-by", options["approved_by"])
    campaign = chosen_campaign(options)
    return campaign, Clocks.of(campaign, as_of, approved_by)


def chosen_campaign(options: dict[str, Any]) -> Campaign:
    """The campaign that was asked for; raises CommandError with a sentence."""
    try:
        return find_campaign(options["campaign"], options["commune"])
    except CampaignNotFoundError as error:
        raise CommandError(str(error)) from None


def iso_day(option: str, text: str | None) -> date | None:
    """A day written as 2026-10-31, None where the option was not given; raises CommandError for anything else."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text) if ISO_DAY.fullmatch(text) else _refuse(option, text)
    except ValueError:
        return _refuse(option, text)


def _refuse(option: str, text: str) -> date:
    raise CommandError(f"{option}: “{text}” không phải là ngày. Hãy ghi năm-tháng-ngày, ví dụ 2026-10-31.")
