"""What was decided by unit, group or person: sources and declared figures (G1-G6), exclusions (C8). One query."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Case, CharField, DateField, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce

from campaigns.choices import Source
from campaigns.models import Campaign, Exclusion, FigureSource, Headcount
from reports.progress.facts import DeclaredFact, Pair, TargetRule
from reports.selectors.clocks import Clocks, flag
from reports.selectors.people import span_of
from reports.selectors.raw import day_of, part_of, union_rows
from training.models import RunningTotal

SOURCE, HEADS, TOTAL, EXCLUDED = "source", "heads", "total", "excluded"
COLUMNS = ("what", "subject", "who", "code", "day", "known_on", "number", "official", "provisional")
NO_DAY = Cast(Value(None), DateField())


class DecisionRow(NamedTuple):
    """`subject` is the unit, of an exclusion the person; `number` of a source is 1 for "khai báo"."""

    what: str
    subject: int
    group: str
    target_code: str
    day: date
    known_on: date | None
    number: int
    official: bool
    provisional: bool


class Decisions(NamedTuple):
    """The declared series of units and groups, and who is left out, by target code."""

    declared: list[DeclaredFact]
    excluded: dict[str, set[int]]


def load_decisions(campaign: Campaign, rules: Sequence[TargetRule], clocks: Clocks) -> Decisions:
    """The declared figures of the units and groups that declare, and the exclusions of each target that counts people.

    An exclusion counts where it is in force on the day on which people are counted (C6, C8).
    """
    days = {rule.code: span_of(rule, campaign, clocks)[1] for rule in rules if rule.counts_people}
    rows: dict[str, list[DecisionRow]] = defaultdict(list)
    for row in _rows(campaign, clocks, sorted(set(days.values()))):
        rows[row.what].append(row)
    return Decisions(_declared(rows), _excluded(rows[EXCLUDED], days))


def _declared(rows: Mapping[str, Sequence[DecisionRow]]) -> list[DeclaredFact]:
    heads, totals = _by_pair(rows[HEADS]), _by_pair(rows[TOTAL])
    return [_fact(pair, heads[pair], totals[pair]) for pair in sorted(_declaring(rows[SOURCE]))]


def _declaring(sources: Iterable[DecisionRow]) -> set[Pair]:
    """The units and groups whose last choice says "khai báo"; of two from one day the later one (G5, G6)."""
    chosen = {(row.subject, row.group): row.number for row in sorted(sources, key=lambda row: (row.day, row.known_on))}
    return {pair for pair, declares in chosen.items() if declares}


def _by_pair(rows: Iterable[DecisionRow]) -> Mapping[Pair, list[DecisionRow]]:
    found: dict[Pair, list[DecisionRow]] = defaultdict(list)
    for row in rows:
        found[row.subject, row.group].append(row)
    return found


def _fact(pair: Pair, heads: Iterable[DecisionRow], totals: Sequence[DecisionRow]) -> DeclaredFact:
    return DeclaredFact(
        *pair,
        d=latest(row for row in heads if row.official).get(""),
        official=latest(row for row in totals if row.official),
        provisional=latest(row for row in totals if row.provisional),
    )


def latest(rows: Iterable[DecisionRow]) -> Mapping[str, int]:
    """Of dated numbers the last one of each target (rule G1: 100, 180, 260 -> 260); head-counts have the target ""."""
    newest: dict[str, DecisionRow] = {}
    for row in rows:
        known = newest.get(row.target_code)
        if known is None or row.day > known.day:
            newest[row.target_code] = row
    return {code: row.number for code, row in newest.items()}


def _excluded(rows: Iterable[DecisionRow], days: Mapping[str, date]) -> dict[str, set[int]]:
    """An exclusion without a target holds for all; `day` is the counted day on which it was found in force."""
    excluded: dict[str, set[int]] = {code: set() for code in days}
    for row in rows:
        for code in [row.target_code] if row.target_code else days:
            if days.get(code) == row.day:
                excluded[code].add(row.subject)
    return excluded


def _rows(campaign: Campaign, clocks: Clocks, counted_days: Iterable[date]) -> Iterator[DecisionRow]:
    parts = [*_declared_parts(campaign, clocks), *(_exclusions(campaign, clocks, day) for day in counted_days)]
    for what, subject, group, code, day, known_on, number, official, provisional in union_rows(map(part_of, parts)):
        days = day_of(day) or date.max, day_of(known_on)
        yield DecisionRow(what, subject, group, code, *days, number, bool(official), bool(provisional))


def _declared_parts(campaign: Campaign, clocks: Clocks) -> Iterator[QuerySet]:
    sources = FigureSource.objects.filter(
        commune_id=campaign.commune_id, effective_on__lte=clocks.as_of, chosen_on__lte=clocks.approved_by
    )
    declares = Case(When(source=Source.DECLARED, then=Value(1)), default=Value(0), output_field=IntegerField())
    yield _columns(sources, SOURCE, day=F("effective_on"), known_on=F("chosen_on"), number=declares)
    heads = Headcount.objects.filter(
        clocks.official(of=Headcount), commune_id=campaign.commune_id, effective_on__lte=clocks.as_of
    )
    yield _columns(heads, HEADS, day=F("effective_on"), number=F("count"), official=clocks.official(of=Headcount))
    totals = RunningTotal.objects.filter(
        clocks.relevant(of=RunningTotal),
        commune_id=campaign.commune_id,
        target__campaign=campaign,
        as_of__lte=clocks.as_of,
    )
    yield _columns(
        totals,
        TOTAL,
        code=F("target__code"),
        day=F("as_of"),
        number=F("value"),
        official=clocks.official(of=RunningTotal),
        provisional=clocks.counted(of=RunningTotal),
    )


def _exclusions(campaign: Campaign, clocks: Clocks, day: date) -> QuerySet:
    """The official exclusions in force on that day."""
    rows = Exclusion.objects.filter(
        clocks.official(of=Exclusion),
        Q(ends_on__isnull=True) | Q(ends_on__gte=day),
        commune_id=campaign.commune_id,
        campaign=campaign,
        starts_on__lte=day,
    )
    code = Coalesce(F("target__code"), Value(""))
    return _columns(rows, EXCLUDED, subject=F("person_id"), who=_text(""), code=code, day=Cast(Value(day), DateField()))


def _columns(
    queryset: QuerySet, what: str, *, official: Q | None = None, provisional: Q | None = None, **columns: Any
) -> QuerySet:
    """The nine columns in one shape, whatever the table."""
    usual = {
        "what": _text(what),
        "subject": F("unit_id"),
        "who": F("group"),
        "code": _text(""),
        "known_on": NO_DAY,
        "number": Cast(Value(0), IntegerField()),
        "official": flag(official),
        "provisional": flag(provisional),
    }
    return queryset.order_by().annotate(**usual | columns).values_list(*COLUMNS)


def _text(word: str) -> Cast:
    return Cast(Value(word), CharField())
