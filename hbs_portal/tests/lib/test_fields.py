"""The one day field: day first for every eye, whatever wrote the day."""

import re
from datetime import date
from pathlib import Path

import pytest
from django import forms

from hbs_portal.lib.fields import DayField

ROOT = Path(__file__).resolve().parents[3]
SOURCES = [
    path
    for pattern in (
        "templates/**/*.html",
        "accounts/**/*.py",
        "campaigns/**/*.py",
        "training/**/*.py",
        "reports/**/*.py",
    )
    for path in ROOT.glob(pattern)
    if "tests" not in path.parts
]


class DayForm(forms.Form):
    day = DayField(required=False)


def test_a_day_field_is_a_line_of_text_that_says_how_a_day_is_written():
    shown = str(DayForm(initial={"day": date(2026, 9, 5)})["day"])
    assert 'type="text"' in shown
    assert 'value="05/09/2026"' in shown
    assert 'placeholder="ngày/tháng/năm"' in shown
    assert "data-day" in shown
    assert 'autocomplete="off"' in shown


@pytest.mark.parametrize(
    ("sent", "shown"),
    [("2026-10-31", "31/10/2026"), ("5/9/2026", "05/09/2026"), ("30/02/2026", "30/02/2026"), ("mai", "mai")],
)
def test_a_day_that_comes_back_is_day_first_and_what_is_no_day_stays_as_typed(sent, shown):
    assert f'value="{shown}"' in str(DayForm({"day": sent})["day"])


def test_no_page_asks_for_a_day_in_the_browsers_own_order():
    written = [
        path.name for path in SOURCES if re.search(r"""type=["']?date\b|input_type = "date\"""", path.read_text())
    ]
    assert written == []
    own = [
        path.name
        for path in SOURCES
        if re.search(r"\bDateField\(|DateInput", path.read_text()) and "forms" in path.parts
    ]
    assert own == []
