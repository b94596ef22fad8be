"""The household check of five basic skills (target K4, rule E2)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.audit import changed_only, field_values, record_audit
from accounts.models import User
from accounts.versions import save_if_unchanged
from campaigns.models import Campaign, Household
from hbs_portal.lib.dates import local_today
from training.models import HouseholdCheck
from training.models.households import SKILL_FIELDS
from training.workflow import WorkflowError, WrongStateError, hold_unchanged, submit_record

CONTENT_FIELDS = ("checked_on", *SKILL_FIELDS, "note")
SAME_DAY = "Hộ này đã được kiểm tra trong ngày đó. Hãy mở bản đã có để sửa, hoặc chọn ngày khác."
NOT_THERE = "Hộ này không có trong thôn vào ngày đã chọn. Hãy kiểm tra lại ngày."


def households_to_check(*, user: User, campaign: Campaign) -> QuerySet[Household]:
    """Households of today that this person records for and that have no check in the campaign, in list order."""
    checks = HouseholdCheck.objects.filter(commune_id=campaign.commune_id, campaign=campaign, household=OuterRef("pk"))
    return Household.objects.recorded_by(user).on(local_today()).filter(~Exists(checks)).in_order()


def next_household(*, user: User, campaign: Campaign, after: Household | None = None) -> Household | None:
    """The next one to check: in the village of `after` from there on, then again from its beginning; None: all done."""
    waiting = households_to_check(user=user, campaign=campaign)
    if after is None:
        return waiting.first()
    waiting = waiting.filter(village=after.village_id).exclude(pk=after.pk)
    later = waiting.filter(Q(sort_key__gt=after.sort_key) | Q(sort_key=after.sort_key, pk__gt=after.pk))
    return later.first() or waiting.first()


@transaction.atomic
def record_household_check(
    *,
    actor: User,
    campaign: Campaign,
    household: Household,
    checked_on: date,
    skills: Mapping[str, bool],
    note: str = "",
    submit: bool = False,
) -> HouseholdCheck:
    """What one household can do on a day; `skills` has the names of SKILL_FIELDS. Raises WorkflowError."""
    _refuse_day_outside(household, checked_on)
    check = HouseholdCheck(
        commune_id=household.commune_id,
        campaign=campaign,
        household=household,
        checked_on=checked_on,
        note=note,
        entered_by=actor,
        **_only_skills(skills),
    )
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
    note: str = "",
    submit: bool = False,
) -> HouseholdCheck:
    """Changes a draft or returned check. Raises WorkflowError, StaleRecordError."""
    if not check.is_editable:
        raise WrongStateError("Bản kiểm tra này đã gửi duyệt nên không sửa được nữa.")
    _refuse_day_outside(check.household, checked_on)
    before = field_values(check, list(CONTENT_FIELDS))
    for name, value in {"checked_on": checked_on, "note": note, **_only_skills(skills)}.items():
        setattr(check, name, value)
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
