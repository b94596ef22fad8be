"""Pages of "Tệp của tôi": only the owner's, with a bar that moves and a file with its name."""

from urllib.parse import unquote

import pytest
from django.utils import timezone

from accounts import jobs
from accounts.models import Job, JobState

LIST = "/tai-khoan/tep-cua-toi/"


@pytest.fixture
def job(cast):
    return Job.objects.create(owner=cast.officer, kind="workbook", title="Báo cáo tháng 10", progress_percent=0)


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
