"""What lists that leave the portal hold: the rows of a kind, and what may be chosen in their columns."""

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from campaigns.choices import SCHOOL_KINDS, Group, UnitKind
from campaigns.class_names import class_order
from campaigns.models import Household, Membership, Unit
from campaigns.models.households import HouseholdQuerySet
from campaigns.models.people import MembershipQuerySet

Row = TypeVar("Row")


def classes_of(unit: Unit, day: date) -> tuple[str, ...]:
    """Return the classes of a unit on a day, by grade."""
    rows = Membership.objects.filter(commune_id=unit.commune_id, unit=unit, group=Group.PUPIL).on(day)
    names = rows.exclude(class_name="").order_by().values_list("class_name", flat=True).distinct()
    return tuple(sorted(names, key=class_order))


def villages_of(unit: Unit, day: date) -> tuple[str, ...]:
    """Return the village itself, or every village of the commune for another unit."""
    if unit.kind == UnitKind.VILLAGE:
        return (unit.name,)
    villages = Unit.objects.filter(commune_id=unit.commune_id or unit.pk).villages().open_on(day)
    return tuple(villages.in_order().values_list("name", flat=True))


def unit_codes_of(unit: Unit, day: date) -> tuple[str, ...]:
    """Return the code of the unit, or those of all units of a commune."""
    if unit.kind != UnitKind.COMMUNE:
        return (unit.code,)
    return tuple(Unit.objects.filter(commune=unit).open_on(day).in_order().values_list("code", flat=True))


def positions_of(unit: Unit) -> tuple[str, ...]:
    """Return the positions that a list of staff of this unit usually has."""
    if unit.kind in SCHOOL_KINDS:
        return ("Hiệu trưởng", "Phó hiệu trưởng", "Giáo viên", "Nhân viên")
    return (str(Group.OFFICIAL.label), str(Group.WORKER.label))


def rows_by_unit(memberships: MembershipQuerySet) -> list[tuple[Unit, list[Membership]]]:
    """Return the memberships with their units in order; within a unit by class, then by name. One query."""
    rows = memberships.select_related("person", "unit", "household__village")
    ordered = sorted(rows.order_by("person__sort_key", "person_id"), key=_place_of_membership)
    return _grouped((row.unit, row) for row in ordered)


def households_by_village(households: HouseholdQuerySet) -> list[tuple[Unit, list[Household]]]:
    """Return the households with their villages, in order. One query."""
    rows = households.select_related("village").order_by("village__position", "village__sort_key", "sort_key", "pk")
    return _grouped((row.village, row) for row in rows)


def _place_of_membership(row: Membership) -> tuple[object, ...]:
    return (row.unit.position, row.unit.sort_key, class_order(row.class_name), row.household_id or 0, not row.is_head)


def _grouped(pairs: Iterable[tuple[Unit, Row]]) -> list[tuple[Unit, list[Row]]]:
    groups: dict[int, tuple[Unit, list[Row]]] = {}
    for unit, row in pairs:
        groups.setdefault(unit.pk, (unit, []))[1].append(row)
    return list(groups.values())
