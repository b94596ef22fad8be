"""The figure as a sentence, and its rule in plain words."""

from collections.abc import Iterable

from django.db.models import TextChoices

from campaigns.choices import ActivityKind, DenominatorPolicy, Group, Qualifier, UnitKind
from campaigns.models import Target
from campaigns.wording import describe_threshold
from hbs_portal.lib.text import date_short
from reports.pages.explanation.question import Question
from reports.progress import Cell, CellState, TargetProgress, TargetRule
from reports.progress.numbers import grouped
from reports.selectors.subjects.versions import version_of


def sentence(question: Question) -> str:
    """ "2.690 trong 3.000 học sinh đã được trang bị kỹ năng số, tính đến 31/10/2026"; or what is known instead."""
    target, cell = question.target, question.cell
    day = date_short(question.reading.clocks.as_of)
    place = question.unit.name if question.unit else "Toàn xã"
    if cell.state == CellState.NOT_APPLICABLE:
        return f"{place}: chỉ tiêu này không áp dụng vào ngày {day}."
    if cell.n is None:
        known = f"trong số {grouped(cell.d)} {target.noun} " if cell.d else ""
        return f"{place}: {known}chưa có gì được duyệt đến ngày {day}."
    if question.unit and question.rule.counts_units:
        return f"{place}: {'đã có' if cell.n else 'chưa có'} hoạt động được tính cho chỉ tiêu này, tính đến {day}."
    what = _done(target)
    if cell.d is None:
        return f"{place}: {grouped(cell.n)} {what}, tính đến {day}; chưa biết tổng số {target.noun}."
    lead = f"{place}: " if question.unit else ""
    return f"{lead}{grouped(cell.n)} trong {grouped(cell.d)} {what}, tính đến {day}."


def _done(target: Target) -> str:
    """The short name as what was reached: "Học sinh được trang bị…" is "học sinh đã được trang bị…"."""
    return _inside(target.short_name).replace(" được ", " đã được ", 1)


def _inside(label: str) -> str:
    """A label inside a sentence; one that starts with an abbreviation keeps its capitals."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def rule_in_words(question: Question) -> tuple[tuple[str, str], ...]:
    """Label and text of each part of the rule: who, what, how much, when, out of whom."""
    target, rule = question.target, question.rule
    return (
        ("Mức phải đạt", _threshold(target)),
        ("Ai được tính", _who(rule)),
        ("Khi nào được tính", _condition(target, rule)),
        ("Thời điểm", _clocks(question)),
        ("Mẫu số", _denominator(question)),
        ("Người được loại trừ", _excluded(question)),
        ("Bản ghi chờ duyệt", "Chỉ tính vào số tạm tính; bản nháp và bản bị trả lại không tính vào số nào."),
        ("Phiên bản quy tắc", _version(question)),
    )


def _threshold(target: Target) -> str:
    text = describe_threshold(target.operator, target.threshold_bp, target.tolerance_bp)
    return text[:1].upper() + text[1:]


def _who(rule: TargetRule) -> str:
    units = _labels(UnitKind, rule.unit_kinds)
    if rule.counts_units:
        return f"Từng đơn vị đang hoạt động: {units}."
    if rule.qualifier == Qualifier.HOUSEHOLD_CHECK:
        return "Hộ gia đình của các thôn; mỗi hộ tính một lần, dù tham gia qua nhiều kênh."
    return f"{_labels(Group, rule.groups).capitalize()} của: {units}. Mỗi người tính một lần."


def _labels(vocabulary: type[TextChoices], values: Iterable[str]) -> str:
    held = set(values)
    return "; ".join(_inside(str(choice.label)) for choice in vocabulary if choice.value in held)


def _condition(target: Target, rule: TargetRule) -> str:
    kinds = _labels(ActivityKind, rule.activity_kinds)
    match rule.qualifier:
        case Qualifier.PLATFORM_USE:
            return "Có xác nhận sử dụng nền tảng số đã được duyệt; dự một lớp tập huấn chưa chứng tỏ là đang sử dụng."
        case Qualifier.HOUSEHOLD_CHECK:
            return "Có bản kiểm tra đã duyệt, trong đó ít nhất một người của hộ có đủ năm kỹ năng số cơ bản."
        case Qualifier.HOSTED_ACTIVITY:
            return f"Chủ trì hoặc phối hợp ít nhất {target.min_count:02d} hoạt động đã duyệt: {kinds}."
        case Qualifier.TEAM_ACTIVITY:
            window = f" trong {target.window_days} ngày gần nhất" if target.window_days else ""
            return f"Tổ công nghệ số cộng đồng đang hoạt động và có ít nhất {target.min_count:02d} hoạt động{window}."
    return f"Có tên trong ít nhất {target.min_sessions:02d} hoạt động đã duyệt: {kinds}."


def _clocks(question: Question) -> str:
    clocks = question.reading.clocks
    return (
        f"Diễn ra đến hết ngày {date_short(clocks.as_of)} và được duyệt đến hết ngày {date_short(clocks.approved_by)}."
    )


def _denominator(question: Question) -> str:
    """Rule C6 in words, with the day on which it counts."""
    rule, day = question.rule, date_short(question.reading.clocks.as_of)
    if rule.counts_units:
        return f"Các đơn vị đang hoạt động vào ngày {day}."
    subjects = "Các hộ" if rule.qualifier == Qualifier.HOUSEHOLD_CHECK else "Người"
    first, last = question.reading.facts.span_of(rule)
    if rule.denominator_policy == DenominatorPolicy.FIXED:
        return f"Chốt theo danh sách ngày {date_short(last)}; ai đến hoặc đi sau ngày đó không làm thay đổi mẫu số."
    if rule.denominator_policy == DenominatorPolicy.EVER:
        return f"{subjects} từng có trong danh sách từ {date_short(first)} đến {date_short(last)}, kể cả đã rời đi."
    if rule.qualifier == Qualifier.HOUSEHOLD_CHECK:
        return f"{subjects} có trong danh sách của thôn vào ngày {day}."
    return f"{subjects} có trong danh sách vào ngày {day}; ai đã rời đi thì không tính ở cả tử số lẫn mẫu số."


def _version(question: Question) -> str:
    """Rule H6: which wording of the rule this figure was read by, and since when it holds."""
    rule = question.rule
    version = version_of(question.target, rule.version)
    if version is None or rule.effective_on is None:
        return "Như khi ban hành kế hoạch; chưa thay đổi lần nào."
    reason = f" Lý do thay đổi: {version.reason}" if version.reason else ""
    return f"Phiên bản {rule.version}, áp dụng từ {date_short(rule.effective_on)}.{reason}"


def _excluded(question: Question) -> str:
    if not question.rule.counts_people:
        return "Chỉ tiêu này không đếm người nên không có loại trừ."
    return (
        "Số chính luôn gồm cả người được loại trừ (nghỉ thai sản, biệt phái …); "
        "số không tính những người đó được ghi ngay bên cạnh, kèm kết luận riêng."
    )


def reconciliation(figure: TargetProgress) -> str:
    """Units against the commune (rule C7): "60 + 45 = 105; toàn xã 103; trùng giữa đơn vị: 2"."""
    if not figure.overlap_n or figure.commune.n is None:
        return ""
    parts = [row.cell.n for row in figure.units if row.cell.n and row.cell.d is not None]
    total = figure.commune.n + figure.overlap_n
    added = " + ".join(map(grouped, parts)) if len(parts) <= 4 else "Cộng các đơn vị"
    return f"{added} = {grouped(total)}; toàn xã {grouped(figure.commune.n)}; trùng giữa đơn vị: {figure.overlap_n}"


def numbers(question: Question) -> tuple[tuple[str, str, str], ...]:
    """The numbers beside the figure: label, number, note."""
    rule, cell = question.rule, question.cell
    if rule.counts_units:
        return _unit_numbers(question)
    if rule.qualifier == Qualifier.PLATFORM_USE:
        return (("Người đã xác nhận", _number(cell.n), "mỗi người một lần"),)
    is_household = rule.qualifier == Qualifier.HOUSEHOLD_CHECK
    subject, note = ("Hộ đạt kiểm tra", "mỗi hộ một lần") if is_household else ("Người được tính", "mỗi người một lần")
    return (
        ("Lượt", grouped(cell.attendances), "cộng mọi lần tham gia"),
        (subject, _number(cell.n), note),
        ("Chưa định danh", grouped(cell.unnamed), _range(cell)),
    )


def _unit_numbers(question: Question) -> tuple[tuple[str, str, str], ...]:
    if question.unit:
        return (("Lượt", grouped(question.cell.attendances), "người có tên trong các hoạt động đơn vị chủ trì"),)
    activities = ("Hoạt động được tính", grouped(question.figure.activities), "hoạt động chung tính một lần")
    return (("Đơn vị được tính", _number(question.cell.n), ""), activities)


def _number(n: int | None) -> str:
    return "-" if n is None else grouped(n)


def _range(cell: Cell) -> str:
    """ "khoảng có thể 2.690-2.810" (rule D1)."""
    if not cell.unnamed or cell.n is None or cell.possible_max is None:
        return "có mặt nhưng không có tên"
    return f"khoảng có thể {grouped(cell.n)}-{grouped(cell.possible_max)}"
