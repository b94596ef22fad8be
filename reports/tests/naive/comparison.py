"""What the engine says, in the shape of the simple implementation, and where the two differ."""

from reports.progress import Cell, Facts, Progress, TargetProgress, TargetRule, Tier, first_days, split

CELL_FIELDS = (
    "n", "d", "percent", "missing", "provisional_n", "provisional_percent", "attendances", "unnamed", "possible_max",
    "declared_n", "declared_d", "is_over",
)  # fmt: skip
TARGET_FIELDS = (
    "overlap_n", "overlap_d", "units_applicable", "units_with_denominator", "units_reported", "activities",
    "previous_n",
)  # fmt: skip


def figures_of(progress: Progress, facts: Facts) -> dict:
    """The engine's answer as nested dictionaries."""
    targets = {target.rule.code: _target(target) | _behind(target.rule, facts) for target in progress.targets}
    return {"activities_total": progress.activities_total, "targets": targets}


def _behind(rule: TargetRule, facts: Facts) -> dict:
    """The members of D behind the figures; a unit that is counted itself has nobody behind it."""
    names = ("counted", "missing", "waiting", "excluded")
    return {
        "people": {row.unit.id: {name: sorted(getattr(row, name)) for name in names} for row in split(facts, rule)},
        "first_days": first_days(facts, rule),
    }


def _target(target: TargetProgress) -> dict:
    return {name: getattr(target, name) for name in TARGET_FIELDS} | {
        "commune": _cell(target.commune),
        "units": {row.unit.id: _cell(row.cell) for row in target.units},
        "tiers": {row.unit.id: _tier(row.second_tier) for row in target.units},
        "second_tier": _tier(target.second_tier),
    }


def _cell(cell: Cell) -> dict:
    adjusted = cell.adjusted
    return {name: getattr(cell, name) for name in CELL_FIELDS} | {
        "state": cell.state.value,
        "verdict": cell.verdict.value,
        "adjusted": adjusted
        and {
            "excluded": adjusted.excluded,
            "n": adjusted.n,
            "d": adjusted.d,
            "percent": adjusted.percent,
            "verdict": adjusted.verdict.value,
            "missing": adjusted.missing,
        },
    }


def _tier(tier: Tier | None) -> dict | None:
    return tier and {"n": tier.n, "d": tier.d, "provisional_n": tier.provisional_n}


def differences(simple, engine, where: str = "") -> list[str]:
    """One line for every field on which the two disagree."""
    if isinstance(simple, dict) and isinstance(engine, dict):
        lines = []
        for key in [*simple, *(key for key in engine if key not in simple)]:
            lines += differences(simple.get(key, "absent"), engine.get(key, "absent"), f"{where}.{key}".lstrip("."))
        return lines
    return [] if simple == engine else [f"{where}: simple {simple!r}, engine {engine!r}"]
