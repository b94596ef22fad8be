"""The flows of a period, from the readings that were frozen for it (rules G7, G8)."""

from hbs_portal.lib.dates import local_today
from reports.models import ReportingPeriod, Snapshot
from reports.periods.flows import PeriodFlows, Readings, flows_between
from reports.progress import Facts, Progress
from reports.selectors import read_progress
from reports.selectors.clocks import Clocks
from reports.selectors.periods import opening_snapshot, restated_snapshot
from reports.services.snapshots import open_snapshot


def flows_of(period: ReportingPeriod, closing: Progress, facts: Facts, snapshot: Snapshot | None) -> PeriodFlows:
    """What the period added up to these figures, which are those of `snapshot` where they are frozen.

    Raises ContentError where a frozen reading was tampered with.
    """
    opening = opening_snapshot(period, snapshot) if period.restates_opening else None
    readings = Readings(
        opening=open_snapshot(opening).progress if opening else None,
        restated=_restated(period, snapshot),
        closing=closing,
        facts=facts,
    )
    return flows_between(readings, period.starts_on, period.ends_on)


def _restated(period: ReportingPeriod, snapshot: Snapshot | None) -> Progress | None:
    """The day before the period: as known on closing, else as known today; None before the campaign."""
    if not period.restates_opening:
        return None
    frozen = restated_snapshot(period) if snapshot else None
    return open_snapshot(frozen).progress if frozen else _as_known_today(period)


def _as_known_today(period: ReportingPeriod) -> Progress:
    return read_progress(period.campaign, Clocks(period.day_before, local_today())).progress
