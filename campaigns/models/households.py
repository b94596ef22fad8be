"""Households of the villages (rules E1, E2)."""

from datetime import date

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from campaigns.models.units import Unit
from hbs_portal.lib.constraints import in_order
from hbs_portal.lib.text import fold, name_sort_key


class HouseholdQuerySet(models.QuerySet["Household"]):
    def visible_to(self, user: User) -> "HouseholdQuerySet":
        rows = self.filter(commune_id=user.scope.commune_id) if user.scope.commune_id else self.none()
        return rows if user.scope.reads_commune else rows.filter(village_id__in=user.scope.unit_ids)

    def recorded_by(self, user: User) -> "HouseholdQuerySet":
        rows = self.visible_to(user)
        return rows if user.scope.has("OFFICER") else rows.filter(village_id__in=user.scope.recording_unit_ids)

    def on(self, day: date) -> "HouseholdQuerySet":
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)

    def with_village_on(self, day: date | OuterRef) -> "HouseholdQuerySet":
        """Adds `village_id_on_day`: records keep the unit of their date (rule F2), also across a merger of villages.

        A day of each household's own is an `OuterRef` to its column.
        """
        moves = HouseholdMove.objects.filter(
            commune_id=OuterRef("commune_id"), household=OuterRef("pk"), until__gte=day
        )
        earlier = Subquery(moves.order_by("until", "pk").values("from_village_id")[:1])
        return self.annotate(
            village_id_on_day=Coalesce(earlier, F("village_id"), output_field=models.BigIntegerField())
        )

    def in_order(self) -> "HouseholdQuerySet":
        return self.order_by("village__sort_key", "sort_key", "pk")


class Household(models.Model):
    """A household of one village, known by its head; it exists from a day to a day, both included."""

    commune = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Unit, verbose_name="Thôn", on_delete=models.PROTECT, related_name="households")
    code = models.CharField("Mã hộ", max_length=20, null=True, blank=True)
    head_name = models.CharField("Họ và tên chủ hộ", max_length=120)
    address = models.CharField("Địa chỉ", max_length=200, blank=True)
    member_count = models.PositiveSmallIntegerField("Số nhân khẩu", null=True, blank=True)
    phone = models.CharField("Điện thoại", max_length=20, blank=True)
    is_poor = models.BooleanField("Hộ nghèo, cận nghèo", default=False)
    starts_on = models.DateField("Có từ ngày")
    ends_on = models.DateField("Đến ngày", null=True, blank=True)
    end_reason = models.CharField("Lý do kết thúc", max_length=120, blank=True)
    split_from = models.ForeignKey(
        "self", verbose_name="Tách từ hộ", on_delete=models.PROTECT, null=True, blank=True, related_name="split_off"
    )
    search_key = models.CharField(max_length=300, editable=False)
    sort_key = models.CharField(max_length=400, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = "hộ gia đình"
        constraints = [
            in_order("starts_on", "ends_on", "household_dates_in_order", "Ngày kết thúc phải sau ngày bắt đầu."),
            models.UniqueConstraint(
                fields=["commune", "code"],
                name="household_code_unique_in_commune",
                violation_error_message="Mã hộ này đã có trong danh sách của xã.",
            ),
            models.CheckConstraint(condition=~Q(code=""), name="household_code_null_or_text"),
        ]
        indexes = [models.Index(fields=["commune", "village", "sort_key"], name="household_in_order")]

    def __str__(self) -> str:
        return self.head_name

    def save(self, *args, **kwargs) -> None:
        self.set_keys()
        super().save(*args, **kwargs)

    def set_keys(self) -> None:
        """Also called before bulk_create, which knows no save()."""
        self.code = self.code or None
        self.search_key = fold(f"{self.head_name} {self.code or ''} {self.address}")[:300]
        self.sort_key = name_sort_key(self.head_name)[:400]


class HouseholdMove(models.Model):
    """Where a household was counted through `until`, before its village was merged into another."""

    commune = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="moves")
    from_village = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    until = models.DateField("Đến hết ngày")

    class Meta:
        verbose_name = "lần chuyển thôn của hộ"
        # No index by commune: SQLite would take it for each household in turn (1,170 ms against 7 for 4,000 moves).
        constraints = [models.UniqueConstraint(fields=["household", "until"], name="household_move_one_a_day")]

    def __str__(self) -> str:
        return f"{self.household} - {self.from_village}"
