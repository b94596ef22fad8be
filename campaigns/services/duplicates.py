"""Two entries of one person become one, and apart again (rule C9): nothing of either is lost."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.audit import field_values, record_audit
from accounts.models import User
from campaigns.dependents import movers
from campaigns.importers.writing import column_value
from campaigns.models import Membership, Person
from campaigns.models.imports import DistinctPeople, PersonMerge
from campaigns.selectors.duplicates import PossibleDuplicate, possible_duplicates

__all__ = [
    "PossibleDuplicate",
    "mark_distinct",
    "merge_people",
    "possible_duplicates",
    "suggest_again",
    "unmerge_people",
]

FILLED_FIELDS = ("code", "birth_date", "gender")
JOINED_FIELDS = ("starts_on", "ends_on", "end_reason", "class_name", "household_id", "is_head")
CHANGED_SINCE = (
    "Sau khi gộp, thời gian thuộc đơn vị của người này đã được sửa nên không tách tự động được. "
    "Hãy sửa trực tiếp trên trang của từng người."
)


@transaction.atomic
def merge_people(*, actor: User, kept: Person, absorbed: Person) -> PersonMerge:
    """Makes one entry of two: everything of `absorbed` goes to `kept`; what `kept` lacks is filled in.

    Of two attendances of one activity, and of two memberships that overlap in one unit and group, one remains; the
    other is remembered. `absorbed` is seen nowhere any more, but its code still leads to `kept`.
    Raises ValidationError where they cannot be one.
    """
    kept, absorbed = _locked(kept, absorbed)
    _refuse_pairing(kept, absorbed)
    before = {"kept": field_values(kept, FILLED_FIELDS), "absorbed": field_values(absorbed, FILLED_FIELDS)}
    earlier = list(Person.objects.filter(merged_into=absorbed).order_by("pk").values_list("pk", flat=True))
    Person.objects.filter(pk__in=earlier).update(merged_into=kept)
    memberships = _move_memberships(kept, absorbed)
    _fill_in(kept, absorbed)
    ids = {"commune_id": kept.commune_id, "kept_id": kept.pk, "absorbed_id": absorbed.pk}
    merge = PersonMerge.objects.create(
        commune_id=kept.commune_id,
        kept=kept,
        absorbed=absorbed,
        merged_by=actor,
        moved=before
        | {
            "filled": field_values(kept, FILLED_FIELDS),
            "earlier": earlier,
            "memberships": memberships,
            "records": {mover.name: mover.move(**ids) for mover in movers()},
        },
    )
    after = {"removed": str(absorbed)} | field_values(kept, FILLED_FIELDS)
    record_audit(actor=actor, action="Gộp người trùng", target=kept, before=before["kept"], after=after)
    return merge


@transaction.atomic
def unmerge_people(*, actor: User, merge: PersonMerge) -> Person:
    """Takes a merger back; gives the person who was absorbed. What was recorded since stays with the one kept.

    Raises ValidationError where it was taken back already, or the memberships were changed since.
    """
    merge = PersonMerge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    kept, absorbed = _locked(merge.kept, merge.absorbed)
    if merge.undone_at or absorbed.merged_into_id != kept.pk:
        raise ValidationError("Hai người này không còn gộp với nhau, không có gì để tách.")
    moved = merge.moved
    _restore_memberships(absorbed, moved["memberships"])
    _restore_fields(kept, absorbed, moved)
    Person.objects.filter(pk__in=moved["earlier"], merged_into=kept).update(merged_into=absorbed)
    for mover in movers():
        if mover.name in moved["records"]:
            mover.move_back(
                commune_id=kept.commune_id,
                kept_id=kept.pk,
                absorbed_id=absorbed.pk,
                moved=moved["records"][mover.name],
            )
    merge.undone_at, merge.moved = timezone.now(), {}
    merge.save(update_fields=["undone_at", "moved"])
    record_audit(actor=actor, action="Tách người đã gộp", target=absorbed, after=field_values(absorbed, FILLED_FIELDS))
    return absorbed


@transaction.atomic
def mark_distinct(*, actor: User, first: Person, second: Person) -> DistinctPeople:
    """Says that two entries are two people, so that they are not suggested again; saying it twice changes nothing.

    Raises ValidationError where they are no two entries of one commune.
    """
    _refuse_pairing(*_locked(first, second))
    ids = sorted((first.pk, second.pk))
    distinct, is_new = DistinctPeople.objects.get_or_create(
        first_id=ids[0], second_id=ids[1], defaults={"commune_id": first.commune_id, "decided_by": actor}
    )
    if is_new:
        record_audit(actor=actor, action="Xác nhận hai người khác nhau", target=distinct, after={"people": ids})
    return distinct


@transaction.atomic
def suggest_again(*, actor: User, distinct: DistinctPeople) -> None:
    """Takes back that two entries are two people: they are suggested as before."""
    record_audit(
        actor=actor,
        action="Gợi ý lại cặp có thể trùng",
        target=distinct,
        before={"people": [distinct.first_id, distinct.second_id]},
    )
    distinct.delete()


def _locked(kept: Person, absorbed: Person) -> tuple[Person, Person]:
    """Both entries as stored, in the order of their ids locked, so that two mergers never wait for each other."""
    rows = Person.objects.select_for_update(of=("self",)).filter(pk__in=[kept.pk, absorbed.pk]).order_by("pk")
    found = {person.pk: person for person in rows}
    return found[kept.pk], found[absorbed.pk]


def _refuse_pairing(kept: Person, absorbed: Person) -> None:
    if kept.pk == absorbed.pk:
        raise ValidationError("Hãy chọn hai người khác nhau để gộp.")
    if kept.commune_id != absorbed.commune_id:
        raise ValidationError("Hai người thuộc hai xã khác nhau nên không gộp được.")
    if kept.merged_into_id or absorbed.merged_into_id:
        raise ValidationError("Một trong hai người đã được gộp trước đó. Hãy mở lại trang này để xem danh sách mới.")


def _fill_in(kept: Person, absorbed: Person) -> None:
    """The code passes on only where the kept entry has none; it is unique, so it is given up first."""
    values = {name: getattr(absorbed, name) for name in FILLED_FIELDS if not getattr(kept, name)}
    if "code" in values:
        absorbed.code = None
    absorbed.merged_into = kept
    _save(absorbed)
    for name, value in values.items():
        setattr(kept, name, value)
    _save(kept)


def _save(person: Person) -> None:
    """Stores a person; open forms of theirs are out of date."""
    person.version += 1
    person.save()


def _move_memberships(kept: Person, absorbed: Person) -> dict[str, Any]:
    """Re-points the memberships of the absorbed entry; those that overlap one of the kept entry are joined to it."""
    rows = Membership.objects.filter(commune_id=kept.commune_id, person__in=[kept, absorbed])
    ordered = list(rows.order_by("starts_on", "pk"))
    theirs = [row for row in ordered if row.person_id == absorbed.pk]
    own = [row for row in ordered if row.person_id == kept.pk]
    removed: list[dict[str, Any]] = []
    joined: dict[int, tuple[Membership, dict[str, Any]]] = {}
    moved: list[Membership] = []
    for row in theirs:
        overlapped = [one for one in own if (one.unit_id, one.group) == (row.unit_id, row.group) and _overlap(one, row)]
        if not overlapped:
            moved.append(row)
            continue
        removed.append(field_values(row))
        for one in (overlapped[0], overlapped[-1]):
            joined.setdefault(one.pk, (one, field_values(one, JOINED_FIELDS)))
        _extend(overlapped, row)
        row.delete()
    for one, _ in joined.values():
        one.save(update_fields=[*JOINED_FIELDS])
    Membership.objects.filter(pk__in=[row.pk for row in moved]).update(person=kept)
    return {
        "moved": {str(row.pk): field_values(row, JOINED_FIELDS) for row in moved},
        "removed": removed,
        "joined": {
            str(pk): {"before": before, "after": field_values(one, JOINED_FIELDS)}
            for pk, (one, before) in joined.items()
        },
    }


def _overlap(one: Membership, other: Membership) -> bool:
    """Days in common; two that touch on no day stay two chapters."""
    return one.starts_on <= (other.ends_on or date.max) and other.starts_on <= (one.ends_on or date.max)


def _extend(rows: list[Membership], other: Membership) -> None:
    """Rows in order of their first days come to cover the days of `other` as well."""
    first, last = rows[0], rows[-1]
    first.starts_on = min(first.starts_on, other.starts_on)
    if last.ends_on and (other.ends_on is None or other.ends_on > last.ends_on):
        last.ends_on, last.end_reason = other.ends_on, other.end_reason
    last.class_name = last.class_name or other.class_name
    if last.household_id is None:
        last.household_id, last.is_head = other.household_id, other.is_head


def _restore_memberships(absorbed: Person, memberships: dict[str, Any]) -> None:
    joined, moved = memberships["joined"], memberships["moved"]
    expected = {pk: step["after"] for pk, step in joined.items()} | moved
    rows = Membership.objects.in_bulk([int(pk) for pk in expected])
    if len(rows) < len(expected) or any(
        field_values(row, JOINED_FIELDS) != expected[str(row.pk)] for row in rows.values()
    ):
        raise ValidationError(CHANGED_SINCE)
    for pk, step in joined.items():
        row = rows[int(pk)]
        for name, value in step["before"].items():
            setattr(row, name, column_value(Membership, name, value))
        row.save(update_fields=[*JOINED_FIELDS])
    Membership.objects.filter(pk__in=[int(pk) for pk in moved]).update(person=absorbed)
    Membership.objects.bulk_create(_remembered(memberships["removed"]))


def _remembered(rows: Iterable[dict[str, Any]]) -> list[Membership]:
    return [Membership(**{name: column_value(Membership, name, value) for name, value in row.items()}) for row in rows]


def _restore_fields(kept: Person, absorbed: Person, moved: dict[str, Any]) -> None:
    """What was filled in goes again, unless somebody wrote something else there since."""
    for name in FILLED_FIELDS:
        if field_values(kept, [name])[name] == moved["filled"][name]:
            setattr(kept, name, column_value(Person, name, moved["kept"][name]))
    _save(kept)
    absorbed.merged_into = None
    code = moved["absorbed"]["code"]
    taken = Person.objects.filter(commune_id=absorbed.commune_id, code=code).exclude(pk=absorbed.pk)
    if code and taken.exists():
        raise ValidationError(f"Mã {code} nay là của người khác nên không tách được. Hãy sửa mã của người đó trước.")
    absorbed.code = code
    _save(absorbed)
