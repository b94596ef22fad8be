"""A reporting period as people read it: from frozen figures where it is closed (rule G8), else from today's."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.http import QueryDict
from django.utils.text import capfirst

from campaigns.models import Campaign
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.text import date_short
from reports.models import ReportingPeriod, Snapshot
from reports.models.periods import PeriodMode
from reports.pages.links import Links
from reports.periods.flows import FigureFlows, Flow, PeriodFlows, TargetFlows
from reports.progress import Progress, TargetProgress
from reports.progress.facts import Facts, UnitFact
from reports.progress.numbers import grouped
from reports.selectors import read_progress
from reports.selectors.clocks import Clocks
from reports.selectors.periods import closing_snapshot
from reports.services.period_flows import flows_of
from reports.services.snapshots import open_snapshot
from reports.snapshots.canonical import ContentError
from reports.snapshots.content import Content

#: What a change of the clocks sets anew; the page of a list starts again.
CLOCK_PARAMETERS = ("ngay", "duyet", "trang")


@dataclass(frozen=True, slots=True)
class TargetNames:
    """How a target was called when the figures were drawn."""

    code: str
    short_name: str
    noun: str


@dataclass(frozen=True, slots=True)
class FlowRow:
    """One line of a table: what is counted, and the four numbers."""

    label: str
    flow: Flow


@dataclass(frozen=True, slots=True)
class TargetBlock:
    """A target in the period: its closing figure, the flows of the commune (`note`: the part that came with the list),
    and those of the units."""

    names: TargetNames
    figure: TargetProgress
    url: str
    rows: tuple[FlowRow, ...] = ()
    note: str = ""
    units: tuple[tuple[UnitFact, FigureFlows], ...] = ()


@dataclass(frozen=True, slots=True)
class PeriodPage:
    """`snapshot` is what a closed period shows; `refusal` stands instead of figures before the period has begun."""

    period: ReportingPeriod
    snapshot: Snapshot | None
    clock_line: str
    blocks: tuple[TargetBlock, ...]
    activities: Flow | None
    opening_note: str
    refusal: str = ""

    @property
    def tells_flows(self) -> bool:
        return self.period.mode == PeriodMode.IN_PERIOD


@dataclass(frozen=True, slots=True)
class _Figures:
    """One reading, live or frozen, in one shape."""

    progress: Progress
    facts: Facts
    names: tuple[TargetNames, ...]


def period_page(period: ReportingPeriod) -> PeriodPage:
    """Everything the page of a period shows, in a number of queries that does not depend on rows.

    Raises ProgressError where the records contradict each other. Where a seal does not fit, the page says so.
    """
    snapshot = closing_snapshot(period) if period.is_closed else None
    try:
        if snapshot is not None:
            return _page(period, _frozen(open_snapshot(snapshot)), snapshot)
    except ContentError as error:
        return PeriodPage(period, snapshot, "", (), None, "", str(error))
    return _open_page(period)


def _open_page(period: ReportingPeriod) -> PeriodPage:
    if period.starts_on > local_today():
        refusal = f"Kỳ bắt đầu ngày {date_short(period.starts_on)}. Từ ngày đó, trang này có số liệu của kỳ."
        return PeriodPage(period, None, "", (), None, "", refusal)
    return _page(period, _live(period.campaign, min(period.ends_on, local_today())), None)


def _frozen(content: Content) -> _Figures:
    names = (TargetNames(row.code, row.short_name, row.noun) for row in content.names)
    return _Figures(content.progress, content.facts, tuple(names))


def _live(campaign: Campaign, as_of: date) -> _Figures:
    reading = read_progress(campaign, Clocks(as_of, local_today()))
    names = (TargetNames(target.code, target.short_name, target.noun) for target in reading.targets)
    return _Figures(reading.progress, reading.facts, tuple(names))


def _page(period: ReportingPeriod, figures: _Figures, snapshot: Snapshot | None) -> PeriodPage:
    flows = flows_of(period, figures.progress, figures.facts, snapshot) if period.mode == PeriodMode.IN_PERIOD else None
    return PeriodPage(
        period=period,
        snapshot=snapshot,
        clock_line=_clock_line(figures.progress),
        blocks=tuple(_blocks(figures, flows, _links(figures.progress))),
        activities=flows.activities if flows else None,
        opening_note=_opening_note(period, flows) if flows else "",
    )


def _links(progress: Progress) -> Links:
    return Links({"ngay": progress.as_of, "duyet": progress.approved_by})


def _blocks(figures: _Figures, flows: PeriodFlows | None, links: Links) -> Iterator[TargetBlock]:
    of_target = {row.rule.code: row for row in flows.targets} if flows else {}
    for names in figures.names:
        figure, url = figures.progress.target(names.code), links.explain(names.code)
        if flows is None:
            yield TargetBlock(names, figure, url)
        else:
            found = of_target[names.code]
            note = _list_note(found.commune, names.noun)
            yield TargetBlock(names, figure, url, tuple(_rows(names, found)), note, found.units)


def _rows(names: TargetNames, target: TargetFlows) -> Iterator[FlowRow]:
    yield FlowRow(capfirst(names.noun), target.commune.reached)
    for label, flow in (("Hoạt động", target.activities), ("Lượt", target.commune.attendances)):
        if flow is not None and any(flow):
            yield FlowRow(label, flow)


def _list_note(figure: FigureFlows, noun: str) -> str:
    """Of what the period added: who was newly reached, and who came or went with the list (rule C5)."""
    if figure.newly is None or not figure.list_change:
        return ""
    moved = "từ trước nay vào danh sách" if figure.list_change > 0 else "nay rời danh sách"
    change = f"{grouped(abs(figure.list_change))} {noun} đã được tính {moved}"
    return f"Trong số phát sinh: {grouped(figure.newly)} {noun} mới được tính, {change}."


def _opening_note(period: ReportingPeriod, flows: PeriodFlows) -> str:
    if not period.restates_opening:
        return "Kỳ bắt đầu cùng kế hoạch nên số đầu kỳ là 0."
    if not flows.has_opening:
        return "Chưa có kỳ liền trước đã khóa, nên số đầu kỳ lấy theo bản ghi hiện có và không có điều chỉnh kỳ trước."
    return "Điều chỉnh kỳ trước: việc của các ngày trước kỳ mà được duyệt, sửa hoặc rút sau khi kỳ trước đã khóa."


def _clock_line(progress: Progress) -> str:
    as_of, approved_by = date_short(progress.as_of), date_short(progress.approved_by)
    return f"Số liệu phát sinh đến {as_of}, được duyệt đến {approved_by}"


class PeriodShortcut(NamedTuple):
    """A period as a choice of the two clocks, as the query of an address."""

    name: str
    query: str


def shortcuts(periods: list[ReportingPeriod], parameters: QueryDict) -> list[PeriodShortcut]:
    """The periods that have begun, the latest first; the other parameters of the page are kept.

    The figures are those of the last day; of a closed period as they were known on the day of closing.
    """
    begun = (period for period in periods if period.starts_on <= local_today())
    return [PeriodShortcut(period.name, _clock_query(period, parameters)) for period in begun]


def _clock_query(period: ReportingPeriod, parameters: QueryDict) -> str:
    chosen = parameters.copy()
    for name in CLOCK_PARAMETERS:
        chosen.pop(name, None)
    chosen["ngay"] = min(period.ends_on, local_today()).isoformat()
    if period.closed_on:
        chosen["duyet"] = period.closed_on.isoformat()
    return f"?{chosen.urlencode()}"
