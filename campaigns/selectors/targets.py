"""What the page of the plan shows: each target in words, with the versions of its rule, in three queries."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch

from campaigns.models import Campaign, Target, TargetVersion
from campaigns.models.campaign import CriterionKind
from campaigns.wording import RuleDifference, criterion_labels, describe_threshold, rule_differences, target_in_words
from hbs_portal.lib.dates import local_today


@dataclass(frozen=True)
class VersionLine:
    """One version of a rule: from when it holds, and in what it differs from the one before (rule H6)."""

    version: TargetVersion
    changes: list[RuleDifference]


@dataclass(frozen=True)
class TargetCard:
    """One target in words; `details` are (label, text) pairs that apply to it, `history` its versions, newest first.

    `starts_later`: the day from which the wording holds, where that day has not come.
    """

    target: Target
    threshold: str
    sentence: str
    details: list[tuple[str, str]]
    history: list[VersionLine] = field(default_factory=list)
    starts_later: date | None = None


def target_cards(campaign: Campaign) -> list[TargetCard]:
    """The targets of a plan in their order."""
    versions = Prefetch("versions", TargetVersion.objects.select_related("recorded_by").order_by("number"))
    return [_card(target) for target in campaign.targets.prefetch_related("criteria", versions)]


def _card(target: Target) -> TargetCard:
    threshold = describe_threshold(target.operator, target.threshold_bp, target.tolerance_bp)
    details = [pair for pair in _details(target) if pair[1]]
    versions = list(target.versions.all())
    since = versions[-1].effective_on if versions else target.campaign.starts_on
    later = since if len(versions) > 1 and since > local_today() else None
    return TargetCard(target, threshold, target_in_words(target), details, _history(versions), later)


def _history(versions: list[TargetVersion]) -> list[VersionLine]:
    earlier = [None, *versions]
    lines = [
        VersionLine(version, rule_differences(before.definition, version.definition) if before else [])
        for before, version in zip(earlier, versions, strict=False)
    ]
    return lines[::-1]


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
