"""Reports that were issued: files made from one snapshot, numbered by edition, never changed afterwards."""

from django.db import models
from django.utils import timezone

from accounts.models import AppendOnly, AppendOnlyQuerySet, User
from campaigns.models import Campaign, Unit
from hbs_portal.lib.constraints import one_of
from reports.models.snapshots import Snapshot


class FileFormat(models.TextChoices):
    XLSX = "XLSX", "Excel"
    DOCX = "DOCX", "Word"
    PDF = "PDF", "PDF"


class ReportState(models.TextChoices):
    PREPARED = "PREPARED", "Bản xem trước"
    ISSUED = "ISSUED", "Đã ban hành"
    REVOKED = "REVOKED", "Đã thu hồi"


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: User) -> "ReportQuerySet":
        """The office sees all of its commune, the other readers of the commune what was issued."""
        scope = user.scope
        if not (scope.commune_id and scope.has("OFFICER", "LEADER")):
            return self.none()
        rows = self.filter(commune_id=scope.commune_id)
        return rows if scope.has("OFFICER") else rows.exclude(state=ReportState.PREPARED)

    def issued(self) -> "ReportQuerySet":
        return self.filter(state=ReportState.ISSUED)


class Report(models.Model):
    """One paper of the office on one snapshot: first to look at, then issued; `edition` counts those of one subject.

    The subject is the reporting period, or the as-of day where there is none. What is printed around the figures
    (number, place, signer, recipients, the office's paragraphs) is kept in `wording` as the files have it.
    """

    commune = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="reports")
    snapshot = models.ForeignKey(Snapshot, verbose_name="Bản chốt", on_delete=models.PROTECT, related_name="reports")
    previous = models.ForeignKey(
        Snapshot, verbose_name="So với bản chốt", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    title = models.CharField("Tên báo cáo", max_length=200)
    paper_number = models.CharField("Số văn bản", max_length=60, blank=True)
    dated_on = models.DateField("Ngày văn bản", null=True, blank=True)
    edition = models.PositiveSmallIntegerField("Lần ban hành", null=True, blank=True)
    state = models.CharField(
        "Trạng thái", max_length=10, choices=ReportState.choices, default=ReportState.PREPARED, editable=False
    )
    wording = models.JSONField(default=dict, editable=False)
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    prepared_at = models.DateTimeField("Lập lúc", default=timezone.now, editable=False)
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    issued_at = models.DateTimeField("Ban hành lúc", null=True, editable=False)
    revoke_reason = models.CharField("Lý do thu hồi", max_length=300, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = "báo cáo"
        ordering = ["-pk"]
        constraints = [
            one_of("state", ReportState.values, "report_state_known"),
            models.CheckConstraint(
                condition=models.Q(state="PREPARED", issued_at__isnull=True)
                | (~models.Q(state="PREPARED") & models.Q(issued_at__isnull=False, issued_by__isnull=False)),
                name="report_issued_has_who_and_when",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="REVOKED") | ~models.Q(revoke_reason=""),
                name="report_revoked_has_reason",
                violation_error_message="Hãy ghi lý do thu hồi.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ReportFile(AppendOnly):
    """A file of a report, in one format, with the digest that anybody may compare."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="files")
    format = models.CharField("Định dạng", max_length=4, choices=FileFormat.choices)
    file = models.FileField(upload_to="reports/%Y/%m", max_length=300)
    name = models.CharField("Tên tệp", max_length=200)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField("Lập lúc", default=timezone.now)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "tệp báo cáo"
        ordering = ["pk"]
        constraints = [
            one_of("format", FileFormat.values, "report_file_format_known"),
            models.UniqueConstraint(fields=["report", "format"], name="report_file_once"),
        ]

    def __str__(self) -> str:
        return self.name


class ReportParagraph(models.Model):
    """What the office itself writes in a section of its report; kept from edition to edition."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="report_paragraphs")
    section = models.CharField("Mục", max_length=30)
    text = models.TextField("Nội dung", blank=True)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "đoạn văn của báo cáo"
        constraints = [models.UniqueConstraint(fields=["campaign", "section"], name="report_paragraph_once")]

    def __str__(self) -> str:
        return self.section
