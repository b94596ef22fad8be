"""Days as sheets and forms write them, read day first; never guessed."""

import re
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from hbs_portal.lib.text import nfc

_EXAMPLE = "Hãy ghi ngày/tháng/năm, ví dụ 05/09/2015."
_DAY_FIRST = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d+)")
_YEAR_FIRST = re.compile(r"(\d{4})([/-])(\d{1,2})\2(\d{1,2})")
_MIDNIGHT = re.compile(r"[ T]0?0:00(:00(\.0+)?)?$")
_EXCEL_EPOCH = date(1899, 12, 30)
_YEARS = range(1900, 2101)
_SERIALS = range(_YEARS.stop, 73_415)  # 1905 to 2100 in days of Excel; smaller numbers are years


def local_today() -> date:
    """Return today's date in Viet Nam (rule G7: dates are local dates of Asia/Ho_Chi_Minh)."""
    return timezone.localdate()


def start_of_day(day: date) -> datetime:
    """Return the first moment of a local day, to compare stored moments with."""
    return timezone.make_aware(datetime.combine(day, time.min))


def parse_day(value: object) -> date:
    """Return the day that a cell or a field holds.

    Takes date, datetime, an Excel serial number, and text d/m/yyyy, d-m-yyyy, d.m.yyyy or yyyy-mm-dd.
    Raises ValueError with a Vietnamese sentence for anything else: 30/02, a two-digit year, a bare year, month first.
    """
    if isinstance(value, datetime):
        return timezone.localdate(value) if timezone.is_aware(value) else value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_number(value)
    return _from_text("" if value is None else str(value))


def _from_number(number: int | float) -> date:
    if number in _YEARS:
        raise ValueError(f"Chỉ có năm {number:.0f}, thiếu ngày và tháng. {_EXAMPLE}")
    if not _SERIALS.start <= number < _SERIALS.stop:
        raise ValueError(f"Số {number:g} không phải là ngày. {_EXAMPLE}")
    return _EXCEL_EPOCH + timedelta(days=int(number))


def _from_text(text: str) -> date:
    text = _MIDNIGHT.sub("", nfc(text))
    if not text:
        raise ValueError(f"Chưa có ngày. {_EXAMPLE}")
    if re.fullmatch(r"\d{4,5}(\.0+)?", text):
        return _from_number(float(text))
    if found := _YEAR_FIRST.fullmatch(text):
        return _build(day=found[4], month=found[3], year=found[1])
    if found := _DAY_FIRST.fullmatch(text):
        return _build(day=found[1], month=found[3], year=found[4])
    raise ValueError(f"Không đọc được “{text[:40]}” là ngày. {_EXAMPLE}")


def _build(*, day: str, month: str, year: str) -> date:
    if len(year) != 4:
        raise ValueError(f"Năm phải ghi đủ bốn chữ số. {_EXAMPLE}")
    if int(year) not in _YEARS:
        raise ValueError(f"Năm {year} nằm ngoài khoảng 1900-2100. {_EXAMPLE}")
    if not 1 <= int(month) <= 12:
        raise ValueError(f"Không có tháng {month}. Ngày ghi trước, tháng ghi sau, ví dụ 05/09/2015.")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise ValueError(f"Không có ngày {day}/{month}/{year} trong lịch. Hãy kiểm tra lại ngày và tháng.") from None
