"""A target as a tile: what the plan says, how it stands, what is still needed."""

from dataclasses import dataclass, replace

from campaigns.choices import Operator
from campaigns.models import Target
from campaigns.wording import describe_threshold
from reports.pages import wording
from reports.progress import Cell, TargetProgress, Tier


@dataclass(frozen=True, slots=True)
class Tile:
    """`notes` are sentences in the order of their weight; `trend` the running total by month, for a small line.

    `word` stands instead of the figure where a unit either has it or not.
    """

    code: str
    clause: str
    short_name: str
    noun: str
    cell: Cell
    threshold_bp: int
    threshold: str
    gap: str
    provisional: str
    notes: tuple[str, ...]
    url: str
    trend: tuple[int, ...] = ()
    word: str = ""


def commune_tile(target: Target, figure: TargetProgress, url: str, trend: tuple[int, ...] = ()) -> Tile:
    """The commune's figure of a target."""
    notes = (
        wording.partial_text(figure),
        wording.tier_text(figure.second_tier, target.noun),
        wording.change_text(target, figure),
    )
    return _tile(target, figure.commune, notes, url, trend)


def unit_tile(target: Target, cell: Cell, tier: Tier | None, url: str) -> Tile:
    """One unit's figure of a target; "Đã có" or "Chưa có" where the target counts units."""
    tile = _tile(target, cell, (wording.tier_text(tier, target.noun),), url)
    if target.operator != Operator.EACH_UNIT or not cell.has_value:
        return tile
    return replace(tile, word="Đã có" if cell.n else "Chưa có", gap="")


def with_notes(tile: Tile, *notes: str) -> Tile:
    """The tile with further sentences first; empty ones fall away."""
    return replace(tile, notes=tuple(note for note in (*notes, *tile.notes) if note))


def _tile(target: Target, cell: Cell, notes: tuple[str, ...], url: str, trend: tuple[int, ...] = ()) -> Tile:
    return Tile(
        code=target.code,
        clause=target.clause,
        short_name=target.short_name,
        noun=target.noun,
        cell=cell,
        threshold_bp=target.threshold_bp,
        threshold=describe_threshold(target.operator, target.threshold_bp, target.tolerance_bp),
        gap=wording.gap_text(cell, target.noun),
        provisional=wording.provisional_text(cell),
        notes=tuple(note for note in (cell.warning, *notes) if note),
        url=url,
        trend=trend,
    )
