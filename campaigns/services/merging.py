"""Merging units: the old ones end the day before, the new one continues their lists (rule F2)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet

from accounts.audit import record_audit
from accounts.models import User
from accounts.versions import save_if_unchanged
from campaigns.choices import Role, Source, UnitKind
from campaigns.models import DigitalTeam, FigureSource, Household, HouseholdMove, Membership, Unit, UnitRole
from campaigns.services.plans import place_in_tree
from campaigns.services.units import day_before, dissolve_teams
from hbs_portal.lib.text import date_short

#: Schools of different levels become one school of both levels (Trường TH&THCS).
JOINABLE_SCHOOLS = frozenset({UnitKind.PRIMARY, UnitKind.LOWER_SECONDARY, UnitKind.PRIMARY_LOWER_SECONDARY})
FIELD_ROLES = (Role.EDITOR, Role.TEAM_MEMBER)


@dataclass(frozen=True)
class MergeSummary:
    """What a merger would do, told before it happens."""

    kind: UnitKind
    last_day: date
    people: int
    households: int
    accounts: int
    teams: tuple[str, ...]
    doubled_classes: tuple[str, ...]
    doubled_people: int
    declares_figures: bool


def merged_kind(kinds: Iterable[str]) -> UnitKind | None:
    """The kind of the merged unit: the common one, TH&THCS for schools of different levels, None if they don't fit."""
    found = {UnitKind(kind) for kind in kinds}
    if len(found) == 1:
        return found.pop()
    return UnitKind.PRIMARY_LOWER_SECONDARY if found and found <= JOINABLE_SCHOOLS else None


def check_merging(*, units: list[Unit], opened_on: date) -> UnitKind:
    """The kind of the new unit. Raises ValidationError by field where these units cannot become one on that day."""
    if len(units) < 2:
        raise ValidationError({"units": "Hãy chọn từ hai đơn vị trở lên."})
    kind = merged_kind(unit.kind for unit in units)
    if kind is None:
        raise ValidationError(
            {"units": "Chỉ hợp nhất các đơn vị cùng loại, hoặc trường tiểu học với trường THCS. Hãy chọn lại."}
        )
    for unit in units:
        if unit.closed_on:
            raise ValidationError({"units": f"{unit} đã kết thúc ngày {date_short(unit.closed_on)}. Hãy bỏ chọn."})
        if opened_on <= unit.opened_on:
            raise ValidationError(
                {"opened_on": f"{unit} hoạt động từ {date_short(unit.opened_on)}. Hãy chọn ngày muộn hơn ngày đó."}
            )
    return kind


def preview_merger(*, units: list[Unit], opened_on: date) -> MergeSummary:
    """Counts what merge_units would move; writes nothing. Raises ValidationError (see check_merging)."""
    kind = check_merging(units=units, opened_on=opened_on)
    rows = list(_continuing(units, opened_on).select_related("person"))
    last_day = day_before(opened_on)
    teams = DigitalTeam.objects.filter(village__in=units).active_on(last_day)
    return MergeSummary(
        kind=kind,
        last_day=last_day,
        people=len({row.person_id for row in rows}),
        households=_households(units, opened_on).count(),
        accounts=_field_roles(units).values("user").distinct().count(),
        teams=tuple(teams.values_list("name", flat=True)),
        doubled_classes=_doubled_classes(rows),
        doubled_people=_doubled_people(rows),
        declares_figures=bool(_declared_groups(units, opened_on)),
    )


@transaction.atomic
def merge_units(
    *,
    actor: User,
    commune: Unit,
    units: list[Unit],
    expected_versions: Mapping[int, int],
    code: str,
    name: str,
    opened_on: date,
) -> Unit:
    """Makes one unit of several; gives the new one.

    The old ones end the day before `opened_on`. Memberships that run on are ended and continued in the new unit,
    households (with their checks) move to it, people who enter data keep that role there, declared groups stay
    declared. Raises StaleRecordError where a unit changed since the summary was shown, ValidationError otherwise.
    """
    kind = check_merging(units=units, opened_on=opened_on)
    new = Unit.objects.create(
        commune=commune,
        parent=commune,
        code=code,
        name=name,
        kind=kind,
        opened_on=opened_on,
        position=min(unit.position for unit in units),
    )
    place_in_tree(new)
    new.predecessors.set(units)
    for unit in units:
        _close_merged(actor, unit, new, expected_versions.get(unit.pk, 0))
    moved = {
        "memberships": _continue_memberships(units, new),
        "households": _move_households(units, new),
        "roles": _continue_roles(units, new),
    }
    _continue_sources(units, new)
    after = {"code": code, "name": name, "opened_on": opened_on.isoformat(), "from": [u.code for u in units], **moved}
    record_audit(actor=actor, action="Hợp nhất đơn vị", target=new, after=after, unit_id=new.pk)
    return new


def _close_merged(actor: User, unit: Unit, new: Unit, expected_version: int) -> None:
    unit.closed_on = day_before(new.opened_on)
    save_if_unchanged(unit, expected_version=expected_version, fields=("closed_on",))
    dissolve_teams(unit, unit.closed_on)
    after = {"closed_on": unit.closed_on.isoformat(), "reason": f"Hợp nhất vào {new.name}"}
    record_audit(
        actor=actor, action="Kết thúc đơn vị", target=unit, before={"closed_on": None}, after=after, unit_id=unit.pk
    )


def _continuing(units: list[Unit], opened_on: date) -> QuerySet[Membership]:
    """Memberships of the old units that hold on the opening day or later."""
    rows = Membership.objects.filter(commune_id=units[0].commune_id, unit__in=units)
    return rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=opened_on)).order_by(
        "person", "group", "starts_on", "pk"
    )


def _households(units: list[Unit], opened_on: date) -> QuerySet[Household]:
    rows = Household.objects.filter(commune_id=units[0].commune_id, village__in=units)
    return rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=opened_on))


def _move_households(units: list[Unit], new: Unit) -> int:
    """The households go on in the new village; until the day before they count where they were (rule F2)."""
    rows = _households(units, new.opened_on)
    until = day_before(new.opened_on)
    existed = rows.filter(starts_on__lte=until).values_list("pk", "village_id")
    moves = [
        HouseholdMove(commune=new.commune, household_id=pk, from_village_id=old, until=until) for pk, old in existed
    ]
    HouseholdMove.objects.bulk_create(moves, batch_size=500)
    return rows.update(village=new, version=F("version") + 1)


def _continue_memberships(units: list[Unit], new: Unit) -> int:
    """Ends what runs on the opening day, continues it in the new unit, and moves what begins later."""
    running = _continuing(units, new.opened_on)
    continued = continued_memberships(list(running), new)
    running.filter(starts_on__gte=new.opened_on).delete()
    running.update(ends_on=day_before(new.opened_on), end_reason=f"Hợp nhất vào {new.name}"[:120])
    Membership.objects.bulk_create(continued, batch_size=500)
    return len(continued)


def continued_memberships(rows: Iterable[Membership], new: Unit) -> list[Membership]:
    """The memberships in the new unit (unsaved): one for each stretch of a person in a group, overlaps made one.

    `rows` come by person, group and first day. Somebody who belonged to two of the old units goes on once.
    """
    result: list[Membership] = []
    for row in rows:
        starts_on = max(row.starts_on, new.opened_on)
        last = result[-1] if result else None
        same = last is not None and (last.person_id, last.group) == (row.person_id, row.group)
        if last is not None and same and (last.ends_on is None or starts_on <= last.ends_on):
            last.ends_on = max(last.ends_on, row.ends_on) if last.ends_on and row.ends_on else None
            if last.household_id is None:
                last.household_id, last.is_head = row.household_id, row.is_head
            continue
        result.append(
            Membership(
                commune_id=row.commune_id,
                person_id=row.person_id,
                unit=new,
                group=row.group,
                class_name=row.class_name,
                household_id=row.household_id,
                is_head=row.is_head,
                starts_on=starts_on,
                ends_on=row.ends_on,
                end_reason=row.end_reason,
            )
        )
    return result


def _field_roles(units: list[Unit]) -> QuerySet[UnitRole]:
    return UnitRole.objects.filter(unit__in=units, role__in=FIELD_ROLES)


def _continue_roles(units: list[Unit], new: Unit) -> int:
    """The old roles stay, so that people still read what they entered."""
    pairs = sorted(set(_field_roles(units).values_list("user_id", "role")))
    UnitRole.objects.bulk_create(UnitRole(user_id=user_id, role=role, unit=new) for user_id, role in pairs)
    return len(pairs)


def _continue_sources(units: list[Unit], new: Unit) -> None:
    """A group that one of the units only declares has no full list in the new one: it stays declared (rule B3).

    What the office chose for a day after the merger holds from that day on.
    """
    later = FigureSource.objects.filter(commune_id=new.commune_id, unit__in=units, effective_on__gt=new.opened_on)
    known: set[str] = set()
    for day in [new.opened_on, *sorted(set(later.values_list("effective_on", flat=True)))]:
        declared = set(_declared_groups(units, day))
        FigureSource.objects.bulk_create(
            FigureSource(
                commune=new.commune,
                unit=new,
                group=group,
                source=Source.DECLARED if group in declared else Source.ROSTER,
                effective_on=day,
            )
            for group in sorted(declared ^ known)
        )
        known = declared


def _declared_groups(units: list[Unit], day: date) -> list[str]:
    """The groups of which one of the units declares its figures on that day."""
    rows = FigureSource.objects.filter(commune_id=units[0].commune_id, unit__in=units).in_force(day)
    return sorted(set(rows.filter(source=Source.DECLARED).values_list("group", flat=True)))


def _doubled_classes(rows: Iterable[Membership]) -> tuple[str, ...]:
    """Class names that more than one of the units uses: their lists would run together."""
    units_of = defaultdict(set)
    for row in rows:
        if row.class_name:
            units_of[row.class_name].add(row.unit_id)
    return tuple(sorted(name for name, units in units_of.items() if len(units) > 1))


def _doubled_people(rows: Iterable[Membership]) -> int:
    units_of = defaultdict(set)
    for row in rows:
        units_of[row.person_id].add(row.unit_id)
    return sum(len(units) > 1 for units in units_of.values())
