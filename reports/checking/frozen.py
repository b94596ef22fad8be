"""Snapshots: seals, figures computed again from their own facts, numbers; and the periods that rest on them."""

from collections.abc import Iterator

from reports.checking.difference import Difference, Scope
from reports.models import ReportingPeriod, Snapshot
from reports.models.periods import PeriodState
from reports.snapshots.sealing import problem_of


def snapshots_that_do_not_hold(scope: Scope) -> Iterator[Difference]:
    """Every seal, and every figure from its frozen facts; a gap in the numbers tells of a row that was removed."""
    rows = Snapshot.objects.filter(commune_id=scope.commune_id, campaign=scope.campaign)
    expected = 1
    for snapshot in rows.select_related("campaign").order_by("number").iterator(chunk_size=4):
        for number in range(expected, snapshot.number):
            yield Difference(f"{scope.campaign.code}-{number:03d}", "không còn bản chốt mang số này")
        expected = snapshot.number + 1
        problem = problem_of(snapshot.content, snapshot.sha256, snapshot.as_of, snapshot.approved_by)
        if problem:
            yield Difference(f"Bản chốt {snapshot.code}", problem)


def closed_periods_without_figures(scope: Scope) -> Iterator[Difference]:
    """A closed period shows its snapshot (G8): there must be one of its last day, taken when it was closed."""
    periods = ReportingPeriod.objects.filter(
        commune_id=scope.commune_id, campaign=scope.campaign, state=PeriodState.CLOSED
    ).prefetch_related("snapshots")
    for period in periods:
        taken = {(row.as_of, row.approved_by) for row in period.snapshots.all()}
        if (period.ends_on, period.closed_on) not in taken:
            yield Difference(f"Kỳ “{period.name}”", "đã khóa nhưng không có bản chốt của ngày cuối kỳ, lấy khi khóa")
