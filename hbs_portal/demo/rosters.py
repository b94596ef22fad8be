"""About 400 staff, 3,000 pupils and 4,000 households, all invented."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from campaigns.choices import Gender, Group, Source, UnitKind
from campaigns.models import FigureSource, Household, Membership, Person, Unit
from hbs_portal.demo.commune import DemoCommune
from hbs_portal.demo.names import invent_name

SCHOOL_YEAR = date(2025, 9, 5)
NEW_SCHOOL_YEAR = date(2026, 9, 5)
LAST_SCHOOL_DAY = date(2026, 5, 31)
HOUSEHOLDS_BY_VILLAGE = (412, 386, 355, 348, 340, 331, 326, 318, 310, 302, 298, 274)
CLASS_SIZE = 35
#: Staff by unit kind: managers, teachers, other staff (schools); officials, workers (the rest).
SCHOOL_STAFF = {
    UnitKind.PRESCHOOL: (2, 19, 4),
    UnitKind.PRIMARY: (2, 29, 4),
    UnitKind.LOWER_SECONDARY: (2, 32, 4),
    UnitKind.PRIMARY_LOWER_SECONDARY: (3, 42, 5),
}
OTHER_STAFF = {UnitKind.OFFICE: (12, 3), UnitKind.UNION: (3, 0), UnitKind.LEARNING_CENTRE: (2, 2)}
CLASSES = {
    UnitKind.PRIMARY: [f"{grade}{letter}" for grade in range(1, 6) for letter in "ABC"] + ["5D"],
    UnitKind.LOWER_SECONDARY: [f"{grade}{letter}" for grade in range(6, 10) for letter in "ABC"],
    UnitKind.PRIMARY_LOWER_SECONDARY: [f"{grade}{letter}" for grade in range(1, 10) for letter in "AB"][:14],
}
#: The one unit that has no list yet and declares its figures.
DECLARING_UNIT = "HNCT"


@dataclass
class Rosters:
    """Who is on the lists: rows of (person, membership) by unit code; households by village code."""

    staff: dict[str, list[Membership]] = field(default_factory=dict)
    classes: dict[tuple[str, str], list[Membership]] = field(default_factory=dict)
    households: dict[str, list[Household]] = field(default_factory=dict)


def build_rosters(demo: DemoCommune, random: Random) -> Rosters:
    """Fills the lists of every unit but the declaring one."""
    rosters = Rosters()
    rows = [row for unit in demo.units.values() for row in _members(unit, random)]
    _give_codes([row.person for row in rows], random)
    Person.objects.bulk_create([row.person for row in rows], batch_size=500)
    Membership.objects.bulk_create(rows, batch_size=500)
    for row in rows:
        if row.group == Group.PUPIL:
            rosters.classes.setdefault((row.unit.code, row.class_name), []).append(row)
        else:
            rosters.staff.setdefault(row.unit.code, []).append(row)
    _households(demo, random, rosters)
    _declared_source(demo.units[DECLARING_UNIT])
    return rosters


def _members(unit: Unit, random: Random) -> Iterator[Membership]:
    for group, count in _staff_numbers(unit):
        for _ in range(count):
            age = timedelta(days=random.randint(24 * 365, 58 * 365))
            yield _member(unit, random, group, birth_date=SCHOOL_YEAR - age, starts_on=date(2025, 7, 1))
    for class_name in CLASSES.get(unit.kind, []):
        yield from _class(unit, class_name, random)


def _staff_numbers(unit: Unit) -> list[tuple[str, int]]:
    if unit.code == DECLARING_UNIT:
        return []
    if unit.kind in SCHOOL_STAFF:
        groups = (Group.MANAGER, Group.TEACHER, Group.SCHOOL_STAFF)
        return list(zip(groups, SCHOOL_STAFF[unit.kind], strict=True))
    return list(zip((Group.OFFICIAL, Group.WORKER), OTHER_STAFF.get(unit.kind, (0, 0)), strict=True))


def _class(unit: Unit, class_name: str, random: Random) -> Iterator[Membership]:
    """A class of 35; now and then somebody left in summer or came in September."""
    grade = int(class_name[:-1])
    for _ in range(CLASS_SIZE):
        birth_date = date(2025 - grade - 5, 1, 1) + timedelta(days=random.randrange(365))
        left = LAST_SCHOOL_DAY if random.random() < 0.012 else None
        came = NEW_SCHOOL_YEAR if left is None and random.random() < 0.015 else SCHOOL_YEAR
        yield _member(unit, random, Group.PUPIL, birth_date, came, class_name, left)


def _member(
    unit: Unit,
    random: Random,
    group: str,
    birth_date: date,
    starts_on: date,
    class_name: str = "",
    ends_on: date | None = None,
) -> Membership:
    is_female = random.random() < (0.5 if group == Group.PUPIL else 0.7)
    person = Person(
        commune_id=unit.commune_id,
        full_name=invent_name(random, is_female=is_female),
        birth_date=birth_date,
        gender=Gender.FEMALE if is_female else Gender.MALE,
    )
    reason = "Chuyển trường" if ends_on else ""
    return Membership(
        commune_id=unit.commune_id,
        person=person,
        unit=unit,
        group=group,
        class_name=class_name,
        starts_on=starts_on,
        ends_on=ends_on,
        end_reason=reason,
    )


def _give_codes(people: list[Person], random: Random) -> None:
    """Ten digits that begin with 00, so that nobody takes them for a real code."""
    for person, number in zip(people, random.sample(range(10**8), len(people)), strict=True):
        person.code = f"00{number:08d}"
        person.set_keys()


def _households(demo: DemoCommune, random: Random, rosters: Rosters) -> None:
    villages = demo.of_kind(UnitKind.VILLAGE)
    for village, count in zip(villages, HOUSEHOLDS_BY_VILLAGE, strict=True):
        rosters.households[village.code] = [_household(village, number, random) for number in range(1, count + 1)]
    rows = [row for households in rosters.households.values() for row in households]
    Household.objects.bulk_create(rows, batch_size=500)


def _household(village: Unit, number: int, random: Random) -> Household:
    household = Household(
        commune_id=village.commune_id,
        village=village,
        code=f"{village.code}-{number:04d}",
        head_name=invent_name(random, is_female=random.random() < 0.3),
        address=f"Ngõ {random.randint(1, 40)}, {village.name}",
        member_count=random.randint(1, 7),
        is_poor=random.random() < 0.04,
        starts_on=date(2025, 7, 1),
    )
    household.set_keys()
    return household


def _declared_source(unit: Unit) -> None:
    for group in (Group.OFFICIAL, Group.WORKER):
        FigureSource.objects.create(commune_id=unit.commune_id, unit=unit, group=group, source=Source.DECLARED)
