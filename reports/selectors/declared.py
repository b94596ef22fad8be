"""Declared figures of the units and groups whose source is "khai báo": one query."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from django.db.models import CharField, DateField, F, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast

from campaigns.choices import Source
from campaigns.models import Campaign, FigureSource, Headcount
from reports.progress.facts import DeclaredFact, Pair
from reports.selectors.clocks import Clocks, flag
from training.models import RunningTotal

SOURCE, HEADS, TOTAL = "source", "heads", "total"
COLUMNS = ("what", "unit_id", "who", "code", "day", "number", "official")


class DeclaredRow(NamedTuple):
    what: str
    unit_id: int
    group: str
    target_code: str
    day: date | None
    number: int
    official: bool


def load_declared(campaign: Campaign, clocks: Clocks) -> list[DeclaredFact]:
    """One fact for each unit and group that declares: the latest head-count and running totals by the as-of date."""
    rows = [DeclaredRow(*row) for row in _rows(campaign, clocks)]
    pairs = {(row.unit_id, row.group) for row in rows if row.what == SOURCE}
    figures: dict[Pair, list[DeclaredRow]] = defaultdict(list)
    for row in rows:
        if (row.unit_id, row.group) in pairs and row.what != SOURCE:
            figures[row.unit_id, row.group].append(row)
    return [_fact(pair, figures[pair]) for pair in sorted(pairs)]


def _fact(pair: Pair, rows: list[DeclaredRow]) -> DeclaredFact:
    heads = latest(row for row in rows if row.what == HEADS and row.official)
    totals = [row for row in rows if row.what == TOTAL]
    return DeclaredFact(*pair, heads.get(""), latest(row for row in totals if row.official), latest(totals))


def latest(rows: Iterable[DeclaredRow]) -> Mapping[str, int]:
    """Of dated numbers the last one of each target (rule G1: 100, 180, 260 -> 260); head-counts have the target ""."""
    newest: dict[str, DeclaredRow] = {}
    for row in rows:
        known = newest.get(row.target_code)
        if known is None or (row.day or date.min) > (known.day or date.min):
            newest[row.target_code] = row
    return {code: row.number for code, row in newest.items()}


def _rows(campaign: Campaign, clocks: Clocks) -> QuerySet:
    sources = FigureSource.objects.filter(commune_id=campaign.commune_id, source=Source.DECLARED)
    heads = Headcount.objects.filter(clocks.counted(), commune_id=campaign.commune_id, effective_on__lte=clocks.as_of)
    totals = RunningTotal.objects.filter(
        clocks.counted(), commune_id=campaign.commune_id, target__campaign=campaign, as_of__lte=clocks.as_of
    )
    return _columns(sources, SOURCE, day=None, number=None, official=None).union(
        _columns(heads, HEADS, day="effective_on", number="count", official=clocks.official()),
        _columns(totals, TOTAL, day="as_of", number="value", official=clocks.official(), code="target__code"),
        all=True,
    )


def _columns(
    queryset: QuerySet, what: str, *, day: str | None, number: str | None, official: Q | None, code: str | None = None
) -> QuerySet:
    """The seven columns in one shape, whatever the table."""
    columns = {
        "what": Cast(Value(what), CharField()),
        "code": F(code) if code else Cast(Value(""), CharField()),
        "day": F(day) if day else Cast(Value(None), DateField()),
        "number": F(number) if number else Cast(Value(0), IntegerField()),
        "official": flag(official),
        "who": F("group"),
    }
    return queryset.order_by().annotate(**columns).values_list(*COLUMNS)
