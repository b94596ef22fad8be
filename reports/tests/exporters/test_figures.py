"""The workbook opened again: every figure is the engine's, every kind of value what it should be."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from campaigns.choices import Group, Operator, Qualifier, RecordStatus
from campaigns.models import Exclusion, Membership, Person
from campaigns.services.targets import target_state, update_target
from conftest import clock_values
from reports.exporters.edition import read_edition
from reports.exporters.units_sheet import roman
from reports.exporters.wording import figure_in_short, numerator_value, percent_fraction, percent_value, verdict_word
from reports.progress import Cell, CellState, TargetRule, Verdict
from reports.tests.exporters.conftest import CLOCKS, cell_beside, row_of, texts

SHEETS = [
    "Chỉ tiêu", "Theo đơn vị", "Theo cấp học", "Hộ gia đình", "Hoạt động", "Người được giúp", "Biểu đồ chỉ tiêu",
    "Biểu đồ đơn vị", "Biểu đồ tháng", "Thuyết minh",
]  # fmt: skip
ALL = TargetRule("K3", "", Operator.ALL, Qualifier.ATTENDANCE)
OVER_90 = TargetRule("K1", "", Operator.MORE_THAN, Qualifier.ATTENDANCE, threshold_bp=9000)


def expected(value: object) -> object:
    """A value of the exporter as openpyxl reads it back."""
    return float(value) if isinstance(value, Decimal) else value


def test_the_workbook_has_its_sheets_in_order(book):
    assert book.sheetnames == SHEETS


def test_every_figure_of_the_targets_is_the_engines(edition, book):
    for figures in edition.progress.targets:
        cell = figures.commune
        row = row_of(book["Chỉ tiêu"], f"{figures.rule.code}.")
        assert row[4:8] == [cell.d, cell.n, expected(percent_value(cell, figures.rule)), verdict_word(cell)]


def test_every_figure_of_every_unit_is_the_engines(edition, book):
    for place, figures in enumerate(edition.progress.targets):
        first = 2 + 3 * place
        for unit in figures.units:
            row = row_of(book["Theo đơn vị"], unit.unit.name)
            share = expected(percent_value(unit.cell, figures.rule))
            shown = [numerator_value(replace(unit.cell, n=unit.cell.d)), numerator_value(unit.cell), share]
            assert row[first : first + 3] == shown


def test_the_last_row_of_the_units_is_the_communes_figure_not_the_sum(edition, book):
    k1 = edition.progress.target("K1")
    sheet = book["Theo đơn vị"]
    units = [row.cell for row in k1.units if row.cell.d]
    assert (sum(cell.n for cell in units), sum(cell.d for cell in units)) == (4, 4)
    assert row_of(sheet, "Toàn xã")[2:5] == [3, 3, 1]


def test_c7_the_difference_to_the_sum_is_reconciled(book):
    words = "Tổng số: cộng các đơn vị 4, toàn xã 3, trùng giữa đơn vị 1"
    assert any(words in str(cell.value) for row in book["Theo đơn vị"].iter_rows() for cell in row)
    assert any(words in str(cell.value) for row in book["Thuyết minh"].iter_rows() for cell in row)


def test_units_stand_in_roman_numbered_groups_by_kind(book):
    sheet = book["Theo đơn vị"]
    groups = [
        (row[0].value, row[1].value) for row in sheet.iter_rows() if str(row[0].value or "") in ("I", "II", "III")
    ]
    assert groups == [("I", "Phòng, cơ quan, trung tâm"), ("II", "Trường mầm non"), ("III", "Trường tiểu học")]
    assert [roman(number) for number in (1, 4, 9, 10, 14)] == ["I", "IV", "IX", "X", "XIV"]


def test_states_are_words_and_what_does_not_apply_is_a_hyphen(book):
    """B1-B3 in one row: K1 without a list, K2 not for preschools, K5 not reported."""
    row = row_of(book["Theo đơn vị"], "Trường Mầm non C")
    assert row[2:5] == [None, None, "Chưa có mẫu số"]
    assert row[5:8] == ["-", "-", "-"]
    assert row[14:17] == [1, None, "Chưa báo cáo"]
    assert row[20] == "Chưa có mẫu số: K1\nChưa báo cáo: K5"


def test_b3_a_partial_figure_says_so_and_is_not_met(book):
    row = row_of(book["Chỉ tiêu"], "K1.")
    assert row[7] == "Chưa đánh giá"
    assert "Mới có 2/5 đơn vị có mẫu số." in row[8]


def test_what_waits_and_what_has_no_name_stand_in_words_beside_the_figure(book):
    """H1: 7 approved, 9 with what waits; D1: 12 were there, 7 have names, 5 are never added."""
    row = row_of(book["Chỉ tiêu"], "K3.")
    assert row[4:6] == [10, 7]
    assert "Tạm tính 9/10 (90,0%) khi duyệt thêm 2 học sinh." in row[8]
    assert "Chưa định danh 5 lượt, không cộng vào; khoảng có thể 7-10 học sinh." in row[8]


def test_e2_households_merely_reached_stand_beside_those_who_passed(book):
    row = row_of(book["Chỉ tiêu"], "K4.")
    assert row[4:7] == [10, 6, 0.6]
    assert "Đã tiếp cận 8/10 (80,0%)" in row[8]


def test_a6_the_tolerance_is_printed(campaign, busy_commune, open_again):
    campaign.targets.filter(code="K4").update(tolerance_bp=1000)
    book = open_again(read_edition(campaign, CLOCKS))
    row = row_of(book["Chỉ tiêu"], "K4.")
    assert (row[3], row[7]) == ("Khoảng 70% (sai số 10%)", "Xấp xỉ")
    assert "sai số τ = 10%" in row_of(book["Thuyết minh"], "K4.")[2]


def test_c8_a_figure_is_printed_with_and_without_who_is_excluded(campaign, busy_commune, open_again):
    """K1: three teachers, all trained; one of them is excluded, who belongs to two schools."""
    book = open_again(read_edition(campaign, CLOCKS))
    assert any("Không loại trừ trường hợp nào." in text for text in texts(book["Thuyết minh"]))
    teacher = Person.objects.get(full_name="Giáo viên TH-A", memberships__unit=busy_commune.b)
    Exclusion.objects.create(
        commune=busy_commune.commune, campaign=campaign, unit=busy_commune.a, person=teacher, reason="MATERNITY",
        starts_on=date(2026, 10, 1), entered_by=busy_commune.editor_a,
        **clock_values(RecordStatus.APPROVED, date(2026, 10, 2), busy_commune.officer),
    )  # fmt: skip
    book = open_again(read_edition(campaign, CLOCKS))
    said = "Không tính người được loại trừ: 2/2 (100,0%) (đã loại trừ 1)."
    assert said in row_of(book["Chỉ tiêu"], "K1.")[8], "a partial figure is never đạt, so no verdict is told"
    assert any(text.startswith(f"K1, toàn xã. {said}") for text in texts(book["Theo đơn vị"]))
    notes = " ".join(texts(book["Thuyết minh"]))
    assert f"Tính cả: 3/3 (100,0%). {said}" in notes
    assert "Trường Tiểu học A: tính cả 2/2 (100,0%), đạt; 1/1 (100,0%) (đã loại trừ 1), đạt." in notes
    assert "Giáo viên TH-A" not in notes


def test_c6_the_report_prints_which_denominator_it_took(campaign, busy_commune, make_unit, make_person, open_again):
    old = make_unit(busy_commune.commune, "TH-Z", "PRIMARY", "Trường Cũ", closed_on=date(2026, 8, 31))
    make_person(old, ends_on=date(2026, 8, 31))
    campaign.targets.filter(code="K3").update(denominator_policy="FIXED", fixed_on=date(2026, 5, 31))
    book = open_again(read_edition(campaign, CLOCKS))
    remarks = {code: row_of(book["Chỉ tiêu"], f"{code}.")[8] for code in ("K1", "K3", "K5")}
    assert "Mẫu số: có mặt tại ngày lấy số liệu." in remarks["K1"]
    assert "Mẫu số: chốt theo danh sách ngày 31/05/2026." in remarks["K3"]
    assert "Mẫu số: các đơn vị đang hoạt động tại ngày lấy số liệu." in remarks["K5"]
    assert row_of(book["Theo đơn vị"], "Trường Cũ (hoạt động đến 31/08/2026)")


def test_h6_the_notes_tell_since_when_a_changed_rule_holds(campaign, busy_commune, open_again):
    target = campaign.targets.get(code="K3")
    values = target_state(target) | {"threshold_bp": 9000, "operator": "MORE_THAN"}
    update_target(
        actor=busy_commune.officer, target=target, expected_version=target.version, effective_on=date(2026, 7, 1),
        **values,
    )  # fmt: skip
    target.versions.filter(number=2).update(recorded_on=date(2026, 7, 1))
    notes = row_of(open_again(read_edition(campaign, CLOCKS))["Thuyết minh"], "K3.")[2]
    assert "Quy tắc áp dụng từ ngày 01/07/2026 (lần sửa thứ 1)." in notes
    assert "trên 90%" in notes.lower()


def test_a3_the_value_itself_is_rounded_down_and_its_format_shows_all_of_it(
    campaign, cast, make_activity, make_person, open_again
):
    """1799 of 2000 is 89,9 %, and a cell formatted 0.0% may not make it 90,0 %."""
    assert percent_fraction(1799, 2000, OVER_90) == Decimal("0.899")
    assert percent_fraction(1999, 2000, ALL) == Decimal("0.999")
    people = [make_person(cast.b, f"Người {place}", Group.TEACHER) for place in range(101)]
    make_activity(cast.b, "TRAINING", people=people[:91])
    cell = cell_beside(open_again(read_edition(campaign, CLOCKS))["Theo đơn vị"], "Trường THCS B", 5)
    assert (cell.value, cell.number_format) == (0.9009, "0.00%")  # 90,09 %, for 90,0 % would not be over 90 %


def test_numbers_are_numbers_and_dates_are_dates(book):
    sheet = book["Hoạt động"]
    day = cell_beside(sheet, "Tập huấn nền tảng số", 2, text_column=3)
    assert (day.value, day.number_format) == (datetime(2026, 5, 20), "dd/mm/yyyy")  # noqa: DTZ001
    assert cell_beside(book["Chỉ tiêu"], "K3.", 5).data_type == "n"
    assert cell_beside(book["Chỉ tiêu"], "K3.", 7).number_format == "0.0%"
    assert cell_beside(book["Thuyết minh"], "Mã chiến dịch", 3).data_type == "s"


def test_no_cell_is_a_formula(book):
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "inlineStr", "n", "d"}


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1", "-1", "@x", "＝1", "\t=1"])
def test_a_title_that_looks_like_a_formula_stays_text(campaign, cast, make_activity, open_again, text):
    make_activity(cast.a, title=text)
    sheet = open_again(read_edition(campaign, CLOCKS))["Hoạt động"]
    cell = sheet.cell(sheet.print_title_rows and _first_row(sheet), 3)
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def _first_row(sheet) -> int:
    return int(sheet.print_title_rows.split("$")[-1]) + 1


def test_figures_in_words_for_a_list_of_files():
    met = Cell(CellState.VALUE, n=92, d=100, percent="92,0%", verdict=Verdict.MET)
    assert figure_in_short(met) == "92,0% (đạt)"
    assert figure_in_short(Cell(CellState.NOT_REPORTED, d=3)) == "chưa báo cáo"


def test_b4_more_than_all_is_shown_and_blocks_the_verdict():
    over = Cell(CellState.VALUE, n=129, d=125, percent="103,2 %", is_over=True)
    assert percent_value(over, ALL) == Decimal("1.032")
    assert verdict_word(over) == "Chưa đánh giá"


def test_percentages_in_cells_are_those_of_the_screen(edition, book):
    """A4: the text on the screen and the number in the sheet are one figure."""
    for place, figures in enumerate(edition.progress.targets):
        cell = cell_beside(book["Theo đơn vị"], "Toàn xã", 5 + 3 * place)
        if figures.commune.percent:
            decimals = cell.number_format.count("0") - 1
            shown = f"{Decimal(str(cell.value)) * 100:.{decimals}f}%".replace(".", ",")
            assert shown == figures.commune.percent


def test_c7_somebody_in_two_units_counts_once_in_the_totals(campaign, cast, make_person, make_activity, open_again):
    """60 + 45 = 105, commune 103 (two are in both)."""
    at_a = [make_person(cast.a, f"A {place}", Group.TEACHER) for place in range(60)]
    at_b = [make_person(cast.b, f"B {place}", Group.TEACHER) for place in range(43)]
    Membership.objects.bulk_create(
        Membership(commune=cast.commune, person=one, unit=cast.b, group=Group.TEACHER, starts_on=CLOCKS.as_of)
        for one in at_a[:2]
    )
    make_activity(cast.a, "TRAINING", people=[*at_a, *at_b])
    sheet = open_again(read_edition(campaign, CLOCKS))["Theo đơn vị"]
    assert row_of(sheet, "Trường Tiểu học A")[2:4] == [60, 60]
    assert row_of(sheet, "Trường THCS B")[2:4] == [45, 45]
    assert row_of(sheet, "Toàn xã")[2:4] == [103, 103]
