"""A clerk brings a messy list: an unknown heading, three wrong rows, mended and brought again."""

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from campaigns.models import Membership
from campaigns.tests.sheets import save_sheets
from hbs_portal.tests.browser.steps import button, download, expect_heading, follow, link

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PEOPLE = [
    ("Nguyễn Văn An", "05/09/2016", "Nam"),
    ("Trần Thị Bình", "31/04/2016", "Nữ"),
    ("Lê Văn Cường", "12/01/2016", "Nam"),
    ("Phạm Thị Dung", "01/02/2016", "Gái xinh"),
    ("Vũ Văn Em 2", "03/03/2016", "Nam"),
    ("Đỗ Thị Phương", "04/05/2016", "Nữ"),
]
MENDED = {"31/04/2016": "30/04/2016", "Gái xinh": "Nữ", "Vũ Văn Em 2": "Vũ Văn Em"}


@pytest.fixture
def messy_list(tmp_path):
    """A class list whose name column is called as no other list calls it."""
    rows = [[number, *one, "ngoan"] for number, one in enumerate(PEOPLE, start=1)]
    lines = [
        ["TRƯỜNG TIỂU HỌC A"],
        ["DANH SÁCH HỌC SINH LỚP 4A NĂM HỌC 2026-2027"],
        [],
        ["STT", "Tên gọi của em", "Ngày sinh", "Giới tính", "Nhận xét"],
        *rows,
        ["", "Danh sách này gồm có 6 em"],
    ]
    return save_sheets(tmp_path / "Danh sách lớp 4A (mới).xlsx", {"Lớp 4A": lines})


def upload(page, path):
    page.set_input_files("input[type=file]", str(path))
    follow(button(page, "Kiểm tra tệp"))
    expect_heading(page, "Kết quả kiểm tra danh sách")


def map_name_column(page):
    expect(page.locator(".notice").first).to_contain_text("Chưa có gì được ghi")
    row = page.get_by_role("row").filter(has_text="Tên gọi của em")
    expect(row).to_contain_text("Nguyễn Văn An, Trần Thị Bình, Lê Văn Cường")
    row.get_by_role("combobox").select_option(label="Họ và tên")
    follow(button(page, "Trả lời và đọc lại tệp"))
    expect(page.get_by_text("Đã ghi câu trả lời")).to_be_visible()


def mend(path):
    book = load_workbook(path)
    mended = 0
    for row in book.active.iter_rows():
        for cell in row:
            if cell.value in MENDED:
                cell.value = MENDED[cell.value]
                mended += 1
    assert mended == len(MENDED)
    book.save(path)
    return path


@pytest.mark.parametrize("viewport", [{"width": 390, "height": 844}, {"width": 1280, "height": 800}])
def test_a_messy_list_is_understood_mended_and_found_on_the_roster(cast, enter, messy_list, tmp_path, viewport):
    clerk = enter(cast.editor_a, viewport)
    clerk.goto("/nap-danh-sach/moi/")
    clerk.get_by_label("Loại danh sách").first.select_option(label="Học sinh")
    upload(clerk, messy_list)
    map_name_column(clerk)

    table = clerk.locator("table").filter(has_text="Cần sửa")
    expect(table.locator("tbody tr")).to_have_count(3)
    expect(table).to_contain_text("31/04/2016")
    wrong = download(link(clerk, "Tải các dòng cần sửa"), tmp_path / "cần sửa.xlsx")
    assert not Membership.objects.exists()

    follow(button(clerk, "Nạp 3 dòng đúng, để lại 3 dòng sai"))
    expect_heading(clerk, "Đã nạp danh sách")
    assert Membership.objects.filter(unit=cast.a, class_name="4A").count() == 3

    follow(link(clerk, "Tải tệp khác lên"))
    upload(clerk, mend(wrong))
    follow(button(clerk, "Nạp 3 học sinh"))
    expect_heading(clerk, "Đã nạp danh sách")

    clerk.goto("/nguoi/?class_name=4A")
    names = clerk.locator("tbody th").all_inner_texts()
    assert sorted(names) == sorted(MENDED.get(name, name) for name, *_ in PEOPLE)
    assert clerk.problems == []
