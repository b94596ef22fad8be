"""Part II: the table of all targets, then each target in sentences."""

from collections.abc import Iterator

from campaigns.models import Target
from hbs_portal.lib.text import number_text
from reports.exporters.edition import Edition
from reports.exporters.wording import NOT_APPLICABLE, plan_word, verdict_word
from reports.papers.parts import Block, Paragraph, ParagraphKind, ReportTable, TableColumn, TableRow
from reports.papers.since import since_sentences
from reports.papers.target_sentences import denominators_sentence, target_sentences
from reports.progress import Cell, CellState, TargetProgress, Verdict

COLUMNS = (
    TableColumn("STT", 6, "center"),
    TableColumn("Chỉ tiêu", 34),
    TableColumn("Kế hoạch", 17, "center"),
    TableColumn("Tổng số", 10, "right"),
    TableColumn("Đã đạt", 10, "right"),
    TableColumn("Tỷ lệ", 10, "right"),
    TableColumn("Đánh giá", 13, "center"),
)


def target_results(edition: Edition) -> Iterator[Block]:
    """How many targets stand where, the table, and the sentences of each target under its own heading."""
    pairs = list(zip(edition.reading.targets, edition.progress.targets, strict=True))
    if not pairs:
        yield Paragraph("Kế hoạch chưa có chỉ tiêu nào trong hệ thống.")
        return
    yield Paragraph(overall_sentence([figures for _, figures in pairs]))
    yield _table(pairs, edition)
    since = since_sentences(edition)
    for number, (target, figures) in enumerate(pairs, start=1):
        yield Paragraph(f"{number}. {target.short_name} ({target.code})", ParagraphKind.HEADING)
        yield Paragraph(" ".join(target_sentences(target, figures, since.get(target.code, ""))))


def overall_sentence(found: list[TargetProgress]) -> str:
    """ "Đến ngày lấy số liệu, có 2/6 chỉ tiêu đạt (K1, K5); 3 chưa đạt (…); 1 chưa báo cáo (…)."."""
    words: dict[str, list[str]] = {Verdict.MET.label.lower(): []}
    for figures in found:
        words.setdefault(verdict_word(figures.commune).lower(), []).append(figures.rule.code)
    met = words.pop(Verdict.MET.label.lower())
    names = f" ({', '.join(met)})" if met else ""
    rest = [f"{number_text(len(codes))} chỉ tiêu {word} ({', '.join(codes)})" for word, codes in words.items()]
    tail = f"; {'; '.join(rest)}" if rest else ""
    return f"Đến ngày lấy số liệu, có {number_text(len(met))}/{number_text(len(found))} chỉ tiêu đạt{names}{tail}."


def _table(pairs: list[tuple[Target, TargetProgress]], edition: Edition) -> ReportTable:
    rows = tuple(_row(number, target, figures) for number, (target, figures) in enumerate(pairs, start=1))
    note = f"Ghi chú: tỷ lệ làm tròn xuống. {denominators_sentence([target for target, _ in pairs])}"
    return ReportTable(f"Kết quả thực hiện các chỉ tiêu {edition.clock_line}", COLUMNS, rows, note)


def _row(number: int, target: Target, figures: TargetProgress) -> TableRow:
    cell = figures.commune
    name = f"{target.code}. {target.short_name} ({target.noun})"
    return TableRow((str(number), name, plan_word(target), *figure_cells(cell), verdict_word(cell)))


def figure_cells(cell: Cell) -> tuple[str, str, str]:
    """d, n and their share as a table shows them: "-" where the target does not apply, empty where nothing is known."""
    if cell.state == CellState.NOT_APPLICABLE:
        return NOT_APPLICABLE, NOT_APPLICABLE, NOT_APPLICABLE
    return _number(cell.d), _number(cell.n), (cell.percent or "") if cell.has_value else ""


def _number(number: int | None) -> str:
    return "" if number is None else number_text(number)
