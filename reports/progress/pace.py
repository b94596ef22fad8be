"""How fast a target is being reached, how fast it must be, and where that leads (rule H7).

A forecast is a range and never a verdict: the slowest and the fastest of recent weeks, drawn out to the campaign's end,
with those whom scheduled activities would newly reach. It ends at d, and is drawn only from what was reported.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from campaigns.choices import Qualifier
from reports.progress.engine import compute_progress
from reports.progress.explain import split
from reports.progress.facts import ActivityFact, Facts, TargetRule
from reports.progress.lookup import look_up
from reports.progress.months import first_days
from reports.progress.numbers import fraction_text, grouped, percent_text
from reports.progress.people import commune_roster
from reports.progress.results import Cell
from reports.progress.rosters import NOBODY

WEEK_DAYS = 7
SHORT_WEEKS, LONG_WEEKS = 4, 8


class DeclaredPoint(NamedTuple):
    """A declared running total and the day it speaks of."""

    on: date
    total: int


@dataclass(frozen=True, slots=True)
class Growth:
    """How a figure came about in time: the first days of the listed, and each declared series in the order of days."""

    days: Sequence[date] = ()
    series: Sequence[Sequence[DeclaredPoint]] = ()


class ScheduledFact(NamedTuple):
    """A draft of a day to come: whom it would reach, and whose activity it would be (host and co-hosts)."""

    activity_id: int
    kind: str
    unit_ids: frozenset[int]
    host_id: int
    person_ids: frozenset[int]


class Horizon(NamedTuple):
    """The campaign around the day of the figures."""

    starts_on: date
    as_of: date
    ends_on: date

    @property
    def days_left(self) -> int:
        return max(0, (self.ends_on - self.as_of).days)


class Window(NamedTuple):
    """Recent days, both included, and how many were newly reached in them."""

    first: date
    last: date
    gained: int

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def weekly(self) -> Decimal:
        """A week's share with one decimal, rounded down as every figure is (A2)."""
        return Decimal(self.gained * WEEK_DAYS * 10 // self.days).scaleb(-1)

    @property
    def weekly_text(self) -> str:
        """ "12" or "12,5"."""
        return grouped(self.weekly).removesuffix(",0")

    def drawn_out(self, days: int, *, round_up: bool) -> int:
        """How many more this pace gives in so many days; whole people. What shrinks is drawn out as standing still."""
        gain = max(0, self.gained) * days
        return -(-gain // self.days) if round_up else gain // self.days


class NeededPace(NamedTuple):
    """What the target still needs until the campaign's last day."""

    missing: int
    days_left: int

    @property
    def is_done(self) -> bool:
        return not self.missing

    @property
    def is_over(self) -> bool:
        """The last day has come: no pace can help any more."""
        return not self.is_done and not self.days_left

    @property
    def per_week(self) -> int | None:
        """Subjects a week, rounded up so that it suffices; None where nothing is to be done or no week is left."""
        if self.is_done or self.days_left < WEEK_DAYS:
            return None
        return -(-self.missing * WEEK_DAYS // self.days_left)


class Forecast(NamedTuple):
    """Where n will probably stand at the campaign's end; ``scheduled`` are those whom planned activities bring."""

    low: int
    high: int
    d: int
    low_percent: str
    high_percent: str
    scheduled: int

    @property
    def text(self) -> str:
        """ "2.750/3.000 (91,6%) đến 2.900/3.000 (96,6%)"; one figure where both ends are the same."""
        low = fraction_text(self.low, self.d, self.low_percent)
        return low if self.low == self.high else f"{low} đến {fraction_text(self.high, self.d, self.high_percent)}"


@dataclass(frozen=True, slots=True)
class Pace:
    """``windows``: the last four and the last eight weeks, as far as the campaign reaches back."""

    windows: tuple[Window, ...]
    needed: NeededPace | None
    forecast: Forecast | None


def needed_pace(rule: TargetRule, cell: Cell, horizon: Horizon) -> NeededPace | None:
    """What is still needed; None where no denominator tells (B3), or the rule looks at a moving window (K6)."""
    if cell.missing is None or rule.window_days is not None:
        return None
    return NeededPace(cell.missing, horizon.days_left)


def pace_of(rule: TargetRule, cell: Cell, growth: Growth, horizon: Horizon, scheduled: int = 0) -> Pace:
    """The pace of one figure, of a unit or of the commune.

    In: the figure, how it came about and how many the scheduled activities would newly reach. Out: no forecast where
    nothing was reported, d is unknown (B1, B3), n is above d (B4), the campaign is over or still too young for two
    windows, or the rule looks at a moving window (K6).
    """
    if rule.window_days is not None:
        return Pace((), None, None)
    short, long, before = _windows(growth, horizon)
    recent = [window for window in (short, before) if window is not None]
    return Pace(
        windows=tuple(window for window in (short, long) if window is not None),
        needed=needed_pace(rule, cell, horizon),
        forecast=_forecast(rule, cell, recent, horizon, scheduled),
    )


def _windows(growth: Growth, horizon: Horizon) -> tuple[Window | None, Window | None, Window | None]:
    """The last four weeks, the last eight, and the four before the last four."""
    four, eight = timedelta(weeks=SHORT_WEEKS), timedelta(weeks=LONG_WEEKS)
    end, day = horizon.as_of, timedelta(days=1)
    spans = ((end - four + day, end), (end - eight + day, end), (end - eight + day, end - four))
    short, long, before = (_window(growth, horizon, *span) for span in spans)
    return short, long if before else None, before


def _window(growth: Growth, horizon: Horizon, first: date, last: date) -> Window | None:
    """None where the campaign has not lasted a week of it."""
    first = max(first, horizon.starts_on)
    if (last - first).days + 1 < WEEK_DAYS:
        return None
    listed = sum(first <= day <= last for day in growth.days)
    declared = sum(_grown(points, horizon.starts_on, first, last) for points in growth.series)
    return Window(first, last, listed + declared)


def _grown(points: Sequence[DeclaredPoint], starts_on: date, first: date, last: date) -> int:
    """What a declared series gained from the first through the last day."""
    return _total_on(points, starts_on, last) - _total_on(points, starts_on, first - timedelta(days=1))


def _total_on(points: Sequence[DeclaredPoint], starts_on: date, day: date) -> int:
    """The total on a day: between two declared days it grows evenly, from 0 at the campaign's start; then it stands."""
    before = DeclaredPoint(starts_on - timedelta(days=1), 0)
    for point in points:
        if point.on > day:
            return before.total + _share(before, point, day)
        before = point
    return before.total


def _share(before: DeclaredPoint, after: DeclaredPoint, day: date) -> int:
    length = (after.on - before.on).days
    return (after.total - before.total) * max(0, (day - before.on).days) // length if length > 0 else 0


def _forecast(
    rule: TargetRule, cell: Cell, recent: Sequence[Window], horizon: Horizon, scheduled: int
) -> Forecast | None:
    n, d = cell.n, cell.d
    if not cell.has_value or cell.is_over or n is None or not d or len(recent) < 2 or not horizon.days_left:
        return None
    slowest = min(window.drawn_out(horizon.days_left, round_up=False) for window in recent)
    fastest = max(window.drawn_out(horizon.days_left, round_up=True) for window in recent)
    # The slow end does not add both: what is scheduled is part of what is going on anyway.
    low, high = min(d, n + max(slowest, scheduled)), min(d, n + fastest + scheduled)
    return Forecast(low, high, d, percent_text(low, d, rule), percent_text(high, d, rule), scheduled)


def qualifying_days(facts: Facts, rule: TargetRule, unit_id: int | None = None) -> list[date]:
    """The first qualifying days of those whom the figure of a unit (None: the commune) counts by list (C2).

    A unit that is itself counted (K5) qualifies on the day of the last activity that it still needed.
    """
    days = _unit_days(facts, rule) if rule.counts_units else first_days(facts, rule)
    if unit_id is None:
        return sorted(days.values())
    members = _members_by_unit(facts, rule).get(unit_id, NOBODY)
    return sorted(day for pk, day in days.items() if pk in members)


def new_between(facts: Facts, rule: TargetRule, first: date, last: date) -> dict[int | None, int]:
    """How many qualified for the first time from ``first`` through ``last``: by unit, and under None in the commune.

    By list only, as ``qualifying_days``; units and commune differ by who is in several units (C7).
    """
    days = _unit_days(facts, rule) if rule.counts_units else first_days(facts, rule)
    fresh = {pk for pk, day in days.items() if first <= day <= last}
    found: dict[int | None, int] = {None: len(fresh)}
    for pk, members in _members_by_unit(facts, rule).items():
        found[pk] = len(fresh & members)
    return found


def _members_by_unit(facts: Facts, rule: TargetRule) -> Mapping[int, AbstractSet[int]]:
    """Whom the figure of each unit counts; of a rule that counts units, each unit itself."""
    if rule.counts_units:
        return {unit.id: {unit.id} for unit in look_up(facts).applicable_units(rule)}
    return {row.unit.id: row.counted for row in split(facts, rule)}


def _missing(facts: Facts, rule: TargetRule, unit_id: int | None) -> AbstractSet[int]:
    lookup = look_up(facts)
    if unit_id is None:
        return commune_roster(rule, lookup) - lookup.official_of(rule)
    return next((row.missing for row in split(facts, rule) if row.unit.id == unit_id), NOBODY)


def _unit_days(facts: Facts, rule: TargetRule) -> dict[int, date]:
    lookup = look_up(facts)
    days: defaultdict[int, list[date]] = defaultdict(list)
    for row in facts.activities:
        if row.official and row.kind in rule.activity_kinds:
            for unit_id in lookup.credited(row):
                days[unit_id].append(row.on)
    enough = {pk: sorted(found)[rule.min_count - 1] for pk, found in days.items() if len(found) >= rule.min_count}
    return {unit.id: enough[unit.id] for unit in lookup.applicable_units(rule) if unit.id in enough}


def newly_scheduled(
    facts: Facts, rule: TargetRule, scheduled: Iterable[ScheduledFact], unit_id: int | None = None
) -> int:
    """How many the scheduled activities would newly reach in a unit (None: in the commune).

    People on the list of enough scheduled sessions of the target's kinds who do not count yet; sessions that they
    attended before are not added, so that it is rather too few. Units that would have enough activities (K5). What a
    confirmation or a check decides (K2, K4) no activity brings about.
    """
    plans = [plan for plan in scheduled if plan.kind in rule.activity_kinds]
    if rule.qualifier == Qualifier.ATTENDANCE:
        times = Counter(person_id for plan in plans for person_id in plan.person_ids)
        missing = _missing(facts, rule, unit_id)
        return sum(times[person_id] >= rule.min_sessions for person_id in missing & times.keys())
    if rule.qualifier == Qualifier.HOSTED_ACTIVITY and plans:
        return _units_brought(facts, rule, plans, unit_id)
    return 0


def _units_brought(facts: Facts, rule: TargetRule, plans: Sequence[ScheduledFact], unit_id: int | None) -> int:
    done = [*facts.activities, *_as_done(plans, facts.as_of)]
    now, then = _counts(facts, rule), _counts(replace(facts, activities=done), rule)
    return sum(then[pk] - now[pk] for pk in then if unit_id in (None, pk))


def _as_done(plans: Iterable[ScheduledFact], on: date) -> Iterator[ActivityFact]:
    return (ActivityFact(plan.activity_id, plan.kind, on, plan.unit_ids, plan.host_id) for plan in plans)


def _counts(facts: Facts, rule: TargetRule) -> Mapping[int, int]:
    units = compute_progress(replace(facts, rules=[rule])).target(rule.code).units
    return {row.unit.id: row.cell.n or 0 for row in units}
