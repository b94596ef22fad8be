"""People and households as lists that leave the portal (accounts/exports.py)."""

from collections.abc import Callable, Mapping
from datetime import date

from accounts.exports import ExportPart
from campaigns.choices import STAFF_GROUPS, Group
from campaigns.exporters.rosters import add_rosters, notes_of
from campaigns.importers.kinds import kind_spec
from campaigns.models.households import HouseholdQuerySet
from campaigns.models.imports import RosterKind
from campaigns.models.people import MembershipQuerySet
from campaigns.selectors.rosters import households_by_village, rows_by_unit
from hbs_portal.lib.sheets.lists import ListBook

#: kind -> the groups whose people stand in such a list.
GROUPS_OF: Mapping[str, tuple[str, ...]] = {
    RosterKind.PUPILS: (Group.PUPIL,),
    RosterKind.STAFF: STAFF_GROUPS,
    RosterKind.RESIDENTS: (Group.RESIDENT,),
}


def people_part(*, kind: str, memberships: MembershipQuerySet, chosen: str, as_of: date) -> ExportPart:
    """The people of the kind among `memberships`, a sheet a unit."""
    rows = memberships.filter(group__in=GROUPS_OF[kind])
    units = list(rows.order_by().values_list("unit_id", flat=True).distinct()[:2])

    def add_to(book: ListBook) -> None:
        add_rosters(book, kind_spec(kind), rows_by_unit(rows), as_of)

    return _part(kind, rows.count(), chosen, as_of, units, add_to)


def households_part(*, households: HouseholdQuerySet, chosen: str, as_of: date) -> ExportPart:
    """The households, a sheet a village."""
    kind = RosterKind.HOUSEHOLDS
    villages = list(households.order_by().values_list("village_id", flat=True).distinct()[:2])

    def add_to(book: ListBook) -> None:
        add_rosters(book, kind_spec(kind), households_by_village(households), as_of)

    return _part(kind, households.count(), chosen, as_of, villages, add_to)


def _part(
    kind: str, count: int, chosen: str, as_of: date, units: list[int], add_to: Callable[[ListBook], None]
) -> ExportPart:
    label = kind_spec(kind).label
    return ExportPart(
        count=count,
        chosen=chosen,
        add_to=add_to,
        label=label,
        notes=notes_of(as_of),
        unit_id=units[0] if len(units) == 1 else None,
        nothing=f"Phần đang lọc không có ai thuộc loại “{label}”. Hãy đổi loại hoặc bỏ bớt lọc.",
    )
