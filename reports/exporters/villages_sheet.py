"""Sheet "Hộ gia đình": villages with their households in two tiers, reached and passed (rules E1, E2)."""

from collections.abc import Iterator
from typing import NamedTuple

from campaigns.choices import Qualifier
from hbs_portal.lib.sheets.styles import CellValue, ColumnKind
from hbs_portal.lib.sheets.writing import Column, GroupHeading, OfficialSheet
from reports.exporters.edition import Edition
from reports.exporters.units_sheet import WHOLE, roman
from reports.exporters.wording import (
    denominator_value,
    numerator_value,
    percent_fraction,
    percent_value,
    verdict_word,
)
from reports.progress import Cell, CellState, TargetProgress, TargetRule, Tier

NAME = "Hộ gia đình"
REACHED, PASSED = "Đã tiếp cận", "Đạt kiểm tra năm kỹ năng"


class VillageLine(NamedTuple):
    name: str
    cell: Cell
    tier: Tier | None
    rule: TargetRule

    @property
    def reached(self) -> Tier | None:
        """None where nothing was reported: that is not 0 (rule B1)."""
        return self.tier if self.tier and (self.tier.n or self.cell.has_value) else None


COLUMNS = (
    Column[VillageLine]("STT", kind=ColumnKind.ORDINAL, width=5),
    Column[VillageLine]("Thôn", lambda line: line.name, width=30),
    Column[VillageLine]("Tổng số hộ", lambda line: denominator_value(line.cell), ColumnKind.INT, 9),
    Column[VillageLine]("Số hộ", lambda line: line.reached.n if line.reached else None, ColumnKind.INT, 9, REACHED),
    Column[VillageLine]("Tỷ lệ", lambda line: _tier_share(line.reached), ColumnKind.PERCENT, 10, REACHED),
    Column[VillageLine]("Số hộ", lambda line: numerator_value(line.cell), ColumnKind.INT, 9, PASSED),
    Column[VillageLine]("Tỷ lệ", lambda line: percent_value(line.cell, line.rule), ColumnKind.PERCENT, 10, PASSED),
    Column[VillageLine]("Còn thiếu", lambda line: line.cell.missing, ColumnKind.INT, 9),
    Column[VillageLine]("Đánh giá", lambda line: verdict_word(line.cell), ColumnKind.WORD, 14),
)


def villages_sheet(edition: Edition) -> OfficialSheet[VillageLine] | None:
    """None where the plan has no target of households."""
    targets = [target for target in edition.progress.targets if target.rule.qualifier == Qualifier.HOUSEHOLD_CHECK]
    if not targets:
        return None
    return OfficialSheet(
        name=NAME,
        title=f"Kết quả hộ gia đình theo thôn {edition.movement}",
        columns=COLUMNS,
        rows=list(_rows(targets)),
        subtitles=(edition.clock_line,),
        totals=_totals(targets[0]) if len(targets) == 1 else None,
        notes=(
            "Ghi chú: “Đã tiếp cận” là hộ có mặt ở hoạt động, được thăm hoặc được kiểm tra, chỉ để tham khảo; chỉ hộ "
            "đạt kiểm tra đủ năm kỹ năng mới được tính vào chỉ tiêu. “Còn thiếu” là số hộ cần thêm để đạt chỉ tiêu.",
        ),
    )


def _rows(targets: list[TargetProgress]) -> Iterator[VillageLine | GroupHeading]:
    for number, target in enumerate(targets, start=1):
        if len(targets) > 1:
            yield GroupHeading(roman(number), f"{target.rule.code}. {target.rule.clause}")
            yield VillageLine(WHOLE, target.commune, target.second_tier, target.rule)
        for row in target.units:
            if row.cell.state != CellState.NOT_APPLICABLE:
                yield VillageLine(row.unit.name, row.cell, row.second_tier, target.rule)


def _totals(target: TargetProgress) -> list[CellValue]:
    whole = VillageLine(WHOLE, target.commune, target.second_tier, target.rule)
    return [None if column.kind is ColumnKind.ORDINAL else column.getter(whole) for column in COLUMNS]


def _tier_share(tier: Tier | None) -> CellValue:
    return percent_fraction(tier.n, tier.d) if tier and tier.d else None
