"""A superior's form as somebody would send it, and frozen figures to fill it from."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook
from openpyxl.styles import PatternFill

from reports.selectors.clocks import Clocks
from reports.services.sheet_templates import take_template
from reports.services.snapshots import take_snapshot

DAY = date(2026, 10, 31)


@pytest.fixture
def form_file(tmp_path):
    """form_file(extra={"Biểu 1": {"B9": "{{K1.n}}"}}) is an upload: merged title, headings, two schools, sums."""

    def make(extra: dict[str, dict[str, str]] | None = None, name: str = "Biểu 01.xlsx") -> SimpleUploadedFile:
        book = Workbook()
        sheet = book.active
        sheet.title = "Biểu 1"
        sheet["A1"] = "BÁO CÁO của {{agency}} đến {{as_of}}: {{K3.percent}}"
        sheet.merge_cells("A1:E1")
        for column, text in enumerate(["Đơn vị", "Tổng số K3", "Đã đạt K3", "Tỷ lệ K3", "Ghi chú"], start=1):
            sheet.cell(2, column, text)
        for row, unit in enumerate(["Trường Tiểu học A", "Trường THCS B"], start=3):
            sheet.cell(row, 1, unit)
            sheet.cell(row, 2).fill = PatternFill("solid", fgColor="FFFF00")
            sheet.cell(row, 4).number_format = "0%"
        sheet.append(["Cộng", "=SUM(B3:B4)", "=SUM(C3:C4)", '=IF(B5=0,"",C5/B5)'])
        book.create_sheet("Hướng dẫn")["A1"] = "Nộp trước ngày 25"
        for title, cells in (extra or {}).items():
            for place, text in cells.items():
                book[title][place] = text
        path = tmp_path / "form.xlsx"
        book.save(path)
        return SimpleUploadedFile(name, path.read_bytes())

    return make


@pytest.fixture
def form(form_file, cast):
    """form(bindings, extra) is the form, taken in by the office, its cells bound."""

    def make(bindings: dict[str, str] | None = None, extra: dict[str, dict[str, str]] | None = None):
        template = take_template(
            actor=cast.officer, commune_id=cast.commune.pk, title="Biểu 01", upload=form_file(extra)
        )
        template.bindings = {f"Biểu 1!{place}": name for place, name in (bindings or {}).items()}
        template.save()
        return template

    return make


@pytest.fixture
def snapshot(campaign, cast, make_person, make_activity):
    """School A: 2 of 3 pupils reached; school B has no list and nothing approved."""
    pupils = [make_person(cast.a, f"Học sinh {number}") for number in range(3)]
    make_activity(cast.a, people=pupils[:2])
    return take_snapshot(cast.officer, campaign, Clocks(DAY, DAY), "Quý III")


@pytest.fixture
def opened():
    """opened(path) are the values of the first sheet by address; formulas as last calculated."""

    def read(path) -> dict[str, object]:
        sheet = load_workbook(path, data_only=True).worksheets[0]
        return {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None}

    return read
