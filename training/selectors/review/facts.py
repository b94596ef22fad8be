"""What a record says, as label and value, for reading it and for comparing two of its versions."""

from django.db.models import Count

from campaigns.models import Exclusion, Headcount, ReviewedRecord
from hbs_portal.lib.text import date_short, number_text
from training.models import Activity, HouseholdCheck, PlatformUse, RunningTotal
from training.models.households import SKILL_FIELDS

Facts = list[tuple[str, str]]


def heading_of(record: ReviewedRecord) -> str:
    """What stands over the page of a record."""
    if isinstance(record, Activity):
        return record.title
    if isinstance(record, PlatformUse):
        return f"{record.person}: xác nhận dùng nền tảng số"
    if isinstance(record, HouseholdCheck):
        return f"Kiểm tra hộ {record.household}"
    if isinstance(record, Exclusion):
        return f"Loại trừ khỏi chỉ tiêu: {record.person}"
    return f"Số luỹ kế {record.target.code}" if isinstance(record, RunningTotal) else "Quy mô khai báo"


def facts_of(record: ReviewedRecord) -> Facts:
    """Every field that people read, empty ones too; a fixed number of queries."""
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
    return _exclusion_facts(record) if isinstance(record, Exclusion) else []


def _exclusion_facts(record: Exclusion) -> Facts:
    until = date_short(record.ends_on) if record.ends_on else "Chưa có ngày kết thúc"
    return [
        ("Người", record.person.full_name),
        ("Đơn vị", record.unit.name),
        ("Lý do", record.get_reason_display()),
        ("Từ ngày", date_short(record.starts_on)),
        ("Đến hết ngày", until),
        ("Chỉ tiêu", str(record.target or "Mọi chỉ tiêu tính theo người")),
        ("Căn cứ, ghi chú", record.note),
    ]


def _declared_facts(record: RunningTotal | Headcount) -> Facts:
    return [("Đơn vị", record.unit.name), ("Nhóm", record.get_group_display())]


def _check_facts(check: HouseholdCheck) -> Facts:
    skills = [(_label(check, name), "Làm được" if getattr(check, name) else "Chưa làm được") for name in SKILL_FIELDS]
    place = ", ".join(filter(None, [check.household.village.name, check.household.address]))
    member = ("Ai được kiểm tra", str(check.member or ""))
    return [("Thôn", place), ("Ngày kiểm tra", date_short(check.checked_on)), member, *skills, ("Ghi chú", check.note)]


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
