"""Periods and the figures that were frozen for them: one query each."""

from collections.abc import Iterable
from datetime import date, timedelta

from campaigns.models import Campaign
from reports.models import ReportingPeriod, Snapshot
from reports.models.periods import PeriodMode, PeriodState
from reports.selectors.clocks import Clocks
from reports.selectors.snapshots import frozen_within, last_snapshot


def periods_of(campaign: Campaign) -> list[ReportingPeriod]:
    """The periods of a campaign, the latest first."""
    periods = ReportingPeriod.objects.filter(commune_id=campaign.commune_id, campaign=campaign)
    return list(periods.order_by("-ends_on", "-starts_on", "-pk"))


def closing_snapshot(period: ReportingPeriod) -> Snapshot | None:
    """The figures of its end as they were frozen when it was last closed; None where it never was."""
    return _newest(period, period.ends_on)


def restated_snapshot(period: ReportingPeriod) -> Snapshot | None:
    """The figures of the day before it as they were known when it was last closed (rule G8)."""
    return _newest(period, period.day_before)


def opening_snapshot(period: ReportingPeriod, closing: Snapshot | None = None) -> Snapshot | None:
    """The closing of the period that ends right before this one, of the same mode; None where none is closed.

    Of several (a month and a quarter) that of the most similar length. For a closed period, whose figures are
    `closing`, only what had been frozen before it: a period that was added later moves nothing.
    """
    frozen = Snapshot.objects.filter(
        commune_id=period.commune_id,
        campaign_id=period.campaign_id,
        as_of=period.day_before,
        period__mode=period.mode,
        period__state=PeriodState.CLOSED,
        period__ends_on=period.day_before,
    )
    if closing is not None:
        frozen = frozen.filter(number__lt=closing.number)
    return _most_similar(frozen.without_content().select_related("campaign", "period"), period)


def snapshot_before(snapshot: Snapshot) -> Snapshot | None:
    """What the figures of a snapshot are compared with: for the closing of a period the closing of the one before it
    of the same mode, else the last snapshot that was taken before."""
    period = snapshot.period
    earlier = None
    if period is not None and snapshot.as_of == period.ends_on:
        last = period.day_before if period.mode == PeriodMode.IN_PERIOD else period.ends_on - timedelta(days=1)
        clocks = Clocks(last, snapshot.approved_by)
        rows = frozen_within(snapshot.campaign, clocks, before=snapshot).without_content()
        found = list(rows.filter(period__mode=period.mode).order_by("-as_of"))
        earlier = _most_similar([row for row in found if row.as_of == found[0].as_of], period)
    clocks = Clocks(snapshot.as_of, snapshot.approved_by)
    return earlier or last_snapshot(snapshot.campaign, clocks, before=snapshot)


def _most_similar(rows: Iterable[Snapshot], period: ReportingPeriod) -> Snapshot | None:
    return min(rows, key=lambda row: (abs(_days(row.period) - _days(period)), -row.number), default=None)


def _days(period: ReportingPeriod | None) -> int:
    return (period.ends_on - period.starts_on).days if period else 0


def _newest(period: ReportingPeriod, as_of: date) -> Snapshot | None:
    snapshots = Snapshot.objects.filter(commune_id=period.commune_id, period=period, as_of=as_of)
    return snapshots.select_related("campaign").order_by("-number").first()
