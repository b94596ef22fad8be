"""Pupils of one school: the layout of their lists, the form of a row, and what rows mean to the database.

Layouts: excel.md, "In". Rules C4, C5 (one person, dated memberships) and C9 (identity).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from campaigns.choices import Gender, Group
from campaigns.importers.layouts import PUPIL_LAYOUT
from campaigns.importers.rows import PupilRowForm
from campaigns.models import Membership, Person, Unit
from campaigns.services.people import CLASS_CHANGED, MOVED
from hbs_portal.lib.importing import Outcome, OutcomeKind, ReadRow, RowError, SourceRow
from hbs_portal.lib.text import clean_code, date_short, fold, nfc

__all__ = ["PUPIL_LAYOUT", "PupilPlan", "PupilRowForm"]

MAX_ROWS = 10_000
CODE_DIGITS = 10
STUDYING = "dang hoc"
LABELS = {"full_name": "Họ và tên", "birth_date": "Ngày sinh", "gender": "Giới tính", "code": "Mã định danh"}
ASK_OFFICE = "Hãy báo Phòng Văn hóa - Xã hội để chuyển em về trường."


@dataclass(frozen=True)
class PupilStep:
    """What one row does: to which person (None: a new one), which fields, and what happens to the membership.

    `ends` stops on the day before the effective day; `recast` gets the new class in place; `opens` starts a new one.
    """

    person: Person | None
    values: Mapping[str, Any] = field(default_factory=dict)
    ends: Membership | None = None
    recast: Membership | None = None
    opens: bool = False


class PupilPlan:
    """Pupils of `unit`, present from `effective_on`; `may_take_over`: whether they may be taken from other units."""

    def __init__(self, *, unit: Unit, effective_on: date, may_take_over: bool) -> None:
        self.unit, self.effective_on, self.may_take_over = unit, effective_on, may_take_over
        self.commune_id = unit.commune_id or unit.pk
        self.by_code: dict[str, Person] = {}
        self.by_name: dict[tuple[str, date | None], list[Person]] = defaultdict(list)
        self.memberships: dict[int, list[Membership]] = defaultdict(list)

    def reason_to_leave_out(self, row: SourceRow) -> str | None:
        """The school database lists those who left as well: only "Đang học" are on the roster."""
        status = nfc(str(row.data.get("status") or ""))
        return f"Trạng thái “{status}”" if status and fold(status) != STUDYING else None

    def compare(self, rows: Sequence[ReadRow]) -> Iterator[Outcome | RowError]:
        """Three queries for any number of rows; a row is an Outcome (`existing`: PupilStep) or one RowError."""
        self._load([row.cleaned["code"] for row in rows if row.cleaned["code"]])
        seen: dict[Any, int] = {}
        for row in rows:
            problem = _lost_zeros(row) or _repeated(row, seen)
            yield problem or self._outcome(row, seen)

    def _load(self, codes: list[str]) -> None:
        commune_id = self.commune_id
        people = {person.pk: person for person in Person.objects.filter(commune_id=commune_id, code__in=codes)}
        self.by_code = {str(person.code): person for person in people.values()}
        of_unit = Membership.objects.filter(commune_id=commune_id, unit=self.unit, group=Group.PUPIL)
        for person in Person.objects.filter(commune_id=commune_id, pk__in=of_unit.values("person_id")):
            people.setdefault(person.pk, person)
            self.by_name[fold(person.full_name), person.birth_date].append(person)
        memberships = Membership.objects.filter(commune_id=commune_id, person_id__in=list(people))
        for membership in memberships.select_related("unit").order_by("starts_on", "pk"):
            self.memberships[membership.person_id].append(membership)

    def _outcome(self, row: ReadRow, seen: dict[Any, int]) -> Outcome | RowError:
        try:
            person = self._find(row)
            if person and (earlier := seen.setdefault(("person", person.pk), row.source.number)) != row.source.number:
                raise _Problem("full_name", f"Em này đã có ở dòng {earlier}. Hãy xóa một trong hai dòng.")
            step = self._step(row, person)
        except _Problem as problem:
            return row.source.error(problem.column, problem.reason)
        if person is None:
            return Outcome(OutcomeKind.NEW, row, existing=step)
        changes = self._changes(row, step)
        return Outcome(OutcomeKind.CHANGED if changes else OutcomeKind.UNCHANGED, row, changes, step)

    def _find(self, row: ReadRow) -> Person | None:
        """The person of a row: by code in the commune, else by name and birth date in the unit."""
        values = row.cleaned
        if person := self.by_code.get(values["code"]):
            if fold(person.full_name) != fold(values["full_name"]) and person.birth_date != values["birth_date"]:
                raise _Problem("code", "Mã này đang là của người khác họ tên và ngày sinh. Hãy kiểm tra lại mã.")
            return person
        alike = self.by_name.get((fold(values["full_name"]), values["birth_date"]), [])
        alike = [person for person in alike if not (values["code"] and person.code)]
        if len(alike) > 1:
            raise _Problem("full_name", "Trường có nhiều em trùng họ tên và ngày sinh. Hãy ghi mã định danh của em.")
        return alike[0] if alike else None

    def _step(self, row: ReadRow, person: Person | None) -> PupilStep:
        if person is None:
            return PupilStep(None, opens=True)
        values = {
            name: row.cleaned[name]
            for name in LABELS
            if row.cleaned[name] and row.cleaned[name] != getattr(person, name)
        }
        held = self.memberships[person.pk]
        if any(other.group != Group.PUPIL and other.ends_on is None for other in held):
            raise _Problem("code", "Mã này là của một người không phải học sinh. Hãy kiểm tra lại mã.")
        here = [one for one in held if one.unit_id == self.unit.pk and one.group == Group.PUPIL]
        if here and here[-1].ends_on is None:
            return self._stay(row, person, values, here[-1])
        return self._arrive(person, values, held)

    def _stay(self, row: ReadRow, person: Person, values: dict[str, Any], now: Membership) -> PupilStep:
        """On the roster already: nothing, or another class from the effective day on."""
        if now.class_name == row.cleaned["class_name"]:
            return PupilStep(person, values)
        if now.starts_on > self.effective_on:
            since = date_short(now.starts_on)
            raise _Problem("class_name", f"Em ở lớp {now.class_name} từ {since}. Hãy chọn ngày có mặt từ ngày đó.")
        if now.starts_on == self.effective_on:
            return PupilStep(person, values, recast=now)
        return PupilStep(person, values, ends=now, opens=True)

    def _arrive(self, person: Person, values: dict[str, Any], held: list[Membership]) -> PupilStep:
        """Not on the roster now: comes back, or comes from another unit of the commune (the person stays one)."""
        last = max(held, key=lambda one: (one.ends_on or date.max, one.starts_on), default=None)
        if last is None or (last.ends_on and last.ends_on < self.effective_on):
            return PupilStep(person, values, opens=True)
        if last.unit_id == self.unit.pk:
            until = date_short(last.ends_on or self.effective_on)
            raise _Problem("full_name", f"Em đã thôi học tại trường sau {until}. Hãy chọn ngày có mặt sau ngày đó.")
        if not self.may_take_over:
            raise _Problem("full_name", f"Em đang học tại {last.unit}. {ASK_OFFICE}")
        if last.ends_on or last.starts_on >= self.effective_on:
            since = date_short(last.ends_on or last.starts_on)
            raise _Problem("full_name", f"Em còn thuộc {last.unit} ngày {since}. Hãy chọn ngày có mặt sau ngày đó.")
        return PupilStep(person, values, ends=last, opens=True)

    def _changes(self, row: ReadRow, step: PupilStep) -> dict[str, tuple[str, str]]:
        changes = {
            LABELS[name]: (_shown(getattr(step.person, name)), _shown(step.values[name])) for name in step.values
        }
        previous = step.recast or step.ends
        if previous and previous.unit_id != self.unit.pk:
            changes["Trường"] = (str(previous.unit), str(self.unit))
        if previous and previous.class_name != row.cleaned["class_name"]:
            changes["Lớp"] = (previous.class_name, row.cleaned["class_name"])
        if step.opens and not previous:
            changes["Có mặt lại"] = ("", f"từ {date_short(self.effective_on)}, lớp {row.cleaned['class_name']}")
        return changes

    def write(self, outcomes: Sequence[Outcome]) -> None:
        """Four statements for any number of rows (each in batches where the database limits parameters)."""
        new = [outcome for outcome in outcomes if outcome.existing.person is None]
        people = [self._new_person(outcome) for outcome in new]
        Person.objects.bulk_create(people)
        created = {id(outcome): person for outcome, person in zip(new, people, strict=True)}
        self._update_people([outcome.existing for outcome in outcomes if outcome.existing.person])
        self._update_memberships(outcomes)
        Membership.objects.bulk_create(
            self._new_membership(created.get(id(outcome)) or outcome.existing.person, outcome)
            for outcome in outcomes
            if outcome.existing.opens
        )

    def _new_person(self, outcome: Outcome) -> Person:
        values = {name: outcome.row.cleaned[name] for name in LABELS}
        person = Person(commune_id=self.commune_id, **values)
        person.set_keys()
        return person

    def _new_membership(self, person: Person, outcome: Outcome) -> Membership:
        return Membership(
            commune_id=self.commune_id,
            person=person,
            unit=self.unit,
            group=Group.PUPIL,
            class_name=outcome.row.cleaned["class_name"],
            starts_on=self.effective_on,
        )

    def _update_people(self, steps: list[PupilStep]) -> None:
        """Also raises the version of everybody whose membership changes: an open form of theirs is out of date."""
        people = []
        for step in steps:
            person = step.person
            assert person is not None  # noqa: S101  # the caller leaves new people out
            for name, value in step.values.items():
                setattr(person, name, value)
            person.set_keys()
            person.version += 1
            people.append(person)
        Person.objects.bulk_update(people, [*LABELS, "search_key", "sort_key", "version"])

    def _update_memberships(self, outcomes: Sequence[Outcome]) -> None:
        """Old memberships end before new ones are opened: a person has one open membership of a unit and group."""
        touched = []
        for outcome in outcomes:
            if ended := outcome.existing.ends:
                ended.ends_on = self.effective_on - timedelta(days=1)
                ended.end_reason = CLASS_CHANGED if ended.unit_id == self.unit.pk else MOVED
                touched.append(ended)
            if recast := outcome.existing.recast:
                recast.class_name = outcome.row.cleaned["class_name"]
                touched.append(recast)
        Membership.objects.bulk_update(touched, ["ends_on", "end_reason", "class_name"])


class _Problem(Exception):
    """Why a row cannot be taken over, and the field it lies in."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


def _lost_zeros(row: ReadRow) -> RowError | None:
    """Excel drops the zeros at the front of a number: an official code that is short and numeric has lost them."""
    cell = row.source.data.get("code")
    is_official = "dinh danh" in fold(row.source.headings.get("code", ""))
    if isinstance(cell, (int, float)) and is_official and len(clean_code(cell)) < CODE_DIGITS:
        reason = f"Mã định danh có {CODE_DIGITS} chữ số; Excel đã làm mất số 0 ở đầu. Hãy định dạng cột này là Văn bản."
        return row.source.error("code", reason)
    return None


def _repeated(row: ReadRow, seen: dict[Any, int]) -> RowError | None:
    """The same pupil twice in one file: the same code, or the same name and birth date without two codes."""
    values, number = row.cleaned, row.source.number
    named = (fold(values["full_name"]), values["birth_date"])
    keys = [("code", values["code"])] if values["code"] else [("named", *named)]
    for key in keys:
        if key in seen:
            reason = f"Em này đã có ở dòng {seen[key]}. Nếu là hai em khác nhau, hãy ghi mã định danh của từng em."
            return row.source.error("code" if values["code"] else "full_name", reason)
        seen[key] = number
    return None


def _shown(value: Any) -> str:
    if isinstance(value, date):
        return date_short(value)
    return str(Gender(value).label) if value in Gender.values else str(value or "")
