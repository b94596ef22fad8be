"""The lists of this app that leave the portal, with the filters of their pages."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from accounts.access import is_admin, may_enter, reads_commune
from accounts.exports import ExportPart, ListExport, register_export
from accounts.models import User
from campaigns.current import commune_of
from campaigns.exporters.lists import (
    ACCOUNT_COLUMNS,
    TEAM_COLUMNS,
    UNIT_COLUMNS,
    account_rows,
    team_rows,
    unit_sheet_rows,
)
from campaigns.forms.accounts import AccountFilter
from campaigns.forms.exports import PersonExportForm, kind_of_group
from campaigns.forms.households import HouseholdFilter
from campaigns.forms.people import PersonFilter
from campaigns.forms.teams import TeamFilter
from campaigns.forms.units import UnitFilter
from campaigns.models import DigitalTeam, Household, Person, Unit
from campaigns.roster_access import may_read_people
from campaigns.selectors.accounts import accounts_administered_by
from campaigns.selectors.units import in_kind_order, unit_rows
from campaigns.services.exports import households_part, people_part
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.filters import chosen_in_words
from hbs_portal.lib.sheets.lists import ListBook

PEOPLE, HOUSEHOLDS, UNITS, TEAMS, ACCOUNTS = "nguoi", "ho", "don-vi", "to-cong-nghe-so", "tai-khoan"
IMPORTS_AGAIN = (("Nạp lại", "Giữ nguyên tiêu đề cột rồi nạp lại được ngay. Đơn vị không bị kết thúc khi nạp."),)


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


def read_units(user: User, query: QueryDict, _: Mapping[str, Any]) -> ExportPart:
    """The units that the page shows, by kind as there; the kinds of one commune fit into one sheet."""
    filter_form, today = UnitFilter(query), local_today()
    found = filter_form.filter(Unit.objects.visible_to(user), today)

    def add_to(book: ListBook) -> None:
        rows = unit_sheet_rows(unit_rows(in_kind_order(found), today))
        book.add_list("Đơn vị", UNIT_COLUMNS, rows, title_lines=("DANH SÁCH ĐƠN VỊ",))

    chosen = chosen_in_words(filter_form, always=("state",))
    return ExportPart(count=found.count(), chosen=chosen, add_to=add_to, notes=IMPORTS_AGAIN)


def read_teams(user: User, query: QueryDict, _: Mapping[str, Any]) -> ExportPart:
    """The digital teams that the page shows."""
    filter_form = TeamFilter(query)
    found = filter_form.filter(DigitalTeam.objects.visible_to(user), local_today())

    def add_to(book: ListBook) -> None:
        rows, title_lines = team_rows(found.select_related("village")), ("TỔ CÔNG NGHỆ SỐ CỘNG ĐỒNG",)
        book.add_list("Tổ công nghệ số", TEAM_COLUMNS, rows, title_lines=title_lines)

    return ExportPart(count=found.count(), chosen=chosen_in_words(filter_form, always=("state",)), add_to=add_to)


def read_accounts(user: User, query: QueryDict, _: Mapping[str, Any]) -> ExportPart:
    """The accounts that the administrator's page shows."""
    filter_form = AccountFilter(query, commune=commune_of(user))
    found = filter_form.filter(accounts_administered_by(user))

    def add_to(book: ListBook) -> None:
        book.add_list("Tài khoản", ACCOUNT_COLUMNS, account_rows(found), title_lines=("DANH SÁCH TÀI KHOẢN",))

    return ExportPart(count=found.count(), chosen=chosen_in_words(filter_form), add_to=add_to)


def register_own_exports() -> None:
    people = ListExport(
        key=PEOPLE,
        title="Danh sách người",
        list_url="campaigns:person_list",
        may_read=may_read_people,
        read=read_people,
        has_names=True,
        make_form=ask_kind,
    )
    register_export(people)
    for key, title, list_url, may_read, read in (
        (HOUSEHOLDS, "Danh sách hộ", "campaigns:household_list", may_read_people, read_households),
        (UNITS, "Danh sách đơn vị", "campaigns:unit_list", reads_commune, read_units),
        (TEAMS, "Danh sách tổ công nghệ số", "campaigns:team_list", may_enter, read_teams),
        (ACCOUNTS, "Danh sách tài khoản", "campaigns:account_list", is_admin, read_accounts),
    ):
        has_names = key != UNITS
        register_export(
            ListExport(key=key, title=title, list_url=list_url, may_read=may_read, read=read, has_names=has_names)
        )
