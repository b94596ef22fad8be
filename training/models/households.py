"""The household check of five basic skills (target K4, rule E2)."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from campaigns.models import Campaign, Household, Person, ReviewedRecord, Unit
from campaigns.models.review import HOLDS, ReviewedQuerySet

SKILL_FIELDS = ("public_services", "online_shopping", "digital_payment", "self_protection", "other_platforms")


class HouseholdCheckQuerySet(ReviewedQuerySet["HouseholdCheck"]):
    def visible_to(self, user: User) -> "HouseholdCheckQuerySet":
        rows = self.filter(commune_id=user.scope.commune_id) if user.scope.commune_id else self.none()
        return rows if user.scope.reads_commune else rows.filter(household__village_id__in=user.scope.unit_ids)

    def editable_by(self, user: User) -> "HouseholdCheckQuerySet":
        rows = self.visible_to(user)
        if user.scope.has("OFFICER"):
            return rows
        return rows.filter(household__village_id__in=user.scope.recording_unit_ids)

    def passed(self) -> "HouseholdCheckQuerySet":
        """At least one member has all five basic skills."""
        return self.filter(**dict.fromkeys(SKILL_FIELDS, True))


class HouseholdCheck(ReviewedRecord):
    """On one day, what the member who knows most of it could do."""

    commune = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="household_checks")
    household = models.ForeignKey(
        Household, verbose_name="Hộ gia đình", on_delete=models.PROTECT, related_name="checks"
    )
    member = models.ForeignKey(
        Person,
        verbose_name="Thành viên được kiểm tra",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="household_checks",
    )
    checked_on = models.DateField("Ngày kiểm tra")
    public_services = models.BooleanField("Dịch vụ công trực tuyến", default=False)
    online_shopping = models.BooleanField("Mua bán trực tuyến", default=False)
    digital_payment = models.BooleanField("Thanh toán số", default=False)
    self_protection = models.BooleanField("Tự bảo vệ trên mạng", default=False)
    other_platforms = models.BooleanField("Dùng nền tảng số khác", default=False)
    note = models.CharField("Ghi chú", max_length=300, blank=True)

    objects = HouseholdCheckQuerySet.as_manager()

    class Meta:
        verbose_name = "kiểm tra hộ"
        ordering = ["-checked_on", "-pk"]
        constraints = [
            *ReviewedRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["household", "checked_on"],
                condition=HOLDS,
                name="household_check_one_a_day",
                violation_error_message="Hộ này đã được kiểm tra trong ngày. Hãy sửa bản đã có.",
            ),
        ]
        indexes = [
            models.Index(fields=["commune", "campaign", "status"], name="household_check_counted"),
            models.Index(
                fields=["commune", "household"],
                condition=Q(status="APPROVED"),
                name="household_check_passed",
            ),
            models.Index(fields=["commune", "member"], name="household_check_of_member"),
        ]

    def __str__(self) -> str:
        return f"Kiểm tra hộ {self.household}"

    @property
    def skill_count(self) -> int:
        return sum(getattr(self, name) for name in SKILL_FIELDS)

    @property
    def is_passed(self) -> bool:
        return self.skill_count == len(SKILL_FIELDS)
