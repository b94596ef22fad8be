"""5,000 pupils from upload to committed, against bulk_create of the same rows and against django-import-export.

Run: `python bench/imports.py` (SQLite; BENCH_DATABASE_URL for another). What is printed are ratios of one run on one
machine; every figure is the best of several runs on an emptied roster. The peer is installed into a folder of its own
under /tmp (bench/peers/requirements.txt); without the network it is left out with a word.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

from setup import ROOT, demo_database

COUNT, RUNS, PEER_RUNS = 5_000, 5, 1
DAY = date(2026, 9, 5)
PEER = Path(tempfile.gettempdir()) / "hbs-bench-peers"


def install_peer() -> str:
    """Puts the peer into its own folder; gives why it could not, or ""."""
    if not (PEER / "import_export").exists():
        wanted = ROOT / "bench" / "peers" / "requirements.txt"
        command = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--target",
            str(PEER),
            "-r",
            str(wanted),
        ]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            return done.stderr.strip().splitlines()[-1][:150]
    sys.path.append(str(PEER))
    return ""


def a_run(work: Callable[[], Any], reset: Callable[[], None], runs: int = RUNS) -> float:
    """The best of some runs in seconds, each on an emptied roster: the machine has other things to do as well."""
    durations = []
    for _ in range(runs):
        reset()
        started = perf_counter()
        work()
        durations.append(perf_counter() - started)
    return min(durations)


def main() -> None:
    demo_database()
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.db import transaction

    from accounts.models import User
    from campaigns.models import Membership, Person, RosterImport, Unit
    from campaigns.services.imports import apply_roster, check_roster
    from campaigns.services.plans import place_in_tree
    from campaigns.tests.sheets import pupils, school_database_export

    commune = Unit.objects.get(kind="COMMUNE")
    school = Unit.objects.create(
        commune=commune, parent=commune, code="BENCH", kind="PRIMARY", name="Trường đo", opened_on=date(2020, 1, 1)
    )
    place_in_tree(school)
    officer = User.objects.get(username="canbo")
    rows = [(*row[:4], f"{1 + number // 1000}A{1 + number // 40 % 25}") for number, row in enumerate(pupils(COUNT))]
    file = school_database_export(Path(tempfile.mkdtemp()) / "5000.xlsx", rows)
    content = file.read_bytes()
    phases: dict[str, list[float]] = {"check": [], "apply": []}

    def portal() -> None:
        started = perf_counter()
        upload = SimpleUploadedFile("5000.xlsx", content)
        checked = check_roster(actor=officer, unit=school, kind="PUPILS", effective_on=DAY, upload=upload, at_once=True)
        phases["check"].append(perf_counter() - started)
        started = perf_counter()
        applied = apply_roster(actor=officer, roster_import=checked, at_once=True)
        phases["apply"].append(perf_counter() - started)
        assert applied.report["counts"]["new"] == COUNT, applied.report["counts"]

    def made(with_keys: bool) -> tuple[list[Person], list[Membership]]:
        people = [
            Person(commune=commune, code=code, full_name=name, birth_date=date(2016, 9, int(day[:2])), gender="MALE")
            for code, name, day, *_ in rows
        ]
        for person in people if with_keys else ():
            person.set_keys()
        return people, [
            Membership(commune=commune, person=person, unit=school, group="PUPIL", class_name=row[4], starts_on=DAY)
            for person, row in zip(people, rows, strict=True)
        ]

    def insert(people: list[Person], memberships: list[Membership]) -> None:
        with transaction.atomic():
            Person.objects.bulk_create(people)
            Membership.objects.bulk_create(memberships)
        assert Membership.objects.filter(unit=school).count() == COUNT

    def reset() -> None:
        ids = list(Membership.objects.filter(unit=school).values_list("person_id", flat=True))
        Membership.objects.filter(unit=school)._raw_delete(using="default")
        Person.objects.filter(pk__in=ids)._raw_delete(using="default")
        RosterImport.objects.all().delete()

    bulk = a_run(lambda: insert(*made(with_keys=True)), reset)

    ours = a_run(portal, reset)
    print(f"{COUNT} pupils, upload to committed: {ours:.2f} s", end=" ")
    print(f"(check {min(phases['check']):.2f} s, apply {min(phases['apply']):.2f} s)")
    print(f"bulk_create of the same rows: {bulk:.2f} s; ratio {ours / bulk:.1f}")
    if problem := install_peer():
        print(f"django-import-export left out: {problem}")
        return
    from peers.import_export_peer import BulkPupilResource, PupilResource, peer_import, plain_table

    table = plain_table(rows, file.with_name("plain.xlsx"))
    for name, resource in (("as it comes", PupilResource), ("tuned for bulk", BulkPupilResource)):
        theirs = a_run(lambda made=resource: peer_import(table, made(commune, school, DAY)), reset, runs=PEER_RUNS)
        assert Membership.objects.filter(unit=school).count() == COUNT
        print(f"django-import-export, {name}: {theirs:.2f} s; {theirs / ours:.1f} times as long")
    reset()


if __name__ == "__main__":
    main()
