"""The main job as three people: a class list comes in, a lesson is recorded, approved, counted and sent on."""

import re

import pytest
from django.core.management import call_command
from openpyxl import load_workbook
from playwright.sync_api import Locator, expect

from campaigns.tests.sheets import pupils, school_database_export
from hbs_portal.tests.browser.steps import (
    approve_first,
    button,
    download,
    expect_heading,
    follow,
    link,
    send_for_approval,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def upload_class(page, path):
    page.goto("/nap-danh-sach/moi/")
    page.set_input_files("input[type=file]", str(path))
    follow(button(page, "Kiểm tra tệp"))
    follow(button(page, "Nạp 35 học sinh"))
    expect_heading(page, "Đã nạp danh sách")


def record_lesson(page, absent: int):
    page.goto("/hoat-dong/ghi/")
    page.get_by_label("Dạy học lồng ghép").check()
    page.get_by_label("Lớp 4A", exact=True).check()
    expect(page.locator(".roster-row")).to_have_count(35)
    for place in range(absent):
        page.locator(".roster-row input").nth(place).uncheck()
    expect(page.locator("[data-roster-count]").first).to_contain_text("33/35")
    send_for_approval(page)


def tile_of(page, code: str) -> Locator:
    page.goto("/tong-quan/")
    return page.locator(".tile", has_text=code).first


def make_workbook(page, folder):
    page.goto("/bao-cao/ban-nhanh/")
    follow(button(page, "Tạo báo cáo Excel"))
    call_command("run_jobs", once=True)
    page.goto("/bao-cao/ban-nhanh/")
    return load_workbook(download(link(page, re.compile("^Tải về")), folder / "bao-cao.xlsx"))


def test_from_a_class_list_to_the_official_workbook(cast, enter, tmp_path):
    clerk = enter(cast.editor_a)
    upload_class(clerk, school_database_export(tmp_path / "lop-4a.xlsx", pupils(35)))
    leader = enter(cast.leader, {"width": 1280, "height": 800})
    expect(tile_of(leader, "K3")).to_contain_text("Chưa báo cáo")

    record_lesson(clerk, absent=2)
    expect(tile_of(leader, "K3"), "what waits is not official").to_contain_text("Chưa báo cáo")
    approve_first(enter(cast.officer))

    tile = tile_of(leader, "K3")
    expect(tile).to_contain_text("33/35 (94,2%)")
    expect(tile).to_contain_text("2 học sinh")

    rows = list(make_workbook(leader, tmp_path)["Chỉ tiêu"].iter_rows(values_only=True))
    (row,) = [row for row in rows if any("100% học sinh" in str(cell) for cell in row)]
    assert 33 in row
    assert 35 in row
    assert "Chưa đạt" in row
    assert clerk.problems == leader.problems == []
