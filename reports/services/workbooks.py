"""Asking for a file."""

from typing import Any

from accounts.jobs import start_job
from accounts.models import Job, User
from campaigns.models import Campaign, Unit
from hbs_portal.lib.text import date_short
from reports.selectors.clocks import Clocks
from reports.selectors.workbooks import UNIT_WORKBOOK, WORKBOOK


def request_workbook(*, actor: User, campaign: Campaign, clocks: Clocks) -> Job:
    """Start the job that makes the official workbook at these clocks (one audit entry: the request)."""
    return start_job(
        owner=actor,
        kind=WORKBOOK,
        title=f"Báo cáo Excel đến ngày {date_short(clocks.as_of)}",
        arguments=_order(campaign, clocks),
    )


def request_unit_workbook(*, actor: User, campaign: Campaign, unit: Unit, clocks: Clocks) -> Job:
    """Start the job that makes a unit's own workbook at these clocks (one audit entry: the request)."""
    return start_job(
        owner=actor,
        kind=UNIT_WORKBOOK,
        title=f"Kết quả của {unit.name} đến ngày {date_short(clocks.as_of)}",
        arguments=_order(campaign, clocks) | {"unit": unit.pk},
    )


def _order(campaign: Campaign, clocks: Clocks) -> dict[str, Any]:
    return {
        "campaign": campaign.pk,
        "as_of": clocks.as_of.isoformat(),
        "approved_by": clocks.approved_by.isoformat(),
    }
