"""The dashboard: the engine's figures, who may see them, and what they cost."""

import json
import re
from datetime import date

import pytest
from django.urls import reverse

from campaigns.choices import ActivityKind, Group, RecordStatus, Source
from campaigns.models import Campaign, FigureSource, Headcount
from conftest import clock_values
from reports.selectors import read_progress
from reports.selectors.clocks import Clocks
from training.models import RunningTotal

URL = "/tong-quan/"


@pytest.fixture
def records(cast, make_person, make_activity, make_household, make_check, make_platform_use):
    """K3: 3 of 5 pupils, 1 waiting; K2: 1 of 1; K4: 1 of 2; THCS B has pupils and no record."""
    pupils = [make_person(cast.a, class_name="4A") for _ in range(5)]
    make_activity(cast.a, people=pupils[:2], on=date(2026, 3, 10))
    make_activity(cast.a, people=pupils[1:3], on=date(2026, 4, 10))
    make_activity(cast.a, people=pupils[3:4], status=RecordStatus.SUBMITTED)
    make_platform_use(make_person(cast.a, group=Group.TEACHER))
    make_check(make_household(cast.village))
    make_household(cast.village, "Lê Văn Tám")
    make_person(cast.b)
    return pupils


def shown(response) -> str:
    """The text of the page without tags, spaces folded."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_tiles_say_what_the_engine_says(records, cast, campaign, login):
    page = login(cast.officer).get(URL).context["page"]
    progress = read_progress(campaign, Clocks.of(campaign)).progress
    assert [tile.code for tile in page.tiles] == ["K1", "K2", "K3", "K4", "K5", "K6"]
    assert [tile.cell for tile in page.tiles] == [target.commune for target in progress.targets]


def test_a_tile_says_figure_gap_and_what_waits(records, cast, login):
    text = shown(login(cast.leader).get(URL))
    assert "3 /6 (50,0%)" in text
    assert "Cần thêm 3 học sinh" in text
    assert "Tạm tính 4/6 (66,6%) khi duyệt hết" in text
    assert "Được tiếp cận: 1/2 hộ (50,0%)" in text


def test_every_cell_of_the_table_is_the_engines(records, cast, campaign, login):
    page = login(cast.officer).get(URL).context["page"]
    progress = read_progress(campaign, Clocks.of(campaign)).progress
    cells = [
        (code, row.unit.code, shown.cell)
        for table in page.heat
        for row in table.rows
        for code, shown in zip(table.codes, row.cells, strict=True)
    ]
    assert len(cells) == 3 * 4 + 2 + 1
    for code, unit, cell in cells:
        assert cell in [row.cell for row in progress.target(code).units if row.unit.code == unit]


def test_a_preschool_in_k2_is_said_not_to_be_concerned(records, cast, login):
    page = login(cast.officer).get(URL).context["page"]
    schools = page.heat[0]
    row = next(row for row in schools.rows if row.unit.code == "MN-C")
    found = row.cells[schools.codes.index("K2")]
    assert (found.text, found.url, found.cell.state) == ("-", "", "not_applicable")
    assert "Không áp dụng" in shown(login(cast.officer).get(URL))


def test_a_unit_without_report_has_no_zero(records, cast, login):
    page = login(cast.officer).get(URL).context["page"]
    schools = page.heat[0]
    row = next(row for row in schools.rows if row.unit.code == "THCS-B")
    found = row.cells[schools.codes.index("K3")]
    assert (found.text, found.cell.state) == ("-", "not_reported")


def test_the_unit_in_most_need_stands_first(records, cast, login):
    rows = login(cast.officer).get(URL).context["page"].heat[0].rows
    needs = [sum(found.cell.verdict != "met" for found in row.cells if found.url) for row in rows]
    assert needs == sorted(needs, reverse=True)


def test_months_show_whom_they_reached_first_and_sum_to_the_figure(records, cast, login):
    response = login(cast.officer).get(f"{URL}?ngay=2026-06-30")
    chart = next(chart for chart in response.context["page"].months if chart.code == "K3")
    assert [(row.label, row.new, row.cumulative) for row in chart.rows] == [
        ("1/2026", 0, 0), ("2/2026", 0, 0), ("3/2026", 2, 2), ("4/2026", 1, 3), ("5/2026", 0, 3), ("6/2026", 0, 3),
    ]  # fmt: skip
    assert [row.needed for row in chart.rows] == [0, 1, 1, 2, 2, 3]
    source = re.search(r'<script id="so-thang-K3"[^>]*>(.*?)</script>', response.content.decode())
    assert json.loads(source[1])["cumulative"] == [0, 0, 2, 3, 3, 3]


def test_a_month_opens_the_people_who_were_new_in_it(records, cast, login):
    client = login(cast.officer)
    chart = client.get(URL).context["page"].months[2]
    march = next(row for row in chart.rows if row.label == "3/2026")
    assert client.get(march.url).context["page"].content.page.total == march.new == 2


def test_what_waits_is_counted_for_the_officer_only(records, cast, login, make_platform_use, make_person):
    make_platform_use(make_person(cast.b, group=Group.TEACHER), status=RecordStatus.SUBMITTED)
    assert "2 bản ghi đang chờ: 1 hoạt động, 1 xác nhận" in shown(login(cast.officer).get(URL))
    assert login(cast.leader).get(URL).context["page"].waiting is None


def test_who_entered_nothing_is_named(records, cast, login):
    silent = login(cast.officer).get(URL).context["page"].silent
    assert [unit.code for unit in silent] == ["VHXH", "MN-C", "THCS-B"]


def test_a_waiting_record_is_enough_not_to_be_silent(records, cast, login, make_activity):
    make_activity(cast.b, ActivityKind.LESSON, status=RecordStatus.SUBMITTED)
    silent = login(cast.officer).get(URL).context["page"].silent
    assert "THCS-B" not in [unit.code for unit in silent]


@pytest.mark.parametrize("who", ["officer", "leader", "admin"])
def test_the_page_costs_at_most_fifteen_queries_however_many_rows(
    who, records, cast, login, make_person, make_activity, make_unit, django_assert_max_num_queries
):
    client = login(getattr(cast, who))
    with django_assert_max_num_queries(15) as before:
        client.get(URL)
    for number in range(8):
        unit = make_unit(cast.commune, f"TH-{number}", "PRIMARY")
        make_activity(unit, people=[make_person(unit, class_name="4A")], co_hosts=(cast.b,))
    with django_assert_max_num_queries(len(before)):
        client.get(URL)


@pytest.mark.parametrize(
    ("who", "status"),
    [("officer", 200), ("leader", 200), ("admin", 200), ("editor_a", 403), ("team_member", 403), ("nobody", 403)],
)
def test_who_reads_the_commune_sees_it(who, status, cast, login):
    assert login(getattr(cast, who)).get(URL).status_code == status


def test_another_commune_is_another_dashboard(records, cast, login):
    page = login(cast.stranger).get(URL).context["page"]
    assert page.tiles[2].cell.n is None
    assert {row.unit.code for table in page.heat for row in table.rows} <= {"TH-X"}


def test_the_chosen_days_hold_for_the_figures_and_their_links(records, cast, login):
    page = login(cast.officer).get(f"{URL}?ngay=31/03/2026&duyet=2026-10-31").context["page"]
    assert page.clock_line == "Số liệu phát sinh đến 31/03/2026, được duyệt đến 31/10/2026"
    assert page.tiles[2].cell.n == 2
    assert page.tiles[2].url == "/giai-thich/K3/?ngay=2026-03-31&duyet=2026-10-31"


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("ngay=30/02/2026", "Không có ngày 30/02/2026"),
        ("ngay=2030-01-01", "Kế hoạch kéo dài từ 01/01/2026 đến 31/12/2026"),
        ("duyet=2099-01-01", "Ngày duyệt không được sau hôm nay"),
    ],
)
def test_a_wrong_day_gets_a_sentence(query, sentence, records, cast, login):
    response = login(cast.officer).get(f"{URL}?{query}")
    assert response.status_code == 422
    assert sentence in shown(response)


def test_records_that_contradict_each_other_give_a_sentence_and_no_figure(cast, login, make_person, make_activity):
    make_activity(cast.a, people=[make_person(cast.a)], totals={Group.PUPIL: 0})
    response = login(cast.officer).get(URL)
    assert "có 1 người được ghi tên nhưng tổng số chỉ là 0" in shown(response)
    assert "page" not in response.context


def test_before_a_plan_is_loaded_the_page_says_what_to_do(cast, login):
    Campaign.objects.filter(commune=cast.commune).update(commune=cast.other_commune, state="CLOSED", code="CU")
    response = login(cast.officer).get(URL)
    assert "Xã chưa có kế hoạch" in shown(response)
    assert reverse("campaigns:campaign_detail") in response.content.decode()


def test_the_months_say_how_many_they_leave_out_because_no_list_names_them(cast, campaign, login, make_person):
    make_person(cast.a, class_name="4A")
    target, day = campaign.targets.get(code="K3"), date(2026, 3, 31)
    record = {"commune": cast.commune, "unit": cast.b, "group": Group.PUPIL, "entered_by": cast.officer}
    record |= clock_values(RecordStatus.APPROVED, day, cast.officer2)
    FigureSource.objects.create(commune=cast.commune, unit=cast.b, group=Group.PUPIL, source=Source.DECLARED)
    Headcount.objects.create(effective_on=day, count=50, **record)
    RunningTotal.objects.create(target=target, as_of=day, value=40, **record)
    text = shown(login(cast.leader).get(URL))
    assert "40 học sinh theo số khai báo không chia được theo tháng" in text
    assert "người theo số khai báo" not in text


def test_a_day_to_come_is_refused_with_a_sentence(cast, login, monkeypatch):
    monkeypatch.setattr("reports.forms.clocks.local_today", lambda: date(2026, 6, 30))
    response = login(cast.leader).get(reverse("reports:dashboard") + "?ngay=01/07/2026")
    assert response.status_code == 422
    assert "Ngày này chưa tới" in response.content.decode()
