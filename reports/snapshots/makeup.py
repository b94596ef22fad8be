"""What every figure is made of: which subjects stand in n and in d, unit by unit and for the commune."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TypeAlias

from campaigns.choices import Qualifier
from reports.progress.facts import DeclaredFact, Pair, TargetRule, UnitFact
from reports.progress.lookup import Lookup, look_up
from reports.progress.people import people_of
from reports.progress.results import Cell, TargetProgress
from reports.progress.rosters import NOBODY
from reports.progress.states import CellState
from reports.snapshots.content import Content, CountedBy, DeclaredSource, EndedRecord, RecordKind, RecordSource

#: A unit, its subjects by number, and its declared figures by group.
_Share: TypeAlias = tuple[UnitFact, AbstractSet[int], Mapping[str, DeclaredFact]]


class SubjectKind(StrEnum):
    PERSON = "person"
    HOUSEHOLD = "household"
    UNIT = "unit"
    DECLARED = "declared"
    #: The figure as a whole, for what concerns no single subject.
    FIGURE = "figure"


@dataclass(frozen=True, slots=True)
class Part:
    """One unit's share: the subjects of D by number, and the declared figures of the groups that have no list."""

    unit: UnitFact
    subjects: AbstractSet[int]
    declared: Mapping[str, DeclaredFact]
    is_known: bool
    is_counted: bool


@dataclass(frozen=True)
class Makeup:
    """One target: its parts by unit; ``covered`` are the subjects that qualify by official records, in D or not."""

    content: Content
    code: str
    rule: TargetRule | None
    figure: TargetProgress | None
    parts: Mapping[int, Part]
    covered: AbstractSet[int]
    excluded: AbstractSet[int]

    @property
    def subject_kind(self) -> SubjectKind:
        if self.rule is None or self.rule.counts_people:
            return SubjectKind.PERSON
        return SubjectKind.UNIT if self.rule.counts_units else SubjectKind.HOUSEHOLD

    @cached_property
    def counted_parts(self) -> list[Part]:
        """The parts that make the commune's figure (B3)."""
        return [part for part in self.parts.values() if part.is_counted]

    @cached_property
    def commune(self) -> AbstractSet[int]:
        """The subjects of the commune's figure, each once (C7)."""
        return NOBODY.union(*(part.subjects for part in self.counted_parts))

    @cached_property
    def units_of(self) -> Mapping[int, Sequence[int]]:
        """The units that a subject belongs to in the counted set, whether the target counts there or not."""
        found: defaultdict[int, list[int]] = defaultdict(list)
        for subject_id, unit_id, _ in self._places():
            found[subject_id].append(unit_id)
        return found

    @cached_property
    def groups_of(self) -> Mapping[tuple[int, int], AbstractSet[str]]:
        """The groups in which a person belongs to a unit."""
        found: defaultdict[tuple[int, int], set[str]] = defaultdict(set)
        for subject_id, unit_id, group in self._places():
            found[subject_id, unit_id].add(group)
        return found

    def _places(self) -> Iterable[tuple[int, int, str]]:
        facts = self.content.facts
        if self.subject_kind == SubjectKind.PERSON:
            return facts.members.get(self.code, ())
        if self.subject_kind == SubjectKind.HOUSEHOLD:
            return ((row.household_id, row.unit_id, "HOUSEHOLD") for row in facts.households.get(self.code, ()))
        return ((unit.id, unit.id, "") for unit in facts.units)

    @cached_property
    def counted_by(self) -> Mapping[int, CountedBy]:
        return {row.subject_id: row for row in self.content.sources.counted if row.target_code == self.code}


@dataclass(frozen=True)
class Side:
    """A content with its look-ups; two of them are compared."""

    content: Content
    _makeups: dict[str, Makeup] = field(default_factory=dict)

    @cached_property
    def records(self) -> Mapping[tuple[RecordKind, int], RecordSource]:
        return {(row.kind, row.id): row for row in self.content.sources.records}

    @cached_property
    def ended(self) -> Mapping[tuple[RecordKind, int], EndedRecord]:
        return {(row.kind, row.id): row for row in self.content.sources.ended}

    @cached_property
    def units(self) -> Mapping[int, UnitFact]:
        return {unit.id: unit for unit in self.content.facts.units}

    @cached_property
    def merged_into(self) -> Mapping[int, int]:
        return {row.person_id: row.kept_id for row in self.content.sources.merged}

    @cached_property
    def split_from(self) -> Mapping[int, int]:
        return {row.household_id: row.split_from_id for row in self.content.sources.splits}

    @cached_property
    def declared(self) -> Mapping[tuple[int, str, str], DeclaredSource]:
        """The declared number in force, by unit, group and target ("" for head-counts)."""
        return {
            (row.unit_id, row.group, row.target_code): row
            for row in sorted(self.content.sources.declared, key=lambda row: row.day)
        }

    @cached_property
    def declared_pairs(self) -> AbstractSet[Pair]:
        return frozenset((row.unit_id, row.group) for row in self.content.facts.declared)

    @cached_property
    def lookup(self) -> Lookup:
        return look_up(self.content.facts)

    def makeup(self, code: str) -> Makeup:
        """What the figure of a target is made of; nothing, where the campaign had no such target."""
        if code not in self._makeups:
            self._makeups[code] = self._make(code)
        return self._makeups[code]

    def _make(self, code: str) -> Makeup:
        rule, figure = self.content.rule(code), self.content.progress.by_code.get(code)
        if rule is None or figure is None:
            return Makeup(self.content, code, None, None, {}, NOBODY, NOBODY)
        cells = {row.unit.id: row.cell for row in figure.units}
        some_known = any(_applies(cell) and cell.d is not None for cell in cells.values())
        parts, covered = self._unit_parts(rule, cells) if rule.counts_units else self._listed_parts(rule, cells)
        shares = {
            unit.id: Part(
                unit,
                subjects,
                declared,
                is_known=cells[unit.id].d is not None,
                is_counted=_applies(cells[unit.id]) and (cells[unit.id].d is not None or not some_known),
            )
            for unit, subjects, declared in parts
        }
        return Makeup(self.content, code, rule, figure, shares, covered, self.content.facts.excluded.get(code, NOBODY))

    def _listed_parts(self, rule: TargetRule, cells: Mapping[int, Cell]) -> tuple[list[_Share], AbstractSet[int]]:
        people = people_of(rule, self.lookup)
        shares: list[_Share] = [(row.unit, row.roster, {fact.group: fact for fact in row.declared}) for row in people]
        return shares, self.lookup.official_of(rule)

    def _unit_parts(self, rule: TargetRule, cells: Mapping[int, Cell]) -> tuple[list[_Share], AbstractSet[int]]:
        """Units stand for themselves (K5, K6)."""
        shares: list[_Share] = [
            (unit, frozenset({unit.id}), {})
            for unit in self.content.facts.units
            if unit.id in cells and _applies(cells[unit.id])
        ]
        return shares, frozenset(unit_id for unit_id, cell in cells.items() if cell.n)


def _applies(cell: Cell) -> bool:
    return cell.state != CellState.NOT_APPLICABLE


def is_team_target(rule: TargetRule) -> bool:
    """Whether the target counts villages by what their team did lately (K6)."""
    return rule.qualifier == Qualifier.TEAM_ACTIVITY
