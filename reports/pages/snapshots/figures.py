"""A snapshot's page: all figures exactly as they were frozen."""

from dataclasses import dataclass

from django.urls import reverse

from hbs_portal.lib.text import date_short
from reports.models import Snapshot
from reports.pages.heat import HeatTable, heat_tables
from reports.pages.snapshots.wording import rule_rows
from reports.progress import Cell, TargetProgress
from reports.snapshots.content import Content, TargetName


@dataclass(frozen=True, slots=True)
class FrozenLinks:
    """Addresses of the frozen explanations; stands where the pages of today's figures have their `Links`."""

    snapshot_id: int

    def explain(self, code: str, unit_code: str = "", **parameters: str) -> str:
        given = "&".join(f"{name}={value}" for name, value in {"don-vi": unit_code, **parameters}.items() if value)
        address = reverse("reports:snapshot_figure", args=[self.snapshot_id, code])
        return f"{address}?{given}" if given else address


@dataclass(frozen=True, slots=True)
class FrozenTarget:
    """One target's row; ``version`` says which wording of its rule was in force (H6)."""

    name: TargetName
    figure: TargetProgress
    cell: Cell
    version: str
    rule: tuple[tuple[str, str], ...]
    url: str


@dataclass(frozen=True, slots=True)
class SnapshotPage:
    snapshot: Snapshot
    clocks: str
    targets: tuple[FrozenTarget, ...]
    heat: tuple[HeatTable, ...]
    activities: int
    records: int

    @property
    def shows_adjusted(self) -> bool:
        """Whether somebody was left out of some figure (C8)."""
        return any(target.cell.adjusted for target in self.targets)


def snapshot_page(snapshot: Snapshot, content: Content) -> SnapshotPage:
    """The page of a snapshot whose content was opened: no query."""
    links = FrozenLinks(snapshot.pk)
    return SnapshotPage(
        snapshot=snapshot,
        clocks=clocks_text(content),
        targets=tuple(_target(content, figure, links) for figure in content.progress.targets),
        heat=heat_tables(content.progress, links),  # type: ignore[arg-type]  # the same question, another address
        activities=content.progress.activities_total,
        records=len(content.sources.records),
    )


def clocks_text(content: Content) -> str:
    """ "Phát sinh đến 31/10/2026, được duyệt đến 05/11/2026"."""
    return f"Phát sinh đến {date_short(content.as_of)}, được duyệt đến {date_short(content.approved_by)}"


def _target(content: Content, figure: TargetProgress, links: FrozenLinks) -> FrozenTarget:
    rule = figure.rule
    since = f", áp dụng từ {date_short(rule.effective_on)}" if rule.effective_on else ""
    return FrozenTarget(
        name=content.name(rule.code),
        figure=figure,
        cell=figure.commune,
        version=f"Phiên bản {rule.version}{since}",
        rule=rule_rows(rule),
        url=links.explain(rule.code),
    )
