"""Signatures stay with their table when a sheet is printed."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from hbs_portal.lib.sheets.pages import PAGE_HEIGHT_POINTS, page_capacity, page_starts
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


@pytest.mark.parametrize("rows", [10, 13])
def test_a_signature_that_a_page_would_tear_goes_over_with_the_totals(tmp_path, rows):
    breaks, totals_row = breaks_of(tmp_path, rows)
    assert breaks == [totals_row - 1]


@pytest.mark.parametrize("rows", [3, 6])
def test_a_table_that_fits_with_its_signature_is_not_broken(tmp_path, rows):
    assert breaks_of(tmp_path, rows)[0] == []


def test_totals_that_begin_a_page_of_themselves_need_no_other_break(tmp_path):
    breaks, totals_row = breaks_of(tmp_path, 15)
    assert breaks == [totals_row - 1]


def test_a_long_table_takes_its_last_rows_over_with_the_signature_only_where_it_must(tmp_path):
    breaks, totals_row = breaks_of(tmp_path, 20)
    assert len(breaks) == 1
    assert breaks[0] < totals_row - 1


def test_a_sheet_of_one_page_is_shrunk_and_never_broken(tmp_path):
    assert breaks_of(tmp_path, 9, is_one_page=True)[0] == []
    assert load_workbook(tmp_path / "thu.xlsx").active.page_setup.fitToHeight == 1


@pytest.mark.parametrize(
    "heights, headings, closing, expected",
    [
        ([40, 40, 40, 40, 40], (), 5, [2, 4]),  # a page ends before the row that it cannot hold
        ([50, 30, 20, 30, 30], (2,), 5, [2]),  # a group heading goes over with its first row
        ([10, 200, 10], (), 3, [1, 2]),  # a row higher than a page stands on a page of its own
        ([40, 40, 40], (), 1, [1]),  # the closing rows would be torn: they go over together
        ([40, 40, 10], (), 1, []),  # all on one page
        ([50, 40, 20, 20], (), 2, [2]),  # they begin page two of themselves
        ([10, 60, 60], (), 1, [2]),  # longer than a page in any case
    ],
)
def test_where_pages_begin(heights: list[float], headings: tuple[int, ...], closing: int, expected: list[int]):
    assert page_starts(heights, 100, 0, headings=set(headings), closing=closing) == expected


def test_the_repeated_headings_take_their_room_on_every_further_page():
    assert page_starts([40] * 5, 100, 30, headings=set(), closing=5) == [2, 3, 4]


def test_a_wide_table_is_shrunk_so_that_a_page_holds_more_rows():
    assert page_capacity([60] * 4) > 1.5 * page_capacity([60]) > PAGE_HEIGHT_POINTS
