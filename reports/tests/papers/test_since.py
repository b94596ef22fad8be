"""The report of a period speaks of the period; every other one of what moved since the figures frozen before it."""

from datetime import date

import pytest

from campaigns.choices import ActivityKind, Group
from campaigns.services.targets import record_version
from hbs_portal.lib.dates import local_today
from reports.exporters.edition import edition_of_snapshot, read_edition
from reports.models import ReportingPeriod
from reports.models.periods import PeriodMode
from reports.papers.content import report_content, suggested_title
from reports.papers.since import flow_sentence, since_sentences
from reports.periods.flows import FigureFlows, Flow
from reports.progress import Cell, CellState, Verdict
from reports.selectors.clocks import Clocks
from reports.services.periods import close_period
from reports.services.snapshots import take_snapshot
from reports.tests.papers.test_content import texts

MARCH, JUNE = date(2026, 3, 31), date(2026, 6, 30)
VALUE = Cell(CellState.VALUE, n=117, d=200, percent="58,5%", verdict=Verdict.NOT_MET)


@pytest.fixture
def close(campaign, cast):
    """close(name, first, last, mode) is the edition of a period's end."""

    def close(name, first, last, mode=PeriodMode.IN_PERIOD):
        period = ReportingPeriod.objects.create(
            commune=cast.commune, campaign=campaign, name=name, starts_on=first, ends_on=last, mode=mode
        )
        return edition_of_snapshot(close_period(actor=cast.officer, period=period, expected_version=period.version))

    return close


@pytest.fixture
def two_quarters(cast, close, make_person, make_activity):
    """One pupil of four in the first quarter, two more and a session of elderly people in the second; after the
    closing of the first a session of March was approved."""
    pupils = [make_person(cast.a, f"Bé {place}") for place in range(4)]
    make_activity(cast.a, people=pupils[:1], on=date(2026, 2, 2), volunteer_count=2)
    first = close("Quý I/2026", date(2026, 1, 1), MARCH)
    make_activity(cast.a, people=pupils[1:2], on=date(2026, 3, 3))
    make_activity(cast.a, people=pupils[2:3], on=date(2026, 5, 5), volunteer_count=3)
    make_activity(cast.village, ActivityKind.SUPPORT, date(2026, 6, 6), totals={Group.RESIDENT: 9}, elderly_count=4)
    return first, close("Quý II/2026", date(2026, 4, 1), JUNE)


def flows(opening, in_period, adjustment, newly, cell=VALUE) -> FigureFlows:
    return FigureFlows(cell, Flow(opening, in_period, adjustment, opening + in_period + adjustment), newly, None)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (flows(100, 20, 0, 20), "số đầu kỳ 100 người, phát sinh tăng 20, số cuối kỳ 120 người"),
        (
            flows(1100, 20, -3, 22),
            "số đầu kỳ 1.100 người, điều chỉnh số kỳ trước giảm 3, phát sinh tăng 20 (mới được tính 22, "
            "biến động danh sách giảm 2), số cuối kỳ 1.117 người",
        ),
        (
            flows(100, -4, 1, 0),
            "số đầu kỳ 100 người, điều chỉnh số kỳ trước tăng 1, phát sinh giảm 4 (mới được tính 0, "
            "biến động danh sách giảm 4), số cuối kỳ 97 người",
        ),
        (flows(10, 0, 0, None), "số đầu kỳ 10 người, phát sinh không đổi, số cuối kỳ 10 người"),
    ],
)
def test_a_period_is_told_from_its_opening_to_its_closing(given, expected):
    assert flow_sentence(given, "người") == f"trong kỳ: {expected}"


@pytest.mark.parametrize("state", [CellState.NOT_REPORTED, CellState.NO_DENOMINATOR, CellState.NOT_APPLICABLE])
def test_b1_a_figure_without_a_value_did_not_move(state):
    assert flow_sentence(flows(0, 0, 0, 0, Cell(state)), "người") == ""


def test_a_quarter_speaks_of_the_quarter(two_quarters):
    said = texts(report_content(two_quarters[1], {}))
    assert "báo cáo kết quả quý II/2026 như sau (số phát sinh trong kỳ từ ngày 01/04/2026" in said
    assert (
        "Trong kỳ: số đầu kỳ 1 học sinh, điều chỉnh số kỳ trước tăng 1, phát sinh tăng 1, số cuối kỳ 3 học sinh."
    ) in said
    assert "Trong kỳ đã tổ chức 1 hoạt động dạy học lồng ghép do 1 đơn vị chủ trì" in said
    assert "với 1 lượt người có tên; luỹ kế 3 hoạt động." in said
    assert "Trong kỳ, người cao tuổi: 4 lượt được hỗ trợ" in said
    assert "Trong kỳ, đã có 3 lượt tình nguyện viên tham gia các hoạt động." in said
    assert "Trong kỳ chưa ghi nhận hoạt động tuyên truyền nào được duyệt." in said
    assert "Trong kỳ đã thực hiện 2 hoạt động." in said
    assert "Luỹ kế đến hết kỳ, đã thực hiện 4 hoạt động, mỗi hoạt động tính một lần" in said


def test_the_figures_of_the_sentence_are_those_of_the_sheet(two_quarters):
    for edition in two_quarters:
        for target in edition.period.flows.targets:
            opening, in_period, adjustment, closing = target.commune.reached
            assert (
                opening + in_period + adjustment
                == closing
                == (edition.progress.target(target.rule.code).commune.n or 0)
            )
            told = since_sentences(edition).get(target.rule.code, "")
            assert bool(told) == target.commune.cell.has_value
            assert not told or f"số cuối kỳ {closing} " in told


def test_the_title_names_the_period_and_the_year_once(two_quarters, close, campaign):
    assert suggested_title(two_quarters[1]) == f"Kết quả thực hiện Phong trào “{campaign.name}” quý II/2026"
    july = close("Tháng bảy", date(2026, 7, 1), date(2026, 7, 31))
    assert suggested_title(july).endswith(f"“{campaign.name}” tháng bảy năm 2026")


def test_a_running_total_is_compared_with_the_one_before(close, cast, make_person, make_activity):
    pupils = [make_person(cast.a, f"Bé {place}") for place in range(4)]
    make_activity(cast.a, people=pupils[:1], on=date(2026, 2, 2))
    close("3 tháng", date(2026, 1, 1), MARCH, PeriodMode.RUNNING_TOTAL)
    make_activity(cast.a, people=pupils[1:3], on=date(2026, 5, 5))
    edition = close("6 tháng đầu năm 2026", date(2026, 1, 1), JUNE, PeriodMode.RUNNING_TOTAL)
    said = texts(report_content(edition, {}))
    assert "So với số liệu đến ngày 31/03/2026 (1/4 học sinh, 25,0%): số đã đạt tăng 2 học sinh." in said
    assert "báo cáo kết quả 6 tháng đầu năm 2026 như sau (số liệu luỹ kế đến hết ngày 30/06/2026" in said
    assert "Trong kỳ" not in said


def test_without_figures_before_nothing_is_compared(campaign, cast, make_person, make_activity):
    make_activity(cast.a, people=[make_person(cast.a)], on=date(2026, 2, 2))
    assert since_sentences(read_edition(campaign, Clocks(JUNE, JUNE))) == {}


def test_b1_what_was_not_reported_then_is_not_taken_for_0(campaign, cast, make_person, make_activity):
    pupil = make_person(cast.a)
    take_snapshot(cast.officer, campaign, Clocks(MARCH, MARCH), "Quý I")
    make_activity(cast.a, people=[pupil], on=date(2026, 5, 5))
    assert "K3" not in since_sentences(read_edition(campaign, Clocks(JUNE, JUNE)))


def test_a_rule_that_changed_between_the_two_is_said(campaign, cast, make_person, make_activity):
    pupils = [make_person(cast.a, f"Bé {place}") for place in range(2)]
    make_activity(cast.a, people=pupils[:1], on=date(2026, 2, 2))
    take_snapshot(cast.officer, campaign, Clocks(MARCH, JUNE), "Quý I")
    target = campaign.targets.get(code="K3")
    target.min_sessions = 2
    target.save()
    record_version(target=target, actor=cast.officer, effective_on=date(2026, 4, 1), reason="Hai buổi")
    said = since_sentences(read_edition(campaign, Clocks(JUNE, local_today())))["K3"]
    assert "số đã đạt giảm 1 học sinh" in said
    assert said.endswith("quy tắc tính đã thay đổi giữa hai lần.")
