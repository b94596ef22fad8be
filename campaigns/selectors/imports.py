"""What the history of imports reads."""

from django.db.models import F

from accounts.models import User
from campaigns.models import RosterImport
from campaigns.models.imports import RosterImportQuerySet


def import_history(user: User) -> RosterImportQuerySet:
    """Imports that `user` may see, the newest first, with `counts` taken out of the report (which may be long)."""
    imports = RosterImport.objects.visible_to(user).select_related("unit", "uploaded_by")
    return imports.defer("report").annotate(counts=F("report__counts"))
