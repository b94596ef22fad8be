"""Declared running totals: the numerator of units without a roster (rules G1, G3)."""

from django.db import models

from accounts.models import User
from campaigns.choices import Group
from campaigns.models import ReviewedRecord, Target, Unit
from campaigns.models.review import HOLDS, ReviewedQuerySet
from hbs_portal.lib.constraints import one_of


class RunningTotalQuerySet(ReviewedQuerySet["RunningTotal"]):
    def visible_to(self, user: User) -> "RunningTotalQuerySet":
        rows = self.filter(commune_id=user.scope.commune_id) if user.scope.commune_id else self.none()
        return rows if user.scope.reads_commune else rows.filter(unit_id__in=user.scope.unit_ids)

    def editable_by(self, user: User) -> "RunningTotalQuerySet":
        rows = self.visible_to(user)
        return rows if user.scope.has("OFFICER") else rows.filter(unit_id__in=user.scope.recording_unit_ids)


class RunningTotal(ReviewedRecord):
    """How many of a group a unit declares as reached since the beginning, as of a day. One series a unit."""

    commune = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey(Target, verbose_name="Chỉ tiêu", on_delete=models.PROTECT, related_name="running_totals")
    unit = models.ForeignKey(Unit, verbose_name="Đơn vị", on_delete=models.PROTECT, related_name="running_totals")
    group = models.CharField("Nhóm", max_length=15, choices=Group.choices)
    as_of = models.DateField("Luỹ kế đến ngày")
    value = models.PositiveIntegerField("Số luỹ kế")
    note = models.CharField("Ghi chú", max_length=300, blank=True)

    objects = RunningTotalQuerySet.as_manager()

    class Meta:
        verbose_name = "số luỹ kế khai báo"
        ordering = ["-as_of", "-pk"]
        constraints = [
            *ReviewedRecord.Meta.constraints,
            one_of("group", Group.values, "running_total_group_known"),
            models.UniqueConstraint(
                fields=["target", "unit", "group", "as_of"],
                condition=HOLDS,
                name="running_total_one_series",
                violation_error_message="Đơn vị đã có số luỹ kế của ngày này. Hãy sửa số đã có.",
            ),
        ]
        indexes = [models.Index(fields=["commune", "target", "as_of"], name="running_total_latest")]

    def __str__(self) -> str:
        return f"{self.unit}: {self.value} {self.get_group_display().lower()} đến {self.as_of:%d/%m/%Y}"
