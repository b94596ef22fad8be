"""From those who are missing to the form that records something for exactly them."""

from collections.abc import Collection, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from campaigns.choices import SCHOOL_KINDS, ActivityKind, Qualifier, UnitKind
from hbs_portal.lib.text import is_record_number
from reports.pages.explanation.missing import missing_subjects
from reports.pages.explanation.question import Question
from reports.progress.numbers import grouped
from reports.selectors.subjects.recordable import households_today, people_to_confirm_today, units_of_people_today
from training.selections import MOST_CHOSEN, PARAMETER, keep_selection


class NobodyChosenError(Exception):
    """Nobody can be recorded for; the text says what to do."""


@dataclass(frozen=True, slots=True)
class ChosenSubjects:
    """Who goes to the form; `units` are theirs today, `left_out` how many of the chosen cannot be recorded today."""

    ids: frozenset[int]
    units: frozenset[int]
    left_out: int = 0


def choose(question: Question, ticked: Collection[str] | None) -> ChosenSubjects:
    """Of those found the ticked ones, all (`ticked` None) but the excluded, whom this person may record today.

    Raises NobodyChosenError.
    """
    wanted = _wanted(question, ticked)
    if not wanted:
        raise NobodyChosenError("Chưa chọn được ai. Hãy đánh dấu những người cần ghi rồi bấm lại.")
    if len(wanted) > MOST_CHOSEN:
        raise NobodyChosenError(
            f"Có {grouped(len(wanted))} mục, nhiều hơn {grouped(MOST_CHOSEN)} mục một lần ghi được. "
            "Hãy chọn một đơn vị hoặc một lớp."
        )
    units = _recordable(question, wanted)
    if not units:
        raise NobodyChosenError("Những người này không còn trong danh sách hôm nay, hoặc đã có bản ghi đang chờ duyệt.")
    return ChosenSubjects(frozenset(units), frozenset(units.values()), len(wanted) - len(units))


def _wanted(question: Question, ticked: Collection[str] | None) -> set[int]:
    rows = missing_subjects(question)
    if ticked is None:
        return {row.pk for row in rows if row.is_free}
    numbers = {int(text) for text in ticked if is_record_number(text)}
    return {row.pk for row in rows if row.pk} & numbers


def _recordable(question: Question, ids: Collection[int]) -> dict[int, int]:
    """Each of the ids that the form will take, with the unit of today."""
    user, campaign = question.user, question.reading.campaign
    if question.rule.qualifier == Qualifier.HOUSEHOLD_CHECK:
        return households_today(user, ids)
    units = units_of_people_today(user, campaign.commune_id, ids)
    if question.rule.qualifier != Qualifier.PLATFORM_USE:
        return units
    open_ids = people_to_confirm_today(user, campaign, ids)
    return {pk: unit_id for pk, unit_id in units.items() if pk in open_ids}


def form_address(question: Question, chosen: ChosenSubjects, session: MutableMapping[str, Any]) -> str:
    """The form for the chosen; who they are is kept in the session."""
    if question.rule.qualifier == Qualifier.HOUSEHOLD_CHECK:
        return _address("training:household_check_record", {PARAMETER: keep_selection(session, homes=chosen.ids)})
    key = keep_selection(session, people=chosen.ids)
    if question.rule.qualifier == Qualifier.PLATFORM_USE:
        return _address("training:platform_use_record", {PARAMETER: key})
    host = next(iter(chosen.units)) if len(chosen.units) == 1 else None
    return _address("training:activity_create", activity_parameters(question, host) | {PARAMETER: key})


def activity_parameters(question: Question, host_id: int | None) -> dict[str, str]:
    """A new activity that counts for the target: its kind and, where it is clear, its host."""
    kind = _usual_kind(question, host_id)
    return ({"host": str(host_id)} if host_id else {}) | ({"kind": kind} if kind else {})


def _usual_kind(question: Question, host_id: int | None) -> str:
    """Of the kinds that count, what a unit of that sort records most."""
    counting = question.rule.activity_kinds
    unit = next((row for row in question.reading.facts.units if row.id == host_id), None)
    usual: list[str] = [ActivityKind.TRAINING, ActivityKind.COMMUNICATION]
    if unit and unit.kind in SCHOOL_KINDS:
        usual.insert(0, ActivityKind.LESSON)
    if unit and unit.kind == UnitKind.VILLAGE:
        usual.insert(0, ActivityKind.SUPPORT)
    return next((str(kind) for kind in (*usual, *ActivityKind) if kind in counting), "")


def told(question: Question, chosen: ChosenSubjects) -> str:
    """What the form begins with: "Đã chọn sẵn 12 học sinh còn thiếu của chỉ tiêu K3. …"."""
    target = question.target
    lead = f"Đã chọn sẵn {grouped(len(chosen.ids))} {target.noun} còn thiếu của chỉ tiêu {target.code}."
    if not chosen.left_out:
        return lead
    return f"{lead} {grouped(chosen.left_out)} trường hợp không chọn được vì hôm nay không còn trong danh sách."


def _address(view: str, parameters: dict[str, str]) -> str:
    return f"{reverse(view)}?{urlencode(parameters)}"
