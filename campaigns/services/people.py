"""People on the rosters: enter one, mend the entry, move, end a membership, and take the last of these back.

Rules C4, C5, C9. A membership holds from its first to its last day, both included; nothing here deletes a person.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.audit import changed_only, field_values, record_audit
from accounts.models import User
from accounts.versions import save_if_unchanged
from campaigns.choices import Group, groups_of_kind
from campaigns.dependents import is_depended_on
from campaigns.models import Membership, Person, Unit
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.text import date_short

PERSON_FIELDS = ("full_name", "code", "birth_date", "gender")
MEMBERSHIP_FIELDS = ("unit_id", "group", "class_name", "starts_on", "ends_on", "end_reason")
MOVED, CLASS_CHANGED = "Chuyển đơn vị", "Đổi lớp, đổi nhóm"


def check_membership(*, unit: Unit, group: str, class_name: str, starts_on: date) -> None:
    """Raises ValidationError by field where nobody could belong so: unit not open, a group it has not, no class."""
    errors = {}
    if starts_on > local_today():
        errors["starts_on"] = "Ngày này chưa đến. Hãy chọn hôm nay hoặc một ngày đã qua."
    elif not unit.is_open(starts_on):
        errors["starts_on"] = f"{unit} không hoạt động vào ngày {date_short(starts_on)}. Hãy chọn ngày khác."
    if group not in groups_of_kind(unit.kind):
        errors["group"] = _no_such_group(unit, group)
    if group == Group.PUPIL and not class_name:
        errors["class_name"] = "Hãy ghi lớp của học sinh, ví dụ 4A."
    if errors:
        raise ValidationError(errors)


def _no_such_group(unit: Unit, group: str) -> str:
    offered = ", ".join(f"“{one.label}”" for one in groups_of_kind(unit.kind))
    return f"{unit} không có nhóm “{Group(group).label}”. Hãy chọn {offered}, hoặc chọn đơn vị khác."


@transaction.atomic
def create_person(
    *, actor: User | None, unit: Unit, group: str, class_name: str, starts_on: date, **values: Any
) -> Person:
    """A new person (`values`: PERSON_FIELDS) with a first membership of `unit`.

    Raises ValidationError by field (see check_membership). The code must be free in the commune.
    """
    check_membership(unit=unit, group=group, class_name=class_name, starts_on=starts_on)
    person = Person.objects.create(commune_id=unit.commune_id or unit.pk, **values)
    membership = _open(person, unit=unit, group=group, class_name=class_name, starts_on=starts_on)
    after = field_values(person, PERSON_FIELDS) | field_values(membership, MEMBERSHIP_FIELDS)
    record_audit(actor=actor, action="Thêm người", target=person, after=after, unit_id=unit.pk)
    return person


@transaction.atomic
def update_person(*, actor: User | None, person: Person, expected_version: int, **values: Any) -> Person:
    """Mends the entry of a person (`values`: PERSON_FIELDS). Raises StaleRecordError."""
    stored = Person.objects.get(pk=person.pk)
    for name, value in values.items():
        setattr(person, name, value)
    person.set_keys()
    save_if_unchanged(person, expected_version=expected_version, fields=(*values, "search_key", "sort_key"))
    before, after = changed_only(field_values(stored, PERSON_FIELDS), field_values(person, PERSON_FIELDS))
    record_audit(actor=actor, action="Sửa thông tin người", target=person, before=before, after=after)
    return person


def check_move(*, membership: Membership, unit: Unit, group: str, class_name: str, starts_on: date) -> None:
    """Raises ValidationError by field where the move is impossible; each message says what to do instead."""
    check_membership(unit=unit, group=group, class_name=class_name, starts_on=starts_on)
    if membership.ends_on is not None:
        raise ValidationError("Người này đã thôi thuộc đơn vị. Người trở lại thì dùng “Trở lại, thêm đơn vị”.")
    if (unit.pk, group, class_name) == (membership.unit_id, membership.group, membership.class_name):
        raise ValidationError("Chưa có gì thay đổi. Hãy chọn đơn vị, nhóm hoặc lớp mới.")
    if starts_on <= membership.starts_on:
        since = date_short(membership.starts_on)
        raise ValidationError({"starts_on": f"Người này vào đơn vị từ {since}. Hãy chọn ngày sau ngày đó."})
    others = Membership.objects.filter(person_id=membership.person_id, unit=unit, group=group)
    if others.exclude(pk=membership.pk).exclude(ends_on__lt=starts_on).exists():
        raise ValidationError({"unit": f"Người này đã thuộc {unit} trong cùng nhóm. Hãy chọn đơn vị hoặc nhóm khác."})


@transaction.atomic
def move_person(
    *,
    actor: User | None,
    membership: Membership,
    expected_version: int,
    unit: Unit,
    group: str,
    class_name: str,
    starts_on: date,
) -> Membership:
    """Ends the membership on the day before `starts_on` and opens the new one (rule C4).

    `expected_version` is the person's. Raises StaleRecordError, or ValidationError by field (see check_move).
    """
    person = membership.person
    save_if_unchanged(person, expected_version=expected_version, fields=())
    check_move(membership=membership, unit=unit, group=group, class_name=class_name, starts_on=starts_on)
    reason = CLASS_CHANGED if unit.pk == membership.unit_id else MOVED
    before = _end(membership, last_day=starts_on - timedelta(days=1), reason=reason)
    opened = _open(person, unit=unit, group=group, class_name=class_name, starts_on=starts_on)
    after = field_values(opened, MEMBERSHIP_FIELDS)
    record_audit(actor=actor, action=reason, target=person, before=before, after=after, unit_id=unit.pk)
    return opened


def check_join(*, person: Person, unit: Unit, group: str, class_name: str, starts_on: date) -> None:
    """Raises ValidationError by field where the person cannot belong to the unit (again, or as well) from that day."""
    check_membership(unit=unit, group=group, class_name=class_name, starts_on=starts_on)
    others = Membership.objects.filter(person=person, unit=unit, group=group).exclude(ends_on__lt=starts_on)
    known = others.order_by("starts_on").first()
    if known is not None:
        until = f" đến {date_short(known.ends_on)}" if known.ends_on else ""
        raise ValidationError(
            {
                "starts_on": f"Người này đã thuộc {unit} từ {date_short(known.starts_on)}{until}. "
                "Hãy chọn ngày sau đó, hoặc đơn vị khác."
            }
        )


@transaction.atomic
def join_unit(
    *,
    actor: User | None,
    person: Person,
    expected_version: int,
    unit: Unit,
    group: str,
    class_name: str,
    starts_on: date,
) -> Membership:
    """Opens one more membership and ends none: somebody who left comes back, or belongs to two units (rules C4, C7).

    Raises StaleRecordError, or ValidationError by field (see check_join).
    """
    save_if_unchanged(person, expected_version=expected_version, fields=())
    check_join(person=person, unit=unit, group=group, class_name=class_name, starts_on=starts_on)
    opened = _open(person, unit=unit, group=group, class_name=class_name, starts_on=starts_on)
    after = field_values(opened, MEMBERSHIP_FIELDS)
    record_audit(actor=actor, action="Thêm thời gian thuộc đơn vị", target=person, after=after, unit_id=unit.pk)
    return opened


def check_end(*, membership: Membership, last_day: date) -> None:
    """Raises ValidationError by field where the membership cannot end on that day."""
    if membership.ends_on is not None:
        raise ValidationError("Người này đã thôi thuộc đơn vị, không cần ghi lại.")
    if last_day > local_today():
        raise ValidationError({"last_day": "Ngày này chưa đến. Hãy chọn hôm nay hoặc một ngày đã qua."})
    if last_day < membership.starts_on:
        since = date_short(membership.starts_on)
        raise ValidationError({"last_day": f"Người này vào đơn vị từ {since}. Hãy chọn ngày đó hoặc muộn hơn."})


@transaction.atomic
def end_membership(
    *, actor: User | None, membership: Membership, expected_version: int, last_day: date, reason: str
) -> Membership:
    """The person leaves the unit; `last_day` is the last one that counts (rule C5).

    `expected_version` is the person's. Raises StaleRecordError, or ValidationError by field (see check_end).
    """
    person = membership.person
    save_if_unchanged(person, expected_version=expected_version, fields=())
    check_end(membership=membership, last_day=last_day)
    before = _end(membership, last_day=last_day, reason=reason)
    after = field_values(membership, MEMBERSHIP_FIELDS)
    before, after = changed_only(before, after)
    record_audit(
        actor=actor, action="Thôi thuộc đơn vị", target=person, before=before, after=after, unit_id=membership.unit_id
    )
    return membership


@dataclass(frozen=True)
class LastChange:
    """The last thing that happened to a person's memberships: `ended` ended, and `opened` followed it (a move)."""

    ended: Membership
    opened: Membership | None

    @property
    def unit_ids(self) -> set[int]:
        return {row.unit_id for row in (self.ended, self.opened) if row}


def last_change(person: Person) -> LastChange | None:
    """The last leave or move of a person, if it can be seen as one; None where there is nothing to take back."""
    rows = list(Membership.objects.filter(person=person).select_related("unit").order_by("starts_on", "pk"))
    ends = [(row.ends_on, row.pk, row) for row in rows if row.ends_on]
    if not ends:
        return None
    last_day, _, ended = max(ends)
    later = [row for row in rows if row.starts_on > last_day]
    if not later:
        return LastChange(ended, None)
    is_move = len(later) == 1 and later[0].starts_on == last_day + timedelta(days=1)
    return LastChange(ended, later[0]) if is_move and ended.end_reason in (MOVED, CLASS_CHANGED) else None


def reversible_change(person: Person) -> LastChange:
    """The last leave or move, which may be taken back. Raises ValidationError where it may not, saying why."""
    change = last_change(person)
    if change is None:
        raise ValidationError("Không có lần chuyển hay thôi nào để hoàn tác.")
    if not change.ended.unit.is_open(local_today()):
        raise ValidationError(f"{change.ended.unit} đã kết thúc hoạt động nên không đưa người trở lại được.")
    if change.opened and is_depended_on(person_id=person.pk, since=change.opened.starts_on):
        raise ValidationError(
            f"Người này đã được ghi nhận trong hoạt động từ {date_short(change.opened.starts_on)}. "
            "Hãy bỏ tên khỏi các hoạt động đó trước, hoặc chuyển tiếp từ một ngày mới."
        )
    return change


@transaction.atomic
def reopen_membership(*, actor: User | None, person: Person, expected_version: int) -> Membership:
    """Takes back the last leave or move: the ended membership runs on, the one that followed it is gone.

    Raises StaleRecordError, or ValidationError (see reversible_change).
    """
    save_if_unchanged(person, expected_version=expected_version, fields=())
    change = reversible_change(person)
    ended, removed = change.ended, {}
    if change.opened:
        removed = {"removed": field_values(change.opened, MEMBERSHIP_FIELDS)}
        change.opened.delete()
    stored = field_values(ended, MEMBERSHIP_FIELDS)
    ended.ends_on, ended.end_reason = None, ""
    ended.save(update_fields=["ends_on", "end_reason"])
    before, after = changed_only(stored, field_values(ended, MEMBERSHIP_FIELDS))
    action = "Hoàn tác chuyển, thôi"
    record_audit(actor=actor, action=action, target=person, before=before | removed, after=after, unit_id=ended.unit_id)
    return ended


def _open(person: Person, *, unit: Unit, group: str, class_name: str, starts_on: date) -> Membership:
    return Membership.objects.create(
        commune_id=person.commune_id, person=person, unit=unit, group=group, class_name=class_name, starts_on=starts_on
    )


def _end(membership: Membership, *, last_day: date, reason: str) -> dict[str, Any]:
    """Ends a membership; gives its values before."""
    before = field_values(membership, MEMBERSHIP_FIELDS)
    membership.ends_on, membership.end_reason = last_day, reason[:120]
    membership.save(update_fields=["ends_on", "end_reason"])
    return before
