"""An uploaded roster between check and apply, and afterwards its history."""

from django.db import models
from django.utils import timezone

from accounts.models import User
from campaigns.models.units import Unit
from hbs_portal.lib.constraints import one_of


class RosterKind(models.TextChoices):
    PUPILS = "PUPILS", "Học sinh"
    STAFF = "STAFF", "Cán bộ, giáo viên, nhân viên"
    HOUSEHOLDS = "HOUSEHOLDS", "Hộ gia đình"
    RESIDENTS = "RESIDENTS", "Người dân theo hộ"
    UNITS = "UNITS", "Đơn vị"
    ATTENDANCE = "ATTENDANCE", "Điểm danh của một hoạt động"
    DECLARED = "DECLARED", "Số khai báo"


class RosterImportState(models.TextChoices):
    CHECKING = "CHECKING", "Đang kiểm tra"
    ASKING = "ASKING", "Cần trả lời"
    CHECKED = "CHECKED", "Đã kiểm tra"
    APPLYING = "APPLYING", "Đang nạp"
    APPLIED = "APPLIED", "Đã nạp"
    REFUSED = "REFUSED", "Có lỗi"
    UNDONE = "UNDONE", "Đã hoàn tác"


class RosterImportQuerySet(models.QuerySet["RosterImport"]):
    def visible_to(self, user: User) -> "RosterImportQuerySet":
        rows = self.filter(commune_id=user.scope.commune_id) if user.scope.commune_id else self.none()
        return rows if user.scope.reads_commune else rows.filter(unit_id__in=user.scope.unit_ids)


class RosterImport(models.Model):
    """One upload. What was checked is what is applied: both are tied to the SHA-256 of the stored file."""

    commune = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, verbose_name="Đơn vị", on_delete=models.PROTECT, related_name="roster_imports")
    kind = models.CharField("Loại danh sách", max_length=12, choices=RosterKind.choices)
    effective_on = models.DateField("Có mặt từ ngày")
    file = models.FileField("Tệp Excel", upload_to="imports/%Y/%m", max_length=300, blank=True)
    file_name = models.CharField("Tên tệp", max_length=200)
    sha256 = models.CharField(max_length=64)
    state = models.CharField("Trạng thái", max_length=10, choices=RosterImportState.choices)
    report = models.JSONField("Kết quả kiểm tra", default=dict)
    answers = models.JSONField("Câu trả lời của người nạp", default=dict)
    undo_steps = models.JSONField("Để hoàn tác", default=dict)
    activity_id = models.BigIntegerField(null=True, blank=True)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField("Tải lên lúc", default=timezone.now)
    applied_at = models.DateTimeField("Nạp lúc", null=True, blank=True)
    undone_at = models.DateTimeField("Hoàn tác lúc", null=True, blank=True)

    objects = RosterImportQuerySet.as_manager()

    class Meta:
        verbose_name = "lần nạp danh sách"
        ordering = ["-pk"]
        constraints = [
            one_of("kind", RosterKind.values, "roster_import_kind_known"),
            one_of("state", RosterImportState.values, "roster_import_state_known"),
        ]
        indexes = [models.Index(fields=["commune", "-id"], name="roster_import_newest")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def uploader_name(self) -> str:
        """Nobody uploaded what came in by the command line."""
        return str(self.uploaded_by) if self.uploaded_by else "Hệ thống"

    @property
    def is_working(self) -> bool:
        """A background job is at it."""
        return self.state in (RosterImportState.CHECKING, RosterImportState.APPLYING)


class ColumnMapping(models.Model):
    """What a person said about the columns of a layout that no alias knows; remembered for the next file like it.

    `signature` is a digest of the layout's headings; `columns` maps a column's heading key to a field ("" ignores it).
    """

    commune = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField("Loại danh sách", max_length=12, choices=RosterKind.choices)
    signature = models.CharField(max_length=64)
    columns = models.JSONField("Cột", default=dict)
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField("Lưu lúc", default=timezone.now)

    class Meta:
        verbose_name = "cách hiểu cột"
        constraints = [
            one_of("kind", RosterKind.values, "column_mapping_kind_known"),
            models.UniqueConstraint(fields=["commune", "kind", "signature"], name="column_mapping_one"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.signature[:8]}"


class PersonMergeQuerySet(models.QuerySet["PersonMerge"]):
    def visible_to(self, user: User) -> "PersonMergeQuerySet":
        rows = self.filter(commune_id=user.scope.commune_id) if user.scope.commune_id else self.none()
        return rows if user.scope.reads_commune else rows.none()


class PersonMerge(models.Model):
    """Two entries of one person became one; `moved` holds what to put back when that was a mistake (rule C9)."""

    commune = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    kept = models.ForeignKey("campaigns.Person", on_delete=models.PROTECT, related_name="+")
    absorbed = models.ForeignKey("campaigns.Person", on_delete=models.PROTECT, related_name="+")
    moved = models.JSONField("Đã chuyển", default=dict)
    merged_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    merged_at = models.DateTimeField("Gộp lúc", default=timezone.now)
    undone_at = models.DateTimeField("Tách lại lúc", null=True, blank=True)

    objects = PersonMergeQuerySet.as_manager()

    class Meta:
        verbose_name = "gộp người trùng"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["commune", "-id"], name="person_merge_newest")]

    def __str__(self) -> str:
        return f"{self.absorbed} vào {self.kept}"


class DistinctPeopleQuerySet(models.QuerySet["DistinctPeople"]):
    def visible_to(self, user: User) -> "DistinctPeopleQuerySet":
        rows = self.filter(commune_id=user.scope.commune_id) if user.scope.commune_id else self.none()
        return rows if user.scope.reads_commune else rows.none()

    def of_two_entries(self) -> "DistinctPeopleQuerySet":
        """Pairs of whom neither was merged into somebody since."""
        return self.filter(first__merged_into=None, second__merged_into=None)


class DistinctPeople(models.Model):
    """Two entries that look like one person and are two: not suggested again (rule C9). The older entry is first.

    It goes with an entry that an import made and took back.
    """

    commune = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    first = models.ForeignKey("campaigns.Person", on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey("campaigns.Person", on_delete=models.CASCADE, related_name="+")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField("Xác nhận lúc", default=timezone.now)

    objects = DistinctPeopleQuerySet.as_manager()

    class Meta:
        verbose_name = "hai người khác nhau"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="distinct_people_one"),
            models.CheckConstraint(condition=models.Q(first__lt=models.F("second")), name="distinct_people_in_order"),
        ]
        indexes = [models.Index(fields=["commune", "-id"], name="distinct_people_newest")]

    def __str__(self) -> str:
        return f"{self.first} và {self.second}"
