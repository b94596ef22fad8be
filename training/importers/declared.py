"""Declared figures from a sheet: head-counts and running totals become drafts (kpi-rules, "Declared figures")."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from django.db.models import Q

from accounts.audit import field_values
from accounts.models import User
from accounts.versions import StaleRecordError
from campaigns.choices import RecordStatus
from campaigns.current import current_campaign
from campaigns.importers.kinds import KindPlan, KindSpec, NotUndoneError
from campaigns.importers.roster import Problem
from campaigns.importers.understanding import Answers
from campaigns.models import Campaign, Headcount, Target, Unit
from campaigns.models.imports import RosterKind
from hbs_portal.lib.importing import Outcome, OutcomeKind, ReadRow, RowError
from hbs_portal.lib.sheets.container import RefusedFile
from hbs_portal.lib.text import number_text
from training.importers.declared_places import Places
from training.importers.declared_rows import DECLARED_LAYOUT, DeclaredRowForm
from training.models import RunningTotal
from training.services.declared import (
    NOT_COUNTED,
    declare_headcount,
    declare_running_total,
    total_refusal,
    update_headcount,
    update_running_total,
)
from training.workflow import WorkflowError

Figure: TypeAlias = Headcount | RunningTotal
#: Unit's id, group, target's id (0 for a head-count).
Series: TypeAlias = tuple[int, str, int]
MAX_ROWS = 500
MODELS: Mapping[str, type[Figure]] = {"headcount": Headcount, "runningtotal": RunningTotal}
NO_PLAN = "Chưa có chiến dịch nào đang mở nên chưa khai số được. Hãy liên hệ Phòng Văn hóa - Xã hội."
SENT = (
    "Số của ngày này đã gửi duyệt hoặc đã duyệt, khác với số trong tệp. Hãy ghi ngày khác, hoặc mở số đã duyệt và bấm "
    "“Sửa bản đã duyệt”."
)
WITHDRAWN = "Số của ngày này đã bị rút duyệt. Hãy mở số đó ở trang Số khai báo để lập bản sửa."


@dataclass(frozen=True)
class Entry:
    """What one row declares; `stored` is the number of that day, if there is one."""

    unit: Unit
    group: str
    target: Target | None
    day: date
    value: int
    note: str
    stored: Figure | None = None

    @property
    def series(self) -> Series:
        return self.unit.pk, self.group, self.target.pk if self.target else 0

    @property
    def before(self) -> int | None:
        return None if self.stored is None else _number(self.stored)

    @property
    def changes(self) -> dict[str, tuple[str, str]]:
        changes = {}
        if self.before is not None and self.before != self.value:
            changes["Số luỹ kế" if self.target else "Quy mô"] = (number_text(self.before), number_text(self.value))
        if self.stored and self.note and self.note != self.stored.note:
            changes["Ghi chú"] = (self.stored.note, self.note)
        return changes


def _number(figure: Figure) -> int:
    return figure.value if isinstance(figure, RunningTotal) else figure.count


class Figures:
    """The stored figures of units, and those that the file adds: what a running total is compared with."""

    def __init__(self, *, commune_id: int, campaign: Campaign, unit_ids: set[int]) -> None:
        known = Q(commune_id=commune_id, unit_id__in=unit_ids)
        totals = RunningTotal.objects.current().filter(known, target__campaign=campaign).order_by("pk")
        heads = Headcount.objects.current().filter(known).order_by("pk")
        # Of several versions of one day the newest stands: it is the one that a row may change (rule H2).
        self.stored: dict[tuple[Series, date], Figure] = {
            ((row.unit_id, row.group, 0), row.effective_on): row for row in heads
        }
        self.stored |= {((row.unit_id, row.group, row.target_id), row.as_of): row for row in totals}
        self.values: dict[Series, dict[date, int]] = {}
        for (series, day), row in self.stored.items():
            if row.status not in NOT_COUNTED:
                self.values.setdefault(series, {})[day] = _number(row)

    def add(self, entry: Entry) -> None:
        if entry.stored is None or entry.stored.status not in NOT_COUNTED:
            self.values.setdefault(entry.series, {})[entry.day] = entry.value

    def last(self, series: Series, until: date, *, included: bool) -> tuple[date, int] | None:
        """The last value of a series before a day, or on it too."""
        days = [day for day in self.values.get(series, {}) if day < until or (included and day == until)]
        return (max(days), self.values[series][max(days)]) if days else None


class DeclaredPlan(KindPlan):
    """Figures of `unit` (of all units, for the commune) as drafts of `actor`; drafts of that day are changed."""

    layout = DECLARED_LAYOUT

    def __init__(self, *, actor: User, unit: Unit, campaign: Campaign) -> None:
        super().__init__()
        self.actor, self.unit, self.campaign = actor, unit, campaign
        self.places = Places(actor=actor, unit=unit, campaign=campaign)
        self.seen: dict[tuple[Series, date], int] = {}

    def compare(self, rows: Sequence[ReadRow]) -> Iterator[Outcome | RowError]:
        """A fixed number of queries; `existing` of an outcome is an Entry."""
        units = {unit.pk for unit in self.places.by_code.values()}
        figures = Figures(commune_id=self.campaign.commune_id, campaign=self.campaign, unit_ids=units)
        entries = [self._entry(row, figures) for row in rows]
        for entry in entries:
            if isinstance(entry, Entry):
                figures.add(entry)
        for row, entry in zip(rows, entries, strict=True):
            yield entry if isinstance(entry, RowError) else _outcome(row, entry, figures)

    def _entry(self, row: ReadRow, figures: Figures) -> Entry | RowError:
        try:
            entry = self._declared(row.cleaned, figures)
            earlier = self.seen.setdefault((entry.series, entry.day), row.source.number)
            if earlier != row.source.number:
                raise Problem("__all__", f"Số này đã khai ở dòng {earlier}. Hãy xóa một trong hai dòng.")
            if refusal := _settled(entry):
                raise Problem("value" if entry.target else "count", refusal)
        except Problem as problem:
            return row.source.error(problem.column, problem.reason)
        return entry

    def _declared(self, values: dict[str, Any], figures: Figures) -> Entry:
        unit, group, note = self.places.unit_of(values), values["group"], values["note"]
        self.places.require_counted(unit, group)
        if values["count"] is not None:
            day, value, target = values["effective_on"], values["count"], None
        else:
            self.places.require_in_campaign(values)
            day, value, target = values["as_of"], values["value"], self.places.target_of(values, unit)
        stored = figures.stored.get(((unit.pk, group, target.pk if target else 0), day))
        return Entry(unit, group, target, day, value, note, stored)

    def write(self, outcomes: Sequence[Outcome]) -> None:
        """One draft a row, head-counts first, then totals by their days: each is checked against those before it."""
        entries: list[Entry] = [outcome.existing for outcome in outcomes]
        try:
            for entry in sorted(entries, key=lambda one: (one.target is not None, one.day)):
                self._write(entry)
        except (WorkflowError, StaleRecordError) as error:
            raise Problem("", str(error)) from error

    def _write(self, entry: Entry) -> None:
        if entry.stored is None:
            made = self._create(entry)
            self.writer.log.created.setdefault(str(made._meta.model_name), []).append(made.pk)
            return
        fields = ["count" if entry.target is None else "value", "note"]
        before = field_values(entry.stored, fields)
        self._update(entry, entry.stored)
        step = {"before": before, "after": field_values(entry.stored, fields)}
        self.writer.log.changed.setdefault(str(entry.stored._meta.model_name), {})[str(entry.stored.pk)] = step

    def _create(self, entry: Entry) -> Figure:
        shared: dict[str, Any] = {
            "actor": self.actor, "unit": entry.unit, "group": entry.group, "note": entry.note,
        }  # fmt: skip
        if entry.target is None:
            return declare_headcount(effective_on=entry.day, count=entry.value, **shared)
        return declare_running_total(target=entry.target, as_of=entry.day, value=entry.value, **shared)

    def _update(self, entry: Entry, stored: Figure) -> None:
        values: dict[str, Any] = {"note": entry.note} if entry.note else {}
        if isinstance(stored, Headcount):
            values["count"] = entry.value
            update_headcount(actor=self.actor, record=stored, expected_version=stored.version, **values)
        else:
            values["value"] = entry.value
            update_running_total(actor=self.actor, record=stored, expected_version=stored.version, **values)


def _settled(entry: Entry) -> str | None:
    """Why the number of that day cannot be changed by a file, None if it can."""
    if entry.stored is None or entry.stored.is_editable:
        return None
    if entry.stored.status == RecordStatus.WITHDRAWN:
        return WITHDRAWN
    return SENT if entry.changes else None


def _outcome(row: ReadRow, entry: Entry, figures: Figures) -> Outcome | RowError:
    if entry.stored and not entry.changes:
        return Outcome(OutcomeKind.UNCHANGED, row, existing=entry)
    if refusal := _refusal(entry, figures):
        return row.source.error("value", refusal)
    return Outcome(OutcomeKind.CHANGED if entry.stored else OutcomeKind.NEW, row, entry.changes, entry)


def _refusal(entry: Entry, figures: Figures) -> str | None:
    """What the form of a running total would refuse (rules B4, G2), the figures of the same file included."""
    if entry.target is None:
        return None
    count = figures.last((entry.unit.pk, entry.group, 0), entry.day, included=True)
    return total_refusal(
        group=entry.group,
        value=entry.value,
        note=entry.note or (entry.stored.note if entry.stored else ""),
        count=count[1] if count else None,
        before=figures.last(entry.series, entry.day, included=False),
    )


def plan_declared(
    *, actor: User | None, unit: Unit, effective_on: date, answers: Answers, activity_id: int | None
) -> DeclaredPlan:
    """The plan of somebody's figures in the campaign that runs. Raises RefusedFile."""
    campaign = current_campaign(actor) if actor else None
    if actor is None or campaign is None:
        raise RefusedFile(NO_PLAN)
    return DeclaredPlan(actor=actor, unit=unit, campaign=campaign)


def undo_declared(unit: Unit, effective_on: date, steps: Mapping[str, Any]) -> None:
    """Deletes the drafts that the import made and gives changed ones their numbers back.

    Raises NotUndoneError where one was sent or changed since.
    """
    commune_id = unit.commune_id or unit.pk
    for name, model in MODELS.items():
        rows = model._default_manager.filter(commune_id=commune_id).select_for_update(of=("self",))
        made: list[Any] = list(rows.filter(pk__in=steps["created"].get(name, [])).select_related("unit"))
        changed = steps["changed"].get(name, {})
        _refuse_moved_on([one for one in made if one.version != 1 or one.status != RecordStatus.DRAFT])
        model._default_manager.filter(pk__in=[one.pk for one in made]).delete()
        _restore(rows.filter(pk__in=changed).select_related("unit"), changed)


def _restore(rows: Any, changed: Mapping[str, Mapping[str, Any]]) -> None:
    stored: list[Figure] = list(rows)
    _refuse_moved_on(
        [
            one
            for one in stored
            if not one.is_editable or field_values(one, list(_after(one, changed))) != _after(one, changed)
        ]
    )
    for one in stored:
        for name, value in changed[str(one.pk)]["before"].items():
            setattr(one, name, value)
        one.version += 1
        one.save()


def _after(row: Figure, changed: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    return changed[str(row.pk)]["after"]  # type: ignore[no-any-return]


def _refuse_moved_on(rows: Sequence[Figure]) -> None:
    if rows:
        raise NotUndoneError(
            f"Sau lần nạp này đã có số được gửi duyệt hoặc sửa: {rows[0]}. Hãy sửa từng số ở trang Số khai báo."
        )


DECLARED = KindSpec(
    kind=RosterKind.DECLARED,
    label=RosterKind.DECLARED.label,
    things="số khai báo",
    layout=DECLARED_LAYOUT,
    row_form=DeclaredRowForm,
    plan=plan_declared,
    undo=undo_declared,
    shown=("unit_code", "unit_name", "said"),
    max_rows=MAX_ROWS,
    afterwards="Các số này là bản nháp: hãy mở trang Số khai báo của từng đơn vị để gửi duyệt.",
)
