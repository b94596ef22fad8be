"""Keys that are stored so that lists are found and sorted fast."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Model, QuerySet

from accounts.models import AuditEntry, User
from campaigns.models import Household, Person, Unit
from hbs_portal.lib.text import fold
from reports.checking.difference import Difference, Scope
from training.models import Activity

KEYS = ("search_key", "sort_key")
CHUNK = 2000


def stale_keys(scope: Scope) -> Iterator[Difference]:
    """Search and sort keys of units, people, households, activities, accounts and the audit."""
    commune_id = scope.commune_id
    of_commune: tuple[QuerySet[Any], ...] = (
        Unit.objects.filter(commune_id=commune_id),
        Person.objects.filter(commune_id=commune_id),
        Household.objects.filter(commune_id=commune_id),
        Activity.objects.filter(commune_id=commune_id),
        User.objects.filter(unit_roles__unit__commune_id=commune_id).distinct(),
    )
    for rows in of_commune:
        yield from _stale(rows)
    yield from _stale_audit(commune_id)


def _stale(rows: QuerySet[Any]) -> Iterator[Difference]:
    """Each row sets its keys anew, in memory, the way a save would."""
    for row in rows.order_by("pk").iterator(chunk_size=CHUNK):
        before = _keys(row)
        row.set_keys()
        if _keys(row) != before:
            yield Difference(_where(row), "khóa tìm kiếm hoặc sắp xếp không khớp với tên")


def _keys(row: Any) -> dict[str, str]:
    return {name: getattr(row, name) for name in KEYS if hasattr(row, name)}


def _where(row: Model) -> str:
    noun = str(row._meta.verbose_name)
    return f"{noun[:1].upper()}{noun[1:]} số {row.pk} ({row})"


def _stale_audit(commune_id: int) -> Iterator[Difference]:
    rows = AuditEntry.objects.filter(commune_id=commune_id).order_by("pk")
    columns = ("pk", "actor_name", "action", "object_label", "search_key")
    for pk, actor_name, action, label, key in rows.values_list(*columns).iterator(chunk_size=CHUNK):
        if key != fold(f"{actor_name} {action} {label}")[:500]:
            yield Difference(f"Nhật ký số {pk}", "khóa tìm kiếm không khớp với nội dung")


def stale_paths(scope: Scope) -> Iterator[Difference]:
    """The path of every unit, from its parents."""
    commune = scope.campaign.commune
    units = [commune, *Unit.objects.filter(commune_id=scope.commune_id).order_by("pk")]
    paths = {unit.pk: unit.path for unit in units}
    for unit in units[1:]:
        if unit.path != f"{paths.get(unit.parent_id or 0, '/')}{unit.pk}/":
            yield Difference(_where(unit), "đường dẫn trong cây đơn vị không khớp với đơn vị cấp trên")
