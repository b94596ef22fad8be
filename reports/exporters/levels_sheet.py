"""Sheet "Theo cấp học": the schools of each level pooled (rule G4)."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from campaigns.choices import SCHOOL_KINDS, UnitKind
from hbs_portal.lib.sheets.styles import CellValue, ColumnKind
from hbs_portal.lib.sheets.writing import Column, OfficialSheet
from reports.exporters.edition import Edition
from reports.exporters.units_sheet import target_columns, verdicts
from reports.exporters.wording import NOT_APPLICABLE
from reports.progress import Cell, TargetProgress
from reports.progress.levels import pooled

NAME = "Theo cấp học"
ALL_SCHOOLS = "Các trường"


class LevelLine(NamedTuple):
    """A level and its cells, one a target."""

    name: str
    schools: int
    cells: tuple[Cell, ...]


def levels_sheet(edition: Edition) -> OfficialSheet[LevelLine] | None:
    """None where the commune has no school."""
    places, targets = _school_targets(edition)
    lines = [_line(edition, str(kind.label), [kind], places) for kind in _levels(edition)]
    if not lines:
        return None
    whole = _line(edition, ALL_SCHOOLS, SCHOOL_KINDS, places)
    columns = tuple(_columns(edition, places, targets, [*lines, whole]))
    return OfficialSheet(
        name=NAME,
        title=f"Kết quả theo cấp học {edition.movement}",
        columns=columns,
        rows=lines,
        subtitles=(edition.clock_line,),
        totals=_totals(columns, whole),
        notes=(
            f"Ghi chú: gộp tử số và mẫu số của các trường cùng cấp, không lấy trung bình tỷ lệ; người ở hai trường "
            f"tính một lần; dấu “{NOT_APPLICABLE}” là không áp dụng.",
        ),
        is_one_page=True,
    )


def _levels(edition: Edition) -> list[UnitKind]:
    known = {row.unit.kind for target in edition.progress.targets[:1] for row in target.units}
    return [kind for kind in SCHOOL_KINDS if kind in known]


def _school_targets(edition: Edition) -> tuple[list[int], list[TargetProgress]]:
    """The targets that some school is measured by, with their places."""
    found = [
        (place, target)
        for place, target in enumerate(edition.progress.targets)
        if not target.rule.unit_kinds.isdisjoint(SCHOOL_KINDS)
    ]
    return [place for place, _ in found], [target for _, target in found]


def _line(edition: Edition, name: str, kinds: Iterable[UnitKind], places: Iterable[int]) -> LevelLine:
    wanted = frozenset(kinds)
    figures = pooled(edition.content.facts, wanted)
    schools = sum(row.unit.kind in wanted for row in edition.progress.targets[0].units)
    return LevelLine(name, schools, tuple(figures[place].commune for place in places))


def _columns(
    edition: Edition, places: list[int], targets: list[TargetProgress], lines: list[LevelLine]
) -> Iterator[Column[LevelLine]]:
    yield Column("STT", kind=ColumnKind.ORDINAL, width=5)
    yield Column("Cấp học", lambda line: line.name, width=22)
    yield Column("Số trường", lambda line: line.schools, ColumnKind.INT, 7)
    for number, (place, target) in enumerate(zip(places, targets, strict=True)):
        model = edition.reading.targets[place]
        cells = [line.cells[number] for line in lines]
        yield from target_columns(f"{model.code}. {model.short_name}", number, target.rule, cells)
    codes = [target.rule.code for target in targets]
    yield Column("Đánh giá", lambda line: verdicts(line.cells, codes), width=19)


def _totals(columns: Iterable[Column[LevelLine]], whole: LevelLine) -> list[CellValue]:
    return [None if column.kind is ColumnKind.ORDINAL else column.getter(whole) for column in columns]
