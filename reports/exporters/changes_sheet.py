"""Sheet "Thay đổi": every figure that differs from the figures frozen before, with the reasons that add up to it."""

from collections.abc import Iterator
from typing import NamedTuple

from hbs_portal.lib.sheets.styles import CellValue, ColumnKind
from hbs_portal.lib.sheets.writing import Column, GroupHeading, OfficialSheet
from hbs_portal.lib.text import date_short
from reports.exporters.edition import Edition, Previous
from reports.exporters.units_sheet import WHOLE, roman
from reports.exporters.wording import denominator_value, numerator_value, percent_value
from reports.papers.changes import ChangedTarget, changed_targets, reasons_in_words
from reports.progress import Cell, TargetRule
from reports.snapshots.comparing import CellChange

NAME = "Thay đổi"
BEFORE, AFTER, DIFFERENCE = "Lần chốt trước", "Lần này", "Chênh lệch"


class ChangeLine(NamedTuple):
    name: str
    change: CellChange
    old_rule: TargetRule | None
    new_rule: TargetRule | None


def _value(cell: Cell | None, value: object) -> CellValue:
    return None if cell is None else value(cell)  # type: ignore[operator]


def _share(cell: Cell | None, rule: TargetRule | None) -> CellValue:
    return percent_value(cell, rule) if cell and rule else None


COLUMNS = (
    Column[ChangeLine]("STT", kind=ColumnKind.ORDINAL, width=5),
    Column[ChangeLine]("Đơn vị", lambda line: line.name, width=26),
    Column[ChangeLine](
        "Tổng số", lambda line: _value(line.change.before, denominator_value), ColumnKind.INT, 8, BEFORE
    ),
    Column[ChangeLine]("Đã đạt", lambda line: _value(line.change.before, numerator_value), ColumnKind.INT, 8, BEFORE),
    Column[ChangeLine]("Tỷ lệ", lambda line: _share(line.change.before, line.old_rule), ColumnKind.PERCENT, 9, BEFORE),
    Column[ChangeLine]("Tổng số", lambda line: _value(line.change.after, denominator_value), ColumnKind.INT, 8, AFTER),
    Column[ChangeLine]("Đã đạt", lambda line: _value(line.change.after, numerator_value), ColumnKind.INT, 8, AFTER),
    Column[ChangeLine]("Tỷ lệ", lambda line: _share(line.change.after, line.new_rule), ColumnKind.PERCENT, 9, AFTER),
    Column[ChangeLine](
        "Tổng số", lambda line: sum(row.dd for row in line.change.reasons), ColumnKind.INT, 8, DIFFERENCE
    ),
    Column[ChangeLine](
        "Đã đạt", lambda line: sum(row.dn for row in line.change.reasons), ColumnKind.INT, 8, DIFFERENCE
    ),
    Column[ChangeLine]("Nguyên nhân", lambda line: reasons_in_words(line.change), width=42),
)


def changes_sheet(edition: Edition) -> OfficialSheet[ChangeLine] | None:
    """None where nothing was frozen before."""
    previous = edition.previous
    if previous is None:
        return None
    targets = changed_targets(previous.content, edition.content)
    changed = {target.code for target in targets}
    return OfficialSheet(
        name=NAME,
        title=f"Thay đổi số liệu so với lần chốt trước, {edition.movement}",
        columns=COLUMNS,
        rows=list(_rows(edition, previous, targets)),
        subtitles=(edition.clock_line, _previous_line(previous)),
        notes=tuple(_notes([rule.code for rule in edition.content.facts.rules if rule.code not in changed])),
    )


def _previous_line(previous: Previous) -> str:
    content = previous.content
    as_of, approved_by = date_short(content.as_of), date_short(content.approved_by)
    return f"(So với bản chốt {previous.seal.short}: phát sinh đến {as_of}, được duyệt đến {approved_by})"


def _rows(
    edition: Edition, previous: Previous, targets: tuple[ChangedTarget, ...]
) -> Iterator[ChangeLine | GroupHeading]:
    for number, target in enumerate(targets, start=1):
        suffix = " (quy tắc của chỉ tiêu đã thay đổi)" if target.is_rule_changed else ""
        yield GroupHeading(roman(number), f"{target.code}. {target.name}{suffix}")
        rules = previous.content.rule(target.code), edition.content.rule(target.code)
        for change in target.figures:
            yield ChangeLine(change.unit.name if change.unit else WHOLE, change, *rules)


def _notes(unchanged: list[str]) -> Iterator[str]:
    yield (
        "Ghi chú: chênh lệch bằng tổng các nguyên nhân; “điều chỉnh kỳ trước” là việc của những ngày mà lần chốt trước "
        "đã tính đến, nay mới được duyệt, sửa hoặc rút."
    )
    if unchanged:
        yield f"Không thay đổi: {', '.join(unchanged)}."
