"""Sheet "Hoạt động": what was done up to the as-of date and approved in time."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from campaigns.choices import Group
from hbs_portal.lib.sheets.styles import CellValue, ColumnKind
from hbs_portal.lib.sheets.writing import Column, OfficialSheet
from hbs_portal.lib.text import date_short, number_text
from reports.exporters.edition import Edition
from reports.exporters.wording import NOT_APPLICABLE
from reports.progress.facts import AudienceFact
from reports.progress.lookup import unnamed_heads
from reports.selectors.activity_rows import ActivityRow

NAME = "Hoạt động"
PEOPLE, HOUSEHOLDS = "Người tham dự", "Hộ gia đình"


class ActivityLine(NamedTuple):
    """An activity and its audience. Named and unnamed, people and households are never added together (D1, E1)."""

    row: ActivityRow
    people: int
    unnamed: int
    households: int
    unnamed_households: int


COLUMNS = (
    Column[ActivityLine]("STT", kind=ColumnKind.ORDINAL, width=5),
    Column[ActivityLine]("Ngày", lambda line: line.row.activity.starts_on, ColumnKind.DATE, 10.5),
    Column[ActivityLine]("Hoạt động", lambda line: _title(line.row), width=32),
    Column[ActivityLine]("Đơn vị chủ trì", lambda line: line.row.host, width=21),
    Column[ActivityLine]("Phối hợp", lambda line: "; ".join(line.row.co_hosts) or NOT_APPLICABLE, width=18),
    Column[ActivityLine]("Nội dung", lambda line: _content(line.row), width=18),
    Column[ActivityLine]("Lượt", lambda line: line.people, ColumnKind.INT, 7, PEOPLE),
    Column[ActivityLine]("Người", lambda line: line.people, ColumnKind.INT, 7, PEOPLE),
    Column[ActivityLine]("Chưa định danh", lambda line: line.unnamed, ColumnKind.INT, 7.5, PEOPLE),
    Column[ActivityLine]("Lượt", lambda line: line.households, ColumnKind.INT, 7, HOUSEHOLDS),
    Column[ActivityLine]("Chưa định danh", lambda line: line.unnamed_households, ColumnKind.INT, 7.5, HOUSEHOLDS),
    Column[ActivityLine]("Minh chứng", lambda line: _evidence(line.row), ColumnKind.WORD, 10),
)


def activities_sheet(edition: Edition) -> OfficialSheet[ActivityLine]:
    """One row an activity, a joint one once (rule F3)."""
    lines = activity_lines(edition)
    return OfficialSheet(
        name=NAME,
        title=f"Các hoạt động đã thực hiện trong {edition.movement}",
        columns=COLUMNS,
        rows=lines,
        subtitles=(edition.clock_line,),
        totals=_totals(lines, edition),
        notes=_notes(edition),
        extra_head_lines=edition.head_lines,
    )


def activity_lines(edition: Edition) -> list[ActivityLine]:
    """The activities with the heads that the engine's facts hold for them."""
    audiences: dict[int, list[AudienceFact]] = defaultdict(list)
    for fact in edition.reading.facts.audiences:
        audiences[fact.activity_id].append(fact)
    return [_line(row, audiences[row.id]) for row in edition.activities]


def _line(row: ActivityRow, audience: Iterable[AudienceFact]) -> ActivityLine:
    facts = list(audience)
    people = [fact for fact in facts if fact.group != Group.HOUSEHOLD]
    households = [fact for fact in facts if fact.group == Group.HOUSEHOLD]
    return ActivityLine(
        row,
        people=sum(fact.named for fact in people),
        unnamed=sum(map(unnamed_heads, people)),
        households=sum(fact.named for fact in households),
        unnamed_households=sum(map(unnamed_heads, households)),
    )


def _title(row: ActivityRow) -> str:
    """The name as it was entered; one that lasted says until when."""
    first, last = row.activity.starts_on, row.activity.ends_on
    return row.activity.title if first == last else f"{row.activity.title} (đến ngày {date_short(last)})"


def _content(row: ActivityRow) -> str:
    return f"{row.kind}: {'; '.join(row.topics)}" if row.topics else row.kind


def _evidence(row: ActivityRow) -> str:
    parts = [f"{row.photos} ảnh"] * bool(row.photos) + [f"{row.documents} tệp PDF"] * bool(row.documents)
    return "\n".join(parts) or "Chưa có"


def _totals(lines: list[ActivityLine], edition: Edition) -> list[CellValue]:
    """Flows add up (rule G1), people do not: "Người" counts everybody once over all activities (C1)."""
    attendances, unnamed = sum(line.people for line in lines), sum(line.unnamed for line in lines)
    households = sum(line.households for line in lines)
    unnamed_households = sum(line.unnamed_households for line in lines)
    heads = [attendances, edition.subjects.people, unnamed, households, unnamed_households]
    return [None, None, f"Cộng: {number_text(len(lines))} hoạt động", None, None, None, *heads, None]


def _notes(edition: Edition) -> list[str]:
    households = number_text(edition.subjects.households)
    return [
        "Ghi chú: “Lượt” là số lượt có tên; ở dòng cộng, “Người” tính mỗi người một lần dù dự nhiều hoạt động.",
        "“Chưa định danh” là số có mặt mà chưa có tên, không cộng vào lượt và người. "
        f"Số hộ khác nhau có tên: {households} hộ.",
    ]
