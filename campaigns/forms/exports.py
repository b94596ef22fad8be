"""Forms of lists that leave the portal: templates, and rosters with names, for which a reason is asked."""

from typing import Any

from django import forms

from accounts.exports import ReasonForm
from accounts.models import User
from campaigns.forms.imports import kind_choices
from campaigns.models import Unit
from campaigns.models.imports import RosterKind
from campaigns.roster_access import listed_units
from campaigns.services.exports import GROUPS_OF
from hbs_portal.lib.dates import local_today

PERSON_KINDS = (RosterKind.PUPILS, RosterKind.STAFF, RosterKind.RESIDENTS)


class PersonExportForm(ReasonForm):
    """Which list the people are written in: each kind has its own columns."""

    kind = forms.ChoiceField(label="Loại danh sách", choices=[(kind.value, kind.label) for kind in PERSON_KINDS])
    field_order = ("kind", "reason")

    def __init__(self, *args: Any, group: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].initial = kind_of_group(group)


class TemplateForm(forms.Form):
    """Of which kind, for which unit."""

    kind = forms.ChoiceField(label="Loại danh sách")
    unit = forms.ModelChoiceField(label="Đơn vị", queryset=Unit.objects.none(), empty_label=None)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = listed_units(user).open_on(local_today()).in_order()
        self.fields["kind"].choices = kind_choices(units, with_subjects=True)
        self.fields["unit"].queryset = units


def kind_of_group(group: str) -> str:
    """The kind of list that people of a group stand in; pupils where no group was chosen."""
    return next((kind for kind, groups in GROUPS_OF.items() if group in groups), str(RosterKind.PUPILS))
