"""Targets of a plan: entered and changed by the office, never by a developer (kpi-rules.md)."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.audit import changed_only, field_values, record_audit
from accounts.models import User
from accounts.versions import save_if_unchanged
from campaigns.choices import DenominatorPolicy, Group, Operator, Qualifier, UnitKind
from campaigns.models import Campaign, Target, TargetCriterion, TargetVersion
from campaigns.models.campaign import CriterionKind
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.text import date_short

TARGET_FIELDS = (
    "code",
    "position",
    "clause",
    "short_name",
    "noun",
    "operator",
    "threshold_bp",
    "tolerance_bp",
    "qualifier",
    "min_sessions",
    "min_count",
    "window_days",
    "denominator_policy",
    "fixed_on",
)
#: Those that decide a figure: they make a target's version (rule H6).
RULE_FIELDS = (
    "clause",
    "operator",
    "threshold_bp",
    "tolerance_bp",
    "qualifier",
    "min_sessions",
    "min_count",
    "window_days",
    "denominator_policy",
    "fixed_on",
)
CRITERIA = {
    "groups": CriterionKind.GROUP,
    "unit_kinds": CriterionKind.UNIT_KIND,
    "activity_kinds": CriterionKind.ACTIVITY_KIND,
}
WHOLE_BP = 10_000
UNIT_QUALIFIERS = frozenset({Qualifier.HOSTED_ACTIVITY, Qualifier.TEAM_ACTIVITY})
#: Which rules look at a minimum at all: sessions of a person, activities of a unit.
MINIMUM_USERS: Mapping[str, tuple[Qualifier, ...]] = {
    "min_sessions": (Qualifier.ATTENDANCE,),
    "min_count": (Qualifier.HOSTED_ACTIVITY, Qualifier.TEAM_ACTIVITY),
}


@transaction.atomic
def create_target(*, actor: User, campaign: Campaign, **values: Any) -> Target:
    """A new target; `values` are TARGET_FIELDS and the three lists of CRITERIA. Raises ValidationError by field."""
    criteria = _split(values)
    check_target(**(values | criteria))
    target = Target.objects.create(campaign=campaign, **values)
    _write_criteria(target, criteria)
    record_version(target=target, actor=actor, effective_on=campaign.starts_on)
    after = target_state(target)
    record_audit(actor=actor, action="Thêm chỉ tiêu", target=target, after=after, commune_id=campaign.commune_id)
    return target


@transaction.atomic
def update_target(
    *,
    actor: User,
    target: Target,
    expected_version: int,
    effective_on: date | None = None,
    reason: str = "",
    **values: Any,
) -> Target:
    """Changes a target as a whole; a changed rule becomes its next version, in force from `effective_on` (rule H6).

    Without a day the change is a correction: it holds from the day on which the last version began. Raises
    StaleRecordError, or ValidationError by field (also for a day before that one).
    """
    criteria = _split(values)
    check_target(**(values | criteria))
    since = effective_on or last_effective_on(target)
    _refuse_earlier_than_last(target, since)
    before = target_state(Target.objects.get(pk=target.pk))
    for name, value in values.items():
        setattr(target, name, value)
    save_if_unchanged(target, expected_version=expected_version, fields=values)
    _write_criteria(target, criteria)
    record_version(target=target, actor=actor, effective_on=since, reason=reason)
    before, after = changed_only(before, target_state(target))
    commune_id = target.campaign.commune_id
    record_audit(actor=actor, action="Sửa chỉ tiêu", target=target, before=before, after=after, commune_id=commune_id)
    return target


def last_effective_on(target: Target) -> date:
    """The day from which the target's present wording holds (rule H6)."""
    last = target.versions.order_by("-number").values_list("effective_on", flat=True).first()
    return last or target.campaign.starts_on


def _refuse_earlier_than_last(target: Target, since: date) -> None:
    last = last_effective_on(target)
    if since < last:
        raise ValidationError(
            {"effective_on": f"Nội dung hiện nay áp dụng từ {date_short(last)}. Hãy chọn từ ngày đó trở đi."}
        )


def record_version(*, target: Target, actor: User | None, effective_on: date, reason: str = "") -> TargetVersion | None:
    """Keeps what the target says now as its next version (rule H6); None where its rule is that of the last one."""
    definition = rule_definition(target)
    last = TargetVersion.objects.filter(target=target).order_by("-number").first()
    if last is not None and last.definition == definition:
        return None
    return TargetVersion.objects.create(
        target=target,
        number=last.number + 1 if last else 1,
        effective_on=effective_on,
        recorded_on=local_today() if last else effective_on,
        recorded_by=actor,
        reason=reason,
        definition=definition,
    )


def rule_definition(target: Target) -> dict[str, Any]:
    """What decides the target's figures, as stored: RULE_FIELDS (days as ISO text) and sorted CRITERIA."""
    state = target_state(target)
    return {name: state[name] for name in (*RULE_FIELDS, *CRITERIA)}


def target_state(target: Target) -> dict[str, Any]:
    """Fields and criteria as stored, ready for JSON and for a form's initial values."""
    rows = list(TargetCriterion.objects.filter(target=target).order_by("pk").values_list("kind", "value"))
    lists = {name: sorted(value for kind, value in rows if kind == wanted) for name, wanted in CRITERIA.items()}
    return field_values(target, TARGET_FIELDS) | lists


def check_target(
    *,
    operator: str,
    qualifier: str,
    groups: Collection[str] = (),
    unit_kinds: Collection[str] = (),
    activity_kinds: Collection[str] = (),
    min_sessions: int = 1,
    min_count: int = 1,
    window_days: int | None = None,
    threshold_bp: int = 0,
    denominator_policy: str = DenominatorPolicy.AS_OF,
    **others: Any,
) -> None:
    """Raises ValidationError by field where a target lacks what its qualifier needs, or has what it cannot use."""
    errors = {
        "operator": _operator_error(operator, qualifier),
        "threshold_bp": _threshold_error(operator, threshold_bp),
        "groups": _groups_error(qualifier, set(groups)),
        "unit_kinds": _unit_kinds_error(qualifier, set(unit_kinds)),
        "activity_kinds": _activity_kinds_error(qualifier, set(activity_kinds)),
        "min_sessions": _unused_minimum_error("min_sessions", qualifier, min_sessions),
        "min_count": _unused_minimum_error("min_count", qualifier, min_count),
        "window_days": _window_error(qualifier, window_days),
        "denominator_policy": _policy_error(qualifier, denominator_policy),
    }
    found = {name: message for name, message in errors.items() if message}
    if found:
        raise ValidationError(found)


def _threshold_error(operator: str, threshold_bp: int) -> str:
    if operator == Operator.MORE_THAN and threshold_bp >= WHOLE_BP:
        return "Không thể vượt trên 100%. Hãy chọn “toàn bộ”, hoặc ghi ngưỡng nhỏ hơn 100%."
    return ""


def _operator_error(operator: str, qualifier: str) -> str:
    if qualifier in UNIT_QUALIFIERS and operator != Operator.EACH_UNIT:
        return "Điều kiện này tính theo đơn vị. Hãy chọn phép so sánh “mỗi đơn vị ít nhất”."
    if qualifier not in UNIT_QUALIFIERS and operator == Operator.EACH_UNIT:
        return "“Mỗi đơn vị ít nhất” chỉ dùng với hoạt động của đơn vị hoặc của tổ công nghệ số."
    return ""


def _groups_error(qualifier: str, groups: set[str]) -> str:
    if qualifier in UNIT_QUALIFIERS:
        return "Điều kiện này không tính theo nhóm. Hãy bỏ chọn các nhóm." if groups else ""
    if qualifier == Qualifier.HOUSEHOLD_CHECK:
        return "" if groups == {Group.HOUSEHOLD} else "Kiểm tra năm kỹ năng tính theo hộ. Hãy chỉ chọn “Hộ gia đình”."
    if Group.HOUSEHOLD in groups:
        return "“Hộ gia đình” chỉ dùng với kiểm tra năm kỹ năng. Hãy bỏ chọn."
    return "" if groups else "Hãy chọn ít nhất một nhóm được tính."


def _unit_kinds_error(qualifier: str, unit_kinds: set[str]) -> str:
    if not unit_kinds:
        return "Hãy chọn ít nhất một loại đơn vị."
    if qualifier in (Qualifier.HOUSEHOLD_CHECK, Qualifier.TEAM_ACTIVITY) and unit_kinds != {UnitKind.VILLAGE}:
        return "Điều kiện này chỉ có ở thôn. Hãy chỉ chọn “Thôn”."
    return ""


def _activity_kinds_error(qualifier: str, activity_kinds: set[str]) -> str:
    if qualifier in (Qualifier.ATTENDANCE, Qualifier.HOSTED_ACTIVITY):
        return "" if activity_kinds else "Hãy chọn ít nhất một loại hoạt động được tính."
    if qualifier == Qualifier.PLATFORM_USE and activity_kinds:
        return "Điều kiện này không tính theo hoạt động. Hãy bỏ chọn các loại hoạt động."
    return ""


def _unused_minimum_error(name: str, qualifier: str, value: int) -> str:
    """A number that decides nothing would still be printed with the rule."""
    if value == 1 or qualifier in MINIMUM_USERS[name]:
        return ""
    users = " hoặc ".join(f"“{Qualifier(one).label}”" for one in MINIMUM_USERS[name])
    return f"Số này chỉ dùng với điều kiện {users}. Hãy để là 1."


def _window_error(qualifier: str, window_days: int | None) -> str:
    if qualifier == Qualifier.TEAM_ACTIVITY:
        return "" if window_days else "Hãy ghi số ngày gần nhất được xét, ví dụ 90."
    return "Số ngày gần nhất chỉ dùng cho tổ công nghệ số. Hãy để trống." if window_days else ""


def _policy_error(qualifier: str, denominator_policy: str) -> str:
    """Rule C6 is about members; units that are counted themselves are those of the day (rule F1)."""
    if qualifier in UNIT_QUALIFIERS and denominator_policy != DenominatorPolicy.AS_OF:
        return f"Chỉ tiêu đếm đơn vị luôn lấy các đơn vị đang hoạt động. Hãy chọn “{DenominatorPolicy.AS_OF.label}”."
    return ""


def _split(values: dict[str, Any]) -> dict[str, Any]:
    """Takes the criteria out of the values."""
    return {name: list(values.pop(name, [])) for name in CRITERIA}


def _write_criteria(target: Target, criteria: dict[str, list[str]]) -> None:
    target.criteria.all().delete()
    TargetCriterion.objects.bulk_create(
        TargetCriterion(target=target, kind=CRITERIA[name], value=value)
        for name, values in criteria.items()
        for value in values
    )
