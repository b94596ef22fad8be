"""What every peer must answer, and how counts become answers: the peers count, this file only words their counts.

An answer is `{(target, unit or None for the commune): (state, n, d, provisional n, lượt, unnamed, declared n,
declared d, (n, d) without the excluded)}`, with K4's lower tier as "K4 tier" and K6's window before as "K6 before".
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

STAFF = ("OFFICIAL", "WORKER", "MANAGER", "TEACHER", "SCHOOL_STAFF")
SCHOOLS = ("PRIMARY", "LOWER_SECONDARY", "PRIMARY_LOWER_SECONDARY")
ALL_SCHOOLS = ("PRESCHOOL", *SCHOOLS)
STAFFED = ("OFFICE", *ALL_SCHOOLS, "LEARNING_CENTRE", "UNION")
GROUPS = {"K1": STAFF, "K2": ("MANAGER", "TEACHER"), "K3": ("PUPIL",), "K4": ("HOUSEHOLD",), "K5": (), "K6": ()}
UNIT_KINDS = {
    "K1": STAFFED, "K2": SCHOOLS, "K3": SCHOOLS, "K4": ("VILLAGE",), "K5": ALL_SCHOOLS, "K6": ("VILLAGE",),
}  # fmt: skip
ALL_KINDS = ("COMMUNICATION", "TRAINING", "LESSON", "SUPPORT", "FESTIVAL", "ONLINE_COURSE")
KINDS = {
    "K1": ("COMMUNICATION", "TRAINING", "FESTIVAL", "ONLINE_COURSE"),
    "K2": (),
    "K3": ("TRAINING", "LESSON"),
    "K4": ("COMMUNICATION", "TRAINING", "SUPPORT", "FESTIVAL", "ONLINE_COURSE"),
    "K5": ("COMMUNICATION", "SUPPORT", "FESTIVAL"),
    "K6": ALL_KINDS,
}
WINDOW = 90
SKILLS = ("public_services", "online_shopping", "digital_payment", "self_protection", "other_platforms")

Answers = dict[tuple[str, int | None], Any]


@dataclass
class Counts:
    """What a peer counted. By target and unit (None: the commune, each subject once): d, n, provisional n, excluded,
    excluded n of the listed; lượt and unnamed heads by host; K4's reached, listed, provisionally reached.

    `said` holds (target, unit) where something was reported, be it a 0; `known` the units and groups with a list;
    `declared` of a unit and group: head-count or None, totals and waiting totals by target.
    """

    units: list[tuple[int, str]] = field(default_factory=list)
    listed: dict[tuple[str, int | None], tuple[int, int, int, int, int]] = field(default_factory=dict)
    declared: dict[tuple[int, str], tuple[int | None, dict[str, int], dict[str, int]]] = field(default_factory=dict)
    flows: dict[tuple[str, int], tuple[int, int]] = field(default_factory=dict)
    tiers: dict[int | None, tuple[int, int, int]] = field(default_factory=dict)
    said: set[tuple[str, int]] = field(default_factory=set)
    known: set[tuple[int, str]] = field(default_factory=set)
    before: int = 0

    def answers(self) -> Answers:
        found: Answers = {}
        for code in GROUPS:
            self._target(code, found)
        return (
            found | {("K4 tier", unit): tier for unit, tier in self.tiers.items()} | {("K6 before", None): self.before}
        )

    def _target(self, code: str, found: Answers) -> None:
        total: defaultdict[str, int] = defaultdict(int)
        attendances = unnamed = reported = 0
        lacks = False
        for unit, kind in self.units:
            lot, heads = self.flows.get((code, unit), (0, 0))
            if kind not in UNIT_KINDS[code]:
                found[code, unit] = ("not_applicable", None, None, None, lot, heads, 0, 0, None)
                continue
            row = self._unit(code, unit)
            found[code, unit] = self._words(row, lot, heads)
            if row["d"] is None:
                lacks = True
                continue
            reported |= row["reported"]
            for name in ("n", "d", "provisional", "declared_n", "declared_d", "listed_n", "listed_d", "listed_p"):
                total[name] += row[name]
        for (of, _), (lot, heads) in self.flows.items():
            if of == code:
                attendances, unnamed = attendances + lot, unnamed + heads
        d, n, waiting, excluded, excluded_n = self.listed.get((code, None), (0, 0, 0, 0, 0))
        row = {
            "n": total["n"] - total["listed_n"] + n,
            "d": total["d"] - total["listed_d"] + d,
            "provisional": total["provisional"] - total["listed_p"] + waiting,
            "declared_n": total["declared_n"],
            "declared_d": total["declared_d"],
            "excluded": excluded,
            "excluded_n": excluded_n,
            "reported": reported,
        }
        found[code, None] = (*self._words(row, attendances, unnamed), lacks)

    def _unit(self, code: str, unit: int) -> dict[str, Any]:
        d, n, waiting, excluded, excluded_n = self.listed.get((code, unit), (0, 0, 0, 0, 0))
        own = [self.declared[unit, group] for group in GROUPS[code] if (unit, group) in self.declared]
        declared_n = sum(totals.get(code, 0) for _, totals, _ in own)
        declared_d = sum(heads or 0 for heads, _, _ in own)
        is_known = d or own or any((unit, group) in self.known for group in GROUPS[code])
        has_d = is_known and all(heads is not None for heads, _, _ in own)
        said = (code, unit) in self.said or any(code in totals for _, totals, _ in own)
        return {
            "n": n + declared_n,
            "d": d + declared_d if has_d else None,
            "provisional": waiting + sum(waits.get(code, totals.get(code, 0)) for _, totals, waits in own),
            "declared_n": declared_n,
            "declared_d": declared_d,
            "excluded": excluded,
            "excluded_n": excluded_n,
            "reported": said or n + declared_n > 0,
            "listed_n": n,
            "listed_d": d,
            "listed_p": waiting,
        }

    def _words(self, row: dict[str, Any], attendances: int, unnamed: int) -> tuple[Any, ...]:
        n, d, reported = row["n"], row["d"], row["reported"]
        applies = d != 0 or n > 0
        state = "no_denominator" if d is None else "value" if reported else "not_reported"
        adjusted = None
        if row["excluded"] and state == "value":
            adjusted = n - row["excluded_n"], d - row["excluded"]
        return (
            state if applies else "not_applicable",
            n if applies and reported else None,
            d,
            row["provisional"] if applies and (reported or row["provisional"]) else None,
            attendances,
            unnamed,
            row["declared_n"],
            row["declared_d"],
            adjusted if applies else None,
        )


def answers_of(progress: Any) -> Answers:
    """The product's own figures as answers."""
    found: Answers = {}
    for target in progress.targets:
        code = target.rule.code
        found[code, None] = (*_cell(target.commune), target.is_partial)
        if target.second_tier:
            found["K4 tier", None] = _tier(target.second_tier)
        if target.previous_n is not None:
            found["K6 before", None] = target.previous_n
        for row in target.units:
            found[code, row.unit.id] = _cell(row.cell)
            if row.second_tier:
                found["K4 tier", row.unit.id] = _tier(row.second_tier)
    return found


def _tier(tier: Any) -> tuple[int, int, int]:
    return tier.n, tier.d, tier.provisional_n


def _cell(cell: Any) -> tuple[Any, ...]:
    adjusted = (cell.adjusted.n, cell.adjusted.d) if cell.adjusted else None
    return (
        cell.state.value, cell.n, cell.d, cell.provisional_n, cell.attendances, cell.unnamed, cell.declared_n,
        cell.declared_d, adjusted,
    )  # fmt: skip
