"""What was typed outlives a lost network, another day, and a session that ended in another tab."""

import pytest
from playwright.sync_api import Page, expect

from campaigns.choices import Group
from hbs_portal.tests.browser.steps import button, follow, log_in, log_out, send_for_approval
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
    expect_counter(page, "3/3 có mặt")
    page.locator(".roster-row input").first.uncheck()
    expect_counter(page, "2/3 có mặt")
    return page


def expect_counter(page: Page, words: str):
    expect(page.locator("[data-roster-count]").first).to_have_text(words)


def expect_obstacle(page: Page, words: str):
    """The form was not sent, says why, and still holds what was typed."""
    expect(page.locator("[data-obstacle]")).to_contain_text(words)
    expect_counter(page, "2/3 có mặt")


def test_a_day_typed_and_send_pressed_at_once_is_sent_with_who_was_absent(clerk):
    clerk.fill("[name=starts_on]", "05/10/2026")
    # By keyboard: a mouse may go down before the new roster moves the page, and come up beside the button.
    with clerk.expect_navigation():
        button(clerk, "Gửi duyệt").press("Enter")
    activity = Activity.objects.get()
    assert f"{activity.starts_on:%d/%m/%Y}" == "05/10/2026"
    assert activity.attendances.count() == 2


def test_without_a_network_everything_stays_and_is_sent_later(clerk):
    clerk.context.set_offline(True)
    clerk.fill("[name=starts_on]", "05/10/2026")
    clerk.locator("[name=starts_on]").blur()
    expect(clerk.get_by_text("Danh sách cũ vẫn còn")).to_be_visible()
    expect_counter(clerk, "2/3 có mặt")
    button(clerk, "Gửi duyệt").click()
    expect_obstacle(clerk, "Chưa gửi được vì mất kết nối mạng")

    clerk.context.set_offline(False)
    send_for_approval(clerk)
    assert Activity.objects.get().attendances.count() == 2


def test_a_session_that_ended_elsewhere_keeps_the_form_until_the_next_log_in(clerk, cast):
    other_tab = clerk.context.new_page()
    log_out(other_tab)
    button(clerk, "Lưu nháp").click()
    expect_obstacle(clerk, "phiên đăng nhập đã hết")
    assert not Activity.objects.exists()

    log_in(other_tab, cast.editor_a)
    follow(button(clerk, "Lưu nháp"))
    expect(clerk.locator("#thong-bao")).to_contain_text("Đã lưu nháp")
    assert Activity.objects.get().attendances.count() == 2


def test_a_form_is_not_sent_in_the_name_of_whoever_logged_in_meanwhile(clerk, cast):
    other_tab = clerk.context.new_page()
    log_out(other_tab)
    log_in(other_tab, cast.officer)
    button(clerk, "Lưu nháp").click()
    expect_obstacle(clerk, "người khác vừa đăng nhập")
    assert not Activity.objects.exists()
