"""Sheet "Người được giúp": elderly and disadvantaged people who were helped, volunteers, by the unit that hosted."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from campaigns.choices import UnitKind
from hbs_portal.lib.sheets.styles import CellValue, ColumnKind
from hbs_portal.lib.sheets.writing import Column, GroupHeading, OfficialSheet
from hbs_portal.lib.text import number_text
from reports.exporters.edition import Edition
from reports.exporters.units_sheet import roman
from reports.papers.activities import ActivityRow

NAME = "Người được giúp"
HELPED = "Lượt người được giúp"


class HelpLine(NamedTuple):
    """What the activities of one host add up to (rule G1)."""

    name: str
    activities: int
    elderly: int
    disadvantaged: int
    volunteers: int
    households: int


COLUMNS = (
    Column[HelpLine]("STT", kind=ColumnKind.ORDINAL, width=5),
    Column[HelpLine]("Đơn vị chủ trì", lambda line: line.name, width=36),
    Column[HelpLine]("Số hoạt động", lambda line: line.activities, ColumnKind.INT, 11),
    Column[HelpLine]("Người cao tuổi", lambda line: line.elderly, ColumnKind.INT, 13, HELPED),
    Column[HelpLine]("Người có hoàn cảnh khó khăn", lambda line: line.disadvantaged, ColumnKind.INT, 16, HELPED),
    Column[HelpLine]("Lượt tình nguyện viên", lambda line: line.volunteers, ColumnKind.INT, 13),
    Column[HelpLine]("Lượt hộ có tên", lambda line: line.households, ColumnKind.INT, 11),
)


def helped_sheet(edition: Edition) -> OfficialSheet[HelpLine] | None:
    """Hosts whose activities helped somebody or had volunteers, by kind of unit; a joint activity once (F3).

    None in the paper of a unit that has nothing to tell here.
    """
    rows = [row for row in edition.activities if row.elderly or row.disadvantaged or row.volunteers]
    if edition.unit and not rows:
        return None
    return OfficialSheet(
        name=NAME,
        title=f"Người được giúp trong {edition.movement}",
        columns=COLUMNS,
        rows=list(_rows(edition, rows)),
        subtitles=(edition.clock_line,),
        totals=_totals(rows),
        notes=tuple(_notes(edition, rows)),
    )


def _rows(edition: Edition, rows: Sequence[ActivityRow]) -> Iterator[HelpLine | GroupHeading]:
    by_host: dict[int, list[ActivityRow]] = defaultdict(list)
    for row in rows:
        by_host[row.host_id].append(row)
    hosts = [unit for unit in edition.content.facts.units if unit.id in by_host]
    kinds = [kind for kind in UnitKind if any(unit.kind == kind for unit in hosts)]
    for number, kind in enumerate(kinds, start=1):
        yield GroupHeading(roman(number), str(kind.label))
        yield from (_line(unit.name, by_host[unit.id]) for unit in hosts if unit.kind == kind)


def _line(name: str, rows: Sequence[ActivityRow]) -> HelpLine:
    return HelpLine(
        name,
        activities=len(rows),
        elderly=sum(row.elderly for row in rows),
        disadvantaged=sum(row.disadvantaged for row in rows),
        volunteers=sum(row.volunteers for row in rows),
        households=sum(row.households for row in rows),
    )


def _totals(rows: Sequence[ActivityRow]) -> list[CellValue]:
    whole = _line("Cộng", rows)
    return [None if column.kind is ColumnKind.ORDINAL else column.getter(whole) for column in COLUMNS]


def _notes(edition: Edition, rows: Sequence[ActivityRow]) -> Iterator[str]:
    if edition.activities and not edition.content.sources.sessions:
        yield "Bản chốt này được ghi trước khi cổng giữ số người được giúp, nên biểu này không có số."
    yield (
        f"Ghi chú: {number_text(len(rows))} hoạt động có ghi người được giúp hoặc tình nguyện viên. Đây là lượt, không "
        "có tên, một người được giúp hai lần là hai lượt; không cộng vào số người của chỉ tiêu nào."
    )
