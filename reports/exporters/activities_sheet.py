"""Sheet "Hoạt động": what was done up to the as-of date and approved in time."""

from collections.abc import Sequence

from hbs_portal.lib.sheets.styles import CellValue, ColumnKind
from hbs_portal.lib.sheets.writing import Column, OfficialSheet
from hbs_portal.lib.text import date_short, number_text
from reports.exporters.edition import Edition
from reports.exporters.wording import NOT_APPLICABLE
from reports.papers.activities import ActivityRow

NAME = "Hoạt động"
PEOPLE, HOUSEHOLDS = "Người tham dự", "Hộ gia đình"


COLUMNS = (
    Column[ActivityRow]("STT", kind=ColumnKind.ORDINAL, width=5),
    Column[ActivityRow]("Ngày", lambda row: row.starts_on, ColumnKind.DATE, 10.5),
    Column[ActivityRow]("Hoạt động", lambda row: _title(row), width=32),
    Column[ActivityRow]("Đơn vị chủ trì", lambda row: row.host, width=21),
    Column[ActivityRow]("Phối hợp", lambda row: "; ".join(row.co_hosts) or NOT_APPLICABLE, width=18),
    Column[ActivityRow]("Nội dung", lambda row: _content(row), width=18),
    Column[ActivityRow]("Lượt", lambda row: row.people, ColumnKind.INT, 7, PEOPLE),
    Column[ActivityRow]("Người", lambda row: row.people, ColumnKind.INT, 7, PEOPLE),
    Column[ActivityRow]("Chưa định danh", lambda row: row.unnamed, ColumnKind.INT, 7.5, PEOPLE),
    Column[ActivityRow]("Lượt", lambda row: row.households, ColumnKind.INT, 7, HOUSEHOLDS),
    Column[ActivityRow]("Chưa định danh", lambda row: row.unnamed_households, ColumnKind.INT, 7.5, HOUSEHOLDS),
    Column[ActivityRow]("Minh chứng", lambda row: _evidence(row), ColumnKind.WORD, 10),
)


def activities_sheet(edition: Edition) -> OfficialSheet[ActivityRow]:
    """One row an activity, a joint one once (rule F3)."""
    rows = edition.activities
    return OfficialSheet(
        name=NAME,
        title=f"Các hoạt động đã thực hiện trong {edition.movement}",
        columns=COLUMNS,
        rows=rows,
        subtitles=(edition.clock_line,),
        totals=_totals(rows, edition),
        notes=_notes(edition),
    )


def _title(row: ActivityRow) -> str:
    """The name as it was entered; one that lasted says until when."""
    return row.title if row.starts_on == row.ends_on else f"{row.title} (đến ngày {date_short(row.ends_on)})"


def _content(row: ActivityRow) -> str:
    return f"{row.kind_label}: {'; '.join(row.topics)}" if row.topics else row.kind_label


def _evidence(row: ActivityRow) -> str:
    parts = [f"{row.photos} ảnh"] * bool(row.photos) + [f"{row.documents} tệp PDF"] * bool(row.documents)
    return "\n".join(parts) or "Chưa có"


def _totals(rows: Sequence[ActivityRow], edition: Edition) -> list[CellValue]:
    """Flows add up (rule G1), people do not: "Người" counts everybody once over all activities (C1)."""
    attendances, unnamed = sum(row.people for row in rows), sum(row.unnamed for row in rows)
    households = sum(row.households for row in rows)
    unnamed_households = sum(row.unnamed_households for row in rows)
    people = edition.subjects.people if edition.subjects else None
    heads = [attendances, people, unnamed, households, unnamed_households]
    return [None, None, f"Cộng: {number_text(len(rows))} hoạt động", None, None, None, *heads, None]


def _notes(edition: Edition) -> list[str]:
    return [
        "Ghi chú: “Lượt” là số lượt có tên; ở dòng cộng, “Người” tính mỗi người một lần dù dự nhiều hoạt động.",
        "“Chưa định danh” là số có mặt mà chưa có tên, không cộng vào lượt và người." + _households(edition),
    ]


def _households(edition: Edition) -> str:
    found = edition.subjects
    return f" Số hộ khác nhau có tên: {number_text(found.households)} hộ." if found else ""
