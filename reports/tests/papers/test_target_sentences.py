"""Each verdict and each state as the report says it, word for word."""

from dataclasses import replace

import pytest

from campaigns.choices import DenominatorPolicy, Operator, Qualifier
from campaigns.models import Target
from reports.papers.grammar import counted, joined, some
from reports.papers.target_sentences import denominators_sentence, result_sentence, target_sentences
from reports.progress import Cell, CellState, TargetProgress, TargetRule, Tier, UnitCell, Verdict
from reports.progress.facts import UnitFact
from reports.progress.results import Adjusted

OVER_90 = Target(
    code="K1", noun="người", operator=Operator.MORE_THAN, threshold_bp=9000, qualifier=Qualifier.ATTENDANCE,
    denominator_policy=DenominatorPolicy.AS_OF,
)  # fmt: skip
ALL = Target(code="K3", noun="học sinh", operator=Operator.ALL, qualifier=Qualifier.ATTENDANCE)
ABOUT_70 = Target(
    code="K4", noun="hộ", operator=Operator.ABOUT, threshold_bp=7000, tolerance_bp=500,
    qualifier=Qualifier.HOUSEHOLD_CHECK,
)  # fmt: skip
AT_LEAST_80 = Target(code="K7", noun="người", operator=Operator.AT_LEAST, threshold_bp=8000)
EACH = Target(code="K5", noun="trường", operator=Operator.EACH_UNIT, min_count=1, qualifier=Qualifier.HOSTED_ACTIVITY)
SCHOOL = UnitFact(1, "TH-A", "Trường Tiểu học A", "PRIMARY", None)
OTHER = UnitFact(2, "TH-B", "Trường Tiểu học B", "PRIMARY", None)


def value(n: int, d: int, percent: str, verdict: Verdict, **more) -> Cell:
    return Cell(CellState.VALUE, n=n, d=d, percent=percent, verdict=verdict, **more)


def figures(target: Target, commune: Cell, *units: UnitCell, **more) -> TargetProgress:
    rule = TargetRule(target.code, "", Operator(target.operator), Qualifier(target.qualifier or Qualifier.ATTENDANCE))
    plain = {"overlap_n": 0, "overlap_d": 0, "units_applicable": 2, "units_with_denominator": 2, "units_reported": 2}
    return TargetProgress(rule=rule, commune=commune, units=units, activities=1, **(plain | more))


MET = value(46, 50, "92,0%", Verdict.MET, missing=0)
RESULTS = [
    (OVER_90, MET, "đạt 92,0% (46/50 người), vượt chỉ tiêu trên 90%"),
    (OVER_90, value(44, 50, "88,0%", Verdict.NOT_MET), "mới đạt 88,0% (44/50 người), chưa đạt chỉ tiêu trên 90%"),
    (ALL, value(35, 35, "100,0%", Verdict.MET), "đạt 100,0% (35/35 học sinh), hoàn thành chỉ tiêu 100%"),
    (AT_LEAST_80, value(8, 10, "80,0%", Verdict.MET), "đạt 80,0% (8/10 người), đạt chỉ tiêu từ 80% trở lên"),
    (
        ABOUT_70,
        value(66, 100, "66,0%", Verdict.NEAR),
        "đạt 66,0% (66/100 hộ), xấp xỉ chỉ tiêu khoảng 70% (sai số 5%)",
    ),
    (
        EACH,
        value(1, 2, "50,0%", Verdict.NOT_MET),
        "mới đạt 50,0% (1/2 trường), chưa đạt chỉ tiêu mỗi trường ít nhất 01 hoạt động",
    ),
    (
        ALL,
        value(0, 1200, "0,0%", Verdict.NOT_MET),
        "chưa có học sinh nào được tính trên tổng số 1.200 học sinh (0,0%), chưa đạt chỉ tiêu 100%",
    ),
    (
        OVER_90,
        value(48, 50, "96,0%", Verdict.NONE),
        "đạt 96,0% (48/50 người), chưa đánh giá theo chỉ tiêu trên 90% vì số liệu chưa đầy đủ hoặc còn sai sót",
    ),
    (
        OVER_90,
        value(51, 50, "102,0 %", Verdict.NONE, is_over=True),
        "đạt 102,0 % (51/50 người), tử số vượt mẫu số nên chưa đánh giá, phải kiểm tra lại trước khi sử dụng",
    ),
    (ALL, Cell(CellState.NOT_REPORTED, d=35), "chưa báo cáo: chưa có hồ sơ nào được duyệt trên tổng số 35 học sinh"),
    (
        ALL,
        Cell(CellState.NO_DENOMINATOR, n=12),
        "đã có 12 học sinh được tính nhưng chưa có mẫu số nên chưa tính được tỷ lệ, chưa đánh giá",
    ),
    (ALL, Cell(CellState.NO_DENOMINATOR), "chưa có mẫu số nên chưa tính được tỷ lệ, chưa đánh giá"),
    (ALL, Cell(CellState.NOT_APPLICABLE), "không áp dụng: không có đối tượng thuộc diện tính tại ngày lấy số liệu"),
]


@pytest.mark.parametrize(("target", "cell", "expected"), RESULTS)
def test_every_verdict_and_state_has_its_words(target, cell, expected):
    assert result_sentence(target, figures(target, cell)) == expected


def test_a_met_target_that_nothing_else_is_to_be_said_of_is_one_sentence():
    assert target_sentences(OVER_90, figures(OVER_90, MET)) == ["Đạt 92,0% (46/50 người), vượt chỉ tiêu trên 90%."]


def test_a_gap_names_the_units_with_the_greatest_first():
    short = [
        UnitCell(SCHOOL, value(8, 10, "80,0%", Verdict.NOT_MET, missing=1)),
        UnitCell(OTHER, value(36, 40, "90,0%", Verdict.NOT_MET, missing=4)),
    ]
    cell = value(44, 50, "88,0%", Verdict.NOT_MET, missing=2)
    assert target_sentences(OVER_90, figures(OVER_90, cell, *short))[1] == (
        "Cần thêm 2 người để đạt chỉ tiêu; tính riêng từng đơn vị, còn thiếu "
        "4 người tại Trường Tiểu học B và 1 người tại Trường Tiểu học A."
    )


def test_units_that_are_counted_themselves_are_named():
    short = UnitCell(SCHOOL, value(0, 1, "0,0%", Verdict.NOT_MET, missing=1))
    cell = value(1, 2, "50,0%", Verdict.NOT_MET, missing=1)
    assert target_sentences(EACH, figures(EACH, cell, short))[1] == (
        "Cần thêm 1 trường để đạt chỉ tiêu; chưa đạt: Trường Tiểu học A."
    )


def test_a_partial_figure_and_who_has_not_reported_are_said_plainly():
    found = figures(
        ALL,
        value(30, 35, "85,7%", Verdict.NOT_MET, missing=5),
        UnitCell(SCHOOL, Cell(CellState.NO_DENOMINATOR)),
        UnitCell(OTHER, Cell(CellState.NOT_REPORTED, d=5)),
        units_with_denominator=1,
    )
    said = target_sentences(ALL, found)
    assert "Số liệu chưa đầy đủ: mới có 1/2 đơn vị có mẫu số; chưa có: Trường Tiểu học A." in said
    assert "1/2 đơn vị chưa báo cáo: Trường Tiểu học B." in said


def test_what_waits_is_provisional():
    cell = replace(MET, n=44, provisional_n=48, provisional_percent="96,0%")
    assert "Nếu duyệt hết hồ sơ đang chờ thì có thêm 4 người, tạm tính 48/50 người (96,0%)." in target_sentences(
        OVER_90, figures(OVER_90, cell)
    )


def test_a_figure_is_told_with_and_without_who_is_excluded():
    cell = replace(MET, adjusted=Adjusted(1, 46, 49, "93,8%", Verdict.MET, 0))
    assert "Nếu không tính 1 người được loại trừ thì kết quả là 46/49 người (93,8%), đạt." in target_sentences(
        OVER_90, figures(OVER_90, cell)
    )


def test_heads_without_names_declared_parts_and_the_lower_tier_stand_beside_the_figure():
    cell = replace(MET, unnamed=12, possible_max=50, declared_n=4, declared_d=5)
    said = target_sentences(OVER_90, figures(OVER_90, cell, second_tier=Tier(48, 50, 48)))
    assert "Còn 12 lượt chưa định danh, không cộng vào kết quả; khoảng có thể là 46-50 người." in said
    assert "Trong đó 4/5 người theo số khai báo, chưa có danh sách." in said
    assert "Số đã được tiếp cận là 48/50 người (96,0%), chỉ để tham khảo, không dùng để đánh giá." in said


@pytest.mark.parametrize(("before", "words"), [(1, "không đổi"), (0, "tăng 1"), (2, "giảm 1")])
def test_a_moving_window_is_compared_with_the_one_before(before, words):
    target = Target(code="K6", noun="thôn", operator=Operator.EACH_UNIT, window_days=90, min_count=1)
    said = target_sentences(target, figures(target, value(1, 1, "100,0%", Verdict.MET), previous_n=before))
    assert said[1] == f"So với 90 ngày liền trước ({before} thôn): {words}."


def test_the_denominators_are_told_once_for_those_that_share_one():
    fixed = Target(code="K2", noun="người", denominator_policy=DenominatorPolicy.EVER)
    assert denominators_sentence([OVER_90, fixed]) == (
        "Mẫu số: K1 có mặt tại ngày lấy số liệu; K2 từng có mặt trong năm."
    )


def test_none_one_and_many():
    assert [counted(number, "hoạt động") for number in (0, 1, 1200)] == [
        "chưa có hoạt động nào", "1 hoạt động", "1.200 hoạt động",
    ]  # fmt: skip
    assert [joined(words) for words in ([], ["A"], ["A", "B"], ["A", "B", "C"], ["A, x", "B", "C"])] == [
        "", "A", "A và B", "A, B và C", "A, x; B và C",
    ]  # fmt: skip
    assert some(list("ABCDEFGH"), "đơn vị") == "A, B, C, D, E và 3 đơn vị khác"
    assert some(list("ABCDEF"), "đơn vị") == "A, B, C, D, E và F"
