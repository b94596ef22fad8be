"""Activities, who carried them out and who took part."""

from datetime import date

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import localtime

from accounts.models import User
from campaigns.choices import ActivityKind, Group, RecordStatus
from campaigns.models import Campaign, DigitalTeam, Household, Person, ReviewedRecord, Unit
from campaigns.models.review import ReviewedQuerySet
from hbs_portal.lib.constraints import in_order, one_of
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.text import fold


class Channel(models.TextChoices):
    IN_PERSON = "IN_PERSON", "Trực tiếp"
    ONLINE = "ONLINE", "Trực tuyến"
    BROADCAST = "BROADCAST", "Truyền thanh"
    SOCIAL = "SOCIAL", "Mạng xã hội, nhóm Zalo"
    MEETING = "MEETING", "Lồng ghép hội nghị, sinh hoạt"


class TopicQuerySet(models.QuerySet["Topic"]):
    def visible_to(self, user: User) -> "TopicQuerySet":
        return self.filter(commune_id=user.scope.commune_id) if user.scope.commune_id else self.none()

    def most_used_first(self, host: Unit, kind: str) -> "TopicQuerySet":
        """Those that this unit chose most often for activities of this kind, then the rest in the catalogue's order."""
        links = Activity.topics.through.objects.filter(
            topic=OuterRef("pk"),
            activity__commune_id=host.commune_id,
            activity__host=host,
            activity__kind=kind,
        )
        uses = links.order_by().values("topic").annotate(n=Count("pk")).values("n")
        return self.annotate(uses=Coalesce(Subquery(uses), 0)).order_by("-uses", "position", "pk")


class Topic(models.Model):
    """An entry of the editable catalogue of topics."""

    commune = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    name = models.CharField("Chủ đề", max_length=150)
    is_active = models.BooleanField("Đang dùng", default=True)
    position = models.PositiveSmallIntegerField("Thứ tự", default=100)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = "chủ đề"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "name"],
                name="topic_name_unique",
                violation_error_message="Chủ đề này đã có trong danh mục.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ActivityQuerySet(ReviewedQuerySet["Activity"]):
    def visible_to(self, user: User) -> "ActivityQuerySet":
        """Activities of the commune; an editor sees those that their unit hosts or co-hosts."""
        rows = self.filter(commune_id=user.scope.commune_id) if user.scope.commune_id else self.none()
        if user.scope.reads_commune:
            return rows
        joined = ActivityCoHost.objects.filter(activity=OuterRef("pk"), unit_id__in=user.scope.unit_ids)
        return rows.filter(Q(host_id__in=user.scope.unit_ids) | Exists(joined))

    def editable_by(self, user: User) -> "ActivityQuerySet":
        """Of the visible ones, those whose host this person records for (the office: all)."""
        rows = self.visible_to(user)
        return rows if user.scope.has("OFFICER") else rows.filter(host_id__in=user.scope.recording_unit_ids)

    def until(self, day: date) -> "ActivityQuerySet":
        """Activities that were over on that day (first clock of rule G5)."""
        return self.filter(ends_on__lte=day)

    def scheduled_after(self, day: date) -> "ActivityQuerySet":
        """ "Lịch dự kiến": drafts whose last day is still to come. They count nowhere (rule H1)."""
        return self.filter(status=RecordStatus.DRAFT, replaces__isnull=True, ends_on__gt=day)


class Activity(ReviewedRecord):
    """Something that was done for people: a lesson, a training, a broadcast, a day of support."""

    commune = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="activities")
    kind = models.CharField("Loại hoạt động", max_length=15, choices=ActivityKind.choices)
    title = models.CharField("Tên hoạt động", max_length=200)
    topics = models.ManyToManyField(Topic, verbose_name="Chủ đề", blank=True, related_name="activities")
    starts_on = models.DateField("Ngày")
    ends_on = models.DateField("Đến ngày")
    host = models.ForeignKey(
        Unit, verbose_name="Đơn vị chủ trì", on_delete=models.PROTECT, related_name="hosted_activities"
    )
    co_hosts = models.ManyToManyField(
        Unit,
        verbose_name="Đơn vị phối hợp",
        through="ActivityCoHost",
        through_fields=("activity", "unit"),
        blank=True,
        related_name="co_hosted_activities",
    )
    team = models.ForeignKey(
        DigitalTeam,
        verbose_name="Tổ công nghệ số cộng đồng thực hiện",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
    )
    place = models.CharField("Địa điểm", max_length=150, blank=True)
    trainer = models.CharField("Người hướng dẫn", max_length=120, blank=True)
    channel = models.CharField("Hình thức", max_length=10, choices=Channel.choices, default=Channel.IN_PERSON)
    elderly_count = models.PositiveIntegerField("Người cao tuổi được hỗ trợ", default=0)
    disadvantaged_count = models.PositiveIntegerField("Người có hoàn cảnh khó khăn được hỗ trợ", default=0)
    volunteer_count = models.PositiveIntegerField("Tình nguyện viên tham gia", default=0)
    note = models.TextField("Ghi chú", blank=True)
    search_key = models.CharField(max_length=500, editable=False)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = "hoạt động"
        ordering = ["-ends_on", "-pk"]
        constraints = [
            *ReviewedRecord.Meta.constraints,
            one_of("kind", ActivityKind.values, "activity_kind_known"),
            one_of("channel", Channel.values, "activity_channel_known"),
            in_order("starts_on", "ends_on", "activity_dates_in_order", "Ngày kết thúc phải từ ngày bắt đầu trở đi."),
        ]
        indexes = [
            models.Index(fields=["commune", "campaign", "status", "ends_on"], name="activity_counted"),
            models.Index(fields=["commune", "host", "-ends_on"], name="activity_of_host"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args, **kwargs) -> None:
        self.set_keys()
        super().save(*args, **kwargs)

    def set_keys(self) -> None:
        """Also called before bulk_create, which knows no save()."""
        self.search_key = fold(f"{self.title} {self.place} {self.trainer}")[:500]

    @property
    def is_scheduled(self) -> bool:
        """A draft whose last day is still to come: it waits to happen, not to be finished."""
        return self.status == RecordStatus.DRAFT and not self.is_revision and self.ends_on > local_today()

    @property
    def asks_to_be_completed(self) -> bool:
        """A draft that was entered before its last day, which has passed since."""
        entered_on = localtime(self.entered_at).date()
        return self.status == RecordStatus.DRAFT and entered_on < self.ends_on <= local_today()


class ActivityCoHost(models.Model):
    """A unit that carried the activity out together with the host (rule F3)."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="co_host_links")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "unit"], name="co_host_once")]

    def __str__(self) -> str:
        return str(self.unit)


class Attendance(models.Model):
    """One person, or one household, was present at one activity (rule C1: once).

    `group` and `unit` are those of the day; group is empty for somebody without a membership then (rule B5).
    """

    commune = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="attendances")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="attendances")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="attendances")
    group = models.CharField(max_length=15, choices=Group.choices, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    class_name = models.CharField(max_length=30, blank=True)

    class Meta:
        verbose_name = "điểm danh"
        constraints = [
            one_of("group", ["", *Group.values], "attendance_group_known"),
            models.UniqueConstraint(fields=["activity", "person"], name="attendance_person_once"),
            models.UniqueConstraint(fields=["activity", "household"], name="attendance_household_once"),
            models.CheckConstraint(
                condition=(Q(person__isnull=False, household__isnull=True) & ~Q(group=Group.HOUSEHOLD))
                | Q(person__isnull=True, household__isnull=False, group=Group.HOUSEHOLD),
                name="attendance_person_or_household",
            ),
        ]
        indexes = [
            # Holds the lists whole, so that who was there is read without the rows themselves.
            models.Index(fields=["commune", "activity", "group", "person", "household"], name="attendance_of_activity"),
            models.Index(fields=["commune", "person", "activity"], name="attendance_of_person"),
            models.Index(fields=["commune", "household", "activity"], name="attendance_of_household"),
        ]

    def __str__(self) -> str:
        return f"{self.person or self.household}"


class GroupTotal(models.Model):
    """How many of a group were there in all, named or not (rules D1-D3): unnamed = total - named."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="group_totals")
    group = models.CharField("Nhóm", max_length=15, choices=Group.choices)
    total = models.PositiveIntegerField("Tổng số có mặt")

    class Meta:
        verbose_name = "số người có mặt"
        constraints = [
            one_of("group", Group.values, "group_total_group_known"),
            models.UniqueConstraint(fields=["activity", "group"], name="group_total_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_group_display()}: {self.total}"
