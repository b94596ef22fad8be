"""Which version of a record stands for it, and what must not exist beside it (rule H2).

A chain is a record with the versions that replaced it. Of a chain at most one version is official and at most one is
still on its way.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from campaigns.choices import ENDED_STATES, RecordStatus
from campaigns.models import Exclusion, Headcount, ReviewedRecord
from training.models import HouseholdCheck, PlatformUse, RunningTotal

#: Of what there is one record at a time. Two activities are never the same one.
IDENTITY: Mapping[type[ReviewedRecord], tuple[str, ...]] = {
    PlatformUse: ("campaign_id", "person_id"),
    HouseholdCheck: ("household_id", "checked_on"),
    RunningTotal: ("target_id", "unit_id", "group", "as_of"),
    Headcount: ("unit_id", "group", "effective_on"),
    Exclusion: ("campaign_id", "person_id", "target_id", "starts_on"),
}
ON_ITS_WAY = (RecordStatus.DRAFT, RecordStatus.SUBMITTED, RecordStatus.RETURNED)
#: States that lists offer: of a record that was replaced the newer version is shown.
SHOWN_STATES = [(value, label) for value, label in RecordStatus.choices if value != RecordStatus.REPLACED]


def rival_of(record: Any) -> Any | None:
    """A living record of the same subject (and day) that is no other version of this one; None if there is none."""
    names = IDENTITY.get(type(record))
    if names is None:
        return None
    same = {name: getattr(record, name) for name in names}
    own = [pk for pk in (record.pk, record.replaces_id) if pk]
    rows = type(record)._default_manager.filter(**same).exclude(status__in=ENDED_STATES).exclude(pk__in=own)
    if record.pk:
        rows = rows.filter(~Q(replaces=record.pk) | Q(replaces__isnull=True))
    return rows.order_by("pk").first()


def revision_of(record: Any) -> Any | None:
    """The version that was made from this one; None if there is none."""
    return type(record)._default_manager.filter(replaces_id=record.pk).first()


def heads(rows: QuerySet[Any]) -> QuerySet[Any]:
    """One row a chain: the approved version if there is one, else the newest."""
    versions = rows.model._default_manager
    newer = versions.filter(replaces_id=OuterRef("pk"))
    official = versions.filter(pk=OuterRef("replaces_id"), status=RecordStatus.APPROVED)
    on_its_way = Q(status__in=ON_ITS_WAY) & Exists(official)
    left_behind = Q(status=RecordStatus.WITHDRAWN) & Exists(newer)
    return rows.exclude(status=RecordStatus.REPLACED).exclude(on_its_way).exclude(left_behind)


def standing(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Sent and approved records, but of one whose revision was sent that revision alone."""
    return rows.filter(status__in=[RecordStatus.SUBMITTED, RecordStatus.APPROVED], revised_on__isnull=True)


def versions_beside(record: Any) -> list[int]:
    """The record, what it replaces and what replaces it (by number): it is not compared with itself."""
    later = type(record)._default_manager.filter(replaces_id=record.pk).values_list("pk", flat=True)
    return [pk for pk in (record.pk, record.replaces_id, *later) if pk]


def give_way(record: Any) -> None:
    """From the day a revision was sent its predecessor leaves the provisional figures; taken back, it returns (H1)."""
    if record.replaces_id:
        sent_on = record.submitted_on if record.status == RecordStatus.SUBMITTED else None
        type(record)._default_manager.filter(pk=record.replaces_id).update(revised_on=sent_on)


def give_way_to_many(revisions: Iterable[Any], on: date) -> None:
    """The same for revisions of one kind that were sent together on that day; at most one query."""
    found = [record for record in revisions if record.replaces_id]
    if found:
        replaced = [record.replaces_id for record in found]
        type(found[0])._default_manager.filter(pk__in=replaced).update(revised_on=on)
