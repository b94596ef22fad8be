"""What was typed outlives a lost network, another day, and a session that ended in another tab."""

import pytest

from campaigns.choices import Group
from conftest import PASSWORD
from training.models import Activity

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def clerk(cast, enter, make_person):
    """The form of an activity with class 4A of three pupils shown, the first one absent."""
    for name in ("Nguyễn Thị An", "Trần Văn Bình", "Lê Thị Cúc"):
        make_person(cast.a, name, Group.PUPIL, class_name="4A")
    page = enter(cast.editor_a)
    page.goto("/hoat-dong/ghi/")
    page.get_by_label("Lớp 4A", exact=True).check()
    page.locator(".roster-row").first.wait_for()
    page.locator(".roster-row input").first.uncheck()
    return page


def counter_of(page) -> str:
    return page.locator("[data-roster-count]").first.inner_text()


def press(page, name: str):
    page.get_by_role("button", name=name).click()


def log_out(page):
    page.goto("/")
    page.locator(".user-menu summary").click()
    press(page, "Đăng xuất")
    page.get_by_role("heading", name="Đăng nhập").wait_for()


def test_a_day_typed_and_send_pressed_at_once_is_sent_with_who_was_absent(clerk):
    clerk.fill("[name=starts_on]", "05/10/2026")
    press(clerk, "Gửi duyệt")
    clerk.get_by_text("Chờ duyệt").first.wait_for()
    activity = Activity.objects.get()
    assert f"{activity.starts_on:%d/%m/%Y}" == "05/10/2026"
    assert activity.attendances.count() == 2


def test_without_a_network_everything_stays_and_is_sent_later(clerk):
    clerk.context.set_offline(True)
    clerk.fill("[name=starts_on]", "05/10/2026")
    clerk.locator("[name=starts_on]").blur()
    clerk.get_by_text("Danh sách cũ vẫn còn").wait_for()
    assert counter_of(clerk) == "2/3 có mặt"
    press(clerk, "Gửi duyệt")
    clerk.get_by_text("Chưa gửi được vì mất kết nối mạng").wait_for()
    assert counter_of(clerk) == "2/3 có mặt"

    clerk.context.set_offline(False)
    press(clerk, "Gửi duyệt")
    clerk.get_by_text("Chờ duyệt").first.wait_for()
    assert Activity.objects.get().attendances.count() == 2


def test_a_session_that_ended_elsewhere_keeps_the_form_until_the_next_log_in(clerk, cast):
    other_tab = clerk.context.new_page()
    log_out(other_tab)
    press(clerk, "Lưu nháp")
    clerk.get_by_text("phiên đăng nhập đã hết").wait_for()
    assert counter_of(clerk) == "2/3 có mặt"
    assert not Activity.objects.exists()

    other_tab.fill("input[name=username]", cast.editor_a.username)
    other_tab.fill("input[name=password]", PASSWORD)
    other_tab.click("main button[type=submit]")
    other_tab.wait_for_url("**/don-vi-cua-toi/")
    press(clerk, "Lưu nháp")
    clerk.get_by_text("Đã lưu nháp").first.wait_for()
    assert Activity.objects.get().attendances.count() == 2


def test_a_form_is_not_sent_in_the_name_of_whoever_logged_in_meanwhile(clerk, cast):
    other_tab = clerk.context.new_page()
    log_out(other_tab)
    other_tab.fill("input[name=username]", cast.officer.username)
    other_tab.fill("input[name=password]", PASSWORD)
    other_tab.click("main button[type=submit]")
    other_tab.wait_for_url("**/tong-quan/")
    press(clerk, "Lưu nháp")
    clerk.get_by_text("người khác vừa đăng nhập").wait_for()
    assert not Activity.objects.exists()
