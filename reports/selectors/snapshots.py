"""Frozen figures as lists, and the names that stand today behind their numbers: one query each."""

from collections.abc import Collection
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet

from accounts.models import User
from campaigns.models import Campaign, Household, Person
from hbs_portal.lib.text import fold
from reports.models import Snapshot
from reports.models.snapshots import SnapshotQuerySet
from reports.selectors.clocks import Clocks
from reports.snapshots.makeup import SubjectKind


class NamedSubject(NamedTuple):
    id: int
    name: str
    sort_key: str


def snapshots_of(user: User, campaign: Campaign | None = None) -> SnapshotQuerySet:
    """The snapshots this person may read (of one campaign), the newest first, without their content."""
    rows = Snapshot.objects.visible_to(user).without_content().select_related("campaign", "taken_by", "period")
    return rows.filter(campaign=campaign) if campaign else rows


def last_snapshot(campaign: Campaign, clocks: Clocks, before: Snapshot | None = None) -> Snapshot | None:
    """The snapshot of the latest day that looks no further than these clocks, with its content; of those that were
    taken before another one, where that is given.

    By its day, not by its number: an earlier day may be frozen late, for an inquiry. The opening of a period, frozen
    beside its closing (rule G8), is nobody's last figures.
    """
    rows = frozen_within(campaign, clocks, before)
    return rows.order_by("-as_of", "-approved_by", "-number").first()


def frozen_within(campaign: Campaign, clocks: Clocks, before: Snapshot | None = None) -> SnapshotQuerySet:
    """The snapshots of a campaign that look no further than these clocks; of those that were taken before `before`."""
    rows = Snapshot.objects.filter(
        Q(period__isnull=True) | Q(as_of=F("period__ends_on")),
        commune_id=campaign.commune_id,
        campaign=campaign,
        as_of__lte=clocks.as_of,
        approved_by__lte=clocks.approved_by,
    )
    return (rows.filter(number__lt=before.number) if before else rows).select_related("campaign", "taken_by", "period")


def find_snapshot(campaign: Campaign, text: str) -> Snapshot | None:
    """The snapshot of this code ("BDHVS-2026-003") or number ("3"); None where there is none."""
    number = text.removeprefix(f"{campaign.code}-")
    if not (number.isascii() and number.isdecimal() and len(number) < 9):
        return None
    rows = Snapshot.objects.filter(commune_id=campaign.commune_id, campaign=campaign, number=int(number))
    return rows.select_related("campaign__commune", "taken_by").first()


def matching_snapshots(rows: SnapshotQuerySet, q: str) -> list[Snapshot]:
    """Those whose code, name or note holds every word; marks and case do not matter. There are few of them a year."""
    words = fold(q).split()
    return [row for row in rows if all(word in fold(f"{row.code} {row.name} {row.note}") for word in words)]


def named_subjects(
    commune_id: int, kind: SubjectKind, ids: Collection[int] | None = None, q: str = ""
) -> dict[int, NamedSubject]:
    """Who stands behind these numbers today; all of the commune without `ids`. Whoever is gone has no entry."""
    is_person = kind == SubjectKind.PERSON
    model, name = (Person, "full_name") if is_person else (Household, "head_name")
    rows: QuerySet[Any] = model.objects.filter(commune_id=commune_id)
    for word in fold(q).split():
        rows = rows.filter(search_key__contains=word)
    if ids is not None:
        rows = rows.filter(pk__in=sorted(ids))
    return {row[0]: NamedSubject(*row) for row in rows.order_by().values_list("pk", name, "sort_key")}
