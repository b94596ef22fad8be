"""Somebody else's form as a grid to look at and to choose cells in; it is read in the parsing process."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hbs_portal.lib.sheets.container import RefusedFile, check_container
from hbs_portal.lib.sheets.editing.scanning import Box, Place, holds
from hbs_portal.lib.sheets.reading import parse_apart

NOT_XLSX = "Biểu mẫu phải là tệp Excel .xlsx. Hãy mở bằng Excel, chọn Tệp > Lưu thành > Excel (.xlsx), rồi tải lên."
SIGNED = "Tệp này có chữ ký số; điền vào sẽ làm hỏng chữ ký. Hãy xin cấp trên bản chưa ký số rồi tải lên."
NO_SHEETS = "Tệp này không có trang tính nào. Hãy chọn lại tệp biểu mẫu rồi tải lên."


@dataclass(frozen=True)
class GridSheet:
    """`cells`: what stands in the first rows and columns, and wherever a tag stands; `last`: last row and column.

    `tagged_formulas` hold a tag in the formula itself, not only in what it shows of another cell.
    """

    name: str
    is_hidden: bool
    cells: Mapping[Place, str]
    formulas: frozenset[Place] = frozenset()
    tagged_formulas: frozenset[Place] = frozenset()
    merges: tuple[Box, ...] = ()
    last: Place = (0, -1)

    def merge_of(self, place: Place) -> Box | None:
        """The merged cells that this one belongs to."""
        return next((box for box in self.merges if holds(box, place)), None)

    def is_covered(self, place: Place) -> bool:
        """Whether it lies in merged cells and is not the first of them: what is written there is never seen."""
        box = self.merge_of(place)
        return box is not None and box[:2] != place


@dataclass(frozen=True)
class Grid:
    sheets: tuple[GridSheet, ...]
    by_name: Mapping[str, GridSheet] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {sheet.name: sheet for sheet in self.sheets})


def read_grid(path: Path) -> Grid:
    """Read the form at `path`. Raises RefusedFile with a sentence for the person."""
    if check_container(path) != "xlsx":
        raise RefusedFile(NOT_XLSX)
    answer = parse_apart("grid", path)
    if "refused" in answer:
        raise RefusedFile(answer["refused"])
    if answer["signed"]:
        raise RefusedFile(SIGNED)
    if not answer["sheets"]:
        raise RefusedFile(NO_SHEETS)
    return Grid(tuple(_sheet(sheet) for sheet in answer["sheets"]))


def _sheet(told: dict[str, Any]) -> GridSheet:
    return GridSheet(
        name=told["name"],
        is_hidden=told["hidden"],
        cells={(row, column): text for row, column, text in told["cells"]},
        formulas=frozenset((row, column) for row, column in told["formulas"]),
        tagged_formulas=frozenset((row, column) for row, column in told["tagged"]),
        merges=tuple((top, left, bottom, right) for top, left, bottom, right in told["merges"]),
        last=(told["last"][0], told["last"][1]),
    )
