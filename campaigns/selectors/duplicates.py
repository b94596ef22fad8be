"""Entries on the rosters that may be one person (rule C9): suggested, never merged by themselves."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from django.db.models.functions import Coalesce

from campaigns.importers.finding import ELSEWHERE, SAME_DAY, SAME_NAME_NO_DAY, may_be
from campaigns.importers.likeness import is_near, normal_name
from campaigns.models import DistinctPeople, Membership, Person, Unit

SAME_PERSON = "Trùng họ tên và ngày sinh"
#: What a page shows; when some are settled, the next ones come.
SHOWN_PAIRS = 200


@dataclass(frozen=True)
class PossibleDuplicate:
    """Two entries that may be one person, why, and where each belongs (newest first)."""

    first: Person
    second: Person
    why: str
    first_places: tuple[str, ...] = ()
    second_places: tuple[str, ...] = ()


def possible_duplicates(*, commune: Unit, unit: Unit | None = None) -> list[PossibleDuplicate]:
    """Return pairs within a commune, or those of whom one is or was in `unit`; the surest first.

    Pairs that somebody said are two people are left out. Four queries.
    """
    units, distinct = _units_of(commune), _distinct(commune)
    people = {person.pk: person for person in Person.objects.filter(commune=commune, merged_into=None).in_order()}
    pairs = [
        (rank, first, second)
        for rank, first, second in _pairs(people, units)
        if frozenset((first.pk, second.pk)) not in distinct
        and (unit is None or unit.pk in units[first.pk] | units[second.pk])
    ]
    pairs.sort(key=lambda found: (found[0], found[1].sort_key, found[1].pk, found[2].pk))
    shown = pairs[:SHOWN_PAIRS]
    places = _places(commune, {person.pk for _, *both in shown for person in both})
    return [
        PossibleDuplicate(first, second, _why(rank, first, second, units), places[first.pk], places[second.pk])
        for rank, first, second in shown
    ]


def _units_of(commune: Unit) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for person_id, unit_id in Membership.objects.filter(commune=commune).values_list("person_id", "unit_id"):
        found[person_id].add(unit_id)
    return found


def _distinct(commune: Unit) -> set[frozenset[int]]:
    """The ids of two people each; what was said of an entry that was merged since holds for who it became."""
    rows = DistinctPeople.objects.filter(commune=commune).values_list(
        Coalesce("first__merged_into_id", "first_id"), Coalesce("second__merged_into_id", "second_id")
    )
    return {frozenset(ids) for ids in rows}


def _pairs(people: dict[int, Person], units: dict[int, set[int]]) -> Iterator[tuple[int, Person, Person]]:
    """Pairs with their rank: 0 same name and day, 1 same day and a near name, 2 same name and a day that is missing.

    Only the first kind reaches across units: namesakes of different schools are too many to look at.
    """
    by_name: dict[str, list[Person]] = defaultdict(list)
    by_day: dict[tuple[object, int], list[Person]] = defaultdict(list)
    for person in people.values():
        by_name[normal_name(person.full_name)].append(person)
        for unit_id in units[person.pk] if person.birth_date else ():
            by_day[person.birth_date, unit_id].append(person)
    for first, second in _couples(by_name.values()):
        if first.birth_date and first.birth_date == second.birth_date:
            yield 0, first, second
        elif not (first.birth_date and second.birth_date) and units[first.pk] & units[second.pk]:
            yield 2, first, second
    seen = set()
    for first, second in _couples(by_day.values()):
        differ = normal_name(first.full_name) != normal_name(second.full_name)
        if differ and (first.pk, second.pk) not in seen and is_near(first.full_name, second.full_name):
            seen.add((first.pk, second.pk))
            yield 1, first, second


def _couples(groups: Iterable[list[Person]]) -> Iterator[tuple[Person, Person]]:
    """Two codes tell two people apart."""
    for group in groups:
        for first, second in combinations(group, 2):
            if may_be(first, {"code": second.code}):
                yield first, second


def _why(rank: int, first: Person, second: Person, units: dict[int, set[int]]) -> str:
    if rank == 0:
        return SAME_PERSON if units[first.pk] & units[second.pk] else ELSEWHERE
    return SAME_DAY if rank == 1 else SAME_NAME_NO_DAY


def _places(commune: Unit, person_ids: set[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = defaultdict(tuple)
    rows = Membership.objects.filter(commune=commune, person_id__in=person_ids).select_related("unit")
    for row in rows.order_by("-starts_on", "-pk"):
        found[row.person_id] += (f"{row.unit}, {row.class_name or row.get_group_display()}",)
    return found
