"""Figures of units that have no roster yet (kpi-rules.md, "Declared figures")."""

from django.db import models

from accounts.models import User
from campaigns.choices import Group, Source
from campaigns.models.review import ReviewedQuerySet, ReviewedRecord
from campaigns.models.units import Unit
from hbs_portal.lib.constraints import one_of


class HeadcountQuerySet(ReviewedQuerySet["Headcount"]):
    def visible_to(self, user: User) -> "HeadcountQuerySet":
        rows = self.filter(commune_id=user.scope.commune_id) if user.scope.commune_id else self.none()
        return rows if user.scope.reads_commune else rows.filter(unit_id__in=user.scope.unit_ids)

    def editable_by(self, user: User) -> "HeadcountQuerySet":
        rows = self.visible_to(user)
        return rows if user.scope.has("OFFICER") else rows.filter(unit_id__in=user.scope.recording_unit_ids)


class Headcount(ReviewedRecord):
    """Declared denominator: how many of a group a unit has, from a day on (until the next declared number)."""

    commune = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, verbose_name="Đơn vị", on_delete=models.PROTECT, related_name="headcounts")
    group = models.CharField("Nhóm", max_length=15, choices=Group.choices)
    effective_on = models.DateField("Có hiệu lực từ ngày")
    count = models.PositiveIntegerField("Số lượng")
    note = models.CharField("Ghi chú", max_length=300, blank=True)

    objects = HeadcountQuerySet.as_manager()

    class Meta:
        verbose_name = "quy mô khai báo"
        constraints = [
            *ReviewedRecord.Meta.constraints,
            one_of("group", Group.values, "headcount_group_known"),
            models.UniqueConstraint(
                fields=["unit", "group", "effective_on"],
                name="headcount_one_a_day",
                violation_error_message="Ngày này đã có số khai báo cho nhóm. Hãy sửa số đã có.",
            ),
        ]
        indexes = [models.Index(fields=["commune", "effective_on"], name="headcount_latest")]

    def __str__(self) -> str:
        return f"{self.unit}: {self.count} {self.get_group_display().lower()}"


class FigureSource(models.Model):
    """The office's choice where the figures of a unit and group come from; without a row: from the roster."""

    commune = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, verbose_name="Đơn vị", on_delete=models.PROTECT, related_name="figure_sources")
    group = models.CharField("Nhóm", max_length=15, choices=Group.choices)
    source = models.CharField("Nguồn số liệu", max_length=10, choices=Source.choices)

    class Meta:
        verbose_name = "nguồn số liệu"
        constraints = [
            one_of("group", Group.values, "figure_source_group_known"),
            one_of("source", Source.values, "figure_source_known"),
            models.UniqueConstraint(fields=["unit", "group"], name="figure_source_one"),
        ]
        indexes = [models.Index(fields=["commune", "source"], name="figure_source_lookup")]

    def __str__(self) -> str:
        return f"{self.unit} - {self.get_group_display()}: {self.get_source_display()}"
