"""The cleaned rows of a checked file, kept beside it: applying need not read and understand the file once more.

Only what the portal needs of each row is in there. The file goes when the upload goes.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from campaigns.importers.examining import Checked
from campaigns.models import RosterImport
from hbs_portal.lib.importing import ReadRow, SourceRow


def rows_file(upload: Path) -> Path:
    """Where the rows of an upload stand."""
    return upload.with_name(f"{upload.name}.rows.json")


def keep_rows(roster_import: RosterImport, checked: Checked) -> None:
    """Write the rows of a check beside its kept upload, and their SHA-256 into its report."""
    if not roster_import.file:
        return
    places: dict[int, int] = {}
    headings: list[Mapping[str, str]] = []
    for row in checked.rows:
        if places.setdefault(id(row.source.headings), len(headings)) == len(headings):
            headings.append(row.source.headings)
    content = json.dumps(
        {
            "headings": headings,
            "rows": [[*_source(row.source), places[id(row.source.headings)], row.cleaned] for row in checked.rows],
            "wrong": [_source(row) for row in checked.unreadable],
        },
        default=_plain,
        ensure_ascii=False,
    ).encode()
    rows_file(Path(roster_import.file.path)).write_bytes(content)
    roster_import.report["rows_sha256"] = hashlib.sha256(content).hexdigest()


def kept_rows(roster_import: RosterImport) -> tuple[list[ReadRow], list[SourceRow]] | None:
    """Return the valid and the unreadable rows as they were checked; None where they are not kept unchanged."""
    path = rows_file(Path(roster_import.file.path))
    content = path.read_bytes() if path.exists() else b""
    if hashlib.sha256(content).hexdigest() != roster_import.report.get("rows_sha256"):
        return None
    kept = json.loads(content, object_hook=_revived)
    headings = kept["headings"]
    valid = [
        ReadRow(SourceRow(sheet, number, data, headings[place]), cleaned)
        for sheet, number, data, place, cleaned in kept["rows"]
    ]
    return valid, [SourceRow(*source) for source in kept["wrong"]]


def _source(row: SourceRow) -> list[Any]:
    return [row.sheet, row.number, dict(row.data)]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    raise TypeError(f"{type(value)} cannot be kept")


def _revived(found: dict[str, Any]) -> Any:
    if len(found) == 1:
        if "date" in found:
            return date.fromisoformat(found["date"])
        if "datetime" in found:
            return datetime.fromisoformat(found["datetime"])
    return found
