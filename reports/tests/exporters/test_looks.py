"""The workbook as it prints: LibreOffice makes pages of it. Slow, and only where LibreOffice is; `make look` keeps the
pictures in the folder that LOOK_FOLDER names, for somebody to look at."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from campaigns.choices import Group
from reports.exporters.edition import Edition, read_edition
from reports.exporters.workbook import sheets_of, write_workbook
from reports.tests.exporters.conftest import CLOCKS

LONG = "Trường Tiểu học và Trung học cơ sở Nguyễn Bỉnh Khiêm, phân hiệu thôn Đông Thượng số"
pytestmark = [
    pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed"),
    pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils is not installed"),
]


@pytest.fixture
def printed(tmp_path):
    """printed(edition, name) is the text of its pages, in their order."""

    def make(edition: Edition, name: str) -> list[str]:
        folder = Path(os.environ.get("LOOK_FOLDER") or tmp_path)
        write_workbook(edition, folder / f"{name}.xlsx")
        profile = f"-env:UserInstallation=file://{tmp_path}/office"
        order = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), f"{name}.xlsx"]
        subprocess.run(order, cwd=folder, check=True, capture_output=True, timeout=900)
        if os.environ.get("LOOK_FOLDER"):
            pictures = ["pdftoppm", "-r", "60", "-png", f"{name}.pdf", name]
            subprocess.run(pictures, cwd=folder, check=True, timeout=900)
        text = ["pdftotext", "-layout", f"{name}.pdf", "-"]
        found = subprocess.run(text, cwd=folder, check=True, capture_output=True, timeout=900)
        return found.stdout.decode().split("\f")[:-1]

    return make


def assert_whole(edition: Edition, pages: list[str]) -> None:
    """Every sheet begins with its head, no column stands on a page of its own, every page names its source."""
    titles = [sheet.title for sheet in sheets_of(edition)]
    first = [page for page in pages if "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in page]
    assert len(first) == len(titles)
    assert all(edition.source_line in page for page in pages)
    assert not [page for page in pages if "###" in page or "STT" not in page]


def test_a_busy_commune_prints_whole(edition, printed):
    assert_whole(edition, printed(edition, "xa"))


def test_a_unit_prints_whole(edition, busy_commune, printed):
    paper = edition.for_unit(busy_commune.a.code)
    assert_whole(paper, printed(paper, "don-vi"))


def test_no_data_at_all_prints_whole(campaign, printed):
    edition = read_edition(campaign, CLOCKS)
    assert_whole(edition, printed(edition, "trong"))


def test_60_units_with_long_names_and_300_activities_print_whole(
    campaign, cast, make_unit, make_person, make_activity, printed
):
    for place in range(60):
        school = make_unit(cast.commune, f"TH-{place}", "PRIMARY", f"{LONG} {place}")
        pupils = [make_person(school, group=Group.PUPIL) for _ in range(place % 7 + 1)]
        for number in range(5):
            make_activity(
                school, people=pupils[: number + 1], title=f"Tiết học số lồng ghép môn Tin học, buổi {number}"
            )
    edition = read_edition(campaign, CLOCKS)
    assert_whole(edition, printed(edition, "lon"))
