"""The dashboard of the office and the leaders: tiles, the newest report, units, months, what waits, who is silent."""

from dataclasses import dataclass

from django.utils import timezone

from accounts.access import may_approve
from accounts.models import User
from campaigns.models import Campaign
from reports.pages.heat import HeatTable, heat_tables
from reports.pages.issued import ShownReport, shown_newest_report
from reports.pages.links import Links
from reports.pages.months import MonthChart, month_charts
from reports.pages.pace import needed_line
from reports.pages.tiles import Tile, commune_tile, with_notes
from reports.pages.wording import clock_line
from reports.progress.facts import UnitFact
from reports.selectors import Reading, read_progress
from reports.selectors.clocks import Clocks
from reports.selectors.silent import silent_units
from reports.selectors.waiting import WaitingCount, waiting_counts


@dataclass(frozen=True, slots=True)
class DashboardPage:
    """`waiting` is None for who does not approve; all else is the same for everybody who reads the commune."""

    campaign: Campaign
    clock_line: str
    tiles: tuple[Tile, ...]
    heat: tuple[HeatTable, ...]
    months: tuple[MonthChart, ...]
    silent: tuple[UnitFact, ...]
    waiting: tuple[WaitingCount, ...] | None
    newest_report: ShownReport | None

    @property
    def waiting_total(self) -> int:
        return sum(row.count for row in self.waiting or ())


def dashboard_page(user: User, campaign: Campaign, clocks: Clocks, links: Links) -> DashboardPage:
    """Everything the dashboard shows, in at most thirteen queries (twelve for who does not approve).

    Raises ProgressError where the records contradict each other.
    """
    reading = read_progress(campaign, clocks)
    months = month_charts(reading, links)
    return DashboardPage(
        campaign=campaign,
        clock_line=clock_line(clocks, timezone.localtime().strftime("%H:%M")),
        tiles=_tiles(reading, months, links),
        heat=heat_tables(reading.progress, links) if reading.targets else (),
        months=months,
        silent=tuple(silent_units(reading.facts)),
        waiting=tuple(waiting_counts(campaign.commune_id)) if may_approve(user) else None,
        newest_report=shown_newest_report(user, campaign),
    )


def _tiles(reading: Reading, months: tuple[MonthChart, ...], links: Links) -> tuple[Tile, ...]:
    trends = {chart.code: tuple(row.cumulative for row in chart.rows) for chart in months}
    by_code = reading.progress.by_code
    tiles = (
        commune_tile(target, by_code[target.code], links.explain(target.code), trends.get(target.code, ()))
        for target in reading.targets
    )
    return tuple(
        with_notes(tile, needed_line(reading, target, tile.cell))
        for tile, target in zip(tiles, reading.targets, strict=True)
    )
