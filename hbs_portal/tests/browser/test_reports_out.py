"""The quarter's report: the office makes it, watches, looks and issues; a leader finds it and opens all three files."""

import re
from datetime import date

import pytest
from django.core.management import call_command
from docx import Document
from openpyxl import load_workbook
from playwright.sync_api import expect
from pypdf import PdfReader

from campaigns.choices import ActivityKind, Group
from hbs_portal.tests.browser.steps import button, download, expect_heading, follow, link
from reports.models import Report, ReportingPeriod
from reports.services import report_files

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DESK = {"width": 1280, "height": 800}


@pytest.fixture
def quarter(cast, campaign, make_person, make_activity):
    """33 of 35 pupils were reached in the second quarter: 94,2%."""
    pupils = [make_person(cast.a, f"Học sinh {number}", Group.PUPIL, "4A") for number in range(35)]
    make_activity(cast.a, ActivityKind.LESSON, on=date(2026, 5, 12), people=pupils[:33])
    return ReportingPeriod.objects.create(
        commune=cast.commune,
        campaign=campaign,
        name="Quý II/2026",
        starts_on=date(2026, 4, 1),
        ends_on=date(2026, 6, 30),
    )


@pytest.fixture
def watched(monkeypatch):
    """watched(page): the work goes on only when the page has shown that it is under way."""
    seen = []

    def watch(page):
        write = report_files.WRITERS["xlsx"]

        def after_a_look(*arguments):
            expect(page.locator("progress.job-bar:not([value='0'])")).to_be_visible()
            seen.append(page.locator(".job-line").inner_text())
            write(*arguments)

        monkeypatch.setitem(report_files.WRITERS, "xlsx", after_a_look)
        return seen

    return watch


def make_preview(page, watched):
    page.goto("/bao-cao/")
    follow(link(page, "Lập báo cáo"))
    expect(page.locator("select[name=nguon] option:checked")).to_contain_text("Quý II/2026")
    page.get_by_label("Số văn bản").fill("12")
    follow(button(page, "Lập bản xem trước"))
    expect(page.locator("progress.job-bar")).to_be_visible()
    seen = watched(page)
    call_command("run_jobs", once=True)
    expect_heading(page, "Sửa trước khi ban hành")
    assert "%" in seen[0]


def test_the_quarters_report_goes_out(cast, quarter, enter, watched, tmp_path):
    officer = enter(cast.officer, DESK)
    make_preview(officer, watched)
    shown = officer.locator("main")
    expect(shown).to_contain_text("94,2%")
    expect(shown, "who has not reported is told before issuing").to_contain_text("Trường THCS B")
    expect(officer.locator("iframe.paper-preview")).to_have_attribute("src", re.compile(r"/tai/pdf/\?xem=1$"))
    leader = enter(cast.leader, DESK)
    expect(leader.locator("main"), "a preview is the office's own").not_to_contain_text("Báo cáo mới nhất")

    follow(link(officer, "Ban hành"))
    follow(button(officer, "Ban hành"))
    expect(officer.get_by_text("Đã ban hành, lần 1").first).to_be_visible()
    report = Report.objects.get()
    assert (report.edition, report.paper_number, report.snapshot.period) == (1, "12", quarter)

    leader.goto("/")
    newest = leader.locator(".report-card")
    expect(newest).to_contain_text("Quý II/2026")
    pdf = download(newest.get_by_role("link", name="PDF"), tmp_path / "bao-cao.pdf")
    follow(link(leader, "Báo cáo"))
    row = leader.locator(".report-card")
    book = download(row.get_by_role("link", name="Excel"), tmp_path / "bao-cao.xlsx")
    paper = download(row.get_by_role("link", name="Word"), tmp_path / "bao-cao.docx")

    text = "".join(page.extract_text() for page in PdfReader(pdf).pages)
    assert "94,2%" in text
    assert report.snapshot.code in text
    cells = [cell.text for table in Document(paper).tables for line in table.rows for cell in line.cells]
    assert any("94,2%" in cell for cell in cells)
    rows = load_workbook(book)["Chỉ tiêu"].iter_rows(values_only=True)
    (pupils,) = [line for line in rows if any("100% học sinh" in str(cell) for cell in line)]
    assert {33, 35} <= set(pupils)
    assert officer.problems == leader.problems == []


def test_the_head_of_the_papers_follows_what_is_typed(cast, enter):
    page = enter(cast.officer, DESK)
    page.goto("/ke-hoach/the-thuc/")
    page.get_by_label("Người ký", exact=True).fill("Trần Văn Thử")
    page.get_by_label("Nơi nhận").fill("Thường trực Đảng ủy;\n\nLưu: VT.")
    paper = page.locator("[data-paper]")
    expect(paper).to_contain_text("Trần Văn Thử")
    expect(paper).to_contain_text("- Thường trực Đảng ủy; - Lưu: VT.")
    assert "- Thường trực Đảng ủy;\n- Lưu: VT." in paper.inner_text()
    assert page.problems == []
