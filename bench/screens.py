"""Screenshots of every page, as each role, at 390 and 1280 px: `make screens [BASE=http://127.0.0.1:8000]`.

Needs a running demo (./run.sh) and Debian's Chromium. Also reports what axe finds, pages that scroll sideways, two main
buttons on one page and, on the phone, what is too small for a thumb. Writes to screens/.
"""

import json
import os
import re
import sys
from pathlib import Path
from urllib.parse import parse_qsl, urljoin, urlsplit

from playwright.sync_api import Page, sync_playwright

BASE = os.environ.get("BASE", "http://127.0.0.1:8000")
OUT = Path(__file__).resolve().parent.parent / "screens"
AXE = Path(__file__).resolve().parent.parent / "hbs_portal" / "tests" / "vendor" / "axe.min.js"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ACCOUNTS = ("canbo", "lanhdao", "quantri", "truong", "thon", "tocns")
WIDTHS = {"390": (390, 844), "1280": (1280, 800)}
MOST_PAGES = 250
#: Questions whose answers are pages of their own look.
TABS = ("tab", "trang_thai", "loai")
NO_PAGE = ("/tai-ve/", "/tai/", "/tep-goc/", "/minh-chung/", "/xuat/", "/mau/")
LOOK = """() => {
  const found = [], shown = (e) => e.checkVisibility() && e.getBoundingClientRect().width > 1;
  const main = [...document.querySelectorAll("main a.btn-primary, main button.btn-primary")].filter(shown);
  if (main.length > 1) found.push("two main buttons: " + main.map((e) => e.innerText.trim()).join(" | "));
  if (innerWidth > 600) return found;
  for (const e of document.querySelectorAll("a[href], button, select, summary, input:not([type=hidden])")) {
    const label = e.labels?.[0]?.getBoundingClientRect().height || 0;
    const inline = e.tagName === "A" && getComputedStyle(e).display === "inline";
    const isTall = Math.max(label, e.getBoundingClientRect().height) > 43;
    if (isTall || inline || e.matches(".skip-link") || !shown(e)) continue;
    found.push("too small: " + e.outerHTML.slice(0, 90));
  }
  return found;
}"""


def log_in(page: Page, username: str) -> None:
    page.goto(BASE)
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", "hoc-so-2026")
    with page.expect_navigation():
        page.click("main button[type=submit]")


def shape_of(path: str) -> str:
    """Pages that differ only by numbers, or by answers that change no look, are one page."""
    parts = urlsplit(path)
    asked = sorted({f"{key}={value if key in TABS else ''}" for key, value in parse_qsl(parts.query)})
    return re.sub(r"\d+", "N", parts.path) + "?" + "&".join(asked)


def links_on(page: Page, path: str) -> list[str]:
    hrefs = page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")
    paths = (urljoin(path, href).split("#", maxsplit=1)[0] for href in hrefs)
    return [found for found in paths if found.startswith("/") and not any(part in found for part in NO_PAGE)]


def walk(page: Page, role: str, width: str, findings: list[str]) -> None:
    waiting, seen = ["/"], set()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        if shape_of(path) in seen:
            continue
        seen.add(shape_of(path))
        try:
            response = page.goto(BASE + path)
        except Exception as error:  # a download is no page
            findings.append(f"{role} {path}: {str(error).splitlines()[0]}")
            continue
        if response is None or "html" not in response.headers.get("content-type", ""):
            continue
        look(page, role, width, path, response.status, findings)
        waiting += links_on(page, path)


def look(page: Page, role: str, width: str, path: str, status: int, findings: list[str]) -> None:
    name = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-") or "start"
    page.screenshot(path=OUT / f"{width}-{role}-{name[:60]}.png", full_page=True)
    if status != 200:
        findings.append(f"{role} {width} {path}: HTTP {status}")
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
        findings.append(f"{role} {width} {path}: scrolls sideways")
    findings += [f"{role} {width} {path}: {found}" for found in page.evaluate(LOOK)]
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate("axe.run()")
    for violation in result["violations"]:
        if violation["impact"] in ("serious", "critical"):
            where = violation["nodes"][0]["html"][:120]
            findings.append(f"{role} {width} {path}: axe {violation['id']} {where}")


def main() -> None:
    OUT.mkdir(exist_ok=True)
    findings: list[str] = []
    roles = sys.argv[1:] or ACCOUNTS
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for width, (wide, high) in WIDTHS.items():
            for role in roles:
                context = browser.new_context(viewport={"width": wide, "height": high}, locale="vi-VN", bypass_csp=True)
                page = context.new_page()
                page.on("pageerror", lambda error, role=role: findings.append(f"{role}: JS {error}"))
                log_in(page, role)
                walk(page, role, width, findings)
                context.close()
        browser.close()
    print(json.dumps(sorted(set(findings)), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
