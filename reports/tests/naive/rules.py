"""Random rules of a target, of the kinds that campaigns.services.targets.check_target lets pass."""

from collections.abc import Callable
from datetime import date
from random import Random

from campaigns.choices import PERSON_GROUPS, ActivityKind, DenominatorPolicy, Group, Operator, UnitKind

UNIT_KINDS = [UnitKind.VILLAGE, UnitKind.PRIMARY, UnitKind.LOWER_SECONDARY, UnitKind.PRESCHOOL, UnitKind.OFFICE]


def random_rule(r: Random, qualifier: str, day: Callable[[], date]) -> dict:
    """The fields and lists of one version of a target with this qualifier."""
    counts_units = qualifier in ("HOSTED_ACTIVITY", "TEAM_ACTIVITY")
    operator = r.choice([op.value for op in Operator if (op == Operator.EACH_UNIT) == counts_units])
    threshold_bp = (
        10_000 if operator in ("ALL", "EACH_UNIT") else r.choice([9000, 7000, 5000, 3334, r.randint(1, 9999)])
    )
    policy = "AS_OF" if counts_units else r.choice(DenominatorPolicy.values)
    return {
        "clause": "Chỉ tiêu",
        "operator": operator,
        "threshold_bp": threshold_bp,
        "tolerance_bp": r.randint(0, threshold_bp) if operator == "ABOUT" else 0,
        "qualifier": qualifier,
        "min_sessions": r.choice([1, 1, 2, 3]) if qualifier == "ATTENDANCE" else 1,
        "min_count": r.choice([1, 1, 2]) if counts_units else 1,
        "window_days": _window(day) if qualifier == "TEAM_ACTIVITY" else None,
        "denominator_policy": policy,
        "fixed_on": day() if policy == "FIXED" else None,
        "groups": _groups(r, qualifier),
        "unit_kinds": _unit_kinds(r, qualifier),
        "activity_kinds": [] if qualifier == "PLATFORM_USE" else _some(r, ActivityKind.values),
    }


def _window(day: Callable[[], date]) -> int:
    """As long as from one day of the history to another, so that something falls on its first day."""
    return max(1, abs((day() - day()).days))


def _groups(r: Random, qualifier: str) -> list[str]:
    if qualifier == "HOUSEHOLD_CHECK":
        return [Group.HOUSEHOLD.value]
    return _some(r, [group.value for group in PERSON_GROUPS]) if qualifier in ("ATTENDANCE", "PLATFORM_USE") else []


def _unit_kinds(r: Random, qualifier: str) -> list[str]:
    if qualifier in ("HOUSEHOLD_CHECK", "TEAM_ACTIVITY"):
        return [UnitKind.VILLAGE.value]
    return _some(r, [kind.value for kind in UNIT_KINDS])


def _some(r: Random, values: list[str]) -> list[str]:
    return r.sample(values, r.randint((len(values) + 1) // 2, len(values)))
