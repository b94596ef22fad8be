"""The targets of a campaign as the engine's rules, in the wording that was in force (rule H6): one query."""

from collections import defaultdict
from typing import Any, cast

from django.db.models import Case, ExpressionWrapper, F, Field, IntegerField, OuterRef, Q, QuerySet, Subquery, When

from campaigns.choices import DenominatorPolicy, Operator, Qualifier
from campaigns.models import Campaign, Target, TargetCriterion, TargetVersion
from campaigns.models.campaign import CriterionKind
from campaigns.services.targets import CRITERIA, RULE_FIELDS
from reports.progress.facts import TargetRule
from reports.selectors.clocks import Clocks

VERSION_FIELDS = ("number", "effective_on", "definition")


def load_targets(campaign: Campaign, clocks: Clocks) -> list[tuple[Target, TargetRule]]:
    """The targets in their order, each with its rule, as they read at the two clocks (rules G5, H6).

    The newest version is the target itself; for an earlier one the fields and the criteria of the loaded target are set
    to what that version said, never to be saved. A target without any criterion counts nothing and is left out.
    """
    rows: dict[int, list[TargetCriterion]] = defaultdict(list)
    criteria = TargetCriterion.objects.filter(target__campaign=campaign).select_related("target")
    for row in _with_version(criteria, clocks).order_by("target__position", "target__code", "pk"):
        rows[row.target_id].append(row)
    return [_in_force(found) for found in rows.values()]


def _with_version(criteria: QuerySet[TargetCriterion], clocks: Clocks) -> QuerySet[TargetCriterion]:
    """Adds the newest number, and the fields of the version in force: the last one that began and was known, else the
    first."""
    versions = TargetVersion.objects.filter(target=OuterRef("target_id"))
    begun = Q(effective_on__lte=clocks.as_of, recorded_on__lte=clocks.approved_by)
    backwards = ExpressionWrapper(-F("number"), output_field=IntegerField())
    in_force = versions.order_by(Case(When(begun, then=backwards), default=F("number"), output_field=IntegerField()))
    return criteria.annotate(
        newest=Subquery(versions.order_by("-number").values("number")[:1]),
        **{f"version_{name}": Subquery(in_force.values(name)[:1]) for name in VERSION_FIELDS},
    )


def _in_force(rows: list[Any]) -> tuple[Target, TargetRule]:
    """One target from its criteria, each of which carries the columns of its version; a target may lack versions."""
    first = rows[0]
    target = first.target
    if first.version_number != first.newest:
        rows = _take_back(target, first.version_definition)
    _give_criteria(target, rows)
    return target, rule_of(target, rows, version=first.version_number or 1, effective_on=first.version_effective_on)


def _take_back(target: Target, definition: dict[str, Any]) -> list[TargetCriterion]:
    """Sets the target to what an earlier version said; gives that version's criteria."""
    for name in RULE_FIELDS:
        field = cast("Field[Any, Any]", Target._meta.get_field(name))
        setattr(target, name, field.to_python(definition[name]))
    return [
        TargetCriterion(target=target, kind=kind, value=value)
        for name, kind in CRITERIA.items()
        for value in definition[name]
    ]


def _give_criteria(target: Target, rows: list[TargetCriterion]) -> None:
    """What `prefetch_related("criteria")` would have found: words about the rule then speak of this version."""
    criteria = target.criteria.all()
    criteria._result_cache = rows
    target._prefetched_objects_cache = {"criteria": criteria}  # type: ignore[attr-defined]  # Django's own store


def rule_of(target: Target, criteria: list[TargetCriterion], **version: Any) -> TargetRule:
    """One target as a rule with its criteria; `version` is its number and `effective_on`."""
    return TargetRule(
        code=target.code,
        clause=target.clause,
        operator=Operator(target.operator),
        qualifier=Qualifier(target.qualifier),
        threshold_bp=target.threshold_bp,
        tolerance_bp=target.tolerance_bp,
        groups=_values(criteria, CriterionKind.GROUP),
        unit_kinds=_values(criteria, CriterionKind.UNIT_KIND),
        activity_kinds=_values(criteria, CriterionKind.ACTIVITY_KIND),
        min_sessions=target.min_sessions,
        min_count=target.min_count,
        window_days=target.window_days,
        denominator_policy=DenominatorPolicy(target.denominator_policy),
        fixed_on=target.fixed_on,
        **version,
    )


def _values(criteria: list[TargetCriterion], kind: str) -> frozenset[str]:
    return frozenset(row.value for row in criteria if row.kind == kind)


def target_of(campaign: Campaign, rule: TargetRule, position: int, *, short_name: str, noun: str) -> Target:
    """The target as a frozen rule says it, never to be saved: the inverse of `rule_of`, without a query.

    Its number is below 0, so that it can hold criteria and be no row's.
    """
    fields = {name: getattr(rule, name) for name in RULE_FIELDS}
    names = {"code": rule.code, "short_name": short_name, "noun": noun}
    target = Target(pk=-position, campaign=campaign, position=position, **names, **fields)
    lists = {kind: getattr(rule, name) for name, kind in CRITERIA.items()}
    rows = [TargetCriterion(target=target, kind=kind, value=value) for kind in lists for value in sorted(lists[kind])]
    _give_criteria(target, rows)
    return target
