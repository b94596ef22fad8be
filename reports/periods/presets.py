"""Periods that administrations usually report on: they fill in a form, and nothing depends on them (rule G7).

The 15th-to-14th periods are those of Nghị định 09/2019/NĐ-CP, article 12.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

OFFICE_FAMILY = "Từ ngày 15 đến ngày 14"
ROMAN = ("I", "II", "III", "IV")
MONTHLY, QUARTERLY, HALF_YEARLY = 1, 3, 6


class Preset(NamedTuple):
    """`key` names it in an address, `family` is the heading under which it is offered."""

    key: str
    family: str
    name: str
    starts_on: date
    ends_on: date


def presets_for(starts_on: date, ends_on: date) -> list[Preset]:
    """The usual periods that end within these days (a campaign), family by family in the order of time."""
    years = range(starts_on.year, ends_on.year + 1)
    families = (_months, _quarters, _halves_and_years, _office_months, _office_quarters, _office_years, _school_years)
    found = (preset for family in families for year in years for preset in family(year))
    return [preset for preset in found if starts_on <= preset.ends_on <= ends_on]


def _months(year: int) -> Iterator[Preset]:
    for month in range(1, 13):
        first, last = date(year, month, 1), _last_day(year, month)
        yield Preset(f"thang-{year}-{month:02d}", "Theo tháng", f"Tháng {month}/{year}", first, last)


def _quarters(year: int) -> Iterator[Preset]:
    for place, name in enumerate(ROMAN):
        first, last = date(year, place * QUARTERLY + 1, 1), _last_day(year, (place + 1) * QUARTERLY)
        yield Preset(f"quy-{year}-{place + 1}", "Theo quý", f"Quý {name}/{year}", first, last)


def _halves_and_years(year: int) -> Iterator[Preset]:
    family, middle = "6 tháng, cả năm", _last_day(year, HALF_YEARLY)
    first, last = date(year, 1, 1), date(year, 12, 31)
    yield Preset(f"nua-nam-{year}-1", family, f"6 tháng đầu năm {year}", first, middle)
    yield Preset(f"nua-nam-{year}-2", family, f"6 tháng cuối năm {year}", middle + timedelta(days=1), last)
    yield Preset(f"nam-{year}", family, f"Năm {year}", first, last)


def _office_months(year: int) -> Iterator[Preset]:
    for month in range(1, 13):
        name = f"Tháng {month}/{year} (15 đến 14)"
        yield Preset(f"hc-thang-{year}-{month:02d}", OFFICE_FAMILY, name, *_office_span(year, month, MONTHLY))


def _office_quarters(year: int) -> Iterator[Preset]:
    for place, roman in enumerate(ROMAN):
        name = f"Quý {roman}/{year} (15 đến 14)"
        span = _office_span(year, (place + 1) * QUARTERLY, QUARTERLY)
        yield Preset(f"hc-quy-{year}-{place + 1}", OFFICE_FAMILY, name, *span)


def _office_years(year: int) -> Iterator[Preset]:
    """From 15 December on, through the 14th of the sixth, ninth and twelfth month."""
    for month in (6, 9, 12):
        months = f"{month} tháng năm {year}" if month < 12 else f"Năm {year}"
        name = f"{months} (15/12 đến 14/{month})"
        yield Preset(f"hc-nam-{year}-{month:02d}", OFFICE_FAMILY, name, *_office_span(year, month, month))


def _office_span(year: int, month: int, length: int) -> tuple[date, date]:
    """`length` months that end on the 14th of `month`."""
    index = year * 12 + month - 1 - length
    return date(index // 12, index % 12 + 1, 15), date(year, month, 14)


def _school_years(year: int) -> Iterator[Preset]:
    """The school year that ends in this year."""
    name = f"Năm học {year - 1}-{year}"
    yield Preset(f"nam-hoc-{year}", "Năm học", name, date(year - 1, 9, 5), date(year, 5, 31))


def _last_day(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
