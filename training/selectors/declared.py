"""What the page of declared figures shows, in a fixed number of queries."""

from dataclasses import dataclass, field

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from campaigns.choices import Group, RecordStatus, Source
from campaigns.models import Campaign, FigureSource, Headcount, Unit
from hbs_portal.lib.dates import local_today
from training.criteria import CountedSet, counted_sets, sets_of_unit
from training.models import RunningTotal


@dataclass(frozen=True)
class GroupLine:
    """One group of a unit: where its figures come from today, the last declared head-count in force, and what is
    chosen for a day to come."""

    group: str
    source: str
    headcount: Headcount | None
    next_source: FigureSource | None = None

    @property
    def label(self) -> str:
        return Group(self.group).label

    @property
    def source_label(self) -> str:
        return Source(self.source).label

    @property
    def is_declared(self) -> bool:
        return self.source == Source.DECLARED


@dataclass(frozen=True)
class DeclaredFigures:
    """All declared numbers of one unit, newest first."""

    unit: Unit
    groups: list[GroupLine] = field(default_factory=list)
    headcounts: list[Headcount] = field(default_factory=list)
    totals: list[RunningTotal] = field(default_factory=list)


def units_with_declared(user: User) -> QuerySet[Unit]:
    """Units whose declared figures this person may open, with `headcount_count`, `total_count`, `waiting_count`,
    `source_count` (groups that stand on declared figures)."""
    commune_id = user.scope.commune_id
    units = Unit.objects.visible_to(user).open_on(local_today())
    if not user.scope.reads_commune:
        units = units.filter(pk__in=user.scope.unit_ids)
    waiting = Q(status=RecordStatus.SUBMITTED)
    stored = ~Q(status=RecordStatus.REPLACED)
    counts = _count_of(Headcount, commune_id, stored), _count_of(RunningTotal, commune_id, stored)
    waits = _count_of(Headcount, commune_id, waiting), _count_of(RunningTotal, commune_id, waiting)
    in_force = FigureSource.objects.filter(commune_id=commune_id).in_force(local_today())
    sources = _counted(in_force.filter(source=Source.DECLARED, unit=OuterRef("pk")))
    return units.annotate(
        headcount_count=counts[0], total_count=counts[1], waiting_count=waits[0] + waits[1], source_count=sources
    ).in_order()


def _count_of(model, commune_id: int | None, condition: Q | None = None) -> Coalesce:  # type: ignore[no-untyped-def]
    return _counted(model.objects.filter(condition or Q(), commune_id=commune_id, unit=OuterRef("pk")))


def _counted(rows: QuerySet) -> Coalesce:
    rows = rows.order_by()
    return Coalesce(Subquery(rows.values("unit").annotate(n=Count("pk")).values("n")), 0)


def declared_figures(*, unit: Unit, campaign: Campaign) -> DeclaredFigures:
    """The page's heavy query: four for the numbers and sources of one unit, two for whom the targets count."""
    mine = {"commune_id": unit.commune_id, "unit": unit}
    headcounts = list(
        Headcount.objects.current()
        .filter(**mine)
        .select_related("entered_by", "revision")
        .order_by("-effective_on", "-pk")
    )
    totals = RunningTotal.objects.current().filter(**mine, target__campaign=campaign)
    totals = totals.select_related("target", "entered_by", "revision")
    sources = list(FigureSource.objects.filter(**mine).order_by("effective_on", "chosen_on"))
    groups = declarable_groups(sets_of_unit(counted_sets(campaign), unit))
    lines = [_line(group, [row for row in sources if row.group == group], headcounts) for group in groups]
    return DeclaredFigures(unit, lines, headcounts, list(totals))


def source_history(*, unit: Unit, group: str) -> list[FigureSource]:
    """Every choice of the office for a unit and group, the one that holds last of all first."""
    rows = FigureSource.objects.filter(commune_id=unit.commune_id, unit=unit, group=group)
    return list(rows.order_by("-effective_on", "-chosen_on"))


def _line(group: str, sources: list[FigureSource], headcounts: list[Headcount]) -> GroupLine:
    """`sources` of the group in the order in which they take over from one another."""
    today = local_today()
    begun = [row.source for row in sources if row.effective_on <= today]
    to_come = [row for row in sources if row.effective_on > today]
    first = [row for row in to_come if row.effective_on == to_come[0].effective_on]
    source = begun[-1] if begun else Source.ROSTER
    return GroupLine(group, source, _in_force(headcounts, group), first[-1] if first else None)


def declarable_groups(sets: list[CountedSet]) -> list[str]:
    """Every group that some target counts, in the order of the glossary."""
    return sorted({group for counted in sets for group in counted.groups}, key=Group.values.index)


def _in_force(headcounts: list[Headcount], group: str) -> Headcount | None:
    """The approved number with the last day not after today (rules G1, G6)."""
    today = local_today()
    fits = (row for row in headcounts if row.group == group and row.is_official and row.effective_on <= today)
    return next(fits, None)
