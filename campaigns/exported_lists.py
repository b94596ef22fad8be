"""The lists of this app that leave the portal, with the filters of their pages."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from accounts.exports import ExportPart, ListExport, register_export
from accounts.models import User
from campaigns.forms.exports import PersonExportForm, kind_of_group
from campaigns.forms.households import HouseholdFilter
from campaigns.forms.people import PersonFilter
from campaigns.models import Household, Person
from campaigns.roster_access import may_read_people
from campaigns.services.exports import households_part, people_part
from hbs_portal.lib.dates import local_today

PEOPLE, HOUSEHOLDS = "nguoi", "ho"


def read_people(user: User, query: QueryDict, typed: Mapping[str, Any]) -> ExportPart:
    """The people that the page shows, of the kind that was typed, else of the kind of the chosen group."""
    filter_form = PersonFilter(query, user=user)
    people = filter_form.filter(Person.objects.visible_to(user))
    return people_part(
        kind=typed.get("kind") or kind_of_group(filter_form.chosen_group),
        memberships=filter_form.memberships(people),
        chosen=filter_form.in_words,
        as_of=filter_form.as_of,
    )


def read_households(user: User, query: QueryDict, _: Mapping[str, Any]) -> ExportPart:
    """The households that the page shows."""
    filter_form = HouseholdFilter(query, user=user)
    households = filter_form.filter(Household.objects.visible_to(user), local_today())
    return households_part(households=households, chosen=filter_form.in_words, as_of=local_today())


def ask_kind(data: QueryDict | None, user: User, query: QueryDict) -> PersonExportForm:
    """The form that asks in which kind of list the people are written."""
    return PersonExportForm(data, group=PersonFilter(query, user=user).chosen_group)


def register_own_exports() -> None:
    register_export(
        ListExport(
            key=PEOPLE,
            title="Danh sách người",
            list_url="campaigns:person_list",
            may_read=may_read_people,
            read=read_people,
            has_names=True,
            make_form=ask_kind,
        )
    )
    register_export(
        ListExport(
            key=HOUSEHOLDS,
            title="Danh sách hộ",
            list_url="campaigns:household_list",
            may_read=may_read_people,
            read=read_households,
            has_names=True,
        )
    )
