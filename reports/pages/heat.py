"""Units against targets, those in need first; a table for each family of units, with the targets that concern it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from campaigns.choices import SCHOOL_KINDS, UnitKind
from reports.pages.links import Links
from reports.pages.wording import adjusted_text
from reports.progress import Cell, CellState, Progress, TargetRule, UnitCell, Verdict
from reports.progress.facts import UnitFact
from reports.progress.numbers import grouped

OTHERS = "Phòng, trung tâm, đoàn thể"
FAMILIES: tuple[tuple[str, Collection[str]], ...] = (
    ("Trường học", SCHOOL_KINDS),
    ("Thôn", (UnitKind.VILLAGE,)),
    (OTHERS, [kind for kind in UnitKind if kind not in (*SCHOOL_KINDS, UnitKind.VILLAGE)]),
)


@dataclass(frozen=True, slots=True)
class HeatCell:
    """`text` is the figure; the word for it is drawn from `cell`. No address where the target does not apply."""

    text: str
    cell: Cell
    url: str

    @property
    def title(self) -> str:
        """What else is known of the figure: how it stands without the excluded people (rule C8)."""
        return adjusted_text(self.cell)


@dataclass(frozen=True, slots=True)
class HeatRow:
    unit: UnitFact
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True, slots=True)
class HeatTable:
    """One family of units; `codes` name the columns."""

    title: str
    codes: tuple[str, ...]
    rows: tuple[HeatRow, ...]


def heat_tables(progress: Progress, links: Links) -> tuple[HeatTable, ...]:
    """The open units that some target applies to, sorted by need; a tie keeps the order of the units."""
    return tuple(_tables(progress, links))


def _tables(progress: Progress, links: Links) -> Iterator[HeatTable]:
    rows = list(zip(*(target.units for target in progress.targets), strict=True))
    for title, kinds in FAMILIES:
        family = [row for row in rows if row[0].unit.kind in kinds and any(applies(found.cell) for found in row)]
        if family:
            yield _table(title, family, [target.rule for target in progress.targets], links)


def _table(title: str, family: list[tuple[UnitCell, ...]], rules: list[TargetRule], links: Links) -> HeatTable:
    columns = [place for place in range(len(rules)) if any(applies(row[place].cell) for row in family)]
    shown = [rules[place] for place in columns]
    rows = (_row([row[place] for place in columns], shown, links) for row in sorted(family, key=_need))
    return HeatTable(title, tuple(rule.code for rule in shown), tuple(rows))


def applies(cell: Cell) -> bool:
    return cell.state != CellState.NOT_APPLICABLE


def _need(row: Sequence[UnitCell]) -> tuple[int, int]:
    """Most targets not met first, then most people, households or activities missing."""
    cells = [found.cell for found in row if applies(found.cell)]
    unmet = sum(cell.verdict != Verdict.MET for cell in cells)
    return -unmet, -sum(cell.missing or 0 for cell in cells)


def _row(row: Sequence[UnitCell], rules: Sequence[TargetRule], links: Links) -> HeatRow:
    unit = row[0].unit
    return HeatRow(unit, tuple(_cell(found.cell, rule, unit, links) for found, rule in zip(row, rules, strict=True)))


def _cell(cell: Cell, rule: TargetRule, unit: UnitFact, links: Links) -> HeatCell:
    url = links.explain(rule.code, unit.code) if applies(cell) else ""
    return HeatCell(short_text(cell, rule), cell, url)


def short_text(cell: Cell, rule: TargetRule) -> str:
    """The figure without its state, for the state stands below it: "46/50 (92,0%)", "12", "-"."""
    if cell.n is None:
        return "-"
    if rule.counts_units:
        return "Đã có" if cell.n else "Chưa có"
    return cell.text if cell.has_value else grouped(cell.n)
