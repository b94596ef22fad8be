"""Forms of the plan: its head, its targets, and the commune's papers."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from campaigns.choices import ActivityKind, DenominatorPolicy, Group, Operator, Qualifier
from campaigns.forms.records import DAY_HELP, RecordForm
from campaigns.forms.units import BELOW_COMMUNE
from campaigns.models import AgencyProfile, Campaign, Target
from campaigns.services.campaign import AGENCY_FIELDS
from campaigns.services.targets import (
    CRITERIA,
    MINIMUM_USERS,
    RULE_FIELDS,
    TARGET_FIELDS,
    check_target,
    last_effective_on,
    rule_definition,
    target_state,
)
from campaigns.wording import percent_text
from hbs_portal.lib.fields import CodeField, DayField, TextField
from hbs_portal.lib.text import date_short

FULL_BP = 10_000
_PERCENT = re.compile(r"(\d{1,3})(?:[.,](\d{1,2}))?\s*%?")


class PercentField(forms.CharField):
    """A percentage as people type it ("90", "92,5", "92,5 %"); gives whole basis points, no float on the way (A1)."""

    def to_python(self, value: Any) -> int | None:  # type: ignore[override]
        text = super().to_python(value)
        if not text:
            return None
        found = _PERCENT.fullmatch(text)
        if found is None:
            raise ValidationError("Hãy ghi số phần trăm, ví dụ 90 hoặc 92,5 (nhiều nhất hai chữ số lẻ).")
        basis_points = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
        if basis_points > FULL_BP:
            raise ValidationError("Phần trăm không được quá 100.")
        return basis_points

    def prepare_value(self, value: Any) -> Any:
        return percent_text(value).rstrip("%") if isinstance(value, int) else value


class CampaignForm(RecordForm):
    """Number, date, title, period and state of a plan. Number and date may stay blank: nothing is invented."""

    title = TextField(label="Tên kế hoạch", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    plan_number = TextField(
        label="Số kế hoạch", max_length=60, required=False, help_text="Ví dụ 45/KH-UBND. Để trống nếu chưa có số."
    )
    issued_on = DayField(label="Ngày ban hành", required=False, help_text=f"Để trống nếu chưa có ngày. {DAY_HELP}")
    starts_on = DayField(label="Từ ngày", help_text=DAY_HELP)
    ends_on = DayField(label="Đến ngày", help_text=DAY_HELP)
    allows_self_approval = forms.BooleanField(
        label="Cho phép người nhập tự duyệt",
        required=False,
        help_text="Chỉ chọn khi phòng có một cán bộ. Bản ghi tự duyệt được đánh dấu “Tự duyệt”.",
    )
    owners = frozenset({"commune"})

    class Meta:
        model = Campaign
        fields = ("title", "plan_number", "issued_on", "starts_on", "ends_on", "allows_self_approval", "state")


class AgencyForm(RecordForm):
    """How the commune's papers are headed and signed."""

    superior_name = TextField(label="Tên cơ quan (dòng 1)", max_length=120, help_text="Ví dụ ỦY BAN NHÂN DÂN.")
    agency_name = TextField(label="Tên cơ quan (dòng 2)", max_length=120, help_text="Ví dụ XÃ HÀ BẮC.")
    report_symbol = TextField(
        label="Ký hiệu báo cáo", max_length=40, help_text="Đứng sau số và dấu gạch chéo, ví dụ BC-UBND: 12/BC-UBND."
    )
    place = TextField(label="Địa danh", max_length=80, help_text="Đứng trước ngày tháng, ví dụ Hà Bắc.")
    signed_for = TextField(label="Ký thay mặt", max_length=120, required=False)
    signed_instead = TextField(
        label="Ký thay", max_length=120, required=False, help_text="Để trống khi Chủ tịch ký trực tiếp."
    )
    signer_title = TextField(label="Chức vụ người ký", max_length=120)
    signer_name = TextField(label="Người ký", max_length=120, required=False)
    preparer_title = TextField(label="Người lập", max_length=120)

    class Meta:
        model = AgencyProfile
        fields = AGENCY_FIELDS
        widgets = {"recipients": forms.Textarea(attrs={"rows": 4})}

    def clean_report_symbol(self) -> str:
        """ "/BC-UBND" is typed as often as "BC-UBND"; the number brings its own stroke."""
        symbol = self.cleaned_data["report_symbol"].strip("/ ")
        if not symbol:
            raise ValidationError("Hãy ghi ký hiệu, ví dụ BC-UBND.")
        return symbol


def _checkboxes(label: str, choices: list[tuple[str, str]], help_text: str) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple, help_text=help_text
    )


class TargetForm(RecordForm):
    """One target; what each qualifier needs is asked of check_target."""

    code = CodeField(label="Mã", max_length=10, help_text="Ví dụ K1.")
    position = forms.IntegerField(label="Thứ tự", min_value=1, max_value=999, initial=1)
    clause = TextField(label="Nguyên văn trong kế hoạch", widget=forms.Textarea(attrs={"rows": 3}))
    short_name = TextField(label="Tên ngắn", max_length=120, help_text="Hiện trên bảng tổng quan.")
    noun = TextField(label="Đơn vị tính", max_length=40, help_text="Ví dụ: người, học sinh, hộ, trường, thôn.")
    operator = forms.ChoiceField(label="Phép so sánh", choices=Operator.choices)
    threshold_bp = PercentField(
        label="Ngưỡng (%)",
        required=False,
        help_text="Ví dụ 90 hoặc 92,5. Để trống với “toàn bộ” và “mỗi đơn vị ít nhất”.",
    )
    tolerance_bp = PercentField(
        label="Sai số của “khoảng” (%)",
        required=False,
        help_text="Chỉ dùng với “khoảng”; kém ngưỡng trong mức này là “Xấp xỉ”. Để trống là 0.",
    )
    qualifier = forms.ChoiceField(label="Điều kiện được tính", choices=Qualifier.choices)
    groups = _checkboxes("Nhóm được tính", Group.choices, "Không chọn khi tính theo đơn vị.")
    unit_kinds = _checkboxes("Loại đơn vị", BELOW_COMMUNE, "Chỉ những đơn vị này có trong mẫu số.")
    activity_kinds = _checkboxes(
        "Loại hoạt động được tính", ActivityKind.choices, "Cần khi tính theo hoạt động đã duyệt."
    )
    min_sessions = forms.IntegerField(
        label="Số buổi ít nhất", min_value=1, max_value=100, initial=1, help_text="Một người phải dự từ mấy buổi."
    )
    min_count = forms.IntegerField(
        label="Số hoạt động ít nhất", min_value=1, max_value=100, initial=1, help_text="Khi tính theo đơn vị."
    )
    window_days = forms.IntegerField(
        label="Trong số ngày gần nhất",
        min_value=1,
        max_value=366,
        required=False,
        help_text="Chỉ dùng cho tổ công nghệ số, ví dụ 90.",
    )
    denominator_policy = forms.ChoiceField(label="Mẫu số", choices=DenominatorPolicy.choices)
    fixed_on = DayField(label="Ngày chốt mẫu số", required=False, help_text="Chỉ khi mẫu số chốt theo một ngày.")
    owners = frozenset({"campaign"})

    class Meta:
        model = Target
        fields = TARGET_FIELDS

    field_order = (
        "code",
        "position",
        "clause",
        "short_name",
        "noun",
        "operator",
        "threshold_bp",
        "tolerance_bp",
        "qualifier",
        "groups",
        "unit_kinds",
        "activity_kinds",
        "min_sessions",
        "min_count",
        "window_days",
        "denominator_policy",
        "fixed_on",
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.campaign = campaign
        if self.instance.pk:
            stored = target_state(self.instance)
            self.initial.update({name: stored[name] for name in CRITERIA})
            self._hide_unused()

    def _hide_unused(self) -> None:
        """A stored target shows the minimum that its rule looks at, and one that was set all the same."""
        asked = {self.instance.qualifier, self.data.get("qualifier", self.instance.qualifier)}
        for name, users in MINIMUM_USERS.items():
            if asked.isdisjoint(users) and getattr(self.instance, name) == 1:
                self.fields[name].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        self._settle_threshold(values)
        if values.get("denominator_policy") != DenominatorPolicy.FIXED:
            values["fixed_on"] = None
        if "operator" in values and "qualifier" in values:
            check_target(**values)
        return values

    def _settle_threshold(self, values: dict[str, Any]) -> None:
        """ "Toàn bộ" and "mỗi đơn vị" are 100 % by their meaning; only "khoảng" has a tolerance (A6)."""
        operator = values.get("operator")
        if operator in (Operator.ALL, Operator.EACH_UNIT):
            values["threshold_bp"] = FULL_BP
        elif not values.get("threshold_bp") and "threshold_bp" not in self.errors:
            self.add_error("threshold_bp", "Hãy ghi ngưỡng lớn hơn 0, ví dụ 90.")
        if operator != Operator.ABOUT or values.get("tolerance_bp") is None:
            values["tolerance_bp"] = 0


class TargetChangeForm(TargetForm):
    """A stored target; where its rule changes, from when the new one holds and why (rule H6).

    Number, short name and noun decide no figure: changing them asks nothing more.
    """

    CORRECTION, NEW_RULE = "dinh-chinh", "tu-ngay"
    CHOOSE = "Quy định của chỉ tiêu đã đổi. Hãy chọn: đổi từ một ngày, hay đính chính nội dung ghi sai."

    change_kind = forms.ChoiceField(
        label="Khi đổi quy định của chỉ tiêu",
        required=False,
        widget=forms.RadioSelect,
        help_text="Chỉ cần khi đổi nguyên văn, ngưỡng, điều kiện, nhóm, loại đơn vị, loại hoạt động hoặc mẫu số. "
        "Số liệu đã chốt giữ quy định của lúc chốt.",
    )
    effective_on = DayField(label="Áp dụng từ ngày", required=False, help_text=f"Chỉ khi đổi từ một ngày. {DAY_HELP}")
    change_reason = TextField(
        label="Lý do thay đổi", max_length=300, required=False, help_text="Ví dụ: Kế hoạch điều chỉnh số 60/KH-UBND."
    )
    field_order = (*TargetForm.field_order, "change_kind", "effective_on", "change_reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.since, self.stored_rule = last_effective_on(self.instance), rule_definition(self.instance)
        self.fields["change_kind"].choices = [
            (self.NEW_RULE, "Đổi từ một ngày: số liệu tính đến trước ngày đó giữ quy định cũ"),
            (self.CORRECTION, f"Đính chính nội dung ghi sai: tính lại mọi số liệu từ {date_short(self.since)}"),
        ]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        # Where another saved meanwhile the page of the conflict speaks first.
        if not self.errors and values.get("version") == self.instance.version and self._changes_rule(values):
            self._settle_change(values)
        return values

    def _changes_rule(self, values: dict[str, Any]) -> bool:
        typed = {name: values[name] for name in RULE_FIELDS} | {name: sorted(values[name]) for name in CRITERIA}
        typed = {name: value.isoformat() if isinstance(value, date) else value for name, value in typed.items()}
        return typed != self.stored_rule

    def _settle_change(self, values: dict[str, Any]) -> None:
        kind, day = values.get("change_kind"), values.get("effective_on")
        if not kind:
            self.add_error("change_kind", self.CHOOSE)
        if kind == self.NEW_RULE and not day:
            self.add_error("effective_on", "Hãy ghi ngày bắt đầu áp dụng quy định mới.")
        if kind == self.NEW_RULE and day and not self.since <= day <= self.instance.campaign.ends_on:
            last = date_short(self.instance.campaign.ends_on)
            self.add_error("effective_on", f"Hãy chọn ngày từ {date_short(self.since)} đến {last}.")
        if not values.get("change_reason"):
            self.add_error("change_reason", "Hãy ghi lý do để người kiểm tra hiểu vì sao quy định đổi.")

    @property
    def values(self) -> dict[str, Any]:
        """What `update_target` takes: `effective_on` is None for a correction."""
        values = dict(super().values)
        is_new, reason = values.pop("change_kind") == self.NEW_RULE, values.pop("change_reason")
        return values | {"effective_on": values["effective_on"] if is_new else None, "reason": reason}
