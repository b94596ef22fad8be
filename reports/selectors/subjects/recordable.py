"""Of the missing those for whom somebody may record something today. One query each; meant for a choice of people."""

from collections.abc import Collection

from accounts.models import User
from campaigns.models import Campaign, Household, Membership
from hbs_portal.lib.dates import local_today
from training.services.platforms import people_to_confirm


def units_of_people_today(user: User, commune_id: int, ids: Collection[int]) -> dict[int, int]:
    """Person -> unit of today, for people of the units that this person records for."""
    rows = Membership.objects.recorded_by(user).on(local_today()).filter(commune_id=commune_id, person_id__in=list(ids))
    return dict(rows.order_by("-starts_on", "-pk").values_list("person_id", "unit_id"))


def people_to_confirm_today(user: User, campaign: Campaign, ids: Collection[int]) -> frozenset[int]:
    """Of these people those without a confirmation of platforms that waits or is approved."""
    rows = people_to_confirm(user=user, campaign=campaign, day=local_today()).filter(pk__in=list(ids))
    return frozenset(rows.values_list("pk", flat=True))


def households_today(user: User, ids: Collection[int]) -> dict[int, int]:
    """Household -> village of today, for villages that this person records for."""
    rows = Household.objects.recorded_by(user).on(local_today()).filter(pk__in=list(ids))
    return dict(rows.values_list("pk", "village_id"))
