"""The proof of what counts: files of activities, platforms that somebody confirmed. A fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from accounts.models import User
from campaigns.models import Campaign
from training.models import Activity, Evidence, PlatformUse


class Proof(NamedTuple):
    """A file on an activity; who may not see the activity learns only that there is one."""

    id: int
    activity_id: int
    kind: str
    name: str


def visible_activities(user: User, ids: Collection[int]) -> frozenset[int]:
    """Of these activities those that this person may open."""
    rows = Activity.objects.visible_to(user).filter(pk__in=sorted(ids)).order_by()
    return frozenset(rows.values_list("pk", flat=True)) if ids else frozenset()


def proofs_of(campaign: Campaign, ids: Collection[int]) -> dict[int, list[Proof]]:
    """The files of these activities, photos first."""
    found: dict[int, list[Proof]] = defaultdict(list)
    if ids:
        rows = Evidence.objects.filter(commune_id=campaign.commune_id, activity_id__in=sorted(ids))
        for row in rows.order_by("-kind", "pk").values_list("pk", "activity_id", "kind", "name"):
            found[row[1]].append(Proof(*row))
    return found


def platforms_of(campaign: Campaign, use_ids: Iterable[int]) -> dict[int, list[str]]:
    """The names of the platforms of these confirmations."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = PlatformUse.objects.filter(commune_id=campaign.commune_id, pk__in=list(use_ids), platforms__isnull=False)
    for use_id, name in rows.order_by("platforms__position", "platforms__pk").values_list("pk", "platforms__name"):
        found[use_id].append(name)
    return found
