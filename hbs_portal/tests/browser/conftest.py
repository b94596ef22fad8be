"""A real Chromium against a live server. Absent Chromium: skipped with a word, or failed where REQUIRE_ALL=1."""

import os
import shutil
from pathlib import Path

import pytest

from hbs_portal.tests.browser.steps import PATIENCE, log_in

# The test writes through the ORM in the very process whose event loop Playwright runs.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
PHONE = {"width": 390, "height": 844}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium_path() -> str | None:
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def browser():
    path = chromium_path()
    if path is None:
        message = "Không có Chromium (Debian: apt-get install chromium)"
        if os.environ.get("REQUIRE_ALL") == "1":
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def enter(browser, live_server):
    """enter(user) returns a page of a phone on which that person has just logged in through the form."""
    contexts = []

    def come_in(user, viewport=PHONE):
        context = browser.new_context(viewport=viewport, locale="vi-VN", base_url=live_server.url)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.problems = []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on("console", lambda line: page.problems.append(line.text) if "Content Security" in line.text else None)
        page.goto("/")
        log_in(page, user)
        return page

    yield come_in
    for context in contexts:
        context.close()


@pytest.fixture
def axe() -> str:
    """The accessibility checker, as JavaScript source."""
    return (Path(__file__).resolve().parents[1] / "vendor" / "axe.min.js").read_text(encoding="utf-8")
