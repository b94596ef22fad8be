"""Who reads and who keeps the lists of people and households."""

from accounts.access import is_officer
from accounts.models import User
from campaigns.models import Household, Membership, Person, Unit
from campaigns.models.people import MembershipQuerySet
from campaigns.models.units import UnitQuerySet
from hbs_portal.lib.dates import local_today


def may_read_people(user: User) -> bool:
    """The office, the leaders, the administrator, and an editor for their own unit; team members read households."""
    return user.scope.reads_commune or user.scope.has("EDITOR")


def units_with_rosters(user: User) -> UnitQuerySet:
    """Units whose lists this person may read."""
    units = Unit.objects.visible_to(user)
    return units if user.scope.reads_commune else units.filter(pk__in=user.scope.unit_ids)


def kept_units(user: User) -> UnitQuerySet:
    """Units whose lists this person may change: the office any, an editor their own."""
    units = Unit.objects.visible_to(user)
    return units if is_officer(user) else units.filter(pk__in=user.scope.roster_unit_ids)


def listed_units(user: User) -> UnitQuerySet:
    """Units whose lists this person may bring: the kept ones, and for the office the commune (units, all figures)."""
    kept = kept_units(user)
    return kept | Unit.objects.filter(pk=user.scope.commune_id) if is_officer(user) else kept


def kept_memberships(user: User) -> MembershipQuerySet:
    """Memberships that this person may end or replace."""
    rows = Membership.objects.filter(commune_id=user.scope.commune_id)
    return rows if is_officer(user) else rows.filter(unit_id__in=user.scope.roster_unit_ids)


def keeps_unit(user: User, unit_id: int) -> bool:
    return is_officer(user) or unit_id in user.scope.roster_unit_ids


def keeps_household(user: User, household: Household) -> bool:
    return keeps_unit(user, household.village_id)


def records_household(user: User, household: Household) -> bool:
    """Enters checks of this household: the office any, editors and team members of its village."""
    return is_officer(user) or household.village_id in user.scope.recording_unit_ids


def keeps_person(user: User, person: Person) -> bool:
    """The office keeps everybody; an editor whoever is in their unit now, or was there last of all."""
    if is_officer(user):
        return True
    today = local_today()
    rows = list(Membership.objects.filter(commune_id=person.commune_id, person=person).order_by("starts_on", "pk"))
    present = [row for row in rows if row.ends_on is None or row.ends_on >= today]
    return any(row.unit_id in user.scope.roster_unit_ids for row in present or rows[-1:])
