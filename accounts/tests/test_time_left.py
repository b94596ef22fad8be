"""How long counted work still takes: sane at the start, plain words."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Job, JobState
from accounts.time_left import duration_words, seconds_left


@pytest.mark.parametrize(
    "done, total, elapsed, left",
    [
        (12_400, 100_000, 1.9, None),  # too early
        (12_400, 100_000, 4.0, 28.3),
        (0, 100_000, 60.0, None),  # nothing done: no pace
        (3, 100_000, 5.0, None),  # three rows say nothing yet
        (3, 1_000, 20.0, 6646.7),  # slow, but at it for long
        (100_000, 100_000, 30.0, None),
        (1, 100_000_000, 60.0, None),  # over a day is no forecast
        (50, 100, -5.0, None),  # two machines whose clocks differ
    ],
)
def test_the_time_left_follows_the_pace_where_there_is_one(done, total, elapsed, left):
    found = seconds_left(done, total, elapsed)
    assert found is None if left is None else found == pytest.approx(left, abs=0.1)


@pytest.mark.parametrize(
    "seconds, words",
    [
        (0.2, "1 giây"),
        (7.3, "8 giây"),
        (10, "10 giây"),
        (21, "25 giây"),
        (55, "55 giây"),
        (56, "1 phút"),
        (61, "2 phút"),
        (3540, "59 phút"),
        (3541, "1 giờ"),
        (4700, "1 giờ 20 phút"),
    ],
)
def test_a_duration_is_told_coarsely_and_never_too_short(seconds, words):
    assert duration_words(seconds) == words.replace(" ", "\N{NO-BREAK SPACE}")


def test_a_job_tells_its_rows_and_the_time_left(monkeypatch):
    now = timezone.now()
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    begun = now - timedelta(seconds=1.13 + 0.001)
    job = Job(state=JobState.RUNNING, rows_done=12_400, rows_total=100_000, started_at=begun)
    assert (job.rows_in_words, job.time_left) == ("12.400/100.000 dòng", "")
    job.started_at = now - timedelta(seconds=7)
    assert job.time_left == "còn khoảng 50\N{NO-BREAK SPACE}giây"


def test_a_job_that_waits_or_has_ended_tells_no_rows():
    job = Job(state=JobState.WAITING, rows_done=5, rows_total=10, started_at=timezone.now() - timedelta(seconds=60))
    assert (job.rows_in_words, job.time_left) == ("", "")
