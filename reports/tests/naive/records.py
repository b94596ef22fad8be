"""The rows of every table as plain records, read whole and kept by commune: no filter, no join, no annotation."""

from collections import defaultdict
from types import SimpleNamespace

from django.db.models import Model

from campaigns.models import (
    Campaign,
    DigitalTeam,
    Exclusion,
    FigureSource,
    Headcount,
    Household,
    HouseholdMove,
    Membership,
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

#: Tables whose rows name their commune themselves, or through their campaign, target, activity or unit.
WITH_COMMUNE: dict[str, type[Model]] = {
    "campaigns": Campaign,
    "units": Unit,
    "memberships": Membership,
    "households": Household,
    "moves": HouseholdMove,
    "teams": DigitalTeam,
    "activities": Activity,
    "attendances": Attendance,
    "uses": PlatformUse,
    "checks": HouseholdCheck,
    "headcounts": Headcount,
    "running_totals": RunningTotal,
    "sources": FigureSource,
    "exclusions": Exclusion,
}
WITH_PARENT: dict[str, tuple[type[Model], str, str]] = {
    "targets": (Target, "campaign_id", "campaigns"),
    "criteria": (TargetCriterion, "target_id", "targets"),
    "versions": (TargetVersion, "target_id", "targets"),
    "co_hosts": (ActivityCoHost, "activity_id", "activities"),
    "group_totals": (GroupTotal, "activity_id", "activities"),
    "predecessors": (Unit.predecessors.through, "from_unit_id", "units"),
}


def read_all_records() -> dict[int, SimpleNamespace]:
    """Every row of the database by commune: ``{commune_id: records}``, ``records.activities`` being a list of rows."""
    by_commune: dict[int, SimpleNamespace] = defaultdict(_nothing)
    commune_of: dict[tuple[str, int], int] = {}
    for name, model in WITH_COMMUNE.items():
        for values in model._default_manager.all().values():
            if values["commune_id"] is not None:
                commune_of[name, values["id"]] = values["commune_id"]
                getattr(by_commune[values["commune_id"]], name).append(SimpleNamespace(**values))
    for name, (model, column, parent) in WITH_PARENT.items():
        for values in model._default_manager.all().values():
            commune_id = commune_of[parent, values[column]]
            commune_of[name, values["id"]] = commune_id
            getattr(by_commune[commune_id], name).append(SimpleNamespace(**values))
    return by_commune


def _nothing() -> SimpleNamespace:
    return SimpleNamespace(**{name: [] for name in (*WITH_COMMUNE, *WITH_PARENT)})
