"""What stands on people and households in the rooms to the right of this one, asked without knowing them.

An app to the right registers its questions in its AppConfig.ready(): a change of the roster that would pull the ground
from under its records is then refused, and when two entries of one person become one, its records move along.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

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


@dataclass(frozen=True)
class Ground:
    """People and households of a commune that are about to go; `since`: only records from that day on (None: any)."""

    commune_id: int
    person_ids: Collection[int] = ()
    household_ids: Collection[int] = ()
    since: date | None = None


#: What was recorded about any of them, in words ("hoạt động “Ngày hội” ngày 10/10/2026"), a fixed number of queries.
Records = Callable[[Ground], list[str]]

_records: list[Records] = []


def register_records(records: Records) -> None:
    """Adds a question about many at once, however often the app is made ready."""
    if records not in _records:
        _records.append(records)


def records_on(ground: Ground) -> list[str]:
    """What was recorded about these people and households, in words; the same for any number of them."""
    return [text for records in _records for text in records(ground)]


class Mover(Protocol):
    """Takes an app's records of one person to another when two entries become one, and back."""

    name: str

    def move(self, *, commune_id: int, kept_id: int, absorbed_id: int) -> dict[str, Any]:
        """Moves what is recorded about `absorbed_id`; gives what `move_back` needs, as plain values for JSON."""

    def move_back(self, *, commune_id: int, kept_id: int, absorbed_id: int, moved: dict[str, Any]) -> None:
        """Puts everything back as it was; records made since stay where they are."""


_movers: dict[str, Mover] = {}


def register_mover(mover: Mover) -> None:
    """Adds a mover once, however often the app is made ready."""
    _movers[mover.name] = mover


def movers() -> list[Mover]:
    return list(_movers.values())
