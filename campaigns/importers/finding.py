"""Whom a row of a list means: by code in the commune, else by name and birth date in the unit (rule C9)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from campaigns.importers.likeness import is_near, normal_name
from campaigns.models import Membership, Person, Unit
from hbs_portal.lib.importing import Candidate, ReadRow
from hbs_portal.lib.text import date_short, fold, name_sort_key

SAME_NAME = "Trùng họ tên, khác ngày sinh"
SAME_NAME_NO_DAY = "Trùng họ tên, một bên chưa có ngày sinh"
SAME_DAY = "Trùng ngày sinh, họ tên gần giống"
SEVERAL = "Có nhiều người trùng họ tên và ngày sinh"
ELSEWHERE = "Trùng họ tên và ngày sinh với người ở danh sách khác"


@dataclass(frozen=True)
class Alike:
    """People whom a row may mean, and why."""

    people: tuple[Person, ...] = ()
    why: str = ""


class PeopleIndex:
    """Everybody whom the rows of one list may mean, loaded with a fixed number of statements.

    `memberships`: person's id -> memberships in order of their first days.
    """

    def __init__(self, *, unit: Unit, groups: Collection[str]) -> None:
        self.unit, self.groups = unit, groups
        self.commune_id = unit.commune_id or unit.pk
        self.people: dict[int, Person] = {}
        self.by_code: dict[str, Person] = {}
        self.by_name: dict[str, list[Person]] = defaultdict(list)
        self.by_day: dict[Any, list[Person]] = defaultdict(list)
        self.elsewhere: dict[tuple[str, Any], list[Person]] = defaultdict(list)
        self.memberships: dict[int, list[Membership]] = defaultdict(list)

    def load(self, codes: Collection[str]) -> None:
        """Load the people with these codes, and everybody who is or was on this list of the unit."""
        commune = Person.objects.filter(commune_id=self.commune_id)
        coded = {str(person.code): person for person in commune.filter(code__in=codes)} if codes else {}
        absorbers = self._absorbers(coded.values())
        self.by_code = {code: absorbers.get(person.merged_into_id, person) for code, person in coded.items()}
        of_list = Membership.objects.filter(commune_id=self.commune_id, unit=self.unit, group__in=self.groups)
        here = list(commune.filter(merged_into=None, pk__in=of_list.values("person_id")).order_by("pk"))
        self._add([*self.by_code.values(), *here])
        for person in here:
            known = self.people[person.pk]
            self.by_name[normal_name(known.full_name)].append(known)
            self.by_day[known.birth_date].append(known)
        self.by_code = {code: self.people[person.pk] for code, person in self.by_code.items()}

    def _absorbers(self, people: Iterable[Person]) -> dict[int | None, Person]:
        """Who stands for people that were merged into somebody: their codes still lead there."""
        merged = {person.merged_into_id for person in people if person.merged_into_id}
        found: dict[int | None, Person] = {}
        if merged:
            found |= Person.objects.filter(commune_id=self.commune_id).in_bulk(merged)
        return found

    def load_elsewhere(self, rows: Sequence[ReadRow]) -> None:
        """Load people of other lists with the name and birth date of one of `rows`."""
        keys = {name_sort_key(row.cleaned["full_name"])[:400] for row in rows if row.cleaned["birth_date"]}
        if not keys:
            return
        people = Person.objects.filter(commune_id=self.commune_id, merged_into=None, sort_key__in=keys)
        days = {row.cleaned["birth_date"] for row in rows}
        found = [person for person in people.order_by("pk") if person.birth_date in days]
        self._add(found)
        for person in found:
            self.elsewhere[normal_name(person.full_name), person.birth_date].append(self.people[person.pk])

    def _add(self, people: Iterable[Person]) -> None:
        """Take people in, each once, with their memberships."""
        new = {person.pk: person for person in people if person.pk not in self.people}
        self.people |= new
        if not new:
            return
        rows = Membership.objects.filter(commune_id=self.commune_id, person_id__in=list(new))
        for membership in rows.select_related("unit").order_by("starts_on", "pk"):
            self.memberships[membership.person_id].append(membership)

    def same(self, values: Mapping[str, Any]) -> list[Person]:
        """People of this list with this name and birth date, whose code (if both have one) is not another one."""
        named = self.by_name.get(normal_name(values["full_name"]), [])
        return [one for one in named if one.birth_date == values["birth_date"] and may_be(one, values)]

    def similar(self, values: Mapping[str, Any], taken: Mapping[int, int]) -> Alike:
        """People whom nobody else of the list is (`taken`), but whom this row may be by a slip of the pen."""
        free = [one for one in self.by_name.get(normal_name(values["full_name"]), []) if one.pk not in taken]
        named = tuple(one for one in free if may_be(one, values))
        if named:
            return Alike(named, _why_of_name(named, values))
        day = values["birth_date"]
        born = self.by_day.get(day, []) if day else []
        near = tuple(one for one in born if one.pk not in taken and _is_near(one, values))
        if near:
            return Alike(near, SAME_DAY)
        other = self.elsewhere.get((normal_name(values["full_name"]), day), [])
        return Alike(tuple(one for one in other if one.pk not in taken and may_be(one, values)), ELSEWHERE)

    def candidate(self, person: Person) -> Candidate:
        """How a person is shown who decides whether a row means them."""
        parts = [person.full_name]
        if person.birth_date:
            parts.append(f"sinh {date_short(person.birth_date)}")
        for membership in self.memberships[person.pk][-1:]:
            parts.append(membership.class_name or membership.get_group_display())
            parts.append(str(membership.unit))
        return Candidate(person.pk, ", ".join(parts))


def may_be(person: Person, values: Mapping[str, Any]) -> bool:
    """Two codes tell two people apart; without both, nothing does for sure."""
    return not (person.code and values["code"] and person.code != values["code"])


def is_somebody_else(person: Person, values: Mapping[str, Any]) -> bool:
    """Whether a code must be wrong: neither the name nor the birth date is that of its owner."""
    return fold(person.full_name) != fold(values["full_name"]) and person.birth_date != values["birth_date"]


def _is_near(person: Person, values: Mapping[str, Any]) -> bool:
    return may_be(person, values) and is_near(person.full_name, values["full_name"])


def _why_of_name(named: Sequence[Person], values: Mapping[str, Any]) -> str:
    if any(one.birth_date == values["birth_date"] for one in named):
        return SEVERAL
    has_days = values["birth_date"] and all(one.birth_date for one in named)
    return SAME_NAME if has_days else SAME_NAME_NO_DAY
