"""What stands behind the signature: every unit against every target, in tables that a page holds."""

from collections.abc import Iterator, Sequence

from campaigns.choices import UnitKind
from reports.exporters.edition import Edition
from reports.exporters.units_sheet import WHOLE, reconciliation, roman
from reports.exporters.wording import NOT_APPLICABLE, verdict_word
from reports.papers.parts import Appendix, Block, ReportTable, TableColumn, TableRow
from reports.progress import Cell, CellState, TargetProgress

#: So many targets find room beside each other on an upright page.
MOST_TARGETS = 6
ORDINAL_WIDTH, NAME_WIDTH = 5, 23


def report_appendices(edition: Edition, origin: str) -> tuple[Appendix, ...]:
    """One appendix with the units, which says which report it belongs to; none where the plan has no targets."""
    targets = edition.progress.targets
    if not targets:
        return ()
    groups = [targets[first : first + MOST_TARGETS] for first in range(0, len(targets), MOST_TARGETS)]
    blocks: tuple[Block, ...] = tuple(_table(group, edition) for group in groups)
    title = f"Kết quả theo đơn vị {edition.movement}".upper()
    return (Appendix("Phụ lục", title, origin, edition.clock_line, blocks),)


def _table(targets: Sequence[TargetProgress], edition: Edition) -> ReportTable:
    return ReportTable("", _columns(targets), tuple(_rows(targets)), _note(targets))


def _columns(targets: Sequence[TargetProgress]) -> tuple[TableColumn, ...]:
    left = 100 - ORDINAL_WIDTH - NAME_WIDTH
    share = left // len(targets)
    name_width = NAME_WIDTH + left - share * len(targets)
    figures = (TableColumn(target.rule.code, share, "center") for target in targets)
    return (TableColumn("STT", ORDINAL_WIDTH, "center"), TableColumn("Đơn vị", name_width), *figures)


def _rows(targets: Sequence[TargetProgress]) -> Iterator[TableRow]:
    """Units by kind, in the engine's order; the commune's own figure last, never a sum (C7)."""
    units = [row.unit for row in targets[0].units]
    kinds = [kind for kind in UnitKind if any(unit.kind == kind for unit in units)]
    for number, kind in enumerate(kinds, start=1):
        yield TableRow((f"{roman(number)}. {kind.label}",), is_group=True)
        places = [place for place, unit in enumerate(units) if unit.kind == kind]
        for ordinal, place in enumerate(places, start=1):
            cells = (unit_figure(target, target.units[place].cell) for target in targets)
            yield TableRow((str(ordinal), units[place].name, *cells))
    yield TableRow(("", WHOLE, *(short_figure(target.commune) for target in targets)), is_total=True)


def unit_figure(target: TargetProgress, cell: Cell) -> str:
    """Of a target that counts units a unit is met or not: "Đạt" says it where "1/1 (100,0%)" would be odd."""
    return verdict_word(cell) if target.rule.counts_units and cell.has_value else short_figure(cell)


def short_figure(cell: Cell) -> str:
    """ "46/50 (92,0%)"; "-" where the target does not apply, else the state as a word."""
    return NOT_APPLICABLE if cell.state == CellState.NOT_APPLICABLE else cell.text


def _note(targets: Sequence[TargetProgress]) -> str:
    overlaps = (reconciliation(target) for target in targets if target.overlap_d or target.overlap_n)
    first = f"Ghi chú: dấu “{NOT_APPLICABLE}” là không áp dụng; dòng “{WHOLE}” tính mỗi người một lần."
    return " ".join([first, *filter(None, overlaps)])
