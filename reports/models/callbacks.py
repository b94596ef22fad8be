"""A random sample of those who count, to be called back; what they said stands beside the figure."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from campaigns.models import Campaign, Household, Person, Target, Unit
from hbs_portal.lib.constraints import one_of


class CallbackOutcome(models.TextChoices):
    PENDING = "PENDING", "Chưa gọi"
    CONFIRMED = "CONFIRMED", "Xác nhận đúng"
    DENIED = "DENIED", "Nói không đúng"
    UNREACHED = "UNREACHED", "Không liên hệ được"


class CallbackSampleQuerySet(models.QuerySet["CallbackSample"]):
    def visible_to(self, user: User) -> "CallbackSampleQuerySet":
        rows = self.filter(commune_id=user.scope.commune_id) if user.scope.commune_id else self.none()
        return rows if user.scope.reads_commune else rows.none()


class CallbackSample(models.Model):
    """Drawn at random from the numerator of a target at two clocks; the seed lets anybody draw it again."""

    commune = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="callback_samples")
    target = models.ForeignKey(Target, verbose_name="Chỉ tiêu", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        Unit, verbose_name="Đơn vị", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    as_of = models.DateField("Phát sinh đến")
    approved_by = models.DateField("Được duyệt đến")
    seed = models.BigIntegerField(editable=False)
    population = models.PositiveIntegerField("Số đã tính")
    drawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField("Rút lúc", default=timezone.now)

    objects = CallbackSampleQuerySet.as_manager()

    class Meta:
        verbose_name = "mẫu gọi lại"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"Mẫu gọi lại {self.target.code} đến {self.as_of:%d/%m/%Y}"


class CallbackEntry(models.Model):
    """One person or household of a sample, by the unit it counted in, and what came of the call."""

    commune = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    sample = models.ForeignKey(CallbackSample, on_delete=models.CASCADE, related_name="entries")
    position = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(
        "Kết quả", max_length=10, choices=CallbackOutcome.choices, default=CallbackOutcome.PENDING
    )
    note = models.CharField("Ghi chú", max_length=300, blank=True)
    called_on = models.DateField("Ngày gọi", null=True, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "người được gọi lại"
        ordering = ["sample", "position"]
        constraints = [
            one_of("outcome", CallbackOutcome.values, "callback_outcome_known"),
            models.UniqueConstraint(fields=["sample", "position"], name="callback_entry_numbered"),
            models.CheckConstraint(
                condition=Q(person__isnull=False, household__isnull=True)
                | Q(person__isnull=True, household__isnull=False),
                name="callback_person_or_household",
            ),
            models.CheckConstraint(
                condition=Q(outcome="PENDING") | Q(called_on__isnull=False), name="callback_outcome_has_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person or self.household}"
