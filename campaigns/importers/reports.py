"""The report of a check as JSON: kept with the upload until it is applied, then cut down to its counts."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from campaigns.importers.understanding import RosterReading
from hbs_portal.lib.importing import CheckReport, LeftOut, Outcome, OutcomeKind, ReadRow, RowError, SourceRow
from hbs_portal.lib.text import date_short

SHOWN_FIELDS = ("full_name", "birth_date", "class_name", "code")


def outcome_of(report: CheckReport) -> str:
    """Return "errors", "nothing" (all is as it was) or "ok"."""
    if report.errors:
        return "errors"
    return "ok" if report.writes else "nothing"


def counts_of(report: CheckReport) -> dict[str, int]:
    """Return the number of rows by what happens to them."""
    lists = {name: getattr(report, name) for name in ("new", "changed", "unchanged", "left_out", "errors")}
    return {name: len(rows) for name, rows in lists.items()}


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
            "rows": len(sheet.rows),
        }
        for sheet in reading.sheets
    ]
    return {
        "sheets": sheets,
        "hidden_sheets": list(reading.hidden_sheets),
        "other_sheets": list(reading.other_sheets),
    }


def report_as_json(report: CheckReport, reading: RosterReading) -> dict[str, Any]:
    """Return the whole report; rows carry only what the page shows of them."""
    return {
        "outcome": outcome_of(report),
        "counts": counts_of(report),
        "digest": digest_of(report.writes),
        "understood": understood(reading),
        "errors": [asdict(error) for error in report.errors],
        "left_out": [asdict(row) for row in report.left_out],
        **{
            name: [_outcome_as_json(outcome) for outcome in getattr(report, name)]
            for name in ("new", "changed", "unchanged")
        },
    }


def only_counts(stored: dict[str, Any]) -> dict[str, Any]:
    """Return a stored report without the rows: nobody's data outlives the import."""
    return {name: stored.get(name) for name in ("outcome", "counts", "understood")}


def report_from_json(stored: dict[str, Any]) -> CheckReport:
    """Return the report as the page shows it; its outcomes can be read, not written."""
    report = CheckReport(
        left_out=[LeftOut(**row) for row in stored.get("left_out", [])],
        errors=[RowError(**error) for error in stored.get("errors", [])],
    )
    for kind in OutcomeKind:
        for row in stored.get(kind, []):
            source = SourceRow(row["sheet"], row["row"], dict(enumerate(row["shown"])))  # type: ignore[arg-type]
            changes = {label: (before, after) for label, before, after in row["changes"]}
            report.add(Outcome(kind, ReadRow(source, {}), changes))
    return report


def _outcome_as_json(outcome: Outcome) -> dict[str, Any]:
    cleaned, source = outcome.row.cleaned, outcome.row.source
    return {
        "sheet": source.sheet,
        "row": source.number,
        "shown": [_shown(cleaned[name]) for name in SHOWN_FIELDS if cleaned.get(name)],
        "changes": [[label, *change] for label, change in outcome.changes.items()],
    }


def _shown(value: Any) -> str:
    return date_short(value) if isinstance(value, date) else str(value)
