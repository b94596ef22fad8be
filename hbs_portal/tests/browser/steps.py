"""What a person does on a page, each step ended by what only the next page has: nothing is read too early.

`click()` of Playwright comes back before the page that it leads to; a wait for the load state right after it may speak
of the old page. So whatever leads elsewhere goes through `follow`, and what is read is expected, with its retries.
"""

import re

from playwright.sync_api import Locator, Page, expect

from conftest import PASSWORD

#: Costs nothing while all is well; a busy machine may need it.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)


def follow(locator: Locator) -> None:
    """Clicks what leads to another page; comes back when that page is there with its scripts."""
    with locator.page.expect_navigation():
        locator.click()


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name)


def link(page: Page, name: str | re.Pattern[str]) -> Locator:
    """The first link of exactly this name, or that the pattern fits."""
    return page.get_by_role("link", name=name, exact=isinstance(name, str)).first


def expect_heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def log_in(page: Page, user) -> None:
    """From the log-in page that is shown to the first page of that person."""
    page.fill("input[name=username]", user.username)
    page.fill("input[name=password]", PASSWORD)
    follow(page.locator("main button[type=submit]"))
    expect(page.locator(f"[data-session][data-user='{user.pk}']")).to_be_visible()


def log_out(page: Page) -> None:
    page.goto("/")
    page.locator(".user-menu summary").click()
    follow(button(page, "Đăng xuất"))
    expect_heading(page, "Đăng nhập")


def send_for_approval(page: Page) -> None:
    """Sends the activity that the form holds; ends on its page, where it waits."""
    follow(button(page, "Gửi duyệt"))
    expect(page.locator(".page-actions").get_by_text("Chờ duyệt", exact=True)).to_be_visible()


def approve_first(page: Page) -> None:
    """Approves the one record that waits."""
    page.goto("/duyet/")
    follow(link(page, "Duyệt từng mục"))
    follow(page.get_by_role("button", name="Duyệt", exact=True))
    expect(page.locator(".lead").get_by_text("Không còn gì chờ duyệt.")).to_be_visible()


def download(locator: Locator, path):
    """Saves the file behind a link under `path` and returns that."""
    with locator.page.expect_download() as waiting:
        locator.click()
    waiting.value.save_as(path)
    return path
