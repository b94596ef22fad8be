"""What the figures of today would be if a record were approved, corrected or withdrawn: the engine, asked twice."""

from collections.abc import Iterator
from dataclasses import replace

from campaigns.models import Campaign, Headcount, ReviewedRecord
from reports.progress import Cell, ProgressError, TargetProgress
from reports.progress.results import Adjusted
from reports.selectors.clocks import Clocks, Supposition
from reports.selectors.facts import read_progress
from training.figure_effects import Decision
from training.models import RunningTotal


def figure_effects(decision: Decision) -> list[str]:
    """ "K1, toàn xã: 45/50 (90,0%), chưa đạt → 45/49 (91,8%) (đã loại trừ 1), đạt." for every figure that moves.

    Nothing where the facts contradict each other (D2, G3): no figure may be drawn from them.
    """
    campaign = _campaign_of(decision.record)
    if campaign is None:
        return []
    clocks = Clocks.of(campaign)
    try:
        before = read_progress(campaign, clocks).progress
        after = read_progress(campaign, replace(clocks, supposed=supposition_of(decision))).progress
    except ProgressError:
        return []
    return [line for target in before.targets for line in _lines(target, after.target(target.rule.code))]


def supposition_of(decision: Decision) -> Supposition:
    """The decision as a reading takes it."""
    begins, ends = ([row.pk] if row else [] for row in (decision.begins, decision.ends))
    return Supposition(type(decision.record), frozenset(begins), frozenset(ends))


def _campaign_of(record: ReviewedRecord) -> Campaign | None:
    """A head-count belongs to the commune: it is told for the plan that runs."""
    if isinstance(record, Headcount):
        return Campaign.objects.open().filter(commune_id=record.commune_id).order_by("-starts_on", "-pk").first()
    if isinstance(record, RunningTotal):
        return record.target.campaign
    return record.campaign  # type: ignore[attr-defined, no-any-return]  # of the other four kinds


def _lines(before: TargetProgress, after: TargetProgress) -> Iterator[str]:
    """Units first, the commune after them; a lower tier (E2) for the commune alone."""
    code = before.rule.code
    cells = [(row.unit.name, row.cell, after.cell_of(row.unit.id)) for row in before.units]
    for place, old, new in [*cells, ("toàn xã", before.commune, after.commune)]:
        if new is not None and (moved := _moved(old, new)):
            yield f"{code}, {place}: {moved}."
    if before.second_tier and after.second_tier and before.second_tier != after.second_tier:
        yield f"{code}, toàn xã, số hộ được tiếp cận: {before.second_tier.text} → {after.second_tier.text}."


def _moved(old: Cell, new: Cell) -> str:
    """From which figure to which; the one without the excluded people where only that one moves (C8)."""
    if _figure(old) != _figure(new):
        return f"{_told(old)} → {_told(new)}"
    return f"{_told(old.adjusted or old)} → {_told(new.adjusted or new)}" if old.adjusted != new.adjusted else ""


def _figure(cell: Cell) -> tuple[object, ...]:
    return cell.state, cell.n, cell.d, cell.verdict


def _told(shown: Cell | Adjusted) -> str:
    """The figure with its verdict; a word where there is none, and the error where n is above d (B4)."""
    if isinstance(shown, Cell) and shown.is_over:
        return f"{shown.text}, tử số vượt mẫu số"
    if isinstance(shown, Cell) and not shown.has_value:
        return shown.text.lower()
    return f"{shown.text}, {shown.verdict.label.lower()}"
