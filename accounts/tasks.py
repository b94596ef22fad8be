"""The doorbell of Celery: an id comes in, the row says the rest."""

from celery import shared_task

from accounts.jobs import carry_out, take_job


@shared_task
def run_job(job_id: int) -> None:
    """Carries out a job unless somebody already does."""
    job = take_job(job_id)
    if job is not None:
        carry_out(job)
