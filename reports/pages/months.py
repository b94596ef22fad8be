"""People and households newly reached by month (rule C2) against the pace that the plan needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from campaigns.models import Campaign, Target
from reports.pages.links import Links
from reports.progress import MonthPoint, TargetProgress, TargetRule, newly_reached
from reports.progress.numbers import needed
from reports.selectors import Reading

COUNTED_TAB = "da-tinh"


@dataclass(frozen=True, slots=True)
class MonthRow:
    label: str
    new: int
    cumulative: int
    needed: int
    url: str


@dataclass(frozen=True, slots=True)
class MonthChart:
    """One target's months; `data` is what static/js/charts.js draws, `rows` the same numbers as a table.

    `declared` people are in the figure but in no month: who was reached when, only a list knows.
    """

    code: str
    title: str
    noun: str
    rows: tuple[MonthRow, ...]
    declared: int = 0

    @property
    def source_id(self) -> str:
        return f"so-thang-{self.code}"

    @property
    def data(self) -> dict[str, list[Any]]:
        return {
            "labels": [row.label for row in self.rows],
            "fresh": [row.new for row in self.rows],
            "cumulative": [row.cumulative for row in self.rows],
            "needed": [row.needed for row in self.rows],
            "links": [row.url for row in self.rows],
        }


def month_charts(reading: Reading, links: Links) -> tuple[MonthChart, ...]:
    """A chart for each target that counts people or households, from the campaign's first month to the as-of date."""
    counted = (target for target in reading.targets if not _rule(reading, target).counts_units)
    return tuple(_chart(reading, target, links) for target in counted)


def _rule(reading: Reading, target: Target) -> TargetRule:
    return reading.progress.target(target.code).rule


def _chart(reading: Reading, target: Target, links: Links) -> MonthChart:
    figure = reading.progress.target(target.code)
    points = newly_reached(reading.facts, figure.rule, since=reading.campaign.starts_on)
    pace = even_pace(reading.campaign, figure, points)
    rows = (_row(point, goal, target.code, links) for point, goal in zip(points, pace, strict=True))
    return MonthChart(target.code, target.short_name, target.noun, tuple(rows), figure.commune.declared_n)


def _row(point: MonthPoint, goal: int, code: str, links: Links) -> MonthRow:
    month = f"{point.year}-{point.month:02d}"
    url = links.explain(code, tab=COUNTED_TAB, thang=month)
    return MonthRow(f"{point.month}/{point.year}", point.new, point.cumulative, goal, url)


def even_pace(campaign: Campaign, figure: TargetProgress, points: Sequence[MonthPoint]) -> list[int]:
    """How many listed people an even pace would have reached by the end of each month; never more than are needed."""
    cell = figure.commune
    if cell.d is None:
        return [0 for _ in points]
    listed = cell.d - cell.declared_d
    goal = needed(figure.rule.operator, figure.rule.threshold_bp, listed) if listed else 0
    first = campaign.starts_on.year * 12 + campaign.starts_on.month
    months = campaign.ends_on.year * 12 + campaign.ends_on.month - first + 1
    gone = [min(months, max(0, point.year * 12 + point.month - first + 1)) for point in points]
    return [min(goal, goal * passed // months) for passed in gone]
