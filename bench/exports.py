"""100,000 attendances as a workbook, against openpyxl's write-only mode, pandas, tablib, and csv.writer as the floor.

Run: `python bench/exports.py` (SQLite; BENCH_DATABASE_URL for another). Rounds are interleaved and the best of each
writer counts; every workbook is read again first and holds the same cells. The peers are installed into a folder of
their own under /tmp (bench/peers/exports.txt); without the network they are left out with a word. Then the rows come
from the database, and in processes of their own 100,000 and 1,000,000 rows show what memory a list takes.
"""

import csv
import gc
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from setup import ROOT, demo_database

COUNT, MANY, ROUNDS = 100_000, 1_000_000, 3
PEER = Path(tempfile.gettempdir()) / "hbs-bench-writers"
FOLDER = Path(tempfile.mkdtemp(prefix="hbs-bench-files-"))
Rows = Sequence[tuple[Any, ...]]


def install_peers() -> str:
    """Puts the peers into their own folder; gives why it could not, or ""."""
    if not (PEER / "pandas").exists():
        wanted = ROOT / "bench" / "peers" / "exports.txt"
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(PEER), "-r", str(wanted)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            return done.stderr.strip().splitlines()[-1][:150]
    sys.path.append(str(PEER))
    return ""


def columns() -> Sequence[Any]:
    from training.exporters.attendances import COLUMNS

    return COLUMNS


def headings() -> list[str]:
    return [column.heading for column in columns()]


def made(count: int) -> Iterator[tuple[Any, ...]]:
    """Attendances as a commune has them: 10,000 people, 67 in each activity; the texts repeat as in reality."""
    r = Random(2026)
    kinds = ("Dạy học lồng ghép", "Tuyên truyền", "Tập huấn")
    names = [
        (f"{r.randrange(10**10):010d}", f"Nguyễn Thị {r.choice('ABCDEGHKLMNPQSTUVXY')}{n % 97} {chr(65 + n % 26)}{n}")
        for n in range(10_000)
    ]
    born = [date(2012, 1, 1) + timedelta(days=r.randrange(2_000)) for _ in names]
    for number in range(1, count + 1):
        person, activity = r.randrange(10_000), number // 67 % 3_000
        day = date(2026, 1, 5) + timedelta(days=activity % 300)
        school = f"Trường Tiểu học số {person % 12}"
        who = names[person][0], names[person][1], born[person], f"{person % 5 + 1}{'ABC'[person % 3]}", "có"
        title = f"Bài {activity}: an toàn & lịch sự trên mạng"
        yield number, *who, "Học sinh", school, title, kinds[activity % 3], day, school, "Đã duyệt"


# ---- The writers


def ours(rows: Iterable[tuple[Any, ...]], path: Path) -> None:
    from hbs_portal.lib.sheets.lists import ListBook

    book = ListBook()
    book.add_list("Điểm danh", columns(), rows)
    book.save(path)


def as_csv(rows: Iterable[tuple[Any, ...]], path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(headings())
        writer.writerows(rows)


def openpyxl_write_only(rows: Iterable[tuple[Any, ...]], path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Điểm danh")
    sheet.append(headings())
    for row in rows:
        sheet.append(row)
    book.save(path)


def pandas_with(engine: str) -> Callable[[Rows, Path], None]:
    def write(rows: Rows, path: Path) -> None:
        pandas = import_module("pandas")
        pandas.DataFrame(rows, columns=headings()).to_excel(path, index=False, engine=engine, sheet_name="Điểm danh")

    return write


def tablib(rows: Rows, path: Path) -> None:
    path.write_bytes(import_module("tablib").Dataset(*rows, headers=headings(), title="Điểm danh").export("xlsx"))


def writers() -> dict[str, Callable[[Any, Path], None]]:
    known: dict[str, Callable[[Any, Path], None]] = {
        "csv.writer": as_csv,
        "the portal": ours,
        "openpyxl write-only": openpyxl_write_only,
    }
    if problem := install_peers():
        print(f"pandas and tablib left out: {problem}")
        return known
    return known | {
        "pandas (openpyxl)": pandas_with("openpyxl"),
        "pandas (xlsxwriter)": pandas_with("xlsxwriter"),
        "tablib": tablib,
    }


# ---- What is measured


def cells_of(path: Path) -> list[list[Any]]:
    """The cells of a file as somebody reads them: whole numbers, days, texts, None; a CSV has texts alone."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))
    from python_calamine import CalamineWorkbook

    sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
    return [[plain(cell) for cell in row] for row in sheet.to_python()]


def plain(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return cell.date()
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def assert_equal_cells(known: dict[str, Callable[[Any, Path], None]], rows: Rows) -> None:
    wanted = [headings(), *map(list, rows)]
    for name, write in known.items():
        path = FOLDER / ("equal.csv" if name == "csv.writer" else "equal.xlsx")
        write(rows, path)
        told = [[str(cell) for cell in row] for row in wanted] if path.suffix == ".csv" else wanted
        assert cells_of(path) == told, f"{name} wrote other cells"
    print(f"{', '.join(known)}: the same {len(rows) * len(headings()):,} cells")


def seconds(work: Callable[[], Any]) -> float:
    gc.collect()
    started = perf_counter()
    work()
    return perf_counter() - started


def race(known: dict[str, Callable[[Any, Path], None]], rows: Rows) -> None:
    best = dict.fromkeys(known, float("inf"))
    for _ in range(ROUNDS):
        for name, write in known.items():
            best[name] = min(best[name], seconds(lambda write=write, name=name: write(rows, FOLDER / f"{name}.xlsx")))
    mine, floor = best["the portal"], best["csv.writer"]
    for name, duration in sorted(best.items(), key=lambda item: item[1]):
        size = (FOLDER / f"{name}.xlsx").stat().st_size / 1e6
        print(f"  {name}: {duration:.2f} s, {duration / mine:.1f} x ours, {duration / floor:.1f} x CSV, {size:.1f} MB")


def from_database() -> None:
    """The export of the page against the same rows read into a CSV: here the query is in both."""
    from accounts.models import User
    from training.exporters.attendances import attendance_rows, attendances_of
    from training.models import Activity, Attendance

    user = User.objects.get(username="canbo")
    activities = Activity.objects.visible_to(user).current()
    found = attendances_of(user, activities)
    fill_up(Attendance, COUNT - found.count())
    assert found.count() == COUNT
    best = {"csv": float("inf"), "ours": float("inf"), "openpyxl": float("inf")}
    for _ in range(ROUNDS):
        for name, write in (("csv", as_csv), ("ours", ours), ("openpyxl", openpyxl_write_only)):
            path = FOLDER / f"db-{name}.xlsx"
            duration = seconds(lambda write=write, path=path: write(attendance_rows(found, activities), path))
            best[name] = min(best[name], duration)
    ours_to_csv, openpyxl_to_ours = best["ours"] / best["csv"], best["openpyxl"] / best["ours"]
    print(f"From the database, {COUNT:,} attendances: {best['ours']:.2f} s,", end=" ")
    print(f"{ours_to_csv:.2f} x CSV; openpyxl write-only takes {openpyxl_to_ours:.1f} x ours")


def fill_up(attendance: Any, missing: int) -> None:
    """So many attendances more: people at activities of the demo, each at most once."""
    from campaigns.models import Membership
    from training.models import Activity

    commune_id = Activity.objects.first().commune_id
    taken = set(attendance.objects.filter(person__isnull=False).values_list("activity_id", "person_id"))
    belong = {row.person_id: row for row in Membership.objects.filter(commune_id=commune_id, ends_on=None)}
    activities = Activity.objects.current().values_list("pk", flat=True)
    wanted = ((a, p) for a in activities for p in belong if (a, p) not in taken)
    rows = [
        attendance(
            commune_id=commune_id, activity_id=activity, person_id=person, group=belong[person].group,
            unit_id=belong[person].unit_id, class_name=belong[person].class_name,
        )
        for (activity, person), _ in zip(wanted, range(missing), strict=False)
    ]  # fmt: skip
    attendance.objects.bulk_create(rows, batch_size=500)


def memory() -> None:
    """Peak memory of a process that writes so many rows, none of them kept."""
    for count in (COUNT, MANY):
        done = subprocess.run([sys.executable, __file__, str(count)], capture_output=True, text=True, check=True)
        print(f"  {count:>9,} rows: {done.stdout.strip()}")


def peak_of(count: int) -> None:
    sys.path.insert(0, str(ROOT))
    columns(), ours([], FOLDER / "none.xlsx")
    before = most_memory()
    ours(made(count), FOLDER / "many.xlsx")
    print(f"{most_memory():.0f} MB at most, {most_memory() - before:.0f} MB more than before the first row")


def most_memory() -> float:
    """The peak of this process in MB; getrusage would tell that of the parent, where it is greater."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) / 1024


def main() -> None:
    demo_database()
    known, rows = writers(), list(made(COUNT))
    assert_equal_cells(known, rows)
    print(f"{COUNT:,} rows of {len(headings())} columns, the best of {ROUNDS} interleaved rounds:")
    race(known, rows)
    from_database()
    print("Memory:")
    memory()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        import os

        sys.path.insert(0, str(ROOT))
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hbs_portal.settings")
        os.environ.setdefault("DEBUG", "1")
        import django

        django.setup()
        peak_of(int(sys.argv[1]))
    else:
        main()
