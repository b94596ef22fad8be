"""The kinds of lists that can be taken over: how each is understood, what its rows mean, who has such lists.

Apps to the right register their own kinds with `register_kind` in AppConfig.ready().
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Protocol

from django import forms

from accounts.models import User
from campaigns.importers.understanding import Answers, Layout
from campaigns.importers.writing import Writer
from campaigns.models import Unit
from hbs_portal.lib.importing import Outcome, ReadRow, SourceRow
from hbs_portal.lib.text import fold, nfc


@dataclass(frozen=True)
class Leaver:
    """Somebody (or a household) that was on the list before and is missing in the file; `place` is the class."""

    pk: int
    name: str
    place: str


class NotUndoneError(Exception):
    """Nothing was taken back; the text names what stands on the import and says what to do."""


def row_key(row: SourceRow) -> str:
    """The name of a row in Answers.decisions."""
    return f"{row.sheet}!{row.number}"


class KindPlan:
    """What the rows of one list mean to the database; a plan serves one check or one apply.

    Subclasses give `compare` and `write` (see hbs_portal.lib.importing.Plan); `write` goes through `self.writer`, whose
    log is how the import is taken back.
    """

    layout: ClassVar[Layout | None] = None

    def __init__(self) -> None:
        self.writer = Writer()

    def reason_to_leave_out(self, row: SourceRow) -> str | None:
        """The status column decides: of "Đang học" and "Đã chuyển trường" only the first is on the list."""
        status = nfc(str(row.data.get("status") or ""))
        present = self.layout.present if self.layout else ()
        return f"Trạng thái “{status}”" if status and present and not fold(status).startswith(present) else None

    def compare(self, rows: Sequence[ReadRow]) -> Any:
        """Yield what each row does: Outcome, RowError or Doubt."""
        raise NotImplementedError

    def write(self, outcomes: Sequence[Outcome]) -> None:
        """Write new and changed rows; runs inside the transaction."""
        raise NotImplementedError

    def leavers(self, wrong_rows: Sequence[SourceRow]) -> list[Leaver]:
        """Who is missing in the file; asked after `compare`. Most kinds propose nobody."""
        return []

    def end(self, ids: Collection[int], last_day: date | None) -> int:
        """End what stands under these ids of `leavers`; gives their number."""
        raise NotImplementedError


class PlanMaker(Protocol):
    def __call__(
        self, *, actor: User | None, unit: Unit, effective_on: date, answers: Answers, activity_id: int | None
    ) -> KindPlan: ...


@dataclass(frozen=True)
class Subject:
    """The one record that a list is about: its unit and day are those of the import; `words` name it on the page."""

    unit_id: int
    day: date
    words: str


@dataclass(frozen=True)
class KindSpec:
    """A kind of list. `unit_kinds`: the kinds of units that have such a list (empty: every unit).

    `undo` takes an import back, given its undo steps: within a transaction, raising NotUndoneError where it cannot.
    `shown`: the fields of a row by which the pages name it. `things`: "học sinh", as in "3 học sinh".
    `subject`: for a kind that belongs to one record (an activity), what the upload page says of it; None for a record
    that the person may not change. `afterwards`: what to do once such a list was applied, as a sentence.
    """

    kind: str
    label: str
    things: str
    layout: Layout
    row_form: type[forms.Form]
    plan: PlanMaker
    undo: Callable[[Unit, date, Mapping[str, Any]], None] | None = None
    unit_kinds: tuple[str, ...] = ()
    shown: tuple[str, ...] = ("full_name", "birth_date", "class_name", "code")
    max_rows: int = 10_000
    subject: Callable[[User, int], Subject | None] | None = None
    afterwards: str = ""


_KINDS: dict[str, KindSpec] = {}


def register_kind(spec: KindSpec) -> KindSpec:
    """Make a kind known to services, pages and the command line, however often an app is made ready; returns it."""
    _KINDS[spec.kind] = spec
    return spec


def kind_spec(kind: str) -> KindSpec:
    """Return the kind of this name. Raises KeyError."""
    return _KINDS[kind]


def kinds() -> list[KindSpec]:
    """Return all kinds in the order in which they were registered."""
    return list(_KINDS.values())


def kinds_of_unit(unit: Unit) -> list[KindSpec]:
    """Return the kinds of lists that a unit of its kind has."""
    return [spec for spec in _KINDS.values() if not spec.unit_kinds or unit.kind in spec.unit_kinds]
