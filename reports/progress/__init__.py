"""The progress engine: plain facts in, figures out (docs/kpi-rules.md). No ORM, no clock, no settings.

``compute_progress(facts)`` gives every figure; ``newly_reached``, ``first_days`` and ``split`` explain one target.
"""

from reports.progress.engine import compute_progress
from reports.progress.explain import UnitSplit, split
from reports.progress.facts import Facts, ProgressError, TargetRule
from reports.progress.months import MonthPoint, first_days, newly_reached
from reports.progress.results import Cell, Progress, TargetProgress, Tier, UnitCell
from reports.progress.states import CellState, Verdict

__all__ = [
    "Cell",
    "CellState",
    "Facts",
    "MonthPoint",
    "Progress",
    "ProgressError",
    "TargetProgress",
    "TargetRule",
    "Tier",
    "UnitCell",
    "UnitSplit",
    "Verdict",
    "compute_progress",
    "first_days",
    "newly_reached",
    "split",
]
