"""Titles and days of activities whose numbers the facts already hold: one query."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from campaigns.models import Campaign
from training.models import Activity


class NamedActivity(NamedTuple):
    id: int
    title: str
    on: date
    host_id: int
    host_name: str


def named_activities(campaign: Campaign, ids: Collection[int]) -> dict[int, NamedActivity]:
    """These activities of the campaign by id."""
    rows = Activity.objects.filter(commune_id=campaign.commune_id, campaign=campaign, pk__in=sorted(ids)).order_by()
    columns = ("pk", "title", "ends_on", "host_id", "host__name")
    return {row[0]: NamedActivity(*row) for row in rows.values_list(*columns)}
