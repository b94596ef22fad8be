"""Reports of the office as lists: two queries, whatever their number."""

from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce

from accounts.models import User
from campaigns.models import Campaign
from hbs_portal.lib.text import date_short, fold
from reports.models import Report, ReportFile
from reports.models.issued import ReportQuerySet, ReportState


def reports_of(user: User) -> ReportQuerySet:
    """The reports that this person may see, with their files; `is_superseded`: a newer edition was issued."""
    rows = Report.objects.visible_to(user).alias(subject_period=_period())
    rows = rows.annotate(is_superseded=Exists(_newer_editions()))
    related = ("campaign", "snapshot__campaign", "snapshot__period", "issued_by", "prepared_by")
    return rows.select_related(*related).defer("snapshot__content").prefetch_related("files")


def _newer_editions() -> ReportQuerySet:
    """Of the row outside: issued editions of the same subject with a greater number."""
    # In SQL nothing equals NULL: a day without a period has the period 0 on both sides.
    return (
        Report.objects.issued()
        .alias(period=_period())
        .filter(
            period=OuterRef("subject_period"),
            commune_id=OuterRef("commune_id"),
            campaign_id=OuterRef("campaign_id"),
            snapshot__as_of=OuterRef("snapshot__as_of"),
            edition__gt=OuterRef("edition"),
        )
    )


def _period() -> Coalesce:
    return Coalesce("snapshot__period_id", 0)


def released_reports(user: User) -> list[Report]:
    """Issued and revoked ones: by the day their figures reach, the newest first, then the newest edition."""
    rows = reports_of(user).exclude(state=ReportState.PREPARED)
    return list(rows.order_by("-snapshot__as_of", "-issued_at", "-pk"))


def prepared_reports(user: User) -> list[Report]:
    """Previews of the office, the newest first; none for a leader."""
    return list(reports_of(user).filter(state=ReportState.PREPARED).order_by("-pk"))


def files_of_newest_report(user: User, campaign: Campaign) -> list[ReportFile]:
    """The files of the report that was issued last and still holds, each with its report: one query."""
    newest = Report.objects.visible_to(user).issued().filter(campaign=campaign).order_by("-issued_at", "-pk")
    files = ReportFile.objects.filter(report__in=newest.values("pk")[:1]).defer("report__snapshot__content")
    related = ("campaign", "snapshot__campaign", "snapshot__period", "issued_by")
    return list(files.select_related(*(f"report__{name}" for name in related)))


def matching_reports(rows: list[Report], q: str) -> list[Report]:
    """Those whose title, number, period or snapshot holds every word; marks and case do not matter."""
    words = fold(q).split()
    return [row for row in rows if all(word in _words_of(row) for word in words)]


def _words_of(report: Report) -> str:
    snapshot = report.snapshot
    period = snapshot.period.name if snapshot.period else ""
    return fold(f"{report.title} {report.paper_number} {period} {snapshot.code} {date_short(snapshot.as_of)}")
