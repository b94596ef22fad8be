"""Counts before any verdict, and how the counts of units become the commune's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from reports.progress.results import Tier


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted in one unit. ``d`` None: the denominator is unknown (B3).

    ``excluded`` members of D, ``excluded_n`` of n, are left out of the adjusted figure beside this one (C8).
    """

    n: int
    d: int | None
    provisional_n: int
    is_reported: bool
    declared_n: int = 0
    declared_d: int = 0
    excluded: int = 0
    excluded_n: int = 0

    @property
    def is_applicable(self) -> bool:
        """Nobody to count is "không áp dụng" (B2), unless somebody was counted all the same (B4)."""
        return self.d != 0 or self.n > 0

    @property
    def is_over(self) -> bool:
        return self.d is not None and self.n > self.d


class Overlaps(NamedTuple):
    """By how much the units' counts exceed the commune's, for people who are in several units (C7)."""

    n: int = 0
    d: int = 0
    provisional_n: int = 0
    excluded: int = 0
    excluded_n: int = 0


NO_OVERLAPS = Overlaps()


@dataclass(frozen=True, slots=True)
class Coverage:
    """The tallies of one target; ``units`` holds the open units of the target's kinds only, by id."""

    units: Mapping[int, Tally]
    commune: Tally
    overlaps: Overlaps = NO_OVERLAPS
    second_tiers: Mapping[int, Tier] = field(default_factory=dict)
    second_tier: Tier | None = None
    previous_n: int | None = None


def counted_in_commune(tallies: Mapping[int, Tally]) -> dict[int, Tally]:
    """The tallies that make the commune's figure.

    Units without a denominator stay out, of n too, so that n and d speak of the same people; where no unit has a
    denominator, n is still shown (B3).
    """
    applicable = {unit_id: tally for unit_id, tally in tallies.items() if tally.is_applicable}
    known = {unit_id: tally for unit_id, tally in applicable.items() if tally.d is not None}
    return known or applicable


def pool(tallies: Mapping[int, Tally], overlaps: Overlaps = NO_OVERLAPS) -> Tally:
    """The commune's tally: pooled, never averaged (G4), less who is in several units (C7).

    Nothing at all pools to d = 0: the target applies to nobody.
    """
    counted = counted_in_commune(tallies).values()
    is_unknown = any(tally.d is None for tally in counted)
    return Tally(
        n=sum(tally.n for tally in counted) - overlaps.n,
        d=None if is_unknown else sum(tally.d or 0 for tally in counted) - overlaps.d,
        provisional_n=sum(tally.provisional_n for tally in counted) - overlaps.provisional_n,
        is_reported=any(tally.is_reported for tally in counted),
        declared_n=sum(tally.declared_n for tally in counted),
        declared_d=sum(tally.declared_d for tally in counted),
        excluded=sum(tally.excluded for tally in counted) - overlaps.excluded,
        excluded_n=sum(tally.excluded_n for tally in counted) - overlaps.excluded_n,
    )
