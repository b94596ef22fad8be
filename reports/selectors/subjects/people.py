"""People behind a target that counts people (K1-K3): the listed ones, why the others do not count."""

from collections.abc import Collection
from collections.abc import Set as AbstractSet
from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet

from campaigns.choices import ActivityKind, Qualifier, RecordStatus
from campaigns.models import Membership, Target
from reports.progress.facts import TargetRule
from reports.selectors.clocks import Clocks
from reports.selectors.facts import Reading
from reports.selectors.people import counted_on
from training.models import Attendance, PlatformUse


class ListedPerson(NamedTuple):
    """A membership that the target counts, with the name; ordered by unit, class, name."""

    person_id: int
    unit_id: int
    group: str
    class_name: str
    full_name: str
    search_key: str


class FirstDay(NamedTuple):
    """The record by which somebody counts; `activity_id` is None for a confirmation of platforms."""

    on: date
    activity_id: int | None
    title: str
    host_id: int | None


class Unfinished(NamedTuple):
    """Something was recorded about a person, and it does not count."""

    person_id: int
    full_name: str
    search_key: str
    unit_id: int | None
    where: str
    reason: str
    activity_id: int | None
    host_id: int | None


def listed_people(reading: Reading, target: Target, unit_ids: Collection[int]) -> list[ListedPerson]:
    """Members of the counted groups in these units, under the target's denominator policy (rule C6): one query."""
    rule = reading.progress.target(target.code).rule
    rows = Membership.objects.filter(
        _counted(reading, target),
        commune_id=reading.campaign.commune_id,
        unit_id__in=sorted(unit_ids),
        group__in=sorted(rule.groups),
    )
    rows = rows.order_by("unit__position", "unit__sort_key", "unit_id", "class_name", "person__sort_key", "person_id")
    columns = ("person_id", "unit_id", "group", "class_name", "person__full_name", "person__search_key")
    return [ListedPerson(*row) for row in rows.values_list(*columns)]


def _counted(reading: Reading, target: Target) -> Q:
    day = counted_on(target, reading.clocks)
    first, last = (day, day) if day else (reading.campaign.starts_on, reading.clocks.as_of)
    return (Q(ends_on__isnull=True) | Q(ends_on__gte=first)) & Q(starts_on__lte=last)


def first_days(reading: Reading, rule: TargetRule, person_ids: Collection[int]) -> dict[int, FirstDay]:
    """By which record each of these people counts (rules C1-C3): one query. Meant for the people of one page."""
    if rule.qualifier == Qualifier.PLATFORM_USE:
        uses = _uses(reading).filter(reading.clocks.official(), person_id__in=person_ids)
        days = uses.values_list("person_id", "confirmed_on")
        return {pk: FirstDay(on, None, "Xác nhận sử dụng nền tảng số", None) for pk, on in days}
    sessions = _qualifying(reading, rule).filter(person_id__in=person_ids).order_by("activity__ends_on", "pk")
    columns = ("person_id", "activity__ends_on", "activity_id", "activity__title", "activity__host_id")
    found: dict[int, list[FirstDay]] = {}
    for pk, *row in sessions.values_list(*columns):
        found.setdefault(pk, []).append(FirstDay(*row))
    return {pk: days[rule.min_sessions - 1] for pk, days in found.items() if len(days) >= rule.min_sessions}


def _uses(reading: Reading) -> QuerySet[PlatformUse]:
    uses = PlatformUse.objects.filter(commune_id=reading.campaign.commune_id, campaign=reading.campaign)
    return uses.filter(confirmed_on__lte=reading.clocks.as_of).order_by()


def _attendances(reading: Reading) -> QuerySet[Attendance]:
    commune_id = reading.campaign.commune_id
    return Attendance.objects.filter(
        commune_id=commune_id,
        activity__commune_id=commune_id,
        activity__campaign=reading.campaign,
        person__isnull=False,
    )


def _qualifying(reading: Reading, rule: TargetRule) -> QuerySet[Attendance]:
    return _attendances(reading).filter(_serves(rule, reading.clocks), reading.clocks.official("activity__"))


def _serves(rule: TargetRule, clocks: Clocks) -> Q:
    return Q(activity__kind__in=sorted(rule.activity_kinds), activity__ends_on__lte=clocks.as_of)


def unfinished(reading: Reading, rule: TargetRule, missing: AbstractSet[int]) -> list[Unfinished]:
    """Of the missing people those of whom something is recorded, each with the reason nearest to counting: one query.

    Waiting, returned, draft, too few sessions, a kind of activity that the target does not count, too late.
    """
    if rule.qualifier == Qualifier.PLATFORM_USE:
        rows = _unfinished_uses(reading)
    else:
        rows = _unfinished_sessions(reading, rule)
    nearest: dict[int, tuple[int, Unfinished]] = {}
    for place, row in rows:
        if row.person_id in missing and place < nearest.get(row.person_id, (99, row))[0]:
            nearest[row.person_id] = (place, row)
    return [row for _, row in nearest.values()]


_STATUS_REASONS = {
    RecordStatus.SUBMITTED: (0, "Đang chờ duyệt"),
    RecordStatus.APPROVED: (1, "Được duyệt sau ngày chốt"),
    RecordStatus.RETURNED: (2, "Bản ghi bị trả lại, chưa gửi lại"),
    RecordStatus.DRAFT: (3, "Bản ghi còn là nháp, chưa gửi duyệt"),
}


def _unfinished_uses(reading: Reading) -> list[tuple[int, Unfinished]]:
    uses = _uses(reading).exclude(reading.clocks.official()).order_by("person__sort_key", "person_id")
    columns = ("person_id", "person__full_name", "person__search_key", "unit_id", "status")
    rows = []
    for pk, name, key, unit_id, status in uses.values_list(*columns):
        place, reason = _STATUS_REASONS[RecordStatus(status)]
        rows.append((place, Unfinished(pk, name, key, unit_id, "", reason, None, None)))
    return rows


_SESSION_COLUMNS = (
    "person_id", "person__full_name", "person__search_key", "unit_id", "class_name", "activity_id",
    "activity__host_id", "activity__status", "activity__approved_on", "activity__kind", "activity__ends_on",
)  # fmt: skip


def _unfinished_sessions(reading: Reading, rule: TargetRule) -> list[tuple[int, Unfinished]]:
    sessions = _attendances(reading).filter(group__in=sorted(rule.groups))
    if rule.min_sessions == 1:
        sessions = sessions.exclude(_serves(rule, reading.clocks) & reading.clocks.official("activity__"))
    sessions = sessions.order_by("person__sort_key", "person_id", "-activity__ends_on", "pk")
    rows = []
    for pk, name, key, unit_id, class_name, activity_id, host_id, status, approved_on, kind, on in sessions.values_list(
        *_SESSION_COLUMNS
    ):
        is_official = reading.clocks.is_official(status, approved_on)
        place, reason = _session_reason(reading, rule, status, kind, on, is_official)
        rows.append((place, Unfinished(pk, name, key, unit_id, class_name, reason, activity_id, host_id)))
    return rows


def _session_reason(
    reading: Reading, rule: TargetRule, status: str, kind: str, on: date, is_official: bool
) -> tuple[int, str]:
    if kind not in rule.activity_kinds:
        return 6, f"Loại hoạt động không được tính cho chỉ tiêu này ({ActivityKind(kind).label.lower()})"
    if on > reading.clocks.as_of:
        return 5, "Diễn ra sau ngày lấy số liệu"
    if is_official:
        return 4, f"Chưa dự đủ {rule.min_sessions} buổi"
    return _STATUS_REASONS[RecordStatus(status)]


def strangers(
    reading: Reading, rule: TargetRule, counted: AbstractSet[int], host_id: int | None
) -> list[tuple[int, str, str, int, int]]:
    """Who was at qualifying activities (of that host) without belonging to `counted` (rule B5): one query.

    Only people of the counted groups, or of no group that day: other groups are not meant by the target.
    Rows: person id, name, search key, first such activity, its host.
    """
    sessions = _qualifying(reading, rule).filter(group__in=["", *sorted(rule.groups)])
    if host_id is not None:
        sessions = sessions.filter(activity__host_id=host_id)
    columns = ("person_id", "person__full_name", "person__search_key", "activity_id", "activity__host_id")
    ordered = sessions.order_by("person__sort_key", "person_id", "activity__ends_on", "pk")
    found: dict[int, tuple[int, str, str, int, int]] = {}
    for row in ordered.values_list(*columns):
        if row[0] not in counted:
            found.setdefault(row[0], row)
    return list(found.values())
