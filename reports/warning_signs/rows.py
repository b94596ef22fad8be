"""What the rules are told and what they answer. Only official and waiting records, the newest version of each."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from reports.models.warning_signs import SignalKind

ACTIVITY = "hoat-dong"


class Session(NamedTuple):
    """An activity; `root_id` is its first version, which a correction does not change."""

    id: int
    root_id: int
    title: str
    host_id: int
    host: str
    starts_on: date
    ends_on: date
    trainer: str = ""
    place: str = ""
    is_face_to_face: bool = True


class Heads(NamedTuple):
    """How many of a group were at an activity, and how many of them by name; `group` is the word for people."""

    session_id: int
    group: str
    total: int
    named: int = 0


class Photo(NamedTuple):
    session_id: int
    sha256: str


class Presence(NamedTuple):
    """How many of a class (or of a group without classes) were present, and how many the list held that day."""

    session_id: int
    unit_id: int
    group: str
    class_name: str
    present: int
    listed: int


class Entry(NamedTuple):
    """A record with the day it tells of and the day it came into the portal; `kind` as in addresses."""

    kind: str
    id: int
    unit_id: int
    label: str
    on: date
    entered_on: date


class Declared(NamedTuple):
    """One running total of a series; `headcount` is the declared size of the group that day, None if unknown."""

    id: int
    target_code: str
    unit_id: int
    group: str
    as_of: date
    value: int
    headcount: int | None = None


@dataclass(frozen=True, slots=True)
class SignRows:
    """Everything the rules look at, of one campaign."""

    sessions: Mapping[int, Session] = field(default_factory=dict)
    heads: Sequence[Heads] = ()
    photos: Sequence[Photo] = ()
    presences: Sequence[Presence] = ()
    entries: Sequence[Entry] = ()
    declared: Sequence[Declared] = ()


class SignRecord(NamedTuple):
    """A record that a sign speaks of; `kind` as in addresses ("hoat-dong", "luy-ke")."""

    kind: str
    id: int
    label: str
    unit_id: int
    on: date


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing to look at. `key` names it by kind and records, whatever the day; `on` is its latest day."""

    kind: SignalKind
    key: str
    sentence: str
    unit_ids: tuple[int, ...]
    on: date
    records: tuple[SignRecord, ...]


def sign_of(kind: SignalKind, about: Iterable[object], sentence: str, records: Iterable[SignRecord]) -> Sign:
    """A sign over these records (at least one); `about` tells it from every other sign of its kind."""
    ordered = tuple(sorted(records, key=lambda record: (record.on, record.id)))
    units = tuple(dict.fromkeys(record.unit_id for record in ordered))
    return Sign(kind, key_of(kind, about), sentence, units, ordered[-1].on, ordered)


def key_of(kind: SignalKind, about: Iterable[object]) -> str:
    """64 letters that name a sign in addresses and in what was noted about it."""
    return hashlib.sha256(":".join(map(str, (kind.value, *about))).encode()).hexdigest()


def record_of(session: Session) -> SignRecord:
    return SignRecord(ACTIVITY, session.id, session.title, session.host_id, session.ends_on)


def sign_of_sessions(kind: SignalKind, about: Iterable[object], sentence: str, sessions: Iterable[Session]) -> Sign:
    """A sign that is known by its activities: with one more of them it is another sign."""
    chosen = list(sessions)
    roots = sorted(session.root_id for session in chosen)
    return sign_of(kind, (*about, *roots), sentence, map(record_of, chosen))
