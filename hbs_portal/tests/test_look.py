"""The look: words and drawings of the `portal` tags, what every template keeps to, the vendored files."""

import datetime as dt
import hashlib
import json
import re
import uuid
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import timezone

from campaigns.choices import RecordStatus
from hbs_portal.navigation import MENU
from hbs_portal.templatetags import portal
from reports.progress.states import CellState, Verdict

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
ERROR_PAGES = ["400.html", "403.html", "403_csrf.html", "404.html", "405.html", "413.html", "500.html"]


def render(text: str, **context: object) -> str:
    return Template("{% load portal %}" + text).render(Context(context))


@pytest.mark.parametrize(
    ("value", "shown"),
    [(1692, "1.692"), (0, "0"), (None, "-"), (Decimal("89.6"), "89,6"), ("92,0%", "92,0%"), (1234567, "1.234.567")],
)
def test_a_number_is_written_the_vietnamese_way(value: object, shown: str) -> None:
    assert portal.number(value) == shown


def test_a_state_without_a_value_speaks_before_the_verdict() -> None:
    assert portal.verdict_word("met", "value") == "Đạt"
    assert portal.verdict_word("none", "not_applicable") == "Không áp dụng"
    assert portal.verdict_word("none", "not_reported") == "Chưa báo cáo"
    assert portal.verdict_css("met", "not_reported") == "verdict-none"
    assert portal.verdict_css("not_met", "value") == "verdict-not-met"


def test_a_verdict_is_a_word_and_not_only_a_colour() -> None:
    badge = render('{% verdict "near" "value" %}')
    assert "verdict-near" in badge
    assert "Xấp xỉ" in badge


def test_a_status_badge_says_its_word() -> None:
    assert "Chờ duyệt" in render('{% status "SUBMITTED" %}')


def test_days_are_said_from_today() -> None:
    today = timezone.localdate()
    shown = [portal.relative_day(today + dt.timedelta(days=days)) for days in (-2, -1, 0, 1, 3)]
    assert shown == ["2 ngày trước", "hôm qua", "hôm nay", "ngày mai", "còn 3 ngày"]


def test_a_deadline_that_has_passed_is_called_late():
    today = timezone.localdate()
    shown = [portal.due_in(today + dt.timedelta(days=days)) for days in (-18, -1, 0, 1, 12)]
    assert shown == ["quá hạn 18 ngày", "quá hạn 1 ngày", "hôm nay", "ngày mai", "còn 12 ngày"]


def test_the_bar_shows_the_share_and_marks_the_threshold() -> None:
    bar = render('{% percent_bar 2690 3000 "89,6%" 9000 "not_met" %}')
    assert 'width="896"' in bar
    assert 'x="900"' in bar
    assert "2.690/3.000 (89,6%), vạch chỉ tiêu ở 90%" in bar


def test_the_bar_stays_in_its_frame_when_n_exceeds_d_and_is_empty_without_d() -> None:
    assert 'width="1000" height="8"></rect>\n  <rect class="bar-mark"' in render('{% percent_bar 33 32 "" 9000 %}')
    assert 'width="0"' in render('{% percent_bar 5 None "" %}')


def test_the_bar_and_the_sparkline_carry_no_inline_style() -> None:
    drawn = render('{% percent_bar 1 2 "50%" 9000 %}{% sparkline values "Tăng dần" %}', values=[1, 5, 9])
    assert "<polyline" in drawn
    assert "style=" not in drawn


def test_a_form_key_is_new_for_a_new_form_and_kept_when_the_form_comes_back() -> None:
    key = str(uuid.uuid4())
    back = RequestFactory().post("/", {"client_key": key})
    assert key in render("{% form_key %}", request=back)
    assert render("{% form_key %}") != render("{% form_key %}")


def test_a_form_key_that_is_no_uuid_is_replaced() -> None:
    back = RequestFactory().post("/", {"client_key": '"><b>'})
    assert "<b>" not in render("{% form_key %}", request=back)


@pytest.mark.parametrize("name", ERROR_PAGES)
def test_an_error_page_needs_no_context_and_says_what_to_do_next(name: str) -> None:
    page = render_to_string(name)
    assert "hãy" in page.casefold()
    assert 'lang="vi"' in page
    assert re.search(r"<title>\S.* - Bình dân học vụ số</title>", page)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_keeps_to_the_content_policy(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=", text)
    assert not re.search(r"\son[a-z]+=[\"']", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", text)
    assert "<style" not in text


def test_verdicts_states_and_statuses_have_one_word_in_page_and_workbook() -> None:
    assert portal.verdict_word(Verdict.NONE) == Verdict.NONE.label == "Chưa đánh giá"
    assert portal.verdict_word("none", CellState.NO_DENOMINATOR) == CellState.NO_DENOMINATOR.label
    assert portal.status_word("RETURNED") == RecordStatus.RETURNED.label


def test_a_browser_that_asks_for_the_small_picture_gets_it_without_logging_in(client: Client) -> None:
    response = client.get("/favicon.ico")
    assert response.status_code == 200
    assert b"".join(response)[:4] == b"\x00\x00\x01\x00"


def test_every_icon_named_anywhere_stands_in_the_sprite() -> None:
    sprite = set(re.findall(r'symbol id="([^"]+)"', (ROOT / "static/vendor/icons.svg").read_text(encoding="utf-8")))
    named = {
        (name, path.name)
        for path in TEMPLATES
        for name in re.findall(r"""\{% icon ["']([^"']+)["']""", path.read_text(encoding="utf-8"))
    }
    assert named
    assert {pair for pair in named if pair[0] not in sprite} == set()
    assert set(portal.STATUS_ICONS.values()) | {entry.icon for entry in MENU} <= sprite


def test_the_vendored_files_are_those_that_were_recorded() -> None:
    recorded = json.loads((ROOT / "static/vendor/VERSIONS.json").read_text(encoding="utf-8"))["sha256"]
    found = {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in recorded}
    assert recorded
    assert found == recorded


def test_no_vendored_file_points_to_a_map_that_is_not_there() -> None:
    files = [*(ROOT / "static/vendor").rglob("*.js"), *(ROOT / "static/vendor").rglob("*.css")]
    assert files
    assert [path.name for path in files if "sourceMappingURL" in path.read_text(encoding="utf-8")] == []
