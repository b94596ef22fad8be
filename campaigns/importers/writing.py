"""Writing what an import does, with a fixed number of statements, and remembering how to take it back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Field, Model

from accounts.audit import field_values


@dataclass
class UndoLog:
    """What an import wrote, by the model's name ("person", "membership", "household").

    `created`: ids. `changed`: id -> {"before": values, "after": values}; "after" proves that nobody changed it since.
    """

    created: dict[str, list[int]] = field(default_factory=dict)
    changed: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"created": self.created, "changed": self.changed}


class Writer:
    """Creates and changes rows in bulk. Whatever goes through it stands in `log`."""

    def __init__(self) -> None:
        self.log = UndoLog()

    def create(self, rows: Sequence[Model]) -> None:
        """Insert unsaved rows of one model; they have their ids afterwards."""
        if rows:
            type(rows[0])._default_manager.bulk_create(rows)
            self.log.created.setdefault(_name(rows[0]), []).extend(row.pk for row in rows)

    def remember(self, row: Model, fields: Sequence[str]) -> dict[str, Any]:
        """Return the values that `change` needs, taken before the row is changed in memory."""
        return field_values(row, list(fields))

    def change(self, rows: Iterable[tuple[Model, dict[str, Any]]], derived: Sequence[str] = ()) -> None:
        """Store changed rows of one model: pairs of a row and what `remember` gave; `derived` fields follow from them.

        One upsert by primary key: the UPDATE of many rows with CASE takes a hundred times as long.
        """
        pairs = [(row, before) for row, before in rows]
        if not pairs:
            return
        names = sorted({name for _, before in pairs for name in before})
        model = type(pairs[0][0])
        model._default_manager.bulk_create(
            [row for row, _ in pairs],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=[*(model._meta.get_field(name).name for name in names), *derived],
        )
        log = self.log.changed.setdefault(_name(pairs[0][0]), {})
        for row, before in pairs:
            values = before | log.get(str(row.pk), {}).get("before", {})
            log[str(row.pk)] = {"before": values, "after": field_values(row, list(values))}


def _name(row: Model) -> str:
    return str(row._meta.model_name)


def column_value(model: type[Model], name: str, stored: Any) -> Any:
    """Return a remembered value (plain, out of JSON) as the column of that name holds it."""
    field = model._meta.get_field(name)
    return field.to_python(stored) if isinstance(field, Field) else stored
