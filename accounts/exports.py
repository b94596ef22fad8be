"""Lists that leave the portal as their page filters them: marked with who took them, when and why, and recorded.

Each app registers its lists when the portal starts:

    register_export(ListExport(key="nhat-ky", title="Nhật ký", list_url="accounts:audit_list", may_read=reads_audit,
        read=read_audit_part, has_names=True))

A short list is written while the person waits, a long one in the background by a job that reads it anew by the same
filters and with the rights that its owner has then.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django import forms
from django.db import transaction
from django.http import Http404, QueryDict
from django.utils import timezone

from accounts import jobs
from accounts.audit import record_audit
from accounts.models import Job, User
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.fields import ReasonField
from hbs_portal.lib.sheets.lists import ListBook
from hbs_portal.lib.text import number_text

EXPORT_JOB = "list"
#: A list of so many rows takes about a tenth of a second, with its query.
ROWS_AT_ONCE = 2_000
ACTION = "Xuất danh sách"
NOTE_SHEET = "Ghi chú"
GONE = "Danh sách này nay không còn mở được. Hãy về trang danh sách, chọn lại rồi xuất."
NOBODY = "Phần đang lọc không có dòng nào. Hãy bỏ bớt lọc."
PRIVACY = "Tệp có thông tin cá nhân: chỉ dùng vào việc đã nêu, xóa khi xong việc."


class NothingToExportError(Exception):
    """The chosen part holds nothing; the text says what to do."""


@dataclass(frozen=True)
class ExportPart:
    """The part of a list that its filters leave: how many rows, which in words, and what writes their sheets.

    `label` names the kind of list in the audit; `notes` are further lines of the sheet "Ghi chú"; `back_url` is the
    page of this part where `list_url` alone does not lead to it; `has_names` False: of a list with names this part,
    of units, has none.
    """

    count: int
    chosen: str
    add_to: Callable[[ListBook], None]
    label: str = ""
    notes: tuple[tuple[str, str], ...] = ()
    unit_id: int | None = None
    nothing: str = NOBODY
    back_url: str = ""
    has_names: bool = True


class PlainForm(forms.Form):
    """A list without names is taken without a question."""


class ReasonForm(forms.Form):
    """Why a list with names is taken out of the portal."""

    reason = ReasonField(
        label="Lý do xuất danh sách",
        help_text="Một câu, ví dụ: Rà soát danh sách lớp đầu năm học cùng giáo viên chủ nhiệm.",
    )


#: What reads a part: the person, the filters of the address, what the form asks beside the reason.
Reader = Callable[[User, QueryDict, Mapping[str, Any]], ExportPart]
FormMaker = Callable[[QueryDict | None, User, QueryDict], forms.Form]


@dataclass(frozen=True)
class ListExport:
    """A list that may be taken out by who may read its page. `make_form` asks more than the reason."""

    key: str
    title: str
    list_url: str
    may_read: Callable[[User], bool]
    read: Reader
    has_names: bool
    make_form: FormMaker | None = None

    def form(self, data: QueryDict | None, user: User, query: QueryDict) -> forms.Form:
        """The form of the page: a reason for a list with names."""
        if self.make_form:
            return self.make_form(data, user, query)
        return ReasonForm(data) if self.has_names else PlainForm(data)

    @property
    def file_name(self) -> str:
        return f"{self.title} {local_today():%d-%m-%Y}.xlsx"


_exports: dict[str, ListExport] = {}


def register_export(export: ListExport) -> None:
    """Make a list known; ValueError if another has its key."""
    if _exports.setdefault(export.key, export) != export:
        raise ValueError(f"Two lists are called {export.key}")


def export_of(key: str) -> ListExport:
    """The list of that key; KeyError if there is none."""
    return _exports[key]


@dataclass(frozen=True)
class Taking:
    """Somebody takes a part of a list out of the portal, for a reason where it has names."""

    actor: User
    export: ListExport
    part: ExportPart
    reason: str = ""


def write_export(taking: Taking, path: Path, told: Callable[[int], None] = lambda rows: None) -> None:
    """Write the workbook; `told` hears how many rows were written. The taking itself is recorded by `record_export`.

    Raises NothingToExportError, then nothing is written.
    """
    if not taking.part.count:
        raise NothingToExportError(taking.part.nothing)
    book = ListBook(told)
    taking.part.add_to(book)
    book.add_text(NOTE_SHEET, _notes(taking))
    book.save(path)


def record_export(taking: Taking) -> None:
    """Write the taking into the audit."""
    part = taking.part
    record_audit(
        actor=taking.actor,
        action=ACTION,
        label=f"{part.label or taking.export.title}: {part.chosen}",
        after={"count": part.count, "chosen": part.chosen, **({"reason": taking.reason} if taking.reason else {})},
        unit_id=part.unit_id,
    )


def start_export(*, actor: User, export: ListExport, query: QueryDict, typed: Mapping[str, Any]) -> Job:
    """Have a long list written in the background; `typed` is the form as it came in, valid."""
    arguments = {"list": export.key, "query": query.urlencode(), "typed": dict(typed)}
    return jobs.start_job(owner=actor, kind=EXPORT_JOB, title=f"{export.title} ra Excel", arguments=arguments)


def may_still_read(job: Job) -> bool:
    """Whether the owner of a job may read its list today."""
    export = _exports.get(job.arguments["list"])
    return export is not None and export.may_read(job.owner)


@jobs.job_handler(EXPORT_JOB, concerns=may_still_read)
def make_list(job: Job, progress: jobs.Progress) -> str:
    """Write the list that was asked for, as its filters leave it now, and record it once.

    Raises JobError where nothing is left in it.
    """
    export, typed = export_of(job.arguments["list"]), job.arguments["typed"]
    progress.report(0, "Đang đọc danh sách")
    part = _part_today(export, job)
    taking = Taking(job.owner, export, part, typed.get("reason", ""))
    try:
        with progress.result_file(export.file_name) as path:
            write_export(taking, path, lambda rows: progress.report_rows(rows, part.count, "Đang viết danh sách"))
            with transaction.atomic():
                if not job.arguments.get("recorded"):
                    progress.note(recorded=True)
                    record_export(taking)
    except NothingToExportError as nothing:
        raise jobs.JobError(str(nothing)) from nothing
    return f"Đã xuất {number_text(part.count)} dòng: {part.chosen}."


def _part_today(export: ListExport, job: Job) -> ExportPart:
    try:
        return export.read(job.owner, QueryDict(job.arguments["query"]), job.arguments["typed"])
    except Http404 as gone:
        raise jobs.JobError(GONE) from gone


def _notes(taking: Taking) -> list[tuple[str, str]]:
    actor, export, part, reason = taking.actor, taking.export, taking.part, taking.reason
    return [
        ("Danh sách", part.label or export.title),
        ("Phần được xuất", part.chosen),
        ("Số dòng", number_text(part.count)),
        ("Người xuất", f"{actor.full_name} ({actor.username})"),
        ("Xuất lúc", f"{timezone.localtime():%H:%M %d/%m/%Y}"),
        *([("Lý do", reason)] if reason else []),
        *part.notes,
        *([("Lưu ý", PRIVACY)] if export.has_names and part.has_names else []),
    ]
