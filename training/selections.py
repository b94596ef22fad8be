"""People or households that one page chose for a form on another.

They are kept in the session under a short key: five hundred of them need no long address, and the form that opens with
`?chon=…` survives a reload and the way back.
"""

from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from django.http import HttpRequest

PARAMETER = "chon"
STORE = "selections"
#: The oldest one goes first; nobody fills in more forms than this at once.
MOST_KEPT = 8
#: A form of more rows than this is slow on a phone, and no activity has as many people by name.
MOST_CHOSEN = 2_000


@dataclass(frozen=True)
class Selection:
    """What was chosen; the form shows of it only whom the person may record on that day."""

    person_ids: frozenset[int] = frozenset()
    household_ids: frozenset[int] = frozenset()


NOTHING = Selection()


def keep_selection(session: MutableMapping[str, Any], *, people: Iterable[int] = (), homes: Iterable[int] = ()) -> str:
    """Store the chosen ids; returns the key under which `selection_of` finds them again."""
    kept = dict(list(session.get(STORE, {}).items())[1 - MOST_KEPT :])
    key = token_hex(6)
    session[STORE] = {**kept, key: {"people": sorted(people), "homes": sorted(homes)}}
    return key


def selection_of(request: HttpRequest) -> Selection | None:
    """What `?chon=…` names: NOTHING without it, None where the session does not hold it any more."""
    key = request.GET.get(PARAMETER)
    if not key:
        return NOTHING
    found = request.session.get(STORE, {}).get(key)
    return Selection(frozenset(found["people"]), frozenset(found["homes"])) if found else None
