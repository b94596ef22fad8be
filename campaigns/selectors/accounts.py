"""Accounts of a commune, as its administrator sees them."""

from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.models import AuditEntry, User
from campaigns.choices import Role
from campaigns.models import Unit, UnitRole
from campaigns.models.units import UnitQuerySet
from campaigns.selectors.units import open_units_by_kind

HISTORY_ROWS = 10


def accounts_administered_by(admin: User) -> QuerySet[User]:
    """Accounts with a role in the administrator's commune, with their roles and units at hand (one more query)."""
    commune_id = admin.scope.commune_id
    if commune_id is None:
        return User.objects.none()
    here = _roles_in(commune_id)
    roles = here.select_related("unit").order_by("role", "unit__sort_key", "pk")
    held = Exists(here.filter(user=OuterRef("pk")))
    return User.objects.filter(held).prefetch_related(Prefetch("unit_roles", queryset=roles)).order_by("username")


def holding(accounts: QuerySet[User], *, role: str = "", unit: Unit | None = None) -> QuerySet[User]:
    """Of the accounts, those that hold this role, at this unit."""
    held = UnitRole.objects.filter(user=OuterRef("pk"))
    if role:
        held = held.filter(role=role)
    if unit:
        held = held.filter(unit=unit)
    return accounts.filter(Exists(held)) if role or unit else accounts


def units_for_roles(commune: Unit) -> UnitQuerySet:
    """The commune itself and its units that have no last day."""
    return Unit.objects.filter(Q(pk=commune.pk) | Q(commune=commune, closed_on__isnull=True))


def unit_choices(commune: Unit, day: date) -> list[tuple[str | int, object]]:
    """Choices of a unit field: the commune first, then the units by kind."""
    return [("", "Chọn đơn vị"), (commune.pk, commune.name), *open_units_by_kind(commune, day)]


def other_active_admins(commune_id: int, user: User) -> QuerySet[User]:
    """Who could still administer the commune without `user`."""
    admins = UnitRole.objects.filter(user=OuterRef("pk"), role=Role.ADMIN, unit_id=commune_id)
    return User.objects.filter(Exists(admins), is_active=True).exclude(pk=user.pk)


def account_history(account: User, reader: User) -> list[AuditEntry]:
    """The last writes on the account itself."""
    entries = AuditEntry.objects.visible_to(reader).filter(object_type=User._meta.label, object_id=account.pk)
    return list(entries[:HISTORY_ROWS])


def _roles_in(commune_id: int) -> QuerySet[UnitRole]:
    return UnitRole.objects.filter(Q(unit_id=commune_id) | Q(unit__commune_id=commune_id))
