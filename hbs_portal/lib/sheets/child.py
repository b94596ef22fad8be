"""The parsing process: `python child.py KIND FILE` prints the workbook as JSON, or {"refused": sentence}.

It runs apart because parsers were seen to abort their process or to eat 3 GB on files of 5 KB. Its limits hold for
everything it does; of the project it imports only the parsers, so that it starts fast.
"""

import json
import resource
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

MEMORY_BYTES = 300 * 1024 * 1024
CPU_SECONDS = 4
MAX_ANSWER_CHARACTERS = 48 * 1024 * 1024
_PARSERS = {
    "xlsx": ("workbooks", "read_xlsx"),
    "xls": ("workbooks", "read_xls"),
    "csv": ("delimited", "read_delimited"),
    "html": ("web_page", "read_web_page"),
    "xml": ("spreadsheetml", "read_spreadsheetml"),
    "grid": ("grids", "read_grid"),
}


def limit_resources() -> None:
    """Bound what a hostile file can cost: memory, processor time, no files written, no core dump."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(kind: str, path: Path) -> dict[str, Any]:
    """Return {"kind", "sheets": [{"name", "hidden", "rows", "merges", "formats"}], "warnings"}, or {"refused"}."""
    from hbs_portal.lib.sheets.container import RefusedFile

    module, name = _PARSERS[kind]
    parser: Callable[[Path], dict[str, Any]] = getattr(import_module(f"hbs_portal.lib.sheets.parsing.{module}"), name)
    try:
        return parser(path)
    except RefusedFile as refused:
        return {"refused": str(refused)}


def answer(kind: str, path: Path) -> str:
    """Return what the process prints. Raises MemoryError for more than any list holds."""
    text = json.dumps(read(kind, path), ensure_ascii=True, allow_nan=False, check_circular=False)
    if len(text) > MAX_ANSWER_CHARACTERS:
        raise MemoryError
    return text


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))  # -I left it out
    limit_resources()
    sys.stdout.write(answer(sys.argv[1], Path(sys.argv[2])))
