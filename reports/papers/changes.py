"""What differs from the figures that were frozen before, and why, in numbers: no names (rule G8)."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from reports.pages.snapshots.wording import reason_label, signed
from reports.snapshots.comparing import CellChange, compare
from reports.snapshots.content import Content
from reports.snapshots.reasons import ReasonKind

_ORDER = {kind: place for place, kind in enumerate(ReasonKind)}


@dataclass(frozen=True, slots=True)
class ChangedTarget:
    """A target and those of its figures that differ, the commune's first."""

    code: str
    name: str
    is_rule_changed: bool
    figures: tuple[CellChange, ...]


def changed_targets(before: Content, after: Content) -> tuple[ChangedTarget, ...]:
    """Only the targets that differ."""
    return tuple(
        ChangedTarget(
            target.code,
            (after if target.new_rule else before).name(target.code).short_name,
            target.is_rule_changed,
            tuple(change for change in target.cells if change.is_changed),
        )
        for target in compare(before, after).targets
        if target.is_changed
    )


def reasons_in_words(change: CellChange) -> str:
    """ "Mới được tính: đã đạt +5; Ra khỏi danh sách: đã đạt -1, tổng số -2": together they are the difference."""
    counts: Counter[tuple[ReasonKind, bool]] = Counter((row.kind, row.is_adjustment) for row in change.reasons)
    ordered = sorted(counts, key=lambda key: (_ORDER[key[0]], key[1]))
    return "; ".join(_told(change, *key) for key in ordered)


def _told(change: CellChange, kind: ReasonKind, is_adjustment: bool) -> str:
    rows = [row for row in change.reasons if (row.kind, row.is_adjustment) == (kind, is_adjustment)]
    label = reason_label(kind, is_adjustment=is_adjustment)
    parts = list(_parts(sum(row.dn for row in rows), sum(row.dd for row in rows)))
    return f"{label}: {', '.join(parts)}" if parts else f"{label}: {len(rows)}"


def _parts(dn: int, dd: int) -> Iterator[str]:
    if dn:
        yield f"đã đạt {signed(dn)}"
    if dd:
        yield f"tổng số {signed(dd)}"
