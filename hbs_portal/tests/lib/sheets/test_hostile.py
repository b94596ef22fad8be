"""Files built to do harm are refused with a sentence or read safely, within time and memory."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from hbs_portal.lib.sheets import child
from hbs_portal.lib.sheets.container import RefusedFile
from hbs_portal.lib.sheets.reading import Workbook, read_workbook
from hbs_portal.tests.lib.sheets.cost import MOST_SECONDS, processor_seconds
from hbs_portal.tests.lib.sheets.hostile import FILES, Hostile

MOST_KILOBYTES = child.MEMORY_BYTES // 1024


def outcome_of(path: Path) -> Workbook | str:
    try:
        return read_workbook(path, filename=path.name)
    except RefusedFile as refused:
        return str(refused)


@pytest.mark.parametrize("hostile", FILES, ids=lambda hostile: hostile.name)
def test_a_hostile_file_is_refused_with_a_sentence_or_read_safely(hostile: Hostile, tmp_path: Path) -> None:
    path = tmp_path / hostile.name
    path.write_bytes(hostile.make())
    before = processor_seconds()
    outcome = outcome_of(path)
    assert processor_seconds() - before < MOST_SECONDS
    if hostile.refused:
        assert outcome in hostile.refused
    else:
        assert isinstance(outcome, Workbook), outcome
        assert len(outcome.sheets[0].rows) == hostile.rows
        assert all(last <= 70 for _, _, last, _ in outcome.sheets[0].merges)
        text = str(outcome.sheets)
        assert not {"\\x00", "\\x01", "\\x07", "\\ud800"} & {text[at : at + 4] for at in range(len(text))}


def test_at_least_thirty_hostile_files_are_tried() -> None:
    assert len({hostile.name for hostile in FILES}) == len(FILES) >= 32


def test_no_hostile_file_makes_the_child_larger_than_its_limit(tmp_path: Path) -> None:
    """The largest of all children, asked of a process that has had no others."""
    for hostile in FILES:
        (tmp_path / hostile.name).write_bytes(hostile.make())
    program = (
        "import resource, sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path\n"
        "from hbs_portal.tests.lib.sheets.test_hostile import outcome_of\n"
        "for path in sorted(Path(sys.argv[2]).iterdir()): outcome_of(path)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    root = Path(__file__).parents[4]
    done = subprocess.run([sys.executable, "-c", program, root, tmp_path], capture_output=True, check=True, text=True)
    assert 10_000 < int(done.stdout) <= MOST_KILOBYTES
    assert resource.getrlimit(resource.RLIMIT_AS)[0] != child.MEMORY_BYTES
