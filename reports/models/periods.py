"""Reporting periods (rules G7, G8): from, to, deadline and mode; presets suggest them, none is built in."""

from datetime import date, timedelta

from django.db import models

from accounts.models import User
from campaigns.models import Campaign, Unit
from hbs_portal.lib.constraints import in_order, one_of


class PeriodMode(models.TextChoices):
    """What a period's report speaks of (rule G7)."""

    IN_PERIOD = "IN_PERIOD", "Số phát sinh trong kỳ"
    RUNNING_TOTAL = "RUNNING_TOTAL", "Luỹ kế từ đầu năm"


class PeriodState(models.TextChoices):
    OPEN = "OPEN", "Đang mở"
    CLOSED = "CLOSED", "Đã khóa"


class ReportingPeriodQuerySet(models.QuerySet["ReportingPeriod"]):
    def visible_to(self, user: User) -> "ReportingPeriodQuerySet":
        return self.filter(commune_id=user.scope.commune_id) if user.scope.commune_id else self.none()


class ReportingPeriod(models.Model):
    """A stretch of days that is reported on. Closing it freezes its figures; they do not move again (rule G8)."""

    commune = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="periods")
    name = models.CharField("Tên kỳ", max_length=120)
    starts_on = models.DateField("Từ ngày")
    ends_on = models.DateField("Đến ngày")
    deadline = models.DateField("Hạn nộp", null=True, blank=True)
    mode = models.CharField("Cách tính", max_length=15, choices=PeriodMode.choices, default=PeriodMode.RUNNING_TOTAL)
    state = models.CharField(
        "Trạng thái", max_length=10, choices=PeriodState.choices, default=PeriodState.OPEN, editable=False
    )
    closed_on = models.DateField("Khóa ngày", null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ReportingPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "kỳ báo cáo"
        ordering = ["starts_on", "ends_on", "pk"]
        constraints = [
            one_of("mode", PeriodMode.values, "period_mode_known"),
            one_of("state", PeriodState.values, "period_state_known"),
            in_order("starts_on", "ends_on", "period_dates_in_order", "Ngày kết thúc phải từ ngày bắt đầu trở đi."),
            in_order("ends_on", "deadline", "period_deadline_after_end", "Hạn nộp phải từ ngày kết thúc kỳ trở đi."),
            models.UniqueConstraint(
                fields=["campaign", "starts_on", "ends_on", "mode"],
                name="period_once",
                violation_error_message="Kỳ này đã có. Hãy mở kỳ đã có.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_closed(self) -> bool:
        return self.state == PeriodState.CLOSED

    @property
    def day_before(self) -> date:
        """The last day of the time before the period."""
        return self.starts_on - timedelta(days=1)

    @property
    def restates_opening(self) -> bool:
        """Whether it tells what happened in it, and something of the campaign lies before it (rule G8)."""
        return self.mode == PeriodMode.IN_PERIOD and self.day_before >= self.campaign.starts_on
