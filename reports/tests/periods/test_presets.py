"""Usual periods fill a form: calendar ones, those from the 15th to the 14th, and the school year (rule G7)."""

from datetime import date
from itertools import pairwise

import pytest

from reports.periods.presets import presets_for

YEAR = presets_for(date(2026, 1, 1), date(2026, 12, 31))


def span(name: str) -> tuple[date, date]:
    return next((preset.starts_on, preset.ends_on) for preset in YEAR if preset.name == name)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Tháng 2/2026", date(2026, 2, 1), date(2026, 2, 28)),
        ("Tháng 12/2026", date(2026, 12, 1), date(2026, 12, 31)),
        ("Quý III/2026", date(2026, 7, 1), date(2026, 9, 30)),
        ("6 tháng đầu năm 2026", date(2026, 1, 1), date(2026, 6, 30)),
        ("6 tháng cuối năm 2026", date(2026, 7, 1), date(2026, 12, 31)),
        ("Năm 2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("Tháng 1/2026 (15 đến 14)", date(2025, 12, 15), date(2026, 1, 14)),
        ("Tháng 3/2026 (15 đến 14)", date(2026, 2, 15), date(2026, 3, 14)),
        ("Quý I/2026 (15 đến 14)", date(2025, 12, 15), date(2026, 3, 14)),
        ("Quý IV/2026 (15 đến 14)", date(2026, 9, 15), date(2026, 12, 14)),
        ("6 tháng năm 2026 (15/12 đến 14/6)", date(2025, 12, 15), date(2026, 6, 14)),
        ("9 tháng năm 2026 (15/12 đến 14/9)", date(2025, 12, 15), date(2026, 9, 14)),
        ("Năm 2026 (15/12 đến 14/12)", date(2025, 12, 15), date(2026, 12, 14)),
        ("Năm học 2025-2026", date(2025, 9, 5), date(2026, 5, 31)),
    ],
)
def test_g7_the_usual_periods_have_their_days(name, first, last):
    assert span(name) == (first, last)


def test_every_preset_has_a_key_of_its_own_and_ends_within_the_campaign():
    assert len({preset.key for preset in YEAR}) == len(YEAR)
    assert all(date(2026, 1, 1) <= preset.ends_on <= date(2026, 12, 31) for preset in YEAR)


def test_calendar_months_follow_each_other_without_gap():
    months = [preset for preset in YEAR if preset.family == "Theo tháng"]
    assert len(months) == 12
    assert all((after.starts_on - before.ends_on).days == 1 for before, after in pairwise(months))


def test_a_campaign_over_two_years_is_offered_the_periods_of_both():
    found = presets_for(date(2026, 9, 1), date(2027, 5, 31))
    assert {"Tháng 12/2026", "Tháng 1/2027", "Năm học 2026-2027"} <= {preset.name for preset in found}
