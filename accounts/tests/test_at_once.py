"""Two at one job, or at one form, in the same instant: exactly one of them does it (PostgreSQL, two connections)."""

from uuid import uuid4

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.shortcuts import redirect
from django.test import RequestFactory

from accounts import jobs
from accounts.jobs import LostJobError, Progress, cancel_job, retry_job, start_job, take_job
from accounts.models import AuditEntry, Job, JobState
from accounts.requests import methods

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def job(cast, monkeypatch) -> Job:
    monkeypatch.setattr(jobs, "_kinds", {})
    jobs.job_handler("workbook")(lambda job, progress: None)
    return start_job(owner=cast.officer, kind="workbook", title="Báo cáo tháng 10", arguments={})


def test_a_job_is_taken_once(overlapping, job):
    first, second = overlapping(lambda: take_job(job.pk), lambda: take_job(job.pk))
    assert (first.pk, second) == (job.pk, None)
    job.refresh_from_db()
    assert job.attempts == 1


def test_a_job_is_retried_once(overlapping, job, cast):
    cancel_job(actor=cast.officer, job=job)
    again = {"actor": cast.officer, "job": job}
    assert overlapping(lambda: retry_job(**again), lambda: retry_job(**again)) == (True, False)
    assert AuditEntry.objects.filter(action="Làm lại việc nền").count() == 1


def test_a_job_that_ends_with_its_effect_is_not_cancelled_meanwhile(overlapping, job, cast):
    progress = Progress(take_job(job.pk))
    first, second = overlapping(lambda: progress.finish("Đã ghi."), lambda: cancel_job(actor=cast.officer, job=job))
    assert (first, second) == (None, False)
    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.DONE, "Đã ghi.")


def test_what_was_cancelled_meanwhile_is_not_written(overlapping, job, cast):
    progress = Progress(take_job(job.pk))

    def write_and_finish():
        AuditEntry.objects.create(actor_name="a", action="b", object_label="ghi")
        progress.finish("Đã ghi.")

    first, second = overlapping(lambda: cancel_job(actor=cast.officer, job=job), write_and_finish)
    assert first is True
    assert isinstance(second, LostJobError)
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert not AuditEntry.objects.filter(object_label="ghi").exists()


def test_h4_a_double_click_is_carried_out_once(overlapping, cast):
    key = uuid4()

    @methods("POST")
    def record_view(request):
        AuditEntry.objects.create(actor_name="a", action="b", object_label="ghi")
        return redirect("/sau-khi-ghi/")

    def click():
        request = RequestFactory().post("/", {"client_key": key})
        request.user, request._messages = cast.officer, CookieStorage(request)
        return record_view(request).url

    assert overlapping(click, click) == ("/sau-khi-ghi/", "/sau-khi-ghi/")
    assert AuditEntry.objects.filter(object_label="ghi").count() == 1
