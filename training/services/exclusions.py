"""People who are left out of the counted set for a while: proposed, changed, taken off again (rule C8)."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.audit import changed_only, field_values, record_audit
from accounts.models import User
from accounts.versions import save_if_unchanged
from campaigns.choices import ExclusionReason, Qualifier, RecordStatus
from campaigns.models import Campaign, Exclusion, Membership, Person, Target
from campaigns.models.exclusions import SAME_DAY
from campaigns.models.people import PersonQuerySet
from campaigns.roster_access import kept_memberships
from hbs_portal.lib.text import date_short
from training.workflow import WorkflowError, WrongStateError, hold_unchanged, submit_record

CONTENT_FIELDS = ("target", "reason", "note", "starts_on", "ends_on")
AUDITED_FIELDS = ("unit_id", "person_id", "target_id", "reason", "note", "starts_on", "ends_on")
MOST_PEOPLE = 200
LOCKED = "Đề nghị này đã gửi duyệt nên không sửa, xóa được nữa."
PEOPLE_QUALIFIERS = (Qualifier.ATTENDANCE, Qualifier.PLATFORM_USE)


def targets_of_people(campaign: Campaign) -> QuerySet[Target]:
    """The targets that count people by name: from these somebody can be left out."""
    return campaign.targets.filter(qualifier__in=PEOPLE_QUALIFIERS)


def people_to_exclude(*, user: User, day: date) -> PersonQuerySet:
    """Whoever belongs on that day to a unit whose list this person keeps, in the order of names."""
    theirs = kept_memberships(user).on(day).filter(person=OuterRef("pk"))
    return Person.objects.visible_to(user).filter(Exists(theirs)).in_order()


@transaction.atomic
def propose_exclusions(
    *,
    actor: User,
    campaign: Campaign,
    people: Sequence[Person],
    reason: str,
    starts_on: date,
    ends_on: date | None = None,
    target: Target | None = None,
    note: str = "",
    submit: bool = False,
) -> list[Exclusion]:
    """One record for each of the people, all for the same reason and time. Raises WorkflowError, and writes nothing.

    The record belongs to the unit in which the person is when it begins: of those that the actor keeps.
    """
    content = {"target": target, "reason": reason, "note": note, "starts_on": starts_on, "ends_on": ends_on}
    units = _units_of(actor, people, starts_on)
    records = []
    for person in people:
        record = Exclusion(commune_id=campaign.commune_id, campaign=campaign, person=person, **content)
        record.unit_id, record.entered_by = units[person.pk], actor
        _refuse(record)
        _refusing_same_day(record)
        after = field_values(record, list(AUDITED_FIELDS))
        record_audit(actor=actor, action="Đề nghị loại trừ", target=record, after=after, unit_id=record.unit_id)
        if submit:
            submit_record(actor=actor, record=record)
        records.append(record)
    return records


@transaction.atomic
def update_exclusion(
    *, actor: User, record: Exclusion, expected_version: int, submit: bool = False, **values: Any
) -> Exclusion:
    """Changes a draft or returned record (`values`: CONTENT_FIELDS). Raises WorkflowError, StaleRecordError."""
    if not record.is_editable:
        raise WrongStateError(LOCKED)
    before = field_values(record, list(AUDITED_FIELDS))
    for name, value in values.items():
        setattr(record, name, value)
    _refuse(record)
    _refusing_same_day(record, expected_version)
    before, after = changed_only(before, field_values(record, list(AUDITED_FIELDS)))
    action = f"Sửa {record._meta.verbose_name}"
    record_audit(actor=actor, action=action, target=record, before=before, after=after, unit_id=record.unit_id)
    if submit:
        submit_record(actor=actor, record=record)
    return record


@transaction.atomic
def delete_exclusion(*, actor: User, record: Exclusion) -> None:
    """Deletes a draft or returned record. Raises WorkflowError."""
    if not record.is_editable:
        raise WrongStateError(LOCKED)
    hold_unchanged(record)
    action = f"Xóa {record._meta.verbose_name}"
    record_audit(actor=actor, action=action, target=record, before=field_values(record), unit_id=record.unit_id)
    record.delete()


def _units_of(actor: User, people: Iterable[Person], day: date) -> dict[int, int]:
    """The unit of each person on that day, of those that the actor keeps; the latest where there are several."""
    people = list(people)
    rows = kept_memberships(actor).on(day).filter(person__in=people).order_by("starts_on", "pk")
    units: dict[int, int] = dict(rows.values_list("person_id", "unit_id"))
    for person in people:
        if person.pk not in units:
            raise WorkflowError(
                f"{person} không thuộc đơn vị vào ngày {date_short(day)}. Hãy chọn ngày khác hoặc bỏ người này."
            )
    return units


def _refuse(record: Exclusion) -> None:
    """Raises WorkflowError where the time, the target or the ground makes no sense."""
    refusal = (
        exclusion_refusal(
            campaign=record.campaign,
            reason=record.reason,
            note=record.note,
            starts_on=record.starts_on,
            ends_on=record.ends_on,
        )
        or _membership_refusal(record)
        or _overlap_refusal(record)
    )
    if refusal:
        raise WorkflowError(refusal)


def exclusion_refusal(
    *, campaign: Campaign, reason: str, note: str, starts_on: date, ends_on: date | None
) -> str | None:
    """Why nobody can be left out so, None if one can: days in the wrong order or outside the plan, no ground given."""
    if ends_on and ends_on < starts_on:
        return "Ngày kết thúc phải từ ngày bắt đầu trở đi. Hãy kiểm tra lại."
    if starts_on > campaign.ends_on or (ends_on and ends_on < campaign.starts_on):
        first, last = date_short(campaign.starts_on), date_short(campaign.ends_on)
        return f"Thời gian này nằm ngoài kế hoạch ({first} - {last}). Hãy kiểm tra lại ngày."
    if reason == ExclusionReason.OTHER and not note:
        return "Với “Lý do khác”, hãy ghi rõ lý do và căn cứ vào ô Căn cứ, ghi chú."
    return None


def _membership_refusal(record: Exclusion) -> str | None:
    """The person must belong to the record's unit on its first day."""
    rows = Membership.objects.filter(commune_id=record.commune_id, person=record.person, unit_id=record.unit_id)
    if rows.on(record.starts_on).exists():
        return None
    day = date_short(record.starts_on)
    return f"{record.person} không thuộc {record.unit} vào ngày {day}. Hãy chọn ngày khác."


def _overlap_refusal(record: Exclusion) -> str | None:
    """One record at a time for a person and target; a new version may overlap the one that it replaces."""
    others = Exclusion.objects.filter(
        commune_id=record.commune_id, campaign=record.campaign, person=record.person, target=record.target
    )
    others = others.exclude(status__in=[RecordStatus.REPLACED, RecordStatus.WITHDRAWN]).exclude(pk=record.pk)
    if record.replaces_id:
        others = others.exclude(pk=record.replaces_id)
    after_end = Q(starts_on__gt=record.ends_on) if record.ends_on else Q(pk__in=[])
    found = others.exclude(after_end | Q(ends_on__lt=record.starts_on)).order_by("starts_on").first()
    if found is None:
        return None
    until = f" đến {date_short(found.ends_on)}" if found.ends_on else ""
    return (
        f"{record.person} đã có đề nghị loại trừ ({found.get_reason_display().lower()}, từ "
        f"{date_short(found.starts_on)}{until}). Hãy mở bản đã có, hoặc chọn thời gian khác."
    )


def _refusing_same_day(record: Exclusion, expected_version: int | None = None) -> None:
    try:
        with transaction.atomic():
            if expected_version is None:
                record.save()
            else:
                save_if_unchanged(record, expected_version=expected_version, fields=CONTENT_FIELDS)
    except IntegrityError as error:
        raise WorkflowError(SAME_DAY) from error
