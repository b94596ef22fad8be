"""Pages of "Tệp của tôi": only the owner's, with a bar that moves and a file with its name."""

import os
import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts import jobs
from accounts.models import Job, JobState
from campaigns.models import UnitRole
from hbs_portal.lib.dates import start_of_day

LIST = "/tai-khoan/tep-cua-toi/"


@pytest.fixture
def job(cast):
    return Job.objects.create(
        owner=cast.officer, kind="workbook", title="Báo cáo tháng 10", commune_id=cast.commune.pk, progress_percent=0
    )


@pytest.fixture
def done(job):
    path = jobs.results_folder() / "1-x.xlsx"
    path.write_bytes(b"content")
    job.state, job.result_path, job.result_name = JobState.DONE, "results/1-x.xlsx", "Báo cáo tháng 10.xlsx"
    job.finished_at = timezone.now()
    job.save()
    return job


def _page(job, step=""):
    return f"{LIST}{job.pk}/{step}"


def test_a_person_sees_their_own_work_and_nobody_elses(login, cast, job):
    assert job.title in login(cast.officer).get(LIST).text
    assert "Chưa có tệp nào" in login(cast.officer2).get(LIST).text


@pytest.mark.parametrize("who", ["officer2", "admin", "stranger"])
def test_the_work_of_another_is_not_found(login, cast, done, who):
    client = login(getattr(cast, who))
    assert client.get(_page(done)).status_code == 404
    assert client.get(_page(done, "tai-ve/")).status_code == 404
    assert client.post(_page(done, "huy/")).status_code == 404
    assert client.post(_page(done, "lam-lai/")).status_code == 404


def test_the_file_comes_as_an_attachment_with_its_vietnamese_name(login, cast, done):
    response = login(cast.officer).get(_page(done, "tai-ve/"))
    assert b"".join(response.streaming_content) == b"content"
    assert response.headers["Content-Type"].endswith("spreadsheetml.sheet")
    header = response.headers["Content-Disposition"]
    assert header.startswith("attachment")
    assert unquote(header.split("utf-8''")[1]) == "Báo cáo tháng 10.xlsx"


def test_a_file_that_is_not_there_is_not_found(login, cast, job, done):
    jobs.result_file_of(done.result_path).unlink()
    assert login(cast.officer).get(_page(done, "tai-ve/")).status_code == 404


def test_an_unfinished_job_has_nothing_to_download(login, cast, job):
    assert login(cast.officer).get(_page(job, "tai-ve/")).status_code == 404


def test_the_poll_answers_with_the_bar_alone(login, cast, job):
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, progress_percent=40, message="Đang ghi tệp")
    response = login(cast.officer).get(_page(job), headers={"HX-Request": "true"})
    assert "<html" not in response.text
    assert 'value="40"' in response.text
    assert f'hx-get="{_page(job)}"' in response.text


def test_the_poll_of_a_finished_job_loads_the_page_again(login, cast, done):
    response = login(cast.officer).get(_page(done), headers={"HX-Request": "true"})
    assert response.headers["HX-Refresh"] == "true"
    assert "tai-ve/" in login(cast.officer).get(_page(done)).text


def test_an_open_job_is_cancelled_and_then_done_again(login, cast, job):
    client = login(cast.officer)
    assert client.post(_page(job, "huy/")).url == _page(job)
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert "Làm lại" in client.get(_page(job)).text
    client.post(_page(job, "lam-lai/"))
    job.refresh_from_db()
    assert job.state == JobState.WAITING


def test_cancelling_work_that_is_done_changes_nothing(login, cast, done):
    login(cast.officer).post(_page(done, "huy/"))
    done.refresh_from_db()
    assert done.state == JobState.DONE


def test_the_number_of_queries_does_not_grow_with_the_files(login, cast, job, django_assert_max_num_queries):
    client = login(cast.officer)
    client.get(LIST)
    with django_assert_max_num_queries(8) as few:
        client.get(LIST)
    Job.objects.bulk_create(Job(owner=cast.officer, kind="workbook", title=f"Tệp {n}") for n in range(20))
    with django_assert_max_num_queries(8) as many:
        client.get(LIST)
    assert len(many) == len(few)


def test_a_job_under_way_shows_rows_and_the_time_left(login, cast, job):
    begun = timezone.now() - timedelta(seconds=4)
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING, progress_percent=50, rows_done=50_000, rows_total=100_000, started_at=begun
    )
    text = login(cast.officer).get(_page(job), headers={"HX-Request": "true"}).text
    assert re.search(r"50\.000/100\.000 dòng, còn khoảng [45]\sgiây", text)


def test_the_list_asks_only_for_rows_under_way_and_takes_the_whole_row_when_they_end(login, cast, job):
    client = login(cast.officer)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, progress_percent=30)
    assert f'hx-get="{_page(job, "dong/")}"' in client.get(LIST).text
    under_way = client.get(_page(job, "dong/"), headers={"HX-Request": "true"})
    assert 'value="30"' in under_way.text
    assert "<tr" not in under_way.text
    Job.objects.filter(pk=job.pk).update(state=JobState.FAILED, message="Chưa làm được. Hãy thử lại.")
    ended = client.get(_page(job, "dong/"), headers={"HX-Request": "true"})
    assert (ended.headers["HX-Retarget"], ended.headers["HX-Reswap"]) == (f"#job-{job.pk}", "outerHTML")
    assert "Làm lại" in ended.text
    assert "hx-get" not in ended.text
    assert "hx-get" not in client.get(LIST).text.split("<tbody>")[1]


def test_cancelling_and_retrying_from_the_list_leads_back_to_it(login, cast, job):
    client = login(cast.officer)
    assert client.post(_page(job, "huy/"), {"from": "list"}).url == LIST
    assert client.post(_page(job, "lam-lai/"), {"from": "list"}).url == LIST
    job.refresh_from_db()
    assert job.state == JobState.WAITING


@pytest.mark.parametrize(
    "query, found",
    [
        ("?q=thang+muoi", {"Báo cáo tháng Mười"}),
        ("?q=bao+cao", {"Báo cáo tháng Mười", "Báo cáo quý"}),
        ("?state=OPEN", {"Báo cáo quý"}),
        ("?state=FAILED", {"Danh sách lớp"}),
        ("?state=FILE", {"Báo cáo tháng Mười"}),
        ("?state=nonsense", {"Báo cáo tháng Mười", "Báo cáo quý", "Danh sách lớp"}),
        ("?q=khong+co", set()),
    ],
)
def test_the_list_is_filtered_and_searched_without_marks(login, cast, query, found):
    values = {"owner": cast.officer, "kind": "workbook", "commune_id": cast.commune.pk}
    Job.objects.create(title="Báo cáo tháng Mười", state=JobState.DONE, result_path="results/x", **values)
    Job.objects.create(title="Báo cáo quý", **values)
    Job.objects.create(title="Danh sách lớp", state=JobState.FAILED, **values)
    response = login(cast.officer).get(LIST + query)
    assert {job.title for job in response.context["page"]} == found
    assert ("Không có tệp nào khớp" in response.text) == (not found)


def test_a_file_tells_its_size_and_its_last_day_and_goes_when_its_owner_says_so(
    login, cast, done, settings, django_capture_on_commit_callbacks
):
    settings.JOB_KEEP_DAYS = 3
    client, file = login(cast.officer), jobs.result_file_of(done.result_path)
    text = client.get(LIST).text
    assert f"giữ đến {timezone.localdate() + timedelta(days=3):%d/%m}" in text
    assert "7\N{NO-BREAK SPACE}byte" in text
    assert "Báo cáo tháng 10.xlsx" in client.get(_page(done, "xoa/")).text
    assert file.exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(_page(done, "xoa/")).url == LIST
    assert not file.exists()
    assert "Không còn giữ" in client.get(LIST).text


def test_a_file_is_there_through_its_last_day(done, settings):
    settings.JOB_KEEP_DAYS = 3
    path, day = jobs.result_file_of(done.result_path), timezone.localdate()
    for finished_on, is_kept in ((day - timedelta(days=3), True), (day - timedelta(days=4), False)):
        Job.objects.filter(pk=done.pk).update(finished_at=start_of_day(finished_on))
        os.utime(path, (0, 0))
        jobs.delete_old_results(timezone.now())
        assert path.exists() == is_kept


def test_whoever_lost_the_right_does_not_get_the_file(login, cast, done):
    client = login(cast.officer)
    assert client.get(_page(done, "tai-ve/")).status_code == 200
    UnitRole.objects.filter(user=cast.officer).update(role="ADMIN")  # accounts, not figures
    assert client.get(_page(done, "tai-ve/")).status_code == 403
    text = client.get(_page(done)).text
    assert jobs.NO_RIGHT in text
    assert "tai-ve/" not in text


def test_a_job_leads_to_the_page_of_what_it_made(login, cast, job, monkeypatch):
    place = jobs.Place("/bao-cao/", "Xem báo cáo")
    monkeypatch.setattr(jobs, "_kinds", {})
    jobs.job_handler("workbook", leads_to=lambda job: place)(lambda job, progress: None)
    client = login(cast.officer)
    assert "Xem báo cáo" not in client.get(_page(job)).text
    Job.objects.filter(pk=job.pk).update(state=JobState.DONE, message="Báo cáo đã sẵn sàng.")
    assert "Xem báo cáo" in client.get(_page(job)).text
    poll = client.get(_page(job), headers={"HX-Request": "true"})
    assert poll.headers["HX-Redirect"] == "/bao-cao/"
    assert "Báo cáo đã sẵn sàng." in client.get("/bao-cao/").text


def test_a_job_that_waits_long_says_where_it_may_hang(login, cast, job):
    client = login(cast.officer)
    assert "đã chờ hơn 2 phút" not in client.get(_page(job)).text
    Job.objects.filter(pk=job.pk).update(created_at=timezone.now() - timedelta(minutes=3))
    assert "đã chờ hơn 2 phút" in client.get(_page(job)).text


def test_with_a_dead_redis_the_page_answers_within_about_a_second_and_the_job_says_it_waits(
    login, cast, campaign, ring_at, waits, django_capture_on_commit_callbacks
):
    client = login(cast.officer)
    ring_at("redis://127.0.0.1:1/0")
    with django_capture_on_commit_callbacks(execute=True):
        progress = client.post("/bao-cao/tao-excel/", {"ngay": "", "duyet": ""}).url
    assert 0 < sum(waits) < 2.5
    assert jobs.QUEUE_BUSY in client.get(progress).text
    Job.objects.update(created_at=timezone.now() - timedelta(seconds=31))
    call_command("run_jobs", once=True)
    assert Job.objects.get().state == JobState.DONE
