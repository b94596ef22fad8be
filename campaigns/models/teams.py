"""Digital teams of the villages (target K6)."""

from datetime import date

from django.db import models
from django.db.models import Q

from accounts.models import User
from campaigns.models.units import Unit
from hbs_portal.lib.constraints import in_order


class DigitalTeamQuerySet(models.QuerySet["DigitalTeam"]):
    def visible_to(self, user: User) -> "DigitalTeamQuerySet":
        rows = self.filter(commune_id=user.scope.commune_id) if user.scope.commune_id else self.none()
        return rows if user.scope.reads_commune else rows.filter(village_id__in=user.scope.unit_ids)

    def active_on(self, day: date) -> "DigitalTeamQuerySet":
        return self.filter(Q(dissolved_on__isnull=True) | Q(dissolved_on__gte=day), founded_on__lte=day)


class DigitalTeam(models.Model):
    """A village's "Tổ công nghệ số cộng đồng"; it lives from its founding to its last day."""

    commune = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Unit, verbose_name="Thôn", on_delete=models.PROTECT, related_name="digital_teams")
    name = models.CharField("Tên tổ", max_length=150)
    leader_name = models.CharField("Tổ trưởng", max_length=120, blank=True)
    member_count = models.PositiveSmallIntegerField("Số thành viên", null=True, blank=True)
    decision = models.CharField("Quyết định thành lập", max_length=120, blank=True)
    founded_on = models.DateField("Ngày thành lập")
    dissolved_on = models.DateField("Ngày hoạt động cuối cùng", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = DigitalTeamQuerySet.as_manager()

    class Meta:
        verbose_name = "tổ công nghệ số cộng đồng"
        ordering = ["village__sort_key", "pk"]
        constraints = [
            in_order("founded_on", "dissolved_on", "team_dates_in_order", "Ngày kết thúc phải sau ngày thành lập."),
            models.UniqueConstraint(
                fields=["village"],
                condition=Q(dissolved_on__isnull=True),
                name="team_one_active_a_village",
                violation_error_message="Thôn đã có một tổ đang hoạt động.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_active(self, day: date) -> bool:
        return self.founded_on <= day and (self.dissolved_on is None or day <= self.dissolved_on)
