"""The form of an official paper: agency, motto, clocks, signatures, print settings, and what "Thuyết minh" states."""

import pytest

from campaigns.models import AgencyProfile
from hbs_portal.tests.lib.sheets.strictness import complaints
from reports.exporters.edition import read_edition
from reports.exporters.workbook import workbook_name
from reports.tests.exporters.conftest import AS_OF, CLOCKS, row_of, texts


def test_agency_and_motto_stand_at_the_top_of_every_sheet(book):
    for sheet in book:
        head = texts(sheet)[:4]
        assert head[:1] + head[2:3] == ["ỦY BAN NHÂN DÂN", "XÃ HÀ BẮC"]
        assert head[1::2] == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]


def test_every_sheet_states_its_two_clocks(book):
    for sheet in book:
        assert "(Số liệu phát sinh đến 31/10/2026, được duyệt đến 31/10/2026)" in texts(sheet)


def test_tables_are_signed_charts_and_notes_are_not(book):
    for name in book.sheetnames:
        assert ("PHÓ CHỦ TỊCH" in texts(book[name])) == (not name.startswith(("Biểu đồ", "Thuyết minh")))
    assert {"NGƯỜI LẬP BIỂU", "TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "Phạm Đức Tiến", "Nơi nhận:"} <= set(
        texts(book["Chỉ tiêu"])
    )


def test_every_sheet_prints_on_a4_landscape_one_page_wide(book):
    for sheet in book:
        setup = sheet.page_setup
        assert (setup.orientation, setup.paperSize, setup.fitToWidth) == ("landscape", 9, 1)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.oddHeader.center.text == "&P"
        assert sheet.print_title_rows
        assert sheet.freeze_panes


def test_headings_are_numbered_under_them(book):
    for name, count in (("Chỉ tiêu", 9), ("Theo đơn vị", 21), ("Hoạt động", 12)):
        assert [text for text in texts(book[name]) if text == f"({count})"] == [f"({count})"]
        assert f"({count + 1})" not in texts(book[name])


def test_no_cells_are_merged_inside_the_data(book):
    for sheet in book:
        first = int(sheet.print_title_rows.split("$")[-1]) + 1
        last = max(
            row for row in range(first, sheet.max_row + 1) if getattr(sheet.cell(row, 1).border.left, "style", None)
        )
        assert not [area for area in sheet.merged_cells.ranges if first <= area.min_row <= last]


def test_all_letters_are_times_new_roman(book):
    fonts = {cell.font.name for sheet in book for row in sheet.iter_rows() for cell in row if cell.value}
    assert fonts == {"Times New Roman"}


@pytest.mark.parametrize(
    "subject, words",
    [
        ("Lập tệp", "Đỗ Thị Cán Bộ, lúc "),
        ("Kế hoạch", "Chưa ghi số, chưa ghi ngày ban hành."),
        ("Phát sinh đến", "Hết ngày 31/10/2026"),
        ("Bản chốt", "chưa chốt"),
        ("Loại trừ", "vẫn nằm trong số chính; số không tính người đó ghi kèm bên cạnh"),
        ("K1.", "Mẫu số: có mặt tại ngày lấy số liệu."),
        ("K4.", "sai số τ = 0%"),
        ("Số hoạt động", "4, mỗi hoạt động tính một lần."),
    ],
)
def test_the_notes_state_rules_clocks_and_who_made_the_file(book, subject, words):
    assert words in row_of(book["Thuyết minh"], subject)[2]


def test_the_notes_say_which_units_lack_a_denominator(book):
    assert any("Chưa đủ: 2/5 đơn vị có mẫu số." in text for text in texts(book["Thuyết minh"]))


def test_demo_figures_are_marked_on_every_sheet(campaign, open_again):
    campaign.is_demo = True
    for sheet in open_again(read_edition(campaign, CLOCKS)):
        assert any("MINH HỌA" in text for text in texts(sheet))


def test_real_figures_bear_no_demo_mark(book):
    assert not [text for sheet in book for text in texts(sheet) if "minh họa" in text.lower()]


def test_a_commune_that_has_not_described_its_papers_still_gets_its_name(campaign, open_again):
    AgencyProfile.objects.all().delete()
    head = texts(open_again(read_edition(campaign, CLOCKS))["Chỉ tiêu"])[:5]
    assert "XÃ HÀ BẮC" in head
    assert head[4].startswith("Hà Bắc, ngày ")


def test_a_campaign_without_targets_still_gives_a_whole_file(campaign, cast, open_again):
    campaign.targets.all().delete()
    names = open_again(read_edition(campaign, CLOCKS)).sheetnames
    assert names == ["Chỉ tiêu", "Theo đơn vị", "Hoạt động", "Người được giúp", "Thuyết minh"]


def test_issued_tables_use_the_hyphen_never_a_dash(book):
    assert not [text for sheet in book for text in texts(sheet) if "–" in text or "—" in text]


def test_no_persons_name_leaves_in_an_aggregate_file(book):
    names = ("Học sinh 1", "Giáo viên TH-A", "Chủ hộ")
    assert not [text for sheet in book for text in texts(sheet) if text.startswith(names)]


def test_the_file_is_named_by_campaign_and_day(campaign):
    assert workbook_name(campaign, AS_OF) == "BDHVS-2026_bao-cao_2026-10-31.xlsx"
    campaign.code = "../Kế hoạch/1"
    assert workbook_name(campaign, AS_OF) == "K-ho-ch-1_bao-cao_2026-10-31.xlsx"


def test_the_number_of_queries_does_not_grow_with_the_rows(
    campaign, cast, make_activity, make_person, make_unit, django_assert_num_queries
):
    make_activity(cast.a, people=[make_person(cast.a)], co_hosts=(cast.b,))
    with django_assert_num_queries(26):
        read_edition(campaign, CLOCKS)
    for place in range(8):
        unit = make_unit(cast.commune, f"TH-{place}", "PRIMARY")
        make_activity(unit, people=[make_person(unit), make_person(unit)], co_hosts=(cast.b, cast.a))
    with django_assert_num_queries(26):
        read_edition(campaign, CLOCKS)


def test_excel_takes_the_file_as_it_is(edition, open_again, tmp_path):
    open_again(edition)
    assert complaints(tmp_path / "bao-cao.xlsx") == []
