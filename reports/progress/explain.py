"""Who stands behind a figure: whom it counts, who waits for approval, who is still missing."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from reports.progress.facts import Facts, TargetRule, UnitFact
from reports.progress.lookup import look_up
from reports.progress.people import people_of


@dataclass(frozen=True, slots=True)
class UnitSplit:
    """The listed people of one unit by id; ``waiting`` are those of ``missing`` whose record waits (H1)."""

    unit: UnitFact
    counted: AbstractSet[int]
    missing: AbstractSet[int]
    waiting: AbstractSet[int]


def split(facts: Facts, rule: TargetRule) -> tuple[UnitSplit, ...]:
    """The people of D, unit by unit, for a target that counts people; declared figures have no people behind them."""
    lookup = look_up(facts)
    official, provisional = lookup.official_of(rule), lookup.provisional_of(rule)
    return tuple(
        UnitSplit(
            unit=row.unit,
            counted=row.roster & official,
            missing=row.roster - official,
            waiting=(row.roster & provisional) - official,
        )
        for row in people_of(rule, lookup)
    )
