"""A clerk brings a messy list: an unknown heading, three wrong rows, mended and brought again."""

import pytest
from openpyxl import load_workbook

from campaigns.models import Membership
from campaigns.tests.sheets import save_sheets

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
    page.get_by_role("button", name="Kiểm tra tệp").click()
    page.get_by_role("heading", name="Kết quả kiểm tra danh sách").wait_for()


def map_name_column(page):
    assert "Chưa có gì được ghi" in page.locator(".notice").first.inner_text()
    row = page.get_by_role("row").filter(has_text="Tên gọi của em")
    assert "Nguyễn Văn An, Trần Thị Bình, Lê Văn Cường" in row.inner_text().replace("\n", " ")
    row.get_by_role("combobox").select_option(label="Họ và tên")
    page.get_by_role("button", name="Trả lời và đọc lại tệp").click()
    page.get_by_text("Đã ghi câu trả lời").wait_for()


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


def download_wrong_rows(page, folder):
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải các dòng cần sửa").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


@pytest.mark.parametrize("viewport", [{"width": 390, "height": 844}, {"width": 1280, "height": 800}])
def test_a_messy_list_is_understood_mended_and_found_on_the_roster(cast, enter, messy_list, tmp_path, viewport):
    clerk = enter(cast.editor_a, viewport)
    clerk.goto("/nap-danh-sach/moi/")
    clerk.get_by_label("Loại danh sách").first.select_option(label="Học sinh")
    upload(clerk, messy_list)
    map_name_column(clerk)

    table = clerk.locator("table").filter(has_text="Cần sửa")
    assert table.locator("tbody tr").count() == 3
    assert "31/04/2016" in table.inner_text()
    wrong = download_wrong_rows(clerk, tmp_path)
    assert not Membership.objects.exists()

    clerk.get_by_role("button", name="Nạp 3 dòng đúng, để lại 3 dòng sai").click()
    clerk.get_by_role("heading", name="Đã nạp danh sách").wait_for()
    assert Membership.objects.filter(unit=cast.a, class_name="4A").count() == 3

    clerk.get_by_role("link", name="Tải tệp khác lên").click()
    upload(clerk, mend(wrong))
    clerk.get_by_role("button", name="Nạp 3 học sinh").click()
    clerk.get_by_role("heading", name="Đã nạp danh sách").wait_for()

    clerk.goto("/nguoi/?class_name=4A")
    names = clerk.locator("tbody th").all_inner_texts()
    assert sorted(names) == sorted(MENDED.get(name, name) for name, *_ in PEOPLE)
    assert clerk.problems == []
