"""The pace as people read it: a line on the tile, a block on the explanation page, scheduled activities in it."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from campaigns.choices import Group, RecordStatus, Source
from campaigns.models import FigureSource, Headcount
from conftest import clock_values
from hbs_portal.lib.dates import local_today
from training.models import RunningTotal
from training.services.activities import ActivityContent, create_activity

DASHBOARD, HOME = "/tong-quan/", "/don-vi-cua-toi/"


def shown(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def year(campaign):
    """A campaign of which 70 days have passed and 70 are left."""
    today = local_today()
    campaign.starts_on, campaign.ends_on = today - timedelta(70), today + timedelta(70)
    campaign.save()
    return campaign


@pytest.fixture
def pupils(year, cast, make_person, make_activity):
    """K3: 40 pupils; 4 reached ten days ago, 8 forty days ago."""
    people = [make_person(cast.a, class_name="4A", starts_on=date(2024, 9, 5)) for _ in range(40)]
    make_activity(cast.a, people=people[:4], on=local_today() - timedelta(10))
    make_activity(cast.a, people=people[4:12], on=local_today() - timedelta(40))
    return people


def explanation(client, unit: str = ""):
    return client.get(reverse("reports:explain", args=["K3"]), {"don-vi": unit})


def test_the_tile_says_how_many_a_week_are_needed(pupils, cast, year, login):
    """28 are missing and ten weeks are left: 3 a week, for 2,8 would not suffice."""
    line = "Mỗi tuần cần thêm 3 học sinh"
    assert line in shown(login(cast.officer).get(DASHBOARD))
    assert line in shown(login(cast.editor_a).get(HOME))


def test_the_block_tells_speed_need_and_forecast_without_a_verdict(pupils, cast, year, login):
    """4 in four weeks and 8 in the four before: in ten weeks 10 to 20 more."""
    response = explanation(login(cast.officer))
    block = response.context["page"].pace
    assert block.speeds == (
        ("4 tuần gần nhất", "1 học sinh mỗi tuần (cả thảy 4)"),
        ("8 tuần gần nhất", "1,5 học sinh mỗi tuần (cả thảy 12)"),
    )
    end = f"{year.ends_on:%d/%m/%Y}"
    assert block.needed == f"Cần thêm 3 học sinh mỗi tuần cho đến {end}."
    assert block.forecast == f"Đến {end}: khoảng 22/40 (55,0%) đến 32/40 (80,0%) học sinh"
    assert "Dự báo, không phải kết quả" in shown(response)


def test_h7_the_forecast_does_not_move_the_verdict(pupils, cast, year, login):
    page = explanation(login(cast.officer)).context["page"]
    assert (page.tile.cell.text, page.tile.cell.verdict) == ("12/40 (30,0%)", "not_met")


def test_scheduled_people_raise_the_forecast_and_no_figure(pupils, cast, year, login):
    content = ActivityContent(
        kind="LESSON",
        starts_on=local_today() + timedelta(5),
        host=cast.a,
        person_ids=frozenset(person.pk for person in pupils[:30]),
    )
    create_activity(actor=cast.editor_a, content=content)
    page = explanation(login(cast.editor_a), "TH-A").context["page"]
    assert "khoảng 30/40 (75,0%) đến 40/40 (100,0%)" in page.pace.forecast
    assert "cộng 18 học sinh có trong lịch dự kiến" in page.pace.basis
    assert (page.tile.cell.n, page.tile.cell.provisional_n) == (12, 12)


def test_declared_totals_have_a_pace_too(year, cast, login):
    """Declared 20 four weeks ago and 48 today: 7 a week."""
    today = local_today()
    record = {"commune": cast.commune, "unit": cast.a, "group": Group.PUPIL, "entered_by": cast.editor_a}
    FigureSource.objects.create(commune=cast.commune, unit=cast.a, group=Group.PUPIL, source=Source.DECLARED)
    approved = clock_values(RecordStatus.APPROVED, today, cast.officer)
    Headcount.objects.create(**record, **approved, count=100, effective_on=year.starts_on)
    target = year.targets.get(code="K3")
    for days, value in ((28, 20), (0, 48)):
        RunningTotal.objects.create(**record, **approved, target=target, value=value, as_of=today - timedelta(days))
    page = explanation(login(cast.editor_a), "TH-A").context["page"]
    assert page.pace.speeds[0] == ("4 tuần gần nhất", "7 học sinh mỗi tuần (cả thảy 28)")


def test_without_any_report_there_is_a_need_and_no_forecast(year, cast, make_person, login):
    make_person(cast.a, class_name="4A", starts_on=date(2024, 9, 5))
    block = explanation(login(cast.officer)).context["page"].pace
    assert block.needed.startswith("Cần thêm 1 học sinh mỗi tuần")
    assert (block.forecast, block.note) == ("", "Chưa có số liệu được duyệt nên chưa dự báo được.")


def test_a_unit_that_has_it_or_not_shows_no_pace(year, cast, make_activity, login):
    make_activity(cast.a, "FESTIVAL", on=local_today())
    client = login(cast.officer)
    assert client.get(reverse("reports:explain", args=["K5"]), {"don-vi": "TH-A"}).context["page"].pace is None
    assert "trường mỗi tuần" in client.get(reverse("reports:explain", args=["K5"])).context["page"].pace.needed


def test_the_team_target_has_no_forecast_and_says_why(year, cast, login):
    block = login(cast.officer).get(reverse("reports:explain", args=["K6"])).context["page"].pace
    assert (block.speeds, block.forecast) == ((), "")
    assert "90 ngày gần nhất nên không dự báo" in block.note


def test_households_have_months_and_a_pace(year, cast, make_household, make_check, login):
    homes = [make_household(cast.village, f"Hộ {number}") for number in range(10)]
    for home in homes[:4]:
        make_check(home, on=local_today() - timedelta(3))
    client = login(cast.officer)
    chart = next(chart for chart in client.get(DASHBOARD).context["page"].months if chart.code == "K4")
    assert (chart.noun, chart.rows[-1].cumulative) == ("hộ", 4)
    month = next(row for row in chart.rows if row.new)
    found = client.get(month.url).context["page"].content
    assert (found.page.total, found.intro[:36]) == (month.new, "Những hộ được tính lần đầu trong thá")
    block = client.get(reverse("reports:explain", args=["K4"])).context["page"].pace
    assert block.speeds[0] == ("4 tuần gần nhất", "1 hộ mỗi tuần (cả thảy 4)")


def test_the_block_costs_the_same_for_few_and_for_many_plans(pupils, cast, login, django_assert_max_num_queries):
    client = login(cast.officer)
    with django_assert_max_num_queries(30) as before:
        explanation(client)
    for days in range(1, 6):
        people = frozenset(person.pk for person in pupils)
        content = ActivityContent("LESSON", local_today() + timedelta(days), cast.a, person_ids=people)
        create_activity(actor=cast.editor_a, content=content)
    with django_assert_max_num_queries(len(before)):
        explanation(client)
