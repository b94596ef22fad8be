"""The files that were already made for a person: one query."""

from accounts.models import Job, JobQuerySet, User

WORKBOOK = "workbook"
UNIT_WORKBOOK = "unit_workbook"


def workbooks_of(user: User) -> JobQuerySet:
    """Their workbooks, the newest first, those that are still being made included."""
    return Job.objects.visible_to(user).filter(kind=WORKBOOK).order_by("-pk")
