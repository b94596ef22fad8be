"""Households behind the target that counts them (K4)."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Min, Q, QuerySet

from campaigns.choices import Group, RecordStatus
from campaigns.models import Household
from hbs_portal.lib.text import fold
from reports.selectors.clocks import flag
from reports.selectors.facts import Reading
from reports.selectors.households import PASSED
from training.models import Attendance, HouseholdCheck
from training.models.households import SKILL_FIELDS


class CheckRow(NamedTuple):
    """The latest check of a household, whatever its state."""

    household_id: int
    status: str
    on: date
    skills: int


def households_of(reading: Reading, unit_ids: Collection[int], q: str = "") -> QuerySet[Household]:
    """Households of these villages at the as-of date, each with `is_passed` and `is_reached`.

    `village_id_on_day` is the village that the figure counts them in (rule F2).
    """
    rows = Household.objects.filter(commune_id=reading.campaign.commune_id).with_village_on(reading.clocks.as_of)
    rows = rows.filter(village_id_on_day__in=sorted(unit_ids))  # type: ignore[misc]  # annotated above
    for word in fold(q).split():
        rows = rows.filter(search_key__contains=word)
    checks = _checks(reading).filter(reading.clocks.official())
    reached = _among(checks) | _among(_at_activities(reading))
    return (
        rows.on(reading.clocks.as_of)
        .annotate(is_passed=flag(_among(checks.filter(PASSED))), is_reached=flag(reached))
        .order_by("village__position", "village__sort_key", "village_id", "sort_key", "pk")
    )


def _among(records: QuerySet[HouseholdCheck] | QuerySet[Attendance]) -> Q:
    """Households of these records; a list made once, where SQLite would search them anew for every household."""
    return Q(pk__in=records.values("household_id"))


def _checks(reading: Reading) -> QuerySet[HouseholdCheck]:
    checks = HouseholdCheck.objects.filter(commune_id=reading.campaign.commune_id, campaign=reading.campaign)
    return checks.filter(checked_on__lte=reading.clocks.as_of).order_by()


def _at_activities(reading: Reading) -> QuerySet[Attendance]:
    return Attendance.objects.filter(
        reading.clocks.official("activity__"),
        commune_id=reading.campaign.commune_id,
        group=Group.HOUSEHOLD,
        activity__commune_id=reading.campaign.commune_id,
        activity__campaign=reading.campaign,
        activity__ends_on__lte=reading.clocks.as_of,
    ).order_by()


def touched(reading: Reading, households: QuerySet[Household]) -> QuerySet[Household]:
    """Of these, who did not pass although something was recorded: reached only, or a check that does not count."""
    return households.filter(Q(is_reached=True) | _among(_checks(reading)), is_passed=False)  # type: ignore[misc]


def first_passes(reading: Reading, household_ids: Iterable[int]) -> dict[int, date]:
    """The day of the first check that each of these households passed: one query. Meant for one page."""
    passes = _checks(reading).filter(PASSED, reading.clocks.official(), household_id__in=list(household_ids))
    return dict(passes.values("household_id").annotate(first=Min("checked_on")).values_list("household_id", "first"))


def latest_checks(reading: Reading, household_ids: Iterable[int]) -> dict[int, CheckRow]:
    """The latest check of each of these households: one query. Meant for the households of one page."""
    checks = _checks(reading).filter(household_id__in=list(household_ids)).order_by("checked_on", "pk")
    rows = checks.values_list("household_id", "status", "checked_on", *SKILL_FIELDS)
    return {pk: CheckRow(pk, status, on, sum(skills)) for pk, status, on, *skills in rows}


def check_reason(check: CheckRow | None) -> str:
    """Why a household with this latest check does not count."""
    if check is None:
        return "Mới được tiếp cận, chưa kiểm tra kỹ năng"
    if check.status == RecordStatus.SUBMITTED:
        return f"Bản kiểm tra đang chờ duyệt ({check.skills}/{len(SKILL_FIELDS)} kỹ năng)"
    if check.status == RecordStatus.RETURNED:
        return "Bản kiểm tra bị trả lại, chưa gửi lại"
    if check.status == RecordStatus.DRAFT:
        return "Bản kiểm tra còn là nháp, chưa gửi duyệt"
    return f"Đã kiểm tra, mới có {check.skills}/{len(SKILL_FIELDS)} kỹ năng"
