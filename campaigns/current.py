"""Which campaign a person works in."""

from accounts.models import User
from campaigns.models import AgencyProfile, Campaign, Unit


def current_campaign(user: User) -> Campaign | None:
    """The open campaign of the person's commune, else the newest; None before any plan was entered.

    Kept on the user object: one query a request, however often it is asked for.
    """
    if not hasattr(user, "_current_campaign"):
        plans = Campaign.objects.visible_to(user).select_related("commune__agency_profile")
        user._current_campaign = plans.order_by("-state", "-starts_on", "-pk").first()  # type: ignore[attr-defined]
    return user._current_campaign  # type: ignore[attr-defined]


def commune_of(user: User) -> Unit:
    """The commune a person works in. Raises Unit.DoesNotExist for somebody without a role."""
    return Unit.objects.get(pk=user.scope.commune_id or 0)


def agency_of(user: User) -> AgencyProfile | None:
    """How the papers of the person's commune are headed; None before anybody wrote it."""
    return AgencyProfile.objects.filter(commune_id=user.scope.commune_id).first() if user.scope.commune_id else None
