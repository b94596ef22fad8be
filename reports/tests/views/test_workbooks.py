"""The page "Báo cáo": who may, which dates, one job a click, the files that were made."""

import re
import uuid

import pytest
from django.urls import reverse

from accounts.jobs import carry_out, take_next_job
from accounts.models import Job, JobState
from hbs_portal.lib.dates import local_today

PAGE, CREATE = "reports:workbook_list", "reports:workbook_create"


@pytest.fixture
def post(login, campaign):
    def send(user, **values):
        data = {"ngay": "2026-10-31", "duyet": "2026-10-31", "client_key": str(uuid.uuid4())} | values
        return login(user).post(reverse(CREATE), data)

    return send


@pytest.mark.parametrize("name", ["admin", "editor_a", "team_member", "nobody"])
def test_only_the_office_and_the_leaders_take_reports(login, post, cast, name):
    user = getattr(cast, name)
    assert login(user).get(reverse(PAGE)).status_code == 403
    assert post(user).status_code == 403
    assert not Job.objects.exists()


@pytest.mark.parametrize("name", ["officer", "leader"])
def test_one_click_on_the_page_starts_the_job_and_leads_to_it(login, cast, name):
    client = login(getattr(cast, name))
    page = client.get(reverse(PAGE)).content.decode()
    fields = {field: re.search(rf'name="{field}"[^>]*value="([^"]+)"', page)[1] for field in ("ngay", "duyet")}
    key = re.search(r'name="client_key" value="([^"]+)"', page)[1]
    answer = client.post(reverse(CREATE), fields | {"client_key": key})
    job = Job.objects.get()
    assert answer.url == reverse("accounts:job_detail", args=[job.pk])
    assert job.arguments["approved_by"] == local_today().isoformat()


def test_a_double_submit_makes_one_job(post, cast):
    key = str(uuid.uuid4())
    first, second = post(cast.leader, client_key=key), post(cast.leader, client_key=key)
    assert first.url == second.url
    assert Job.objects.count() == 1


@pytest.mark.parametrize(
    "values, words",
    [
        ({"ngay": "30/02/2026"}, "Không có ngày 30/02/2026 trong lịch"),
        ({"ngay": "05/09/2099"}, "Kế hoạch kéo dài từ 01/01/2026 đến 31/12/2026"),
        ({"duyet": "2099-01-01"}, "Ngày duyệt không được sau hôm nay"),
    ],
)
def test_a_wrong_day_gets_a_sentence_and_nothing_starts(post, cast, values, words):
    answer = post(cast.officer, **values)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Job.objects.exists()


def test_a_day_to_come_is_refused(post, cast, monkeypatch):
    monkeypatch.setattr("reports.forms.clocks.local_today", lambda: local_today().replace(month=1, day=2, year=2026))
    answer = post(cast.officer)
    assert answer.status_code == 422
    assert "Ngày này chưa tới" in answer.content.decode()


def test_a_day_is_read_day_first(post, cast):
    post(cast.officer, ngay="05/09/2026")
    assert Job.objects.get().arguments["as_of"] == "2026-09-05"


def test_a_wrong_date_in_the_address_does_not_break_the_page(login, cast):
    assert login(cast.leader).get(reverse(PAGE) + "?ngay=abc").status_code == 200


def test_finished_files_are_listed_with_their_figures_and_a_download(login, post, cast):
    post(cast.leader)
    carry_out(take_next_job())
    job = Job.objects.get()
    page = login(cast.leader).get(reverse(PAGE)).content.decode()
    assert job.state == JobState.DONE
    assert job.message.startswith("K1")
    assert job.message in page
    assert reverse("accounts:job_download", args=[job.pk]) in page


def test_nobody_sees_or_fetches_the_file_of_another(login, post, cast):
    post(cast.leader)
    carry_out(take_next_job())
    job = Job.objects.get()
    client = login(cast.officer)
    assert job.message not in client.get(reverse(PAGE)).content.decode()
    assert client.get(reverse("accounts:job_download", args=[job.pk])).status_code == 404


def test_the_page_says_what_to_do_before_there_is_a_file(login, cast):
    assert "Chưa có báo cáo nào" in login(cast.leader).get(reverse(PAGE)).content.decode()


def test_the_page_costs_the_same_for_any_number_of_files(login, cast, django_assert_max_num_queries):
    client = login(cast.leader)
    for count in (1, 20):
        Job.objects.bulk_create(
            Job(kind="workbook", title=f"Báo cáo {place}", owner=cast.leader, state=JobState.DONE)
            for place in range(count)
        )
        with django_assert_max_num_queries(8):
            assert client.get(reverse(PAGE)).status_code == 200


def test_other_kinds_of_jobs_are_not_reports(login, cast):
    Job.objects.create(kind="roster", title="Nạp lớp 4A", owner=cast.leader)
    assert "Nạp lớp 4A" not in login(cast.leader).get(reverse(PAGE)).content.decode()


@pytest.mark.parametrize(
    "name, page",
    [("editor_a", "reports:unit_home"), ("officer", "campaigns:unit_detail"), ("leader", "campaigns:unit_detail")],
)
def test_a_units_own_workbook_is_one_click_away(login, campaign, cast, name, page):
    client = login(getattr(cast, name))
    html = client.get(reverse(page, args=[cast.a.pk] if page.startswith("campaigns") else [])).content.decode()
    address = reverse("reports:unit_workbook_create", args=[cast.a.pk])
    assert f'action="{address}"' in html
    form = html[html.index(address) :]
    key = re.search(r'name="client_key" value="([^"]+)"', form)[1]
    for _ in range(2):
        answer = client.post(address, {"client_key": key})
    job = Job.objects.get()
    assert (job.kind, answer.url) == ("unit_workbook", reverse("accounts:job_detail", args=[job.pk]))


def test_the_administrator_reads_the_unit_and_takes_no_figures(login, campaign, cast):
    html = login(cast.admin).get(reverse("campaigns:unit_detail", args=[cast.a.pk])).content.decode()
    assert "Xuất kết quả Excel" not in html
