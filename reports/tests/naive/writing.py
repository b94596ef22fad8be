"""Rows of any number of communes, written together."""

from collections import defaultdict

from django.db.models import Model

from accounts.models import User
from campaigns.models import (
    Campaign,
    DigitalTeam,
    Exclusion,
    FigureSource,
    Headcount,
    Household,
    HouseholdMove,
    Membership,
    Person,
    Target,
    TargetCriterion,
    TargetVersion,
    Unit,
)
from training.models import (
    Activity,
    ActivityCoHost,
    Attendance,
    GroupTotal,
    HouseholdCheck,
    PlatformUse,
    RunningTotal,
)

#: Parents before children; within a table, rows of a lower depth first (a revision after what it replaces).
ORDER: tuple[type[Model], ...] = (
    Unit, Unit.predecessors.through, Campaign, Target, TargetCriterion, TargetVersion, Person, Household, HouseholdMove,
    Membership, DigitalTeam, Activity, ActivityCoHost, GroupTotal, Attendance, PlatformUse, HouseholdCheck, Headcount,
    RunningTotal, FigureSource, Exclusion,
)  # fmt: skip


class Histories:
    """Rows of any number of communes, written table by table."""

    def __init__(self, clerk: User) -> None:
        self.clerk = clerk
        self.rows: dict[tuple[type[Model], int], list[Model]] = defaultdict(list)

    def put(self, row: Model, depth: int = 0) -> Model:
        if hasattr(row, "set_keys"):
            row.set_keys()
        self.rows[type(row), depth].append(row)
        return row

    def write(self) -> None:
        for model in ORDER:
            for depth in sorted(depth for kind, depth in self.rows if kind is model):
                model._default_manager.bulk_create(self.rows[model, depth])
