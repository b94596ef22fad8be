"""The report of a check as JSON: kept with the upload until it is applied, then cut down to its counts."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from campaigns.importers.examining import Checked
from campaigns.importers.kinds import Leaver, row_key
from campaigns.importers.understanding import Question, RosterReading
from hbs_portal.lib.importing import (
    CheckReport,
    Doubt,
    LeftOut,
    Outcome,
    OutcomeKind,
    ReadRow,
    RowError,
    SourceRow,
    fold_errors,
)
from hbs_portal.lib.text import date_short

#: Rows of one tab that the page gets; the counts are those of all rows.
SHOWN_ROWS = 500
COUNTED = ("new", "changed", "unchanged", "left_out", "errors", "warnings")


def outcome_of(checked: Checked) -> str:
    """Return "asking", "errors", "nothing" (all is as it was) or "ok"."""
    if any(question.blocks for question in checked.reading.questions):
        return "asking"
    if checked.report.errors:
        return "errors"
    if checked.report.doubts:
        return "asking"
    return "ok" if checked.report.writes or checked.leavers else "nothing"


def counts_of(checked: Checked) -> dict[str, int]:
    """Return the number of rows by what happens to them; "errors" counts rows, not cells."""
    counts = {name: len(getattr(checked.report, name)) for name in COUNTED}
    counts["errors"] = len({(row.sheet, row.number) for row in checked.report.wrong_rows})
    return counts | {"duplicates": len(checked.report.doubts), "leavers": len(checked.leavers)}


def digest_of(outcomes: Sequence[Outcome]) -> str:
    """Return a SHA-256 over everything the outcomes would write: equal digests write the same."""
    lines = [
        [o.kind, o.row.source.sheet, o.row.source.number, sorted(o.row.cleaned.items()), sorted(o.changes.items())]
        for o in outcomes
    ]
    return hashlib.sha256(json.dumps(lines, default=str).encode()).hexdigest()


def understood(reading: RosterReading) -> dict[str, Any]:
    """Return what was understood of the workbook: sheets with header row, columns, rows and where the class is from."""
    sheets = [
        {
            "name": sheet.name,
            "header_row": sheet.header_row,
            "columns": dict(sheet.columns),
            "class_from": sheet.class_from,
            "unit_name": sheet.unit_name,
            "rows": len(sheet.rows),
        }
        for sheet in reading.sheets
    ]
    return {
        "sheets": sheets,
        "hidden_sheets": list(reading.hidden_sheets),
        "other_sheets": list(reading.other_sheets),
        "warnings": list(reading.warnings),
    }


def report_as_json(checked: Checked) -> dict[str, Any]:
    """Return the whole report; rows carry only what the page shows of them, and of a long tab only the first ones."""
    report, reading = checked.report, checked.reading
    return {
        "outcome": outcome_of(checked),
        "counts": counts_of(checked),
        "digest": digest_of(report.writes),
        "understood": understood(reading),
        "columns": {sheet.name: dict(sheet.columns) for sheet in reading.sheets},
        "hidden_sheets": list(reading.hidden_sheets),
        "questions": [question.as_json() for question in reading.questions],
        "errors": [asdict(error) for error in report.errors],
        "warnings": [asdict(error) for error in report.warnings[:SHOWN_ROWS]],
        "left_out": [asdict(row) for row in report.left_out[:SHOWN_ROWS]],
        "duplicates": [_doubt_as_json(doubt, checked.spec.shown) for doubt in report.doubts],
        "leavers": [{"id": one.pk, "name": one.name, "place": one.place} for one in checked.leavers],
        **{
            name: [_outcome_as_json(outcome, checked.spec.shown) for outcome in getattr(report, name)[:SHOWN_ROWS]]
            for name in ("new", "changed", "unchanged")
        },
    }


def only_counts(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stored report without the rows: nobody's data outlives the import."""
    return {name: stored[name] for name in ("outcome", "counts", "understood", "applied") if name in stored}


def report_from_json(stored: Mapping[str, Any]) -> CheckReport:
    """Return the report as the page shows it; its outcomes can be read, not written."""
    report = CheckReport(
        left_out=[LeftOut(**row) for row in stored.get("left_out", [])],
        errors=[RowError(**error) for error in stored.get("errors", [])],
        warnings=[RowError(**error) for error in stored.get("warnings", [])],
    )
    for kind in OutcomeKind:
        for row in stored.get(kind, []):
            source = SourceRow(row["sheet"], row["row"], dict(enumerate(row["shown"])))  # type: ignore[arg-type]
            changes = {label: (before, after) for label, before, after in row["changes"]}
            report.add(Outcome(kind, ReadRow(source, {}), changes))
    return report


def leavers_from_json(stored: Mapping[str, Any]) -> list[Leaver]:
    """Return who was proposed as a leaver."""
    return [Leaver(one["id"], one["name"], one["place"]) for one in stored.get("leavers", [])]


def questions_from_json(stored: Mapping[str, Any]) -> list[Question]:
    """Return what the file leaves open."""
    return [Question.from_json(one) for one in stored.get("questions", [])]


def command_json(checked: Checked, outcome: str, message: str) -> dict[str, Any]:
    """Return what `manage.py import_roster` prints; a row in doubt is not taken over without a person's word."""
    report, reading = checked.report, checked.reading
    undecided = [
        doubt.row.source.error("full_name", f"{doubt.why}: {doubt.candidates[0].label}. {DECIDE}")
        for doubt in report.doubts
    ]
    rejected = sorted([*report.errors, *undecided], key=lambda error: (error.sheet, error.row))
    return {
        "outcome": outcome,
        "kind": checked.spec.kind.lower(),
        "accepted": len(report.writes) + len(report.unchanged),
        "new": len(report.new),
        "changed": len(report.changed),
        "unchanged": len(report.unchanged),
        "left_out": [asdict(row) for row in report.left_out],
        "rejected": [asdict(error) for error in rejected],
        "warnings": [*reading.warnings, *map(_warning_text, fold_errors(report.warnings))],
        "columns": {sheet.name: dict(sheet.columns) for sheet in reading.sheets},
        "hidden_sheets": list(reading.hidden_sheets),
        "message": message,
    }


DECIDE = "Hãy nạp tệp này trên trang Nạp danh sách để chọn là người đã có hay người khác."


def _warning_text(warning: Any) -> str:
    return f"{warning.sheet}, dòng {warning.rows_text}, {warning.column}: {warning.reason}"


def _doubt_as_json(doubt: Doubt, shown: Sequence[str]) -> dict[str, Any]:
    source = doubt.row.source
    return {
        "key": row_key(source),
        "sheet": source.sheet,
        "row": source.number,
        "shown": _shown_values(doubt.row, shown),
        "candidates": [{"id": one.pk, "label": one.label} for one in doubt.candidates],
        "why": doubt.why,
    }


def _outcome_as_json(outcome: Outcome, shown: Sequence[str]) -> dict[str, Any]:
    source = outcome.row.source
    return {
        "sheet": source.sheet,
        "row": source.number,
        "shown": _shown_values(outcome.row, shown),
        "changes": [[label, *change] for label, change in outcome.changes.items()],
    }


def _shown_values(row: ReadRow, shown: Sequence[str]) -> list[str]:
    values = (row.cleaned.get(name) for name in shown)
    return [date_short(value) if isinstance(value, date) else str(value) for value in values if value]
