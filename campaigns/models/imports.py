"""An uploaded roster between check and apply, and afterwards its history."""

from django.db import models
from django.utils import timezone

from accounts.models import User
from campaigns.models.units import Unit
from hbs_portal.lib.constraints import one_of


class RosterKind(models.TextChoices):
    PUPILS = "PUPILS", "Học sinh"


class RosterImportState(models.TextChoices):
    CHECKED = "CHECKED", "Đã kiểm tra"
    APPLIED = "APPLIED", "Đã nạp"
    REFUSED = "REFUSED", "Có lỗi"


class RosterImportQuerySet(models.QuerySet["RosterImport"]):
    def visible_to(self, user: User) -> "RosterImportQuerySet":
        rows = self.filter(commune_id=user.scope.commune_id) if user.scope.commune_id else self.none()
        return rows if user.scope.reads_commune else rows.filter(unit_id__in=user.scope.unit_ids)


class RosterImport(models.Model):
    """One upload. What was checked is what is applied: both are tied to the SHA-256 of the stored file."""

    commune = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, verbose_name="Đơn vị", on_delete=models.PROTECT, related_name="roster_imports")
    kind = models.CharField("Loại danh sách", max_length=12, choices=RosterKind.choices)
    effective_on = models.DateField("Có mặt từ ngày")
    file = models.FileField("Tệp Excel", upload_to="imports/%Y/%m", max_length=300, blank=True)
    file_name = models.CharField("Tên tệp", max_length=200)
    sha256 = models.CharField(max_length=64)
    state = models.CharField("Trạng thái", max_length=10, choices=RosterImportState.choices)
    report = models.JSONField("Kết quả kiểm tra", default=dict)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField("Tải lên lúc", default=timezone.now)
    applied_at = models.DateTimeField("Nạp lúc", null=True, blank=True)

    objects = RosterImportQuerySet.as_manager()

    class Meta:
        verbose_name = "lần nạp danh sách"
        ordering = ["-pk"]
        constraints = [
            one_of("kind", RosterKind.values, "roster_import_kind_known"),
            one_of("state", RosterImportState.values, "roster_import_state_known"),
        ]
        indexes = [models.Index(fields=["commune", "-id"], name="roster_import_newest")]

    def __str__(self) -> str:
        return self.file_name
