"""Asking for the Word report."""

from accounts.jobs import start_job
from accounts.models import Job, User
from campaigns.models import Campaign
from hbs_portal.lib.text import date_short
from reports.selectors.clocks import Clocks

WORD = "word"


def request_word(*, actor: User, campaign: Campaign, clocks: Clocks) -> Job:
    """Start the job that makes the Word report at these clocks, from figures that are not frozen (one audit entry)."""
    return start_job(
        owner=actor,
        kind=WORD,
        title=f"Báo cáo Word đến ngày {date_short(clocks.as_of)}",
        arguments={
            "campaign": campaign.pk,
            "as_of": clocks.as_of.isoformat(),
            "approved_by": clocks.approved_by.isoformat(),
        },
    )
