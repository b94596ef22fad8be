"""Taking an import back exactly: what it made goes, what it changed gets its values back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model, ProtectedError

from accounts.audit import field_values
from campaigns.dependents import Ground, records_on
from campaigns.importers.kinds import NotUndoneError
from campaigns.importers.writing import column_value
from campaigns.models import Household, HouseholdMove, Membership, Person, Unit

#: In the order in which made rows can be deleted: whoever points to another stands before it.
MODELS: dict[str, type[Model]] = {
    "membership": Membership,
    "householdmove": HouseholdMove,
    "person": Person,
    "household": Household,
}
NAMED = 3


def undo_steps(unit: Unit, effective_on: date, steps: Mapping[str, Any]) -> None:
    """Put people, memberships and households back as they were before the import whose `steps` these are.

    Raises NotUndoneError, naming what was recorded or changed since. A fixed number of statements for any number of
    rows, apart from the batches of deletions.
    """
    created = {name: [int(pk) for pk in steps.get("created", {}).get(name, [])] for name in MODELS}
    changed: dict[str, dict[str, Any]] = {name: steps.get("changed", {}).get(name, {}) for name in MODELS}
    commune_id = unit.commune_id or unit.pk
    _refuse_changed(created, changed)
    _refuse_recorded(
        Ground(commune_id, person_ids=created["person"], household_ids=created["household"]),
        Ground(commune_id, person_ids=[int(pk) for pk in changed["person"]], since=effective_on),
    )
    try:
        with transaction.atomic():
            for name, model in MODELS.items():
                model._default_manager.filter(pk__in=created[name]).delete()
            for name, model in MODELS.items():
                _restore(model, changed[name])
    except ProtectedError as error:
        raise NotUndoneError(
            "Đã có dữ liệu khác dùng những người, hộ của lần nạp này nên không hoàn tác được."
        ) from error
    except IntegrityError as error:
        raise NotUndoneError(
            "Danh sách đã khác với lúc nạp (mã định danh hoặc thời gian trùng nhau) nên không hoàn tác được."
        ) from error


def _refuse_changed(created: Mapping[str, list[int]], changed: Mapping[str, dict[str, Any]]) -> None:
    """Somebody who was edited, moved or merged since is not as the import left them."""
    names = [
        str(row) for row in Person.objects.filter(pk__in=created["person"]) if row.version != 1 or row.merged_into_id
    ]
    names += [str(row) for row in Household.objects.filter(pk__in=created["household"]) if row.version != 1]
    for name, steps in changed.items():
        rows = MODELS[name]._default_manager.in_bulk([int(pk) for pk in steps])
        names += [_name(row) for pk, row in rows.items() if not _is_as_left(row, steps[str(pk)]["after"])]
        if len(rows) < len(steps):
            names.append("người đã bị xóa khỏi danh sách")
    open_now = Membership.objects.filter(pk__in=created["membership"], ends_on=None).count()
    if not names and open_now < len(created["membership"]):
        raise NotUndoneError("Đã có người chuyển hoặc thôi sau lần nạp này nên không hoàn tác được.")
    if names:
        raise NotUndoneError(
            f"Sau lần nạp này đã có người sửa hoặc chuyển: {_some(sorted(set(names)))}. "
            "Hãy sửa từng người thay vì hoàn tác."
        )


def _is_as_left(row: Model, after: Mapping[str, Any]) -> bool:
    return field_values(row, list(after)) == after


def _name(row: Model) -> str:
    return str(row.person) if isinstance(row, Membership) else str(row)


def _refuse_recorded(*grounds: Ground) -> None:
    found = [text for ground in grounds if ground.person_ids or ground.household_ids for text in records_on(ground)]
    if found:
        raise NotUndoneError(
            f"Người trong lần nạp này đã được ghi nhận: {_some(found)}. Hãy bỏ tên khỏi các nơi đó trước khi hoàn tác."
        )


def _some(names: list[str]) -> str:
    more = len(names) - NAMED
    return "; ".join(names[:NAMED]) + (f" và {more} nơi khác" if more > 0 else "")


def _restore(model: type[Model], steps: Mapping[str, Any]) -> None:
    """Give the rows their values of before; a version goes on, since open forms of these rows are out of date."""
    if not steps:
        return
    rows = model._default_manager.in_bulk([int(pk) for pk in steps])
    names = sorted({name for step in steps.values() for name in step["before"]})
    for pk, row in rows.items():
        for name, value in steps[str(pk)]["before"].items():
            is_version = name == "version"
            setattr(row, name, getattr(row, name) + 1 if is_version else column_value(model, name, value))
        if hasattr(row, "set_keys"):
            row.set_keys()
    derived = ["search_key", "sort_key"] if hasattr(model, "set_keys") else []
    model._default_manager.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[*(model._meta.get_field(name).name for name in names), *derived],
    )
