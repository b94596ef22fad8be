"""Taking a whole import back, while nothing stands on it."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from campaigns.importers.kinds import NotUndoneError, kind_spec
from campaigns.models import RosterImport
from campaigns.models.imports import RosterImportState
from campaigns.services.imports.checking import record_import


@transaction.atomic
def undo_import(*, actor: User, roster_import: RosterImport) -> RosterImport:
    """Puts everything back as it was before the import; its line in the history stays.

    Raises NotUndoneError, naming what was recorded about its people or changed since; then nothing was written.
    """
    rows = RosterImport.objects.select_for_update(of=("self",)).select_related("unit")
    stored = rows.get(pk=roster_import.pk)
    undo = kind_spec(stored.kind).undo
    if stored.state != RosterImportState.APPLIED or not stored.undo_steps or undo is None:
        raise NotUndoneError("Lần nạp này không có gì để hoàn tác.")
    undo(stored.unit, stored.effective_on, stored.undo_steps)
    stored.state, stored.undone_at, stored.undo_steps = RosterImportState.UNDONE, timezone.now(), {}
    stored.save(update_fields=["state", "undone_at", "undo_steps"])
    record_import(actor, "Hoàn tác nạp danh sách", stored)
    return stored
