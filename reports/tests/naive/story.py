"""A disagreement made readable: records are taken out while it lasts, and what is left is told row by row."""

from collections.abc import Callable
from datetime import date

from django.db import transaction
from django.db.models import Model, ProtectedError
from django.db.utils import IntegrityError

from reports.tests.naive.records import WITH_COMMUNE, WITH_PARENT, read_all_records

SILENT = {"commune_id", "entered_by_id", "entered_at", "decided_by_id", "version", "clause", "search_key", "sort_key"}


def reduce_history(commune_id: int, differs: Callable[[], bool]) -> None:
    """Deletes whatever records of the commune the disagreement can do without: tables, halves of tables, rows."""
    size = None
    while size != (size := sum(len(rows) for rows in vars(read_all_records()[commune_id]).values())):
        for name in reversed([*WITH_COMMUNE, *WITH_PARENT]):
            model = WITH_COMMUNE.get(name) or WITH_PARENT[name][0]
            _do_without(model, [row.id for row in getattr(read_all_records()[commune_id], name)], differs)


def _do_without(model: type[Model], pks: list[int], differs: Callable[[], bool]) -> None:
    if not pks or _try_without(model, pks, differs) or len(pks) == 1:
        return
    half = len(pks) // 2
    _do_without(model, pks[:half], differs)
    _do_without(model, pks[half:], differs)


def _try_without(model: type[Model], pks: list[int], differs: Callable[[], bool]) -> bool:
    try:
        with transaction.atomic():
            model._default_manager.filter(pk__in=pks).delete()
            if differs():
                return True
            transaction.set_rollback(True)
    except (ProtectedError, IntegrityError):
        pass
    return False


def tell(commune_id: int) -> str:
    """The records of a commune, a line each, without what decides nothing."""
    lines = []
    for name, rows in vars(read_all_records()[commune_id]).items():
        for row in rows:
            told = {
                key: _text(value) for key, value in vars(row).items() if value not in (None, "") and key not in SILENT
            }
            lines.append(f"  {name}: " + ", ".join(f"{key}={value}" for key, value in told.items()))
    return "\n".join(lines)


def _text(value) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)
