"""People on the rosters and where they belonged, from day to day (rules C4, C5)."""

from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from campaigns.choices import PERSON_GROUPS, Gender
from campaigns.models.units import Unit
from hbs_portal.lib.constraints import in_order, one_of
from hbs_portal.lib.text import fold, name_sort_key


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: User) -> "PersonQuerySet":
        """Everybody of the commune for its office and leaders; an editor sees who is or was in their unit."""
        people = (
            self.filter(commune_id=user.scope.commune_id, merged_into=None) if user.scope.commune_id else self.none()
        )
        if user.scope.reads_commune:
            return people
        theirs = Membership.objects.filter(
            commune_id=user.scope.commune_id, person=OuterRef("pk"), unit_id__in=user.scope.unit_ids
        )
        return people.filter(Exists(theirs))

    def in_order(self) -> "PersonQuerySet":
        return self.order_by("sort_key", "pk")


class Person(models.Model):
    """Someone on a roster. Only what the figures need: no identity card, no parents, no phone of a minor."""

    commune = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    code = models.CharField("Mã định danh", max_length=20, null=True, blank=True)
    full_name = models.CharField("Họ và tên", max_length=120)
    birth_date = models.DateField("Ngày sinh", null=True, blank=True)
    gender = models.CharField("Giới tính", max_length=6, choices=Gender.choices, blank=True)
    search_key = models.CharField(max_length=200, editable=False)
    sort_key = models.CharField(max_length=400, editable=False)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="absorbed"
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = "người"
        constraints = [
            one_of("gender", ["", *Gender.values], "person_gender_known"),
            models.UniqueConstraint(
                fields=["commune", "code"],
                name="person_code_unique_in_commune",
                violation_error_message="Mã định danh này đã có trong danh sách của xã.",
            ),
            models.CheckConstraint(condition=~Q(code=""), name="person_code_null_or_text"),
        ]
        indexes = [models.Index(fields=["commune", "sort_key"], name="person_in_order")]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args, **kwargs) -> None:
        self.set_keys()
        super().save(*args, **kwargs)

    def set_keys(self) -> None:
        """Also called before bulk_create, which knows no save()."""
        self.code = self.code or None
        self.search_key = fold(f"{self.full_name} {self.code or ''}")[:200]
        self.sort_key = name_sort_key(self.full_name)[:400]


class MembershipQuerySet(models.QuerySet["Membership"]):
    def on(self, day: date) -> "MembershipQuerySet":
        """Memberships that hold on that day, first and last day included."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)

    def visible_to(self, user: User) -> "MembershipQuerySet":
        rows = self.filter(commune_id=user.scope.commune_id) if user.scope.commune_id else self.none()
        return rows if user.scope.reads_commune else rows.filter(unit_id__in=user.scope.unit_ids)

    def recorded_by(self, user: User) -> "MembershipQuerySet":
        """Of people whom this person may put on an attendance list."""
        rows = self.filter(commune_id=user.scope.commune_id) if user.scope.commune_id else self.none()
        return rows if user.scope.has("OFFICER") else rows.filter(unit_id__in=user.scope.recording_unit_ids)


class Membership(models.Model):
    """A person belongs to a unit, in a group (and class), from a day to a day, both included."""

    commune = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    unit = models.ForeignKey(Unit, verbose_name="Đơn vị", on_delete=models.PROTECT, related_name="memberships")
    group = models.CharField("Nhóm", max_length=15, choices=[(group.value, group.label) for group in PERSON_GROUPS])
    class_name = models.CharField("Lớp", max_length=30, blank=True)
    household = models.ForeignKey(
        "campaigns.Household",
        verbose_name="Hộ",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="residents",
    )
    is_head = models.BooleanField("Chủ hộ", default=False)
    starts_on = models.DateField("Từ ngày")
    ends_on = models.DateField("Đến ngày", null=True, blank=True)
    end_reason = models.CharField("Lý do kết thúc", max_length=120, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "thời gian thuộc đơn vị"
        constraints = [
            one_of("group", [group.value for group in PERSON_GROUPS], "membership_group_known"),
            in_order("starts_on", "ends_on", "membership_dates_in_order", "Ngày kết thúc phải sau ngày bắt đầu."),
            models.UniqueConstraint(
                fields=["person", "unit", "group", "starts_on"],
                name="membership_once",
                violation_error_message="Người này đã thuộc đơn vị từ ngày đó.",
            ),
            models.UniqueConstraint(
                fields=["person", "unit", "group"],
                condition=Q(ends_on__isnull=True),
                name="membership_one_open",
                violation_error_message="Người này đang thuộc đơn vị trong nhóm này.",
            ),
        ]
        indexes = [
            # Holds the lists whole, so that who belonged when is read without the rows themselves.
            models.Index(
                fields=["commune", "unit", "group", "class_name", "starts_on", "ends_on", "person"],
                name="membership_roster",
            ),
            models.Index(fields=["commune", "group", "starts_on", "ends_on"], name="membership_group_dates"),
        ]

    def __str__(self) -> str:
        return f"{self.person} - {self.unit} ({self.get_group_display()})"
