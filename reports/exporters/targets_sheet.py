"""Sheet "Chỉ tiêu": the plan's targets against what was reached, for the commune."""

from typing import NamedTuple

from campaigns.models import Target
from hbs_portal.lib.sheets.styles import ColumnKind
from hbs_portal.lib.sheets.writing import Column, OfficialSheet
from reports.exporters.edition import Edition
from reports.exporters.wording import (
    denominator_value,
    numerator_value,
    percent_value,
    plan_word,
    remarks,
    verdict_word,
)
from reports.progress import TargetProgress

NAME = "Chỉ tiêu"
DONE = "Thực hiện"


class TargetLine(NamedTuple):
    target: Target
    figures: TargetProgress


COLUMNS = (
    Column[TargetLine]("STT", kind=ColumnKind.ORDINAL, width=5),
    Column[TargetLine]("Chỉ tiêu", lambda line: f"{line.target.code}. {line.target.clause}", width=40),
    Column[TargetLine]("Đơn vị tính", lambda line: line.target.noun, ColumnKind.WORD, 8),
    Column[TargetLine]("Kế hoạch", lambda line: plan_word(line.target), ColumnKind.WORD, 15),
    Column[TargetLine]("Tổng số", lambda line: denominator_value(line.figures.commune), ColumnKind.INT, 8, DONE),
    Column[TargetLine]("Đã đạt", lambda line: numerator_value(line.figures.commune), ColumnKind.INT, 8, DONE),
    Column[TargetLine](
        "Tỷ lệ", lambda line: percent_value(line.figures.commune, line.figures.rule), ColumnKind.PERCENT, 9.5, DONE
    ),
    Column[TargetLine]("Đánh giá", lambda line: verdict_word(line.figures.commune), ColumnKind.WORD, 12),
    Column[TargetLine]("Ghi chú", lambda line: "\n".join(remarks(line.target, line.figures)), width=42),
)


def targets_sheet(edition: Edition) -> OfficialSheet[TargetLine]:
    """One row a target, in the plan's order."""
    return OfficialSheet(
        name=NAME,
        title=f"Kết quả thực hiện chỉ tiêu {edition.movement}",
        columns=COLUMNS,
        rows=[TargetLine(*pair) for pair in edition.figures],
        subtitles=(edition.clock_line,),
        is_one_page=True,
    )
