"""Who may take figures out of the portal as a file."""

from typing import Any


def may_take_reports(user: Any) -> bool:
    """The office and the leaders; the administrator keeps accounts, not figures."""
    return user.scope.has("OFFICER", "LEADER")
