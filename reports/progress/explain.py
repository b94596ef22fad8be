"""Who stands behind a figure: whom it counts, who waits for approval, who is still missing."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from reports.progress.facts import Facts, TargetRule, UnitFact
from reports.progress.lookup import look_up
from reports.progress.people import people_of


@dataclass(frozen=True, slots=True)
class UnitSplit:
    """The listed people (households, where the target counts those) of one unit by id.

    ``waiting`` are those of ``missing`` whose record waits (H1). ``excluded`` people stand among counted or missing as
    well: the main figure keeps them (C8).
    """

    unit: UnitFact
    counted: AbstractSet[int]
    missing: AbstractSet[int]
    waiting: AbstractSet[int]
    excluded: AbstractSet[int]


def split(facts: Facts, rule: TargetRule) -> tuple[UnitSplit, ...]:
    """The members of D, unit by unit, for a target that counts people or households; declared figures name nobody."""
    lookup = look_up(facts)
    official, provisional = lookup.official_of(rule), lookup.provisional_of(rule)
    return tuple(
        UnitSplit(
            unit=row.unit,
            counted=row.roster & official,
            missing=row.roster - official,
            waiting=(row.roster & provisional) - official,
            excluded=row.roster & lookup.excluded_of(rule),
        )
        for row in people_of(rule, lookup)
    )
