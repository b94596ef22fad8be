"""A file as read and compared with the roster; nothing is written here."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from accounts.models import User
from campaigns.importers.kinds import KindPlan, KindSpec, Leaver, kind_spec
from campaigns.importers.other_units import OtherUnits, short_form
from campaigns.importers.understanding import Answers, RosterReading, understand
from campaigns.models import Unit
from hbs_portal.lib.importing import CheckReport, LeftOut, ReadRow, SourceRow, compare_rows, read_rows
from hbs_portal.lib.sheets.container import RefusedFile
from hbs_portal.lib.sheets.reading import Workbook, read_workbook
from hbs_portal.lib.text import fold, nfc, number_text

#: The list's kind is told by what stands in it; an empty kind says the same.
AUTO = "AUTO"
#: How the name of a school begins: a column of units may as well hold parts of this one ("Tổ Toán").
_SCHOOL = ("truong ", "th ", "thcs ", "mn ", "tieu hoc ", "mam non ", "thpt ", "th&thcs ")
UNKNOWN_KIND = (
    "Chưa nhận ra đây là danh sách gì. Hãy chọn loại danh sách (học sinh, cán bộ, hộ gia đình, người dân theo hộ) "
    "rồi tải lên lại."
)


@dataclass(frozen=True)
class ListFor:
    """Whose list it is: the unit, from which day, brought by whom (None: the command line), with which answers."""

    actor: User | None
    unit: Unit
    effective_on: date
    answers: Answers = field(default_factory=Answers)
    activity_id: int | None = None

    def plan(self, spec: KindSpec) -> KindPlan:
        return spec.plan(
            actor=self.actor,
            unit=self.unit,
            effective_on=self.effective_on,
            answers=self.answers,
            activity_id=self.activity_id,
        )


@dataclass(frozen=True)
class Checked:
    """What a file would do. While questions block, nothing was compared and the report is empty.

    `rows` are those whose forms are valid, `unreadable` the others.
    """

    spec: KindSpec
    reading: RosterReading
    report: CheckReport
    plan: KindPlan
    rows: Sequence[ReadRow] = ()
    unreadable: Sequence[SourceRow] = ()
    leavers: Sequence[Leaver] = ()


def spec_for(workbook: Workbook, kind: str, unit: Unit) -> KindSpec:
    """Return the kind of this name, for AUTO the one that fits. Raises RefusedFile where none does, or not the unit."""
    found = _recognised(workbook) if kind in ("", AUTO) else kind
    if found is None:
        raise RefusedFile(UNKNOWN_KIND)
    spec = kind_spec(found)
    if spec.unit_kinds and unit.kind not in spec.unit_kinds:
        raise RefusedFile(
            f"Tệp này là danh sách {spec.label.lower()}; {unit} không có danh sách loại này. "
            "Hãy chọn đơn vị khác hoặc loại danh sách khác."
        )
    return spec


def _recognised(workbook: Workbook) -> str | None:
    from campaigns.importers.understanding import recognise_kind

    return recognise_kind(workbook)


def examine(path: Path, *, file_name: str, kind: str, list_for: ListFor) -> Checked:
    """Read the file at `path` and compare it. Raises RefusedFile with a sentence."""
    workbook = read_workbook(path, filename=file_name)
    return examine_workbook(workbook, spec_for(workbook, kind, list_for.unit), list_for)


def examine_workbook(workbook: Workbook, spec: KindSpec, list_for: ListFor) -> Checked:
    """Understand and compare a workbook. Raises RefusedFile with a sentence."""
    reading = understand(workbook, spec.layout, list_for.answers)
    if len(reading.rows) > spec.max_rows:
        raise RefusedFile(
            f"Tệp có hơn {number_text(spec.max_rows)} {spec.things}. Hãy tách thành nhiều tệp rồi tải lên."
        )
    others = OtherUnits(list_for.unit)
    refuse_list_of_another_unit(reading, others)
    reading = replace(reading, warnings=(*reading.warnings, *_of_strange_units(reading, others)))
    plan, report = list_for.plan(spec), CheckReport()
    if any(question.blocks for question in reading.questions):
        return Checked(spec, reading, report, plan)
    rows = read_rows(reading.rows, spec.row_form, plan, report)
    checked = compared(spec, reading, plan, report, rows)
    report.left_out = sorted([*report.left_out, *reading.left_out], key=_place)
    return checked


def refuse_list_of_another_unit(reading: RosterReading, units: OtherUnits) -> None:
    """A sheet whose title names another unit of the commune is that unit's list: its people are never stored here."""
    for sheet in reading.sheets:
        other = units.names.get(short_form(sheet.unit_name)) if sheet.unit_name else None
        if other:
            raise RefusedFile(
                f"Trang “{sheet.name}” ghi là danh sách của {other}, không phải {units.unit}. "
                "Hãy chọn đúng đơn vị, hoặc sửa dòng tên đơn vị trong tệp, rồi tải lên lại."
            )


def _of_strange_units(reading: RosterReading, units: OtherUnits) -> list[str]:
    """Return a sentence for every sheet and school of a row that is neither this unit nor another of the commune."""
    rows: dict[tuple[str, str], list[int]] = {}
    for row in reading.rows:
        named = nfc(str(row.data.get("unit_name") or ""))
        if fold(named).startswith(_SCHOOL) and not units.is_own(named) and short_form(named) not in units.names:
            rows.setdefault((row.sheet, named), []).append(row.number)
    return [
        f"Trang “{sheet}” có {number_text(len(numbers))} dòng (từ dòng {numbers[0]}) ghi đơn vị “{named}”, "
        f"không phải {units.unit}. Hãy xem lại trước khi nạp."
        for (sheet, named), numbers in rows.items()
    ]


def compared(
    spec: KindSpec, reading: RosterReading, plan: KindPlan, report: CheckReport, rows: Sequence[ReadRow]
) -> Checked:
    """Compare rows that were read before; `report` holds what was wrong with the others."""
    unreadable = list(report.wrong_rows)
    compare_rows(rows, plan, report)
    return Checked(spec, reading, report, plan, rows, unreadable, plan.leavers(report.wrong_rows))


def _place(row: LeftOut) -> tuple[str, int]:
    return row.sheet, row.row
