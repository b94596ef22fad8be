"""The records behind the figures, by number, for a snapshot: a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.db.models import BooleanField, Case, CharField, F, Model, QuerySet, Value, When
from django.db.models.functions import Cast

from campaigns.choices import Qualifier, RecordStatus
from campaigns.models import Campaign, Exclusion, Headcount, Household, Membership, Person
from reports.progress.facts import ActivityFact, Facts, TargetRule
from reports.progress.flows import in_window
from reports.progress.lookup import Lookup, look_up
from reports.selectors.clocks import Clocks
from reports.selectors.facts import Reading
from reports.selectors.households import PASSED
from reports.selectors.sessions import count_named, load_sessions
from reports.snapshots.content import (
    CountedBy,
    DeclaredSource,
    EndedRecord,
    ExclusionSource,
    MergedPerson,
    RecordKind,
    RecordSource,
    Sources,
    SplitHousehold,
)
from training.models import Activity, Attendance, HouseholdCheck, PlatformUse, RunningTotal

#: Kind of record -> its model, its day, its unit, its title, and how it belongs to the campaign.
SHAPES: Mapping[RecordKind, tuple[type[Model], str, str, str, str]] = {
    RecordKind.ACTIVITY: (Activity, "ends_on", "host_id", "title", "campaign"),
    RecordKind.PLATFORM_USE: (PlatformUse, "confirmed_on", "unit_id", "", "campaign"),
    RecordKind.HOUSEHOLD_CHECK: (HouseholdCheck, "checked_on", "household__village_id", "", "campaign"),
    RecordKind.HEADCOUNT: (Headcount, "effective_on", "unit_id", "", ""),
    RecordKind.RUNNING_TOTAL: (RunningTotal, "as_of", "unit_id", "", "target__campaign"),
    RecordKind.EXCLUSION: (Exclusion, "starts_on", "unit_id", "", "campaign"),
}
RECORD_COLUMNS = ("what", "pk", "version", "on", "approved_on", "where", "name", "replaces_id")
ENDED_COLUMNS = ("what", "pk", "ended_on", "is_replaced")


def load_sources(reading: Reading) -> Sources:
    """Everything that `reading` stands on; what was drawn from it is not read again."""
    campaign, clocks = reading.campaign, reading.clocks
    return Sources(
        records=_records(campaign, clocks),
        ended=_ended(campaign, clocks),
        counted=list(_counted(reading)),
        declared=_declared(campaign, clocks),
        exclusions=_exclusions(campaign, clocks),
        merged=_merged(campaign),
        splits=_splits(campaign),
        sessions=load_sessions(campaign, clocks),
        named=count_named(campaign, clocks),
    )


def _of_campaign(kind: RecordKind, campaign: Campaign, clocks: Clocks) -> QuerySet[Any]:
    model, day, _, _, plan = SHAPES[kind]
    rows = model._default_manager.filter(commune_id=campaign.commune_id, **{f"{day}__lte": clocks.as_of})
    return (rows.filter(**{plan: campaign}) if plan else rows).order_by()


def _text(value: str) -> Cast:
    return Cast(Value(value), CharField())


def _records(campaign: Campaign, clocks: Clocks) -> list[RecordSource]:
    parts = [_record_part(kind, campaign, clocks) for kind in SHAPES]
    rows = parts[0].union(*parts[1:], all=True)
    return [RecordSource(RecordKind(kind), *row) for kind, *row in rows]


def _record_part(kind: RecordKind, campaign: Campaign, clocks: Clocks) -> QuerySet[Any]:
    _, day, unit, title, _ = SHAPES[kind]
    rows = _of_campaign(kind, campaign, clocks).filter(clocks.official())
    named = rows.annotate(what=_text(kind), on=F(day), where=F(unit), name=F(title) if title else _text(""))
    return named.values_list(*RECORD_COLUMNS)


def _ended(campaign: Campaign, clocks: Clocks) -> list[EndedRecord]:
    parts = [_ended_part(kind, campaign, clocks) for kind in SHAPES]
    rows = parts[0].union(*parts[1:], all=True)
    return [EndedRecord(RecordKind(kind), pk, on, bool(is_replaced)) for kind, pk, on, is_replaced in rows]


def _ended_part(kind: RecordKind, campaign: Campaign, clocks: Clocks) -> QuerySet[Any]:
    replaced = Case(
        When(status=RecordStatus.REPLACED, then=Value(True)), default=Value(False), output_field=BooleanField()
    )
    rows = _of_campaign(kind, campaign, clocks).filter(
        approved_on__lte=clocks.approved_by, ended_on__lte=clocks.approved_by
    )
    return rows.annotate(what=_text(kind), is_replaced=replaced).values_list(*ENDED_COLUMNS)


def _counted(reading: Reading) -> Iterator[CountedBy]:
    """By which records everybody counts, in D or not, target by target."""
    rules = {
        qualifier: [rule for rule in reading.facts.rules if rule.qualifier == qualifier] for qualifier in Qualifier
    }
    if rules[Qualifier.ATTENDANCE]:
        yield from _by_sessions(reading, rules[Qualifier.ATTENDANCE])
    if rules[Qualifier.PLATFORM_USE]:
        yield from _by_platform_uses(reading, rules[Qualifier.PLATFORM_USE])
    if rules[Qualifier.HOUSEHOLD_CHECK]:
        yield from _by_checks(reading, rules[Qualifier.HOUSEHOLD_CHECK])
    lookup = look_up(reading.facts)
    for rule in reading.facts.rules:
        if rule.counts_units:
            yield from _by_activities(rule, lookup)


def _by_sessions(reading: Reading, rules: list[TargetRule]) -> Iterator[CountedBy]:
    """The first sessions that suffice (C2, C3), in the order of their days, then of their entry."""
    taken: dict[str, defaultdict[int, list[int]]] = {rule.code: defaultdict(list) for rule in rules}
    for person_id, activity_id, kind, on in _sessions(reading, rules):
        for rule in rules:
            found = taken[rule.code][person_id] if kind in rule.activity_kinds else None
            if found is not None and len(found) < rule.min_sessions:
                found.append(activity_id)
                if len(found) == rule.min_sessions:
                    yield CountedBy(rule.code, person_id, RecordKind.ACTIVITY, tuple(found), on)


def _sessions(reading: Reading, rules: list[TargetRule]) -> QuerySet[Any]:
    commune_id = reading.campaign.commune_id
    rows = Attendance.objects.filter(
        reading.clocks.official("activity__"),
        commune_id=commune_id,
        person__isnull=False,
        activity__commune_id=commune_id,
        activity__campaign=reading.campaign,
        activity__kind__in=sorted(frozenset().union(*(rule.activity_kinds for rule in rules))),
        activity__ends_on__lte=reading.clocks.as_of,
    )
    rows = rows.order_by("activity__ends_on", "pk")
    return rows.values_list("person_id", "activity_id", "activity__kind", "activity__ends_on")


def _by_platform_uses(reading: Reading, rules: list[TargetRule]) -> Iterator[CountedBy]:
    rows = _of_campaign(RecordKind.PLATFORM_USE, reading.campaign, reading.clocks).filter(reading.clocks.official())
    for person_id, pk, on in rows.values_list("person_id", "pk", "confirmed_on"):
        for rule in rules:
            yield CountedBy(rule.code, person_id, RecordKind.PLATFORM_USE, (pk,), on)


def _by_checks(reading: Reading, rules: list[TargetRule]) -> Iterator[CountedBy]:
    """The first check that was passed: the household's own, or of a member who lives in it since it split off (E3)."""
    homes = _new_homes(reading)
    first: dict[int, tuple[int, date]] = {}
    rows = _of_campaign(RecordKind.HOUSEHOLD_CHECK, reading.campaign, reading.clocks).filter(
        reading.clocks.official(), PASSED
    )
    for pk, household_id, member_id, on in rows.order_by("checked_on", "pk").values_list(
        "pk", "household_id", "member_id", "checked_on"
    ):
        for home in (household_id, *homes.get(member_id, ())):
            first.setdefault(home, (pk, on))
    for household_id, (pk, on) in first.items():
        for rule in rules:
            yield CountedBy(rule.code, household_id, RecordKind.HOUSEHOLD_CHECK, (pk,), on)


def _new_homes(reading: Reading) -> Mapping[int | None, list[int]]:
    """Person -> the households that split off and in which they live on the as-of date."""
    rows = Membership.objects.filter(commune_id=reading.campaign.commune_id, household__split_from__isnull=False).on(
        reading.clocks.as_of
    )
    homes: defaultdict[int | None, list[int]] = defaultdict(list)
    for person_id, household_id in rows.values_list("person_id", "household_id"):
        homes[person_id].append(household_id)
    return homes


def _by_activities(rule: TargetRule, lookup: Lookup) -> Iterator[CountedBy]:
    """The units' first activities that suffice (K5, K6; a merged unit lives on what its predecessors did, F2)."""
    done: defaultdict[int, list[ActivityFact]] = defaultdict(list)
    for activity in sorted(lookup.facts.activities, key=lambda row: (row.on, row.id)):
        if activity.official and activity.kind in rule.activity_kinds:
            for unit_id in _credited(rule, activity, lookup):
                done[unit_id].append(activity)
    for unit_id, rows in done.items():
        if len(rows) >= rule.min_count:
            first = rows[: rule.min_count]
            ids = tuple(row.id for row in first)
            yield CountedBy(rule.code, unit_id, RecordKind.ACTIVITY, ids, first[-1].on)


def _credited(rule: TargetRule, activity: ActivityFact, lookup: Lookup) -> Iterable[int]:
    if rule.qualifier == Qualifier.HOSTED_ACTIVITY:
        return lookup.credited(activity)
    return _team_villages(activity, lookup.facts) if in_window(rule, activity.on, lookup.facts.as_of) else ()


def _team_villages(activity: ActivityFact, facts: Facts) -> list[int]:
    return [team.unit_id for team in facts.teams if team.id == activity.team_id and team.is_active(facts.as_of)]


def _declared(campaign: Campaign, clocks: Clocks) -> list[DeclaredSource]:
    parts = (
        _declared_part(RecordKind.HEADCOUNT, campaign, clocks, code=_text(""), number="count"),
        _declared_part(RecordKind.RUNNING_TOTAL, campaign, clocks, code=F("target__code"), number="value"),
    )
    return [DeclaredSource(RecordKind(kind), *row) for kind, *row in parts[0].union(*parts[1:], all=True)]


def _declared_part(kind: RecordKind, campaign: Campaign, clocks: Clocks, *, code: Any, number: str) -> QuerySet[Any]:
    rows = _of_campaign(kind, campaign, clocks).filter(clocks.official())
    columns = {"what": _text(kind), "who": F("group"), "code": code, "day": F(SHAPES[kind][1]), "number": F(number)}
    return rows.annotate(**columns).values_list("what", "pk", "unit_id", "who", "code", "day", "number")


def _exclusions(campaign: Campaign, clocks: Clocks) -> list[ExclusionSource]:
    rows = _of_campaign(RecordKind.EXCLUSION, campaign, clocks).filter(clocks.official())
    columns = ("pk", "person_id", "target__code", "reason", "starts_on", "ends_on")
    found = rows.values_list(*columns)
    return [ExclusionSource(pk, person_id, code or "", *values) for pk, person_id, code, *values in found]


def _merged(campaign: Campaign) -> list[MergedPerson]:
    rows = Person.objects.filter(commune_id=campaign.commune_id, merged_into__isnull=False).order_by()
    return [MergedPerson(*row) for row in rows.values_list("pk", "merged_into_id")]


def _splits(campaign: Campaign) -> list[SplitHousehold]:
    rows = Household.objects.filter(commune_id=campaign.commune_id, split_from__isnull=False).order_by()
    return [SplitHousehold(*row) for row in rows.values_list("pk", "split_from_id")]
