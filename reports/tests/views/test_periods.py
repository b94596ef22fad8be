"""The pages of reporting periods: list, entry from a usual period, figures, closing, opening again, shortcuts."""

import re
import uuid
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from campaigns.services.plans import load_plan, read_plan
from hbs_portal.lib.dates import local_today
from reports.models import ReportingPeriod, Snapshot
from reports.models.periods import PeriodMode, PeriodState

LIST, CREATE, SHORTCUTS = "/bao-cao/ky/", "/bao-cao/ky/them/", "/bao-cao/ky/chon/"


def shown(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def make_period(cast, campaign):
    def make(name: str = "Quý I/2026", first=date(2026, 1, 1), last=date(2026, 3, 31), **values) -> ReportingPeriod:
        values.setdefault("mode", PeriodMode.IN_PERIOD)
        return ReportingPeriod.objects.create(
            commune=cast.commune, campaign=campaign, name=name, starts_on=first, ends_on=last, **values
        )

    return make


@pytest.fixture
def figures(cast, make_person, make_activity):
    people = [make_person(cast.a, class_name="4A") for _ in range(4)]
    make_activity(cast.a, people=people[:1], on=date(2026, 2, 10))
    make_activity(cast.a, people=people[1:3], on=date(2026, 5, 10))
    return people


def typed(**changes) -> dict[str, str]:
    entry = {
        "name": "Quý II/2026",
        "starts_on": "01/04/2026",
        "ends_on": "30/06/2026",
        "deadline": "05/07/2026",
        "mode": PeriodMode.IN_PERIOD,
        "client_key": str(uuid.uuid4()),
    }
    return entry | changes


def page_of(period: ReportingPeriod, step: str = "") -> str:
    return f"{LIST}{period.pk}/{step}"


def closed(client, period: ReportingPeriod, **values):
    """Closes it as the office does: the question answered, the job carried out; the page it then leads to."""
    progress = client.post(page_of(period, "khoa/"), {"version": 1} | values).url
    call_command("run_jobs", once=True)
    return client.get(client.get(progress, headers={"HX-Request": "true"}).headers.get("HX-Redirect", progress))


def test_an_empty_list_says_what_to_do(cast, campaign, login):
    assert "Thêm kỳ đầu tiên" in shown(login(cast.officer).get(LIST))
    assert "Phòng Văn hóa - Xã hội thêm và khóa" in shown(login(cast.leader).get(LIST))


def test_a_usual_period_fills_the_entry_and_is_not_binding(cast, campaign, login):
    client = login(cast.officer)
    page = client.get(CREATE, {"mau": "hc-quy-2026-2"})
    assert page.context["form"].initial["starts_on"] == date(2026, 3, 15)
    assert 'value="15/03/2026"' in page.content.decode()
    response = client.post(CREATE, typed(starts_on="16/03/2026"), follow=True)
    period = ReportingPeriod.objects.get()
    assert (period.starts_on, period.deadline) == (date(2026, 3, 16), date(2026, 7, 5))
    assert "Đã thêm kỳ “Quý II/2026”" in shown(response)


def test_g7_days_are_read_day_first_and_wrong_ones_are_told(cast, campaign, login):
    client = login(cast.officer)
    for wrong in ({"starts_on": "31/06/2026"}, {"ends_on": "31/03/2026"}, {"ends_on": "14/01/2027"}, {"name": ""}):
        response = client.post(CREATE, typed(**wrong))
        assert response.status_code == 422, wrong
    assert "trong thời gian của kế hoạch" in shown(client.post(CREATE, typed(ends_on="14/01/2027", deadline="")))
    assert not ReportingPeriod.objects.exists()


def test_a_deadline_before_the_end_and_a_period_twice_are_told(cast, campaign, login):
    client = login(cast.officer)
    assert "Hạn nộp phải từ ngày kết thúc kỳ trở đi" in shown(client.post(CREATE, typed(deadline="29/06/2026")))
    client.post(CREATE, typed())
    assert "Kỳ này đã có" in shown(client.post(CREATE, typed(name="Lần nữa")))
    assert ReportingPeriod.objects.count() == 1


def test_h4_a_form_sent_twice_is_one_period(cast, campaign, login):
    client, sent = login(cast.officer), typed()
    assert client.post(CREATE, sent).url == client.post(CREATE, sent).url
    assert ReportingPeriod.objects.count() == 1


def test_the_list_is_searched_without_diacritics_and_filtered(make_period, cast, login):
    make_period()
    make_period("Quý II/2026", date(2026, 4, 1), date(2026, 6, 30), mode=PeriodMode.RUNNING_TOTAL)
    client = login(cast.officer)

    def names(**wanted) -> list[str]:
        return [row.name for row in client.get(LIST, wanted or {"xoa-loc": 1}).context["page"]]

    assert names() == ["Quý II/2026", "Quý I/2026"]
    assert names(q="quy ii") == ["Quý II/2026"]
    assert names(cach_tinh=PeriodMode.IN_PERIOD) == ["Quý I/2026"]
    assert names(trang_thai=PeriodState.CLOSED) == []
    assert names(trang_thai="X") == ["Quý II/2026", "Quý I/2026"]


def test_the_list_is_paged_and_costs_the_same_for_2_and_for_40(make_period, cast, login, django_assert_max_num_queries):
    client = login(cast.officer)
    for day in range(2):
        make_period(f"Ngày {day}", date(2026, 1, 1 + day), date(2026, 1, 1 + day))
    with django_assert_max_num_queries(12) as before:
        client.get(LIST)
    for day in range(2, 30):
        make_period(f"Ngày {day}", date(2026, 1, 1 + day), date(2026, 1, 1 + day))
    with django_assert_max_num_queries(len(before)):
        assert len(client.get(LIST).context["page"]) == 25


def test_a_period_tells_its_flows_and_links_to_why(make_period, figures, cast, login):
    period = make_period("Quý II/2026", date(2026, 4, 1), date(2026, 6, 30))
    response = login(cast.leader).get(page_of(period))
    text = shown(response)
    assert "Cuối kỳ: 3/4 (75,0%)" in text
    assert "Học sinh 1 +2 0 3" in text
    assert "Lượt 1 +2 0 3" in text
    assert "không có điều chỉnh kỳ trước" in text
    block = next(block for block in response.context["page"].blocks if block.names.code == "K3")
    assert "ngay=2026-06-30" in block.url


def test_a_running_total_tells_coverage(make_period, figures, cast, login):
    period = make_period("6 tháng", date(2026, 1, 1), date(2026, 6, 30), mode=PeriodMode.RUNNING_TOTAL)
    assert "3/4 (75,0%) Chưa đạt 2 3" in shown(login(cast.leader).get(page_of(period)))


def test_a_period_to_come_has_no_figures_yet(make_period, campaign, cast, login):
    campaign.ends_on = local_today() + timedelta(90)
    campaign.save()
    period = make_period("Sắp tới", local_today() + timedelta(1), local_today() + timedelta(30))
    assert "Từ ngày đó, trang này có số liệu của kỳ" in shown(login(cast.officer).get(page_of(period)))


def test_closing_asks_first_then_freezes_and_the_page_shows_the_frozen_figures(
    make_period, figures, cast, login, make_activity
):
    period, client = make_period(), login(cast.officer)
    question = client.get(page_of(period, "khoa/"))
    assert "không thay đổi nữa" in shown(question)
    assert not Snapshot.objects.exists()
    answer = closed(client, period, note="Bản gửi tỉnh")
    assert f"Số liệu dưới đây đã được chốt, số {Snapshot.objects.get().code} (Bản gửi tỉnh)" in shown(answer)
    make_activity(cast.a, people=figures[1:], on=date(2026, 2, 10))
    assert "Cuối kỳ: 1/4 (25,0%)" in shown(client.get(page_of(period)))


def test_closing_with_an_old_page_is_told_and_does_nothing(make_period, figures, cast, login):
    period, client = make_period(), login(cast.officer)
    answer = client.post(page_of(period, "khoa/"), {"version": 7}, follow=True)
    assert "vừa được người khác sửa" in shown(answer)
    assert not Snapshot.objects.exists()


def test_a_contradiction_keeps_the_period_open(make_period, figures, cast, login, make_activity):
    make_activity(cast.a, people=figures[:2], on=date(2026, 2, 11), totals={"PUPIL": 1})
    period, client = make_period(), login(cast.officer)
    assert "mâu thuẫn" in shown(closed(client, period))
    period.refresh_from_db()
    assert (period.is_closed, period.version, Snapshot.objects.count()) == (False, 1, 0)


def test_opening_again_asks_for_a_reason(make_period, figures, cast, login):
    period, client = make_period(), login(cast.officer)
    closed(client, period)
    assert client.post(page_of(period, "mo-lai/"), {"version": 2}).status_code == 422
    answer = client.post(page_of(period, "mo-lai/"), {"version": 2, "reason": "Thiếu số của trường A"}, follow=True)
    assert "Kỳ đang mở" in shown(answer)
    assert Snapshot.objects.count() == 1


def test_a_closed_period_offers_no_change(make_period, figures, cast, login):
    period, client = make_period(), login(cast.officer)
    closed(client, period)
    assert client.get(page_of(period, "sua/")).status_code == 302
    client.post(page_of(period, "xoa/"))
    assert ReportingPeriod.objects.filter(pk=period.pk).exists()


def test_a_broken_seal_is_told_instead_of_figures(make_period, figures, cast, login, monkeypatch):
    period, client = make_period(), login(cast.officer)
    closed(client, period)
    monkeypatch.setattr("reports.services.snapshots.unseal", _broken)
    answer = client.get(page_of(period))
    assert answer.status_code == 200
    assert "không khớp với dấu niêm phong" in shown(answer)


def _broken(stored, digest):
    from reports.snapshots.canonical import ContentError

    raise ContentError("Nội dung không khớp với dấu niêm phong SHA-256.")


def test_of_two_who_edit_one_period_the_second_keeps_what_was_typed(make_period, cast, login):
    period, client = make_period(), login(cast.officer)
    client.post(page_of(period, "sua/"), typed(version="1", name="Quý I, bản một", deadline=""))
    answer = client.post(page_of(period, "sua/"), typed(version="1", name="Quý I, bản hai", deadline=""))
    assert answer.status_code == 409
    assert "Quý I, bản hai" in answer.content.decode()
    assert ReportingPeriod.objects.get().name == "Quý I, bản một"


def test_deleting_asks_first(make_period, cast, login):
    period, client = make_period(), login(cast.officer)
    assert "bản ghi và số liệu không thay đổi" in shown(client.get(page_of(period, "xoa/")))
    client.post(page_of(period, "xoa/"))
    assert not ReportingPeriod.objects.exists()


def test_a_leader_reads_and_changes_nothing(make_period, figures, cast, login):
    period, client = make_period(), login(cast.leader)
    assert "Khóa kỳ" not in shown(client.get(page_of(period))).split("Kỳ đang mở")[0]
    assert client.post(page_of(period, "khoa/"), {"version": 1}).status_code == 403
    assert client.post(CREATE, typed()).status_code == 403


def test_another_commune_has_its_own_periods(make_period, cast, login):
    period = make_period()
    client = login(cast.stranger)
    assert client.get(page_of(period)).status_code == 404
    assert client.get(LIST).context["has_any"] is False
    assert "Quý I" not in client.get(SHORTCUTS).content.decode()


def test_periods_are_shortcuts_for_the_clocks_of_a_page(make_period, cast, login):
    make_period(state=PeriodState.CLOSED, closed_on=date(2026, 4, 5))
    make_period("Quý II/2026", date(2026, 4, 1), date(2026, 6, 30))
    page = {"don-vi": "TH-A", "ngay": "2026-05-01", "trang": "3"}
    html = login(cast.officer).get(SHORTCUTS, page).content.decode()
    links = re.findall(r'href="([^"]+)"', html)
    assert links == ["?don-vi=TH-A&amp;ngay=2026-06-30", "?don-vi=TH-A&amp;ngay=2026-03-31&amp;duyet=2026-04-05"]


def test_the_clock_form_fetches_the_shortcuts_when_it_is_opened(cast, campaign, login):
    html = login(cast.officer).get(reverse("reports:dashboard")).content.decode()
    assert f'hx-get="{SHORTCUTS}"' in html


def test_the_page_of_a_period_costs_the_same_for_few_and_many_rows(
    make_period, figures, cast, login, make_person, make_activity, django_assert_max_num_queries
):
    client = login(cast.officer)
    closed(client, make_period())
    period = make_period("Quý II/2026", date(2026, 4, 1), date(2026, 6, 30))
    with django_assert_max_num_queries(32) as before:
        client.get(page_of(period))
    for number in range(6):
        make_activity(cast.b, people=[make_person(cast.b, class_name=f"6{number}")], on=date(2026, 5, 2))
    with django_assert_max_num_queries(len(before)):
        client.get(page_of(period))


def test_before_any_plan_there_is_a_sentence(make_user, make_unit, db, login):
    plan = read_plan("plan_ha_bac_2026")
    plan["commune"].update(code="XAMOI", name="Xã Mới")
    commune = load_plan(plan=plan).commune
    officer = make_user("moi", ("OFFICER", commune))
    commune.campaigns.all().first().targets.all().delete()
    commune.campaigns.all().delete()
    assert "Xã chưa có kế hoạch" in shown(login(officer).get(LIST))
