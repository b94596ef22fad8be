"""The tree of units (city, commune, the rest) and the roles people hold at them."""

import re
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from campaigns.choices import SCHOOL_KINDS, Role, UnitKind
from hbs_portal.lib.constraints import in_order, one_of
from hbs_portal.lib.text import fold, sort_key


class UnitQuerySet(models.QuerySet["Unit"]):
    def visible_to(self, user: User) -> "UnitQuerySet":
        """Units of the person's commune: names of units are no secret within it."""
        return self.filter(commune_id=user.scope.commune_id) if user.scope.commune_id else self.none()

    def recorded_by(self, user: User) -> "UnitQuerySet":
        """Units for which this person enters what was done."""
        units = self.visible_to(user)
        return units if user.scope.has("OFFICER") else units.filter(pk__in=user.scope.recording_unit_ids)

    def open_on(self, day: date) -> "UnitQuerySet":
        """Rule F1: a unit exists from its opening to its closing day, both included."""
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gte=day), opened_on__lte=day)

    def schools(self) -> "UnitQuerySet":
        return self.filter(kind__in=SCHOOL_KINDS)

    def villages(self) -> "UnitQuerySet":
        return self.filter(kind=UnitKind.VILLAGE)

    def in_order(self) -> "UnitQuerySet":
        return self.order_by("position", "sort_key", "pk")


class Unit(models.Model):
    """An organisation that takes part. A COMMUNE is the tenant: every other record names it."""

    commune = models.ForeignKey(
        "self", verbose_name="Xã", on_delete=models.PROTECT, null=True, blank=True, related_name="units"
    )
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=120, db_index=True, editable=False)
    code = models.CharField("Mã đơn vị", max_length=30)
    name = models.CharField("Tên đơn vị", max_length=150)
    kind = models.CharField("Loại đơn vị", max_length=30, choices=UnitKind.choices)
    position = models.PositiveSmallIntegerField("Thứ tự", default=100)
    opened_on = models.DateField("Hoạt động từ ngày")
    closed_on = models.DateField("Ngày hoạt động cuối cùng", null=True, blank=True)
    predecessors = models.ManyToManyField(
        "self", verbose_name="Hợp nhất từ", symmetrical=False, blank=True, related_name="successors"
    )
    search_key = models.CharField(max_length=200, editable=False)
    sort_key = models.CharField(max_length=400, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "đơn vị"
        constraints = [
            one_of("kind", UnitKind.values, "unit_kind_known"),
            in_order("opened_on", "closed_on", "unit_closed_after_opened", "Ngày kết thúc phải sau ngày bắt đầu."),
            models.UniqueConstraint(
                fields=["commune", "code"],
                name="unit_code_unique_in_commune",
                violation_error_message="Mã đơn vị này đã dùng trong xã. Hãy đặt mã khác.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["CITY", "COMMUNE"], commune__isnull=True)
                | (~Q(kind__in=["CITY", "COMMUNE"]) & Q(commune__isnull=False)),
                name="unit_below_commune_names_it",
                violation_error_message="Đơn vị phải thuộc một xã.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.set_keys()
        super().save(*args, **kwargs)

    def set_keys(self) -> None:
        """Also called before an update of single fields, which knows no save()."""
        self.search_key = fold(f"{self.code} {self.name}")[:200]
        # "Thôn 2" stands before "Thôn 10".
        self.sort_key = sort_key(re.sub(r"\d+", lambda found: found[0].zfill(4), self.name))[:400]

    @property
    def tenant_id(self) -> int | None:
        """The commune this unit belongs to, itself where it is one."""
        return self.pk if self.kind == UnitKind.COMMUNE else self.commune_id

    @property
    def is_school(self) -> bool:
        return self.kind in SCHOOL_KINDS

    @property
    def is_village(self) -> bool:
        return self.kind == UnitKind.VILLAGE

    def is_open(self, day: date) -> bool:
        return self.opened_on <= day and (self.closed_on is None or day <= self.closed_on)


class UnitRole(models.Model):
    """One person's role at one unit; its reach is that unit, for a commune the whole tree."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="unit_roles")
    unit = models.ForeignKey(Unit, verbose_name="Đơn vị", on_delete=models.PROTECT, related_name="roles")
    role = models.CharField("Vai trò", max_length=20, choices=Role.choices)
    since = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = "vai trò"
        constraints = [
            one_of("role", Role.values, "unit_role_known"),
            models.UniqueConstraint(
                fields=["user", "unit", "role"],
                name="unit_role_once",
                violation_error_message="Tài khoản đã có vai trò này tại đơn vị.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} - {self.unit}"
