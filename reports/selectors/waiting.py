"""What waits for approval now, by kind of record: one query."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import CharField, Count, Model, Q, QuerySet, Value
from django.db.models.functions import Cast

from campaigns.choices import RecordStatus
from campaigns.models import Exclusion, Headcount
from training.models import Activity, HouseholdCheck, PlatformUse, RunningTotal

#: Kind of record -> its model, and where the model keeps its unit.
KINDS: Mapping[str, tuple[type[Model], str]] = {
    "hoạt động": (Activity, "host"),
    "xác nhận sử dụng nền tảng số": (PlatformUse, "unit"),
    "kiểm tra hộ": (HouseholdCheck, "household__village"),
    "số luỹ kế khai báo": (RunningTotal, "unit"),
    "quy mô khai báo": (Headcount, "unit"),
    "đề nghị loại trừ": (Exclusion, "unit"),
}


@dataclass(frozen=True, slots=True)
class WaitingCount:
    label: str
    count: int


def waiting_counts(commune_id: int, unit_ids: Collection[int] | None = None) -> list[WaitingCount]:
    """How many records of each kind are submitted, in the commune or in these units; kinds with none are left out."""
    parts = [_part(label, commune_id, unit_ids) for label in KINDS]
    found = dict(parts[0].union(*parts[1:], all=True))
    return [WaitingCount(label, found[label]) for label in KINDS if found.get(label)]


def _part(label: str, commune_id: int, unit_ids: Collection[int] | None) -> QuerySet:
    model, unit_field = KINDS[label]
    of_units = Q() if unit_ids is None else Q(**{f"{unit_field}__in": sorted(unit_ids)})
    records = model._default_manager.filter(of_units, commune_id=commune_id, status=RecordStatus.SUBMITTED)
    named = records.order_by().annotate(label=Cast(Value(label), CharField())).values("label")
    return named.annotate(count=Count("pk")).values_list("label", "count")
