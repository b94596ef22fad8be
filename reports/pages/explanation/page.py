"""The explanation page as data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.utils import timezone

from accounts.models import User
from campaigns.models import Campaign
from reports.forms.explanation import COUNTED, MISSING, NOT_COUNTED, TABS, Asked
from reports.pages.explanation import counted_people, households, not_counted_people, people, units, words
from reports.pages.explanation.callbacks import CallbackNote, callback_note
from reports.pages.explanation.content import TabContent
from reports.pages.explanation.question import Question, ask
from reports.pages.heat import applies
from reports.pages.links import Links
from reports.pages.pace import PaceBlock, pace_block
from reports.pages.tiles import Tile, commune_tile, unit_tile
from reports.pages.wording import adjusted_figure, clock_line, declared_text
from reports.selectors.clocks import Clocks

Builder = Callable[[Question], TabContent]
PEOPLE: Mapping[str, Builder] = {
    MISSING: people.missing_people,
    COUNTED: counted_people.counted_people,
    NOT_COUNTED: not_counted_people.not_counted_people,
}
HOUSEHOLDS: Mapping[str, Builder] = {
    MISSING: households.missing_households,
    COUNTED: households.counted_households,
    NOT_COUNTED: households.not_counted_households,
}
UNITS: Mapping[str, Builder] = {
    MISSING: units.missing_units,
    COUNTED: units.counted_units,
    NOT_COUNTED: units.not_counted_units,
}


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    url: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class UnitChoice:
    code: str
    name: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class ExplanationPage:
    """`numbers` are (label, number, note), `rule` (label, text); `kept` are the parameters that a search keeps.

    `act_url`, `print_url` and `export_url` name the part of the missing list that is shown.
    """

    title: str
    sentence: str
    clock_line: str
    tile: Tile
    place: str
    rule: tuple[tuple[str, str], ...]
    numbers: tuple[tuple[str, str, str], ...]
    reconciliation: str
    declared: str
    tabs: tuple[Tab, ...]
    content: TabContent
    choices: tuple[UnitChoice, ...]
    asked: Asked
    kept: Mapping[str, str]
    cleared_url: str
    today_url: str
    callbacks: CallbackNote | None
    adjusted: str
    pace: PaceBlock | None
    class_label: str
    act_url: str
    print_url: str
    export_url: str

    @property
    def is_missing_tab(self) -> bool:
        return self.asked.tab == MISSING


def explanation_page(
    user: User, campaign: Campaign, clocks: Clocks, links: Links, code: str, asked: Asked, parameters: QueryDict
) -> ExplanationPage:
    """Everything the page shows, in a number of queries that does not depend on rows.

    Raises NotForYouError for an unknown target or a unit this person does not read, ProgressError where the records
    contradict each other.
    """
    return _page(ask(user, campaign, clocks, links, code, asked, parameters))


def _page(question: Question) -> ExplanationPage:
    target, unit = question.target, question.unit
    return ExplanationPage(
        title=f"{target.code} - {target.short_name}",
        sentence=words.sentence(question),
        clock_line=clock_line(question.reading.clocks, timezone.localtime().strftime("%H:%M")),
        tile=_tile(question),
        place=unit.name if unit else "Toàn xã",
        rule=words.rule_in_words(question),
        numbers=words.numbers(question),
        reconciliation="" if unit else words.reconciliation(question.figure),
        declared=declared_text(question.cell),
        tabs=tuple(Tab(label, question.url(tab=slug), slug == question.asked.tab) for slug, label in TABS.items()),
        content=_builders(question)[question.asked.tab](question),
        choices=_choices(question),
        asked=question.asked,
        kept=_kept(question),
        cleared_url=question.url(tab=question.asked.tab),
        today_url=Links().explain(target.code, unit.code if unit else "", tab=question.asked.tab),
        callbacks=callback_note(question),
        adjusted=adjusted_figure(question.cell),
        pace=pace_block(question.reading, target, question.cell, unit),
        class_label=question.class_label,
        act_url=question.links.missing("reports:missing_act", target.code, **question.part),
        print_url=question.links.missing("reports:missing_print", target.code, **question.part),
        export_url=question.links.missing("reports:missing_export", target.code, **question.part),
    )


def _tile(question: Question) -> Tile:
    if question.unit is None:
        return commune_tile(question.target, question.figure, "")
    tier = question.unit_cell.second_tier if question.unit_cell else None
    return unit_tile(question.target, question.cell, tier, "")


def _builders(question: Question) -> Mapping[str, Builder]:
    if question.rule.counts_people:
        return PEOPLE
    return UNITS if question.rule.counts_units else HOUSEHOLDS


def _choices(question: Question) -> tuple[UnitChoice, ...]:
    """The units this person may turn to; nothing to choose where there is only one."""
    scope = question.user.scope
    found = [
        row.unit
        for row in question.figure.units
        if (scope.reads_commune or row.unit.id in scope.unit_ids) and (applies(row.cell) or row.unit == question.unit)
    ]
    if len(found) < 2 and not scope.reads_commune:
        return ()
    return tuple(UnitChoice(unit.code, unit.name, unit == question.unit) for unit in found)


def _kept(question: Question) -> dict[str, str]:
    asked = question.asked
    month = f"{asked.month[0]}-{asked.month[1]:02d}" if asked.month else ""
    given = {"don-vi": question.unit.code if question.unit else "", "tab": asked.tab, "lop": asked.class_name}
    return {name: value for name, value in {**given, "thang": month, **question.links.days}.items() if value}
