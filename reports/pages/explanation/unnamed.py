"""Sessions behind a figure, and the heads they told without names."""

from django.urls import reverse

from reports.pages.explanation.content import UnnamedRow
from reports.pages.explanation.question import Question
from reports.progress.flows import serving_sessions
from reports.progress.lookup import Session, look_up
from reports.selectors.subjects.activities import named_activities

#: The newest ones are what can still be completed with names.
MOST_SHOWN = 50


def sessions_in_scope(question: Question) -> list[Session]:
    """The official sessions that serve the target: of the unit as host, or all of the commune (rule C4)."""
    found = serving_sessions(question.rule, look_up(question.reading.facts))
    unit = question.unit
    return [session for session in found if unit is None or session.activity.host_id == unit.id]


def unnamed_rows(question: Question) -> tuple[UnnamedRow, ...]:
    """The newest sessions with unnamed heads of the counted groups (rules D1, D2); one query."""
    heads = {session.activity.id: _heads(question, session) for session in sessions_in_scope(question)}
    days = {session.activity.id: session.activity.on for session in sessions_in_scope(question)}
    newest = sorted((pk for pk, count in heads.items() if count), key=lambda pk: (days[pk], pk), reverse=True)
    named = named_activities(question.reading.campaign, newest[:MOST_SHOWN])
    return tuple(
        UnnamedRow(named[pk].title, named[pk].on, named[pk].host_name, heads[pk], _url(question, pk, named[pk].host_id))
        for pk in newest[:MOST_SHOWN]
        if pk in named
    )


def _heads(question: Question, session: Session) -> int:
    return sum(count for group, count in session.unnamed.items() if group in question.rule.groups)


def _url(question: Question, pk: int, host_id: int) -> str:
    return reverse("training:activity_detail", args=[pk]) if question.may_open_activity(host_id) else ""
