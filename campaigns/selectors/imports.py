"""What the history of imports reads."""

from django.db.models import F

from accounts.models import Job, User
from campaigns.models import RosterImport
from campaigns.models.imports import RosterImportQuerySet

JOB_KINDS = ("roster_check", "roster_apply")


def import_history(user: User) -> RosterImportQuerySet:
    """Imports that `user` may see, the newest first, with `counts` taken out of the report (which may be long)."""
    imports = RosterImport.objects.visible_to(user).select_related("unit", "uploaded_by")
    return imports.defer("report", "undo_steps").annotate(counts=F("report__counts"))


def job_of(roster_import: RosterImport) -> Job | None:
    """Return the newest background job that is at this import, or was."""
    jobs = Job.objects.filter(commune_id=roster_import.commune_id, kind__in=JOB_KINDS)
    return jobs.filter(arguments__roster_import=roster_import.pk).order_by("-pk").first()
