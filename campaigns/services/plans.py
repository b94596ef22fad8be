"""A commune's plan, entered from a data file: the commune, its paper forms, the campaign and its targets."""

import json
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.audit import field_values, record_audit
from accounts.models import User
from campaigns.choices import UnitKind
from campaigns.models import AgencyProfile, Campaign, Target, TargetCriterion, Unit
from campaigns.models.campaign import CriterionKind
from campaigns.services.targets import record_version

DATA_DIR = Path(__file__).resolve().parent.parent / "data"
CRITERIA = {
    "groups": CriterionKind.GROUP,
    "unit_kinds": CriterionKind.UNIT_KIND,
    "activity_kinds": CriterionKind.ACTIVITY_KIND,
}


def read_plan(name: str) -> dict[str, Any]:
    """The plan file `campaigns/data/<name>.json` as a dict; OSError if there is none."""
    return json.loads((DATA_DIR / f"{name}.json").read_text(encoding="utf-8"))


@transaction.atomic
def load_plan(*, plan: dict[str, Any], actor: User | None = None) -> Campaign:
    """Creates what the plan names and is not there yet; an existing campaign is returned untouched.

    Number and date of the plan stay blank where the file leaves them blank: nothing is invented.
    """
    commune = _commune(plan["commune"], opened_on=plan["campaign"]["starts_on"])
    AgencyProfile.objects.get_or_create(commune=commune, defaults=plan["agency"])
    values = dict(plan["campaign"])
    campaign, is_new = Campaign.objects.get_or_create(commune=commune, code=values.pop("code"), defaults=values)
    if is_new:
        campaign.refresh_from_db()  # the file's days are text
        for position, row in enumerate(plan["targets"], start=1):
            _create_target(campaign, position, dict(row))
        after = field_values(campaign)
        record_audit(actor=actor, action="Nạp kế hoạch", target=campaign, after=after, commune_id=commune.pk)
    return campaign


def _commune(row: dict[str, Any], opened_on: str) -> Unit:
    city = _root(code=row["city"]["code"], name=row["city"]["name"], kind=UnitKind.CITY, opened_on=opened_on)
    return _root(code=row["code"], name=row["name"], kind=UnitKind.COMMUNE, opened_on=opened_on, parent=city)


def _root(*, code: str, name: str, kind: UnitKind, opened_on: str, parent: Unit | None = None) -> Unit:
    unit = Unit.objects.filter(code=code, kind=kind, parent=parent).first()
    if unit is None:
        unit = Unit.objects.create(code=code, name=name, kind=kind, opened_on=opened_on, parent=parent)
        place_in_tree(unit)
    return unit


def place_in_tree(unit: Unit) -> None:
    """Stores the path of a new unit ("/1/5/12/"), which needs its own number first."""
    unit.path = f"{unit.parent.path if unit.parent else '/'}{unit.pk}/"
    Unit.objects.filter(pk=unit.pk).update(path=unit.path)


def _create_target(campaign: Campaign, position: int, row: dict[str, Any]) -> Target:
    criteria = {kind: row.pop(name, []) for name, kind in CRITERIA.items()}
    target = Target.objects.create(campaign=campaign, position=position, **row)
    TargetCriterion.objects.bulk_create(
        TargetCriterion(target=target, kind=kind, value=value) for kind, values in criteria.items() for value in values
    )
    record_version(target=target, actor=None, effective_on=campaign.starts_on)
    return target
