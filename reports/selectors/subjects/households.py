"""Households behind the target that counts them (K4), by name and with their checks."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet

from campaigns.models import Household
from reports.selectors.facts import Reading
from reports.selectors.subjects.reasons import STATE_COLUMNS, RecordState
from training.models import HouseholdCheck
from training.models.households import SKILL_FIELDS


class NamedHousehold(NamedTuple):
    """A household as the lists show it; the village that counts it is the engine's answer (rule F2)."""

    id: int
    head_name: str
    address: str
    search_key: str


class CheckRow(NamedTuple):
    """A check, whatever its state; `member` is who was checked, empty where nobody in particular."""

    household_id: int
    on: date
    skills: int
    member: str
    state: RecordState

    @property
    def is_passed(self) -> bool:
        return self.skills == len(SKILL_FIELDS)


def named_households(reading: Reading, ids: Collection[int]) -> list[NamedHousehold]:
    """These households by village and head's name: one query."""
    wanted = frozenset(ids)
    rows = Household.objects.filter(commune_id=reading.campaign.commune_id).order_by(
        "village__position", "village__sort_key", "village_id", "sort_key", "pk"
    )
    columns = ("pk", "head_name", "address", "search_key")
    return [NamedHousehold(*row) for row in rows.values_list(*columns) if row[0] in wanted] if wanted else []


def checks_of(reading: Reading, household_ids: Iterable[int]) -> dict[int, list[CheckRow]]:
    """All checks of these households that happened by the as-of date, oldest first: one query. Meant for one page."""
    return _by_household(_checks(reading).filter(household_id__in=list(household_ids)))


def all_checks(reading: Reading) -> dict[int, list[CheckRow]]:
    """The checks of every household that happened by the as-of date, oldest first: one query."""
    return _by_household(_checks(reading))


def _checks(reading: Reading) -> QuerySet[HouseholdCheck]:
    checks = HouseholdCheck.objects.filter(commune_id=reading.campaign.commune_id, campaign=reading.campaign)
    return checks.filter(checked_on__lte=reading.clocks.as_of).order_by("checked_on", "pk")


def _by_household(checks: QuerySet[HouseholdCheck]) -> dict[int, list[CheckRow]]:
    found: dict[int, list[CheckRow]] = {}
    columns = ("household_id", "checked_on", "member__full_name", *STATE_COLUMNS, *SKILL_FIELDS)
    first_skill = 3 + len(STATE_COLUMNS)
    for row in checks.values_list(*columns):
        state = RecordState(*row[3:first_skill])
        found.setdefault(row[0], []).append(CheckRow(row[0], row[1], sum(row[first_skill:]), row[2] or "", state))
    return found


def check_reason(reading: Reading, checks: Iterable[CheckRow]) -> str:
    """Why a household with these checks does not count: the reason nearest to counting, the latest of equal ones."""
    reasons = [_reason(reading, check) for check in checks]
    return min(reversed(reasons), key=lambda found: found[0])[1] if reasons else REACHED_ONLY


REACHED_ONLY = "Mới được tiếp cận, chưa kiểm tra kỹ năng"
TOO_FEW_SKILLS = 5


def _reason(reading: Reading, check: CheckRow) -> tuple[int, str]:
    skills = f"{check.skills}/{len(SKILL_FIELDS)} kỹ năng"
    if check.state.is_official(reading.clocks):
        return TOO_FEW_SKILLS, f"Đã kiểm tra, mới có {skills}"
    rank, sentence = check.state.reason(reading.clocks)
    if not sentence.startswith("Bản"):
        sentence = f"Bản kiểm tra {sentence[:1].lower()}{sentence[1:]}"
    return rank, f"{sentence.replace('Bản ghi', 'Bản kiểm tra')} ({skills})"
