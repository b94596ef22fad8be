"""People who are not asked to take part for a while (rule C8): maternity leave, secondment and the like."""

from datetime import date

from django.db import models
from django.db.models import Q

from accounts.models import User
from campaigns.choices import ExclusionReason
from campaigns.models.campaign import Campaign, Target
from campaigns.models.people import Person
from campaigns.models.review import HOLDS, ReviewedQuerySet, ReviewedRecord
from campaigns.models.units import Unit
from hbs_portal.lib.constraints import in_order, one_of

SAME_DAY = "Người này đã có đề nghị loại trừ từ ngày đó. Hãy mở bản đã có."


class ExclusionQuerySet(ReviewedQuerySet["Exclusion"]):
    def visible_to(self, user: User) -> "ExclusionQuerySet":
        rows = self.filter(commune_id=user.scope.commune_id) if user.scope.commune_id else self.none()
        return rows if user.scope.reads_commune else rows.filter(unit_id__in=user.scope.unit_ids)

    def editable_by(self, user: User) -> "ExclusionQuerySet":
        rows = self.visible_to(user)
        return rows if user.scope.has("OFFICER") else rows.filter(unit_id__in=user.scope.recording_unit_ids)

    def on(self, day: date) -> "ExclusionQuerySet":
        """Records whose time includes that day, first and last day included."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)


class Exclusion(ReviewedRecord):
    """From a day to a day (open: until further notice) a person is left out of the counted set, with a reason.

    Without `target` it holds for every target that counts people. Figures are always shown with and without (C8).
    """

    commune = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="exclusions")
    unit = models.ForeignKey(Unit, verbose_name="Đơn vị", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, verbose_name="Người", on_delete=models.PROTECT, related_name="exclusions")
    target = models.ForeignKey(
        Target,
        verbose_name="Chỉ tiêu",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="exclusions",
        help_text="Để trống nếu không tính người này ở mọi chỉ tiêu.",
    )
    reason = models.CharField("Lý do", max_length=12, choices=ExclusionReason.choices)
    note = models.CharField("Căn cứ, ghi chú", max_length=300, blank=True)
    starts_on = models.DateField("Từ ngày")
    ends_on = models.DateField("Đến ngày", null=True, blank=True)

    objects = ExclusionQuerySet.as_manager()

    class Meta:
        verbose_name = "đề nghị loại trừ"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            *ReviewedRecord.Meta.constraints,
            one_of("reason", ExclusionReason.values, "exclusion_reason_known"),
            in_order("starts_on", "ends_on", "exclusion_dates_in_order", "Ngày kết thúc phải từ ngày bắt đầu trở đi."),
            models.UniqueConstraint(
                fields=["campaign", "person", "target", "starts_on"],
                condition=HOLDS,
                name="exclusion_once",
                violation_error_message=SAME_DAY,
            ),
            models.UniqueConstraint(
                fields=["campaign", "person", "starts_on"],
                condition=HOLDS & Q(target__isnull=True),
                name="exclusion_of_all_targets_once",
                violation_error_message=SAME_DAY,
            ),
        ]
        indexes = [models.Index(fields=["commune", "campaign", "starts_on"], name="exclusion_counted")]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_reason_display().lower()} từ {self.starts_on:%d/%m/%Y}"
