"""Reports as the pages show them: what stands in the files, who issued them, what must be known first."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from accounts.models import User
from campaigns.models import Campaign
from hbs_portal.lib.text import date_short
from reports.exporters.edition import letterhead_of
from reports.exporters.formats import FORMATS
from reports.models import Report, ReportFile
from reports.models.issued import ReportState
from reports.selectors.issued import files_of_newest_report, matching_reports, prepared_reports, released_reports
from reports.selectors.paragraphs import paragraphs_of
from reports.services.report_files import (
    FIGURES,
    LETTERHEAD,
    PARAGRAPHS,
    WARNINGS,
    WRITERS,
    KeptFile,
    file_name,
    kept_files,
    plain_letterhead,
)

PDF = "pdf"


@dataclass(frozen=True, slots=True)
class ShownFile:
    """One format of a report; `sha256` is that of exactly these bytes."""

    kind: str
    label: str
    name: str
    path: str
    size_bytes: int
    sha256: str
    url: str


@dataclass(frozen=True)
class ShownReport:
    """A report in a list or on its page, for one person."""

    report: Report
    files: tuple[ShownFile, ...]
    is_office: bool

    @property
    def figures(self) -> str:
        return self.report.wording.get(FIGURES, "")

    @property
    def subject(self) -> str:
        """The period, else the day that the figures reach."""
        snapshot = self.report.snapshot
        return snapshot.period.name if snapshot.period else f"Số liệu đến {date_short(snapshot.as_of)}"

    @property
    def is_revoked(self) -> bool:
        return self.report.state == ReportState.REVOKED

    @property
    def is_prepared(self) -> bool:
        return self.report.state == ReportState.PREPARED

    @property
    def is_superseded(self) -> bool:
        return self.report.is_superseded and not self.is_revoked  # type: ignore[attr-defined]  # an annotation

    @property
    def is_in_force(self) -> bool:
        return self.report.state == ReportState.ISSUED and not self.is_superseded

    @property
    def may_download(self) -> bool:
        """A report that was taken back stays for the office, as a record."""
        return self.is_office or not self.is_revoked

    @property
    def pdf_url(self) -> str:
        """Where the PDF is looked at in the browser."""
        return next((f"{file.url}?xem=1" for file in self.files if file.kind == PDF), "")


def shown_report(report: Report, user: User) -> ShownReport:
    """A report of `reports_of`, with its files prefetched: no query."""
    kept = kept_files(report) if report.state == ReportState.PREPARED else report.files.all()
    return _shown_report(report, kept, is_office=user.scope.has("OFFICER"))


def _shown_report(report: Report, kept: Iterable[KeptFile | ReportFile], *, is_office: bool) -> ShownReport:
    files = {file.format.lower(): file for file in kept}
    shown = tuple(_shown(report, kind, files[kind]) for kind in WRITERS if kind in files)
    return ShownReport(report, shown, is_office=is_office)


def _shown(report: Report, kind: str, file) -> ShownFile:  # type: ignore[no-untyped-def]  # a draft or an issued one
    is_draft = isinstance(file, KeptFile)
    return ShownFile(
        kind=kind,
        label=FORMATS[kind].label,
        name=file_name(report, FORMATS[kind].suffix) if is_draft else file.name,
        path=file.path if is_draft else file.file.name,
        size_bytes=file.size_bytes,
        sha256=file.sha256,
        url=reverse("reports:report_file", args=[report.pk, kind]),
    )


@dataclass(frozen=True, slots=True)
class ReportsPage:
    """The download page: the newest report apart, unless something is looked for."""

    newest: ShownReport | None
    rows: list[ShownReport]
    prepared: list[ShownReport]
    has_any: bool


def reports_page(user: User, words: str, state: str) -> ReportsPage:
    """Every report that this person may see, in four queries whatever their number."""
    released = released_reports(user)
    rows = in_state([shown_report(row, user) for row in matching_reports(released, words)], state)
    in_force = [row for row in rows if row.is_in_force]
    newest = max(in_force, key=lambda row: (row.report.issued_at, row.report.pk), default=None)
    return ReportsPage(
        newest=None if words or state else newest,
        rows=rows if words or state else [row for row in rows if row is not newest],
        prepared=[shown_report(row, user) for row in prepared_reports(user)],
        has_any=bool(released),
    )


def shown_newest_report(user: User, campaign: Campaign) -> ShownReport | None:
    """What a leader most often comes for, in one query; None before anything was issued, and for the office."""
    files = [] if user.scope.has("OFFICER") else files_of_newest_report(user, campaign)
    return _shown_report(files[0].report, files, is_office=False) if files else None


def in_state(rows: list[ShownReport], state: str) -> list[ShownReport]:
    """Those that the filter asks for; all of them without a state."""
    wanted = {
        "hien-hanh": lambda row: row.is_in_force,
        "da-co-ban-moi": lambda row: row.is_superseded,
        "thu-hoi": lambda row: row.is_revoked,
    }.get(state, lambda row: True)
    return [row for row in rows if wanted(row)]


def preview_warnings(report: Report) -> list[str]:
    """What to know before issuing: empty places, the figures' own warnings, words that changed since the files."""
    found = []
    if not report.paper_number:
        found.append("Số văn bản còn để trống; trên giấy có chỗ để ghi tay.")
    if not report.dated_on:
        found.append("Ngày văn bản còn để trống; trên giấy có chỗ để ghi tay.")
    if report.wording.get("files") and not _has_todays_words(report):
        found.append("Nội dung hoặc thể thức đã sửa sau khi lập tệp. Bấm “Lập lại tệp” để đưa vào báo cáo.")
    return found + report.wording.get(WARNINGS, [])


def _has_todays_words(report: Report) -> bool:
    campaign: Campaign = report.campaign
    return report.wording[PARAGRAPHS] == paragraphs_of(campaign) and report.wording[LETTERHEAD] == plain_letterhead(
        letterhead_of(campaign)
    )
