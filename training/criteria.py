"""Whom a target counts, read from the plan's data: never from code."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from campaigns.choices import Group
from campaigns.models import Campaign, Target, Unit
from campaigns.models.campaign import CriterionKind


@dataclass(frozen=True)
class CountedSet:
    """Groups and unit kinds of one target."""

    target: Target
    groups: list[str] = field(default_factory=list)
    unit_kinds: list[str] = field(default_factory=list)


def counted_sets(campaign: Campaign, qualifiers: Iterable[str] | None = None) -> list[CountedSet]:
    """The counted sets of the campaign's targets, in the plan's order; `qualifiers` narrows them. Two queries."""
    targets = campaign.targets.prefetch_related("criteria")
    if qualifiers is not None:
        targets = targets.filter(qualifier__in=list(qualifiers))
    return [_counted_set(target) for target in targets]


def _counted_set(target: Target) -> CountedSet:
    rows = list(target.criteria.all())
    groups = [row.value for row in rows if row.kind == CriterionKind.GROUP]
    kinds = [row.value for row in rows if row.kind == CriterionKind.UNIT_KIND]
    return CountedSet(target, sorted(groups, key=Group.values.index), kinds)


def sets_of_unit(sets: Iterable[CountedSet], unit: Unit) -> list[CountedSet]:
    """Those that count somebody in this kind of unit."""
    return [counted for counted in sets if unit.kind in counted.unit_kinds and counted.groups]
