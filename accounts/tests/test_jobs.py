"""Background work: taken once, taken up again when its worker is lost, its result whole or not there."""

import logging
import os
import signal
import socket
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from accounts import job_progress, jobs, tasks
from accounts.jobs import JobError, Progress, carry_out, start_job, take_job, take_next_job
from accounts.management.commands import run_jobs
from accounts.models import AuditEntry, Job, JobState, SentForm
from hbs_portal.celery import app as celery_app


@pytest.fixture
def handler(monkeypatch):
    """Handlers of this test alone; `handler("kind", function)` registers one."""
    monkeypatch.setattr(jobs, "_kinds", {})
    monkeypatch.setattr(job_progress, "REPORT_EVERY_SECONDS", 0)
    return lambda kind, function, **rights: jobs.job_handler(kind, **rights)(function)


@pytest.fixture
def write_file(handler):
    """A handler that writes a workbook and remembers what was visible while it wrote."""
    seen = SimpleNamespace(calls=0, while_writing=[])

    def work(job: Job, progress: Progress) -> str:
        seen.calls += 1
        progress.report(40, "Đang ghi tệp")
        with progress.result_file("Báo cáo tháng 10.xlsx") as path:
            path.write_bytes(b"first half")
            seen.while_writing = [f.name for f in results().iterdir() if not f.name.startswith(".")]
            path.write_bytes(b"first half, second half")
        return "Báo cáo đã sẵn sàng."

    handler("workbook", work)
    return seen


def results() -> Path:
    return Path(django_settings.MEDIA_ROOT) / "results"


def _start(owner) -> Job:
    return start_job(owner=owner, kind="workbook", title="Báo cáo tháng 10", arguments={"as_of": "2026-10-31"})


def _lose_worker(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_a_job_is_done_and_its_file_carries_its_vietnamese_name(cast, write_file):
    job = _start(cast.officer)
    carry_out(take_job(job.pk))
    job.refresh_from_db()
    assert (job.state, job.progress_percent, job.message) == (JobState.DONE, 100, "Báo cáo đã sẵn sàng.")
    assert job.result_name == "Báo cáo tháng 10.xlsx"
    assert jobs.result_file_of(job.result_path).read_bytes() == b"first half, second half"


def test_a_job_belongs_to_the_first_who_takes_it(cast, write_file):
    job = _start(cast.officer)
    assert take_job(job.pk).attempts == 1
    assert take_job(job.pk) is None
    assert take_next_job() is None


def test_a_result_is_not_visible_before_it_is_complete(cast, write_file):
    carry_out(take_job(_start(cast.officer).pk))
    assert write_file.while_writing == []
    assert [file.suffix for file in results().iterdir()] == [".xlsx"]


def test_a_handler_that_breaks_while_writing_leaves_no_file(cast, handler, caplog):
    def work(job, progress):
        with progress.result_file("a.xlsx") as path:
            path.write_bytes(b"half")
            raise RuntimeError("disk is full")

    handler("workbook", work)
    job = _start(cast.officer)
    with caplog.at_level(logging.ERROR):
        carry_out(take_job(job.pk))
    job.refresh_from_db()
    assert list(results().iterdir()) == []
    assert (job.state, job.message) == (JobState.FAILED, jobs.FAILED)
    assert "disk is full" in caplog.text


def test_a_refusal_is_told_to_the_owner_in_its_own_words(cast, handler):
    def work(job, progress):
        raise JobError("Chưa có số liệu đến ngày này. Hãy chọn ngày khác.")

    handler("workbook", work)
    job = _start(cast.officer)
    carry_out(take_job(job.pk))
    job.refresh_from_db()
    assert job.message == "Chưa có số liệu đến ngày này. Hãy chọn ngày khác."


def test_a_job_that_lost_its_worker_is_taken_up_again_and_finished_once(cast, write_file):
    job = _start(cast.officer)
    lost = take_job(job.pk)
    _lose_worker(job)
    again = take_next_job()
    assert again.attempts == 2
    carry_out(again)
    carry_out(lost)  # the first worker wakes up late
    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert [file.name for file in results().iterdir()] == [Path(job.result_path).name]


def test_a_worker_that_lost_its_lease_cannot_finish_under_the_new_one(cast, write_file):
    job = _start(cast.officer)
    lost = take_job(job.pk)
    _lose_worker(job)
    again = take_job(job.pk)
    carry_out(lost)
    job.refresh_from_db()
    assert (job.state, job.lease_until) == (JobState.RUNNING, again.lease_until)


def test_reporting_renews_the_lease(cast, handler):
    leases = []

    def work(job, progress):
        _age = Job.objects.get(pk=job.pk).lease_until
        progress.report(50, "Đang làm")
        leases.extend([_age, Job.objects.get(pk=job.pk).lease_until])

    handler("workbook", work)
    job = _start(cast.officer)
    carry_out(take_job(job.pk))
    assert leases[1] > leases[0]
    job.refresh_from_db()
    assert job.state == JobState.DONE


def test_a_job_whose_workers_were_lost_three_times_fails_with_a_sentence(cast, write_file):
    job = _start(cast.officer)
    for _ in range(django_settings.JOB_ATTEMPTS):
        assert take_next_job().pk == job.pk
        _lose_worker(job)
    assert take_next_job() is None
    assert jobs.give_up_lost_jobs(timezone.now()) == 1
    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.FAILED, jobs.LOST)


def test_a_cancelled_job_stops_at_its_next_report_and_stays_cancelled(cast, handler):
    def work(job, progress):
        assert jobs.cancel_job(actor=cast.officer, job=job)
        progress.report(50, "Đang làm")
        raise AssertionError("must have stopped")

    handler("workbook", work)
    job = _start(cast.officer)
    carry_out(take_job(job.pk))
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED


def test_a_handler_that_ends_its_job_with_what_it_writes_is_not_cancelled_afterwards(cast, handler):
    def work(job, progress):
        progress.finish("Đã ghi.")
        assert not jobs.cancel_job(actor=cast.officer, job=job)
        return "Đã ghi."

    handler("workbook", work)
    job = _start(cast.officer)
    carry_out(take_job(job.pk))
    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.DONE, "Đã ghi.")


def test_a_handler_that_breaks_after_its_last_word_fails_as_its_transaction_did(cast, handler):
    def work(job, progress):
        with transaction.atomic():
            progress.finish("Đã ghi.")
            raise RuntimeError("refused on commit")

    handler("workbook", work)
    job = _start(cast.officer)
    carry_out(take_job(job.pk))
    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.FAILED, jobs.FAILED)


def test_what_waits_for_a_job_hears_once_that_it_came_to_nothing(cast, handler):
    told = []

    def work(job, progress):
        raise JobError("Chưa có số liệu.")

    handler("workbook", work, stopped=lambda job, sentence: told.append(sentence))
    refused, cancelled, lost = (_start(cast.officer) for _ in range(3))
    carry_out(take_job(refused.pk))
    jobs.cancel_job(actor=cast.officer, job=cancelled)
    Job.objects.filter(pk=lost.pk).update(state=JobState.RUNNING, attempts=9)
    _lose_worker(lost)
    assert (jobs.give_up_lost_jobs(timezone.now()), jobs.give_up_lost_jobs(timezone.now())) == (1, 0)
    assert told == ["Chưa có số liệu.", jobs.CANCELLED, jobs.LOST]


def test_a_job_ends_even_where_what_waits_for_it_breaks(cast, handler, write_file, caplog):
    def breaks(job, sentence):
        raise RuntimeError("no such import")

    handler("other", lambda job, progress: None, stopped=breaks)
    job = start_job(owner=cast.officer, kind="other", title="Việc khác", arguments={})
    assert jobs.cancel_job(actor=cast.officer, job=job)
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert "no such import" in caplog.text


def test_one_person_cannot_fill_the_queue(cast, write_file, settings, login):
    settings.JOB_OPEN_AT_MOST = 2
    first, _ = _start(cast.officer), _start(cast.officer)
    with pytest.raises(jobs.TooManyJobsError, match="2 việc chưa xong"):
        _start(cast.officer)
    _start(cast.leader)
    jobs.cancel_job(actor=cast.officer, job=first)
    _start(cast.officer)
    response = login(cast.officer).post(f"/tai-khoan/tep-cua-toi/{first.pk}/lam-lai/", follow=True)
    assert "2 việc chưa xong" in response.text
    first.refresh_from_db()
    assert first.state == JobState.CANCELLED


def test_a_failed_job_waits_again_when_its_owner_asks(cast, handler, write_file):
    job = _start(cast.officer)
    Job.objects.filter(pk=job.pk).update(state=JobState.FAILED, attempts=3)
    assert jobs.retry_job(actor=cast.officer, job=job)
    assert not jobs.retry_job(actor=cast.officer, job=job)
    carry_out(take_next_job())
    job.refresh_from_db()
    assert job.state == JobState.DONE


def test_starting_cancelling_and_retrying_are_each_in_the_audit_once(cast, write_file):
    job = _start(cast.officer)
    jobs.cancel_job(actor=cast.officer, job=job)
    jobs.retry_job(actor=cast.officer, job=job)
    told = AuditEntry.objects.filter(object_type="accounts.Job", object_id=job.pk).order_by("pk")
    assert [e.action for e in told] == ["Yêu cầu làm việc nền", "Huỷ việc nền", "Làm lại việc nền"]


def test_a_job_is_not_rung_before_its_transaction_is_committed(
    cast, write_file, monkeypatch, django_capture_on_commit_callbacks
):
    rung = []
    monkeypatch.setattr(jobs, "ring_doorbell", rung.append)
    with django_capture_on_commit_callbacks(execute=True):
        job = _start(cast.officer)
        assert rung == []
    assert rung == [job.pk]


def test_a_kind_without_a_handler_is_a_defect_of_the_caller(cast, handler):
    with pytest.raises(KeyError):
        _start(cast.officer)
    assert not Job.objects.exists()


def test_a_process_that_is_asked_to_end_gives_its_job_back(cast, write_file):
    job = _start(cast.officer)
    carry_out(take_job(job.pk), should_stop=lambda: True)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.lease_until) == (JobState.WAITING, 0, None)


def test_beside_a_broker_run_jobs_only_takes_what_nobody_came_for(cast, write_file, settings):
    settings.REDIS_URL = "redis://localhost:1/0"
    job = _start(cast.officer)
    assert take_next_job() is None
    Job.objects.filter(pk=job.pk).update(created_at=timezone.now() - timedelta(minutes=1))
    assert take_next_job().pk == job.pk


@pytest.fixture
def ring(cast, handler, ring_at, waits):
    """ring(url): the longest that a doorbell at this address may have been waited for; its job says why it waits."""
    handler("workbook", lambda job, progress: None)

    def ring_there(url: str) -> float:
        job = _start(cast.officer)
        ring_at(url)
        jobs.ring_doorbell(job.pk)
        job.refresh_from_db()
        assert (job.state, job.message) == (JobState.WAITING, jobs.QUEUE_BUSY)
        return sum(waits)

    return ring_there


def test_a_dead_broker_is_given_up_within_about_a_second(ring):
    assert ring("redis://127.0.0.1:1/0") < 1.5


def test_a_broker_that_never_answers_is_given_up_within_about_a_second(ring):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        assert ring(f"redis://127.0.0.1:{silent.getsockname()[1]}/0") < 2.5


def test_run_jobs_once_works_off_everything_that_waits(cast, write_file):
    first, second = _start(cast.officer), _start(cast.leader)
    call_command("run_jobs", "--once")
    assert set(Job.objects.values_list("pk", "state")) == {(first.pk, "DONE"), (second.pk, "DONE")}
    assert write_file.calls == 2


def test_results_and_sent_forms_are_deleted_after_seven_days(cast, write_file):
    old, new = _start(cast.officer), _start(cast.officer)
    call_command("run_jobs", "--once")
    long_ago = timezone.now() - timedelta(days=django_settings.JOB_KEEP_DAYS + 1)
    Job.objects.filter(pk=old.pk).update(finished_at=long_ago)
    old.refresh_from_db()
    file = jobs.result_file_of(old.result_path)
    os.utime(file, (long_ago.timestamp(), long_ago.timestamp()))
    SentForm.objects.create(key="7b1f5a2e-6c57-4a39-9c60-0a8f6fd9a111", user=cast.officer, location="/", at=long_ago)
    call_command("run_jobs", "--once")
    old.refresh_from_db()
    new.refresh_from_db()
    assert not file.exists()
    assert old.result_was_deleted
    assert new.is_downloadable
    assert jobs.result_file_of(new.result_path).exists()
    assert not SentForm.objects.exists()


def test_every_app_keeps_its_house_and_a_task_that_breaks_does_not_stop_the_others(monkeypatch, caplog, db):
    names = [task.__name__ for task in jobs._housekeepers]
    assert {"delete_old_results", "forget_uploads_nobody_applied", "delete_evidence_of_unsaved_forms"} <= set(names)
    done = []

    def breaks(now):
        raise OSError("disk")

    monkeypatch.setattr(jobs, "_housekeepers", [breaks, lambda now: done.append(now) or 0])
    now = timezone.now()
    with caplog.at_level(logging.ERROR):
        jobs.keep_house(now)
    assert done == [now]
    assert "breaks" in caplog.text


def test_the_house_is_kept_once_a_day_and_lost_jobs_are_looked_for_each_minute(monkeypatch):
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr(run_jobs.time, "monotonic", lambda: clock.now)
    daily, each_minute = run_jobs.Every(run_jobs.HOUSEKEEPING_SECONDS), run_jobs.Every(run_jobs.LOST_JOBS_SECONDS)
    found = []
    for clock.now in (0, 59, 60, 3600, 86_399, 86_400):
        found.append((daily(), each_minute()))
    assert found == [(True, True), (False, False), (False, True), (False, True), (False, True), (True, False)]


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_run_jobs_ends_cleanly_when_asked(tmp_path, name):
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'jobs.sqlite3'}",
        "MEDIA_ROOT": str(tmp_path / "media"),
        "DEBUG": "1",
    }
    root = django_settings.BASE_DIR
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v0"], cwd=root, env=environment, check=True, capture_output=True
    )
    process = subprocess.Popen(
        [sys.executable, "-u", "manage.py", "run_jobs"], cwd=root, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert "Đang chờ" in process.stdout.readline()
    time.sleep(0.3)
    process.send_signal(getattr(signal, name))
    assert process.wait(timeout=60) == 0
    assert "Đã dừng." in process.stdout.read()


def test_a_celery_worker_sweeps_and_tidies_up_by_itself(cast, write_file, settings, monkeypatch):
    settings.REDIS_URL = "redis://localhost:1/0"
    schedule = celery_app.conf.beat_schedule
    assert {name for row in schedule.values() if (name := row["task"]) not in celery_app.tasks} == set()
    rung, kept = [], []
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda args, expires: rung.extend(args))
    monkeypatch.setattr(tasks, "keep_house", kept.append)
    fresh, left, lost = (_start(cast.officer) for _ in range(3))
    Job.objects.filter(pk__in=[left.pk, lost.pk]).update(created_at=timezone.now() - timedelta(minutes=1))
    Job.objects.filter(pk=lost.pk).update(state=JobState.RUNNING, attempts=9)
    _lose_worker(lost)
    tasks.sweep_jobs()
    tasks.tidy_up()
    lost.refresh_from_db()
    assert (rung, lost.state, len(kept)) == ([left.pk], JobState.FAILED, 1)
    assert fresh.pk not in rung
