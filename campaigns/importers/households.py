"""Households of one village: what the rows of their lists mean (by code, else by head, village and address)."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from campaigns.importers.kinds import KindPlan, Leaver, row_key
from campaigns.importers.layouts import HOUSEHOLD_LAYOUT
from campaigns.importers.likeness import normal_name
from campaigns.importers.other_units import OtherUnits
from campaigns.importers.steps import LEFT_LIST, OTHER_PERSON, Problem
from campaigns.models import Household, HouseholdMove, Unit
from hbs_portal.lib.importing import Candidate, Doubt, Outcome, OutcomeKind, ReadRow, RowError, SourceRow
from hbs_portal.lib.text import clean_code, date_short, fold, sort_key

LABELS = {
    "head_name": "Họ và tên chủ hộ",
    "code": "Mã hộ",
    "address": "Địa chỉ",
    "member_count": "Số nhân khẩu",
    "phone": "Điện thoại",
    "is_poor": "Hộ nghèo, cận nghèo",
}
SAME_HEAD = "Trùng tên chủ hộ, khác địa chỉ"


class HouseholdIndex:
    """The households that rows of a village's list may mean, loaded with one statement."""

    def __init__(self, village: Unit) -> None:
        self.village = village
        self.commune_id = village.commune_id or village.pk
        self.by_code: dict[str, Household] = {}
        self.by_head: dict[str, list[Household]] = defaultdict(list)
        self.here: list[Household] = []
        self.taken: set[int] = set()

    def load(self, codes: Collection[str]) -> None:
        """Load the households with these codes, and all of the village."""
        wanted = Q(village=self.village) | Q(code__in=codes) if codes else Q(village=self.village)
        rows = Household.objects.filter(wanted, commune_id=self.commune_id).select_related("village").order_by("pk")
        for household in rows:
            if household.code:
                self.by_code[household.code] = household
            if household.village_id == self.village.pk:
                self.here.append(household)
                self.by_head[normal_name(household.head_name)].append(household)

    def take(self, household: Household) -> None:
        self.taken.add(household.pk)

    def same(self, values: Mapping[str, Any]) -> Household | None:
        """The household of this code, else the one of this head at this address."""
        if known := self.by_code.get(values["code"]):
            return known
        same = [one for one in self._of_head(values) if fold(one.address) == fold(values["address"])]
        return same[0] if len(same) == 1 else None

    def same_head(self, values: Mapping[str, Any]) -> Household | None:
        """The only household of this head, where one of the two does not say the address."""
        free = [one for one in self._of_head(values) if one.pk not in self.taken]
        alone = len(free) == 1 and not (free[0].address and values["address"])
        return free[0] if alone else None

    def similar(self, values: Mapping[str, Any]) -> list[Household]:
        """Households of this head which no other row means."""
        return [one for one in self._of_head(values) if one.pk not in self.taken]

    def _of_head(self, values: Mapping[str, Any]) -> list[Household]:
        """Two codes tell two households of one head apart."""
        heads = self.by_head.get(normal_name(values["head_name"]), [])
        return [one for one in heads if not (one.code and values["code"] and one.code != values["code"])]


@dataclass(frozen=True)
class HouseholdStep:
    """What one row does: to which household (None: a new one), with which values."""

    household: Household | None
    values: Mapping[str, Any] = field(default_factory=dict)


class HouseholdPlan(KindPlan):
    """Households of `village`, new ones there from `effective_on`; `may_take_over`: also from other villages."""

    layout = HOUSEHOLD_LAYOUT

    def __init__(
        self, *, village: Unit, effective_on: date, may_take_over: bool, decisions: Mapping[str, int] | None = None
    ) -> None:
        super().__init__()
        self.village, self.effective_on, self.may_take_over = village, effective_on, may_take_over
        self.decisions = decisions or {}
        self.index = HouseholdIndex(village)
        self.other_units = OtherUnits(village)
        self.doubted: set[int] = set()
        self.has_rows = False

    def reason_to_leave_out(self, row: SourceRow) -> str | None:
        """Who is not present any more, and whose row names another village."""
        return super().reason_to_leave_out(row) or self.other_units.reason(row)

    def compare(self, rows: Sequence[ReadRow]) -> Iterator[Outcome | RowError | Doubt]:
        """One query for any number of rows; a row is an Outcome (`existing`: HouseholdStep), an error, or a Doubt."""
        self.has_rows = bool(rows)
        self.index.load({row.cleaned["code"] for row in rows if row.cleaned["code"]})
        found = self._find_all(rows)
        for row in rows:
            known = found[id(row)]
            yield known if isinstance(known, RowError) else self._result(row, known)

    def _find_all(self, rows: Sequence[ReadRow]) -> dict[int, Household | RowError | None]:
        seen: dict[Any, int] = {}
        found: dict[int, Household | RowError | None] = {}
        for row in rows:
            values = _values(row)
            key = values["code"] or (normal_name(values["head_name"]), fold(values["address"]))
            known = self.index.same(values)
            earlier = seen.setdefault(key, row.source.number)
            if known and earlier == row.source.number:
                earlier = seen.setdefault(known.pk, row.source.number)
            if earlier != row.source.number:
                reason = f"Hộ này đã có ở dòng {earlier}. Nếu là hai hộ khác nhau, hãy ghi mã hộ hoặc địa chỉ."
                found[id(row)] = row.source.error("code" if values["code"] else "full_name", reason)
                continue
            if known:
                self.index.take(known)
            found[id(row)] = known
        return found

    def _result(self, row: ReadRow, known: Household | None) -> Outcome | RowError | Doubt:
        try:
            if known is None:
                decided = self._decide(row)
                if isinstance(decided, Doubt):
                    return decided
                known = decided
            return self._outcome(row, known)
        except Problem as problem:
            return row.source.error(problem.column, problem.reason)

    def _decide(self, row: ReadRow) -> Household | Doubt | None:
        """What a person said about a row that may be a known household; a Doubt where nobody said it yet."""
        alike = self.index.similar(_values(row))
        decision = self.decisions.get(row_key(row.source))
        if not alike or decision == OTHER_PERSON:
            return None
        chosen = next((one for one in alike if one.pk == decision), None)
        if chosen:
            self.index.take(chosen)
            return chosen
        self.doubted |= {one.pk for one in alike}
        return Doubt(row, tuple(map(_candidate, alike)), SAME_HEAD)

    def _outcome(self, row: ReadRow, household: Household | None) -> Outcome:
        values = _values(row)
        if household is None:
            return Outcome(OutcomeKind.NEW, row, existing=HouseholdStep(None, values))
        changed = {
            name: value
            for name, value in values.items()
            if (value or (name == "is_poor" and name in row.source.data)) and value != getattr(household, name)
        }
        changes = {LABELS[name]: (_shown(getattr(household, name)), _shown(value)) for name, value in changed.items()}
        if household.village_id != self.village.pk:
            self._refuse_foreign(household)
            changed["village"] = self.village
            changes["Thôn"] = (str(household.village), str(self.village))
        if household.ends_on:
            changed |= {"ends_on": None, "end_reason": ""}
            changes["Có mặt lại"] = (f"đến {date_short(household.ends_on)}", "")
        step = HouseholdStep(household, changed)
        return Outcome(OutcomeKind.CHANGED if changes else OutcomeKind.UNCHANGED, row, changes, step)

    def _refuse_foreign(self, household: Household) -> None:
        if not self.may_take_over:
            raise Problem(
                "code",
                f"Mã hộ này đang ở {household.village}. Hãy báo Phòng Văn hóa - Xã hội để chuyển hộ về thôn.",
            )

    def leavers(self, wrong_rows: Sequence[SourceRow]) -> list[Leaver]:
        """Households of the village that no row means; asked after `compare`."""
        heads = {normal_name(str(row.data.get("full_name") or "")) for row in wrong_rows}
        codes = {clean_code(row.data.get("code")) for row in wrong_rows} - {""}
        gone = [
            one
            for one in self.index.here
            if not one.ends_on
            and one.starts_on <= self.effective_on
            and one.pk not in self.index.taken | self.doubted
            and normal_name(one.head_name) not in heads
            and one.code not in codes
        ]
        found = [Leaver(one.pk, one.head_name, one.address) for one in gone] if self.has_rows else []
        return sorted(found, key=lambda one: sort_key(one.name))

    def end(self, ids: Collection[int], last_day: date | None) -> int:
        """The chosen households are not in the village any more; without a day, from the day the list holds."""
        rows = []
        for household in (one for one in self.index.here if one.pk in ids):
            day = last_day or max(self.effective_on - timedelta(days=1), household.starts_on)
            if day < household.starts_on:
                since = date_short(household.starts_on)
                raise Problem("", f"Hộ {household} có từ {since}. Hãy chọn ngày thôi từ ngày đó trở đi.")
            rows.append((household, {"ends_on": day, "end_reason": LEFT_LIST}))
        self._change(rows)
        return len(rows)

    def write(self, outcomes: Sequence[Outcome]) -> None:
        """Two statements for any number of rows."""
        steps: list[HouseholdStep] = [outcome.existing for outcome in outcomes]
        made = [
            Household(
                commune_id=self.index.commune_id, village=self.village, starts_on=self.effective_on, **step.values
            )
            for step in steps
            if step.household is None
        ]
        for household in made:
            household.set_keys()
        self.writer.create(made)
        self._remember_moves([step.household for step in steps if step.household and "village" in step.values])
        self._change([(step.household, step.values) for step in steps if step.household])

    def _remember_moves(self, households: Sequence[Household]) -> None:
        """Until the day before, a household that comes from another village counts where it was (rule F2)."""
        until = self.effective_on - timedelta(days=1)
        self.writer.create(
            [
                HouseholdMove(commune_id=one.commune_id, household=one, from_village_id=one.village_id, until=until)
                for one in households
                if one.starts_on <= until
            ]
        )

    def _change(self, rows: Sequence[tuple[Household, Mapping[str, Any]]]) -> None:
        changed = []
        for household, values in rows:
            fields = (*LABELS, "village_id", "ends_on", "end_reason", "version")
            before = self.writer.remember(household, fields)
            for name, value in values.items():
                setattr(household, name, value)
            household.set_keys()
            household.version += 1
            changed.append((household, before))
        self.writer.change(changed, derived=("search_key", "sort_key"))


def _values(row: ReadRow) -> dict[str, Any]:
    return {"head_name": row.cleaned["full_name"]} | {name: row.cleaned[name] for name in LABELS if name != "head_name"}


def _candidate(household: Household) -> Candidate:
    parts = [household.head_name, f"mã {household.code}" if household.code else "", household.address]
    return Candidate(household.pk, ", ".join(part for part in parts if part))


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "Có" if value else "Không"
    return str(value or "")
