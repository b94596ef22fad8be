"""Birth dates are read day first. A column that only makes sense month first is asked for, never guessed."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from campaigns.importers.understanding.asking import Answers, Question
from campaigns.importers.understanding.shapes import Doubtful
from hbs_portal.lib.importing import SourceRow
from hbs_portal.lib.text import nfc

_TEXT_DAY = re.compile(r"\s*(\d{1,2})\s*([/.-])\s*(\d{1,2})\s*\2\s*(\d{4})\s*")
_MONTHS = 12
_DAYS = 31
_SAMPLE_SIZE = 5
_FEWEST_TURNED = 3
UNCLEAR_ORDER = (
    "Chưa rõ cột này ghi ngày trước hay tháng trước. Hãy trả lời câu hỏi về cột, hoặc ghi lại ngày/tháng/năm."
)
DAY_FIELDS = ("birth_date",)


def settle_day_order(sheet: str, rows: list[SourceRow], answers: Answers) -> tuple[list[SourceRow], list[Question]]:
    """Return the rows with their days in order, and what must be asked about them."""
    questions: list[Question] = []
    for name in DAY_FIELDS:
        if not _is_month_first([row.data.get(name) for row in rows]):
            continue
        if answers.month_first is None:
            questions.append(_question(sheet, name, rows))
        rows = [_settled(row, name, answers.month_first) for row in rows]
    return rows, questions


def _figures(cell: Any) -> tuple[int, int] | None:
    """The first two figures of a day in text."""
    found = _TEXT_DAY.fullmatch(nfc(cell)) if isinstance(cell, str) and not isinstance(cell, Doubtful) else None
    return (int(found[1]), int(found[3])) if found else None


def _is_month_first(cells: Iterable[Any]) -> bool:
    """Some have 13 to 31 in the second place, none has it in the first."""
    pairs = [pair for pair in map(_figures, cells) if pair]
    is_possible = any(first <= _MONTHS < second <= _DAYS for first, second in pairs)
    return is_possible and all(first <= _MONTHS for first, _ in pairs)


def _settled(row: SourceRow, name: str, month_first: bool | None) -> SourceRow:
    cell = row.data.get(name)
    pair = _figures(cell)
    if pair is None or not isinstance(cell, str) or month_first is False:
        return row
    value: Any = _turned(cell) if month_first else _in_doubt(cell, pair)
    data: Mapping[str, Any] = {**row.data, name: value}
    return replace(row, data=data)


def _turned(cell: str) -> date | str:
    """The day of a text that is written month first; what is no day then stays as it is, and becomes an error."""
    found = _TEXT_DAY.fullmatch(nfc(cell))
    if not found:
        return cell
    try:
        return date(int(found[4]), int(found[1]), int(found[3]))
    except ValueError:
        return cell


def _in_doubt(cell: str, pair: tuple[int, int]) -> str:
    """A text that could be either; where the second figure is no month, the usual error says so already."""
    return Doubtful(cell, UNCLEAR_ORDER) if pair[1] <= _MONTHS and pair[0] != pair[1] else cell


def turned_days_warning(sheet: str, rows: list[SourceRow]) -> Iterator[str]:
    """Warn where Excel may have turned days round: all that it took for dates could be, and the others could not."""
    for name in DAY_FIELDS:
        cells = [row.data.get(name) for row in rows]
        dates = [cell for cell in cells if isinstance(cell, date)]
        pairs = [pair for pair in map(_figures, cells) if pair]
        if len(dates) < _FEWEST_TURNED or not pairs:
            continue
        if all(day.day <= _MONTHS for day in dates) and all(first > _MONTHS for first, _ in pairs):
            heading = next((row.headings.get(name, "") for row in rows), "")
            yield (
                f"Trang “{sheet}”: có thể Excel đã đảo ngày và tháng trong cột “{heading}” (mọi ô kiểu ngày đều có "
                "ngày từ 1 đến 12, các ô khác là chữ). Hãy đối chiếu vài em trước khi nạp."
            )


def _question(sheet: str, name: str, rows: list[SourceRow]) -> Question:
    sample = [str(row.data[name]) for row in rows if (pair := _figures(row.data.get(name))) and pair[1] > _MONTHS]
    heading = next((row.headings.get(name, "") for row in rows), "")
    return Question(
        kind="month_first",
        sheet=sheet,
        text=(
            f"Cột “{heading}” của trang “{sheet}” có vẻ ghi tháng trước, ngày sau (ví dụ {sample[0]}). "
            "Có đúng vậy không?"
        ),
        options=(("true", "Đúng, tháng ghi trước"), ("false", "Không, ngày ghi trước; các ô này ghi sai")),
        sample=tuple(dict.fromkeys(sample))[:_SAMPLE_SIZE],
    )
