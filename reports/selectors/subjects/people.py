"""People behind a target that counts people (K1-K3): the listed ones, why the others do not count."""

from collections.abc import Collection
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from campaigns.choices import ActivityKind, Qualifier
from campaigns.models import Membership, Target
from reports.progress.facts import Span, TargetRule
from reports.selectors.clocks import Clocks
from reports.selectors.facts import Reading
from reports.selectors.subjects.reasons import OTHER_KIND, STATE_COLUMNS, TOO_FEW, TOO_LATE, RecordState
from training.models import Attendance, PlatformUse

AFTER = "Diễn ra sau ngày lấy số liệu"


class ListedPerson(NamedTuple):
    """A membership that the target counts, with the name; ordered by unit, class, name."""

    person_id: int
    unit_id: int
    group: str
    class_name: str
    full_name: str
    search_key: str


class FirstDay(NamedTuple):
    """The record by which somebody counts: an activity, or (`use_id`) a confirmation of platforms."""

    on: date
    activity_id: int | None
    title: str
    use_id: int | None = None


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
    """The people whom the engine counts for the target in these units, with name and class: one query.

    Who counts where is the engine's answer under the target's denominator policy (rule C6); of several entries of one
    person in one unit and group the one that holds on the counted day gives the class, else the latest.
    """
    rule, wanted = reading.progress.target(target.code).rule, frozenset(unit_ids)
    counted = {
        (row.person_id, row.unit_id, row.group)
        for row in reading.facts.members.get(target.code, ())
        if row.unit_id in wanted and row.group in rule.groups
    }
    _, day = span = reading.facts.span_of(rule)
    rows = [row for row in _memberships(reading, rule, wanted, span) if row[:3] in counted]
    best: dict[tuple[int, int, str], tuple[bool, date, int]] = {}
    for place, (person_id, unit_id, group, *_, starts_on, ends_on) in enumerate(rows):
        rank = (starts_on <= day and (ends_on is None or ends_on >= day), starts_on, place)
        key = (person_id, unit_id, group)
        best[key] = max(best.get(key, rank), rank)
    chosen = {place for *_, place in best.values()}
    return [ListedPerson(*row[:6]) for place, row in enumerate(rows) if place in chosen]


def class_names_of(reading: Reading, unit_id: int) -> dict[int, str]:
    """The classes of a unit's pupils by person, on the as-of date, else the latest before it: one query."""
    rows = Membership.objects.filter(
        commune_id=reading.campaign.commune_id, unit_id=unit_id, starts_on__lte=reading.clocks.as_of
    ).exclude(class_name="")
    return dict(rows.order_by("starts_on", "pk").values_list("person_id", "class_name"))


def _memberships(reading: Reading, rule: TargetRule, unit_ids: AbstractSet[int], span: Span) -> list[tuple[Any, ...]]:
    """Entries that hold on some counted day, by unit, class and name."""
    rows = Membership.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=span[0]),
        commune_id=reading.campaign.commune_id,
        unit_id__in=sorted(unit_ids),
        group__in=sorted(rule.groups),
        starts_on__lte=span[1],
    ).order_by("unit__position", "unit__sort_key", "unit_id", "class_name", "person__sort_key", "person_id", "pk")
    columns = ("person_id", "unit_id", "group", "class_name", "person__full_name", "person__search_key")
    return list(rows.values_list(*columns, "starts_on", "ends_on"))


def first_days(reading: Reading, rule: TargetRule, person_ids: Collection[int]) -> dict[int, FirstDay]:
    """By which record each of these people counts (rules C1-C3): one query. Meant for the people of one page."""
    if rule.qualifier == Qualifier.PLATFORM_USE:
        uses = _uses(reading).filter(reading.clocks.official(), person_id__in=person_ids)
        days = uses.values_list("person_id", "confirmed_on", "pk")
        return {pk: FirstDay(on, None, "Xác nhận sử dụng nền tảng số", use_id) for pk, on, use_id in days}
    sessions = _qualifying(reading, rule).filter(person_id__in=person_ids).order_by("activity__ends_on", "pk")
    columns = ("person_id", "activity__ends_on", "activity_id", "activity__title")
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

    Waiting, withdrawn, returned, draft, too few sessions, replaced, too late, a kind that the target does not count.
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


def _unfinished_uses(reading: Reading) -> list[tuple[int, Unfinished]]:
    uses = PlatformUse.objects.filter(commune_id=reading.campaign.commune_id, campaign=reading.campaign)
    uses = uses.exclude(reading.clocks.official(), confirmed_on__lte=reading.clocks.as_of)
    columns = ("person_id", "person__full_name", "person__search_key", "unit_id", "confirmed_on", *STATE_COLUMNS)
    rows = []
    for pk, name, key, unit_id, on, *state in uses.order_by("person__sort_key", "person_id").values_list(*columns):
        is_late = on > reading.clocks.as_of
        place, reason = (TOO_LATE, AFTER) if is_late else RecordState(*state).reason(reading.clocks)
        rows.append((place, Unfinished(pk, name, key, unit_id, "", reason, None, None)))
    return rows


_SESSION_COLUMNS = (
    "person_id", "person__full_name", "person__search_key", "unit_id", "class_name", "activity_id",
    "activity__host_id", "activity__kind", "activity__ends_on", *(f"activity__{name}" for name in STATE_COLUMNS),
)  # fmt: skip


def _unfinished_sessions(reading: Reading, rule: TargetRule) -> list[tuple[int, Unfinished]]:
    sessions = _attendances(reading).filter(group__in=sorted(rule.groups))
    if rule.min_sessions == 1:
        sessions = sessions.exclude(_serves(rule, reading.clocks) & reading.clocks.official("activity__"))
    sessions = sessions.order_by("person__sort_key", "person_id", "-activity__ends_on", "pk")
    rows = []
    for (
        pk, name, key, unit_id, class_name, activity_id, host_id, kind, on, *state
    ) in sessions.values_list(*_SESSION_COLUMNS):  # fmt: skip
        place, reason = _session_reason(reading, rule, kind, on, RecordState(*state))
        rows.append((place, Unfinished(pk, name, key, unit_id, class_name, reason, activity_id, host_id)))
    return rows


def _session_reason(reading: Reading, rule: TargetRule, kind: str, on: date, state: RecordState) -> tuple[int, str]:
    if kind not in rule.activity_kinds:
        label = ActivityKind(kind).label.lower()
        return OTHER_KIND, f"Loại hoạt động không được tính cho chỉ tiêu này ({label})"
    if on > reading.clocks.as_of:
        return TOO_LATE, AFTER
    if state.is_official(reading.clocks):
        return TOO_FEW, f"Chưa dự đủ {rule.min_sessions} buổi"
    return state.reason(reading.clocks)


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
