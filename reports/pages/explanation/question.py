"""What is asked: one target, of one unit or of the commune, by one person."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict

from accounts.models import User
from campaigns.choices import Group
from campaigns.current import current_campaign
from campaigns.models import Campaign, Target
from hbs_portal.lib.text import fold
from reports.access import may_see_unit
from reports.forms.clocks import ClockForm
from reports.forms.explanation import Asked, asked
from reports.pages.heat import applies
from reports.pages.links import Links
from reports.progress import Cell, CellState, TargetProgress, TargetRule, UnitCell
from reports.progress.facts import UnitFact
from reports.selectors import Reading, read_progress
from reports.selectors.clocks import Clocks


class NotForYouError(LookupError):
    """No such target or unit, or a unit whose figures this person does not read."""


@dataclass(frozen=True)
class Question:
    """`unit` None is the commune as a whole; `parameters` are those of the address, for paging."""

    reading: Reading
    target: Target
    unit: UnitFact | None
    user: User
    links: Links
    asked: Asked
    parameters: QueryDict

    @cached_property
    def figure(self) -> TargetProgress:
        return self.reading.progress.target(self.target.code)

    @property
    def rule(self) -> TargetRule:
        return self.figure.rule

    @cached_property
    def unit_cell(self) -> UnitCell | None:
        return next((row for row in self.figure.units if self.unit and row.unit.id == self.unit.id), None)

    @property
    def cell(self) -> Cell:
        """The figure that is explained; "không áp dụng" for a unit that is closed at the as-of date."""
        if self.unit is None:
            return self.figure.commune
        return self.unit_cell.cell if self.unit_cell else Cell(CellState.NOT_APPLICABLE)

    @cached_property
    def counted_units(self) -> dict[int, UnitCell]:
        """The units whose members make the figure; a commune's figure leaves out those without denominator (B3)."""
        if self.unit is not None:
            return {self.unit.id: self.unit_cell} if self.unit_cell and applies(self.unit_cell.cell) else {}
        units = {row.unit.id: row for row in self.figure.units if applies(row.cell)}
        known = {pk: row for pk, row in units.items() if row.cell.d is not None}
        return known or units

    @cached_property
    def unit_names(self) -> Mapping[int, str]:
        return {unit.id: unit.name for unit in self.reading.facts.units}

    @property
    def class_label(self) -> str:
        """The class or group that was asked for, in words; empty for all."""
        name = self.asked.class_name
        if not name:
            return ""
        return str(Group(name).label) if name in Group.values else f"lớp {name}"

    def may_record_for(self, unit_id: int) -> bool:
        return self.user.scope.has("OFFICER") or unit_id in self.user.scope.recording_unit_ids

    def may_open_activity(self, host_id: int | None) -> bool:
        return self.user.scope.reads_commune or host_id in self.user.scope.unit_ids

    def matches(self, search_key: str) -> bool:
        """Whether a stored search key holds every word that was typed; marks and case do not matter."""
        return all(word in search_key for word in fold(self.asked.q).split())

    @property
    def part(self) -> dict[str, str]:
        """The parameters that name the part of the missing list: unit, class and search; clocks travel by `links`."""
        asked = self.asked
        given = {"don-vi": self.unit.code if self.unit else "", "lop": asked.class_name, "q": asked.q}
        return {name: value for name, value in given.items() if value}

    @property
    def page_url(self) -> str:
        """This page with the part of the list that was asked for: where the way back leads."""
        return self.url(**{name: value for name, value in self.part.items() if name != "don-vi"})

    def act_url(self, unit_code: str, **parameters: str) -> str:
        """Where a part of the missing list is sent to, to record something for it."""
        return self.links.missing("reports:missing_act", self.target.code, **{"don-vi": unit_code, **parameters})

    def url(self, **parameters: str) -> str:
        """This page with other parameters; search and paging start anew."""
        return self.links.explain(self.target.code, self.unit.code if self.unit else "", **parameters)


def question_of(user: User, code: str, parameters: QueryDict) -> Question:
    """The question that an address asks about the person's present campaign.

    Raises NotForYouError without a campaign, for an unknown target, or a unit this person does not read.
    """
    campaign = current_campaign(user)
    if campaign is None:
        raise NotForYouError(code)
    form = ClockForm(parameters, campaign=campaign)
    return ask(user, campaign, form.clocks(), Links(form.chosen), code, asked(parameters), parameters)


def ask(
    user: User, campaign: Campaign, clocks: Clocks, links: Links, code: str, asked: Asked, parameters: QueryDict
) -> Question:
    """The question with the reading that answers it.

    Raises NotForYouError for an unknown target or a unit this person does not read.
    """
    reading = read_progress(campaign, clocks)
    target = reading.target(code)
    if target is None:
        raise NotForYouError(code)
    return Question(reading, target, unit_asked_for(reading, user, asked.unit_code), user, links, asked, parameters)


def unit_asked_for(reading: Reading, user: User, code: str) -> UnitFact | None:
    """The unit of this code, without one the person's own, None for who reads the commune.

    Raises NotForYouError.
    """
    visible = [unit for unit in reading.facts.units if may_see_unit(user, unit)]
    if code:
        found = next((unit for unit in visible if unit.code == code), None)
    elif user.scope.reads_commune:
        return None
    else:
        found = next(iter(visible), None)
    if found is None:
        raise NotForYouError(code)
    return found
