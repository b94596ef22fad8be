"""Sheet "Còn thiếu" of a unit's own workbook: how many are missing, by class and group. Numbers only, no names."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from campaigns.choices import Group
from campaigns.class_names import class_order
from hbs_portal.lib.sheets.styles import ColumnKind
from hbs_portal.lib.sheets.writing import Column, GroupHeading, OfficialSheet
from reports.exporters.edition import Edition
from reports.exporters.units_sheet import roman
from reports.progress import TargetRule, UnitSplit, split

NAME = "Còn thiếu"


class MissingLine(NamedTuple):
    """A class or group: how many belong to it, count, are missing; of the missing how many wait or are excluded."""

    name: str
    members: int
    counted: int
    missing: int
    waiting: int
    excluded: int


COLUMNS = (
    Column[MissingLine]("STT", kind=ColumnKind.ORDINAL, width=5),
    Column[MissingLine]("Lớp, nhóm", lambda line: line.name, width=34),
    Column[MissingLine]("Trong danh sách", lambda line: line.members, ColumnKind.INT, 13),
    Column[MissingLine]("Đã đạt", lambda line: line.counted, ColumnKind.INT, 11),
    Column[MissingLine]("Còn thiếu", lambda line: line.missing, ColumnKind.INT, 11),
    Column[MissingLine]("Đang chờ duyệt", lambda line: line.waiting, ColumnKind.INT, 13, "Trong số còn thiếu"),
    Column[MissingLine]("Được loại trừ", lambda line: line.excluded, ColumnKind.INT, 13, "Trong số còn thiếu"),
)


def missing_numbers_sheet(edition: Edition) -> OfficialSheet[MissingLine] | None:
    """None where no target counts anybody of this unit by list."""
    rows = list(_rows(edition))
    if not rows:
        return None
    return OfficialSheet(
        name=NAME,
        title=f"Số người, hộ còn thiếu trong {edition.movement}",
        columns=COLUMNS,
        rows=rows,
        subtitles=(edition.clock_line,),
        notes=(
            "Ghi chú: chỉ tính người, hộ có trong danh sách; số khai báo không có ai đứng sau. Lớp ghi theo danh sách "
            "của ngày lấy số liệu. Danh sách tên xem trên cổng, trang giải thích của từng chỉ tiêu.",
        ),
    )


def _rows(edition: Edition) -> Iterator[MissingLine | GroupHeading]:
    number = 0
    for target, figures in edition.figures:
        found = _split_of(edition, figures.rule)
        if found is None or not (found.counted or found.missing):
            continue
        number += 1
        yield GroupHeading(roman(number), f"{target.code}. {target.short_name}")
        yield from _lines(found, _places(edition, figures.rule))


def _split_of(edition: Edition, rule: TargetRule) -> UnitSplit | None:
    if rule.counts_units:
        return None
    return next((row for row in split(edition.content.facts, rule) if row.unit.id == edition.unit_id), None)


def _places(edition: Edition, rule: TargetRule) -> Mapping[int, str]:
    """Person -> the class, for pupils, else the group. Somebody in two groups stands in the first of them."""
    if not rule.counts_people:
        return {}
    members = [row for row in edition.content.facts.members.get(rule.code, ()) if row.unit_id == edition.unit_id]
    found = {}
    for row in sorted(members, key=lambda row: (row.person_id, row.group), reverse=True):
        name = edition.class_names.get(row.person_id, "") if row.group == Group.PUPIL else ""
        found[row.person_id] = f"Lớp {name}" if name else str(Group(row.group).label)
    return found


def _lines(found: UnitSplit, places: Mapping[int, str]) -> Iterator[MissingLine]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    sets = {"counted": found.counted, "missing": found.missing, "waiting": found.waiting}
    for what, people in (sets | {"excluded": found.missing & found.excluded}).items():
        for pk in people:
            counts[places.get(pk, str(Group.HOUSEHOLD.label))][what] += 1
    for name in sorted(counts, key=lambda name: (not name.startswith("Lớp "), class_order(name.removeprefix("Lớp ")))):
        row = counts[name]
        yield MissingLine(name, row["counted"] + row["missing"], *(row[what] for what in (*sets, "excluded")))
