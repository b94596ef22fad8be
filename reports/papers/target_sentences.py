"""One target of the commune in sentences: every number is the engine's, no state is passed over in silence."""

from collections.abc import Iterator, Sequence

from campaigns.choices import Operator
from campaigns.models import Target
from campaigns.wording import describe_threshold
from hbs_portal.lib.text import number_text
from reports.exporters.wording import denominator_words
from reports.papers.grammar import moved, sentence, some
from reports.progress import Cell, CellState, TargetProgress, UnitCell, Verdict


def target_sentences(target: Target, figures: TargetProgress, since: str = "") -> list[str]:
    """The result, what moved (`since`), then what must be known beside it (A5, A6, B1-B4, C6-C8, D1, E2, H1); each a
    whole sentence."""
    found = (
        result_sentence(target, figures),
        since,
        missing_sentence(target, figures),
        partial_sentence(figures),
        not_reported_sentence(figures),
        provisional_sentence(target, figures.commune),
        adjusted_sentence(target, figures.commune),
        unnamed_sentence(target, figures.commune),
        declared_sentence(target, figures.commune),
        second_tier_sentence(target, figures),
        change_sentence(target, figures),
    )
    return [sentence(text) for text in found if text]


def goal_words(target: Target) -> str:
    """ "trên 90%", "khoảng 70% (sai số 5%)", "mỗi trường ít nhất 01 hoạt động"."""
    if target.operator == Operator.EACH_UNIT:
        return f"mỗi {target.noun} ít nhất {target.min_count:02d} hoạt động"
    if target.operator == Operator.ALL:
        return "100%"
    return describe_threshold(target.operator, target.threshold_bp, target.tolerance_bp)


def result_sentence(target: Target, figures: TargetProgress) -> str:
    """ "đạt 92,0% (46/50 người), vượt chỉ tiêu trên 90%"; a figure without a value says which state it is in."""
    cell = figures.commune
    if cell.state == CellState.NOT_APPLICABLE:
        return "không áp dụng: không có đối tượng thuộc diện tính tại ngày lấy số liệu"
    if cell.state == CellState.NO_DENOMINATOR:
        return _without_denominator(target, cell)
    if not cell.has_value:
        return f"chưa báo cáo: chưa có hồ sơ nào được duyệt trên tổng số {number_text(cell.d or 0)} {target.noun}"
    return f"{_reached(target, cell)}, {_judgement(target, figures)}"


def _without_denominator(target: Target, cell: Cell) -> str:
    """Rule B3: a number may be known, its share is not."""
    known = f"đã có {number_text(cell.n)} {target.noun} được tính nhưng " if cell.n else ""
    return f"{known}chưa có mẫu số nên chưa tính được tỷ lệ, chưa đánh giá"


def _reached(target: Target, cell: Cell) -> str:
    """ "mới đạt 88,0% (44/50 người)": rule A4."""
    if cell.n == 0:
        whole = f"{number_text(cell.d or 0)} {target.noun}"
        return f"chưa có {target.noun} nào được tính trên tổng số {whole} ({cell.percent})"
    start = "mới đạt" if cell.verdict == Verdict.NOT_MET else "đạt"
    return f"{start} {cell.percent} ({number_text(cell.n or 0)}/{number_text(cell.d or 0)} {target.noun})"


def _judgement(target: Target, figures: TargetProgress) -> str:
    cell, goal = figures.commune, f"chỉ tiêu {goal_words(target)}"
    if cell.is_over:
        return "tử số vượt mẫu số nên chưa đánh giá, phải kiểm tra lại trước khi sử dụng"
    if cell.verdict == Verdict.MET:
        return f"{_fulfilled(target)} {goal}"
    if cell.verdict == Verdict.NEAR:
        return f"xấp xỉ {goal}"
    if cell.verdict == Verdict.NOT_MET:
        return f"chưa đạt {goal}"
    return f"chưa đánh giá theo {goal} vì số liệu chưa đầy đủ hoặc còn sai sót"


def _fulfilled(target: Target) -> str:
    if target.operator == Operator.MORE_THAN:
        return "vượt"
    return "hoàn thành" if target.operator in (Operator.ALL, Operator.EACH_UNIT) else "đạt"


def missing_sentence(target: Target, figures: TargetProgress) -> str:
    """The gap (A5), and where it is: of units that are counted by name, else unit by unit."""
    cell = figures.commune
    if not cell.missing or cell.is_over:
        return ""
    gap = f"cần thêm {number_text(cell.missing)} {target.noun} để đạt chỉ tiêu"
    where = places_of_missing(target, figures)
    return f"{gap}; {where}" if where else gap


def places_of_missing(target: Target, figures: TargetProgress) -> str:
    """ "còn thiếu 4 người tại Trường Tiểu học A và 2 người tại Trường THCS B"; the greatest first."""
    short = most_missing(figures)
    if figures.rule.counts_units:
        return "; ".join(_unmet_units(short, target.noun))
    places = [f"{number_text(row.cell.missing or 0)} {target.noun} tại {row.unit.name}" for row in short]
    return f"tính riêng từng đơn vị, còn thiếu {some(places, 'đơn vị')}" if places else ""


def _unmet_units(short: Sequence[UnitCell], noun: str) -> Iterator[str]:
    """Rule B1: who did not report is not told among those who reported too little."""
    for word, is_told in (("chưa đạt", True), ("chưa báo cáo", False)):
        names = [row.unit.name for row in short if row.cell.has_value == is_told]
        if names:
            yield f"{word}: {some(names, noun)}"


def most_missing(figures: TargetProgress) -> list[UnitCell]:
    """The units that still miss somebody, the greatest gap first; whoever's figure is wrong (B4) is not among them."""
    short = [row for row in figures.units if row.cell.missing and not row.cell.is_over]
    return sorted(short, key=lambda row: -(row.cell.missing or 0))


def partial_sentence(figures: TargetProgress) -> str:
    """Rule B3: which units lack their denominator."""
    if not figures.is_partial or figures.commune.state == CellState.NOT_APPLICABLE:
        return ""
    names = [row.unit.name for row in figures.units if row.cell.state == CellState.NO_DENOMINATOR]
    which = f"; chưa có: {some(names, 'đơn vị')}" if names else ""
    return f"số liệu chưa đầy đủ: mới có {figures.partial_note}{which}"


def not_reported_sentence(figures: TargetProgress) -> str:
    """Rule B1: who has not reported yet is not 0, and is named."""
    names = [row.unit.name for row in figures.units if row.cell.state == CellState.NOT_REPORTED]
    if not names or figures.rule.counts_units or not figures.commune.has_value:
        return ""
    applicable = number_text(figures.units_applicable)
    return f"{number_text(len(names))}/{applicable} đơn vị chưa báo cáo: {some(names, 'đơn vị')}"


def provisional_sentence(target: Target, cell: Cell) -> str:
    """Rule H1: what waits is told apart and judged nowhere."""
    if not cell.waiting or cell.provisional_n is None:
        return ""
    figure = number_text(cell.provisional_n)
    if cell.d:
        figure += f"/{number_text(cell.d)} {target.noun} ({cell.provisional_percent})"
    return f"nếu duyệt hết hồ sơ đang chờ thì có thêm {number_text(cell.waiting)} {target.noun}, tạm tính {figure}"


def adjusted_sentence(target: Target, cell: Cell) -> str:
    """Rule C8: without who is excluded, with its own verdict."""
    adjusted = cell.adjusted
    if adjusted is None:
        return ""
    share = f" ({adjusted.percent})" if adjusted.percent else ""
    verdict = f", {adjusted.verdict.label.lower()}" if adjusted.verdict != Verdict.NONE else ""
    return (
        f"nếu không tính {number_text(adjusted.excluded)} {target.noun} được loại trừ thì kết quả là "
        f"{number_text(adjusted.n)}/{number_text(adjusted.d)} {target.noun}{share}{verdict}"
    )


def unnamed_sentence(target: Target, cell: Cell) -> str:
    """Rule D1: heads without names are never added, they leave a range."""
    if not cell.unnamed or cell.possible_max is None or cell.possible_max == cell.n:
        return ""
    return (
        f"còn {number_text(cell.unnamed)} lượt chưa định danh, không cộng vào kết quả; khoảng có thể là "
        f"{number_text(cell.n or 0)}-{number_text(cell.possible_max)} {target.noun}"
    )


def declared_sentence(target: Target, cell: Cell) -> str:
    """How much was declared instead of listed (kpi-rules.md, "Declared figures")."""
    if not cell.declared_n and not cell.declared_d:
        return ""
    if not cell.has_value:
        return f"trong tổng số có {number_text(cell.declared_d)} {target.noun} theo số khai báo, chưa có danh sách"
    share = f"{number_text(cell.declared_n)}/{number_text(cell.declared_d)} {target.noun}"
    return f"trong đó {share} theo số khai báo, chưa có danh sách"


def second_tier_sentence(target: Target, figures: TargetProgress) -> str:
    """Rule E2: merely reached; nobody at all is only told where something was reported (B1)."""
    tier = figures.second_tier
    if tier is None or not tier.d or not (tier.n or figures.commune.has_value):
        return ""
    share = f"{number_text(tier.n)}/{number_text(tier.d)} {target.noun}"
    return f"số đã được tiếp cận là {share} ({tier.percent}), chỉ để tham khảo, không dùng để đánh giá"


def change_sentence(target: Target, figures: TargetProgress) -> str:
    """Target K6: the window before."""
    if figures.previous_n is None or figures.commune.n is None:
        return ""
    change = figures.commune.n - figures.previous_n
    before = f"{number_text(figures.previous_n)} {target.noun}"
    return f"so với {target.window_days} ngày liền trước ({before}): {moved(change)}"


def denominators_sentence(targets: Sequence[Target]) -> str:
    """Rule C6, for the note under a table: "Mẫu số: K1, K2 có mặt tại ngày lấy số liệu; K5 các đơn vị …"."""
    codes: dict[str, list[str]] = {}
    for target in targets:
        codes.setdefault(denominator_words(target), []).append(target.code)
    said = [f"{', '.join(found)} {words}" for words, found in codes.items()]
    return sentence(f"mẫu số: {'; '.join(said)}")
