"""The activities of a reading as rows of a paper, from the facts and the records behind them alone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from campaigns.choices import ActivityKind, Group
from reports.progress.facts import ActivityFact, AudienceFact
from reports.progress.lookup import unnamed_heads
from reports.snapshots.content import Content, RecordKind, RecordSource, SessionSource


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """What was done, when, by whom, and how many were there.

    Named and unnamed, people and households are never added together (D1, E1); elderly and disadvantaged people and
    volunteers are head-counts of their own.
    """

    id: int
    title: str
    starts_on: date
    ends_on: date
    kind: str
    host_id: int
    host: str
    co_hosts: tuple[str, ...]
    unit_ids: frozenset[int]
    topics: tuple[str, ...]
    photos: int
    documents: int
    people: int
    unnamed: int
    households: int
    unnamed_households: int
    elderly: int
    disadvantaged: int
    volunteers: int

    @property
    def kind_label(self) -> str:
        return str(ActivityKind(self.kind).label)


def activity_rows(content: Content) -> list[ActivityRow]:
    """The official activities in the order of their days, a joint one once (rule F3)."""
    units = {unit.id: place for place, unit in enumerate(content.facts.units)}
    names = {unit.id: unit.name for unit in content.facts.units}
    sessions = {row.activity_id: row for row in content.sources.sessions}
    records = {row.id: row for row in content.sources.records if row.kind == RecordKind.ACTIVITY}
    audiences: dict[int, list[AudienceFact]] = defaultdict(list)
    for audience in content.facts.audiences:
        audiences[audience.activity_id].append(audience)
    rows = [
        _row(fact, records.get(fact.id), sessions.get(fact.id), audiences[fact.id], _Units(names, units))
        for fact in content.facts.activities
        if fact.official
    ]
    return sorted(rows, key=lambda row: (row.starts_on, row.ends_on, row.id))


@dataclass(frozen=True, slots=True)
class _Units:
    names: Mapping[int, str]
    places: Mapping[int, int]

    def name(self, unit_id: int) -> str:
        return self.names.get(unit_id, f"Đơn vị số {unit_id}")

    def co_hosts(self, fact: ActivityFact) -> tuple[str, ...]:
        others = fact.unit_ids - {fact.host_id}
        return tuple(self.name(pk) for pk in sorted(others, key=lambda pk: (self.places.get(pk, len(self.places)), pk)))


def _row(
    fact: ActivityFact,
    record: RecordSource | None,
    session: SessionSource | None,
    audience: Iterable[AudienceFact],
    units: _Units,
) -> ActivityRow:
    told = session or SessionSource(fact.id, fact.on)
    rows = list(audience)
    people = [row for row in rows if row.group != Group.HOUSEHOLD]
    households = [row for row in rows if row.group == Group.HOUSEHOLD]
    return ActivityRow(
        id=fact.id,
        title=record.title if record else f"Hoạt động số {fact.id}",
        starts_on=told.starts_on,
        ends_on=fact.on,
        kind=fact.kind,
        host_id=fact.host_id,
        host=units.name(fact.host_id),
        co_hosts=units.co_hosts(fact),
        unit_ids=fact.unit_ids,
        topics=told.topics,
        photos=told.photos,
        documents=told.documents,
        people=sum(row.named for row in people),
        unnamed=sum(map(unnamed_heads, people)),
        households=sum(row.named for row in households),
        unnamed_households=sum(map(unnamed_heads, households)),
        elderly=told.elderly,
        disadvantaged=told.disadvantaged,
        volunteers=told.volunteers,
    )
