"""Figures of units that have no roster yet (kpi-rules.md, "Declared figures")."""

from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from campaigns.choices import Group, Source
from campaigns.models.review import HOLDS, ReviewedQuerySet, ReviewedRecord
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
                condition=HOLDS,
                name="headcount_one_a_day",
                violation_error_message="Ngày này đã có số khai báo cho nhóm. Hãy sửa số đã có.",
            ),
        ]
        indexes = [models.Index(fields=["commune", "effective_on"], name="headcount_latest")]

    def __str__(self) -> str:
        return f"{self.unit}: {self.count} {self.get_group_display().lower()}"


#: A choice of source that was made without a day holds for every day.
ALWAYS = date(2000, 1, 1)


class FigureSourceQuerySet(models.QuerySet["FigureSource"]):
    def in_force(self, day: date) -> "FigureSourceQuerySet":
        """Of each unit and group the one choice that holds on that day, as chosen until now (rule G6)."""
        same = FigureSource.objects.filter(
            commune_id=OuterRef("commune_id"), unit=OuterRef("unit"), group=OuterRef("group"), effective_on__lte=day
        )
        nearer = Q(effective_on__gt=OuterRef("effective_on"))
        newer = Q(effective_on=OuterRef("effective_on"), chosen_on__gt=OuterRef("chosen_on"))
        return self.filter(~Exists(same.filter(nearer | newer)), effective_on__lte=day)


class FigureSource(models.Model):
    """The office's choice where the figures of a unit and group come from, from a day on.

    Without a row: from the roster. The choice in force on day T, as known on day K, is the last one by
    (`effective_on`, `chosen_on`) with `effective_on` <= T and `chosen_on` <= K (rules G5, G6).
    """

    commune = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, verbose_name="Đơn vị", on_delete=models.PROTECT, related_name="figure_sources")
    group = models.CharField("Nhóm", max_length=15, choices=Group.choices)
    source = models.CharField("Nguồn số liệu", max_length=10, choices=Source.choices)
    effective_on = models.DateField("Áp dụng từ ngày", default=ALWAYS)
    chosen_on = models.DateField("Chọn ngày", default=ALWAYS, editable=False)

    objects = FigureSourceQuerySet.as_manager()

    class Meta:
        verbose_name = "nguồn số liệu"
        constraints = [
            one_of("group", Group.values, "figure_source_group_known"),
            one_of("source", Source.values, "figure_source_known"),
            models.UniqueConstraint(
                fields=["unit", "group", "effective_on", "chosen_on"],
                name="figure_source_one_a_day",
                violation_error_message="Nguồn số liệu từ ngày này vừa được chọn. Hãy tải lại trang.",
            ),
        ]
        indexes = [models.Index(fields=["commune", "source"], name="figure_source_lookup")]

    def __str__(self) -> str:
        return f"{self.unit} - {self.get_group_display()}: {self.get_source_display()}"

    @property
    def is_from_the_beginning(self) -> bool:
        """Chosen without a day: it holds on every day that no dated choice takes over."""
        return self.effective_on == ALWAYS

    @property
    def chosen_day(self) -> date | None:
        """The day of the choice; None where it came with the unit and not from somebody's choice."""
        return None if self.chosen_on == ALWAYS else self.chosen_on
