"""By how much the official figures of today move when one version of a record takes the place of another (rule H2).

A first approval has no old version, a withdrawal no new one. Exclusions are told by training.figure_effects.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, TypeAlias

from django.db.models import Count, Q, QuerySet

from campaigns.choices import Qualifier, RecordStatus, Source
from campaigns.models import FigureSource, Headcount, Membership, ReviewedRecord, Target, Unit
from campaigns.models.campaign import CriterionKind
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.text import number_text
from training.models import Activity, Attendance, HouseholdCheck, PlatformUse, RunningTotal

Version: TypeAlias = Any
Moves: TypeAlias = Counter[Unit]
Test: TypeAlias = Callable[[Any], bool]


@dataclass(frozen=True)
class Change:
    """The two versions; None where there is none that counts."""

    old: Version | None
    new: Version | None

    @property
    def either(self) -> Version:
        return self.new if self.new is not None else self.old

    @property
    def pks(self) -> list[int]:
        return [version.pk for version in (self.old, self.new) if version is not None]

    def moves(self, holds: Callable[[Version], bool]) -> int:
        """+1 where only the new version has it, -1 where only the old one has it."""
        return _has(self.new, holds) - _has(self.old, holds)


def _has(version: Version | None, holds: Callable[[Version], bool]) -> int:
    return int(version is not None and holds(version))


def change_by_approval(record: Version) -> list[str]:
    """What changes in the figures when the waiting record is approved, as "K3, Trường Tiểu học A: -1 học sinh"."""
    old = record.replaces if record.replaces_id and record.replaces.is_official else None
    return _lines(Change(old, record))


def change_by_withdrawal(record: Version) -> list[str]:
    """What changes when the approval of the record is withdrawn today."""
    return _lines(Change(record, None))


def _lines(change: Change) -> list[str]:
    record: ReviewedRecord = change.either
    if isinstance(record, RunningTotal):
        return _number_lines(change, f"{record.target.code}, {record.unit}: số luỹ kế", "value")
    if isinstance(record, Headcount):
        return _number_lines(change, f"Quy mô {record.get_group_display().lower()} của {record.unit}:", "count")
    movers = {Activity: _of_activity, PlatformUse: _of_use, HouseholdCheck: _of_check}
    mover = next((mover for model, mover in movers.items() if isinstance(record, model)), None)
    if mover is None:
        return []
    targets = record.campaign.targets.prefetch_related("criteria")  # type: ignore[attr-defined]  # of these three
    return [line for target in targets for line in _told(target, mover(target, change))]


def _told(target: Target, moves: Moves) -> Iterable[str]:
    for unit in sorted(moves, key=lambda one: (one.position, one.sort_key, one.pk)):
        if moves[unit]:
            yield f"{target.code}, {unit}: {_signed(moves[unit])} {target.noun}"


def _signed(number: int) -> str:
    return f"{'+' if number > 0 else '-'}{number_text(abs(number))}"


def _number_lines(change: Change, what: str, name: str) -> list[str]:
    before, after = (getattr(version, name) if version else None for version in (change.old, change.new))
    if before is None or after is None:
        word = "thôi tính" if after is None else "được tính"
        return [f"{what} {number_text(getattr(change.either, name))} {word}"]
    difference = f" ({_signed(after - before)})" if after != before else ", không đổi"
    return [f"{what} {number_text(before)} thành {number_text(after)}{difference}"]


def _values(target: Target, kind: str) -> set[str]:
    return {row.value for row in target.criteria.all() if row.kind == kind}


def _of_activity(target: Target, change: Change) -> Moves:
    movers = {
        Qualifier.ATTENDANCE: _people_of_activity,
        Qualifier.HOSTED_ACTIVITY: _hosts_of_activity,
        Qualifier.TEAM_ACTIVITY: _villages_of_activity,
    }
    mover = movers.get(Qualifier(target.qualifier))
    return mover(target, change) if mover else Counter()


def _serves(target: Target) -> Callable[[Activity], bool]:
    kinds = _values(target, CriterionKind.ACTIVITY_KIND)
    return lambda activity: activity.kind in kinds


def _others(target: Target, change: Change, prefix: str = "") -> Q:
    """Other approved activities that serve the target."""
    conditions: dict[str, Any] = {
        "campaign_id": target.campaign_id,
        "status": RecordStatus.APPROVED,
        "kind__in": sorted(_values(target, CriterionKind.ACTIVITY_KIND)),
    }
    return Q(**{f"{prefix}{name}": value for name, value in conditions.items()}) & ~Q(**{f"{prefix}pk__in": change.pks})


def _people_of_activity(target: Target, change: Change) -> Moves:
    """Whom this activity brings over, or takes below, the number of sessions that the target asks for (C1, C3)."""
    commune_id = change.either.commune_id
    attended = Attendance.objects.filter(commune_id=commune_id, activity_id__in=change.pks, person__isnull=False)
    present = set(attended.values_list("activity_id", "person_id"))
    elsewhere = Attendance.objects.filter(_others(target, change, "activity__"), commune_id=commune_id)
    sessions = elsewhere.filter(person_id__in={person for _, person in present}).order_by()
    count = Counter(dict(sessions.values_list("person_id").annotate(Count("pk"))))
    serves, moves = _serves(target), Counter[Unit]()
    for row in _counted_people(target, commune_id, {person for _, person in present}):
        if count[row.person_id] == target.min_sessions - 1:
            moves[row.unit] += change.moves(partial(_was_there, serves, present, row.person_id))
    return moves


def _was_there(serves: Test, present: set[tuple[int, int]], person_id: int, one: Activity) -> bool:
    return serves(one) and (one.pk, person_id) in present


def _counted_people(target: Target, commune_id: int, person_ids: Collection[int]) -> list[Membership]:
    """Where these people are counted today, by list: declared groups are not counted by names."""
    rows = Membership.objects.on(local_today()).filter(
        commune_id=commune_id,
        person_id__in=person_ids,
        group__in=_values(target, CriterionKind.GROUP),
        unit__kind__in=_values(target, CriterionKind.UNIT_KIND),
    )
    found = list(rows.select_related("unit").order_by("pk"))
    declared = _declared_pairs(commune_id, {row.unit_id for row in found})
    return list(
        {(row.person_id, row.unit_id): row for row in found if (row.unit_id, row.group) not in declared}.values()
    )


def _declared_pairs(commune_id: int, unit_ids: Collection[int]) -> set[tuple[int, str]]:
    rows = FigureSource.objects.filter(commune_id=commune_id, unit_id__in=unit_ids, effective_on__lte=local_today())
    ordered = rows.order_by("effective_on", "chosen_on", "pk").values_list("unit_id", "group", "source")
    latest = {(unit_id, group): source for unit_id, group, source in ordered}
    return {pair for pair, source in latest.items() if source == Source.DECLARED}


def _hosts_of_activity(target: Target, change: Change) -> Moves:
    """Units that this activity gives their credit to, or takes it from (F3, K5)."""
    credited = {version.pk: _host_ids(version) for version in (change.old, change.new) if version is not None}
    units = _open_units(target, change, set().union(*credited.values()))
    others = Activity.objects.filter(_others(target, change), commune_id=change.either.commune_id)
    serves, moves = _serves(target), Counter[Unit]()
    for unit in units:
        done = others.filter(Q(host=unit) | Q(co_host_links__unit=unit)).distinct().count()
        if done == target.min_count - 1:
            moves[unit] = change.moves(partial(_was_host, serves, credited, unit.pk))
    return moves


def _was_host(serves: Test, credited: dict[int, set[int]], unit_id: int, one: Activity) -> bool:
    return serves(one) and unit_id in credited[one.pk]


def _host_ids(activity: Activity) -> set[int]:
    return {activity.host_id, *activity.co_host_links.values_list("unit_id", flat=True)}


def _open_units(target: Target, change: Change, unit_ids: Collection[int]) -> QuerySet[Unit]:
    kinds = _values(target, CriterionKind.UNIT_KIND)
    units = Unit.objects.filter(commune_id=change.either.commune_id, pk__in=unit_ids, kind__in=kinds)
    return units.open_on(local_today())


def _villages_of_activity(target: Target, change: Change) -> Moves:
    """Villages whose team this activity makes active, or no longer, in the last days (K6)."""
    since = local_today() - timedelta(days=target.window_days) if target.window_days else None
    teams = {version.pk: version.team for version in (change.old, change.new) if version is not None}
    villages = _open_units(target, change, {team.village_id for team in teams.values() if team})
    others = Activity.objects.filter(_others(target, change), commune_id=change.either.commune_id)
    others = others.filter(ends_on__gt=since) if since else others
    serves, moves = _serves(target), Counter[Unit]()

    def holds(unit: Unit, one: Activity) -> bool:
        team = teams[one.pk]
        is_recent = since is None or one.ends_on > since
        return serves(one) and is_recent and team is not None and team.village_id == unit.pk

    for unit in villages:
        if others.filter(team__village=unit).count() == target.min_count - 1:
            moves[unit] = change.moves(partial(holds, unit))
    return moves


def _of_use(target: Target, change: Change) -> Moves:
    moves = Counter[Unit]()
    use: PlatformUse = change.either
    if target.qualifier != Qualifier.PLATFORM_USE:
        return moves
    others = PlatformUse.objects.filter(commune_id=use.commune_id, campaign_id=use.campaign_id, person_id=use.person_id)
    if not others.filter(status=RecordStatus.APPROVED).exclude(pk__in=change.pks).exists():
        for row in _counted_people(target, use.commune_id, {use.person_id}):
            moves[row.unit] = change.moves(lambda one: True)
    return moves


def _of_check(target: Target, change: Change) -> Moves:
    check: HouseholdCheck = change.either
    if target.qualifier != Qualifier.HOUSEHOLD_CHECK:
        return Counter()
    checks = HouseholdCheck.objects.filter(
        commune_id=check.commune_id, campaign_id=check.campaign_id, household_id=check.household_id
    )
    others = checks.passed().filter(status=RecordStatus.APPROVED).exclude(pk__in=change.pks)
    moved = 0 if others.exists() else change.moves(lambda one: one.is_passed)
    return Counter({check.household.village: moved})
