"""The audit as a list that leaves the portal."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from itertools import count, islice
from typing import Any

from django.http import QueryDict

from accounts.access import reads_audit
from accounts.changes import ReadableEntry, readable
from accounts.exports import ExportPart, ListExport, register_export
from accounts.forms import AuditFilter
from accounts.models import AuditEntry, AuditQuerySet, User
from hbs_portal.lib.sheets.lists import ListBook, ListColumn
from hbs_portal.lib.sheets.styles import ColumnKind

AUDIT = "nhat-ky"
ENTRIES_AT_ONCE = 500
COLUMNS = (
    ListColumn("STT", ColumnKind.ORDINAL, 7),
    ListColumn("Thời điểm", ColumnKind.DATE, 18),
    ListColumn("Người thực hiện", width=34),
    ListColumn("Việc", width=30),
    ListColumn("Đối tượng", width=44),
    ListColumn("Loại", width=22),
    ListColumn("Trước và sau", width=80),
)
Row = tuple[int, datetime, str, str, str, str, str]


def read_audit(user: User, query: QueryDict, _: Mapping[str, Any]) -> ExportPart:
    """The entries that the page's filter leaves, newest first."""
    entries = AuditEntry.objects.visible_to(user)
    filter_form = AuditFilter(query, entries=entries)
    found = filter_form.filter(entries)
    return ExportPart(count=found.count(), chosen=filter_form.in_words, add_to=partial(_add_to, found))


def _add_to(found: AuditQuerySet, book: ListBook) -> None:
    book.add_list("Nhật ký", COLUMNS, _rows(found), title_lines=("NHẬT KÝ",))


def _rows(found: AuditQuerySet) -> Iterator[Row]:
    """A few hundred at a time, since the names that they point to are asked for together."""
    entries = found.iterator(chunk_size=ENTRIES_AT_ONCE)
    numbers = count(1)
    while stretch := list(islice(entries, ENTRIES_AT_ONCE)):
        for told in readable(stretch):
            entry, changes = told.entry, "\n".join(_changes_in_words(told))
            yield next(numbers), entry.at, entry.actor_name, entry.action, entry.object_label, told.kind, changes


def _changes_in_words(told: ReadableEntry) -> Iterator[str]:
    for change in told.changes:
        if change.before:
            yield f"{change.label}: {change.before} → {change.after or '(trống)'}"
        else:
            yield f"{change.label}: {change.after}"


def register_audit_export() -> None:
    register_export(
        ListExport(
            key=AUDIT,
            title="Nhật ký",
            list_url="accounts:audit_list",
            may_read=reads_audit,
            read=read_audit,
            has_names=True,
        )
    )
