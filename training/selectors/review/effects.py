"""What a record would change, in plain counts. The official figures are the engine's; it stands to the right."""

from datetime import date

from django.db.models import Count, Exists, OuterRef, Q

from campaigns.choices import Group, RecordStatus
from campaigns.models import Exclusion, Headcount, ReviewedRecord
from hbs_portal.lib.text import date_short, number_text
from training.figure_effects import effects_of_approval
from training.models import Activity, Attendance, HouseholdCheck, PlatformUse, RunningTotal
from training.models.households import SKILL_FIELDS

NO_FIGURE = "Không con số nào của các chỉ tiêu thay đổi hôm nay."


def effects_of(record: ReviewedRecord) -> list[str]:
    """Sentences for the officer; a fixed number of queries whatever the length of the attendance list."""
    figures = effects_of_approval(record)
    if isinstance(record, Exclusion) and figures:
        figures.append("Số liệu chưa loại trừ vẫn giữ nguyên và luôn được trình bày bên cạnh.")
    told = [] if record.is_revision else _told_of(record)
    return [*told, *(figures or [NO_FIGURE])]


def _told_of(record: ReviewedRecord) -> list[str]:
    """What a first version says itself, before any figure."""
    if isinstance(record, Activity):
        return _of_activity(record)
    if isinstance(record, PlatformUse):
        return [f"{record.person} được ghi nhận đang dùng nền tảng số tại {record.unit}."]
    if isinstance(record, HouseholdCheck):
        return [_of_check(record)]
    if isinstance(record, RunningTotal):
        return [_of_total(record)]
    return [_of_headcount(record)] if isinstance(record, Headcount) else []


def _of_activity(activity: Activity) -> list[str]:
    present = _present(activity)
    sentences = [_named_sentence(group, *present[group]) for group in sorted(present, key=_order)]
    for row in activity.group_totals.all():
        unnamed = row.total - sum(present.get(row.group, (0, 0)))
        if unnamed > 0:
            label = row.get_group_display().lower()
            sentences.append(f"{number_text(unnamed)} {label} chỉ có số lượng: tính vào lượt, không tính vào người.")
    return sentences or ["Không có danh sách điểm danh: chỉ tính là một hoạt động của đơn vị."]


def _present(activity: Activity) -> dict[str, tuple[int, int]]:
    """Per group: how many are present for the first time in the campaign, and how many were covered before."""
    others = Attendance.objects.filter(
        commune_id=activity.commune_id,
        activity__campaign_id=activity.campaign_id,
        activity__status=RecordStatus.APPROVED,
    ).exclude(activity=activity)
    again = Exists(others.filter(person=OuterRef("person"))) | Exists(others.filter(household=OuterRef("household")))
    rows = Attendance.objects.filter(commune_id=activity.commune_id, activity=activity).annotate(again=again)
    found: dict[str, tuple[int, int]] = {}
    for group, came_before, count in rows.order_by().values_list("group", "again").annotate(Count("pk")):
        fresh, known = found.get(group, (0, 0))
        found[group] = (fresh, known + count) if came_before else (fresh + count, known)
    return found


def _order(group: str) -> int:
    return Group.values.index(group) if group in Group.values else len(Group.values)


def _named_sentence(group: str, fresh: int, known: int) -> str:
    if not group:
        return f"{number_text(fresh + known)} người ngoài danh sách các đơn vị: chỉ tính vào lượt."
    noun = "hộ" if group == Group.HOUSEHOLD else "người"
    label = Group(group).label.lower()
    return (
        f"{number_text(fresh + known)} {label} trong danh sách điểm danh, trong đó {number_text(fresh)} {noun} "
        "chưa từng có hoạt động được duyệt."
    )


def _of_check(check: HouseholdCheck) -> str:
    if check.is_passed:
        return "Hộ đủ năm kỹ năng: được tính là có hiểu biết cơ bản."
    return f"Hộ có {check.skill_count}/{len(SKILL_FIELDS)} kỹ năng: chưa được tính là có hiểu biết cơ bản."


def _of_total(record: RunningTotal) -> str:
    series = RunningTotal.objects.filter(
        commune_id=record.commune_id, target_id=record.target_id, unit_id=record.unit_id, group=record.group
    )
    before = series.filter(status=RecordStatus.APPROVED, as_of__lt=record.as_of).exclude(pk=record.pk)
    last = before.order_by("-as_of").values_list("value", "as_of").first()
    return f"Số luỹ kế của {record.unit}: {_step(last, record.value)}"


def _of_headcount(record: Headcount) -> str:
    series = Headcount.objects.filter(commune_id=record.commune_id, unit_id=record.unit_id, group=record.group)
    approved = Q(status=RecordStatus.APPROVED, effective_on__lt=record.effective_on)
    last = series.filter(approved).exclude(pk=record.pk).order_by("-effective_on")
    return f"Quy mô của {record.unit}: {_step(last.values_list('count', 'effective_on').first(), record.count)}"


def _step(last: tuple[int, date] | None, after: int) -> str:
    if last is None:
        return f"{number_text(after)}, số đầu tiên được duyệt."
    before, day = last
    change = f"{'+' if after >= before else '-'}{number_text(abs(after - before))}"
    return f"{number_text(before)} (ngày {date_short(day)}) thành {number_text(after)} ({change})."
