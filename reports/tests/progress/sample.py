"""A small commune in plain facts: what the examples of kpi-rules.md are built from."""

from collections.abc import Iterable
from datetime import date

from campaigns.choices import ActivityKind, Group, Operator, Qualifier, UnitKind
from reports.progress import Cell, Facts, TargetProgress, TargetRule, compute_progress
from reports.progress.facts import (
    ActivityFact,
    AudienceFact,
    DeclaredFact,
    HouseholdFact,
    MemberFact,
    ReachFact,
    UnitFact,
)

YEAR_END = date(2026, 12, 31)
PUPIL, TEACHER, MANAGER, OFFICIAL = Group.PUPIL.value, Group.TEACHER.value, Group.MANAGER.value, Group.OFFICIAL.value

K1 = TargetRule(
    code="K1",
    clause="trên 90% cán bộ, công chức, người lao động được tuyên truyền, bồi dưỡng",
    operator=Operator.MORE_THAN,
    threshold_bp=9000,
    qualifier=Qualifier.ATTENDANCE,
    groups=frozenset({OFFICIAL, MANAGER, TEACHER}),
    unit_kinds=frozenset({UnitKind.OFFICE, UnitKind.PRESCHOOL, UnitKind.PRIMARY}),
    activity_kinds=frozenset({ActivityKind.COMMUNICATION, ActivityKind.TRAINING}),
)
K2 = TargetRule(
    code="K2",
    clause="100% cán bộ quản lý, giáo viên sử dụng các nền tảng số",
    operator=Operator.ALL,
    qualifier=Qualifier.PLATFORM_USE,
    groups=frozenset({MANAGER, TEACHER}),
    unit_kinds=frozenset({UnitKind.PRIMARY, UnitKind.LOWER_SECONDARY}),
)
K3 = TargetRule(
    code="K3",
    clause="100% học sinh được trang bị kiến thức, kỹ năng số",
    operator=Operator.ALL,
    qualifier=Qualifier.ATTENDANCE,
    groups=frozenset({PUPIL}),
    unit_kinds=frozenset({UnitKind.PRIMARY, UnitKind.LOWER_SECONDARY}),
    activity_kinds=frozenset({ActivityKind.LESSON, ActivityKind.TRAINING}),
)
K4 = TargetRule(
    code="K4",
    clause="khoảng 70% hộ gia đình có hiểu biết cơ bản",
    operator=Operator.ABOUT,
    threshold_bp=7000,
    tolerance_bp=500,
    qualifier=Qualifier.HOUSEHOLD_CHECK,
    groups=frozenset({Group.HOUSEHOLD.value}),
    unit_kinds=frozenset({UnitKind.VILLAGE}),
    activity_kinds=frozenset({ActivityKind.SUPPORT}),
)
K5 = TargetRule(
    code="K5",
    clause="Mỗi cơ sở giáo dục có ít nhất 01 hoạt động lan tỏa",
    operator=Operator.EACH_UNIT,
    qualifier=Qualifier.HOSTED_ACTIVITY,
    unit_kinds=frozenset({UnitKind.PRESCHOOL, UnitKind.PRIMARY, UnitKind.LOWER_SECONDARY}),
    activity_kinds=frozenset({ActivityKind.COMMUNICATION, ActivityKind.FESTIVAL}),
)
K6 = TargetRule(
    code="K6",
    clause="Các thôn duy trì hoạt động của Tổ công nghệ số cộng đồng",
    operator=Operator.EACH_UNIT,
    qualifier=Qualifier.TEAM_ACTIVITY,
    unit_kinds=frozenset({UnitKind.VILLAGE}),
    activity_kinds=frozenset({ActivityKind.SUPPORT, ActivityKind.COMMUNICATION}),
    window_days=90,
)


def unit(number: int, kind: UnitKind = UnitKind.PRIMARY, closed_on: date | None = None) -> UnitFact:
    return UnitFact(number, f"U{number}", f"Đơn vị {number}", kind.value, date(2020, 1, 1), closed_on)


def members(unit_id: int, people: Iterable[int], group: str = PUPIL) -> list[MemberFact]:
    return [MemberFact(person, unit_id, group) for person in people]


def reached(code: str, people: Iterable[int], on: date = date(2026, 4, 10)) -> list[ReachFact]:
    return [ReachFact(code, person, on, on) for person in people]


def waiting(code: str, people: Iterable[int], on: date = date(2026, 4, 10)) -> list[ReachFact]:
    return [ReachFact(code, person, None, on) for person in people]


def activity(
    number: int,
    host: int,
    kind: ActivityKind = ActivityKind.LESSON,
    *,
    on: date = date(2026, 4, 10),
    co_hosts: Iterable[int] = (),
    team: int | None = None,
    official: bool = True,
) -> ActivityFact:
    return ActivityFact(number, kind.value, on, frozenset({host, *co_hosts}), host, team, official, team)


def audience(number: int, named: int, total: int | None = None, group: str | None = PUPIL) -> AudienceFact:
    return AudienceFact(number, group, named, total)


def declared(
    unit_id: int,
    d: int | None,
    n: int | None = None,
    *,
    waiting: int | None = None,
    code: str = "K3",
    group: str = PUPIL,
) -> DeclaredFact:
    official = {} if n is None else {code: n}
    return DeclaredFact(unit_id, group, d, official, official if waiting is None else {code: waiting})


def homes(
    unit_id: int,
    numbers: Iterable[int],
    *,
    reached: int = 0,
    passed: int = 0,
    waiting_passed: int = 0,
    on: date = date(2026, 4, 10),
) -> list[HouseholdFact]:
    """Households of a village: the first ``reached`` were reached, the first ``passed`` of them passed as well."""
    return [
        HouseholdFact(
            number,
            unit_id,
            reached_on=on if place < max(reached, passed) else None,
            passed_on=on if place < passed else None,
            provisional_reached=place < max(reached, passed, waiting_passed),
            provisional_passed=place < max(passed, waiting_passed),
        )
        for place, number in enumerate(numbers)
    ]


def progress(
    rule: TargetRule, units: list[UnitFact], *, people: list[MemberFact] | None = None, **facts
) -> TargetProgress:
    """One target measured at the end of the year, unless ``facts`` says otherwise."""
    return compute_progress(facts_of(rule, units, people=people, **facts)).target(rule.code)


def facts_of(rule: TargetRule, units: list[UnitFact], *, people: list[MemberFact] | None = None, **facts) -> Facts:
    clocks = {"as_of": YEAR_END, "approved_by": YEAR_END}
    return Facts(**{**clocks, "rules": [rule], "units": units, "members": {rule.code: people or []}, **facts})


def figure(rule: TargetRule, n: int, d: int) -> Cell:
    """The cell of one school whose people 1 … d are listed and 1 … n reached."""
    group = sorted(rule.groups)[0]
    people = members(1, range(1, d + 1), group)
    cell = progress(rule, [unit(1)], people=people, reaches=reached(rule.code, range(1, n + 1))).cell_of(1)
    assert cell is not None
    return cell
