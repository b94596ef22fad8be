"""Signatures stay with their table when a sheet is printed."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import load_workbook

from hbs_portal.lib.sheets.pages import PAGE_HEIGHT_POINTS, breaks_within, page_capacity
from hbs_portal.lib.sheets.styles import ColumnKind
from hbs_portal.lib.sheets.writing import Column, Letterhead, OfficialSheet, OfficialWorkbook

LETTERHEAD = Letterhead(
    agency_lines=("ỦY BAN NHÂN DÂN", "XÃ HÀ BẮC"),
    motto_lines=("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"),
    place="Hà Bắc",
    day=None,
    signer_lines=("PHÓ CHỦ TỊCH",),
)


def breaks_of(folder: Path, rows: int, *, is_one_page: bool = False) -> tuple[list[int], int]:
    """Where a sheet of so many rows breaks by hand, and the row of its totals."""
    columns = [
        Column[int]("STT", kind=ColumnKind.ORDINAL, width=6),
        Column[int]("Số", lambda row: row, ColumnKind.INT, width=120),
    ]
    book = OfficialWorkbook(LETTERHEAD)
    book.add_sheet(
        OfficialSheet(
            name="Thử", title="Thử", columns=columns, rows=range(rows), totals=["Cộng", 0], is_one_page=is_one_page
        )
    )
    book.save(folder / "thu.xlsx")
    sheet = load_workbook(folder / "thu.xlsx").active
    totals_row = next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value == "Cộng")
    return [one.id for one in sheet.row_breaks.brk], totals_row


@pytest.mark.parametrize("rows", [8, 10])
def test_a_signature_that_a_page_would_tear_goes_over_with_the_totals(tmp_path, rows):
    breaks, totals_row = breaks_of(tmp_path, rows)
    assert breaks == [totals_row - 1]


@pytest.mark.parametrize("rows", [3, 6])
def test_a_table_that_fits_with_its_signature_is_not_broken(tmp_path, rows):
    assert breaks_of(tmp_path, rows)[0] == []


def test_totals_that_begin_a_page_of_themselves_need_no_break(tmp_path):
    assert breaks_of(tmp_path, 17)[0] == []


def test_a_sheet_of_one_page_is_shrunk_and_never_broken(tmp_path):
    assert breaks_of(tmp_path, 9, is_one_page=True)[0] == []
    assert load_workbook(tmp_path / "thu.xlsx").active.page_setup.fitToHeight == 1


@pytest.mark.parametrize(
    "heights, first, expected",
    [
        ([40, 40, 40], 1, True),  # the third row begins page two
        ([40, 40, 20], 1, False),  # all on one page
        ([50, 50, 40, 20], 2, False),  # they begin page two of themselves
        ([10, 60, 60], 1, False),  # longer than a page in any case
    ],
)
def test_what_a_page_tears(heights: Sequence[float], first: int, expected: bool):
    assert breaks_within(heights, first, 100, 0) is expected


def test_a_wide_table_is_shrunk_so_that_a_page_holds_more_rows():
    assert page_capacity([60] * 4) > 1.5 * page_capacity([60]) > PAGE_HEIGHT_POINTS
