"""What stands on a membership in the rooms to the right of this one, asked without knowing them.

An app to the right registers a question in its AppConfig.ready(); a change of the roster that would pull the ground
from under its records is then refused.
"""

from collections.abc import Callable
from datetime import date

#: (person's id, first day) -> whether anything was recorded about the person on or after that day.
Question = Callable[[int, date], bool]

_questions: list[Question] = []


def register_dependents(question: Question) -> None:
    """Adds a question once, however often the app is made ready."""
    if question not in _questions:
        _questions.append(question)


def is_depended_on(*, person_id: int, since: date) -> bool:
    """Tells whether anything was recorded about the person on or after `since`."""
    return any(question(person_id, since) for question in _questions)
