"""One audit entry for every write, in the transaction of the write."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Model

from accounts.models import AuditEntry, User
from hbs_portal.lib.text import fold

SECRET_FIELDS = frozenset({"password"})


def field_values(instance: Model, fields: tuple[str, ...] | list[str] | None = None) -> dict[str, Any]:
    """The stored values of a record, ready for JSON; `fields` narrows them. Passwords never appear."""
    names = fields or [f.attname for f in instance._meta.concrete_fields if f.name not in SECRET_FIELDS]
    return {name: _plain(getattr(instance, name)) for name in names if name not in ("search_key", "sort_key")}


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (str, int, float, bool, type(None), list, dict)):
        return value
    return str(value)


def changed_only(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Of two states of one record, only what differs."""
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}


def record_audit(
    *,
    actor: User | None,
    action: str,
    target: Model | None = None,
    label: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    commune_id: int | None = None,
    unit_id: int | None = None,
) -> AuditEntry:
    """Writes one entry. `action` is a short Vietnamese verb phrase ("Duyệt hoạt động"); actor None is the system."""
    entry = _entry(actor, action, target, label, before or {}, after or {}, commune_id, unit_id)
    entry.save()
    return entry


def record_audit_of_each(
    *, actor: User | None, action: str, targets: Iterable[Model], after: dict[str, Any], unit_id: int | None = None
) -> None:
    """Writes one entry per record for a step that changed many alike, in one query."""
    AuditEntry.objects.bulk_create(
        [_entry(actor, action, target, "", {}, after, None, unit_id) for target in targets], batch_size=500
    )


def _entry(
    actor: User | None,
    action: str,
    target: Model | None,
    label: str,
    before: dict[str, Any],
    after: dict[str, Any],
    commune_id: int | None,
    unit_id: int | None,
) -> AuditEntry:
    commune_id = commune_id or getattr(target, "commune_id", None) or (actor.scope.commune_id if actor else None)
    entry = AuditEntry(
        actor=actor,
        actor_name=f"{actor.full_name} ({actor.username})" if actor else "Hệ thống",
        action=action,
        object_type=target._meta.label if target is not None else "",
        object_id=target.pk if target is not None else None,
        object_label=(label or str(target or ""))[:240],
        before=before,
        after=after,
        commune_id=commune_id,
        unit_id=unit_id,
        request_id=getattr(actor, "request_id", ""),
    )
    entry.search_key = fold(f"{entry.actor_name} {entry.action} {entry.object_label}")[:500]
    return entry
