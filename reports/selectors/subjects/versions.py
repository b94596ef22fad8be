"""What is known of the version of a target's rule that a reading uses (rule H6): one query."""

from campaigns.models import Target
from campaigns.models.campaign import TargetVersion


def version_of(target: Target, number: int) -> TargetVersion | None:
    """The version of this number with its day and reason; None for a target that no version was written of."""
    return TargetVersion.objects.filter(target=target, number=number).first()
