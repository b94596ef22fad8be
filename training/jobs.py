"""What this app does in the background (accounts/jobs.py finds this module when the portal starts)."""

from datetime import datetime

from accounts.jobs import housekeeping
from training.services.unattached_evidence import delete_unattached_evidence


@housekeeping
def delete_evidence_of_unsaved_forms(now: datetime) -> int:
    return delete_unattached_evidence(now=now)
