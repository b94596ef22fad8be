"""Frozen figures ("chốt số liệu"): what they were, on which records they stood, and a seal that shows any change."""

from django.db import models
from django.utils import timezone

from accounts.models import AppendOnly, AppendOnlyQuerySet, User
from campaigns.models import Campaign, Unit
from reports.models.periods import ReportingPeriod


class SnapshotQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user: User) -> "SnapshotQuerySet":
        """The office and the leaders of the commune; the content is never fetched with a list."""
        if not (user.scope.commune_id and user.scope.reads_commune):
            return self.none()
        return self.filter(commune_id=user.scope.commune_id)

    def without_content(self) -> "SnapshotQuerySet":
        return self.defer("content")


class Snapshot(AppendOnly):
    """All figures of a campaign at two clocks (rule G5), written once.

    `content` is the zlib-compressed canonical JSON that reports.snapshots writes and reads; `sha256` is the digest of
    that JSON before compression. People and households stand in it by number only.
    """

    commune = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="snapshots")
    number = models.PositiveIntegerField("Số")
    name = models.CharField("Tên", max_length=150)
    note = models.CharField("Ghi chú", max_length=300, blank=True)
    as_of = models.DateField("Phát sinh đến")
    approved_by = models.DateField("Được duyệt đến")
    period = models.ForeignKey(
        ReportingPeriod, verbose_name="Kỳ báo cáo", on_delete=models.PROTECT, null=True, blank=True,
        related_name="snapshots",
    )  # fmt: skip
    taken_at = models.DateTimeField("Chốt lúc", default=timezone.now)
    taken_by = models.ForeignKey(User, verbose_name="Người chốt", on_delete=models.PROTECT, null=True, related_name="+")
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = "lần chốt số liệu"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["campaign", "number"], name="snapshot_numbered")]

    def __str__(self) -> str:
        return f"{self.code} - {self.name}"

    @property
    def code(self) -> str:
        """How papers name it: "2026-03"; unique within the campaign."""
        return f"{self.campaign.code}-{self.number:03d}"
