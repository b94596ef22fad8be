"""What a snapshot holds: the figures, the facts they were drawn from, the rules and the records behind them."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

from reports.progress.facts import Facts, TargetRule
from reports.progress.results import Progress
from reports.snapshots.canonical import ContentError, canonical_bytes, decoded, parsed

#: Goes up when old content could be misread; content of a higher number is refused.
FORMAT = 1


class RecordKind(StrEnum):
    """The records that figures stand on."""

    ACTIVITY = "activity"
    PLATFORM_USE = "platform_use"
    HOUSEHOLD_CHECK = "household_check"
    HEADCOUNT = "headcount"
    RUNNING_TOTAL = "running_total"
    EXCLUSION = "exclusion"


class RecordSource(NamedTuple):
    """A record that was official; `version` tells which of its states, `replaces_id` whose place it took (H2)."""

    kind: RecordKind
    id: int
    version: int
    on: date
    approved_on: date
    unit_id: int
    title: str = ""
    replaces_id: int | None = None


class EndedRecord(NamedTuple):
    """A record whose approval had ended: withdrawn, or `is_replaced` by a newer version (H2)."""

    kind: RecordKind
    id: int
    ended_on: date
    is_replaced: bool


class CountedBy(NamedTuple):
    """By which records a person, household or unit counts: the first ones that suffice, the last of them decides."""

    target_code: str
    subject_id: int
    kind: RecordKind
    record_ids: tuple[int, ...]
    on: date


class DeclaredSource(NamedTuple):
    """A declared head-count (`target_code` empty) or running total and its number, from a day on."""

    kind: RecordKind
    id: int
    unit_id: int
    group: str
    target_code: str
    day: date
    number: int


class ExclusionSource(NamedTuple):
    """An official exclusion (C8); `target_code` empty: from every target that counts people."""

    id: int
    person_id: int
    target_code: str
    reason: str
    starts_on: date
    ends_on: date | None


class MergedPerson(NamedTuple):
    """Two entries that turned out to be one person (C9)."""

    person_id: int
    kept_id: int


class SplitHousehold(NamedTuple):
    household_id: int
    split_from_id: int


class SessionSource(NamedTuple):
    """What papers tell of an official activity beside its figures; `topics` in their order, files by kind.

    Elderly and disadvantaged people and volunteers are head-counts: they have no names and are never added to people.
    """

    activity_id: int
    starts_on: date
    topics: tuple[str, ...] = ()
    photos: int = 0
    documents: int = 0
    elderly: int = 0
    disadvantaged: int = 0
    volunteers: int = 0


class NamedSubjects(NamedTuple):
    """People and households with a name in at least one official activity, each once (rules C1, E1)."""

    people: int
    households: int


@dataclass(frozen=True, slots=True)
class Sources:
    """The records behind the figures, by number; `named` None and no sessions: frozen before papers told of them."""

    records: Sequence[RecordSource] = ()
    ended: Sequence[EndedRecord] = ()
    counted: Sequence[CountedBy] = ()
    declared: Sequence[DeclaredSource] = ()
    exclusions: Sequence[ExclusionSource] = ()
    merged: Sequence[MergedPerson] = ()
    splits: Sequence[SplitHousehold] = ()
    sessions: Sequence[SessionSource] = ()
    named: NamedSubjects | None = None


class TargetName(NamedTuple):
    """How people call a target; its rule and the number of its version (H6) stand in the facts."""

    code: str
    short_name: str
    noun: str


@dataclass(frozen=True, slots=True)
class Content:
    """One reading of a campaign, whole: people and households stand in it by number only."""

    format: int
    campaign_code: str
    as_of: date
    approved_by: date
    names: tuple[TargetName, ...]
    facts: Facts
    progress: Progress
    sources: Sources

    def rule(self, code: str) -> TargetRule | None:
        return next((rule for rule in self.facts.rules if rule.code == code), None)

    def name(self, code: str) -> TargetName:
        return next((name for name in self.names if name.code == code), TargetName(code, code, "đối tượng"))


class Sealed(NamedTuple):
    """`content` is compressed, `sha256` the digest of what it was before."""

    content: bytes
    sha256: str


def seal(content: Content) -> Sealed:
    """The content as it is stored, with its digest."""
    data = canonical_bytes(content, Content)
    return Sealed(zlib.compress(data, 9), sha256(data).hexdigest())


def unseal(stored: bytes | memoryview, digest: str) -> Content:
    """What was sealed. Raises ContentError where a single byte differs, or the format is newer than this portal."""
    data = unpacked(stored)
    if sha256(data).hexdigest() != digest:
        raise ContentError("Nội dung không khớp với dấu niêm phong SHA-256: bản chốt đã bị sửa ngoài phần mềm.")
    plain = parsed(data)
    if not isinstance(plain, dict) or not isinstance(plain.get("format"), int) or plain["format"] > FORMAT:
        raise ContentError("Bản chốt được ghi bằng phiên bản phần mềm mới hơn. Hãy nâng cấp phần mềm rồi mở lại.")
    return decoded(plain, Content)


def unpacked(stored: bytes | memoryview) -> bytes:
    """The canonical JSON of stored content. Raises ContentError."""
    try:
        return zlib.decompress(bytes(stored))
    except zlib.error as error:
        raise ContentError("Nội dung đã chốt không giải nén được: bản chốt đã bị hỏng hoặc bị sửa.") from error
