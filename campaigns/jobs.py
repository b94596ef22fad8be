"""What this app does in the background (accounts/jobs.py finds this module when the portal starts)."""

from datetime import datetime

from accounts.jobs import housekeeping
from campaigns.services.imports import forget_old_uploads


@housekeeping
def forget_uploads_nobody_applied(now: datetime) -> int:
    return forget_old_uploads(now=now)
