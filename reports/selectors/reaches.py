"""Who was reached on which day: one query for all targets that count people, written by hand where rows are many."""

from collections.abc import Iterable, Iterator, Sequence

from django.db.models import CharField, DateField, F, Min, QuerySet, Value, Window
from django.db.models.functions import Cast, RowNumber

from campaigns.choices import Qualifier
from campaigns.models import Campaign, Membership
from reports.progress.facts import ReachFact, TargetRule
from reports.selectors.activities import session_days
from reports.selectors.clocks import Clocks
from reports.selectors.raw import Sql, day_of, part_of, sql_of, union_rows
from training.models import Activity, Attendance, PlatformUse

COLUMNS = ("code", "subject", "official_on", "provisional_on")
NO_DAY = Cast(Value(None), DateField())
# The days of the few sessions are worked out once, then joined: asked of each attendance they cost twice as much.
# Sessions and people are those of one commune, so that the attendances are; to name it a third time makes PostgreSQL
# expect one row and go through them one by one. The plus keeps SQLite from looking up every person in every session.
FIRST_SESSION = """SELECT * FROM (
WITH session (activity_id, official_on, provisional_on) AS MATERIALIZED ({sessions})
SELECT %s AS code, t.person_id, MIN(session.official_on), MIN(session.provisional_on)
FROM session CROSS JOIN training_attendance t
WHERE t.activity_id = session.activity_id AND +t.person_id IN ({people}) GROUP BY t.person_id) AS part"""


def load_reaches(campaign: Campaign, rules: Sequence[TargetRule], clocks: Clocks) -> list[ReachFact]:
    """The first qualifying day, official and provisional (rules C1-C3, H1), by target of everybody who ever belonged to
    one of its groups."""
    rows = union_rows(part for rule in rules if rule.counts_people for part in _reaches_of(campaign, rule, clocks))
    facts = (ReachFact(code, person, day_of(official), day_of(waiting)) for code, person, official, waiting in rows)
    return list(facts) if all(rule.min_sessions == 1 for rule in rules) else _merged(facts)


def _reaches_of(campaign: Campaign, rule: TargetRule, clocks: Clocks) -> Iterator[Sql]:
    if rule.qualifier == Qualifier.PLATFORM_USE:
        yield part_of(_platform_uses(campaign, rule, clocks))
    elif rule.groups and rule.activity_kinds and rule.min_sessions == 1:
        yield _first_session(campaign, rule, clocks)
    elif rule.groups and rule.activity_kinds:
        sessions = _sessions(campaign, rule, clocks)
        official, counted = clocks.official("activity__", of=Activity), clocks.counted("activity__", of=Activity)
        yield part_of(_nth_session(sessions.filter(official), rule, official_on=F("activity__ends_on")))
        yield part_of(_nth_session(sessions.filter(counted), rule, provisional_on=F("activity__ends_on")))


def _first_session(campaign: Campaign, rule: TargetRule, clocks: Clocks) -> Sql:
    """One row a person: the first official day and the first that counts provisionally, either may be none."""
    session_sql, session_values = session_days(campaign, clocks, kinds=rule.activity_kinds)
    people_sql, people_values = sql_of(_members(campaign, rule))
    sql = FIRST_SESSION.format(sessions=session_sql, people=people_sql)
    return sql, (*session_values, rule.code, *people_values)


def _members(campaign: Campaign, rule: TargetRule) -> QuerySet:
    """Whoever ever belonged to one of the target's groups: nobody else is in its counted set (B5)."""
    members = Membership.objects.filter(commune_id=campaign.commune_id, group__in=sorted(rule.groups))
    return members.order_by().values_list("person_id")


def _sessions(campaign: Campaign, rule: TargetRule, clocks: Clocks) -> QuerySet:
    return Attendance.objects.filter(
        clocks.relevant("activity__", of=Activity),
        commune_id=campaign.commune_id,
        person__in=_members(campaign, rule),
        activity__commune_id=campaign.commune_id,
        activity__campaign=campaign,
        activity__kind__in=sorted(rule.activity_kinds),
        activity__ends_on__lte=clocks.as_of,
    ).order_by()


def _nth_session(
    sessions: QuerySet, rule: TargetRule, official_on: F | Cast = NO_DAY, provisional_on: F | Cast = NO_DAY
) -> QuerySet:
    """The day of the last session that was still needed, for a rule that asks for several."""
    place = Window(RowNumber(), partition_by=F("person_id"), order_by=[F("activity__ends_on"), F("pk")])
    numbered = sessions.annotate(place=place).filter(place=rule.min_sessions).values("pk")
    needed = Attendance.objects.filter(pk__in=numbered).order_by().annotate(code=_code(rule), subject=F("person_id"))
    return needed.annotate(official_on=official_on, provisional_on=provisional_on).values_list(*COLUMNS)


def _platform_uses(campaign: Campaign, rule: TargetRule, clocks: Clocks) -> QuerySet:
    uses = PlatformUse.objects.filter(
        clocks.relevant(of=PlatformUse),
        commune_id=campaign.commune_id,
        campaign=campaign,
        confirmed_on__lte=clocks.as_of,
    )
    return (
        uses.order_by()
        .annotate(code=_code(rule), subject=F("person_id"))
        .values("code", "subject")
        .annotate(
            official_on=Min("confirmed_on", filter=clocks.official(of=PlatformUse)),
            provisional_on=Min("confirmed_on", filter=clocks.counted(of=PlatformUse)),
        )
        .values_list(*COLUMNS)
    )


def _code(rule: TargetRule) -> Cast:
    return Cast(Value(rule.code), CharField())


def _merged(facts: Iterable[ReachFact]) -> list[ReachFact]:
    """One fact a person and target where official and provisional days came as rows of their own."""
    found: dict[tuple[str, int], ReachFact] = {}
    for row in facts:
        key = (row.target_code, row.person_id)
        known = found.get(key, row)
        found[key] = ReachFact(*key, known.official_on or row.official_on, known.provisional_on or row.provisional_on)
    return list(found.values())
