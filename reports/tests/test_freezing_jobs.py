"""Freezing figures in the background: once, whoever dies in between; refused to whoever lost the right."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.jobs import NO_RIGHT, LostJobError, Progress, carry_out, take_job
from accounts.models import AuditEntry, Job, JobState
from accounts.versions import StaleRecordError
from campaigns.models import UnitRole
from reports.models import ReportingPeriod, Snapshot
from reports.models.periods import PeriodState
from reports.selectors.clocks import Clocks
from reports.services.freezing import CHANGED, freeze_once, request_closing, request_snapshot
from reports.services.periods import PeriodError

JUNE = Clocks(date(2026, 6, 30), date(2026, 7, 5))


@pytest.fixture
def job(cast, campaign) -> Job:
    return request_snapshot(actor=cast.officer, campaign=campaign, clocks=JUNE, name="Quý II", note="gửi Sở")


@pytest.fixture
def period(cast, campaign) -> ReportingPeriod:
    return ReportingPeriod.objects.create(
        commune=cast.commune, campaign=campaign, name="Quý I", starts_on=date(2026, 1, 1), ends_on=date(2026, 3, 31)
    )


def lose(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def ended(job: Job) -> Job:
    carry_out(take_job(job.pk))
    return Job.objects.get(pk=job.pk)


def test_the_snapshot_has_the_clocks_and_the_name_that_were_asked_for(job, cast):
    done, snapshot = ended(job), Snapshot.objects.get()
    assert (snapshot.as_of, snapshot.approved_by) == (JUNE.as_of, JUNE.approved_by)
    assert (snapshot.name, snapshot.note, snapshot.taken_by) == ("Quý II", "gửi Sở", cast.officer)
    assert (done.state, done.arguments["snapshot"]) == (JobState.DONE, snapshot.pk)


def test_a_worker_that_dies_after_freezing_leaves_one_snapshot(job):
    first = take_job(job.pk)
    freeze_once(first, Progress(first))
    lose(job)
    done = ended(job)
    snapshot = Snapshot.objects.get()
    assert snapshot.code in done.message
    assert AuditEntry.objects.filter(action="Chốt số liệu").count() == 1


def test_a_worker_that_lost_its_job_freezes_nothing(job):
    first = take_job(job.pk)
    lose(job)
    take_job(job.pk)
    with pytest.raises(LostJobError):
        freeze_once(first, Progress(first))
    assert not Snapshot.objects.exists()


def test_whoever_is_not_of_the_office_any_more_freezes_nothing(job, cast):
    UnitRole.objects.filter(user=cast.officer).update(role="LEADER")
    done = ended(job)
    assert (done.state, done.message) == (JobState.FAILED, NO_RIGHT)
    assert not Snapshot.objects.exists()


def test_a_period_is_closed_once_by_its_job(period, cast):
    job = request_closing(actor=cast.officer, period=period, expected_version=1, note="Bản gửi tỉnh")
    first = take_job(job.pk)
    freeze_once(first, Progress(first))
    lose(job)
    assert ended(job).state == JobState.DONE
    period.refresh_from_db()
    assert (period.state, period.version, Snapshot.objects.get().note) == (PeriodState.CLOSED, 2, "Bản gửi tỉnh")


def test_what_stands_in_the_way_is_told_before_a_job_is_made(period, cast):
    with pytest.raises(StaleRecordError):
        request_closing(actor=cast.officer, period=period, expected_version=7)
    ReportingPeriod.objects.filter(pk=period.pk).update(state=PeriodState.CLOSED, closed_on=date(2026, 4, 1))
    period.refresh_from_db()
    with pytest.raises(PeriodError):
        request_closing(actor=cast.officer, period=period, expected_version=1)
    assert not Job.objects.exists()


def test_a_period_that_was_changed_in_between_stays_open(period, cast):
    job = request_closing(actor=cast.officer, period=period, expected_version=1)
    ReportingPeriod.objects.filter(pk=period.pk).update(version=2)
    done = ended(job)
    assert (done.state, done.message) == (JobState.FAILED, CHANGED)
    assert not Snapshot.objects.exists()
