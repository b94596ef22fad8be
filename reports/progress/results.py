"""What the engine answers: a cell per unit and target, and one for the commune."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from reports.progress.facts import ProgressError, TargetRule, UnitFact
from reports.progress.numbers import fraction_text, grouped, percent_text
from reports.progress.states import CellState, Verdict


@dataclass(frozen=True, slots=True)
class Adjusted:
    """The same figure without the people who are excluded by approved records (C8); shown beside it, never instead.

    ``excluded`` counts the members of D who are left out, of n and of d alike.
    """

    excluded: int
    n: int
    d: int
    percent: str | None
    verdict: Verdict
    missing: int

    @property
    def text(self) -> str:
        """ "45/49 (91,8%) (đã loại trừ 1)"."""
        return f"{fraction_text(self.n, self.d, self.percent)} (đã loại trừ {grouped(self.excluded)})"


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure. ``percent`` is text as shown; ``missing`` counts subjects; ``attendances`` are lượt, not people.

    ``provisional_*`` include what waits for approval (H1). ``possible_max`` is the far end of the range that unnamed
    heads leave open (D1), for people only. ``declared_*`` is the part of n and d that was declared, not listed.
    """

    state: CellState
    n: int | None = None
    d: int | None = None
    percent: str | None = None
    verdict: Verdict = Verdict.NONE
    missing: int | None = None
    provisional_n: int | None = None
    provisional_percent: str | None = None
    attendances: int = 0
    unnamed: int = 0
    possible_max: int | None = None
    declared_n: int = 0
    declared_d: int = 0
    is_over: bool = False
    adjusted: Adjusted | None = None

    def as_json(self) -> dict[str, str | int | None]:
        """The nine keys that ``manage.py progress`` prints."""
        return {
            "state": self.state.value,
            "n": self.n,
            "d": self.d,
            "percent": self.percent,
            "verdict": self.verdict.value,
            "missing": self.missing,
            "provisional_n": self.provisional_n,
            "attendances": self.attendances,
            "unnamed": self.unnamed,
        }

    @property
    def has_value(self) -> bool:
        return self.state == CellState.VALUE

    @property
    def waiting(self) -> int:
        """How many more there would be if all that waits were approved."""
        return max(0, (self.provisional_n or 0) - (self.n or 0))

    @property
    def text(self) -> str:
        """The figure as people read it: "46/50 (92,0%)", a word for a state, "12 (chưa có mẫu số)"."""
        if self.has_value and self.n is not None and self.d is not None:
            return fraction_text(self.n, self.d, self.percent)
        if self.n is not None:
            return f"{grouped(self.n)} ({self.state.label.lower()})"
        return self.state.label

    @property
    def warning(self) -> str:
        """What blocks the approval of this figure (B4), or nothing."""
        return f"{self.percent or self.text} – tử số vượt mẫu số" if self.is_over else ""


@dataclass(frozen=True, slots=True)
class Tier:
    """A second, lower tier that is shown beside the target and never judged (E2)."""

    n: int
    d: int
    provisional_n: int

    @property
    def percent(self) -> str | None:
        return percent_text(self.n, self.d) if self.d else None

    @property
    def text(self) -> str:
        return fraction_text(self.n, self.d, self.percent)


@dataclass(frozen=True, slots=True)
class UnitCell:
    unit: UnitFact
    cell: Cell
    second_tier: Tier | None = None


@dataclass(frozen=True, slots=True)
class TargetProgress:
    """One target: the commune's cell and a cell for every unit that is open at the as-of date or counts for a target.

    All targets of one reading list the same units in the same order (C6 keeps closed units where a past day counts).

    ``overlap_*``: people counted in more than one unit, so that units minus overlap is the commune (C7).
    ``units_*`` count applicable units only (B2). ``activities``: official ones that serve the target, joint ones once
    (F3, H8). ``previous_n``: the units that an EACH_UNIT rule with a window found in the window before (K6).
    """

    rule: TargetRule
    commune: Cell
    units: tuple[UnitCell, ...]
    overlap_n: int
    overlap_d: int
    units_applicable: int
    units_with_denominator: int
    units_reported: int
    activities: int
    second_tier: Tier | None = None
    previous_n: int | None = None

    @property
    def is_partial(self) -> bool:
        """Whether some unit that should count has no denominator yet (B3)."""
        return self.units_with_denominator < self.units_applicable

    @property
    def partial_note(self) -> str:
        """ "11/12 đơn vị có mẫu số" for a partial figure (B3), else nothing."""
        if not self.is_partial:
            return ""
        return f"{self.units_with_denominator}/{self.units_applicable} đơn vị có mẫu số"

    def cell_of(self, unit_id: int) -> Cell | None:
        """The cell of a unit, None where the unit is neither open at the as-of date nor counted."""
        return next((row.cell for row in self.units if row.unit.id == unit_id), None)


@dataclass(frozen=True, slots=True)
class Progress:
    """One reading of the campaign with its two clocks (G5); ``activities_total`` counts each activity once (H8)."""

    as_of: date
    approved_by: date
    targets: tuple[TargetProgress, ...]
    activities_total: int

    def target(self, code: str) -> TargetProgress:
        """The target of this code; raises ProgressError when the campaign has none."""
        try:
            return self.by_code[code]
        except KeyError:
            raise ProgressError(f"Chiến dịch không có chỉ tiêu {code}.") from None

    @property
    def by_code(self) -> Mapping[str, TargetProgress]:
        return {target.rule.code: target for target in self.targets}
