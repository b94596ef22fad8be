"""Why a figure differs: the kinds of reasons, and one reason with what it adds to n and d."""

from dataclasses import dataclass
from enum import StrEnum

from reports.snapshots.content import RecordKind
from reports.snapshots.makeup import SubjectKind


class ReasonKind(StrEnum):
    """What happened between two readings, in the order in which people are told."""

    JOINED = "joined"
    LEFT = "left"
    MOVED_IN = "moved_in"
    MOVED_OUT = "moved_out"
    GROUP_CHANGED = "group_changed"
    SPLIT_OFF = "split_off"
    MERGED = "merged"
    NEWLY_COVERED = "newly_covered"
    REVISED = "revised"
    NAMED_LATER = "named_later"
    WITHDRAWN = "withdrawn"
    UNDONE = "undone"
    NAME_REMOVED = "name_removed"
    BEYOND_CLOCKS = "beyond_clocks"
    WINDOW_MOVED = "window_moved"
    TEAM_FOUNDED = "team_founded"
    TEAM_DISSOLVED = "team_dissolved"
    INHERITED = "inherited"
    UNIT_OPENED = "unit_opened"
    UNIT_CLOSED = "unit_closed"
    UNITS_MERGED = "units_merged"
    SOURCE_SWITCHED = "source_switched"
    DENOMINATOR_KNOWN = "denominator_known"
    DENOMINATOR_LOST = "denominator_lost"
    DECLARED_NEW = "declared_new"
    DECLARED_CORRECTED = "declared_corrected"
    EXCLUDED = "excluded"
    EXCLUSION_ENDED = "exclusion_ended"
    RULE_CHANGED = "rule_changed"
    NO_LONGER = "no_longer"
    OFFICIAL = "official"
    WAITING = "waiting"
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True, slots=True)
class Reason:
    """One cause in one figure: what it adds to n and to d.

    ``other_unit_id`` is where somebody came from or went, ``other_id`` the subject it is about besides (the entry kept
    in a merger, the household that was split). ``is_adjustment``: it concerns a day that the older reading already
    covered ("điều chỉnh kỳ trước", G8). ``before`` and ``after`` are declared numbers.
    """

    kind: ReasonKind
    subject_kind: SubjectKind
    subject_id: int = 0
    dn: int = 0
    dd: int = 0
    group: str = ""
    unit_id: int | None = None
    other_unit_id: int | None = None
    other_id: int | None = None
    record: tuple[RecordKind, int] | None = None
    is_adjustment: bool = False
    before: int | None = None
    after: int | None = None
