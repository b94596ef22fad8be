"""Who belongs to the counted sets, and who was reached on which day: two queries for all targets that count people."""

from collections.abc import Sequence
from datetime import date
from functools import reduce
from typing import NamedTuple

from django.db.models import Case, CharField, DateField, F, Min, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

from campaigns.choices import DenominatorPolicy, Qualifier
from campaigns.models import Campaign, Membership, Target
from reports.progress.facts import MemberFact, ReachFact, TargetRule
from reports.selectors.clocks import Clocks
from training.models import Attendance, PlatformUse

COLUMNS = ("code", "subject", "official_on", "provisional_on")
NO_DAY = Value(None, output_field=DateField())


class MembershipRow(NamedTuple):
    person_id: int
    unit_id: int
    group: str
    starts_on: date
    ends_on: date | None

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


def load_memberships(campaign: Campaign, targets: Sequence[Target], clocks: Clocks) -> list[MembershipRow]:
    """Everybody who belonged to a unit between the campaign's start (or a fixed day before it) and the as-of date."""
    first = min([campaign.starts_on, *(target.fixed_on for target in targets if target.fixed_on)])
    rows = Membership.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=first), commune_id=campaign.commune_id, starts_on__lte=clocks.as_of
    )
    return [MembershipRow(*row) for row in rows.values_list("person_id", "unit_id", "group", "starts_on", "ends_on")]


def members_by_target(
    rows: Sequence[MembershipRow], targets: Sequence[Target], clocks: Clocks
) -> dict[str, list[MemberFact]]:
    """The counted set of each target under its denominator policy (rule C6); equal policies share one list."""
    shared: dict[date | None, list[MemberFact]] = {}
    members = {}
    for target in targets:
        day = counted_on(target, clocks)
        if day not in shared:
            shared[day] = [MemberFact(*row[:3]) for row in rows if day is None or row.holds_on(day)]
        members[target.code] = shared[day]
    return members


def counted_on(target: Target, clocks: Clocks) -> date | None:
    """The day on which membership is asked for; None where any day of the year will do."""
    if target.denominator_policy == DenominatorPolicy.EVER:
        return None
    return target.fixed_on if target.denominator_policy == DenominatorPolicy.FIXED else clocks.as_of


def load_reaches(campaign: Campaign, rules: Sequence[TargetRule], clocks: Clocks) -> list[ReachFact]:
    """The first qualifying day of every person and target, official and provisional (rules C1-C3, H1)."""
    parts = [part for rule in rules if rule.counts_people for part in _reaches_of(campaign, rule, clocks)]
    if not parts:
        return []
    rows = reduce(lambda left, right: left.union(right, all=True), parts)
    if all(rule.min_sessions == 1 for rule in rules):
        return [ReachFact(*row) for row in rows]
    return _merged(rows)


def _reaches_of(campaign: Campaign, rule: TargetRule, clocks: Clocks) -> list[QuerySet]:
    if rule.qualifier == Qualifier.PLATFORM_USE:
        return [_platform_uses(campaign, rule, clocks)]
    sessions = _sessions(campaign, rule, clocks)
    if rule.min_sessions == 1:
        return [_first_session(sessions, rule, clocks)]
    official = _nth_session(sessions.filter(clocks.official("activity__")), rule, F("activity__ends_on"))
    return [_nth_session(sessions, rule, NO_DAY), official]


def _sessions(campaign: Campaign, rule: TargetRule, clocks: Clocks) -> QuerySet:
    return Attendance.objects.filter(
        clocks.counted("activity__"),
        commune_id=campaign.commune_id,
        person__isnull=False,
        activity__commune_id=campaign.commune_id,
        activity__campaign=campaign,
        activity__kind__in=sorted(rule.activity_kinds),
        activity__ends_on__lte=clocks.as_of,
    ).order_by()


def _first_session(sessions: QuerySet, rule: TargetRule, clocks: Clocks) -> QuerySet:
    """One row a person: the first official day (or none) and the first day of any kind."""
    return (
        sessions.annotate(code=_code(rule), subject=F("person_id"))
        .values("code", "subject")
        .annotate(
            official_on=Min("activity__ends_on", filter=clocks.official("activity__")),
            provisional_on=Min("activity__ends_on"),
        )
        .values_list(*COLUMNS)
    )


def _nth_session(sessions: QuerySet, rule: TargetRule, official_on: F | Value) -> QuerySet:
    """The day of the last session that was still needed, for a rule that asks for several."""
    place = Window(RowNumber(), partition_by=F("person_id"), order_by=[F("activity__ends_on"), F("pk")])
    numbered = sessions.annotate(place=place).filter(place=rule.min_sessions).values("pk")
    needed = Attendance.objects.filter(pk__in=numbered).order_by().annotate(code=_code(rule), subject=F("person_id"))
    return needed.annotate(official_on=official_on, provisional_on=F("activity__ends_on")).values_list(*COLUMNS)


def _platform_uses(campaign: Campaign, rule: TargetRule, clocks: Clocks) -> QuerySet:
    uses = PlatformUse.objects.filter(
        clocks.counted(), commune_id=campaign.commune_id, campaign=campaign, confirmed_on__lte=clocks.as_of
    )
    official_on = Case(When(clocks.official(), then=F("confirmed_on")), default=NO_DAY, output_field=DateField())
    dated = uses.order_by().annotate(code=_code(rule), subject=F("person_id"), official_on=official_on)
    return dated.annotate(provisional_on=F("confirmed_on")).values_list(*COLUMNS)


def _code(rule: TargetRule) -> Value:
    return Value(rule.code, output_field=CharField())


def _merged(rows: QuerySet) -> list[ReachFact]:
    """One fact a person and target where official and provisional days came as rows of their own."""
    facts: dict[tuple[str, int], ReachFact] = {}
    for row in map(ReachFact._make, rows):
        key = (row.target_code, row.person_id)
        known = facts.get(key, row)
        facts[key] = ReachFact(
            *key, known.official_on or row.official_on, min(known.provisional_on, row.provisional_on)
        )
    return list(facts.values())
