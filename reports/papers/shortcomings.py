"""Part IV: what is late or low, told of units only; causes as far as the records show them."""

from collections.abc import Iterator
from fractions import Fraction

from hbs_portal.lib.text import number_text
from reports.exporters.edition import Edition
from reports.papers.grammar import sentence, some
from reports.papers.parts import Paragraph, ParagraphKind
from reports.papers.target_sentences import goal_words
from reports.progress import CellState, TargetProgress, UnitCell, Verdict
from reports.selectors.silent import silent_units

MOST_LOW = 5
SILENT = "chưa được ghi nhận hoạt động nào do đơn vị chủ trì, phối hợp và chưa gửi số liệu riêng"


def shortcomings(edition: Edition) -> Iterator[Paragraph]:
    """Targets that are not met, silent units, and the lowest units of each target."""
    found = list(_found(edition))
    if not found:
        found = [Paragraph("Qua số liệu chưa ghi nhận chỉ tiêu chưa đạt hoặc đơn vị chưa tham gia.")]
    yield from found


def _found(edition: Edition) -> Iterator[Paragraph]:
    missed = [figures.rule.code for figures in edition.progress.targets if figures.commune.verdict == Verdict.NOT_MET]
    if missed:
        yield Paragraph(f"Còn {number_text(len(missed))} chỉ tiêu chưa đạt: {', '.join(missed)}.")
    silent = [unit.name for unit in silent_units(edition.reading.facts)]
    if silent:
        yield Paragraph(f"{number_text(len(silent))} đơn vị {SILENT}: {some(silent, 'đơn vị', most=15)}.")
    for target, figures in zip(edition.reading.targets, edition.progress.targets, strict=True):
        low = low_units(figures)
        if low and not figures.rule.counts_units:
            names = some([_with_figure(row) for row in low], "đơn vị", MOST_LOW)
            yield Paragraph(f"{target.code}, chỉ tiêu {goal_words(target)}, đơn vị thấp: {names}.", ParagraphKind.ITEM)


def low_units(figures: TargetProgress) -> list[UnitCell]:
    """The units that reported and do not meet the target, the lowest first."""
    low = [row for row in figures.units if row.cell.has_value and row.cell.verdict == Verdict.NOT_MET]
    return sorted(low, key=lambda row: Fraction(row.cell.n or 0, row.cell.d or 1))


def _with_figure(row: UnitCell) -> str:
    """ "Trường Tiểu học A 40,0% (20/50)"."""
    n, d = number_text(row.cell.n or 0), number_text(row.cell.d or 0)
    return f"{row.unit.name} {row.cell.percent} ({n}/{d})"


def causes(edition: Edition) -> Iterator[Paragraph]:
    """Only what stands in the records; why it came so the office tells itself."""
    lines = [sentence(text) for text in (_no_denominator(edition), _waiting(edition), _over(edition)) if text]
    if lines:
        yield Paragraph("Qua hồ sơ ghi nhận:")
        yield from (Paragraph(line, ParagraphKind.ITEM) for line in lines)


def _no_denominator(edition: Edition) -> str:
    names: dict[str, None] = {}
    for figures in edition.progress.targets:
        names |= {row.unit.name: None for row in figures.units if row.cell.state == CellState.NO_DENOMINATOR}
    if not names:
        return ""
    return f"{number_text(len(names))} đơn vị chưa có danh sách hoặc quy mô khai báo: {some(list(names), 'đơn vị')}"


def _waiting(edition: Edition) -> str:
    codes = [figures.rule.code for figures in edition.progress.targets if figures.commune.waiting]
    return f"còn hồ sơ chờ duyệt có thể làm thay đổi {', '.join(codes)}" if codes else ""


def _over(edition: Edition) -> str:
    """Rule B4."""
    codes = [
        figures.rule.code
        for figures in edition.progress.targets
        if figures.commune.is_over or any(row.cell.is_over for row in figures.units)
    ]
    return f"còn số liệu có tử số vượt mẫu số, phải kiểm tra lại: {', '.join(codes)}" if codes else ""
