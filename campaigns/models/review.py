"""The life of a record that counts: draft, submitted, returned or approved (rules H1, H3, G5)."""

from datetime import date
from typing import TypeVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from campaigns.choices import RecordStatus
from hbs_portal.lib.constraints import one_of

Record = TypeVar("Record", bound=models.Model)


class ReviewedQuerySet(models.QuerySet[Record]):
    def official(self, approved_by: date) -> "ReviewedQuerySet[Record]":
        """Approved on or before `approved_by` (second clock of rule G5)."""
        return self.filter(status=RecordStatus.APPROVED, approved_on__lte=approved_by)

    def provisional(self, approved_by: date) -> "ReviewedQuerySet[Record]":
        """Official ones and those that waited on that day (rule H1); drafts and returned ones never count."""
        counted = [RecordStatus.SUBMITTED, RecordStatus.APPROVED]
        return self.filter(status__in=counted, submitted_on__lte=approved_by)

    def waiting(self) -> "ReviewedQuerySet[Record]":
        return self.filter(status=RecordStatus.SUBMITTED)


class ReviewedRecord(models.Model):
    """Base of every record that passes from the person who entered it to another who approves it."""

    status = models.CharField(
        "Trạng thái", max_length=10, choices=RecordStatus.choices, default=RecordStatus.DRAFT, editable=False
    )
    entered_by = models.ForeignKey(
        User, verbose_name="Người nhập", on_delete=models.PROTECT, related_name="+", editable=False
    )
    entered_at = models.DateTimeField("Nhập lúc", default=timezone.now, editable=False)
    submitted_at = models.DateTimeField("Gửi lúc", null=True, editable=False)
    submitted_on = models.DateField(null=True, editable=False)
    decided_by = models.ForeignKey(
        User, verbose_name="Người duyệt", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    decided_at = models.DateTimeField("Duyệt lúc", null=True, editable=False)
    approved_on = models.DateField(null=True, editable=False)
    self_approved = models.BooleanField("Tự duyệt", default=False, editable=False)
    return_reason = models.CharField("Lý do trả lại", max_length=500, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True
        constraints = [
            one_of("status", RecordStatus.values, "%(class)s_status_known"),
            models.CheckConstraint(
                condition=~Q(status="APPROVED")
                | Q(approved_on__isnull=False, submitted_on__isnull=False, decided_by__isnull=False),
                name="%(class)s_approved_has_clock",
            ),
            models.CheckConstraint(
                condition=~Q(status="SUBMITTED") | Q(submitted_on__isnull=False), name="%(class)s_submitted_has_clock"
            ),
            models.CheckConstraint(
                condition=~Q(status="RETURNED") | ~Q(return_reason=""),
                name="%(class)s_returned_has_reason",
                violation_error_message="Hãy ghi lý do trả lại.",
            ),
        ]

    @property
    def is_editable(self) -> bool:
        """A draft or a returned record is in the hands of the person who enters."""
        return self.status in (RecordStatus.DRAFT, RecordStatus.RETURNED)

    @property
    def is_waiting(self) -> bool:
        return self.status == RecordStatus.SUBMITTED

    @property
    def is_official(self) -> bool:
        return self.status == RecordStatus.APPROVED
