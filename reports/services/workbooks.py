"""Asking for a file."""

from accounts.jobs import start_job
from accounts.models import Job, User
from campaigns.models import Campaign
from hbs_portal.lib.text import date_short
from reports.selectors.clocks import Clocks
from reports.selectors.workbooks import WORKBOOK


def request_workbook(*, actor: User, campaign: Campaign, clocks: Clocks) -> Job:
    """Start the job that makes the official workbook at these clocks (one audit entry: the request)."""
    return start_job(
        owner=actor,
        kind=WORKBOOK,
        title=f"Báo cáo Excel đến ngày {date_short(clocks.as_of)}",
        arguments={
            "campaign": campaign.pk,
            "as_of": clocks.as_of.isoformat(),
            "approved_by": clocks.approved_by.isoformat(),
        },
    )
