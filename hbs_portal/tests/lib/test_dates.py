"""Trap 7 of vietnamese.md: dates in sheets and forms are read day first and never guessed."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.forms import DateField, DateInput
from django.utils import formats, translation

from hbs_portal.lib.dates import local_today, parse_day


@pytest.mark.parametrize(
    "value",
    [
        date(2015, 9, 5),
        datetime(2015, 9, 5, 13, 30),  # noqa: DTZ001 - a cell has no time zone
        datetime(2015, 9, 4, 18, 0, tzinfo=UTC),  # 5 September, one in the morning in Viet Nam
        "05/09/2015",
        "5/9/2015",
        "5-9-2015",
        "05.09.2015",
        "2015-09-05",
        "2015-09-05 00:00:00",
        " 05/09/2015\u00a0",
        42252,
        42252.0,
        "42252",
    ],
)
def test_trap_7_the_fifth_of_september_in_every_form(value: object) -> None:
    assert parse_day(value) == date(2015, 9, 5)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("30/02/2015", "Không có ngày 30/02/2015"),
        ("29/02/2015", "Không có ngày 29/02/2015"),
        ("09/15/2015", "Không có tháng 15"),
        ("05/09/15", "bốn chữ số"),
        ("2015", "Chỉ có năm 2015"),
        (2015, "Chỉ có năm 2015"),
        ("05/09-2015", "Không đọc được"),
        ("05/09", "Không đọc được"),
        ("hôm qua", "Không đọc được"),
        ("05/09/0215", "1900-2100"),
        ("00/09/2015", "Không có ngày 00/09/2015"),
        (12, "không phải là ngày"),
        (float("nan"), "không phải là ngày"),
        (float("inf"), "không phải là ngày"),
        (True, "Không đọc được"),
        ("", "Chưa có ngày"),
        (None, "Chưa có ngày"),
    ],
)
def test_trap_7_what_is_no_day_is_refused_with_a_sentence(value: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_day(value)


def test_a_leap_day_is_a_day() -> None:
    assert parse_day("29/02/2016") == date(2016, 2, 29)


def test_today_is_a_day_of_viet_nam(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 9, 4, 17, 30, tzinfo=UTC))
    assert local_today() == date(2026, 9, 5)


def test_trap_1_forms_read_day_first_and_browsers_dates() -> None:
    with translation.override("vi"):
        assert DateField().clean("05/09/2025") == date(2025, 9, 5)
        assert DateField().clean("2025-09-05") == date(2025, 9, 5)


def test_trap_1_a_two_digit_year_is_refused_by_forms() -> None:
    with translation.override("vi"), pytest.raises(ValidationError):
        DateField().clean("05/09/25")


def test_trap_1_dates_and_numbers_are_shown_in_vietnamese_form() -> None:
    with translation.override("vi"):
        assert formats.date_format(date(2025, 9, 5), "SHORT_DATE_FORMAT") == "05/09/2025"
        assert formats.number_format(1692, force_grouping=True) == "1.692"
        assert formats.number_format(2026) == "2026"
        assert formats.number_format("92.0") == "92,0"


def test_a_date_widget_of_a_browser_is_filled_with_iso() -> None:
    with translation.override("vi"):
        assert 'value="2025-09-05"' in DateInput(format="%Y-%m-%d").render("day", date(2025, 9, 5))
