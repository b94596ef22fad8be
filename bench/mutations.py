"""2,000 damaged copies of good files: each is read or refused with a sentence, nothing else may come out.

`python bench/mutations.py [COUNT]` prints counts and exits with 1 when anything was unhandled. The parsing code and
its limits are those of the portal; only the start of Python is spared, by forking a process that has it all loaded.
"""

import io
import os
import random
import signal
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from multiprocessing import Pool
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from hbs_portal.lib.sheets import child, reading  # noqa: E402
from hbs_portal.lib.sheets.container import RefusedFile  # noqa: E402
from hbs_portal.tests.lib.sheets.good_files import delimited, old_roster, roster  # noqa: E402
from hbs_portal.tests.lib.sheets.hostile import xml_2003  # noqa: E402

SEED = 2026
COUNT = 2_000
MOST_SECONDS = 110
_ROW = '<Row><Cell><Data ss:Type="String">Lê An</Data></Cell><Cell><Data ss:Type="Number">1</Data></Cell></Row>'
GOOD = {
    "xlsx": roster(60),
    "xls": old_roster(60),
    "csv": delimited(60).encode(),
    "csv-16": delimited(60, ";").encode("utf-16"),
    "html": ("<table>" + "<tr><td>1</td><td colspan=2>Lê An</td></tr>" * 60 + "</table>").encode(),
    "xml": xml_2003(_ROW * 60),
}


def flip(content: bytes, chance: random.Random) -> bytes:
    damaged = bytearray(content)
    for _ in range(chance.choice([1, 2, 8, 64])):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return bytes(damaged)


def truncate(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content))]


def swap(content: bytes, chance: random.Random) -> bytes:
    """Exchange two pieces of the same length."""
    length = chance.randrange(1, max(2, len(content) // 8))
    one, two = sorted(chance.randrange(len(content) - length) for _ in range(2))
    if one + length > two:
        return content[:one] + content[two:]
    return content[:one] + content[two : two + length] + content[one + length : two] + content[one : one + length] + content[two + length :]  # noqa: E501  # fmt: skip


def damage_parts(content: bytes, chance: random.Random) -> bytes:
    """Damage what stands inside the zip, with right checksums, so that the parsers themselves are met."""
    if not content.startswith(b"PK"):
        return flip(content, chance)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    names = [name for name in parts if parts[name]]
    victim = chance.choice(names)
    if chance.random() < 0.2:
        other = chance.choice(names)
        parts[victim], parts[other] = parts[other], parts[victim]
    else:
        parts[victim] = chance.choice([flip, truncate, swap])(parts[victim], chance)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def forked_child(kind: str, path: Path) -> bytes:
    """What `reading.run_child` does, by a fork instead of a new Python."""
    incoming, outgoing = os.pipe()
    process = os.fork()
    if process == 0:
        status = 1
        try:
            os.close(incoming)
            child.limit_resources()
            with os.fdopen(outgoing, "w") as pipe:
                pipe.write(child.answer(kind, path))
            status = 0
        except MemoryError:
            status = 2
        finally:
            os._exit(status)
    os.close(outgoing)
    signal.signal(signal.SIGALRM, lambda *_: os.kill(process, signal.SIGKILL))
    signal.setitimer(signal.ITIMER_REAL, reading.WALL_SECONDS)
    with os.fdopen(incoming, "rb") as pipe:
        printed = pipe.read()
    _, status = os.waitpid(process, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
    code = os.waitstatus_to_exitcode(status)
    if code:
        raise subprocess.CalledProcessError(code, "child", printed, b"MemoryError" if code == 2 else b"")
    return printed


def attempt(number: int) -> tuple[str, str, str, float]:
    """One mutation: (kind, what came out, the error if unhandled, seconds)."""
    chance = random.Random(SEED * 1_000_003 + number)
    kind = list(GOOD)[number // 2 % len(GOOD)] if number % 2 else chance.choice(["xlsx", "xls"])
    content = chance.choice([flip, truncate, swap, damage_parts, damage_parts])(GOOD[kind], chance)
    with tempfile.NamedTemporaryFile(suffix=".bin") as file:
        file.write(content)
        file.flush()
        started = perf_counter()
        outcome, error = "read", ""
        try:
            reading.read_workbook(Path(file.name), filename="a.xlsx")
        except RefusedFile as refused:
            outcome = "refused" if "Hãy" in str(refused) else "NO SENTENCE"
        except Exception as unhandled:  # anything else is what the bench looks for
            outcome, error = "UNHANDLED", f"{number}: {unhandled!r}"
        return kind, outcome, error, perf_counter() - started


def prepare() -> None:
    """In each worker: load the parsers once, and hush what Rust prints of its panics."""
    import defusedxml.ElementTree  # noqa: F401
    import python_calamine  # noqa: F401

    from hbs_portal.lib.sheets.parsing import delimited, spreadsheetml, web_page, workbooks  # noqa: F401

    reading.run_child = forked_child
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    started = perf_counter()
    results = []
    with Pool(2, prepare) as pool:
        for result in pool.imap_unordered(attempt, range(count), chunksize=20):
            results.append(result)
            if perf_counter() - started > MOST_SECONDS:
                print(f"stopped after {MOST_SECONDS} s")
                break
    counts = Counter((kind, outcome) for kind, outcome, _, _ in results)
    for (kind, outcome), number in sorted(counts.items()):
        print(f"{kind:8} {outcome:10} {number}")
    errors = [error for _, _, error, _ in results if error]
    slowest = max(seconds for *_, seconds in results)
    seconds = perf_counter() - started
    print(f"{len(results)} mutations in {seconds:.1f} s, slowest {slowest:.2f} s, {len(errors)} unhandled")
    print("\n".join(errors[:20]))
    return 1 if errors or len(results) < count or any(outcome == "NO SENTENCE" for _, outcome in counts) else 0


if __name__ == "__main__":
    sys.exit(main())
