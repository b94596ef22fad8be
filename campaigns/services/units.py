"""Units of a commune: open one, mend its entry, close it (rules F1, F2). Merging stands in merging.py."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max, Min, Q, QuerySet

from accounts.audit import changed_only, field_values, record_audit
from accounts.models import User
from accounts.versions import save_if_unchanged
from campaigns.choices import UnitKind
from campaigns.models import DigitalTeam, Household, Membership, Unit
from campaigns.services.plans import place_in_tree
from hbs_portal.lib.text import date_short, number_text

EDITED_FIELDS = ("code", "name", "kind", "position", "opened_on")


@transaction.atomic
def create_unit(
    *, actor: User | None, commune: Unit, code: str, name: str, kind: str, opened_on: date, position: int = 100
) -> Unit:
    """A new unit below the commune. The code must be free in it (unit_code_unique_in_commune)."""
    unit = Unit.objects.create(
        commune=commune, parent=commune, code=code, name=name, kind=kind, opened_on=opened_on, position=position
    )
    place_in_tree(unit)
    after = field_values(unit, EDITED_FIELDS)
    record_audit(actor=actor, action="Thêm đơn vị", target=unit, after=after, unit_id=unit.pk)
    return unit


@transaction.atomic
def update_unit(
    *,
    actor: User | None,
    unit: Unit,
    expected_version: int,
    code: str,
    name: str,
    kind: str,
    opened_on: date,
    position: int,
) -> Unit:
    """Mends the entry of a unit. Raises StaleRecordError, or ValidationError by field (see check_unit_entry)."""
    check_unit_entry(unit=unit, kind=kind, opened_on=opened_on)
    stored = Unit.objects.get(pk=unit.pk)
    unit.code, unit.name, unit.kind, unit.opened_on, unit.position = code, name, kind, opened_on, position
    unit.set_keys()
    save_if_unchanged(unit, expected_version=expected_version, fields=(*EDITED_FIELDS, "search_key", "sort_key"))
    before, after = changed_only(field_values(stored, EDITED_FIELDS), field_values(unit, EDITED_FIELDS))
    record_audit(actor=actor, action="Sửa đơn vị", target=unit, before=before, after=after, unit_id=unit.pk)
    return unit


def check_unit_entry(*, unit: Unit, kind: str, opened_on: date) -> None:
    """Raises ValidationError by field where the entry would contradict what is already recorded of the unit."""
    errors = entry_errors(unit=unit, kind=kind, opened_on=opened_on, ties=ties_of([unit])[unit.pk])
    if errors:
        raise ValidationError(errors)


@dataclass(frozen=True)
class UnitTies:
    """What is recorded of a unit and binds its entry: households or teams, and the first day of a membership."""

    is_settled: bool
    first_member_on: date | None


def ties_of(units: Collection[Unit]) -> dict[int, UnitTies]:
    """Unit's id -> what binds its entry; three queries for any number of units of one commune."""
    pks, communes = [unit.pk for unit in units], {unit.commune_id for unit in units}
    settled = set(
        Household.objects.filter(commune__in=communes, village__in=pks)
        .order_by()
        .values_list("village_id", flat=True)
        .distinct()
    )
    settled |= set(DigitalTeam.objects.filter(village__in=pks).order_by().values_list("village_id", flat=True))
    rows = Membership.objects.filter(commune__in=communes, unit__in=pks).order_by().values_list("unit_id")
    first = dict(rows.annotate(first=Min("starts_on")))
    return {pk: UnitTies(pk in settled, first.get(pk)) for pk in pks}


def entry_errors(*, unit: Unit, kind: str, opened_on: date, ties: UnitTies) -> dict[str, str]:
    """What of an entry contradicts what is recorded of the unit: field -> sentence."""
    errors = {}
    if kind != UnitKind.VILLAGE and ties.is_settled:
        errors["kind"] = "Thôn này đã có hộ hoặc tổ công nghệ số nên phải giữ loại đơn vị là thôn."
    first = ties.first_member_on
    if first and first < opened_on:
        errors["opened_on"] = f"Đã có người thuộc đơn vị từ {date_short(first)}. Hãy chọn ngày đó hoặc sớm hơn."
    if unit.closed_on and unit.closed_on < opened_on:
        errors["opened_on"] = f"Đơn vị đã kết thúc ngày {date_short(unit.closed_on)}. Hãy chọn ngày sớm hơn."
    return errors


@transaction.atomic
def close_unit(*, actor: User, unit: Unit, expected_version: int, last_day: date, reason: str) -> Unit:
    """Ends a unit; memberships and the digital team that run on end with it, on `last_day`.

    Raises StaleRecordError, or ValidationError by field (see check_closing).
    """
    check_closing(unit=unit, last_day=last_day)
    unit.closed_on = last_day
    save_if_unchanged(unit, expected_version=expected_version, fields=("closed_on",))
    people = running_after(unit.memberships.all(), last_day).update(ends_on=last_day, end_reason=reason[:120])
    dissolve_teams(unit, last_day)
    after = {"closed_on": last_day.isoformat(), "reason": reason, "memberships_ended": people}
    record_audit(
        actor=actor, action="Kết thúc đơn vị", target=unit, before={"closed_on": None}, after=after, unit_id=unit.pk
    )
    return unit


def check_closing(*, unit: Unit, last_day: date) -> None:
    """Raises ValidationError by field where the unit cannot end on that day; each message says what to do instead."""
    if unit.closed_on:
        raise ValidationError(f"Đơn vị đã kết thúc ngày {date_short(unit.closed_on)}, không cần làm lại.")
    if last_day < unit.opened_on:
        raise ValidationError(
            {"last_day": f"Đơn vị hoạt động từ {date_short(unit.opened_on)}. Hãy chọn ngày đó hoặc muộn hơn."}
        )
    later = unit.memberships.filter(starts_on__gt=last_day).aggregate(last=Max("starts_on"))["last"]
    if later:
        raise ValidationError({"last_day": _later_members_text(unit, last_day, later)})
    households = running_after(unit.households.all(), last_day).count()
    if households:
        raise ValidationError(
            f"Thôn còn {number_text(households)} hộ sau ngày này. Hãy dùng “Hợp nhất” để các hộ chuyển sang thôn mới."
        )
    if unit.digital_teams.filter(founded_on__gt=last_day).exists():
        raise ValidationError({"last_day": "Tổ công nghệ số của thôn thành lập sau ngày này. Hãy chọn ngày muộn hơn."})


def _later_members_text(unit: Unit, last_day: date, latest: date) -> str:
    count = unit.memberships.filter(starts_on__gt=last_day).count()
    return (
        f"Có {number_text(count)} người vào đơn vị sau {date_short(last_day)}, muộn nhất là {date_short(latest)}. "
        f"Hãy chọn từ ngày {date_short(latest)} trở đi, hoặc chuyển những người đó sang đơn vị khác trước."
    )


def running_after(rows: QuerySet, day: date) -> QuerySet:
    """Of dated rows (memberships, households), those that still hold on the day after `day`."""
    return rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))


def dissolve_teams(unit: Unit, last_day: date) -> int:
    """Ends the digital teams that would outlive their village; gives their number."""
    lasting = DigitalTeam.objects.filter(Q(dissolved_on__isnull=True) | Q(dissolved_on__gt=last_day), village=unit)
    return lasting.update(dissolved_on=last_day, version=F("version") + 1)


def day_before(day: date) -> date:
    return day - timedelta(days=1)


def closing_consequences(unit: Unit, today: date) -> list[str]:
    """What the confirmation page says before a unit is closed, one sentence each."""
    people = Membership.objects.filter(commune_id=unit.commune_id, unit=unit).on(today).values("person").distinct()
    lines = ["Số liệu trước ngày kết thúc giữ nguyên; từ ngày sau đó đơn vị không còn được tính vào chỉ tiêu."]
    if count := people.count():
        lines.append(f"{number_text(count)} người đang trong danh sách sẽ thôi thuộc đơn vị sau ngày đó.")
    if count := Household.objects.filter(commune_id=unit.commune_id, village=unit).on(today).count():
        lines.append(f"Thôn đang có {number_text(count)} hộ: hãy dùng “Hợp nhất” để các hộ chuyển sang thôn mới.")
    if unit.digital_teams.active_on(today).exists():
        lines.append("Tổ công nghệ số cộng đồng của thôn kết thúc cùng ngày.")
    return lines
