"""The household check of five basic skills (target K4, rule E2)."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.audit import changed_only, field_values, record_audit
from accounts.models import User
from accounts.versions import save_if_unchanged
from campaigns.choices import ENDED_STATES, RecordStatus
from campaigns.models import Campaign, Household, Membership, Person
from hbs_portal.lib.dates import local_today
from training.models import HouseholdCheck
from training.models.households import SKILL_FIELDS
from training.succession import rival_of
from training.workflow import WorkflowError, WrongStateError, hold_unchanged, submit_record

CONTENT_FIELDS = ("member_id", "checked_on", *SKILL_FIELDS, "note")
SAME_DAY = "Hộ này đã được kiểm tra trong ngày đó. Hãy mở bản đã có để sửa, hoặc chọn ngày khác."
NOT_A_RESIDENT = "Theo danh sách, {member} không ở hộ này vào ngày đã chọn. Hãy chọn lại, hoặc để trống."
NOT_THERE = "Hộ này không có trong thôn vào ngày đã chọn. Hãy kiểm tra lại ngày."


def households_to_check(*, user: User, campaign: Campaign) -> QuerySet[Household]:
    """Households of today that this person records for and that have no check in the campaign, in list order."""
    known = {"commune_id": campaign.commune_id, "campaign": campaign, "household": OuterRef("pk")}
    checks = HouseholdCheck.objects.filter(**known).exclude(status__in=ENDED_STATES)
    return Household.objects.recorded_by(user).on(local_today()).filter(~Exists(checks)).in_order()


def chosen_to_check(*, user: User, campaign: Campaign, among: Collection[int]) -> QuerySet[Household]:
    """Of households that were chosen because they have not passed: those nobody checked today and none waits for."""
    checks = HouseholdCheck.objects.filter(commune_id=campaign.commune_id, campaign=campaign, household=OuterRef("pk"))
    done = checks.filter(Q(checked_on=local_today()) | ~Q(status__in=ENDED_STATES) & ~Q(status=RecordStatus.APPROVED))
    return Household.objects.recorded_by(user).on(local_today()).filter(~Exists(done), pk__in=among).in_order()


def next_household(
    *, user: User, campaign: Campaign, after: Household | None = None, among: Collection[int] | None = None
) -> Household | None:
    """The next one to check: in the village of `after` from there on, then again from its beginning; None: all done.

    `among` narrows them to chosen households, which may have been checked before, and spans villages.
    """
    if among is None:
        waiting = households_to_check(user=user, campaign=campaign)
    else:
        waiting = chosen_to_check(user=user, campaign=campaign, among=among)
    if after is None:
        return waiting.first()
    waiting = waiting.exclude(pk=after.pk)
    here = waiting.filter(village=after.village_id)
    later = here.filter(Q(sort_key__gt=after.sort_key) | Q(sort_key=after.sort_key, pk__gt=after.pk))
    return later.first() or here.first() or (waiting.first() if among is not None else None)


@transaction.atomic
def record_household_check(
    *,
    actor: User,
    campaign: Campaign,
    household: Household,
    checked_on: date,
    skills: Mapping[str, bool],
    member: Person | None = None,
    note: str = "",
    submit: bool = False,
) -> HouseholdCheck:
    """What one household can do on a day; `skills` has the names of SKILL_FIELDS. Raises WorkflowError.

    `member`: whose skills they are, of those who live in it by the list that day; where the household splits the check
    speaks for the new one if the member went along (rule E3). None: somebody who is not on the list, or not noted.
    """
    _refuse_day_outside(household, checked_on)
    _refuse_stranger(household, member, checked_on)
    check = HouseholdCheck(
        commune_id=household.commune_id,
        campaign=campaign,
        household=household,
        member=member,
        checked_on=checked_on,
        note=note,
        entered_by=actor,
        **_only_skills(skills),
    )
    _refuse_rival(check)
    _refusing_same_day(check.save)
    after, unit_id = field_values(check, ["status", *CONTENT_FIELDS]), household.village_id
    record_audit(actor=actor, action="Ghi kiểm tra hộ", target=check, after=after, unit_id=unit_id)
    if submit:
        submit_record(actor=actor, record=check)
    return check


@transaction.atomic
def update_household_check(
    *,
    actor: User,
    check: HouseholdCheck,
    checked_on: date,
    skills: Mapping[str, bool],
    expected_version: int,
    member: Person | None = None,
    note: str = "",
    submit: bool = False,
) -> HouseholdCheck:
    """Changes a draft or returned check. Raises WorkflowError, StaleRecordError."""
    if not check.is_editable:
        raise WrongStateError("Bản kiểm tra này đã gửi duyệt nên không sửa được nữa.")
    _refuse_day_outside(check.household, checked_on)
    _refuse_stranger(check.household, member, checked_on)
    before = field_values(check, list(CONTENT_FIELDS))
    for name, value in {"member": member, "checked_on": checked_on, "note": note, **_only_skills(skills)}.items():
        setattr(check, name, value)
    _refuse_rival(check)
    _refusing_same_day(lambda: save_if_unchanged(check, expected_version=expected_version, fields=CONTENT_FIELDS))
    before, after = changed_only(before, field_values(check, list(CONTENT_FIELDS)))
    unit_id = check.household.village_id
    record_audit(actor=actor, action="Sửa kiểm tra hộ", target=check, before=before, after=after, unit_id=unit_id)
    if submit:
        submit_record(actor=actor, record=check)
    return check


def _only_skills(skills: Mapping[str, bool]) -> dict[str, bool]:
    return {name: bool(skills.get(name)) for name in SKILL_FIELDS}


def _refuse_day_outside(household: Household, day: date) -> None:
    if day < household.starts_on or (household.ends_on and day > household.ends_on):
        raise WorkflowError(NOT_THERE)


def _refuse_stranger(household: Household, member: Person | None, day: date) -> None:
    if member is None:
        return
    rows = Membership.objects.filter(commune_id=household.commune_id, household=household, person=member)
    if not rows.on(day).exists():
        raise WorkflowError(NOT_A_RESIDENT.format(member=member))


def _refuse_rival(check: HouseholdCheck) -> None:
    """A sentence before the database refuses; a revision on its way may hold the day as well (rule H2)."""
    if rival_of(check):
        raise WorkflowError(SAME_DAY)


def _refusing_same_day(save: Any) -> None:
    try:
        with transaction.atomic():
            save()
    except IntegrityError as error:
        raise WorkflowError(SAME_DAY) from error


@transaction.atomic
def delete_household_check(*, actor: User, check: HouseholdCheck) -> None:
    """Deletes a draft or returned check. Raises WorkflowError."""
    if not check.is_editable:
        raise WrongStateError("Bản kiểm tra này đã gửi duyệt nên không xóa được nữa.")
    hold_unchanged(check)
    before, unit_id = field_values(check), check.household.village_id
    record_audit(actor=actor, action="Xóa kiểm tra hộ", target=check, before=before, unit_id=unit_id)
    check.delete()
