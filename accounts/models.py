"""Who may come in, what each person did, and what runs in the background for them."""

from datetime import date, datetime, timedelta
from functools import cached_property

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.access import Grant, Scope
from accounts.job_results import bytes_of
from accounts.time_left import duration_words, seconds_left
from hbs_portal.lib.dates import start_of_day
from hbs_portal.lib.text import fold, number_text


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """A person with an account. What they may do follows from their roles at units (campaigns.UnitRole)."""

    username = models.CharField(
        "Tên đăng nhập",
        max_length=60,
        unique=True,
        validators=[
            RegexValidator(
                r"^[a-z0-9][a-z0-9._-]{2,59}$",
                "Tên đăng nhập gồm 3 đến 60 chữ thường không dấu, chữ số, dấu chấm, gạch nối.",
            )
        ],
        error_messages={"unique": "Tên đăng nhập này đã có người dùng. Hãy chọn tên khác."},
    )
    full_name = models.CharField("Họ và tên", max_length=120)
    search_key = models.CharField(max_length=200, editable=False, default="")
    phone = models.CharField("Điện thoại", max_length=20, blank=True)
    is_active = models.BooleanField("Đang dùng", default=True)
    is_demo = models.BooleanField("Tài khoản minh họa", default=False, editable=False)
    must_change_password = models.BooleanField("Phải đổi mật khẩu", default=False)
    session_version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField("Ngày tạo", default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: list[str] = []
    objects = UserManager()

    class Meta:
        verbose_name = "tài khoản"
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="user_username_unique_any_case",
                violation_error_message="Tên đăng nhập này đã có người dùng. Hãy chọn tên khác.",
            )
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    def save(self, **kwargs) -> None:
        self.set_keys()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_key"}
        super().save(**kwargs)

    def set_keys(self) -> None:
        """Also called before an update of single fields, which knows no save()."""
        self.search_key = fold(f"{self.username} {self.full_name} {self.phone}")[:200]

    def get_session_auth_hash(self) -> str:
        """Also depends on session_version, so that disabling an account ends its sessions for good."""
        key_salt = "accounts.User.get_session_auth_hash"
        return salted_hmac(key_salt, f"{self.password}:{self.session_version}", algorithm="sha256").hexdigest()

    def get_session_auth_fallback_hash(self):
        return iter(())

    @cached_property
    def scope(self) -> Scope:
        """What this person may see and do; one query a request."""
        rows = self.unit_roles.values_list(
            "role", "unit_id", "unit__path", "unit__kind", "unit__commune_id", "unit__name"
        ).order_by("pk")
        return Scope.of(Grant(*row) for row in rows)


class AppendOnlyQuerySet(models.QuerySet):
    """Rows that are written once: changing or deleting them is a defect of the caller."""

    def update(self, **kwargs):
        raise TypeError(f"{self.model.__name__} is append-only")

    def delete(self):
        raise TypeError(f"{self.model.__name__} is append-only")


class AppendOnly(models.Model):
    """Base of what is written once and stays as it is."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        if self.pk is not None:
            raise TypeError(f"{type(self).__name__} is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError(f"{type(self).__name__} is append-only")


class AuditQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user: User) -> "AuditQuerySet":
        if not user.scope.reads_audit:
            return self.none()
        return self.filter(commune_id=user.scope.commune_id)

    def matching(
        self,
        *,
        q: str = "",
        action: str = "",
        actor: User | None = None,
        first_day: date | None = None,
        last_day: date | None = None,
    ) -> "AuditQuerySet":
        """Entries with these words (marks and case do not matter), of this action, person and span of local days."""
        entries = self
        for word in fold(q).split():
            entries = entries.filter(search_key__contains=word)
        if action:
            entries = entries.filter(action=action)
        if actor:
            entries = entries.filter(actor=actor)
        if first_day:
            entries = entries.filter(at__gte=start_of_day(first_day))
        if last_day:
            entries = entries.filter(at__lt=start_of_day(last_day + timedelta(days=1)))
        return entries

    def actions(self) -> list[str]:
        return list(self.order_by().values_list("action", flat=True).distinct())

    def actors(self) -> models.QuerySet[User]:
        """Everybody with an entry here, found by the index on the actor."""
        theirs = self.order_by().filter(actor=models.OuterRef("pk"))
        return User.objects.filter(models.Exists(theirs)).order_by("full_name", "pk")


class AuditEntry(AppendOnly):
    """One write: who, when, what, before and after. Ids, not keys: an entry outlives what it speaks of."""

    at = models.DateTimeField("Thời điểm", default=timezone.now, db_index=True)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField("Người thực hiện", max_length=180)
    action = models.CharField("Việc", max_length=60)
    object_type = models.CharField("Loại", max_length=60)
    object_id = models.BigIntegerField(null=True)
    object_label = models.CharField("Đối tượng", max_length=240)
    before = models.JSONField("Trước", default=dict)
    after = models.JSONField("Sau", default=dict)
    commune_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    request_id = models.CharField(max_length=32, blank=True)
    search_key = models.CharField(max_length=500, default="", editable=False)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = "nhật ký"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["commune_id", "-id"], name="audit_commune_newest"),
            models.Index(fields=["object_type", "object_id"], name="audit_object"),
        ]

    def __str__(self) -> str:
        return f"{self.action}: {self.object_label}"


class SentFormQuerySet(models.QuerySet):
    def past(self, now: datetime) -> "SentFormQuerySet":
        """Forms sent so long ago that nobody still has them open."""
        return self.filter(at__lt=now - timedelta(days=7))


class SentForm(models.Model):
    """A form that was sent and carried out; sending it again changes nothing (rule H4)."""

    key = models.UUIDField(unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    location = models.CharField(max_length=500)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = SentFormQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.key)


class JobState(models.TextChoices):
    WAITING = "WAITING", "Đang chờ"
    RUNNING = "RUNNING", "Đang làm"
    DONE = "DONE", "Xong"
    FAILED = "FAILED", "Không làm được"
    CANCELLED = "CANCELLED", "Đã huỷ"


#: Whoever waits longer is told where it may hang.
LONG_WAIT = timedelta(minutes=2)


class JobQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "JobQuerySet":
        return self.filter(owner=user)

    def titled(self, q: str) -> "JobQuerySet":
        """Those whose title holds every word; marks and case do not matter. A person's own: there are few."""
        words = fold(q).split()
        if not words:
            return self
        titles = self.values_list("pk", "title")
        return self.filter(pk__in=[pk for pk, title in titles if all(word in fold(title) for word in words)])

    def under_way(self) -> "JobQuerySet":
        return self.filter(state__in=[JobState.WAITING, JobState.RUNNING])

    def lost(self, now: datetime) -> "JobQuerySet":
        """Jobs whose worker stopped renewing its lease."""
        return self.filter(state=JobState.RUNNING, lease_until__lt=now)

    def to_take(self, now: datetime, max_attempts: int) -> "JobQuerySet":
        """Jobs that nobody works on and that have an attempt left."""
        free = Q(state=JobState.WAITING) | Q(state=JobState.RUNNING, lease_until__lt=now)
        return self.filter(free, attempts__lt=max_attempts)

    def older_than(self, moment: datetime) -> "JobQuerySet":
        return self.filter(created_at__lt=moment)


class Job(models.Model):
    """Work that takes over a second. The row is the truth; Celery or run_jobs only come and take it."""

    kind = models.CharField("Việc", max_length=60)
    title = models.CharField("Nội dung", max_length=200)
    arguments = models.JSONField(default=dict)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="jobs")
    commune_id = models.BigIntegerField(null=True)
    state = models.CharField("Trạng thái", max_length=12, choices=JobState.choices, default=JobState.WAITING)
    progress_percent = models.PositiveSmallIntegerField(default=0)
    rows_done = models.PositiveIntegerField(null=True)
    rows_total = models.PositiveIntegerField(null=True)
    started_at = models.DateTimeField(null=True, blank=True)
    message = models.CharField(max_length=300, blank=True)
    result_path = models.CharField(max_length=300, blank=True)
    result_name = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField("Yêu cầu lúc", default=timezone.now)
    finished_at = models.DateTimeField("Xong lúc", null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "việc nền"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "lease_until"], name="job_to_take")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state_known"),
            models.CheckConstraint(condition=Q(progress_percent__lte=100), name="job_progress_at_most_100"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state in (JobState.WAITING, JobState.RUNNING)

    @property
    def is_downloadable(self) -> bool:
        return self.state == JobState.DONE and bool(self.result_path)

    @property
    def can_be_retried(self) -> bool:
        return self.state in (JobState.FAILED, JobState.CANCELLED)

    @property
    def result_was_deleted(self) -> bool:
        """Its file was there and is not kept any more: past its days, or its owner deleted it."""
        return bool(self.result_name) and not self.result_path

    @property
    def kept_until(self) -> date | None:
        """The last day on which its file is there."""
        if not self.is_downloadable or self.finished_at is None:
            return None
        return timezone.localdate(self.finished_at) + timedelta(days=settings.JOB_KEEP_DAYS)

    @property
    def result_bytes(self) -> int | None:
        return bytes_of(self.result_path)

    @property
    def rows_in_words(self) -> str:
        """ "12.400/100.000 dòng", of work that counts rows and is under way; else empty."""
        if self.state != JobState.RUNNING or self.rows_done is None or not self.rows_total:
            return ""
        return f"{number_text(self.rows_done)}/{number_text(self.rows_total)} dòng"

    @property
    def time_left(self) -> str:
        """ "còn khoảng 8 giây"; empty where nothing sensible can be said."""
        if not self.rows_in_words or self.started_at is None:
            return ""
        elapsed = (timezone.now() - self.started_at).total_seconds()
        left = seconds_left(self.rows_done or 0, self.rows_total or 0, elapsed)
        return f"còn khoảng {duration_words(left)}" if left is not None else ""

    @property
    def waits_long(self) -> bool:
        waiting_since = self.started_at or self.created_at
        return self.state == JobState.WAITING and timezone.now() - waiting_since > LONG_WAIT
