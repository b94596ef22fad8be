"""Managers and teachers confirm the digital platforms they use (target K2)."""

from django.db import models

from accounts.models import User
from campaigns.models import Campaign, Person, ReviewedRecord, Unit
from campaigns.models.review import HOLDS, ReviewedQuerySet


class Platform(models.Model):
    """An entry of the editable catalogue of digital platforms."""

    commune = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    name = models.CharField("Nền tảng số", max_length=120)
    is_active = models.BooleanField("Đang dùng", default=True)
    position = models.PositiveSmallIntegerField("Thứ tự", default=100)

    class Meta:
        verbose_name = "nền tảng số"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "name"],
                name="platform_name_unique",
                violation_error_message="Nền tảng này đã có trong danh mục.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class PlatformUseQuerySet(ReviewedQuerySet["PlatformUse"]):
    def visible_to(self, user: User) -> "PlatformUseQuerySet":
        rows = self.filter(commune_id=user.scope.commune_id) if user.scope.commune_id else self.none()
        return rows if user.scope.reads_commune else rows.filter(unit_id__in=user.scope.unit_ids)

    def editable_by(self, user: User) -> "PlatformUseQuerySet":
        rows = self.visible_to(user)
        return rows if user.scope.has("OFFICER") else rows.filter(unit_id__in=user.scope.recording_unit_ids)


class PlatformUse(ReviewedRecord):
    """One person's confirmation: which platforms, since when. Attending a class does not prove use."""

    commune = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="platform_uses")
    person = models.ForeignKey(
        Person, verbose_name="Người xác nhận", on_delete=models.PROTECT, related_name="platform_uses"
    )
    unit = models.ForeignKey(Unit, verbose_name="Đơn vị", on_delete=models.PROTECT, related_name="+")
    platforms = models.ManyToManyField(Platform, verbose_name="Nền tảng số đang dùng", related_name="uses")
    confirmed_on = models.DateField("Ngày xác nhận")

    objects = PlatformUseQuerySet.as_manager()

    class Meta:
        verbose_name = "xác nhận sử dụng nền tảng số"
        ordering = ["-confirmed_on", "-pk"]
        constraints = [
            *ReviewedRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["campaign", "person"],
                condition=HOLDS,
                name="platform_use_once",
                violation_error_message="Người này đã có xác nhận trong chiến dịch. Hãy mở bản đã có.",
            ),
        ]
        indexes = [models.Index(fields=["commune", "campaign", "status"], name="platform_use_counted")]

    def __str__(self) -> str:
        return f"{self.person} xác nhận dùng nền tảng số"
