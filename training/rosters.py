"""Who can be put on an attendance list: the classes and groups of a unit on a day, the households of a village.

Everything here is read through `recorded_by(user)`: an editor reaches the own unit, the office the whole commune.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import or_

from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.db.models import Q
from django.http import QueryDict

from accounts.models import User
from campaigns.choices import Group
from campaigns.models import Household, Membership, Unit
from hbs_portal.lib.text import is_record_number, nfc, sort_key

PICKED = "Những người đã chọn"


@dataclass(frozen=True)
class Audience:
    """A class, a group or the households of one unit; `token` names it in forms and addresses."""

    unit_id: int
    group: str
    class_name: str = ""

    @classmethod
    def parse(cls, token: str) -> "Audience | None":
        """The audience of a token "12:PUPIL:4A"; None for anything else."""
        unit_id, _, rest = token.partition(":")
        group, _, class_name = rest.partition(":")
        if not is_record_number(unit_id) or group not in Group.values:
            return None
        return cls(int(unit_id), group, nfc(class_name)[:30] if group == Group.PUPIL else "")

    @property
    def token(self) -> str:
        return f"{self.unit_id}:{self.group}:{self.class_name}"

    @property
    def is_households(self) -> bool:
        return self.group == Group.HOUSEHOLD

    @property
    def label(self) -> str:
        """As it stands on a button: "4A", "Giáo viên", "Hộ của thôn"."""
        if self.is_households:
            return "Hộ của thôn"
        if self.group == Group.PUPIL:
            return f"Lớp {self.class_name}" if self.class_name else "Học sinh chưa xếp lớp"
        return str(Group(self.group).label)

    @property
    def members(self) -> Q:
        """The condition on memberships; a class counts for pupils only."""
        rule = Q(unit_id=self.unit_id, group=self.group)
        return rule & Q(class_name=self.class_name) if self.group == Group.PUPIL else rule


@dataclass(frozen=True)
class RosterRow:
    """One person, or household, to tick."""

    pk: int
    name: str
    note: str
    is_present: bool


@dataclass
class RosterBlock:
    """The roster of one audience as the page shows it; `audience` is None for people picked one by one."""

    audience: Audience | None
    title: str
    rows: list[RosterRow] = field(default_factory=list)

    @property
    def field_name(self) -> str:
        return "ho" if self.audience and self.audience.is_households else "nguoi"

    @property
    def token(self) -> str:
        return self.audience.token if self.audience else ""

    @property
    def counter(self) -> str:
        """As roster.js writes it: "33/35 có mặt"."""
        present = sum(row.is_present for row in self.rows)
        return f"{present}/{len(self.rows)} có mặt"

    @property
    def picked_pks(self) -> list[int]:
        return [] if self.audience else [row.pk for row in self.rows]


@dataclass(frozen=True)
class Presence:
    """What is ticked on the page so far: in the blocks of `shown` only these, in new blocks all people."""

    person_ids: frozenset[int] = frozenset()
    household_ids: frozenset[int] = frozenset()
    picked_ids: frozenset[int] = frozenset()
    shown: frozenset[str] = frozenset()

    @classmethod
    def sent(cls, data: QueryDict) -> "Presence":
        """What a page or an address sends: `nguoi`, `ho`, `da-chon` (numbers, also "1,2,3") and `da-hien` (tokens)."""
        people = _numbers(data, "nguoi")
        picked = people | _numbers(data, "da-chon")
        return cls(people, _numbers(data, "ho"), picked, frozenset(data.getlist("da-hien")))

    def joined_by(self, person_ids: Collection[int], household_ids: Collection[int]) -> "Presence":
        """The same with these people and households ticked as well."""
        people = self.person_ids.union(person_ids)
        return Presence(people, self.household_ids.union(household_ids), self.picked_ids | people, self.shown)

    def has_person(self, audience: Audience, person_id: int) -> bool:
        return audience.token not in self.shown or person_id in self.person_ids


def _numbers(data: QueryDict, name: str) -> frozenset[int]:
    parts = (part.strip() for value in data.getlist(name) for part in value.split(","))
    numbers = frozenset(int(part) for part in parts if is_record_number(part))
    if len(numbers) > settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:
        # Lists like "1,2,3" pass the limit of fields; SQLite as it is built by default fails over 32,766 values.
        raise TooManyFieldsSent(name)
    return numbers


def audiences_sent(data: QueryDict) -> list[Audience]:
    """The audiences that a page sends as `doi-tuong`."""
    found = (Audience.parse(token) for token in data.getlist("doi-tuong"))
    return [audience for audience in dict.fromkeys(found) if audience]


def audiences_with(
    user: User, day: date, person_ids: Collection[int], household_ids: Collection[int]
) -> list[Audience]:
    """The classes, groups and villages that these people and households belong to on a day. At most two queries."""
    people = Membership.objects.recorded_by(user).on(day).filter(person_id__in=person_ids).order_by()
    rows = people.values_list("unit_id", "group", "class_name").distinct() if person_ids else []
    found = {Audience(unit, group, name if group == Group.PUPIL else "") for unit, group, name in rows}
    if household_ids:
        homes = Household.objects.recorded_by(user).on(day).filter(pk__in=household_ids).order_by()
        found |= {
            Audience(village, Group.HOUSEHOLD) for village in homes.values_list("village_id", flat=True).distinct()
        }
    return sorted(found, key=_order)


def audiences_of(user: User, unit: Unit, day: date) -> list[Audience]:
    """The classes and groups of a unit on a day, pupils last; a village has its households. At most two queries."""
    rows = Membership.objects.recorded_by(user).on(day).filter(unit=unit).order_by()
    found = {
        Audience(unit.pk, g, c if g == Group.PUPIL else "")
        for g, c in rows.values_list("group", "class_name").distinct()
    }
    if unit.is_village and Household.objects.recorded_by(user).on(day).filter(village=unit).exists():
        found.add(Audience(unit.pk, Group.HOUSEHOLD))
    return sorted(found, key=_order)


def _order(audience: Audience) -> tuple[bool, bool, str, int]:
    """Classes first and by name: the lesson in one's own class is what is recorded most."""
    is_class = audience.group == Group.PUPIL
    return (not is_class, not audience.class_name, _class_key(audience.class_name), Group.values.index(audience.group))


def _class_key(class_name: str) -> str:
    """4A before 10A: the grade as a number."""
    digits = class_name[: len(class_name) - len(class_name.lstrip("0123456789"))]
    return f"{digits:0>3}{sort_key(class_name)}" if digits else f"999{sort_key(class_name)}"


def roster_blocks(user: User, day: date, audiences: Sequence[Audience], presence: Presence) -> list[RosterBlock]:
    """The blocks of these audiences in their order, then the people picked one by one who are in none of them.

    A class comes with everybody ticked, households with nobody. Audiences out of reach give an empty block.
    At most four queries, however many audiences.
    """
    units = Unit.objects.visible_to(user).in_bulk({audience.unit_id for audience in audiences})
    known = [audience for audience in dict.fromkeys(audiences) if audience.unit_id in units]
    blocks = {a: RosterBlock(a, f"{a.label} - {units[a.unit_id].name}") for a in known}
    _fill_people(blocks, user, day, presence)
    _fill_households(blocks, user, day, presence)
    listed = {row.pk for block in blocks.values() if block.field_name == "nguoi" for row in block.rows}
    picked = _picked_block(user, day, presence, presence.picked_ids - listed)
    return [*blocks.values(), *picked]


def _fill_people(blocks: dict[Audience, RosterBlock], user: User, day: date, presence: Presence) -> None:
    wanted = [audience.members for audience in blocks if not audience.is_households]
    if not wanted:
        return
    for row in _people(user, day).filter(reduce(or_, wanted)):
        audience = Audience(row.unit_id, row.group, row.class_name if row.group == Group.PUPIL else "")
        if audience in blocks:
            is_present = presence.has_person(audience, row.person_id)
            note = _born(row) if row.group == Group.PUPIL else row.class_name
            blocks[audience].rows.append(RosterRow(row.person_id, row.person.full_name, note, is_present))


def _people(user: User, day: date):  # type: ignore[no-untyped-def]  # a queryset of memberships with their persons
    return (
        Membership.objects.recorded_by(user)
        .on(day)
        .select_related("person")
        .only("person__full_name", "person__birth_date", "unit_id", "group", "class_name")
        .order_by("person__sort_key", "pk")
    )


def _born(row: Membership) -> str:
    """Tells two children of one name in one class apart."""
    return f"{row.person.birth_date:%d/%m/%Y}" if row.person.birth_date else ""


def _fill_households(blocks: dict[Audience, RosterBlock], user: User, day: date, presence: Presence) -> None:
    villages = {audience.unit_id: audience for audience in blocks if audience.is_households}
    if not villages:
        return
    for home in Household.objects.recorded_by(user).on(day).filter(village_id__in=villages).in_order():
        is_present = home.pk in presence.household_ids
        row = RosterRow(home.pk, home.head_name, home.address, is_present)
        blocks[villages[home.village_id]].rows.append(row)


def _picked_block(user: User, day: date, presence: Presence, person_ids: Collection[int]) -> Iterable[RosterBlock]:
    if not person_ids:
        return
    block = RosterBlock(None, PICKED)
    seen: set[int] = set()
    for row in _people(user, day).select_related("person", "unit").filter(person_id__in=person_ids):
        if row.person_id not in seen:
            seen.add(row.person_id)
            is_present = row.person_id in presence.person_ids
            note = f"{row.class_name} {row.unit.name}".strip()
            block.rows.append(RosterRow(row.person_id, row.person.full_name, note, is_present))
    if block.rows:
        yield block
