"""Rosters from files: check (only the upload itself is kept), apply exactly what was checked, take it back."""

from campaigns.services.imports.applying import (
    ImportNotAppliedError,
    apply_now,
    apply_roster,
    import_file,
    release_import,
    take_up_apply,
)
from campaigns.services.imports.checking import (
    LARGE_ROWS,
    check_now,
    check_roster,
    forget_old_uploads,
    recheck_roster,
    stop_check,
    take_up_check,
)
from campaigns.services.imports.undoing import undo_import
from campaigns.services.imports.wrong_rows import wrong_rows_workbook

__all__ = [
    "LARGE_ROWS",
    "ImportNotAppliedError",
    "apply_now",
    "apply_roster",
    "check_now",
    "check_roster",
    "forget_old_uploads",
    "import_file",
    "recheck_roster",
    "release_import",
    "stop_check",
    "take_up_apply",
    "take_up_check",
    "undo_import",
    "wrong_rows_workbook",
]
