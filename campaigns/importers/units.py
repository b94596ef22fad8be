"""Units of a commune from a sheet: new ones and changed ones, by code. Nothing is ever closed (rule F1)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from accounts.access import may_manage_units
from accounts.audit import field_values
from accounts.models import User
from accounts.versions import StaleRecordError
from campaigns.choices import UnitKind
from campaigns.importers.kinds import KindPlan, KindSpec, NotUndoneError, row_key
from campaigns.importers.roster import OTHER_PERSON, Problem
from campaigns.importers.understanding import Answers
from campaigns.importers.unit_rows import LABELS, UNIT_LAYOUT, UnitRowForm
from campaigns.models import Unit
from campaigns.models.imports import RosterKind
from campaigns.services.units import create_unit, entry_errors, ties_of, update_unit
from hbs_portal.lib.importing import Candidate, Doubt, Outcome, OutcomeKind, ReadRow, RowError
from hbs_portal.lib.sheets.container import RefusedFile
from hbs_portal.lib.text import date_short, fold

MAX_ROWS = 500
SAME_NAME = "Trùng tên với đơn vị có mã khác"
NOT_YOURS = "Chỉ Phòng Văn hóa - Xã hội và người quản trị nạp được danh sách đơn vị."
NEW_NEEDS = {
    "kind": "Đơn vị mới cần có loại, ví dụ Trường tiểu học, Thôn.",
    "opened_on": "Đơn vị mới cần có ngày bắt đầu hoạt động. Hãy ghi ngày/tháng/năm.",
}


@dataclass(frozen=True)
class UnitStep:
    """What a row makes of a unit (None: a new one)."""

    unit: Unit | None
    values: Mapping[str, Any]


class UnitPlan(KindPlan):
    """Units below `commune`. `decisions`: row_key of a row in doubt -> id of the unit it is, or 0 for a new one."""

    layout = UNIT_LAYOUT

    def __init__(self, *, actor: User | None, commune: Unit, decisions: Mapping[str, int]) -> None:
        super().__init__()
        self.actor, self.commune, self.decisions = actor, commune, decisions
        self.seen: dict[Any, int] = {}
        self.by_code: dict[str, Unit] = {}
        self.by_name: dict[str, list[Unit]] = defaultdict(list)

    def compare(self, rows: Sequence[ReadRow]) -> Iterator[Outcome | RowError | Doubt]:
        """Four queries for any number of rows; `existing` of an outcome is a UnitStep."""
        for unit in Unit.objects.filter(commune=self.commune).order_by("pk"):
            self.by_code[unit.code.casefold()] = unit
            self.by_name[fold(unit.name)].append(unit)
        self.ties = ties_of(self.by_code.values())
        self.coded = {row.cleaned["code"].casefold() for row in rows}
        for row in rows:
            try:
                yield self._result(row)
            except Problem as problem:
                yield row.source.error(problem.column, problem.reason)

    def _result(self, row: ReadRow) -> Outcome | Doubt:
        code = row.cleaned["code"].casefold()
        self._refuse_repeated(code, row)
        known = self.by_code.get(code)
        if known is None:
            decided = self._decide(row)
            if isinstance(decided, Doubt):
                return decided
            known = decided
        return self._changed(row, known) if known else self._new(row)

    def _refuse_repeated(self, key: Any, row: ReadRow) -> None:
        earlier = self.seen.setdefault(key, row.source.number)
        if earlier != row.source.number:
            raise Problem("code", f"Đơn vị này đã có ở dòng {earlier}. Mỗi đơn vị chỉ ghi một dòng.")

    def _decide(self, row: ReadRow) -> Unit | Doubt | None:
        """An unknown code with a known name may be a unit whose code changed: a person says so."""
        named = self.by_name.get(fold(row.cleaned["name"]), [])
        alike = [one for one in named if one.code.casefold() not in self.coded]
        decision = self.decisions.get(row_key(row.source))
        if not alike or decision == OTHER_PERSON:
            return None
        chosen = next((one for one in alike if one.pk == decision), None)
        if chosen:
            self._refuse_repeated(chosen.pk, row)
            return chosen
        return Doubt(row, tuple(Candidate(one.pk, f"{one.name}, mã {one.code}") for one in alike), SAME_NAME)

    def _new(self, row: ReadRow) -> Outcome:
        for name, sentence in NEW_NEEDS.items():
            if not row.cleaned[name]:
                raise Problem(name, sentence)
        return Outcome(OutcomeKind.NEW, row, existing=UnitStep(None, _values(row)))

    def _changed(self, row: ReadRow, unit: Unit) -> Outcome:
        values = {name: value for name, value in _values(row).items() if value}
        if values["code"].casefold() == unit.code.casefold():
            values["code"] = unit.code
        changes = {
            LABELS[name]: (_shown(name, getattr(unit, name)), _shown(name, value))
            for name, value in values.items()
            if value != getattr(unit, name)
        }
        step = UnitStep(unit, {name: getattr(unit, name) for name in LABELS} | values)
        if not changes:
            return Outcome(OutcomeKind.UNCHANGED, row, existing=step)
        kind, opened_on = step.values["kind"], step.values["opened_on"]
        for name, sentence in entry_errors(unit=unit, kind=kind, opened_on=opened_on, ties=self.ties[unit.pk]).items():
            raise Problem(name, sentence)
        return Outcome(OutcomeKind.CHANGED, row, changes, step)

    def write(self, outcomes: Sequence[Outcome]) -> None:
        """Each unit through its service; raises Problem where somebody was faster."""
        try:
            for outcome in outcomes:
                self._write(outcome.existing)
        except (StaleRecordError, ValidationError) as error:
            text = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
            raise Problem("", text) from error

    def _write(self, step: UnitStep) -> None:
        if step.unit is None:
            made = create_unit(actor=self.actor, commune=self.commune, **step.values)
            self.writer.log.created.setdefault("unit", []).append(made.pk)
            return
        unit = step.unit
        before = field_values(unit, list(LABELS))
        update_unit(actor=self.actor, unit=unit, expected_version=unit.version, position=unit.position, **step.values)
        changed = self.writer.log.changed.setdefault("unit", {})
        changed[str(unit.pk)] = {"before": before, "after": field_values(unit, list(LABELS))}


def _values(row: ReadRow) -> dict[str, Any]:
    return {name: row.cleaned[name] for name in LABELS}


def _shown(name: str, value: Any) -> str:
    if isinstance(value, date):
        return date_short(value)
    return str(UnitKind(value).label) if name == "kind" else str(value)


def plan_units(
    *, actor: User | None, unit: Unit, effective_on: date, answers: Answers, activity_id: int | None
) -> UnitPlan:
    """The plan of the units below `unit`, a commune. Raises RefusedFile for who may not manage units."""
    if actor is not None and not may_manage_units(actor):
        raise RefusedFile(NOT_YOURS)
    return UnitPlan(actor=actor, commune=unit, decisions=answers.decisions)


def undo_units(unit: Unit, effective_on: date, steps: Mapping[str, Any]) -> None:
    """Removes units that the import made and gives changed ones their entries back.

    Raises NotUndoneError where one has people, accounts or records, or was changed since.
    """
    units = Unit.objects.filter(commune=unit).select_for_update(of=("self",))
    made = list(units.filter(pk__in=steps["created"].get("unit", [])))
    changed = steps["changed"].get("unit", {})
    stored = list(units.filter(pk__in=changed))
    touched = [one for one in made if one.version != 1 or one.closed_on]
    touched += [one for one in stored if field_values(one, list(LABELS)) != changed[str(one.pk)]["after"]]
    if touched:
        raise NotUndoneError(f"Sau lần nạp này đã có người sửa {touched[0]}. Hãy sửa từng đơn vị thay vì hoàn tác.")
    try:
        Unit.objects.filter(pk__in=[one.pk for one in made]).delete()
    except ProtectedError as error:
        raise NotUndoneError("Đơn vị mới nạp đã có người, tài khoản hoặc hoạt động nên không hoàn tác được.") from error
    for one in stored:
        _restore(one, changed[str(one.pk)]["before"])


def _restore(unit: Unit, before: Mapping[str, Any]) -> None:
    for name, value in before.items():
        setattr(unit, name, Unit._meta.get_field(name).to_python(value))  # type: ignore[union-attr]
    unit.version += 1
    unit.save()


UNITS = KindSpec(
    kind=RosterKind.UNITS,
    label=RosterKind.UNITS.label,
    things="đơn vị",
    layout=UNIT_LAYOUT,
    row_form=UnitRowForm,
    plan=plan_units,
    undo=undo_units,
    unit_kinds=(UnitKind.COMMUNE,),
    shown=("code", "name", "kind_label", "opened_on"),
    max_rows=MAX_ROWS,
)
