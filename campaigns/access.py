"""Rights that depend on the unit in question; the rest is in accounts.access."""

from accounts.access import is_officer
from accounts.models import User
from campaigns.models import Unit


def edits_unit(user: User, unit_id: int) -> bool:
    """Holds the role EDITOR at this very unit."""
    return any(grant.role == "EDITOR" and grant.unit_id == unit_id for grant in user.scope.grants)


def may_open_unit(user: User, unit: Unit) -> bool:
    """Reads the page of a unit: the office and the leaders any, an editor their own."""
    return user.scope.reads_commune or edits_unit(user, unit.pk)


def may_write_team(user: User, village_id: int) -> bool:
    """Keeps the digital team of a village: the office, and the village's own editor."""
    return is_officer(user) or edits_unit(user, village_id)
