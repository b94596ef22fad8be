"""A household that splits (rule E3) or moves to another village (F2) from a day on, and taking either back.

Both are real changes with a day. An entry that was wrong from the beginning is mended instead (services.households).
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet

from accounts.audit import field_values, record_audit
from accounts.models import User
from accounts.versions import StaleRecordError, save_if_unchanged
from campaigns.dependents import Ground, records_on
from campaigns.models import Household, HouseholdMove, Membership, Person, Unit
from campaigns.services.households import HOUSEHOLD_FIELDS
from campaigns.services.units import day_before
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.text import date_short, fold

SPLIT, MOVED = "Tách hộ", "Hộ chuyển thôn"
CHANGED_SINCE = "Thành viên của hộ đã thay đổi sau lần đó nên không hoàn tác được. Hãy sửa từng người."

MOVED_SINCE = "Hộ cũ đã chuyển thôn sau khi tách nên không hoàn tác được. Hãy hoàn tác lần chuyển thôn đó trước."


def residents_on(household: Household, day: date) -> QuerySet[Membership]:
    """Who lives in the household on that day, by the list, in the order of names."""
    rows = Membership.objects.filter(commune_id=household.commune_id, household=household).on(day)
    return rows.select_related("person", "unit").order_by("-is_head", "person__sort_key", "pk")


def check_split(*, household: Household, starts_on: date) -> None:
    """Raises ValidationError by field where no household can split off this one from that day on."""
    _refuse_day(household, starts_on, "starts_on")
    if not household.village.is_open(starts_on):
        raise ValidationError(
            {"starts_on": f"{household.village} không hoạt động vào ngày {date_short(starts_on)}. Hãy chọn ngày khác."}
        )
    _refuse_day_before_move(household, starts_on)


@transaction.atomic
def split_household(
    *,
    actor: User | None,
    household: Household,
    expected_version: int,
    starts_on: date,
    residents: Sequence[Membership] = (),
    **values: Any,
) -> Household:
    """A new household of the same village, split off from a day on; `residents` go along from that day (rule E3).

    The old one keeps its own records; the new one is uncovered unless a checked member lives in it. `values`: head_name
    and other columns of the new one. Raises StaleRecordError, or ValidationError by field (see check_split).
    """
    if household.version == expected_version:
        check_split(household=household, starts_on=starts_on)
    save_if_unchanged(household, expected_version=expected_version, fields=())
    new = Household(
        commune_id=household.commune_id, village=household.village, split_from=household, starts_on=starts_on, **values
    )
    new.save()
    moved = _continue_in(residents, starts_on, reason=SPLIT, household=new, unit=new.village)
    after = field_values(new, HOUSEHOLD_FIELDS) | {"split_from_id": household.pk, "people": moved}
    record_audit(actor=actor, action=SPLIT, target=new, after=after, unit_id=new.village_id)
    return new


def check_split_undo(household: Household) -> None:
    """Raises ValidationError where the split cannot be taken back: no split, or something stands on it already."""
    if household.split_from_id is None:
        raise ValidationError("Hộ này không phải hộ mới tách nên không có gì để hoàn tác.")
    found = records_on(Ground(household.commune_id, household_ids=[household.pk]))
    if found:
        raise ValidationError(f"Hộ mới đã được ghi nhận: {found[0]}. Hãy bỏ các ghi nhận đó trước.")
    if household.split_off.exists() or household.moves.exists():
        raise ValidationError("Sau khi tách, hộ này đã tách tiếp hoặc chuyển thôn. Hãy hoàn tác việc đó trước.")


@transaction.atomic
def undo_split(*, actor: User | None, household: Household, expected_version: int) -> Household:
    """Takes the split back while nothing is recorded about the new household; gives the old one.

    Raises StaleRecordError, or ValidationError (see check_split_undo).
    """
    save_if_unchanged(household, expected_version=expected_version, fields=())
    check_split_undo(household)
    old = Household.objects.select_related("village").get(pk=household.split_from_id or 0)
    before = field_values(household, HOUSEHOLD_FIELDS)
    moved = list(Membership.objects.filter(commune_id=household.commune_id, household=household))
    _take_back(moved, household.starts_on, household=old, reason=SPLIT)
    record_audit(actor=actor, action="Hoàn tác tách hộ", target=household, before=before, unit_id=household.village_id)
    household.delete()
    return old


def check_household_move(*, household: Household, village: Unit, starts_on: date) -> None:
    """Raises ValidationError by field where the household cannot belong to that village from that day on."""
    _refuse_day(household, starts_on, "starts_on")
    if village.pk == household.village_id:
        raise ValidationError({"village": "Hộ đang ở thôn này. Hãy chọn thôn khác."})
    if not (village.is_village and village.is_open(starts_on)):
        raise ValidationError({"village": f"{village} không hoạt động vào ngày {date_short(starts_on)}."})
    _refuse_day_before_move(household, starts_on)


@transaction.atomic
def move_household(
    *, actor: User | None, household: Household, expected_version: int, village: Unit, starts_on: date
) -> Household:
    """From `starts_on` the household counts in another village, its residents too; until then where it was (rule F2).

    Raises StaleRecordError, or ValidationError by field (see check_household_move).
    """
    if household.version == expected_version:
        check_household_move(household=household, village=village, starts_on=starts_on)
    old, until = household.village, day_before(starts_on)
    household.village = village
    save_if_unchanged(household, expected_version=expected_version, fields=("village",))
    HouseholdMove.objects.create(commune_id=household.commune_id, household=household, from_village=old, until=until)
    rows = Membership.objects.filter(commune_id=household.commune_id, household=household, unit=old)
    running = rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on))
    moved = _continue_in(list(running), starts_on, reason=MOVED, household=household, unit=village)
    after = {"village_id": village.pk, "starts_on": starts_on.isoformat(), "people": moved}
    before = {"village_id": old.pk}
    record_audit(actor=actor, action=MOVED, target=household, before=before, after=after, unit_id=village.pk)
    return household


def last_move(household: Household) -> HouseholdMove | None:
    """The latest move of the household, None where it never moved."""
    return household.moves.select_related("from_village").order_by("-until").first()


def check_move_undo(household: Household) -> HouseholdMove:
    """The move that may be taken back. Raises ValidationError where there is none, or records stand on it."""
    move = last_move(household)
    if move is None:
        raise ValidationError("Hộ này chưa chuyển thôn lần nào nên không có gì để hoàn tác.")
    if not move.from_village.is_open(local_today()):
        raise ValidationError(f"{move.from_village} đã kết thúc hoạt động nên không đưa hộ trở lại được.")
    since = _day_after(move.until)
    found = records_on(Ground(household.commune_id, household_ids=[household.pk], since=since))
    if found:
        raise ValidationError(f"Từ ngày chuyển, hộ đã được ghi nhận: {found[0]}. Hãy chuyển tiếp từ một ngày mới.")
    return move


@transaction.atomic
def undo_household_move(*, actor: User | None, household: Household, expected_version: int) -> Household:
    """Takes the last move back while nothing was recorded since. Raises StaleRecordError, ValidationError."""
    if household.version != expected_version:
        raise StaleRecordError(household)
    move, left = check_move_undo(household), household.village
    household.village = move.from_village
    save_if_unchanged(household, expected_version=expected_version, fields=("village",))
    since = _day_after(move.until)
    rows = Membership.objects.filter(commune_id=household.commune_id, household=household, unit=left)
    _take_back(list(rows), since, household=household, reason=MOVED)
    move.delete()
    before, after = {"village_id": left.pk}, {"village_id": household.village_id}
    action, unit_id = "Hoàn tác chuyển thôn", household.village_id
    record_audit(actor=actor, action=action, target=household, before=before, after=after, unit_id=unit_id)
    return household


def _refuse_day(household: Household, day: date, field: str) -> None:
    if household.ends_on is not None:
        raise ValidationError("Hộ này không còn ở thôn. Hãy hoàn tác việc đó trước.")
    if day > local_today():
        raise ValidationError({field: "Ngày này chưa đến. Hãy chọn hôm nay hoặc một ngày đã qua."})
    if day <= household.starts_on:
        raise ValidationError({field: f"Hộ có từ {date_short(household.starts_on)}. Hãy chọn ngày sau ngày đó."})


def _refuse_day_before_move(household: Household, starts_on: date) -> None:
    """Before its last move the household was in another village: who went on here then would count there (rule F2)."""
    last = last_move(household)
    if last and starts_on <= last.until:
        sentence = f"Hộ đã chuyển thôn sau ngày {date_short(last.until)}. Hãy chọn ngày muộn hơn."
        raise ValidationError({"starts_on": sentence})


def _continue_in(
    rows: Sequence[Membership], since: date, *, reason: str, household: Household, unit: Unit
) -> list[int]:
    """Ends memberships the day before and goes on with them in the household and unit; gives the people's numbers.

    A membership that begins on that day or later is pointed there as it is. Who comes to another household is its head
    only where its entry names them.
    """
    for row in rows:
        is_there = row.household_id == household.pk
        row.is_head = row.is_head if is_there else fold(row.person.full_name) == fold(household.head_name)
        if row.starts_on >= since:
            _point(row, household, unit)
            continue
        ends_on, end_reason = row.ends_on, row.end_reason
        row.ends_on, row.end_reason = day_before(since), reason
        Membership.objects.filter(pk=row.pk).update(ends_on=row.ends_on, end_reason=row.end_reason)
        row.pk, row.starts_on, row.ends_on, row.end_reason = None, since, ends_on, end_reason
        row._state.adding = True
        _point(row, household, unit)
    return _touched(rows)


def _touched(rows: Iterable[Membership]) -> list[int]:
    """The people of these memberships; open forms of theirs are out of date."""
    people = sorted({row.person_id for row in rows})
    Person.objects.filter(pk__in=people).update(version=F("version") + 1)
    return people


def _point(row: Membership, household: Household, unit: Unit) -> None:
    row.household, row.unit = household, unit
    row.save()


def _take_back(rows: Sequence[Membership], since: date, *, household: Household, reason: str) -> None:
    """The inverse of `_continue_in`: what was ended goes on as it went on since. Raises ValidationError."""
    if any(row.starts_on < since for row in rows):
        raise ValidationError(CHANGED_SINCE)
    known = {"commune_id": household.commune_id, "household": household, "ends_on": day_before(since)}
    before = Membership.objects.filter(**known, end_reason=reason, person__in=[row.person_id for row in rows])
    stopped = {(row.person_id, row.group): row for row in before}
    for row in rows:
        ended = stopped.get((row.person_id, row.group)) if row.starts_on == since else None
        if ended is None:
            _point(row, household, household.village)
            continue
        if ended.unit_id != household.village_id:  # the old household has moved since; they did not move along
            raise ValidationError(MOVED_SINCE)
        ends_on, end_reason = row.ends_on, row.end_reason
        row.delete()
        ended.ends_on, ended.end_reason = ends_on, end_reason
        ended.save(update_fields=["ends_on", "end_reason"])
    _touched(rows)


def _day_after(day: date) -> date:
    return day + timedelta(days=1)
