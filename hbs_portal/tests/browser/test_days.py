"""The day field in a real browser: slashes by themselves, the calendar beside it, nothing lost on correcting."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_digits_get_their_slashes_and_the_calendar_writes_day_first(cast, enter):
    page = enter(cast.officer)
    page.goto("/hoat-dong/ghi/")
    day = page.locator("input[name=starts_on]")
    day.fill("")
    day.press_sequentially("05092026")
    expect(day).to_have_value("05/09/2026")
    day.press("Backspace")
    day.press("Backspace")
    day.press_sequentially("25")
    expect(day).to_have_value("05/09/2025")
    day.fill("")
    day.press_sequentially("5/9/2026")
    expect(day).to_have_value("5/9/2026")

    page.evaluate(
        """() => {
            const calendar = document.querySelector(".day-calendar");
            calendar.showPicker = () => { calendar.dataset.opened = calendar.value; };
        }"""
    )
    button = page.get_by_role("button", name="Lịch: Ngày", exact=True)
    assert button.bounding_box()["height"] >= 44
    button.focus()
    page.keyboard.press("Enter")
    calendar = page.locator(".day-calendar").first
    expect(calendar).to_have_attribute("data-opened", "2026-09-05")
    calendar.evaluate("field => { field.value = '2026-10-31'; field.dispatchEvent(new Event('change')); }")
    expect(day).to_have_value("31/10/2026")
    expect(day).to_be_focused()
    assert page.problems == []
