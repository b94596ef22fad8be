"""The targets of a campaign as the engine's rules: one query."""

from collections import defaultdict

from campaigns.choices import Operator, Qualifier
from campaigns.models import Campaign, Target, TargetCriterion
from campaigns.models.campaign import CriterionKind
from reports.progress.facts import TargetRule


def load_targets(campaign: Campaign) -> list[tuple[Target, TargetRule]]:
    """The targets in their order, each with its rule. A target without any criterion counts nothing and is left out."""
    criteria: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    targets: dict[int, Target] = {}
    rows = TargetCriterion.objects.filter(target__campaign=campaign).select_related("target")
    for row in rows.order_by("target__position", "target__code", "pk"):
        targets[row.target_id] = row.target
        criteria[row.target_id][row.kind].add(row.value)
    return [(target, rule_of(target, criteria[pk])) for pk, target in targets.items()]


def rule_of(target: Target, criteria: dict[str, set[str]]) -> TargetRule:
    """One target as a rule; `criteria` maps a CriterionKind to its values."""
    return TargetRule(
        code=target.code,
        clause=target.clause,
        operator=Operator(target.operator),
        qualifier=Qualifier(target.qualifier),
        threshold_bp=target.threshold_bp,
        tolerance_bp=target.tolerance_bp,
        groups=frozenset(criteria[CriterionKind.GROUP]),
        unit_kinds=frozenset(criteria[CriterionKind.UNIT_KIND]),
        activity_kinds=frozenset(criteria[CriterionKind.ACTIVITY_KIND]),
        min_sessions=target.min_sessions,
        min_count=target.min_count,
        window_days=target.window_days,
    )
