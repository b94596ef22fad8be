"""Drafts and returned records of a unit, of every kind: one query."""

from datetime import date
from typing import NamedTuple

from django.db.models import CharField, F, Model, QuerySet, Value
from django.db.models.functions import Cast

from campaigns.choices import Group, RecordStatus
from campaigns.models import Exclusion, Headcount
from training.models import Activity, HouseholdCheck, PlatformUse, RunningTotal

OPEN_STATES = (RecordStatus.DRAFT, RecordStatus.RETURNED)


class OwnRecord(NamedTuple):
    """`kind` is the record's noun, `title` what tells it from others of its kind."""

    kind: str
    pk: int
    title: str
    day: date
    status: str
    reason: str


ACTIVITY, PLATFORM_USE, CHECK = "hoạt động", "xác nhận nền tảng số", "kiểm tra hộ"
RUNNING_TOTAL, HEADCOUNT, EXCLUSION = "số luỹ kế khai báo", "quy mô khai báo", "đề nghị loại trừ"
#: Kind -> model, its unit, what stands for its title, its day.
SHAPES: dict[str, tuple[type[Model], str, str, str]] = {
    ACTIVITY: (Activity, "host_id", "title", "ends_on"),
    PLATFORM_USE: (PlatformUse, "unit_id", "person__full_name", "confirmed_on"),
    CHECK: (HouseholdCheck, "household__village_id", "household__head_name", "checked_on"),
    RUNNING_TOTAL: (RunningTotal, "unit_id", "target__short_name", "as_of"),
    HEADCOUNT: (Headcount, "unit_id", "group", "effective_on"),
    EXCLUSION: (Exclusion, "unit_id", "person__full_name", "starts_on"),
}


def own_records(commune_id: int, unit_id: int) -> list[OwnRecord]:
    """What this unit still has to finish: returned ones first, then drafts, the newest of each on top."""
    parts = [_part(kind, commune_id, unit_id) for kind in SHAPES]
    rows = [OwnRecord(*row) for row in parts[0].union(*parts[1:], all=True)]
    newest = sorted(rows, key=lambda row: (row.day, row.kind, row.pk), reverse=True)
    return sorted(map(_named, newest), key=lambda row: row.status != RecordStatus.RETURNED)


def _part(kind: str, commune_id: int, unit_id: int) -> QuerySet:
    model, unit_field, title, day = SHAPES[kind]
    rows = model._default_manager.filter(commune_id=commune_id, status__in=OPEN_STATES, **{unit_field: unit_id})
    named = rows.order_by().annotate(what=Cast(Value(kind), CharField()), name=F(title), on=F(day))
    return named.values_list("what", "pk", "name", "on", "status", "return_reason")


def _named(row: OwnRecord) -> OwnRecord:
    return row._replace(title=str(Group(row.title).label)) if row.kind == HEADCOUNT else row
