"""Importing a list in two phases with one function: check (nothing is written) and apply (all or nothing).

A row is a Django Form. What the rows mean to the database is a `Plan`, written by the app that owns the rows:

    report = run_import(rows, PupilRowForm, PupilPlan(school=school), apply=False)

A caller that has more to say between the phases (decisions, leavers) calls `check_rows` and `plan.write` itself, in one
transaction. It ties both phases to one file with `sha256_of`.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import Any, Protocol

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms.utils import ErrorDict

from hbs_portal.lib.text import date_short

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
        return RowError(self.sheet, self.number, self.headings.get(field_name, ""), _shown(value), reason)


def _shown(value: Any) -> str:
    """A cell as its sheet shows it: a whole number has no ".0", a day stands as 05/09/2016."""
    if value is None:
        return ""
    if isinstance(value, date):
        return date_short(value)
    is_whole = isinstance(value, float) and value.is_integer()
    return str(int(value) if is_whole else value)[:_SHOWN_CHARACTERS]


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


@dataclass(frozen=True)
class Candidate:
    """Something in the database that a row may mean: its id, and the words by which a person knows it."""

    pk: int
    label: str


@dataclass(frozen=True)
class Doubt:
    """A row that may mean something known already: never merged silently, a person decides."""

    row: ReadRow
    candidates: tuple[Candidate, ...]
    why: str


@dataclass
class CheckReport:
    """What an import would do, or did when `applied`; with any error or open doubt nothing was written.

    `wrong_rows` are the rows with errors; `warnings` are told and keep nothing back.
    """

    new: list[Outcome] = field(default_factory=list)
    changed: list[Outcome] = field(default_factory=list)
    unchanged: list[Outcome] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    warnings: list[RowError] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    wrong_rows: list[SourceRow] = field(default_factory=list)
    applied: bool = False

    @property
    def folded_errors(self) -> list[FoldedError]:
        return fold_errors(self.errors)

    @property
    def folded_warnings(self) -> list[FoldedError]:
        return fold_errors(self.warnings)

    @property
    def writes(self) -> list[Outcome]:
        """The outcomes that change the database."""
        return self.new + self.changed

    @property
    def can_be_applied(self) -> bool:
        return not self.errors and not self.doubts and bool(self.writes)

    def add(self, outcome: Outcome) -> None:
        lists = {OutcomeKind.NEW: self.new, OutcomeKind.CHANGED: self.changed, OutcomeKind.UNCHANGED: self.unchanged}
        lists[outcome.kind].append(outcome)


class Plan(Protocol):
    """What rows mean to the database. Each method works on all rows at once, so that queries do not grow with rows."""

    def reason_to_leave_out(self, row: SourceRow) -> str | None:
        """Return why a row is not taken over (asked before it is validated), or None."""

    def compare(self, rows: Sequence[ReadRow]) -> Iterable[Outcome | RowError | Doubt]:
        """Compare valid rows with the database and with each other; a clash is returned as `row.source.error(…)`."""

    def write(self, outcomes: Sequence[Outcome]) -> None:
        """Write new and changed rows and their audit entry; runs inside the transaction."""


def run_import(rows: Iterable[SourceRow], form_class: type[forms.Form], plan: Plan, *, apply: bool) -> CheckReport:
    """Check `rows`, and with `apply` also write them; returns the same report either way.

    All errors are collected; with any of them nothing is written. Comparing and writing share one transaction, so
    what is written was compared with what the database holds at that moment. Errors of `plan.write` roll all back.
    """
    with transaction.atomic() if apply else nullcontext():
        report = check_rows(rows, form_class, plan)
        if apply and report.can_be_applied:
            plan.write(report.writes)
            report.applied = True
    return report


def check_rows(rows: Iterable[SourceRow], form_class: type[forms.Form], plan: Plan) -> CheckReport:
    """Read and compare `rows`; writes nothing. Errors are in the order of the sheet."""
    report = CheckReport()
    return compare_rows(read_rows(rows, form_class, plan, report), plan, report)


def read_rows(
    rows: Iterable[SourceRow], form_class: type[forms.Form], plan: Plan, report: CheckReport
) -> list[ReadRow]:
    """Return the rows whose forms are valid; the others go into `report` with all that is wrong or told of them."""
    reader = _RowReader(form_class)
    valid = []
    for row in rows:
        if reason := plan.reason_to_leave_out(row):
            report.left_out.append(LeftOut(row.sheet, row.number, reason))
            continue
        cleaned, errors, warnings = reader.read(row)
        report.warnings += warnings
        if errors:
            report.errors += errors
            report.wrong_rows.append(row)
        else:
            valid.append(ReadRow(row, cleaned))
    return valid


def compare_rows(rows: Sequence[ReadRow], plan: Plan, report: CheckReport) -> CheckReport:
    """Put what each valid row does into `report`, which is also returned."""
    sources = {(row.source.sheet, row.source.number): row.source for row in rows}
    for result in plan.compare(rows):
        if isinstance(result, RowError):
            report.errors.append(result)
            report.wrong_rows.append(sources[result.sheet, result.row])
        elif isinstance(result, Doubt):
            report.doubts.append(result)
        else:
            report.add(result)
    report.errors.sort(key=lambda error: (error.sheet, error.row))
    return report


class _RowReader:
    """One form for all rows of an import: making a form and its bound fields costs more than cleaning the values.

    What comes out is what a new form of each row would have cleaned: row forms have no prefix, files, disabled fields.
    """

    def __init__(self, form_class: type[forms.Form]) -> None:
        form = form_class(data={})
        self.form: Any = form
        self.fields = [
            (name, one, one.widget.value_from_datadict, getattr(form, f"clean_{name}", None))
            for name, one in form.fields.items()
        ]

    def read(self, row: SourceRow) -> tuple[dict[str, Any], list[RowError], list[RowError]]:
        """Return what the form cleaned, what is wrong, and what it warns of (`form.warnings`: field name, sentence)."""
        form = self.form
        form.data, form.cleaned_data, form.warnings, form._errors = dict(row.data), {}, [], ErrorDict()
        for name, form_field, value_of, clean in self.fields:
            try:
                form.cleaned_data[name] = form_field.clean(value_of(form.data, {}, name))
                if clean is not None:
                    form.cleaned_data[name] = clean()
            except ValidationError as error:
                form.add_error(name, error)
        form._clean_form()
        errors = [row.error(name, str(text)) for name, texts in form.errors.items() for text in texts]
        return form.cleaned_data, errors, [row.error(name, text) for name, text in form.warnings]
