"""What a bulk approval would do, before it is done."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q

from accounts.models import AuditEntry, User
from campaigns.choices import Group
from campaigns.current import current_campaign
from campaigns.models import ReviewedRecord
from training.contradictions import approval_blocker, total_under_named
from training.models import Activity, Attendance, GroupTotal
from training.selectors.review.kinds import KINDS, ReviewKind, tokens_of
from training.workflow import SELF_APPROVAL_REFUSED

GONE = "Đã được người khác xử lý hoặc rút lại trong lúc này."


@dataclass
class BulkPlan:
    """Which of the chosen records will be approved, and which are left out with what reason."""

    records: dict[str, list[ReviewedRecord]] = field(default_factory=dict)
    left_out: Counter[tuple[str, str]] = field(default_factory=Counter)
    units: Counter[str] = field(default_factory=Counter)
    by_kind: Counter[str] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        return sum(len(records) for records in self.records.values())

    @property
    def tokens(self) -> list[str]:
        return tokens_of({slug: [record.pk for record in records] for slug, records in self.records.items()})

    @property
    def unit_lines(self) -> list[tuple[str, int]]:
        return sorted(self.units.items())

    @property
    def kind_lines(self) -> list[tuple[str, int]]:
        return list(self.by_kind.items())

    @property
    def left_out_lines(self) -> list[tuple[str, str, int]]:
        return [(label, reason, count) for (label, reason), count in self.left_out.items()]


def plan_bulk(*, user: User, chosen: dict[str, list[int]]) -> BulkPlan:
    """Sorts the chosen records ({kind: ids}) into those that this officer may approve and the rest (rule H3, B4)."""
    plan = BulkPlan()
    for kind in KINDS:
        ids = chosen.get(kind.slug, [])
        if ids:
            _plan_kind(plan, user, kind, ids)
    return plan


def _plan_kind(plan: BulkPlan, user: User, kind: ReviewKind, ids: list[int]) -> None:
    records = list(kind.visible_to(user).waiting().filter(pk__in=ids).order_by("pk"))
    missing = len(ids) - len(records)
    if missing:
        plan.left_out[(kind.label, GONE)] += missing
    own, blocked = _own(user, kind, records), _blocked(kind, records)
    for record in records:
        reason = SELF_APPROVAL_REFUSED if record.pk in own else blocked.get(record.pk)
        if reason:
            plan.left_out[(f"{kind.label}: {kind.unit_of(record)}", reason)] += 1
            continue
        plan.records.setdefault(kind.slug, []).append(record)
        plan.units[kind.unit_of(record).name] += 1
        plan.by_kind[kind.label] += 1


def _own(user: User, kind: ReviewKind, records: list[ReviewedRecord]) -> set[int]:
    """Rule H3 for many at once: those that this person entered, changed or sent."""
    campaign = current_campaign(user)
    if campaign and campaign.allows_self_approval:
        return set()
    touched = AuditEntry.objects.filter(
        Q(action__startswith="Sửa") | Q(action__startswith="Gửi duyệt"),
        actor=user,
        object_type=kind.model._meta.label,
        object_id__in=[record.pk for record in records],
    )
    entered = {record.pk for record in records if record.entered_by_id == user.pk}
    return entered | {pk for pk in touched.values_list("object_id", flat=True) if pk}


def _blocked(kind: ReviewKind, records: list[ReviewedRecord]) -> dict[int, str]:
    if kind.model is Activity:
        return _fewer_than_named([record.pk for record in records])
    if kind.is_grouped:
        return {}
    # Declared figures are few, and each is compared with its own series.
    return {record.pk: blocker for record in records if (blocker := approval_blocker(record))}


def _fewer_than_named(ids: Iterable[int]) -> dict[int, str]:
    """Rule D2 for many activities in two queries."""
    totals = GroupTotal.objects.filter(activity_id__in=ids).values_list("activity_id", "group", "total")
    rows = Attendance.objects.filter(activity_id__in=ids, group__in=Group.values).order_by()
    counted = rows.values_list("activity_id", "group").annotate(Count("pk"))
    named = {(activity, group): count for activity, group, count in counted}
    return {
        activity: total_under_named(group, total, named[activity, group])
        for activity, group, total in totals
        if total < named.get((activity, group), 0)
    }
