"""The trail: a tile, who is missing in one class, a lesson for them, and a tile that moved by as many."""

import re

import pytest

from campaigns.choices import Group
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


def tile_of(page, code: str = "K3"):
    page.goto("/tong-quan/")
    return page.locator(".tile", has=page.get_by_role("link", name=re.compile(f"^{code} - ")))


def figure_of(page) -> tuple[int, int]:
    """n and d as the tile shows them."""
    found = re.search(r"(\d+)/(\d+)", tile_of(page).locator(".stat").inner_text().replace("\n", ""))
    return int(found[1]), int(found[2])


def open_missing_class(page, unit: str, class_name: str):
    tile_of(page).get_by_role("link").click()
    page.get_by_role("link", name=unit, exact=True).click()
    page.get_by_role("link", name=f"Lớp {class_name}", exact=True).click()


def names_of(page) -> set[str]:
    names = page.locator("#chi-tiet form table tbody th").all_inner_texts()
    return {name.replace("Chọn", "").strip() for name in names}


def approve_first(page):
    page.goto("/duyet/")
    page.get_by_role("link", name="Duyệt từng mục").click()
    page.get_by_role("button", name="Duyệt", exact=False).last.click()
    page.get_by_text("Không còn gì chờ duyệt.").first.wait_for()


def test_from_a_tile_to_the_missing_of_a_class_to_a_lesson_and_back_to_the_tile(school, cast, enter):
    officer = enter(cast.officer, DESK)
    before = figure_of(officer)
    assert before == (3, 10)

    clerk = enter(cast.editor_a)
    clerk.get_by_role("link", name=re.compile("^K3 - ")).click()
    clerk.get_by_role("link", name="Lớp 4A", exact=True).click()
    missing = names_of(clerk)
    assert missing == {f"Nguyễn Thị {name}" for name in ("Dũng", "Em", "Giang", "Hoa", "Khánh")}
    clerk.get_by_role("button", name="Cho tất cả 5 học sinh đang lọc").click()
    clerk.get_by_role("heading", name="Ghi hoạt động").wait_for()
    clerk.reload()
    ticked = clerk.locator(".roster-row:has(input:checked) .roster-name").all_inner_texts()
    assert set(ticked) == missing
    clerk.get_by_role("button", name="Gửi duyệt").click()
    clerk.get_by_text("Chờ duyệt").first.wait_for()
    assert figure_of(officer) == before, "what waits is not official"

    approve_first(officer)
    assert figure_of(officer) == (before[0] + len(missing), before[1])
    open_missing_class(officer, "Trường Tiểu học A", "4B")
    assert names_of(officer) == {"Trần Thị Lan", "Trần Thị Mai"}
    assert Activity.objects.count() == 2
    assert clerk.problems == officer.problems == []


def test_two_are_ticked_by_keyboard_and_the_way_back_takes_other_ticks(school, cast, enter):
    clerk = enter(cast.editor_a, DESK)
    clerk.goto("/giai-thich/K3/?lop=4A")
    for name in ("Nguyễn Thị Dũng", "Nguyễn Thị Hoa"):
        clerk.get_by_label(f"Chọn {name}").focus()
        clerk.keyboard.press("Space")
    button = clerk.get_by_role("button", name="Tạo hoạt động cho những người này (đã đánh dấu)")
    button.focus()
    clerk.keyboard.press("Enter")
    clerk.get_by_role("heading", name="Ghi hoạt động").wait_for()
    chosen = clerk.locator(".roster-row:has(input:checked) .roster-name")
    assert set(chosen.all_inner_texts()) == {"Nguyễn Thị Dũng", "Nguyễn Thị Hoa"}
    clerk.go_back()
    clerk.get_by_label("Chọn Nguyễn Thị Dũng").uncheck()
    clerk.get_by_label("Chọn Nguyễn Thị Hoa").uncheck()
    clerk.get_by_label("Chọn Nguyễn Thị Em").check()
    button.click()
    clerk.get_by_role("heading", name="Ghi hoạt động").wait_for()
    assert chosen.all_inner_texts() == ["Nguyễn Thị Em"]
    assert clerk.problems == []


def test_the_lists_have_no_barrier(school, cast, enter, axe):
    officer = enter(cast.officer)
    for address in ("/giai-thich/K3/?don-vi=TH-A", "/giai-thich/K3/?tab=da-tinh", "/giai-thich/K3/con-thieu/in/"):
        officer.goto(address)
        officer.evaluate(axe)
        found = officer.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa']})")["violations"]
        assert [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found] == []
        assert officer.evaluate("document.documentElement.scrollWidth <= innerWidth")
