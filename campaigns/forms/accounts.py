"""Forms of the administrator: the list's filter, a new account, an account's roles."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import QuerySet

from accounts.models import User
from campaigns.choices import Role
from campaigns.forms.records import RecordForm
from campaigns.models import Unit, UnitRole
from campaigns.selectors.accounts import holding, unit_choices, units_for_roles
from campaigns.services.roles import check_role, check_roles_left
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.fields import RecordsField, TextField
from hbs_portal.lib.text import fold

ROLE_HELP = "Quản trị, cán bộ, lãnh đạo: chọn xã. Người nhập: chọn trường, thôn, đơn vị. Thành viên tổ: chọn thôn."


class AccountFilter(forms.Form):
    """Search without diacritics; by role, unit and state."""

    q = forms.CharField(label="Tìm theo tên, tên đăng nhập, điện thoại", required=False, max_length=100)
    role = forms.ChoiceField(label="Vai trò", required=False, choices=[("", "Mọi vai trò"), *Role.choices])
    unit = forms.ModelChoiceField(Unit.objects.none(), label="Đơn vị", required=False)
    state = forms.ChoiceField(
        label="Tình trạng",
        required=False,
        choices=[("", "Tất cả"), ("dang-dung", "Đang dùng"), ("cho-doi", "Chưa đổi mật khẩu tạm"), ("khoa", "Đã khóa")],
    )
    STATES = {
        "dang-dung": {"is_active": True},
        "cho-doi": {"is_active": True, "must_change_password": True},
        "khoa": {"is_active": False},
    }

    def __init__(self, *args: Any, commune: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_for_roles(commune)
        self.fields["unit"].choices = [("", "Mọi đơn vị"), *unit_choices(commune, local_today())[1:]]

    def filter(self, accounts: QuerySet[User]) -> QuerySet[User]:
        """Narrows the accounts; an unknown choice counts as none."""
        self.is_valid()
        values = self.cleaned_data
        for word in fold(values.get("q", "")).split():
            accounts = accounts.filter(search_key__contains=word)
        accounts = accounts.filter(**self.STATES.get(values.get("state", ""), {}))
        return holding(accounts, role=values.get("role", ""), unit=values.get("unit"))


class PersonFields(RecordForm):
    """Name and phone of an account's owner."""

    full_name = TextField(label="Họ và tên", max_length=120)
    phone = forms.CharField(
        label="Điện thoại",
        max_length=20,
        required=False,
        validators=[
            RegexValidator(r"^\+?[0-9][0-9 .]{7,18}$", "Số điện thoại gồm 8 đến 15 chữ số, ví dụ 0912 345 678.")
        ],
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, commune: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.commune = commune
        self.fields["unit"].queryset = units_for_roles(commune)
        self.fields["unit"].choices = unit_choices(commune, local_today())

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("role") and values.get("unit"):
            check_role(role=values["role"], unit=values["unit"])
        return values


class AccountForm(PersonFields):
    """A new account with its first role."""

    username = forms.CharField(
        label="Tên đăng nhập",
        max_length=60,
        help_text="Chữ thường không dấu, chữ số, dấu chấm; ví dụ th-habac.lan.",
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )
    role = forms.ChoiceField(label="Vai trò", choices=[("", "Chọn vai trò"), *Role.choices])
    unit = forms.ModelChoiceField(Unit.objects.none(), label="Đơn vị", help_text=ROLE_HELP)

    class Meta:
        model = User
        fields = ("full_name", "username", "phone")

    field_order = ["full_name", "username", "phone", "role", "unit"]

    def clean_username(self) -> str:
        username = self.cleaned_data["username"].strip().lower()
        # Asked here, so that the two rules of the database do not say the same twice.
        if User.objects.filter(username__iexact=username).exists():
            raise ValidationError(User._meta.get_field("username").error_messages["unique"])
        return username


class RoleChoice(RecordsField):
    def label_from_instance(self, row: UnitRole) -> str:
        return f"{row.get_role_display()} - {row.unit.name}"


class AccountEditForm(PersonFields):
    """Name, phone, roles to take away, one role to add."""

    removed = RoleChoice(
        UnitRole.objects.none(), label="Bỏ vai trò", required=False, widget=forms.CheckboxSelectMultiple
    )
    role = forms.ChoiceField(label="Thêm vai trò", required=False, choices=[("", "Không thêm"), *Role.choices])
    unit = forms.ModelChoiceField(Unit.objects.none(), label="Tại đơn vị", required=False, help_text=ROLE_HELP)

    class Meta:
        model = User
        fields = ("full_name", "phone")

    field_order = ["full_name", "phone", "removed", "role", "unit"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = self.instance.unit_roles.select_related("unit").order_by("pk")
        self.fields["removed"].queryset = held

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if bool(values.get("role")) != bool(values.get("unit")) and not self.errors:
            missing = "unit" if values.get("role") else "role"
            raise ValidationError({missing: "Hãy chọn cả vai trò và đơn vị, hoặc để trống cả hai."})
        if not self.errors:
            check_roles_left(account=self.instance, removed=values["removed"], added=bool(values.get("role")))
        return values

    @property
    def changes(self) -> dict[str, Any]:
        """What edit_account takes."""
        values = self.cleaned_data
        added = (values["role"], values["unit"]) if values.get("role") else None
        return {
            "full_name": values["full_name"],
            "phone": values["phone"],
            "removed": list(values["removed"]),
            "added": added,
        }
