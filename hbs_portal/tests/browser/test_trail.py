"""The trail: a tile, who is missing in one class, a lesson for them, and a tile that moved by as many."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from campaigns.choices import Group
from hbs_portal.tests.browser.steps import (
    approve_first,
    button,
    expect_heading,
    follow,
    link,
    send_for_approval,
)
from training.models import Activity

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DESK = {"width": 1280, "height": 800}


@pytest.fixture
def school(cast, make_person, make_activity):
    """Class 4A: three of eight reached; class 4B: none of two."""
    names = ("An", "Bình", "Chi", "Dũng", "Em", "Giang", "Hoa", "Khánh")
    pupils = [make_person(cast.a, f"Nguyễn Thị {name}", Group.PUPIL, class_name="4A") for name in names]
    for name in ("Lan", "Mai"):
        make_person(cast.a, f"Trần Thị {name}", Group.PUPIL, class_name="4B")
    make_activity(cast.a, people=pupils[:3])
    return pupils


TILE = re.compile("^K3 - ")
MISSING = [f"Nguyễn Thị {name}" for name in ("Dũng", "Em", "Giang", "Hoa", "Khánh")]


def expect_figure(page: Page, n: int, d: int, why: str = ""):
    """The commune's tile shows n/d."""
    page.goto("/tong-quan/")
    tile = page.locator(".tile", has=page.get_by_role("link", name=TILE))
    expect(tile.locator(".stat"), why).to_contain_text(f"{n}/{d} ")


def missing_on(page: Page) -> Locator:
    """The names that can be ticked."""
    return page.locator("#chi-tiet form table tbody th .tick > span")


def chosen_on(page: Page) -> Locator:
    """The names that stand ticked on the roster of the form."""
    return page.locator(".roster-row:has(input:checked) .roster-name")


def test_from_a_tile_to_the_missing_of_a_class_to_a_lesson_and_back_to_the_tile(school, cast, enter):
    officer = enter(cast.officer, DESK)
    expect_figure(officer, 3, 10)

    clerk = enter(cast.editor_a)
    follow(link(clerk, TILE))
    follow(link(clerk, "Lớp 4A"))
    expect(missing_on(clerk)).to_have_text([f"Chọn {name}" for name in MISSING])
    follow(button(clerk, "Cho tất cả 5 học sinh đang lọc"))
    expect_heading(clerk, "Ghi hoạt động")
    clerk.reload()
    expect(chosen_on(clerk)).to_have_text(MISSING)
    send_for_approval(clerk)
    expect_figure(officer, 3, 10, "what waits is not official")

    approve_first(officer)
    expect_figure(officer, 8, 10)
    follow(link(officer, TILE))
    follow(link(officer, "Trường Tiểu học A"))
    follow(link(officer, "Lớp 4B"))
    expect(missing_on(officer)).to_have_text(["Chọn Trần Thị Lan", "Chọn Trần Thị Mai"])
    assert Activity.objects.count() == 2
    assert clerk.problems == officer.problems == []


def test_two_are_ticked_by_keyboard_and_the_way_back_takes_other_ticks(school, cast, enter):
    clerk = enter(cast.editor_a, DESK)
    clerk.goto("/giai-thich/K3/?lop=4A")
    for name in ("Nguyễn Thị Dũng", "Nguyễn Thị Hoa"):
        clerk.get_by_label(f"Chọn {name}").focus()
        clerk.keyboard.press("Space")
    make = button(clerk, "Tạo hoạt động cho những người này (đã đánh dấu)")
    make.focus()
    with clerk.expect_navigation():
        clerk.keyboard.press("Enter")
    expect_heading(clerk, "Ghi hoạt động")
    expect(chosen_on(clerk)).to_have_text(["Nguyễn Thị Dũng", "Nguyễn Thị Hoa"])
    clerk.go_back()
    clerk.get_by_label("Chọn Nguyễn Thị Dũng").uncheck()
    clerk.get_by_label("Chọn Nguyễn Thị Hoa").uncheck()
    clerk.get_by_label("Chọn Nguyễn Thị Em").check()
    follow(make)
    expect_heading(clerk, "Ghi hoạt động")
    expect(chosen_on(clerk)).to_have_text(["Nguyễn Thị Em"])
    assert clerk.problems == []


def test_the_lists_have_no_barrier(school, cast, enter, axe):
    officer = enter(cast.officer)
    for address in ("/giai-thich/K3/?don-vi=TH-A", "/giai-thich/K3/?tab=da-tinh", "/giai-thich/K3/con-thieu/in/"):
        officer.goto(address)
        officer.evaluate(axe)
        found = officer.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa']})")["violations"]
        assert [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found] == []
        assert officer.evaluate("document.documentElement.scrollWidth <= innerWidth")
