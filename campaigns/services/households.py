"""Households of the villages: enter one, mend the entry, end it, take the end back (rules E1, E3)."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.audit import changed_only, field_values, record_audit
from accounts.models import User
from accounts.versions import save_if_unchanged
from campaigns.models import Household, Unit
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.text import date_short

HOUSEHOLD_FIELDS = (
    "village_id", "code", "head_name", "address", "member_count", "phone", "is_poor", "starts_on", "ends_on",
    "end_reason",
)  # fmt: skip


def check_household(*, village: Unit, starts_on: date, stored: Household | None = None) -> None:
    """Raises ValidationError by field: only an open village has households, and only from a day that has come.

    Where village and day are those of the `stored` entry nothing is asked: after a merger of villages a household is
    rightly older than its village.
    """
    if stored and (stored.village_id, stored.starts_on) == (village.pk, starts_on):
        return
    if starts_on > local_today():
        raise ValidationError({"starts_on": "Ngày này chưa đến. Hãy chọn hôm nay hoặc một ngày đã qua."})
    if not village.is_village:
        raise ValidationError({"village": "Hộ gia đình phải thuộc một thôn. Hãy chọn thôn."})
    if not village.is_open(starts_on):
        raise ValidationError({"starts_on": f"{village} không hoạt động vào ngày {date_short(starts_on)}."})


@transaction.atomic
def create_household(*, actor: User | None, village: Unit, starts_on: date, **values: Any) -> Household:
    """A new household of a village. The code must be free in the commune. Raises ValidationError by field."""
    check_household(village=village, starts_on=starts_on)
    commune_id = village.commune_id or village.pk
    household = Household.objects.create(commune_id=commune_id, village=village, starts_on=starts_on, **values)
    after = field_values(household, HOUSEHOLD_FIELDS)
    record_audit(actor=actor, action="Thêm hộ gia đình", target=household, after=after, unit_id=village.pk)
    return household


@transaction.atomic
def update_household(
    *, actor: User | None, household: Household, expected_version: int, village: Unit, starts_on: date, **values: Any
) -> Household:
    """Mends the entry of a household. Raises StaleRecordError, or ValidationError by field (see check_household)."""
    stored = Household.objects.get(pk=household.pk)
    check_household(village=village, starts_on=starts_on, stored=stored)
    values |= {"village": village, "starts_on": starts_on}
    for name, value in values.items():
        setattr(household, name, value)
    household.set_keys()
    save_if_unchanged(household, expected_version=expected_version, fields=(*values, "search_key", "sort_key"))
    before, after = changed_only(field_values(stored, HOUSEHOLD_FIELDS), field_values(household, HOUSEHOLD_FIELDS))
    record_audit(
        actor=actor, action="Sửa hộ gia đình", target=household, before=before, after=after, unit_id=village.pk
    )
    return household


def check_household_end(*, household: Household, last_day: date) -> None:
    """Raises ValidationError by field where the household cannot end on that day."""
    if household.ends_on is not None:
        raise ValidationError("Hộ này đã được ghi là không còn, không cần ghi lại.")
    if last_day > local_today():
        raise ValidationError({"last_day": "Ngày này chưa đến. Hãy chọn hôm nay hoặc một ngày đã qua."})
    if last_day < household.starts_on:
        since = date_short(household.starts_on)
        raise ValidationError({"last_day": f"Hộ có từ ngày {since}. Hãy chọn ngày đó hoặc muộn hơn."})


@transaction.atomic
def end_household(
    *, actor: User | None, household: Household, expected_version: int, last_day: date, reason: str
) -> Household:
    """The household leaves the village; `last_day` is the last one that counts.

    Raises StaleRecordError, or ValidationError by field (see check_household_end).
    """
    if household.version == expected_version:
        check_household_end(household=household, last_day=last_day)
    return _set_end(household, actor, "Hộ không còn ở thôn", expected_version, last_day, reason)


@transaction.atomic
def reopen_household(*, actor: User | None, household: Household, expected_version: int) -> Household:
    """Takes the end of a household back. Raises StaleRecordError, or ValidationError where it has not ended."""
    if household.version == expected_version and household.ends_on is None:
        raise ValidationError("Hộ này vẫn đang ở thôn, không có gì để hoàn tác.")
    if not household.village.is_open(local_today()):
        raise ValidationError(f"{household.village} đã kết thúc hoạt động nên không đưa hộ trở lại được.")
    return _set_end(household, actor, "Hoàn tác hộ không còn", expected_version, None, "")


def _set_end(
    household: Household, actor: User | None, action: str, expected_version: int, last_day: date | None, reason: str
) -> Household:
    stored = field_values(household, HOUSEHOLD_FIELDS)
    household.ends_on, household.end_reason = last_day, reason[:120]
    save_if_unchanged(household, expected_version=expected_version, fields=("ends_on", "end_reason"))
    before, after = changed_only(stored, field_values(household, HOUSEHOLD_FIELDS))
    record_audit(actor=actor, action=action, target=household, before=before, after=after, unit_id=household.village_id)
    return household
