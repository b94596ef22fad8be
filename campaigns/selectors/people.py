"""What the pages of people read; each function is a fixed number of queries."""

from datetime import date

from django.db.models import Prefetch

from accounts.models import User
from campaigns.class_names import class_order
from campaigns.models import Exclusion, Membership, Person
from campaigns.models.people import PersonQuerySet
from hbs_portal.lib.text import fold


def with_memberships(people: PersonQuerySet, user: User) -> PersonQuerySet:
    """Adds `shown_memberships` to each person: those that `user` may see, the newest first (one query more)."""
    rows = Membership.objects.visible_to(user).select_related("unit").order_by("-starts_on", "-pk")
    return people.prefetch_related(Prefetch("memberships", rows, to_attr="shown_memberships"))


def exclusions_of_person(person: Person, user: User) -> list[Exclusion]:
    """When and why the person is left out of the figures (rule C8), as far as `user` may see it; the newest first."""
    rows = Exclusion.objects.visible_to(user).filter(person=person).current()
    return list(rows.select_related("unit", "target"))


def class_names(user: User) -> list[str]:
    """The classes on the rosters that `user` may see, by grade."""
    rows = Membership.objects.visible_to(user).exclude(class_name="")
    return sorted(set(rows.order_by().values_list("class_name", flat=True).distinct()), key=class_order)


def possible_duplicates(
    *, unit_id: int, commune_id: int, full_name: str, birth_date: date | None, code: str | None
) -> list[Person]:
    """People of the unit who may be the one that is being entered (rule C9): suggested, never merged.

    The same name whatever its marks and case, and the same birth date unless one of the two is unknown. Two different
    codes are two people.
    """
    name = fold(full_name)
    people = Person.objects.filter(
        commune_id=commune_id, memberships__unit_id=unit_id, search_key__startswith=name
    ).distinct()
    return [
        person
        for person in people.in_order()[:50]
        if fold(person.full_name) == name
        and (not birth_date or not person.birth_date or birth_date == person.birth_date)
        and (not code or not person.code or code == person.code)
    ]
