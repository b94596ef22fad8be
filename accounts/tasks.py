"""The doorbell of Celery: an id comes in, the row says the rest. And what its beat rings for by the clock."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from accounts.jobs import carry_out, give_up_lost_jobs, keep_house, left_jobs, take_job


@shared_task
def run_job(job_id: int) -> None:
    """Carries out a job unless somebody already does."""
    job = take_job(job_id)
    if job is not None:
        carry_out(job)


@shared_task
def sweep_jobs() -> None:
    """Rings again for what a lost worker or a lost message left. Harmless beside run_jobs: a job is taken once."""
    give_up_lost_jobs(timezone.now())
    for job_id in left_jobs():
        run_job.apply_async(args=[job_id], expires=settings.SWEEP_SECONDS)


@shared_task
def tidy_up() -> None:
    """What must happen once a day, and may happen more often; run_jobs does the same."""
    keep_house(timezone.now())
