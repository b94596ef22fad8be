"""Templates that come from outside: the office's own Word form, and the superior's workbooks with their bindings."""

from django.db import models
from django.utils import timezone

from accounts.models import User
from campaigns.models import Unit


class CommuneOwnedQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """The office and the leaders of the commune."""
        if not (user.scope.commune_id and user.scope.has("OFFICER", "LEADER")):
            return self.none()
        return self.filter(commune_id=user.scope.commune_id)


class WordTemplate(models.Model):
    """A .docx of the office in the place of the portal's own; the newest active one is used."""

    commune = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    file = models.FileField(upload_to="templates/%Y/%m", max_length=300)
    name = models.CharField("Tên tệp", max_length=200)
    sha256 = models.CharField(max_length=64)
    is_active = models.BooleanField("Đang dùng", default=True)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    uploaded_at = models.DateTimeField("Tải lên lúc", default=timezone.now, editable=False)

    objects = CommuneOwnedQuerySet.as_manager()

    class Meta:
        verbose_name = "mẫu Word"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["commune"], condition=models.Q(is_active=True), name="word_template_one_active"
            )
        ]

    def __str__(self) -> str:
        return self.name


class SheetTemplate(models.Model):
    """A superior's .xlsx; `bindings` maps "sheet!A1" to the key of a figure ("K1.n", "K3.TH-A.percent")."""

    commune = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    title = models.CharField("Tên biểu", max_length=150)
    file = models.FileField(upload_to="templates/%Y/%m", max_length=300)
    name = models.CharField("Tên tệp", max_length=200)
    sha256 = models.CharField(max_length=64)
    bindings = models.JSONField(default=dict)
    is_active = models.BooleanField("Đang dùng", default=True)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    uploaded_at = models.DateTimeField("Tải lên lúc", default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CommuneOwnedQuerySet.as_manager()

    class Meta:
        verbose_name = "biểu mẫu của cấp trên"
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title
