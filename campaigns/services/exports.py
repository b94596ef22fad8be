"""Lists with names that leave the portal: written for a reason, and recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.audit import record_audit
from accounts.models import User
from campaigns.choices import STAFF_GROUPS, Group
from campaigns.exporters.rosters import ExportNote, roster_workbook
from campaigns.importers.kinds import kind_spec
from campaigns.models import Household, Membership, Unit
from campaigns.models.households import HouseholdQuerySet
from campaigns.models.imports import RosterKind
from campaigns.models.people import MembershipQuerySet
from campaigns.selectors.rosters import households_by_village, rows_by_unit

#: kind -> the groups whose people stand in such a list.
GROUPS_OF: Mapping[str, tuple[str, ...]] = {
    RosterKind.PUPILS: (Group.PUPIL,),
    RosterKind.STAFF: STAFF_GROUPS,
    RosterKind.RESIDENTS: (Group.RESIDENT,),
}


class NothingToExportError(Exception):
    """The chosen part holds nobody; the text says what to do."""


@dataclass(frozen=True)
class ExportRequest:
    """Who wants a list, of which kind, why, what was chosen in words, and as of which day."""

    actor: User
    kind: str
    reason: str
    chosen: str
    as_of: date


def export_people(*, request: ExportRequest, memberships: MembershipQuerySet, path: Path) -> int:
    """Write the people of the kind among `memberships`, a sheet a unit; returns how many rows.

    Raises NothingToExportError, then nothing is written.
    """
    return _export(request, rows_by_unit(memberships.filter(group__in=GROUPS_OF[request.kind])), path)


def export_households(*, request: ExportRequest, households: HouseholdQuerySet, path: Path) -> int:
    """Write the households, a sheet a village; as `export_people`."""
    return _export(request, households_by_village(households), path)


@transaction.atomic
def _export(request: ExportRequest, groups: Sequence[tuple[Unit, Sequence[Membership | Household]]], path: Path) -> int:
    spec = kind_spec(request.kind)
    count = sum(len(rows) for _, rows in groups)
    if not count:
        raise NothingToExportError(
            f"Phần đang lọc không có ai thuộc loại “{spec.label}”. Hãy đổi loại hoặc bỏ bớt lọc."
        )
    note = ExportNote(
        exported_by=f"{request.actor.full_name} ({request.actor.username})",
        exported_at=timezone.localtime(),
        reason=request.reason,
        chosen=request.chosen,
        as_of=request.as_of,
    )
    roster_workbook(spec, groups, note, path)
    told: dict[str, Any] = {"count": count, "reason": request.reason, "chosen": request.chosen}
    units = [unit for unit, _ in groups]
    record_audit(
        actor=request.actor,
        action="Xuất danh sách",
        label=f"{spec.label}: {request.chosen}",
        after=told,
        unit_id=units[0].pk if len(units) == 1 else None,
    )
    return count
