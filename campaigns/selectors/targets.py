"""What the page of the plan shows: each target in words, in two queries."""

from dataclasses import dataclass

from campaigns.models import Campaign, Target
from campaigns.models.campaign import CriterionKind
from campaigns.wording import criterion_labels, describe_threshold, target_in_words


@dataclass(frozen=True)
class TargetCard:
    """One target in words; `details` are (label, text) pairs that apply to it."""

    target: Target
    threshold: str
    sentence: str
    details: list[tuple[str, str]]


def target_cards(campaign: Campaign) -> list[TargetCard]:
    """The targets of a plan in their order."""
    return [_card(target) for target in campaign.targets.prefetch_related("criteria")]


def _card(target: Target) -> TargetCard:
    threshold = describe_threshold(target.operator, target.threshold_bp, target.tolerance_bp)
    return TargetCard(target, threshold, target_in_words(target), [pair for pair in _details(target) if pair[1]])


def _details(target: Target) -> list[tuple[str, str]]:
    def listed(kind: CriterionKind) -> str:
        return "; ".join(criterion_labels(target, kind))

    fixed = f" ({target.fixed_on:%d/%m/%Y})" if target.fixed_on else ""
    return [
        ("Điều kiện được tính", target.get_qualifier_display()),
        ("Nhóm được tính", listed(CriterionKind.GROUP)),
        ("Loại đơn vị", listed(CriterionKind.UNIT_KIND)),
        ("Loại hoạt động được tính", listed(CriterionKind.ACTIVITY_KIND)),
        ("Số buổi ít nhất", str(target.min_sessions) if target.min_sessions > 1 else ""),
        ("Trong số ngày gần nhất", str(target.window_days or "")),
        ("Mẫu số", f"{target.get_denominator_policy_display()}{fixed}"),
    ]
