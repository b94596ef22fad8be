"""The main job as three people: a class list comes in, a lesson is recorded, approved, counted and sent on."""

import pytest
from django.core.management import call_command
from openpyxl import load_workbook

from campaigns.tests.sheets import pupils, school_database_export

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def upload_class(page, path):
    page.goto("/nap-danh-sach/moi/")
    page.set_input_files("input[type=file]", str(path))
    page.get_by_role("button", name="Kiểm tra tệp").click()
    page.get_by_role("button", name="Nạp 35 học sinh").click()
    page.get_by_role("heading", name="Đã nạp danh sách").wait_for()


def record_lesson(page, absent: int):
    page.goto("/hoat-dong/ghi/")
    page.get_by_label("Dạy học lồng ghép").check()
    page.get_by_label("Lớp 4A", exact=True).check()
    page.locator(".roster-row").first.wait_for()
    for place in range(absent):
        page.locator(".roster-row input").nth(place).uncheck()
    assert "33/35" in page.locator("[data-roster-count]").first.inner_text()
    page.get_by_role("button", name="Gửi duyệt").click()
    page.get_by_text("Chờ duyệt").first.wait_for()


def approve_first(page):
    page.goto("/duyet/")
    page.get_by_role("link", name="Duyệt từng mục").click()
    page.get_by_role("button", name="Duyệt", exact=False).last.click()
    page.get_by_text("Không còn gì chờ duyệt.").first.wait_for()


def figure_of(page, code: str) -> str:
    page.goto("/tong-quan/")
    return page.locator(".tile", has_text=code).first.inner_text()


def make_workbook(page, folder):
    page.goto("/bao-cao/ban-nhanh/")
    page.get_by_role("button", name="Tạo báo cáo Excel").click()
    call_command("run_jobs", once=True)
    page.goto("/bao-cao/ban-nhanh/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải về").first.click()
    path = folder / "bao-cao.xlsx"
    download.value.save_as(path)
    return load_workbook(path)


def test_from_a_class_list_to_the_official_workbook(cast, enter, tmp_path):
    clerk = enter(cast.editor_a)
    upload_class(clerk, school_database_export(tmp_path / "lop-4a.xlsx", pupils(35)))
    leader = enter(cast.leader, {"width": 1280, "height": 800})
    assert "Chưa báo cáo" in figure_of(leader, "K3")

    record_lesson(clerk, absent=2)
    assert "Chưa báo cáo" in figure_of(leader, "K3"), "what waits is not official"
    approve_first(enter(cast.officer))

    tile = figure_of(leader, "K3")
    assert "33/35 (94,2%)" in tile.replace("\n", "")
    assert "2 học sinh" in tile

    rows = list(make_workbook(leader, tmp_path)["Chỉ tiêu"].iter_rows(values_only=True))
    (row,) = [row for row in rows if any("100% học sinh" in str(cell) for cell in row)]
    assert 33 in row
    assert 35 in row
    assert "Chưa đạt" in row
    assert clerk.problems == leader.problems == []
