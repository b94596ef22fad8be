"""Photos and documents on an activity."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from campaigns.models import Unit
from hbs_portal.lib.constraints import one_of
from training.models.activities import Activity


class EvidenceKind(models.TextChoices):
    PHOTO = "PHOTO", "Ảnh"
    PDF = "PDF", "Tài liệu PDF"


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, user: User) -> "EvidenceQuerySet":
        """Evidence of a record that the person may see, and what they themselves just uploaded."""
        rows = self.filter(commune_id=user.scope.commune_id) if user.scope.commune_id else self.none()
        return rows.filter(
            Q(activity__in=Activity.objects.visible_to(user)) | Q(activity__isnull=True, uploaded_by=user)
        )

    def waiting_for(self, user: User, upload_key: str) -> "EvidenceQuerySet":
        """Files sent ahead of a form that is still being filled in."""
        return self.filter(activity__isnull=True, uploaded_by=user, upload_key=upload_key)

    def unattached_since(self, moment: datetime) -> "EvidenceQuerySet":
        """Files whose form was not saved although they came before this moment."""
        return self.filter(activity__isnull=True, uploaded_at__lt=moment)


class Evidence(models.Model):
    """A file that proves a record. `activity` is empty until the form it was sent ahead of is saved."""

    commune = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, null=True, related_name="evidence")
    kind = models.CharField(max_length=6, choices=EvidenceKind.choices)
    file = models.FileField(upload_to="evidence/%Y/%m", max_length=200)
    name = models.CharField("Tên tệp", max_length=150)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    upload_key = models.UUIDField(null=True, db_index=True)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = "minh chứng"
        ordering = ["pk"]
        constraints = [one_of("kind", EvidenceKind.values, "evidence_kind_known")]

    def __str__(self) -> str:
        return self.name
