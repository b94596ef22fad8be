"""All targets of all units of one commune: the product against hand-written SQL, a careful ORM version, plain loops.

Run: `make bench`, or `python bench/figures.py sqlite|postgres [--copies 99]`. The answers of all peers are compared
first; what is printed are ratios of the medians of interleaved runs in one process. Then the commune's rows are copied
until the database is 100 times larger, and the same commune is asked again. PostgreSQL: BENCH_POSTGRES_URL (a server
whose database `hbs_bench` may be dropped); without it only SQLite is measured. docs/bench.md says how to read it.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
RUNS, SLOW_RUNS, COPIES = 15, 3, 99
AIM_RATIO, AIM_GROWTH = 1.5, 1.2


def open_database(url: str) -> None:
    os.environ.update(DATABASE_URL=url, DJANGO_SETTINGS_MODULE="hbs_portal.settings", DEBUG="1")
    import django

    django.setup()
    from django.conf import settings

    settings.DEBUG = False  # with it on, Django keeps every query in memory


def build() -> None:
    from commune import Commune
    from django.core.management import call_command
    from django.db import connection, transaction

    call_command("migrate", verbosity=0)
    with transaction.atomic():
        Commune().fill()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def peers() -> dict[str, Callable[[], Any]]:
    from answers import answers_of
    from commune import AS_OF
    from figures_loops import by_loops
    from figures_orm import by_orm
    from figures_sql import by_hand

    from campaigns.models import Campaign
    from reports.selectors import read_progress
    from reports.selectors.clocks import Clocks

    campaign = Campaign.objects.select_related("commune").earliest("pk")
    asked = (campaign, AS_OF, AS_OF)
    return {
        "product": lambda: answers_of(read_progress(campaign, Clocks(AS_OF, AS_OF)).progress),
        "hand-written SQL": lambda: by_hand(*asked),
        "careful ORM": lambda: by_orm(*asked),
        "loops": lambda: by_loops(*asked),
    }


def assert_equal(found: dict[str, Callable[[], Any]]) -> None:
    expected = found["product"]()
    for name, peer in found.items():
        answers = peer()
        wrong = {place for place in expected.keys() | answers.keys() if expected.get(place) != answers.get(place)}
        assert not wrong, (name, [(place, expected.get(place), answers.get(place)) for place in sorted(wrong, key=str)])
    print(f"equal: {len(expected)} answers of {len(found)} peers")


def measure(found: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """The median of each peer in ms; runs of the quick ones are interleaved, so that a busy machine hits all alike.

    SQLite works in this process, so its own time is measured; of PostgreSQL only the time on the wall is known.
    """
    from django.db import connection

    clock = process_time if connection.vendor == "sqlite" else perf_counter
    durations: dict[str, list[float]] = {name: [] for name in found}
    for run in range(RUNS):
        for name, peer in found.items():
            if run < SLOW_RUNS or name in ("product", "hand-written SQL"):
                started = clock()
                peer()
                durations[name].append(1000 * (clock() - started))
    return {name: median(times) for name, times in durations.items()}


def queries_of(peer: Callable[[], Any]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        peer()
    return len(captured)


def report(found: dict[str, Callable[[], Any]], label: str) -> dict[str, float]:
    assert_equal(found)
    times = measure(found)
    hand = times["hand-written SQL"]
    for name, duration in times.items():
        print(
            f"{label:>12} {name:18} {duration:8.1f} ms  {duration / hand:6.2f} x SQL  {queries_of(found[name])} queries"
        )
    return times


def run(url: str, copies: int) -> None:
    from django.db import connections

    open_database(url)
    build()
    found = peers()
    once = report(found, "one commune")
    if not copies:
        return
    from copies import copy_commune

    started = perf_counter()
    copy_commune(copies)
    connections.close_all()
    print(f"{copies} copies in {perf_counter() - started:.0f} s")
    many = report(found, f"of {copies + 1}")
    for name in ("product", "hand-written SQL"):
        print(f"growth of {name}: {many[name] / once[name]:.2f}")
    ratio, growth = many["product"] / many["hand-written SQL"], many["product"] / once["product"]
    print(f"aim: {ratio:.2f} (at most {AIM_RATIO}) x SQL, growth {growth:.2f} (at most {AIM_GROWTH})")


def fresh_postgres(server: str) -> str:
    """An empty database `hbs_bench` on that server."""
    import psycopg2

    connection = psycopg2.connect(f"{server.rstrip('/')}/postgres")
    connection.autocommit = True
    connection.cursor().execute("DROP DATABASE IF EXISTS hbs_bench")
    connection.cursor().execute("CREATE DATABASE hbs_bench")
    connection.close()
    return f"{server.rstrip('/')}/hbs_bench"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", nargs="?", choices=["sqlite", "postgres"])
    parser.add_argument("--copies", type=int, default=COPIES)
    asked = parser.parse_args()
    server = os.environ.get("BENCH_POSTGRES_URL", "")
    if not asked.database:
        for name in ["sqlite", *(["postgres"] if server else [])]:
            subprocess.run([sys.executable, __file__, name, "--copies", str(asked.copies)], check=True)
        return
    print(f"== {asked.database}")
    if asked.database == "postgres":
        run(fresh_postgres(server), asked.copies)
        return
    with tempfile.TemporaryDirectory(prefix="hbs-bench-") as folder:
        run(f"sqlite:///{folder}/bench.sqlite3", asked.copies)


if __name__ == "__main__":
    main()
