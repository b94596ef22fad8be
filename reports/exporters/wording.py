"""Figures as cells and words of an issued table: words instead of signs, the hyphen instead of the dash."""

from decimal import Decimal

from campaigns.choices import DenominatorPolicy, Operator
from campaigns.models import Target
from campaigns.wording import describe_threshold
from hbs_portal.lib.sheets.styles import CellValue
from hbs_portal.lib.text import date_short, number_text
from reports.progress import Cell, CellState, TargetProgress, TargetRule, Verdict
from reports.progress.numbers import floor_percent, shown_decimals
from reports.progress.results import Adjusted

NOT_APPLICABLE = "-"


def numerator_value(cell: Cell) -> CellValue:
    """n as a number; empty where nothing was reported (rule B1), "-" where the target does not apply (B2)."""
    return NOT_APPLICABLE if cell.state == CellState.NOT_APPLICABLE else cell.n


def denominator_value(cell: Cell) -> CellValue:
    """d as a number; empty where it is unknown (rule B3), "-" where the target does not apply (B2)."""
    return NOT_APPLICABLE if cell.state == CellState.NOT_APPLICABLE else cell.d


def percent_value(cell: Cell, rule: TargetRule) -> CellValue:
    """The fraction rounded down to the decimals that tell the truth (A2, A3), else the state as a word."""
    if cell.state == CellState.NOT_APPLICABLE:
        return NOT_APPLICABLE
    if not cell.has_value or cell.n is None:
        return cell.state.label
    return percent_fraction(cell.n, cell.d, rule) if cell.d else NOT_APPLICABLE


def percent_fraction(n: int, d: int, rule: TargetRule | None = None) -> Decimal:
    """1799 of 2000 as Decimal("0.899"): the value itself is rounded down, so that no format can round it up."""
    return floor_percent(n, d, shown_decimals(n, d, rule)).scaleb(-2)


def verdict_word(cell: Cell) -> str:
    """ "Đạt", "Xấp xỉ", "Chưa đạt"; a figure without a value says why."""
    return cell.verdict.label if cell.has_value else cell.state.label


def plan_word(target: Target) -> str:
    """What the plan asks for, with its tolerance (rule A6): "Trên 90%", "Mỗi trường ít nhất 01 hoạt động"."""
    if target.operator == Operator.EACH_UNIT:
        return f"Mỗi {target.noun} ít nhất {target.min_count:02d} hoạt động"
    words = describe_threshold(target.operator, target.threshold_bp, target.tolerance_bp)
    return words[0].upper() + words[1:]


def remarks(target: Target, figures: TargetProgress) -> list[str]:
    """What must be known beside a commune figure, each a sentence; nothing for a figure that stands by itself."""
    found = (
        _excess(figures.commune),
        partial_remark(figures),
        _gap(target, figures.commune),
        _provisional(target, figures.commune),
        _range(target, figures.commune),
        _second_tier(figures),
        _change(target, figures),
        declared_remark(figures.commune),
        adjusted_remark(figures.commune),
        f"Mẫu số: {denominator_words(target)}.",
    )
    return [sentence for sentence in found if sentence]


def _excess(cell: Cell) -> str:
    """Rule B4: never cut, always said."""
    return f"{cell.percent or cell.n} - tử số vượt mẫu số, phải kiểm tra lại." if cell.is_over else ""


def partial_remark(figures: TargetProgress) -> str:
    """Rule B3: a partial figure says so."""
    return f"Mới có {figures.partial_note}." if figures.is_partial else ""


def _gap(target: Target, cell: Cell) -> str:
    """Rule A5: the gap in people."""
    return f"Cần thêm {number_text(cell.missing)} {target.noun}." if cell.missing else ""


def _provisional(target: Target, cell: Cell) -> str:
    """Rule H1: what waits is shown apart."""
    if not cell.waiting or cell.provisional_n is None:
        return ""
    figure = number_text(cell.provisional_n)
    if cell.d:
        figure += f"/{number_text(cell.d)} ({cell.provisional_percent})"
    return f"Tạm tính {figure} khi duyệt thêm {number_text(cell.waiting)} {target.noun}."


def _range(target: Target, cell: Cell) -> str:
    """Rule D1: heads without names are never added, they leave a range."""
    if not cell.unnamed or cell.possible_max is None or cell.possible_max == cell.n:
        return ""
    return (
        f"Chưa định danh {number_text(cell.unnamed)} lượt, không cộng vào; "
        f"khoảng có thể {number_text(cell.n or 0)}-{number_text(cell.possible_max)} {target.noun}."
    )


def _second_tier(figures: TargetProgress) -> str:
    """Rule E2: "merely reached" is a tier apart; nobody at all is only told where something was reported (B1)."""
    tier = figures.second_tier
    is_told = tier and tier.d and (tier.n or figures.commune.has_value)
    return f"Đã tiếp cận {tier.text}, chỉ để tham khảo." if tier and is_told else ""


def _change(target: Target, figures: TargetProgress) -> str:
    """Target K6: the change against the window before."""
    if figures.previous_n is None or figures.commune.n is None:
        return ""
    change = figures.commune.n - figures.previous_n
    words = f"tăng {change}" if change > 0 else f"giảm {-change}" if change else "không đổi"
    return f"{target.window_days} ngày liền trước: {figures.previous_n} {target.noun} ({words})."


def declared_remark(cell: Cell) -> str:
    """How much of a figure was declared, not listed (kpi-rules.md, "Declared figures")."""
    if not cell.declared_d and not cell.declared_n:
        return ""
    return f"Trong đó khai báo {number_text(cell.declared_n)}/{number_text(cell.declared_d)}."


def adjusted_remark(cell: Cell) -> str:
    """Rule C8: the figure without who is excluded, with its own verdict."""
    return f"Không tính người được loại trừ: {figure_with_verdict(cell.adjusted)}." if cell.adjusted else ""


def figure_with_verdict(figure: Cell | Adjusted) -> str:
    """ "45/49 (91,8%) (đã loại trừ 1), đạt"; without a word where no verdict is possible."""
    verdict = f", {figure.verdict.label.lower()}" if figure.verdict != Verdict.NONE else ""
    return f"{figure.text}{verdict}"


def denominator_words(target: Target) -> str:
    """Rule C6: who belongs to the counted set, as the report prints it."""
    policy = DenominatorPolicy(target.denominator_policy)
    if target.operator == Operator.EACH_UNIT:
        return "các đơn vị đang hoạt động tại ngày lấy số liệu"
    if policy == DenominatorPolicy.FIXED and target.fixed_on:
        return f"chốt theo danh sách ngày {date_short(target.fixed_on)}"
    words = str(policy.label)
    return words[0].lower() + words[1:]


def figure_in_short(cell: Cell) -> str:
    """A figure among others in one line: "94,5% (đạt)", "chưa báo cáo"."""
    word = verdict_word(cell).lower()
    return f"{cell.percent} ({word})" if cell.has_value and cell.percent else word
