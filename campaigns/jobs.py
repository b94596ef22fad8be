"""What this app does in the background (accounts/jobs.py finds this module when the portal starts)."""

from datetime import datetime

from accounts.jobs import housekeeping


@housekeeping
def forget_uploads_nobody_applied(now: datetime) -> int:
    # Once a day: commands that start the portal need not load the importers for it.
    from campaigns.services.imports import forget_old_uploads

    return forget_old_uploads(now=now)
