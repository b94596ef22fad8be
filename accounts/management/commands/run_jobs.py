"""Takes waiting jobs from the database: the whole background without Redis, the sweeper beside Celery."""

import logging
import signal
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from accounts.jobs import carry_out, give_up_lost_jobs, keep_house, take_next_job

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0
LOST_JOBS_SECONDS = 60.0
HOUSEKEEPING_SECONDS = 24 * 3600.0


class Command(BaseCommand):
    help = "Làm các việc nền đang chờ (báo cáo, nạp danh sách); dọn tệp kết quả đã hết hạn giữ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Làm hết việc đang chờ rồi dừng.")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        if options["once"]:
            give_up_lost_jobs(timezone.now())
            keep_house(timezone.now())
            work_off(stop)
            return
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        self.stdout.write("Đang chờ việc nền. Bấm Ctrl+C để dừng.")
        run_until(stop)
        self.stdout.write("Đã dừng.")


def run_until(stop: threading.Event) -> None:
    """Polls until asked to stop; a database that is away for a while is waited for."""
    is_time_for_lost_jobs, is_time_for_housekeeping = Every(LOST_JOBS_SECONDS), Every(HOUSEKEEPING_SECONDS)
    while not stop.is_set():
        try:
            close_old_connections()
            if is_time_for_lost_jobs():
                give_up_lost_jobs(timezone.now())
            if is_time_for_housekeeping():
                keep_house(timezone.now())
            work_off(stop)
        except DatabaseError:
            logger.exception("Cơ sở dữ liệu chưa trả lời; sẽ thử lại")
        stop.wait(POLL_SECONDS)


class Every:
    """Says yes at once, then again each time so many seconds have gone by."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.next_time = float("-inf")

    def __call__(self) -> bool:
        now = time.monotonic()
        if now < self.next_time:
            return False
        self.next_time = now + self.seconds
        return True


def work_off(stop: threading.Event) -> None:
    """Carries out every job that waits, the oldest first."""
    while not stop.is_set() and (job := take_next_job()) is not None:
        carry_out(job, should_stop=stop.is_set)
