"""What the pages of exclusions read; each function is a fixed number of queries."""

from typing import cast

from accounts.models import User
from campaigns.models import Campaign, Exclusion
from campaigns.models.exclusions import ExclusionQuerySet
from training.succession import heads


def exclusions_of(*, user: User, campaign: Campaign) -> ExclusionQuerySet:
    """The campaign's records that this person may read: of several versions the one that stands for them (H2)."""
    rows = heads(Exclusion.objects.visible_to(user).filter(campaign=campaign))
    return cast(ExclusionQuerySet, rows).select_related(
        "person", "unit", "target", "entered_by", "decided_by", "revision"
    )
