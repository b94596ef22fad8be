"""The plan of a year as data: the campaign, its targets, and how its papers are headed and signed."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from campaigns.choices import ActivityKind, DenominatorPolicy, Group, Operator, Qualifier, UnitKind
from campaigns.models.units import Unit
from hbs_portal.lib.constraints import in_order, one_of


class CampaignState(models.TextChoices):
    DRAFT = "DRAFT", "Đang soạn"
    OPEN = "OPEN", "Đang thực hiện"
    CLOSED = "CLOSED", "Đã kết thúc"


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def visible_to(self, user: User) -> "CampaignQuerySet":
        return self.filter(commune_id=user.scope.commune_id) if user.scope.commune_id else self.none()

    def open(self) -> "CampaignQuerySet":
        return self.filter(state=CampaignState.OPEN)


class Campaign(models.Model):
    """One plan of one commune for one year. Number and date stay blank until the plan carries them."""

    commune = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="campaigns")
    code = models.CharField("Mã", max_length=30)
    name = models.CharField("Tên phong trào", max_length=200)
    title = models.CharField("Tên kế hoạch", max_length=300)
    basis = models.TextField("Căn cứ", blank=True)
    plan_number = models.CharField("Số kế hoạch", max_length=60, blank=True)
    issued_on = models.DateField("Ngày ban hành", null=True, blank=True)
    starts_on = models.DateField("Từ ngày")
    ends_on = models.DateField("Đến ngày")
    state = models.CharField("Trạng thái", max_length=10, choices=CampaignState.choices, default=CampaignState.OPEN)
    allows_self_approval = models.BooleanField("Cho phép người nhập tự duyệt", default=False)
    is_demo = models.BooleanField("Dữ liệu minh họa", default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = "chiến dịch"
        constraints = [
            one_of("state", CampaignState.values, "campaign_state_known"),
            in_order("starts_on", "ends_on", "campaign_dates_in_order", "Ngày kết thúc phải sau ngày bắt đầu."),
            models.UniqueConstraint(fields=["commune", "code"], name="campaign_code_unique"),
            models.UniqueConstraint(
                fields=["commune"],
                condition=Q(state="OPEN"),
                name="campaign_one_open",
                violation_error_message="Xã đang có một chiến dịch mở. Hãy kết thúc chiến dịch đó trước.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class AgencyProfile(models.Model):
    """How the commune's papers are headed and signed (Nghị định 30/2020/NĐ-CP, phụ lục I)."""

    commune = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="agency_profile")
    superior_name = models.CharField("Tên cơ quan (dòng 1)", max_length=120, default="ỦY BAN NHÂN DÂN")
    agency_name = models.CharField("Tên cơ quan (dòng 2)", max_length=120)
    report_symbol = models.CharField("Ký hiệu báo cáo", max_length=40, default="BC-UBND")
    place = models.CharField("Địa danh", max_length=80)
    signed_for = models.CharField("Ký thay mặt", max_length=120, default="TM. ỦY BAN NHÂN DÂN", blank=True)
    signed_instead = models.CharField("Ký thay", max_length=120, default="KT. CHỦ TỊCH", blank=True)
    signer_title = models.CharField("Chức vụ người ký", max_length=120, default="PHÓ CHỦ TỊCH")
    signer_name = models.CharField("Người ký", max_length=120, blank=True)
    preparer_title = models.CharField("Người lập", max_length=120, default="NGƯỜI LẬP BIỂU")
    recipients = models.TextField("Nơi nhận", blank=True, help_text="Mỗi nơi nhận một dòng.")
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "thể thức văn bản"

    def __str__(self) -> str:
        return self.agency_name


class TargetQuerySet(models.QuerySet["Target"]):
    def visible_to(self, user: User) -> "TargetQuerySet":
        commune_id = user.scope.commune_id
        return self.filter(campaign__commune_id=commune_id) if commune_id else self.none()


class Target(models.Model):
    """One clause of the plan with its operator and threshold: data, never code (kpi-rules.md)."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="targets")
    code = models.CharField("Mã", max_length=10)
    position = models.PositiveSmallIntegerField("Thứ tự", default=1)
    clause = models.TextField("Nguyên văn trong kế hoạch")
    short_name = models.CharField("Tên ngắn", max_length=120)
    noun = models.CharField("Đơn vị tính", max_length=40, help_text="Ví dụ: người, học sinh, hộ, trường, thôn.")
    operator = models.CharField("Phép so sánh", max_length=12, choices=Operator.choices)
    threshold_bp = models.PositiveIntegerField("Ngưỡng (phần vạn)", default=10_000)
    tolerance_bp = models.PositiveIntegerField("Sai số của “khoảng” (phần vạn)", default=0)
    qualifier = models.CharField("Điều kiện được tính", max_length=20, choices=Qualifier.choices)
    min_sessions = models.PositiveSmallIntegerField("Số buổi ít nhất", default=1)
    min_count = models.PositiveSmallIntegerField("Số hoạt động ít nhất", default=1)
    window_days = models.PositiveSmallIntegerField("Trong số ngày gần nhất", null=True, blank=True)
    denominator_policy = models.CharField(
        "Mẫu số", max_length=10, choices=DenominatorPolicy.choices, default=DenominatorPolicy.AS_OF
    )
    fixed_on = models.DateField("Ngày chốt mẫu số", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = "chỉ tiêu"
        ordering = ["position", "code"]
        constraints = [
            one_of("operator", Operator.values, "target_operator_known"),
            one_of("qualifier", Qualifier.values, "target_qualifier_known"),
            one_of("denominator_policy", DenominatorPolicy.values, "target_policy_known"),
            models.UniqueConstraint(
                fields=["campaign", "code"],
                name="target_code_unique",
                violation_error_message="Mã chỉ tiêu này đã có trong chiến dịch.",
            ),
            models.CheckConstraint(
                condition=Q(threshold_bp__gte=1, threshold_bp__lte=10_000),
                name="target_threshold_in_range",
                violation_error_message="Ngưỡng phải lớn hơn 0 và không quá 100 %.",
            ),
            models.CheckConstraint(
                condition=Q(tolerance_bp__lte=models.F("threshold_bp")),
                name="target_tolerance_in_range",
                violation_error_message="Sai số không được lớn hơn ngưỡng.",
            ),
            models.CheckConstraint(condition=Q(min_sessions__gte=1, min_count__gte=1), name="target_minimums_positive"),
            models.CheckConstraint(
                condition=~Q(denominator_policy="FIXED") | Q(fixed_on__isnull=False),
                name="target_fixed_has_day",
                violation_error_message="Hãy ghi ngày chốt mẫu số.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} - {self.short_name}"


class TargetVersion(models.Model):
    """What a target said from a day on (rule H6): issued figures keep theirs.

    `definition` holds the fields of the rule and its lists (campaigns.services.targets.RULE_FIELDS), as stored text and
    numbers. In force on day T, as known on day K: the last `number` with `effective_on` <= T and `recorded_on` <= K,
    else number 1. Rows are never changed; the newest equals the target itself.
    """

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField("Phiên bản")
    effective_on = models.DateField("Áp dụng từ ngày")
    recorded_on = models.DateField("Ghi nhận ngày")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField("Lý do thay đổi", max_length=300, blank=True)
    definition = models.JSONField("Nội dung", default=dict)

    class Meta:
        verbose_name = "phiên bản chỉ tiêu"
        ordering = ["target", "number"]
        constraints = [models.UniqueConstraint(fields=["target", "number"], name="target_version_numbered")]

    def __str__(self) -> str:
        return f"{self.target} (phiên bản {self.number})"


class CriterionKind(models.TextChoices):
    GROUP = "GROUP", "Nhóm đối tượng"
    UNIT_KIND = "UNIT_KIND", "Loại đơn vị"
    ACTIVITY_KIND = "ACTIVITY_KIND", "Loại hoạt động được tính"


class TargetCriterion(models.Model):
    """One group, unit kind or activity kind of a target."""

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="criteria")
    kind = models.CharField(max_length=15, choices=CriterionKind.choices)
    value = models.CharField(max_length=30)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["target", "kind", "value"], name="target_criterion_once"),
            models.CheckConstraint(
                condition=Q(kind="GROUP", value__in=Group.values)
                | Q(kind="UNIT_KIND", value__in=UnitKind.values)
                | Q(kind="ACTIVITY_KIND", value__in=ActivityKind.values),
                name="target_criterion_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}={self.value}"
