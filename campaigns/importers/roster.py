"""What a list of people does to the roster of one unit; the same for pupils, staff and residents.

Rules C4, C5 (one person, dated memberships) and C9 (identity: nobody is merged silently).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, ClassVar

from campaigns.dependents import Ground, records_on
from campaigns.importers.finding import PeopleIndex, is_somebody_else
from campaigns.importers.kinds import KindPlan, Leaver, row_key
from campaigns.importers.likeness import normal_name
from campaigns.importers.other_units import OtherUnits
from campaigns.importers.steps import (
    LABELS,
    LEFT_LIST,
    MEMBERSHIP_FIELDS,
    OTHER_PERSON,
    Place,
    Problem,
    Step,
    group_words,
    recast,
    refuse_lost_zeros,
    shown,
    words_of,
    yes_no,
)
from campaigns.models import Membership, Person, Unit
from campaigns.services.people import CLASS_CHANGED, MOVED
from hbs_portal.lib.importing import Doubt, Outcome, OutcomeKind, ReadRow, RowError, SourceRow
from hbs_portal.lib.text import clean_code, date_short


class RosterPlan(KindPlan):
    """People of `unit`, present from `effective_on`; `may_take_over`: whether they may come from other units' lists.

    `decisions`: row_key of a row in doubt -> id of the person it is, or OTHER_PERSON.
    """

    groups: ClassVar[tuple[str, ...]]
    #: Groups to which nobody of this list can belong at the same time.
    excluded_groups: ClassVar[tuple[str, ...]] = ()
    noun: ClassVar[str] = "Người"
    unit_word: ClassVar[str] = "Đơn vị"
    excluded_sentence: ClassVar[str] = ""

    def __init__(
        self,
        *,
        unit: Unit,
        effective_on: date,
        may_take_over: bool,
        decisions: Mapping[str, int] | None = None,
    ) -> None:
        super().__init__()
        self.unit, self.effective_on, self.may_take_over = unit, effective_on, may_take_over
        self.decisions = decisions or {}
        self.commune_id = unit.commune_id or unit.pk
        self.index = PeopleIndex(unit=unit, groups=self.groups)
        self.other_units = OtherUnits(unit)
        self.taken: dict[int, int] = {}
        self.doubted: set[int] = set()
        self.places: list[Place] = []

    def place_of(self, row: ReadRow, here: Sequence[Membership]) -> Place:
        """Where the row says that the person belongs, who stands `here` on the list already."""
        raise NotImplementedError

    def reason_to_leave_out(self, row: SourceRow) -> str | None:
        """Who is not present any more, and whose row names another unit of the commune."""
        return super().reason_to_leave_out(row) or self.other_units.reason(row)

    # Comparing

    def compare(self, rows: Sequence[ReadRow]) -> Iterator[Outcome | RowError | Doubt]:
        """A fixed number of queries; a row is an Outcome (`existing`: Step), one RowError, or a Doubt."""
        self.index.load({row.cleaned["code"] for row in rows if row.cleaned["code"]})
        found = self._find_all(rows)
        self.index.load_elsewhere([row for row in rows if found[id(row)] is None])
        for row in rows:
            yield self._result(row, found[id(row)])

    def _find_all(self, rows: Sequence[ReadRow]) -> dict[int, Person | RowError | None]:
        """Whom each row means for sure; before anybody is doubted, all who are on the list by right are taken."""
        seen: dict[Any, int] = {}
        found: dict[int, Person | RowError | None] = {}
        for row in rows:
            try:
                self._refuse_repeated(row, seen)
                person = self._find(row.cleaned)
                if person:
                    self._take(person, row)
                found[id(row)] = person
            except Problem as problem:
                found[id(row)] = row.source.error(problem.column, problem.reason)
        return found

    def _find(self, values: Mapping[str, Any]) -> Person | None:
        """The person of a row: by code in the commune, else by name and birth date on the list of the unit."""
        if person := self.index.by_code.get(values["code"]):
            if is_somebody_else(person, values):
                raise Problem("code", "Mã này đang là của người khác họ tên và ngày sinh. Hãy kiểm tra lại mã.")
            return person
        same = self.index.same(values)
        return same[0] if len(same) == 1 else None

    def _take(self, person: Person, row: ReadRow) -> None:
        earlier = self.taken.setdefault(person.pk, row.source.number)
        if earlier != row.source.number:
            raise Problem("full_name", f"{self.noun} này đã có ở dòng {earlier}. Hãy xóa một trong hai dòng.")

    def _refuse_repeated(self, row: ReadRow, seen: dict[Any, int]) -> None:
        """The same person twice in one file: the same code, or the same name and birth date without codes."""
        values, number = row.cleaned, row.source.number
        refuse_lost_zeros(row)
        named = (normal_name(values["full_name"]), values["birth_date"])
        key = ("code", values["code"]) if values["code"] else ("named", *named)
        if key in seen:
            raise Problem(
                "code" if values["code"] else "full_name",
                f"{self.noun} này đã có ở dòng {seen[key]}. "
                f"Nếu là hai {self.noun.lower()} khác nhau, hãy ghi mã định danh của từng {self.noun.lower()}.",
            )
        seen[key] = number

    def _result(self, row: ReadRow, found: Person | RowError | None) -> Outcome | RowError | Doubt:
        if isinstance(found, RowError):
            return found
        try:
            if found is None:
                decided = self._decide(row)
                if isinstance(decided, Doubt):
                    return decided
                found = decided
            return self._outcome(row, found)
        except Problem as problem:
            return row.source.error(problem.column, problem.reason)

    def _decide(self, row: ReadRow) -> Person | Doubt | None:
        """What a person said about a row that may be somebody known; a Doubt where nobody said it yet."""
        alike = self.index.similar(row.cleaned, self.taken)
        decision = self.decisions.get(row_key(row.source))
        if not alike.people or decision == OTHER_PERSON:
            return None
        chosen = next((person for person in alike.people if person.pk == decision), None)
        if chosen:
            self._take(chosen, row)
            return chosen
        self.doubted |= {person.pk for person in alike.people}
        return Doubt(row, tuple(map(self.index.candidate, alike.people)), alike.why)

    def _outcome(self, row: ReadRow, person: Person | None) -> Outcome:
        step = self._step(row, person)
        self.places.append(step.place)
        if person is None:
            return Outcome(OutcomeKind.NEW, row, existing=step)
        changes = self._changes(step)
        return Outcome(OutcomeKind.CHANGED if changes else OutcomeKind.UNCHANGED, row, changes, step)

    def _step(self, row: ReadRow, person: Person | None) -> Step:
        if person is None:
            return Step(None, self.place_of(row, []), opens=True)
        values = {
            name: row.cleaned[name]
            for name in LABELS
            if row.cleaned[name] and row.cleaned[name] != getattr(person, name)
        }
        held = self.index.memberships[person.pk]
        if any(other.group in self.excluded_groups and other.ends_on is None for other in held):
            raise Problem("code" if row.cleaned["code"] else "full_name", self.excluded_sentence)
        mine = [one for one in held if one.group in self.groups]
        here = [one for one in mine if one.unit_id == self.unit.pk and one.ends_on is None]
        place = self.place_of(row, here)
        if here:
            now = next((one for one in here if one.group == place.group), here[-1])
            return self._stay(person, place, values, now)
        return self._arrive(person, place, values, mine)

    def _stay(self, person: Person, place: Place, values: dict[str, Any], now: Membership) -> Step:
        """On the list already: nothing, or another place from the effective day on."""
        if place.is_of(now):
            return Step(person, place, values)
        if self._is_correction(place, now):
            return Step(person, place, values, recast=now)
        if now.starts_on > self.effective_on:
            since, where = date_short(now.starts_on), words_of(now)
            raise Problem("class_name", f"{self.noun} ở {where} từ {since}. Hãy chọn ngày có mặt từ ngày đó.")
        return Step(person, place, values, ends=now, opens=True)

    def _is_correction(self, place: Place, now: Membership) -> bool:
        """What holds from the same day on is mended in place; who is the head of a household is no new chapter."""
        same = (place.group, place.class_name) == (now.group, now.class_name)
        household_id = place.household.pk if place.household else now.household_id
        return now.starts_on == self.effective_on or (same and now.household_id in (None, household_id))

    def _arrive(self, person: Person, place: Place, values: dict[str, Any], held: list[Membership]) -> Step:
        """Not on the list now: comes back, or comes from another unit of the commune (the person stays one)."""
        last = max(held, key=lambda one: (one.ends_on or date.max, one.starts_on), default=None)
        if last is None or (last.ends_on and last.ends_on < self.effective_on):
            return Step(person, place, values, opens=True)
        if last.unit_id == self.unit.pk:
            until = date_short(last.ends_on or self.effective_on)
            raise Problem(
                "full_name", f"{self.noun} đã thôi {self.left_words} sau {until}. Hãy chọn ngày có mặt sau ngày đó."
            )
        if not self.may_take_over:
            raise Problem("full_name", f"{self.noun} {self.present_words} {last.unit}. {self.ask_office}")
        if last.ends_on or last.starts_on >= self.effective_on:
            since = date_short(last.ends_on or last.starts_on)
            raise Problem(
                "full_name", f"{self.noun} còn thuộc {last.unit} ngày {since}. Hãy chọn ngày có mặt sau ngày đó."
            )
        return Step(person, place, values, ends=last, opens=True)

    left_words: ClassVar[str] = "thuộc đơn vị"
    present_words: ClassVar[str] = "đang thuộc"
    ask_office: ClassVar[str] = "Hãy báo Phòng Văn hóa - Xã hội để chuyển người về đơn vị."

    def _changes(self, step: Step) -> dict[str, tuple[str, str]]:
        changes = {LABELS[name]: (shown(getattr(step.person, name)), shown(step.values[name])) for name in step.values}
        if previous := step.recast or step.ends:
            changes |= self._changes_of_place(previous, step.place)
        elif step.opens:
            where = f", {self.class_words(step.place)}" if self.class_words(step.place) else ""
            changes["Có mặt lại"] = ("", f"từ {date_short(self.effective_on)}{where}")
        return changes

    def class_words(self, place: Place) -> str:
        return f"lớp {place.class_name}" if place.class_name else ""

    def _changes_of_place(self, previous: Membership, place: Place) -> dict[str, tuple[str, str]]:
        changes = {}
        if previous.unit_id != self.unit.pk:
            changes[self.unit_word] = (str(previous.unit), str(self.unit))
        if previous.class_name != place.class_name:
            changes["Lớp"] = (previous.class_name, place.class_name)
        if previous.group != place.group:
            changes["Nhóm"] = (previous.get_group_display(), group_words(place.group))
        if place.household and place.household.pk != previous.household_id:
            changes["Hộ"] = (str(previous.household or ""), str(place.household))
        if place.is_head != previous.is_head:
            changes["Chủ hộ"] = (yes_no(previous.is_head), yes_no(place.is_head))
        return changes

    # Leavers

    def leavers(self, wrong_rows: Sequence[SourceRow]) -> list[Leaver]:
        """Who is on the list now and not in the file; asked after `compare`. A file of one class speaks for it alone.

        Whoever stands in a wrong row, or may be somebody in doubt, is no leaver.
        """
        classes = {place.class_name for place in self.places}
        names = {normal_name(str(row.data.get("full_name") or "")) for row in wrong_rows}
        codes = {clean_code(row.data.get("code")) for row in wrong_rows} - {""}
        found = []
        for person_id, person in self.index.people.items():
            gone = [one for one in self.index.memberships[person_id] if self._is_missing(one, classes)]
            named = normal_name(person.full_name) in names or person.code in codes
            if gone and not named and person_id not in self.taken and person_id not in self.doubted:
                found.append(Leaver(person_id, person.full_name, gone[0].class_name or gone[0].get_group_display()))
        return sorted(found, key=lambda one: (one.place, self.index.people[one.pk].sort_key))

    def _is_missing(self, membership: Membership, classes: Collection[str]) -> bool:
        """Whether the file should have named this membership."""
        if membership.unit_id != self.unit.pk or membership.group not in self.groups or membership.ends_on:
            return False
        in_scope = len(classes) > 1 or membership.class_name in classes
        return in_scope and membership.starts_on <= self.effective_on and bool(classes)

    def end(self, ids: Collection[int], last_day: date | None) -> int:
        """End the memberships of the chosen leavers; without a day, the day before the list holds."""
        self._refuse_recorded(ids, last_day or self.effective_on - timedelta(days=1))
        changed = []
        for person_id in sorted(ids):
            for membership in self._current(person_id):
                day = last_day or max(self.effective_on - timedelta(days=1), membership.starts_on)
                if day < membership.starts_on:
                    name, since = self.index.people[person_id].full_name, date_short(membership.starts_on)
                    raise Problem("", f"{name} vào đơn vị từ {since}. Hãy chọn ngày thôi từ ngày đó trở đi.")
                before = self.writer.remember(membership, ("ends_on", "end_reason"))
                membership.ends_on, membership.end_reason = day, LEFT_LIST
                changed.append((membership, before))
        self.writer.change(changed)
        self._raise_versions([self.index.people[person_id] for person_id in sorted(ids)])
        return len(ids)

    def _refuse_recorded(self, ids: Collection[int], last_day: date) -> None:
        """Who took part in something afterwards was still there: it would count nowhere any more."""
        found = records_on(Ground(self.commune_id, person_ids=ids, since=last_day + timedelta(days=1)))
        if found:
            raise Problem(
                "",
                f"Người được đánh dấu rời danh sách còn được ghi nhận sau ngày {date_short(last_day)}: {found[0]}. "
                "Hãy chọn ngày cuối cùng có mặt muộn hơn.",
            )

    def _current(self, person_id: int) -> list[Membership]:
        rows = self.index.memberships[person_id]
        return [row for row in rows if row.unit_id == self.unit.pk and row.group in self.groups and not row.ends_on]

    def _raise_versions(self, people: Iterable[Person]) -> None:
        """An open form of somebody whose membership changed is out of date."""
        changed = []
        for person in people:
            before = self.writer.remember(person, ("version",))
            person.version += 1
            changed.append((person, before))
        self.writer.change(changed)

    # Writing

    def write(self, outcomes: Sequence[Outcome]) -> None:
        """A fixed number of statements for any number of rows (each in batches where the database limits them)."""
        steps: list[Step] = [outcome.existing for outcome in outcomes]
        new = [self._new_person(outcome) for outcome in outcomes if outcome.existing.person is None]
        self.writer.create(new)
        fresh = iter(new)
        people = [step.person or next(fresh) for step in steps]
        self._update_people([step for step in steps if step.person])
        self._update_memberships(steps)
        self.writer.create(
            [self._new_membership(person, step) for person, step in zip(people, steps, strict=True) if step.opens]
        )

    def _new_person(self, outcome: Outcome) -> Person:
        values = {name: outcome.row.cleaned[name] for name in LABELS}
        person = Person(commune_id=self.commune_id, **values)
        person.set_keys()
        return person

    def _new_membership(self, person: Person, step: Step) -> Membership:
        return Membership(
            commune_id=self.commune_id,
            person_id=person.pk,
            unit_id=self.unit.pk,
            group=step.place.group,
            class_name=step.place.class_name,
            household_id=step.place.household.pk if step.place.household else None,
            is_head=step.place.is_head,
            starts_on=self.effective_on,
        )

    def _update_people(self, steps: list[Step]) -> None:
        """Also raises the version of everybody whose membership changes: an open form of theirs is out of date."""
        changed = []
        for step in steps:
            person = step.person
            assert person is not None  # noqa: S101  # the caller leaves new people out
            before = self.writer.remember(person, (*LABELS, "version"))
            for name, value in step.values.items():
                setattr(person, name, value)
            person.set_keys()
            person.version += 1
            changed.append((person, before))
        self.writer.change(changed, derived=("search_key", "sort_key"))

    def _update_memberships(self, steps: list[Step]) -> None:
        """Old memberships end before new ones are opened: a person has one open membership of a unit and group."""
        changed = []
        for step in steps:
            membership = step.ends or step.recast
            if membership is None:
                continue
            before = self.writer.remember(membership, MEMBERSHIP_FIELDS)
            if step.ends:
                membership.ends_on = self.effective_on - timedelta(days=1)
                membership.end_reason = CLASS_CHANGED if membership.unit_id == self.unit.pk else MOVED
            else:
                recast(membership, step.place)
            changed.append((membership, before))
        self.writer.change(changed)
