"""A throw-away demo database for a bench, and medians."""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def demo_database() -> None:
    """Points Django at a fresh SQLite file (or at BENCH_DATABASE_URL) and fills it with the demo commune."""
    sys.path.insert(0, str(ROOT))
    folder = tempfile.mkdtemp(prefix="hbs-bench-")
    os.environ["DATABASE_URL"] = os.environ.get("BENCH_DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
    os.environ["DJANGO_SETTINGS_MODULE"] = "hbs_portal.settings"
    os.environ["DEBUG"] = "1"
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load_demo", verbosity=0)
    # DEBUG was needed to load the demo; with it on, Django keeps every query in memory.
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["testserver"]


def timed(work: Callable[[], Any], runs: int = 25) -> float:
    """The median duration of one run, in milliseconds, after two runs to warm up."""
    work(), work()
    durations = []
    for _ in range(runs):
        started = perf_counter()
        work()
        durations.append(1000 * (perf_counter() - started))
    return median(durations)
