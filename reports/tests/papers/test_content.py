"""The report of a small commune: its parts, its figures, what people wrote, and the grammar of nothing at all."""

from datetime import date

import pytest

from campaigns.choices import ActivityKind, Group
from campaigns.models import AgencyProfile
from reports.exporters.edition import edition_of_snapshot, read_edition
from reports.papers.content import PaperWords, ReportTable, report_content
from reports.papers.target_results import figure_cells
from reports.selectors.clocks import Clocks
from reports.services.snapshots import take_snapshot

CLOCKS = Clocks(date(2026, 10, 31), date(2026, 10, 31))


@pytest.fixture
def busy(campaign, cast, make_person, make_household, make_activity, make_check):
    """Two of three pupils reached, a support day with elderly people, a festival, one household checked."""
    pupils = [make_person(cast.a, f"Bé {place}", class_name="4A") for place in range(3)]
    make_activity(cast.a, people=pupils[:2], title="Tiết học số")
    make_activity(
        cast.village, ActivityKind.SUPPORT, date(2026, 7, 2), totals={Group.RESIDENT: 9}, elderly_count=4,
        volunteer_count=3,
    )  # fmt: skip
    make_activity(cast.a, ActivityKind.FESTIVAL, date(2026, 10, 10), people=pupils[:1])
    make_check(make_household(cast.village, "Trần Văn Hộ"))
    return campaign


def texts(content) -> str:
    blocks = [block for part in (*content.sections, *content.appendices) for block in part.blocks]
    lines = [*content.opening, *blocks, *content.closing]
    return "\n".join(
        "\n".join([block.caption, *("|".join(row.cells) for row in block.rows), block.note])
        if isinstance(block, ReportTable)
        else block.text
        for block in lines
    )


def test_the_report_has_the_parts_of_the_plan(busy):
    content = report_content(read_edition(busy, CLOCKS), {})
    assert [section.heading for section in content.sections] == [
        "I. CÔNG TÁC CHỈ ĐẠO, TRIỂN KHAI",
        "II. KẾT QUẢ THỰC HIỆN CHỈ TIÊU",
        "III. KẾT QUẢ THEO NỘI DUNG KẾ HOẠCH",
        "IV. TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN",
        "V. NHIỆM VỤ TRỌNG TÂM VÀ ĐỀ XUẤT",
    ]


def test_the_table_and_the_appendix_hold_the_engines_figures(busy):
    edition = read_edition(busy, CLOCKS)
    content = report_content(edition, {})
    table = next(block for block in content.sections[1].blocks if isinstance(block, ReportTable))
    assert [row.cells[3:6] for row in table.rows] == [
        figure_cells(target.commune) for target in edition.progress.targets
    ]
    last = content.appendices[0].blocks[0].rows[-1]
    assert last.is_total
    assert last.cells[2:] == tuple(
        "-" if target.commune.state == "not_applicable" else target.commune.text for target in edition.progress.targets
    )


def test_what_the_records_show_is_told_by_the_sections_of_the_plan(busy):
    said = texts(report_content(read_edition(busy, CLOCKS), {}))
    assert "Chưa ghi nhận hoạt động tuyên truyền nào được duyệt." in said
    assert "(10/10): đã tổ chức 1 hoạt động ngày hội do 1 đơn vị chủ trì, với 1 lượt người có tên." in said
    assert "Đã tổ chức 1 hoạt động dạy học lồng ghép do 1 đơn vị chủ trì, với 2 lượt người có tên." in said
    assert "Người cao tuổi: 4 lượt được hỗ trợ; người có hoàn cảnh khó khăn: chưa ghi nhận lượt hỗ trợ nào" in said
    assert "Đã có 3 lượt tình nguyện viên tham gia các hoạt động." in said
    assert "K3: mỗi tuần cần thêm 1 học sinh, tổng cộng 1 học sinh đến ngày 31/12/2026" in said


def test_the_festival_is_not_missed_before_its_day(campaign):
    before = report_content(read_edition(campaign, Clocks(date(2026, 9, 30), date(2026, 9, 30))), {})
    after = report_content(read_edition(campaign, CLOCKS), {})
    assert "10/10" not in texts(before)
    assert "(10/10): chưa ghi nhận hoạt động ngày hội nào được duyệt." in texts(after)


def test_a_commune_without_any_record_is_told_so_and_nothing_is_made_up(campaign):
    said = texts(report_content(read_edition(campaign, CLOCKS), {}))
    assert "Chưa ghi nhận hoạt động nào được duyệt." in said
    assert "Chưa ghi nhận Tổ công nghệ số cộng đồng nào." in said
    assert "None" not in said


def test_nobody_is_named_but_who_signs(busy):
    said = texts(report_content(read_edition(busy, CLOCKS), {}))
    assert "Trần Văn Hộ" not in said
    assert "Bé 0" not in said


def test_each_line_of_the_office_is_a_paragraph_after_the_portals_own(busy):
    content = report_content(read_edition(busy, CLOCKS), {"direction": "Đã họp.\n\n  Đã kiểm tra. "})
    assert [block.text for block in content.sections[0].blocks if block.is_office] == ["Đã họp.", "Đã kiểm tra."]
    assert [block.is_office for block in content.sections[0].blocks][-2:] == [True, True]


@pytest.mark.parametrize(
    ("number", "line"),
    [("", "Số:       /BC-UBND"), ("12", "Số: 12/BC-UBND"), (" 12/BC-VHXH ", "Số: 12/BC-VHXH")],
)
def test_the_number_or_room_for_it(campaign, number, line):
    assert report_content(read_edition(campaign, CLOCKS), {}, PaperWords(number=number)).number_line == line


def test_the_symbol_behind_the_number_is_the_communes(campaign):
    AgencyProfile.objects.update(report_symbol="BC-VHXH")
    content = report_content(read_edition(campaign, CLOCKS), {}, PaperWords(number="12"))
    assert content.number_line == "Số: 12/BC-VHXH"


def test_the_papers_day_and_title_are_those_that_were_given(campaign):
    words = PaperWords(title="Quý III", dated_on=date(2026, 2, 5))
    content = report_content(read_edition(campaign, CLOCKS), {}, words)
    assert content.title == "Quý III"
    assert content.place_line.endswith(", ngày 05 tháng 02 năm 2026")


def test_the_same_snapshot_gives_the_same_content_whatever_happened_since(busy, cast, make_person, make_activity):
    snapshot = take_snapshot(cast.officer, busy, CLOCKS, "Tháng 10")
    first = report_content(edition_of_snapshot(snapshot), {})
    make_activity(cast.a, people=[make_person(cast.a, "Bé mới")], on=date(2026, 6, 1))
    assert report_content(edition_of_snapshot(snapshot), {}) == first
    assert first.seal_line == f"Bản chốt {snapshot.code} · {snapshot.sha256[:12]}"


def test_figures_that_are_not_frozen_say_so(busy):
    assert report_content(read_edition(busy, CLOCKS), {}).seal_line == "Số liệu chưa chốt"
