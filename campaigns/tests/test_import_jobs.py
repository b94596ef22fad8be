"""Long lists in the background: whatever becomes of the job, the import says it and the person can go on."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts import jobs
from accounts.jobs import carry_out, take_job, take_next_job
from accounts.models import Job, JobState
from campaigns.models import Person, RosterImport, UnitRole
from campaigns.services.imports import apply_roster, check_roster
from campaigns.services.imports.checking import MOVED_ON, forget_old_uploads
from campaigns.tests.sheets import pupils, school_database_export


@pytest.fixture(autouse=True)
def _three_rows_are_many(monkeypatch):
    for module in ("checking", "applying"):
        monkeypatch.setattr(f"campaigns.services.imports.{module}.LARGE_ROWS", 3)


@pytest.fixture
def waiting(cast, tmp_path) -> RosterImport:
    """A list whose check waits for its job."""
    path = school_database_export(tmp_path / "list.xlsx", pupils(5))
    upload = SimpleUploadedFile(path.name, path.read_bytes())
    return check_roster(actor=cast.editor_a, unit=cast.a, kind="PUPILS", effective_on=date(2026, 9, 5), upload=upload)


@pytest.fixture
def applying(cast, waiting) -> RosterImport:
    """The same list, checked; its writing waits for its job."""
    carry_out(take_next_job())
    return apply_roster(actor=cast.editor_a, roster_import=waiting)


def refuse(job: Job) -> None:
    UnitRole.objects.filter(user=job.owner).update(role="TEAM_MEMBER")
    carry_out(take_job(job.pk))
    UnitRole.objects.filter(user=job.owner).update(role="EDITOR")


def lose(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING, attempts=9, lease_until=timezone.now() - timedelta(seconds=1)
    )
    jobs.give_up_lost_jobs(timezone.now())


def cancel(job: Job) -> None:
    assert jobs.cancel_job(actor=job.owner, job=job)


ENDS = {refuse: jobs.NO_RIGHT, lose: "Máy chủ đã dừng giữa chừng nhiều lần", cancel: jobs.CANCELLED}


def page_of(client, roster_import) -> str:
    return client.get(reverse("campaigns:import_detail", args=[roster_import.pk])).content.decode()


@pytest.mark.parametrize("end", ENDS)
def test_a_check_that_its_job_did_not_end_says_why_and_is_done_again_on_its_page(end, waiting, cast, login):
    end(Job.objects.get())
    client, page = login(cast.editor_a), ""
    page = page_of(client, waiting)
    assert f"Chưa có gì được ghi. {ENDS[end]}" in page
    assert "Tải tệp khác lên" in page
    again = reverse("campaigns:import_recheck", args=[waiting.pk])
    assert again in page
    assert client.post(again).status_code == 302
    carry_out(take_next_job())
    waiting.refresh_from_db()
    assert waiting.state == "CHECKED"
    assert "Nạp 5 học sinh" in page_of(client, waiting)
    assert client.post(again).status_code == 302, "what is checked may be checked again"


@pytest.mark.parametrize("end", ENDS)
def test_an_apply_that_its_job_did_not_end_leaves_the_import_to_be_applied(end, applying, cast, login):
    end(Job.objects.first())
    client = login(cast.editor_a)
    page = page_of(client, applying)
    assert f"Chưa có gì được ghi. {ENDS[end]}" in page
    assert "“Làm lại”" not in page, "the page has no such button"
    assert "Nạp 5 học sinh" in page
    client.post(reverse("campaigns:import_apply", args=[applying.pk]))
    carry_out(take_next_job())
    applying.refresh_from_db()
    assert (applying.state, Person.objects.count()) == ("APPLIED", 5)
    assert ENDS[end] not in page_of(client, applying)


@pytest.mark.parametrize("fixture, state", [("waiting", "CHECKED"), ("applying", "APPLIED")])
@pytest.mark.parametrize("end", ENDS)
def test_the_job_itself_tried_again_takes_the_import_up_where_it_was(end, fixture, state, request, cast):
    roster_import, job = request.getfixturevalue(fixture), Job.objects.first()
    before = roster_import.state
    end(job)
    assert jobs.retry_job(actor=cast.editor_a, job=job)
    roster_import.refresh_from_db()
    assert roster_import.state == before
    carry_out(take_job(job.pk))
    roster_import.refresh_from_db()
    job.refresh_from_db()
    assert (roster_import.state, job.state) == (state, JobState.DONE)


def test_a_job_tried_again_after_the_import_went_on_does_nothing_and_says_so(applying, cast):
    job = Job.objects.first()
    cancel(job)
    apply_roster(actor=cast.editor_a, roster_import=applying, at_once=True)
    jobs.retry_job(actor=cast.editor_a, job=job)
    carry_out(take_job(job.pk))
    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.FAILED, MOVED_ON)
    applying.refresh_from_db()
    assert (applying.state, Person.objects.count()) == ("APPLIED", 5)


def test_a_job_tried_again_does_not_apply_what_was_checked_with_other_answers(applying, cast):
    job = Job.objects.first()
    cancel(job)
    applying.refresh_from_db()
    RosterImport.objects.filter(pk=applying.pk).update(report=applying.report | {"digest": "of other answers"})
    jobs.retry_job(actor=cast.editor_a, job=job)
    carry_out(take_job(job.pk))
    job.refresh_from_db()
    assert (job.message, Person.objects.exists()) == (MOVED_ON, False)


def test_a_cancelled_check_does_not_stop_another_one_of_the_same_import(waiting, cast):
    first = Job.objects.get()
    other = jobs.start_job(owner=cast.editor_a, kind=first.kind, title="Kiểm tra", arguments=first.arguments)
    cancel(first)
    carry_out(take_job(other.pk))
    waiting.refresh_from_db()
    assert waiting.state == "CHECKED"


def test_a_day_after_a_stopped_check_there_is_nothing_to_do_again(waiting, cast, login):
    cancel(Job.objects.get())
    forget_old_uploads(now=timezone.now() + timedelta(days=1, minutes=1))
    page = page_of(login(cast.editor_a), waiting)
    assert "Đã quá một ngày" in page
    assert "kiem-tra-lai" not in page
