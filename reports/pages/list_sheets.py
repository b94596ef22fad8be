"""Warning signs and samples to call back as sheets: what their pages show, row by row."""

from collections.abc import Iterable, Iterator, Sequence

from hbs_portal.lib.sheets.lists import ListColumn
from hbs_portal.lib.sheets.streaming import Value
from hbs_portal.lib.sheets.styles import ColumnKind
from hbs_portal.lib.text import date_short, number_text
from reports.pages.warning_signs import SignRow
from reports.selectors.callbacks import SampleRow

Row = Sequence[Value]
NUMBER = ListColumn("STT", ColumnKind.ORDINAL, 7)
SIGN_COLUMNS = (
    NUMBER,
    ListColumn("Dấu hiệu", width=28),
    ListColumn("Đơn vị", width=34),
    ListColumn("Nội dung", width=60),
    ListColumn("Bản ghi", width=60),
    ListColumn("Ngày gần nhất", ColumnKind.DATE, 14),
    ListColumn("Kết quả xem", width=22),
    ListColumn("Ghi chú", width=44),
    ListColumn("Người xem", width=26),
    ListColumn("Xem lúc", ColumnKind.DATE, 18),
)
CALLED_COLUMNS = (
    NUMBER,
    ListColumn("Họ và tên", width=30),
    ListColumn("Đơn vị, lớp hoặc địa chỉ", width=44),
    ListColumn("Điện thoại hộ", ColumnKind.CODE, 16),
    ListColumn("Kết quả", width=22),
    ListColumn("Ngày gọi", ColumnKind.DATE, 13),
    ListColumn("Ghi chú", width=44),
    ListColumn("Người ghi", width=26),
)


def sign_sheet_rows(rows: Iterable[SignRow]) -> Iterator[Row]:
    """The signs in the order of their page, with what was noted about each."""
    for number, row in enumerate(rows, start=1):
        sign, review = row.sign, row.review
        noted = (
            (review.get_outcome_display(), review.note, str(review.reviewed_by), review.reviewed_at)
            if review
            else ("Chưa xem", "", "", None)
        )
        yield number, str(sign.kind.label), "; ".join(row.units), sign.sentence, _records(row), sign.on, *noted


def called_sheet_rows(rows: Iterable[SampleRow]) -> Iterator[Row]:
    """Who is called back, in the order of the call sheet, and what they said."""
    for row in rows:
        entry = row.entry
        said = entry.get_outcome_display(), entry.called_on, entry.note, str(entry.recorded_by or "")
        yield entry.position, row.name, row.place, row.phone, *said


def _records(row: SignRow) -> str:
    lines = [f"{record.label}, {date_short(record.on)}" for record in row.records]
    if row.records_left_out:
        lines.append(f"và {number_text(row.records_left_out)} bản ghi khác")
    return "\n".join(lines)
