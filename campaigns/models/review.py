"""The life of a record that counts: draft, submitted, returned or approved (rules H1, H3, G5).

An approval is an interval: it holds from `approved_on` to the day before `ended_on`. A change of an approved record is
a row of its own that `replaces` the old one (rule H2); the old one counts until the new one is approved, and a reading
of an earlier day still finds it.
"""

from datetime import date
from typing import Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from campaigns.choices import RecordStatus
from hbs_portal.lib.constraints import one_of

Record = TypeVar("Record", bound=models.Model)
#: The approved version of a record, or a new record on its way: of these there is one where the rule says one. A new
#: version on its way stands beside the one that it is to replace; a version that ended leaves its day to others.
HOLDS = Q(status="APPROVED") | Q(replaces__isnull=True, status__in=["DRAFT", "SUBMITTED", "RETURNED"])


def official_on(day: date, prefix: str = "") -> Q:
    """The approval held at the end of that day; `prefix` leads to the reviewed record ("activity__")."""
    return Q(**{f"{prefix}approved_on__lte": day}) & _later_or_never(f"{prefix}ended_on", day)


def counted_on(day: date, prefix: str = "") -> Q:
    """It was official or waited on that day (rule H1); a version whose revision was sent by then gives way to it."""
    unsent = [RecordStatus.DRAFT, RecordStatus.RETURNED]
    sent = Q(**{f"{prefix}submitted_on__lte": day}) & ~Q(**{f"{prefix}status__in": unsent})
    return sent & _later_or_never(f"{prefix}ended_on", day) & _later_or_never(f"{prefix}revised_on", day)


def _later_or_never(field: str, day: date) -> Q:
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gt": day})


class ReviewedQuerySet(models.QuerySet[Record]):
    def official(self, approved_by: date) -> "ReviewedQuerySet[Record]":
        """Approved on or before `approved_by`, and not withdrawn or replaced by then (second clock of rule G5)."""
        return self.filter(official_on(approved_by))

    def provisional(self, approved_by: date) -> "ReviewedQuerySet[Record]":
        """Official ones and those that waited on that day (rule H1); drafts and returned ones never count."""
        return self.filter(counted_on(approved_by))

    def current(self) -> Self:
        """What people work with: every record but the earlier versions that a newer one took the place of."""
        return self.exclude(status=RecordStatus.REPLACED)

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
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="revision"
    )
    change_reason = models.CharField("Lý do sửa", max_length=300, blank=True, editable=False)
    revised_on = models.DateField(null=True, editable=False)
    ended_on = models.DateField("Hết hiệu lực từ", null=True, editable=False)
    end_reason = models.CharField("Lý do rút duyệt", max_length=500, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True
        constraints = [
            one_of("status", RecordStatus.values, "%(class)s_status_known"),
            models.CheckConstraint(
                condition=~Q(status__in=["APPROVED", "REPLACED", "WITHDRAWN"])
                | Q(approved_on__isnull=False, submitted_on__isnull=False, decided_by__isnull=False),
                name="%(class)s_approved_has_clock",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["REPLACED", "WITHDRAWN"], ended_on__isnull=False, approved_on__isnull=False)
                | (~Q(status__in=["REPLACED", "WITHDRAWN"]) & Q(ended_on__isnull=True)),
                name="%(class)s_ended_has_day",
            ),
            models.CheckConstraint(
                condition=Q(approved_on__isnull=True) | Q(status__in=["APPROVED", "REPLACED", "WITHDRAWN"]),
                name="%(class)s_clock_only_if_approved",
            ),
            models.CheckConstraint(
                condition=~Q(status="WITHDRAWN") | ~Q(end_reason=""),
                name="%(class)s_withdrawn_has_reason",
                violation_error_message="Hãy ghi lý do rút duyệt.",
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
    def is_revision(self) -> bool:
        """A new version of a record that was approved before (rule H2)."""
        return self.replaces_id is not None

    @property
    def is_official(self) -> bool:
        return self.status == RecordStatus.APPROVED
