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
    """One group of a unit: where its figures come from, and the last declared head-count in force."""

    group: str
    source: str
    headcount: Headcount | None

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
    counts = _count_of(Headcount, commune_id), _count_of(RunningTotal, commune_id)
    waits = _count_of(Headcount, commune_id, waiting), _count_of(RunningTotal, commune_id, waiting)
    sources = _count_of(FigureSource, commune_id, Q(source=Source.DECLARED))
    return units.annotate(
        headcount_count=counts[0], total_count=counts[1], waiting_count=waits[0] + waits[1], source_count=sources
    ).in_order()


def _count_of(model, commune_id: int | None, condition: Q | None = None) -> Coalesce:  # type: ignore[no-untyped-def]
    rows = model.objects.filter(condition or Q(), commune_id=commune_id, unit=OuterRef("pk")).order_by()
    return Coalesce(Subquery(rows.values("unit").annotate(n=Count("pk")).values("n")), 0)


def declared_figures(*, unit: Unit, campaign: Campaign) -> DeclaredFigures:
    """The page's heavy query: four for the numbers and sources of one unit, two for whom the targets count."""
    mine = {"commune_id": unit.commune_id, "unit": unit}
    headcounts = list(Headcount.objects.filter(**mine).select_related("entered_by").order_by("-effective_on", "-pk"))
    totals = RunningTotal.objects.filter(**mine, target__campaign=campaign).select_related("target", "entered_by")
    sources = dict(FigureSource.objects.filter(**mine).values_list("group", "source"))
    groups = declarable_groups(sets_of_unit(counted_sets(campaign), unit))
    lines = [GroupLine(group, sources.get(group, Source.ROSTER), _in_force(headcounts, group)) for group in groups]
    return DeclaredFigures(unit, lines, headcounts, list(totals))


def declarable_groups(sets: list[CountedSet]) -> list[str]:
    """Every group that some target counts, in the order of the glossary."""
    return sorted({group for counted in sets for group in counted.groups}, key=Group.values.index)


def _in_force(headcounts: list[Headcount], group: str) -> Headcount | None:
    """The approved number with the last day not after today (rules G1, G6)."""
    today = local_today()
    fits = (row for row in headcounts if row.group == group and row.is_official and row.effective_on <= today)
    return next(fits, None)
