"""What a handler reports and writes: rows, what was done already, and a disk that refuses."""

import logging
import os
import resource
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import job_progress, jobs
from accounts.access import is_officer, may_enter
from accounts.job_results import CANNOT_WRITE, DISK_FULL
from accounts.jobs import carry_out, retry_job, start_job, take_job
from accounts.models import AuditEntry, Job, JobState, User
from campaigns.models import UnitRole


@pytest.fixture
def ended(cast, monkeypatch):
    """ended(work, **rights): a job of the officer that this function carried out, as the row then stands."""
    monkeypatch.setattr(jobs, "_kinds", {})
    monkeypatch.setattr(job_progress, "REPORT_EVERY_SECONDS", 0)

    def carry(work, **rights) -> Job:
        jobs.job_handler("list", **rights)(work)
        job = start_job(owner=cast.officer, kind="list", title="Danh sách", arguments={})
        carry_out(take_job(job.pk))
        return Job.objects.get(pk=job.pk)

    return carry


def _visible() -> list[str]:
    return [file.name for file in jobs.results_folder().iterdir()]


def test_rows_are_shown_as_they_go_by_and_fill_their_part_of_the_bar(ended):
    seen = []

    def work(job, progress):
        for number in progress.each(range(1, 1001), 1000, "Đang viết", span=(20, 80), every=250):
            if number % 500 == 1:
                row = Job.objects.get(pk=job.pk)
                seen.append((row.rows_done, row.rows_total, row.progress_percent, row.message))

    assert ended(work).state == JobState.DONE
    assert seen == [(0, 1000, 20, "Đang viết"), (500, 1000, 50, "Đang viết")]


def test_the_time_is_reckoned_from_the_first_row_not_from_what_was_read_before(ended, monkeypatch):
    now = timezone.now()
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)

    def work(job, progress):
        long_ago = now - timedelta(seconds=50)
        Job.objects.filter(pk=job.pk).update(started_at=long_ago)
        progress.report_rows(0, 100, "Đang viết")
        assert Job.objects.get(pk=job.pk).started_at > long_ago
        progress.report_rows(50, 100, "Đang viết")
        assert Job.objects.get(pk=job.pk).time_left == ""  # no two seconds yet

    assert ended(work).state == JobState.DONE


def test_the_next_step_shows_no_rows_of_the_one_before(ended):
    def work(job, progress):
        progress.report_rows(50, 100, "Đang viết")
        progress.report(90, "Đang đóng tệp")
        assert Job.objects.get(pk=job.pk).rows_done is None

    assert ended(work).state == JobState.DONE


def test_a_second_attempt_and_a_retry_begin_without_the_rows_of_the_first(ended, cast):
    def work(job, progress):
        progress.report_rows(90, 100, "Đang viết")
        raise jobs.JobError("Chưa được.")

    job = ended(work)
    assert job.rows_done == 90
    assert retry_job(actor=cast.officer, job=job)
    job.refresh_from_db()
    assert (job.rows_done, job.progress_percent) == (None, 0)
    Job.objects.filter(pk=job.pk).update(rows_done=90, rows_total=100)
    again = take_job(job.pk)
    assert (again.rows_done, again.rows_total, again.time_left) == (None, None, "")


def test_a_job_that_is_done_again_says_so(ended, cast):
    job = ended(lambda job, progress: None)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, lease_until=timezone.now() - timedelta(seconds=1))
    take_job(job.pk)
    job.refresh_from_db()
    assert (job.attempts, job.message) == (2, jobs.ONCE_MORE)


def test_what_was_noted_is_there_when_the_job_is_run_again(ended):
    job = ended(lambda job, progress: progress.note(made=7))
    assert job.arguments == {"made": 7}


def test_a_disk_that_is_full_is_told_and_leaves_no_file(ended, caplog):
    def work(job, progress):
        with progress.result_file("danh-sach.xlsx") as path:
            path.symlink_to("/dev/full")
            path.write_bytes(b"x" * 100_000)

    with caplog.at_level(logging.ERROR):
        job = ended(work)
    assert (job.state, job.message, job.result_path) == (JobState.FAILED, DISK_FULL, "")
    assert _visible() == []
    assert "No space left" in caplog.text


def test_a_file_beyond_the_allowed_size_breaks_like_a_full_disk(ended, caplog):
    def work(job, progress):
        with progress.result_file("danh-sach.xlsx") as path, path.open("wb") as file:
            for _ in range(100):
                file.write(b"x" * 100_000)

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, hard))
    try:
        with caplog.at_level(logging.ERROR):
            job = ended(work)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (job.state, job.message) == (JobState.FAILED, DISK_FULL)
    assert _visible() == []


def test_a_folder_that_cannot_be_written_is_told(ended, settings, tmp_path, caplog):
    (tmp_path / "no-folder").write_text("a file stands where the folder should be")
    settings.MEDIA_ROOT = tmp_path / "no-folder"

    def work(job, progress):
        with progress.result_file("danh-sach.xlsx") as path:
            path.write_bytes(b"x")

    job = ended(work)
    assert (job.state, job.message) == (JobState.FAILED, CANNOT_WRITE)


def test_whoever_lost_the_right_is_refused_before_anything_is_done(ended, cast):
    done = []
    UnitRole.objects.filter(user=cast.officer).update(role="LEADER")
    job = ended(lambda job, progress: done.append(1), allowed=is_officer)
    assert (job.state, job.message, done) == (JobState.FAILED, jobs.NO_RIGHT, [])


@pytest.mark.parametrize("change", ["disabled", "other commune", "no role"])
def test_who_is_gone_from_the_commune_is_refused(ended, cast, change):
    def meanwhile(job, progress):
        if change == "disabled":
            User.objects.filter(pk=cast.officer.pk).update(is_active=False)
        elif change == "no role":
            UnitRole.objects.filter(user=cast.officer).delete()
        else:
            UnitRole.objects.filter(user=cast.officer).update(unit=cast.other_commune)
        raise jobs.JobError("Chưa được.")

    job = ended(meanwhile, allowed=may_enter)
    Job.objects.filter(pk=job.pk).update(state=JobState.WAITING)
    carry_out(take_job(job.pk))
    assert Job.objects.get(pk=job.pk).message == jobs.NO_RIGHT


def test_what_the_job_names_is_asked_as_well(ended):
    job = ended(lambda job, progress: None, concerns=lambda job: False)
    assert job.message == jobs.NO_RIGHT


def test_a_half_file_of_a_dead_process_goes_after_a_day_and_a_young_one_stays(cast):
    folder = jobs.results_folder()
    old, young = folder / ".7-dead.xlsx", folder / ".8-at-work.xlsx"
    for file, hours in ((old, 25), (young, 1)):
        file.write_bytes(b"half")
        moment = timezone.now().timestamp() - hours * 3600
        os.utime(file, (moment, moment))
    assert jobs.delete_old_results(timezone.now()) == 1
    assert _visible() == [young.name]


def test_deleting_a_result_is_audited_and_takes_the_file_away(ended, cast, django_capture_on_commit_callbacks):
    def work(job, progress):
        with progress.result_file("danh-sach.xlsx") as path:
            path.write_bytes(b"all of it")

    job = ended(work)
    with django_capture_on_commit_callbacks(execute=True):
        assert jobs.delete_result(actor=cast.officer, job=job)
    assert _visible() == []
    assert not jobs.delete_result(actor=cast.officer, job=job)
    job.refresh_from_db()
    assert job.result_was_deleted
    assert AuditEntry.objects.filter(action="Xóa tệp kết quả", object_id=job.pk).count() == 1
