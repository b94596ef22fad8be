"""Signals against formality ("dấu hiệu cần kiểm tra") that somebody looked into. A signal is never an accusation."""

from django.db import models
from django.utils import timezone

from accounts.models import User
from campaigns.models import Campaign, Unit
from hbs_portal.lib.constraints import one_of


class SignalKind(models.TextChoices):
    SAME_TOTALS = "SAME_TOTALS", "Số người có mặt lặp lại giống nhau"
    TRAINER_TWICE = "TRAINER_TWICE", "Một người hướng dẫn ở hai nơi cùng lúc"
    SAME_PHOTO = "SAME_PHOTO", "Một ảnh dùng cho nhiều bản ghi"
    ALWAYS_ALL = "ALWAYS_ALL", "Lần nào cũng có mặt đủ 100%"
    LATE_ENTRY = "LATE_ENTRY", "Ghi nhận lâu sau ngày diễn ra"
    DECLARED_JUMP = "DECLARED_JUMP", "Số khai báo tăng đột ngột"


class SignalOutcome(models.TextChoices):
    EXPLAINED = "EXPLAINED", "Có lý do chính đáng"
    CORRECTED = "CORRECTED", "Đã sửa bản ghi"
    WATCHED = "WATCHED", "Cần theo dõi thêm"


class SignalReview(models.Model):
    """What came of looking into a signal; `key` names the signal by its kind and its records, whatever the day."""

    commune = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("Dấu hiệu", max_length=15, choices=SignalKind.choices)
    key = models.CharField(max_length=64)
    outcome = models.CharField("Kết quả", max_length=10, choices=SignalOutcome.choices)
    note = models.CharField("Ghi chú", max_length=500)
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField("Xem lúc", default=timezone.now)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "kết quả xem dấu hiệu"
        constraints = [
            one_of("kind", SignalKind.values, "signal_kind_known"),
            one_of("outcome", SignalOutcome.values, "signal_outcome_known"),
            models.UniqueConstraint(fields=["campaign", "kind", "key"], name="signal_review_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_outcome_display()}"
