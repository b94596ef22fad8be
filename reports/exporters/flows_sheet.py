"""Sheet "Trong kỳ": what a period added, and what was corrected of the time before it (rules G7, G8)."""

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.text import capfirst

from hbs_portal.lib.sheets.styles import ColumnKind
from hbs_portal.lib.sheets.writing import Column, GroupHeading, OfficialSheet
from hbs_portal.lib.text import date_short
from reports.exporters.edition import Edition, PeriodPart
from reports.exporters.units_sheet import WHOLE, roman
from reports.periods.flows import Flow, PeriodFlows, TargetFlows

NAME = "Trong kỳ"


class FlowLine(NamedTuple):
    place: str
    what: str
    flow: Flow
    newly: int | None


COLUMNS = (
    Column[FlowLine]("STT", kind=ColumnKind.ORDINAL, width=5),
    Column[FlowLine]("Đơn vị", lambda line: line.place, width=32),
    Column[FlowLine]("Nội dung", lambda line: line.what, ColumnKind.WORD, 16),
    Column[FlowLine]("Đầu kỳ", lambda line: line.flow.opening, ColumnKind.INT, 11),
    Column[FlowLine]("Điều chỉnh kỳ trước", lambda line: line.flow.adjustment, ColumnKind.INT, 12),
    Column[FlowLine]("Phát sinh trong kỳ", lambda line: line.flow.in_period, ColumnKind.INT, 12),
    Column[FlowLine]("Trong đó mới được tính", lambda line: line.newly, ColumnKind.INT, 13),
    Column[FlowLine]("Cuối kỳ", lambda line: line.flow.closing, ColumnKind.INT, 11),
)


def flows_sheet(edition: Edition) -> OfficialSheet[FlowLine] | None:
    """None where the figures are not those of a period that tells what happened in it."""
    period = edition.period
    if period is None or period.flows is None:
        return None
    return OfficialSheet(
        name=NAME,
        title=f"Số phát sinh trong kỳ {edition.movement}",
        columns=COLUMNS,
        rows=list(_rows(edition, period.flows)),
        subtitles=(_period_line(period), edition.clock_line),
        notes=tuple(_notes(period.flows)),
    )


def _period_line(period: PeriodPart) -> str:
    return f"({period.name}: từ {date_short(period.starts_on)} đến {date_short(period.ends_on)})"


def _rows(edition: Edition, flows: PeriodFlows) -> Iterator[FlowLine | GroupHeading]:
    for number, target in enumerate(flows.targets, start=1):
        name = edition.content.name(target.rule.code)
        yield GroupHeading(roman(number), f"{name.code}. {name.short_name}")
        yield from _target_rows(target, capfirst(name.noun))


def _target_rows(target: TargetFlows, noun: str) -> Iterator[FlowLine]:
    yield FlowLine(WHOLE, noun, target.commune.reached, target.commune.newly)
    for what, flow in (("Hoạt động", target.activities), ("Lượt", target.commune.attendances)):
        if flow is not None and any(flow):
            yield FlowLine(WHOLE, what, flow, None)
    for unit, figure in target.units:
        yield FlowLine(unit.name, noun, figure.reached, figure.newly)


def _notes(flows: PeriodFlows) -> Iterator[str]:
    yield (
        "Ghi chú: đầu kỳ + điều chỉnh kỳ trước + phát sinh trong kỳ = cuối kỳ. “Mới được tính” là người, hộ, đơn vị "
        "lần đầu đủ điều kiện trong kỳ; phần còn lại của số phát sinh là do vào hoặc ra khỏi danh sách."
    )
    if not flows.has_opening:
        yield "Không có kỳ liền trước đã khóa, nên số đầu kỳ lấy theo hồ sơ và không có điều chỉnh kỳ trước."
