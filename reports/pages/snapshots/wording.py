"""Reasons and rules in plain Vietnamese."""

from collections.abc import Callable, Iterable

from django.db.models import TextChoices

from campaigns.choices import ActivityKind, DenominatorPolicy, Group, Qualifier, UnitKind
from campaigns.wording import describe_threshold
from hbs_portal.lib.text import date_short
from reports.progress import Cell, TargetRule
from reports.progress.facts import UnitFact
from reports.progress.numbers import grouped
from reports.snapshots.asides import Aside, AsideKind
from reports.snapshots.content import RecordKind
from reports.snapshots.makeup import SubjectKind
from reports.snapshots.reasons import ReasonKind

GONE = "không còn trong danh sách"
REASONS = {
    ReasonKind.JOINED: "Vào danh sách",
    ReasonKind.LEFT: "Ra khỏi danh sách",
    ReasonKind.MOVED_IN: "Chuyển đến từ đơn vị khác",
    ReasonKind.MOVED_OUT: "Chuyển sang đơn vị khác",
    ReasonKind.GROUP_CHANGED: "Đổi nhóm",
    ReasonKind.SPLIT_OFF: "Hộ mới tách ra",
    ReasonKind.MERGED: "Hai hồ sơ của một người được nhập lại",
    ReasonKind.NEWLY_COVERED: "Mới được tính",
    ReasonKind.REVISED: "Bản ghi đã duyệt được sửa và duyệt lại",
    ReasonKind.NAMED_LATER: "Được tính thêm theo bản ghi đã có",
    ReasonKind.WITHDRAWN: "Bản ghi bị rút duyệt",
    ReasonKind.UNDONE: "Quyết định duyệt được hoàn tác",
    ReasonKind.NAME_REMOVED: "Không còn tên trong bản ghi",
    ReasonKind.BEYOND_CLOCKS: "Nằm sau ngày lấy số liệu",
    ReasonKind.WINDOW_MOVED: "Khoảng thời gian xét đã dời sang ngày khác",
    ReasonKind.TEAM_FOUNDED: "Tổ công nghệ số bắt đầu hoạt động",
    ReasonKind.TEAM_DISSOLVED: "Tổ công nghệ số thôi hoạt động",
    ReasonKind.INHERITED: "Hoạt động của đơn vị trước khi hợp nhất",
    ReasonKind.UNIT_OPENED: "Đơn vị bắt đầu hoạt động",
    ReasonKind.UNIT_CLOSED: "Đơn vị kết thúc hoạt động",
    ReasonKind.UNITS_MERGED: "Hợp nhất đơn vị",
    ReasonKind.SOURCE_SWITCHED: "Đổi nguồn số liệu",
    ReasonKind.DENOMINATOR_KNOWN: "Đơn vị đã có mẫu số",
    ReasonKind.DENOMINATOR_LOST: "Đơn vị không còn mẫu số",
    ReasonKind.DECLARED_NEW: "Số khai báo mới",
    ReasonKind.DECLARED_CORRECTED: "Đính chính số khai báo",
    ReasonKind.EXCLUDED: "Được loại trừ (chỉ đổi số sau loại trừ)",
    ReasonKind.EXCLUSION_ENDED: "Hết loại trừ (chỉ đổi số sau loại trừ)",
    ReasonKind.RULE_CHANGED: "Quy tắc của chỉ tiêu thay đổi",
    ReasonKind.NO_LONGER: "Không còn được tính",
    ReasonKind.OFFICIAL: "Số chính thức thay đổi",
    ReasonKind.WAITING: "Số chờ duyệt thay đổi",
    ReasonKind.UNEXPLAINED: "Chưa giải thích được",
}
ASIDES = {
    AsideKind.ATTENDANCES: "Lượt",
    AsideKind.UNNAMED: "Chưa định danh",
    AsideKind.ACTIVITIES: "Số hoạt động",
    AsideKind.PROVISIONAL: "Số tạm tính",
    AsideKind.SECOND_TIER: "Số hộ được tiếp cận",
}
RECORDS = {
    RecordKind.ACTIVITY: "Hoạt động",
    RecordKind.PLATFORM_USE: "Xác nhận sử dụng nền tảng số",
    RecordKind.HOUSEHOLD_CHECK: "Kiểm tra hộ",
    RecordKind.HEADCOUNT: "Quy mô khai báo",
    RecordKind.RUNNING_TOTAL: "Số luỹ kế khai báo",
    RecordKind.EXCLUSION: "Loại trừ",
}
SUBJECTS = {
    SubjectKind.PERSON: "Họ và tên",
    SubjectKind.HOUSEHOLD: "Chủ hộ",
    SubjectKind.UNIT: "Đơn vị",
}


def reason_label(kind: ReasonKind, *, is_adjustment: bool) -> str:
    """ "Mới được tính (điều chỉnh kỳ trước)": the day it concerns was covered by the older figures already (G8)."""
    return f"{REASONS[kind]} (điều chỉnh kỳ trước)" if is_adjustment else REASONS[kind]


def aside_text(aside: Aside) -> str:
    """ "Lượt: 120 → 155 (Mới được tính +35)": together the parts are the difference."""
    parts = "; ".join(f"{REASONS[kind]} {signed(number)}" for kind, number in aside.parts)
    return f"{ASIDES[aside.kind]}: {grouped(aside.before)} → {grouped(aside.after)} ({parts})"


def signed(number: int) -> str:
    """ "+12", "-3"; "0" stays as it is."""
    return f"+{grouped(number)}" if number > 0 else grouped(number)


def figure_text(cell: Cell | None) -> str:
    return cell.text if cell else "Không có đơn vị này"


def gone_text(kind: SubjectKind, subject_id: int) -> str:
    """Somebody whose entry is not in the lists any more: the number alone is what was frozen."""
    noun = "Hộ" if kind == SubjectKind.HOUSEHOLD else "Người"
    return f"{noun} số {subject_id} ({GONE})"


def rule_changes(old: TargetRule | None, new: TargetRule | None) -> tuple[tuple[str, str, str], ...]:
    """What of a rule differs: label, before, after."""
    if old is None or new is None:
        return (("Chỉ tiêu", "Không có" if old is None else "Có", "Không có" if new is None else "Có"),)
    rows = ((label, say(old), say(new)) for label, say in _PARTS)
    return tuple((label, before or "Không có", after or "Không có") for label, before, after in rows if before != after)


def rule_rows(rule: TargetRule) -> tuple[tuple[str, str], ...]:
    """The rule as it was in force, label and text."""
    return tuple((label, text) for label, say in _PARTS if (text := say(rule)))


def _labels(kind: type[TextChoices], values: Iterable[str]) -> str:
    held = set(values)
    return "; ".join(str(choice.label) for choice in kind if choice.value in held)


def _policy(rule: TargetRule) -> str:
    label = str(DenominatorPolicy(rule.denominator_policy).label)
    fixed = rule.fixed_on if rule.denominator_policy == DenominatorPolicy.FIXED else None
    return f"{label} ({date_short(fixed)})" if fixed else label


_PARTS: tuple[tuple[str, Callable[[TargetRule], str]], ...] = (
    ("Kế hoạch ghi", lambda rule: rule.clause),
    ("Mức cần đạt", lambda rule: describe_threshold(rule.operator, rule.threshold_bp, rule.tolerance_bp)),
    ("Điều kiện được tính", lambda rule: str(Qualifier(rule.qualifier).label)),
    ("Nhóm đối tượng", lambda rule: _labels(Group, rule.groups)),
    ("Loại đơn vị", lambda rule: _labels(UnitKind, rule.unit_kinds)),
    ("Loại hoạt động được tính", lambda rule: _labels(ActivityKind, rule.activity_kinds)),
    ("Số buổi ít nhất", lambda rule: str(rule.min_sessions) if rule.counts_people else ""),
    ("Số hoạt động ít nhất", lambda rule: str(rule.min_count) if rule.counts_units else ""),
    ("Trong số ngày gần nhất", lambda rule: str(rule.window_days or "")),
    ("Mẫu số", _policy),
)


def place_of(unit: UnitFact | None) -> str:
    return unit.name if unit else "Toàn xã"
