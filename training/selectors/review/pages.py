"""One record on one screen: what it says, what it would change, what to look at twice, what proves it."""

from dataclasses import dataclass, field

from django.db.models import Count

from accounts.models import User
from campaigns.current import current_campaign
from campaigns.models import Headcount, ReviewedRecord, Unit
from hbs_portal.lib.text import date_short, number_text
from training.contradictions import approval_blocker
from training.models import Activity, Evidence, HouseholdCheck, PlatformUse, RunningTotal
from training.models.households import SKILL_FIELDS
from training.selectors.review.effects import effects_of
from training.selectors.review.kinds import ReviewKind
from training.selectors.review.warnings import warnings_of
from training.workflow import SELF_APPROVAL_REFUSED, can_undo, has_hand_in

Facts = list[tuple[str, str]]


@dataclass(frozen=True)
class ReviewPage:
    """Everything that the template shows; `refusal` is why this person may not approve it now."""

    kind: ReviewKind
    record: ReviewedRecord
    unit: Unit
    heading: str
    facts: Facts = field(default_factory=list)
    effects: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    refusal: str = ""
    may_undo: bool = False
    evidence: list[Evidence] = field(default_factory=list)


def review_page(*, user: User, kind: ReviewKind, record: ReviewedRecord) -> ReviewPage:
    """The page of one record; a fixed number of queries."""
    is_waiting = record.is_waiting
    return ReviewPage(
        kind=kind,
        record=record,
        unit=kind.unit_of(record),
        heading=_heading(record),
        facts=[(label, value) for label, value in [*_facts(record), *_steps(record)] if value],
        effects=effects_of(record) if is_waiting else [],
        warnings=warnings_of(kind, record),
        refusal=_refusal(user, record) if is_waiting else "",
        may_undo=can_undo(user, record),  # type: ignore[arg-type]  # one of the five kinds
        evidence=list(record.evidence.all()) if isinstance(record, Activity) else [],
    )


def _refusal(user: User, record: ReviewedRecord) -> str:
    campaign = current_campaign(user)
    if has_hand_in(user, record) and not (campaign and campaign.allows_self_approval):  # type: ignore[arg-type]
        return SELF_APPROVAL_REFUSED
    return approval_blocker(record) or ""


def _heading(record: ReviewedRecord) -> str:
    if isinstance(record, Activity):
        return record.title
    if isinstance(record, PlatformUse):
        return f"{record.person}: xác nhận dùng nền tảng số"
    if isinstance(record, HouseholdCheck):
        return f"Kiểm tra hộ {record.household}"
    return f"Số luỹ kế {record.target.code}" if isinstance(record, RunningTotal) else "Quy mô khai báo"


def _steps(record: ReviewedRecord) -> Facts:
    return [
        ("Người nhập", str(record.entered_by)),
        ("Gửi duyệt ngày", date_short(record.submitted_on) if record.submitted_on else ""),
        ("Tự duyệt", "Có" if record.self_approved else ""),
    ]


def _facts(record: ReviewedRecord) -> Facts:
    if isinstance(record, Activity):
        return _activity_facts(record)
    if isinstance(record, PlatformUse):
        platforms = ", ".join(platform.name for platform in record.platforms.all())
        day = date_short(record.confirmed_on)
        return [("Đơn vị", record.unit.name), ("Ngày xác nhận", day), ("Nền tảng", platforms)]
    if isinstance(record, HouseholdCheck):
        return _check_facts(record)
    if isinstance(record, RunningTotal):
        return [
            ("Chỉ tiêu", str(record.target)),
            *_declared_facts(record),
            ("Luỹ kế đến ngày", date_short(record.as_of)),
            ("Số luỹ kế", number_text(record.value)),
            ("Ghi chú", record.note),
        ]
    if isinstance(record, Headcount):
        return [
            *_declared_facts(record),
            ("Có hiệu lực từ ngày", date_short(record.effective_on)),
            ("Số lượng", number_text(record.count)),
            ("Ghi chú", record.note),
        ]
    return []


def _declared_facts(record: RunningTotal | Headcount) -> Facts:
    return [("Đơn vị", record.unit.name), ("Nhóm", record.get_group_display())]


def _check_facts(check: HouseholdCheck) -> Facts:
    skills = [(_label(check, name), "Làm được" if getattr(check, name) else "Chưa làm được") for name in SKILL_FIELDS]
    place = ", ".join(filter(None, [check.household.village.name, check.household.address]))
    return [("Thôn", place), ("Ngày kiểm tra", date_short(check.checked_on)), *skills, ("Ghi chú", check.note)]


def _label(check: HouseholdCheck, name: str) -> str:
    return str(check._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # a plain field


def _activity_facts(activity: Activity) -> Facts:
    days = [date_short(day) for day in dict.fromkeys((activity.starts_on, activity.ends_on))]
    return [
        ("Loại", activity.get_kind_display()),
        ("Ngày", " - ".join(days)),
        ("Đơn vị chủ trì", activity.host.name),
        ("Đơn vị phối hợp", ", ".join(str(unit) for unit in activity.co_hosts.all())),
        ("Tổ thực hiện", str(activity.team or "")),
        ("Có mặt", _present(activity)),
        ("Chủ đề", ", ".join(str(topic) for topic in activity.topics.all())),
        ("Hình thức", activity.get_channel_display()),
        ("Địa điểm", activity.place),
        ("Người hướng dẫn", activity.trainer),
        ("Người cao tuổi được hỗ trợ", _count(activity.elderly_count)),
        ("Người khó khăn được hỗ trợ", _count(activity.disadvantaged_count)),
        ("Tình nguyện viên", _count(activity.volunteer_count)),
        ("Ghi chú", activity.note),
    ]


def _count(number: int) -> str:
    return number_text(number) if number else ""


def _present(activity: Activity) -> str:
    """By class where there are classes: "4A: 33; 4B: 30"."""
    rows = activity.attendances.filter(commune_id=activity.commune_id).order_by("class_name")
    counts = list(rows.values_list("class_name").annotate(Count("pk")))
    if [name for name, _ in counts] == [""]:
        return number_text(counts[0][1])
    return "; ".join(f"{name or 'Không theo lớp'}: {number_text(count)}" for name, count in counts)
