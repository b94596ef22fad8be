"""Targets and their rules in words, the same on every page and in every report."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import TextChoices

from campaigns.choices import ActivityKind, Group, Operator, Qualifier, UnitKind
from campaigns.models import Target
from campaigns.models.campaign import CriterionKind
from campaigns.services.targets import CRITERIA
from hbs_portal.lib.text import date_short

VOCABULARIES: dict[str, type[TextChoices]] = {
    CriterionKind.GROUP: Group,
    CriterionKind.UNIT_KIND: UnitKind,
    CriterionKind.ACTIVITY_KIND: ActivityKind,
}


def percent_text(basis_points: int) -> str:
    """Basis points as people write them: 9000 -> "90%", 9250 -> "92,5%", 25 -> "0,25%". Exact, nothing is rounded."""
    whole, rest = divmod(basis_points, 100)
    decimals = f",{rest:02d}".rstrip("0") if rest else ""
    return f"{whole}{decimals}%"


def describe_threshold(operator: str, threshold_bp: int, tolerance_bp: int) -> str:
    """The operator and its threshold in words: "trên 90%", "khoảng 70% (sai số 0)", "từ 80% trở lên" (rules A1, A6)."""
    percent = percent_text(threshold_bp)
    if operator == Operator.MORE_THAN:
        return f"trên {percent}"
    if operator == Operator.AT_LEAST:
        return f"từ {percent} trở lên"
    if operator == Operator.ABOUT:
        return f"khoảng {percent} (sai số {percent_text(tolerance_bp) if tolerance_bp else '0'})"
    if operator == Operator.EACH_UNIT:
        return "tất cả các đơn vị, không trừ đơn vị nào"
    return "toàn bộ (100%)"


def target_in_words(target: Target) -> str:
    """The rule of a target as one sentence; reads `target.criteria` (prefetch it for many targets).

    "Trên 90% người (cán bộ, công chức; người lao động) có tên trong ít nhất 1 hoạt động đã duyệt (tuyên truyền; …)."
    """
    groups, kinds = criterion_labels(target, CriterionKind.GROUP), criterion_labels(target, CriterionKind.ACTIVITY_KIND)
    if target.operator == Operator.EACH_UNIT:
        return f"Mỗi {target.noun} {_unit_condition(target)}{_listed(kinds)}."
    threshold = describe_threshold(target.operator, target.threshold_bp, target.tolerance_bp)
    subjects = f"{target.noun}{_listed(_worth_naming(groups, target.noun))}"
    sentence = f"{threshold} {subjects} {_subject_condition(target)}{_kinds_clause(target, kinds)}."
    return sentence[0].upper() + sentence[1:]


def _unit_condition(target: Target) -> str:
    window = f" trong {target.window_days} ngày gần nhất" if target.window_days else ""
    if target.qualifier == Qualifier.TEAM_ACTIVITY:
        return f"có Tổ công nghệ số cộng đồng thực hiện ít nhất {target.min_count:02d} hoạt động đã duyệt{window}"
    return f"chủ trì hoặc phối hợp ít nhất {target.min_count:02d} hoạt động đã duyệt{window}"


def _subject_condition(target: Target) -> str:
    if target.qualifier == Qualifier.PLATFORM_USE:
        return "có xác nhận sử dụng nền tảng số đã duyệt"
    if target.qualifier == Qualifier.HOUSEHOLD_CHECK:
        return "đạt kiểm tra đủ năm kỹ năng số cơ bản"
    return f"có tên trong ít nhất {target.min_sessions:02d} hoạt động đã duyệt"


def _worth_naming(groups: list[str], noun: str) -> list[str]:
    """Not "học sinh (học sinh)": a single group that the noun already names is left out."""
    return [] if len(groups) == 1 and groups[0].casefold().startswith(noun.casefold()) else groups


def _kinds_clause(target: Target, kinds: list[str]) -> str:
    """Of households the activities are the lower tier, told apart from the target (rule E2)."""
    if kinds and target.qualifier == Qualifier.HOUSEHOLD_CHECK:
        return f"; hộ mới được tiếp cận qua hoạt động{_listed(kinds)} thì tính riêng"
    return _listed(kinds)


def criterion_labels(target: Target, kind: str) -> list[str]:
    """The groups, unit kinds or activity kinds of a target as people read them, in the order of the vocabulary."""
    held = {row.value for row in target.criteria.all() if row.kind == kind}
    return [str(choice.label) for choice in VOCABULARIES[kind] if choice.value in held]


def _listed(labels: list[str]) -> str:
    return f" ({'; '.join(_lower_first(label) for label in labels)})" if labels else ""


def _lower_first(label: str) -> str:
    """A label inside a sentence: "Trường THCS" as "trường THCS"; one that starts with an abbreviation stays."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


@dataclass(frozen=True)
class RuleDifference:
    """One field in which two wordings of a target differ, as people read it; "" where there was nothing."""

    label: str
    before: str
    after: str


def rule_differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[RuleDifference]:
    """What changed from one stored wording of a target to the next (TargetVersion.definition, rule H6)."""
    return [
        RuleDifference(_rule_label(name), rule_value_text(name, before.get(name)), rule_value_text(name, value))
        for name, value in after.items()
        if value != before.get(name)
    ]


def rule_value_text(name: str, value: Any) -> str:
    """A stored value of a wording in words: 9000 of threshold_bp is "90%", ["PUPIL"] of groups "Học sinh"."""
    if name.endswith("_bp"):
        return percent_text(value or 0)
    if name in CRITERIA:
        known = VOCABULARIES[CRITERIA[name]]
        return "; ".join(str(known(one).label) for one in known.values if one in (value or []))
    if name == "fixed_on":
        return date_short(date.fromisoformat(value)) if value else ""
    choices = dict(Target._meta.get_field(name).flatchoices)  # type: ignore[union-attr]  # a plain field
    return str(choices.get(value, "" if value is None else value))


def _rule_label(name: str) -> str:
    if name in CRITERIA:
        return str(CriterionKind(CRITERIA[name]).label)
    return str(Target._meta.get_field(name).verbose_name).removesuffix(" (phần vạn)")  # type: ignore[union-attr]
