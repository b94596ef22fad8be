"""Reading a list: the container is checked first, then a child process with limits parses it.

To read another kind, let `check_container` tell it and `child` name a parser that returns the same JSON.
"""

import json
import logging
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from hbs_portal.lib.sheets import child
from hbs_portal.lib.sheets.container import BLOATED, DAMAGED, RefusedFile, check_container

#: Only for a child that stands still. What a file costs is bounded by its processor time (child.CPU_SECONDS): a good
#: list that waits for a busy machine is not a list with too much in it. Less than others wait for SQLite meanwhile.
WALL_SECONDS = 15
_LONGEST_SHEET_NAME = 31

Merge = tuple[int, int, int, int]
Cell = str | int | float | bool | date | datetime | None

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Row:
    """A row that holds anything: its number as Excel shows it, its cells from column A on."""

    number: int
    cells: tuple[Cell, ...]

    def cell(self, index: int) -> Cell:
        """Return the cell of a column (0 is A), None beyond the last one that holds anything."""
        return self.cells[index] if index < len(self.cells) else None


@dataclass(frozen=True)
class Sheet:
    """A worksheet; rows that are wholly empty are not listed.

    `merges`: (first row, first column, last row, last column), rows as Excel shows them, column 0 is A.
    `formats`: (row number, column index) -> number format, only of cells that hold a date: a class name that Excel
    turned into a date ("5/1") can be recovered from it ("d/m").
    """

    name: str
    hidden: bool
    rows: tuple[Row, ...]
    merges: tuple[Merge, ...] = ()
    formats: Mapping[tuple[int, int], str] = field(default_factory=dict)


@dataclass(frozen=True)
class Workbook:
    """A workbook as read; `filename` is what the person called it.

    `kind` is what the content is ("xlsx", "xls", "csv", "html", "xml"), whatever the name says.
    `warnings`: sentences for the person.
    """

    filename: str
    sheets: tuple[Sheet, ...]
    kind: str = "xlsx"
    warnings: tuple[str, ...] = ()

    @property
    def visible_sheets(self) -> list[Sheet]:
        return [sheet for sheet in self.sheets if not sheet.hidden]


def read_workbook(path: Path, *, filename: str) -> Workbook:
    """Return every worksheet of the file at `path` (.xlsx, .xls, .csv, HTML or XML saved as .xls), hidden ones marked.

    A file without sheets gives one, named as the file. Raises RefusedFile with a sentence for the person; never lets
    a parser's failure through.
    """
    kind = check_container(path)
    answer = parse_apart(kind, path)
    if "refused" in answer:
        raise RefusedFile(answer["refused"])
    stem = Path(filename).stem[:_LONGEST_SHEET_NAME]
    sheets = tuple(_sheet(sheet, stem) for sheet in answer["sheets"])
    return Workbook(filename, sheets, answer["kind"], tuple(answer["warnings"]))


def run_child(kind: str, path: Path) -> bytes:
    """Return what the parsing process printed. Raises TimeoutExpired or CalledProcessError."""
    # -I keeps the environment and the working directory out of the child; the path is absolute for the same reason.
    command = [sys.executable, "-I", child.__file__, kind, str(path.resolve())]
    done = subprocess.run(command, capture_output=True, timeout=WALL_SECONDS, check=True, env={})  # noqa: S603
    return done.stdout


def parse_apart(kind: str, path: Path) -> dict[str, Any]:
    """Return what the parser of this kind tells, or {"refused": sentence}. Raises RefusedFile where it was stopped."""
    try:
        answer: dict[str, Any] = json.loads(run_child(kind, path))
    except subprocess.TimeoutExpired as error:
        raise RefusedFile(BLOATED) from error
    except subprocess.CalledProcessError as error:
        logger.info("A sheet could not be parsed (exit %s): %s", error.returncode, error.stderr[-500:])
        raise RefusedFile(BLOATED if _ran_out(error) else DAMAGED) from error
    except ValueError as error:
        raise RefusedFile(DAMAGED) from error
    return answer


def _ran_out(error: subprocess.CalledProcessError) -> bool:
    """Tell whether the child hit a limit: killed by a signal (SIGXCPU, an abort without memory) or MemoryError."""
    return error.returncode < 0 or b"MemoryError" in error.stderr


def _sheet(sheet: dict[str, Any], stem: str) -> Sheet:
    return Sheet(
        name=sheet["name"] or stem,
        hidden=sheet["hidden"],
        rows=tuple(Row(number, tuple(_cell(cell) for cell in cells)) for number, cells in sheet["rows"]),
        merges=tuple((top, left, bottom, right) for top, left, bottom, right in sheet["merges"]),
        formats={(row, column): text for row, column, text in sheet["formats"]},
    )


def _cell(cell: Any) -> Cell:
    if not isinstance(cell, dict):
        return cell  # type: ignore[no-any-return]
    if "date" in cell:
        return date.fromisoformat(cell["date"])
    return datetime.fromisoformat(cell["datetime"])
