"""Figures of all schools of one level: pooled, never averaged (G4), each person once (C7)."""

from collections.abc import Collection
from dataclasses import replace

from reports.progress.engine import compute_progress
from reports.progress.facts import Facts
from reports.progress.results import TargetProgress


def pooled(facts: Facts, kinds: Collection[str]) -> tuple[TargetProgress, ...]:
    """Every target as if its plan named units of these kinds only; its `commune` is then the figure of them all.

    Coverage follows the kinds; attendances and activities do not, for a session serves whoever came (B5).
    """
    wanted = frozenset(kinds)
    rules = [replace(rule, unit_kinds=rule.unit_kinds & wanted) for rule in facts.rules]
    return compute_progress(replace(facts, rules=rules)).targets
