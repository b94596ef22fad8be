"""What the pages of units show, in a number of queries that does not grow with the rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, IntegerField, QuerySet, Value, When

from accounts.models import AuditEntry, User
from campaigns.choices import ENDED_STATES, Group, UnitKind
from campaigns.models import DigitalTeam, Headcount, Household, Membership, Unit, UnitRole

HISTORY_ROWS = 10


@dataclass(frozen=True)
class UnitRow:
    unit: Unit
    people: int
    households: int
    is_open: bool


@dataclass(frozen=True)
class GroupCount:
    label: str
    count: int


@dataclass(frozen=True)
class UnitOverview:
    """Everything on the page of one unit, as of one day."""

    groups: list[GroupCount]
    people: int
    households: int
    headcounts: list[Headcount]
    roles: list[UnitRole]
    teams: list[DigitalTeam]
    predecessors: list[Unit]
    successors: list[Unit]
    history: list[AuditEntry]


def in_kind_order(units: QuerySet[Unit]) -> QuerySet[Unit]:
    """Units by kind as the glossary lists them, then in their own order."""
    ranks = [When(kind=kind, then=Value(rank)) for rank, kind in enumerate(UnitKind.values)]
    rank = Case(*ranks, default=Value(len(ranks)), output_field=IntegerField())
    return units.order_by(rank, "position", "sort_key", "pk")


def unit_rows(units: Iterable[Unit], day: date) -> list[UnitRow]:
    """The rows of one page of units of one commune, with their people and households on that day: two queries."""
    units = list(units)
    people: dict[int, int] = _count_by("unit_id", _of(units, Membership, "unit").on(day), "person")
    households: dict[int, int] = _count_by("village_id", _of(units, Household, "village").on(day), "pk")
    return [UnitRow(unit, people.get(unit.pk, 0), households.get(unit.pk, 0), unit.is_open(day)) for unit in units]


def unit_overview(unit: Unit, reader: User, day: date) -> UnitOverview:
    """Facts of one unit on a day; the history only for those who may read the audit."""
    members = Membership.objects.filter(commune_id=unit.commune_id, unit=unit).on(day)
    return UnitOverview(
        groups=_by_group(members),
        people=members.values("person").distinct().count(),
        households=Household.objects.filter(commune_id=unit.commune_id, village=unit).on(day).count(),
        headcounts=_latest_headcounts(unit, day),
        roles=list(unit.roles.select_related("user").order_by("role", "user__full_name")),
        teams=list(unit.digital_teams.order_by("-founded_on")),
        predecessors=list(unit.predecessors.in_order()),
        successors=list(unit.successors.in_order()),
        history=list(_history(unit, reader)[:HISTORY_ROWS]),
    )


def open_units_by_kind(commune: Unit, day: date) -> list[tuple[str, list[tuple[int, str]]]]:
    """Choices for a form: (label of the kind, [(pk, name), …]) of the units that have no last day yet."""
    choices: dict[str, list[tuple[int, str]]] = {}
    for unit in in_kind_order(Unit.objects.filter(commune=commune, closed_on__isnull=True, opened_on__lte=day)):
        choices.setdefault(unit.get_kind_display(), []).append((unit.pk, unit.name))
    return list(choices.items())


def _of(units: list[Unit], model: type[Membership] | type[Household], field: str) -> Any:
    communes = {unit.commune_id for unit in units}
    return model.objects.filter(commune_id__in=communes, **{f"{field}__in": units})


def _count_by(key: str, rows: QuerySet, counted: str) -> dict[Any, int]:
    return dict(rows.order_by().values_list(key).annotate(n=Count(counted, distinct=True)))


def _by_group(members: QuerySet[Membership]) -> list[GroupCount]:
    counts: dict[str, int] = _count_by("group", members, "person")
    return [GroupCount(str(group.label), counts[group.value]) for group in Group if group.value in counts]


def _latest_headcounts(unit: Unit, day: date) -> list[Headcount]:
    """Of each group the last declared number that holds on that day, its newest version, in whatever state it is."""
    rows = Headcount.objects.filter(commune_id=unit.commune_id, unit=unit, effective_on__lte=day)
    rows = rows.exclude(status__in=ENDED_STATES)
    latest: dict[str, Headcount] = {}
    for row in rows.order_by("group", "effective_on", "pk"):
        latest[row.group] = row
    return [latest[group.value] for group in Group if group.value in latest]


def _history(unit: Unit, reader: User) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.visible_to(reader).filter(object_type=unit._meta.label, object_id=unit.pk)
