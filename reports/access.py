"""Who may open the pages of this app, and take figures out of it, beyond the predicates of accounts."""

from typing import Any

from reports.progress.facts import UnitFact


def may_take_reports(user: Any) -> bool:
    """The office and the leaders; the administrator keeps accounts, not figures."""
    return user.scope.has("OFFICER", "LEADER")


def may_take_some_unit_report(user: Any) -> bool:
    """Takes the own result of some unit; of which one, campaigns.access says."""
    return may_take_reports(user) or has_own_unit(user)


def has_own_unit(user: Any) -> bool:
    """Records for a unit of their own, as editor or team member."""
    return bool(user.scope.recording_unit_ids)


def may_see_unit(user: Any, unit: UnitFact) -> bool:
    """Whose figures and names this person reads: every unit's for who reads the commune, else their own units'."""
    return user.scope.reads_commune or unit.id in user.scope.unit_ids
