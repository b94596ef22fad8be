"""Who may open what; the rights of lists stand in roster_access, the rest in accounts.access."""

from accounts.access import is_officer
from accounts.models import User
from campaigns.choices import UnitKind
from campaigns.models import Unit


def may_open_unit(user: User, unit: Unit) -> bool:
    """Reads the page of a unit: the office and the leaders any, an editor their own."""
    return user.scope.reads_commune or unit.pk in user.scope.roster_unit_ids


def may_take_unit_report(user: User, unit_id: int) -> bool:
    """The unit's own result as a file: the office and the leaders, and who records for the unit."""
    return user.scope.has("OFFICER", "LEADER") or unit_id in user.scope.recording_unit_ids


def may_add_team(user: User) -> bool:
    """Writes digital teams: the office, and the editor of a village (a school's editor has none)."""
    return is_officer(user) or any(
        grant.role == "EDITOR" and grant.unit_kind == UnitKind.VILLAGE for grant in user.scope.grants
    )
