"""Who may do what: a person's scope, one-line predicates, and the two decorators of every view.

Roles are given at units (campaigns.UnitRole). This module knows them by their names only, because accounts stands to
the left of campaigns (docs/architecture.md, "Arrows").
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

View = TypeVar("View", bound=Callable[..., HttpResponse])

COMMUNE_READERS = frozenset({"ADMIN", "OFFICER", "LEADER"})


@dataclass(frozen=True)
class Grant:
    """One role of one person at one unit; `commune_id` is empty where the unit is itself a commune (or a city)."""

    role: str
    unit_id: int
    path: str
    unit_kind: str
    unit_commune_id: int | None
    unit_name: str

    @property
    def commune_id(self) -> int | None:
        return self.unit_id if self.unit_kind == "COMMUNE" else self.unit_commune_id


@dataclass(frozen=True)
class Scope:
    """All grants of one person. Every right in the portal is a question to this object."""

    grants: tuple[Grant, ...]

    @classmethod
    def of(cls, grants: Iterable[Grant]) -> "Scope":
        """The grants that hold: those in the commune of the first. A role elsewhere gives no right here."""
        rows = list(grants)
        return cls(tuple(grant for grant in rows if grant.commune_id == rows[0].commune_id))

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles that hold: ADMIN, OFFICER and LEADER mean nothing unless given at the commune itself."""
        held = (g for g in self.grants if g.role not in COMMUNE_READERS or g.unit_kind == "COMMUNE")
        return frozenset(grant.role for grant in held)

    @cached_property
    def commune_id(self) -> int | None:
        return self.grants[0].commune_id if self.grants else None

    @cached_property
    def unit_ids(self) -> frozenset[int]:
        """Units where this person holds a role by name (an editor's own school; not the tree below)."""
        return frozenset(grant.unit_id for grant in self.grants)

    @cached_property
    def reads_commune(self) -> bool:
        """True for the office, the leaders and the administrator: they read every unit of the commune."""
        return not self.roles.isdisjoint(COMMUNE_READERS)

    @cached_property
    def recording_unit_ids(self) -> frozenset[int]:
        """Units for which this person records what was done, as EDITOR or TEAM_MEMBER."""
        return frozenset(grant.unit_id for grant in self.grants if grant.role in ("EDITOR", "TEAM_MEMBER"))

    @cached_property
    def roster_unit_ids(self) -> frozenset[int]:
        """Units whose lists of people and households this person keeps, as EDITOR."""
        return frozenset(grant.unit_id for grant in self.grants if grant.role == "EDITOR")

    @property
    def reads_audit(self) -> bool:
        return bool(self.roles & {"ADMIN", "OFFICER"})

    def has(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)


def may_enter(user: Any) -> bool:
    """Anybody with a role."""
    return bool(user.scope.grants)


def is_admin(user: Any) -> bool:
    return user.scope.has("ADMIN")


def is_officer(user: Any) -> bool:
    return user.scope.has("OFFICER")


def reads_commune(user: Any) -> bool:
    return user.scope.reads_commune


def reads_audit(user: Any) -> bool:
    return user.scope.reads_audit


def may_record(user: Any) -> bool:
    """Enters what was done: the office for anybody, an editor or team member for their own unit."""
    return user.scope.has("OFFICER", "EDITOR", "TEAM_MEMBER")


def may_keep_rosters(user: Any) -> bool:
    """Keeps the list of people and households: the office, and an editor for their own unit."""
    return user.scope.has("OFFICER", "EDITOR")


def may_approve(user: Any) -> bool:
    return user.scope.has("OFFICER")


def may_manage_units(user: Any) -> bool:
    return user.scope.has("OFFICER", "ADMIN")


def allow(predicate: Callable[[Any], bool]) -> Callable[[View], View]:
    """Says who may open a view: a reader without the right gets 403.

    Objects are a second matter: they are obtained through `visible_to(user)`, which gives strangers 404.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not predicate(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.allowed_by = predicate  # type: ignore[attr-defined]  # read by the access-matrix test
        return guarded  # type: ignore[return-value]

    return decorate
