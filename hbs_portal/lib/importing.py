"""Importing a list in two phases with one function: check (nothing is written) and apply (all or nothing).

A row is a Django Form. What the rows mean to the database is a `Plan`, written by the app that owns the rows:

    report = run_import(rows, PupilRowForm, PupilPlan(school=school), apply=False)

The caller ties both phases to one file with `sha256_of`.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import Any, Protocol

from django import forms
from django.db import transaction

_SHOWN_CHARACTERS = 80


@dataclass(frozen=True)
class RowError:
    """One wrong cell: sheet name, row as Excel shows it, the column's heading, what was there, why it is wrong."""

    sheet: str
    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class FoldedError:
    """The same error of several rows, said once."""

    sheet: str
    rows: tuple[int, ...]
    column: str
    value: str
    reason: str

    @property
    def rows_text(self) -> str:
        """Rows as a person reads them: "5-7, 12"."""
        runs = [[row for _, row in run] for _, run in groupby(enumerate(self.rows), lambda pair: pair[1] - pair[0])]
        return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def fold_errors(errors: Iterable[RowError]) -> list[FoldedError]:
    """Fold errors that differ only in the row, in the order of their first rows."""
    rows: dict[tuple[str, str, str, str], set[int]] = {}
    for error in errors:
        rows.setdefault((error.sheet, error.column, error.value, error.reason), set()).add(error.row)
    return [
        FoldedError(sheet, tuple(sorted(numbers)), column, value, reason)
        for (sheet, column, value, reason), numbers in rows.items()
    ]


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hex: what was checked is what is applied."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True)
class SourceRow:
    """A row as read: `data` by form field, `headings` the column's heading by form field (for error messages)."""

    sheet: str
    number: int
    data: Mapping[str, Any]
    headings: Mapping[str, str] = field(default_factory=dict)

    def error(self, field_name: str, reason: str) -> RowError:
        """Return the error of one cell of this row; the field "__all__" means the row as a whole."""
        value = self.data.get(field_name)
        shown = "" if value is None else str(value)[:_SHOWN_CHARACTERS]
        return RowError(self.sheet, self.number, self.headings.get(field_name, ""), shown, reason)


@dataclass(frozen=True)
class ReadRow:
    """A row whose form is valid: `cleaned` is the form's cleaned_data."""

    source: SourceRow
    cleaned: dict[str, Any]


class OutcomeKind(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Outcome:
    """What a row does to the database. `changes`: field label -> (before, after). `existing`: what the plan found."""

    kind: OutcomeKind
    row: ReadRow
    changes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    existing: Any = None


@dataclass(frozen=True)
class LeftOut:
    """A row that is no mistake but is not taken over, with the reason ("Đã chuyển trường")."""

    sheet: str
    row: int
    reason: str


@dataclass
class CheckReport:
    """What an import would do, or did when `applied`; with any error nothing was written."""

    new: list[Outcome] = field(default_factory=list)
    changed: list[Outcome] = field(default_factory=list)
    unchanged: list[Outcome] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    applied: bool = False

    @property
    def folded_errors(self) -> list[FoldedError]:
        return fold_errors(self.errors)

    @property
    def writes(self) -> list[Outcome]:
        """The outcomes that change the database."""
        return self.new + self.changed

    @property
    def can_be_applied(self) -> bool:
        return not self.errors and bool(self.writes)

    def add(self, outcome: Outcome) -> None:
        lists = {OutcomeKind.NEW: self.new, OutcomeKind.CHANGED: self.changed, OutcomeKind.UNCHANGED: self.unchanged}
        lists[outcome.kind].append(outcome)


class Plan(Protocol):
    """What rows mean to the database. Each method works on all rows at once, so that queries do not grow with rows."""

    def reason_to_leave_out(self, row: SourceRow) -> str | None:
        """Return why a row is not taken over (asked before it is validated), or None."""

    def compare(self, rows: Sequence[ReadRow]) -> Iterable[Outcome | RowError]:
        """Compare valid rows with the database and with each other; a clash is returned as `row.source.error(…)`."""

    def write(self, outcomes: Sequence[Outcome]) -> None:
        """Write new and changed rows and their audit entry; runs inside the transaction."""


def run_import(rows: Iterable[SourceRow], form_class: type[forms.Form], plan: Plan, *, apply: bool) -> CheckReport:
    """Check `rows`, and with `apply` also write them; returns the same report either way.

    All errors are collected; with any of them nothing is written. Comparing and writing share one transaction, so
    what is written was compared with what the database holds at that moment. Errors of `plan.write` roll all back.
    """
    report = CheckReport()
    valid = list(_read_rows(rows, form_class, plan, report))
    with transaction.atomic() if apply else nullcontext():
        for result in plan.compare(valid):
            if isinstance(result, RowError):
                report.errors.append(result)
            else:
                report.add(result)
        report.errors.sort(key=lambda error: (error.sheet, error.row))
        if apply and report.can_be_applied:
            plan.write(report.writes)
            report.applied = True
    return report


def _read_rows(
    rows: Iterable[SourceRow], form_class: type[forms.Form], plan: Plan, report: CheckReport
) -> Iterator[ReadRow]:
    for row in rows:
        if reason := plan.reason_to_leave_out(row):
            report.left_out.append(LeftOut(row.sheet, row.number, reason))
            continue
        form = form_class(data=dict(row.data))
        if form.is_valid():
            yield ReadRow(row, form.cleaned_data)
        else:
            report.errors.extend(_errors_of(row, form))


def _errors_of(row: SourceRow, form: forms.Form) -> Iterator[RowError]:
    for field_name, messages in form.errors.items():
        for message in messages:
            yield row.error(field_name, str(message))
