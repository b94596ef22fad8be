"""What people type to log in, to choose a password, and to search the audit."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth import authenticate, password_validation
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts.models import AuditQuerySet, JobQuerySet, JobState, User
from hbs_portal.lib.fields import DayField
from hbs_portal.lib.text import fold

WRONG_LOGIN = (
    "Tên đăng nhập hoặc mật khẩu chưa đúng. Hãy xem lại bộ gõ tiếng Việt và phím Caps Lock rồi thử lại; "
    "nếu quên mật khẩu, hãy gọi người quản trị của xã để được đặt lại."
)
#: Django's own sentences are partly English; ours also say what to do.
PASSWORD_RULES = {
    "password_too_similar": "Mật khẩu quá giống tên của bạn. Hãy chọn mật khẩu khác hẳn.",
    "password_too_short": "Mật khẩu phải có ít nhất 8 ký tự. Hãy thêm vài ký tự nữa.",
    "password_too_common": "Mật khẩu này nhiều người dùng nên dễ đoán. Hãy ghép vài từ chỉ mình bạn nhớ.",
    "password_entirely_numeric": "Mật khẩu không được chỉ gồm chữ số. Hãy thêm vài chữ cái.",
}


class LoginForm(forms.Form):
    """Valid only for a person who may log in; `user` is then that person."""

    username = forms.CharField(
        label="Tên đăng nhập",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}),
    )
    password = forms.CharField(
        label="Mật khẩu",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None

    def clean_username(self) -> str:
        # The guard against guessing counts by what was typed: one spelling per account.
        return self.cleaned_data["username"].strip().lower()

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if "username" in values and "password" in values:
            self.user = authenticate(self.request, username=values["username"], password=values["password"])
            if self.user is None:
                raise ValidationError(WRONG_LOGIN, code="wrong_login")
        return values


class PasswordForm(forms.Form):
    """A person's new password of their own, typed twice."""

    old_password = forms.CharField(
        label="Mật khẩu đang dùng",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new_password = forms.CharField(
        label="Mật khẩu mới",
        strip=False,
        max_length=200,
        help_text="Ít nhất 8 ký tự, có cả chữ; nên ghép vài từ dễ nhớ với bạn mà người khác khó đoán.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    repeated = forms.CharField(
        label="Gõ lại mật khẩu mới",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if user.must_change_password:
            self.fields["old_password"].label = "Mật khẩu tạm vừa được cấp"

    def clean_old_password(self) -> str:
        old = self.cleaned_data["old_password"]
        if not self.user.check_password(old):
            raise ValidationError("Mật khẩu đang dùng chưa đúng. Hãy gõ lại.")
        return old

    def clean_new_password(self) -> str:
        new = self.cleaned_data["new_password"]
        try:
            password_validation.validate_password(new, self.user)
        except ValidationError as refusal:
            raise ValidationError([PASSWORD_RULES.get(e.code, e.messages[0]) for e in refusal.error_list]) from refusal
        if new == self.cleaned_data.get("old_password"):
            raise ValidationError("Mật khẩu mới phải khác mật khẩu đang dùng.")
        return new

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if "new_password" in values and values.get("repeated") != values["new_password"]:
            self.add_error("repeated", "Hai lần gõ chưa giống nhau. Hãy gõ lại.")
        return values


class AuditFilter(forms.Form):
    """Narrows the audit: words without diacritics, kind of action, person, days."""

    q = forms.CharField(label="Tìm trong nhật ký", required=False, max_length=100)
    action = forms.ChoiceField(label="Việc", required=False)
    actor = forms.ModelChoiceField(
        User.objects.none(), label="Người thực hiện", required=False, empty_label="Tất cả mọi người"
    )
    first_day = DayField(label="Từ ngày", required=False)
    last_day = DayField(label="Đến ngày", required=False)

    def __init__(self, *args: Any, entries: AuditQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        actions = sorted(entries.actions(), key=fold)
        self.fields["action"].choices = [("", "Mọi việc"), *((action, action) for action in actions)]
        self.fields["actor"].queryset = entries.actors()
        for name in ("first_day", "last_day"):
            self.fields[name].widget.attrs["placeholder"] = "ngày/tháng/năm"

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        first, last = values.get("first_day"), values.get("last_day")
        if isinstance(first, date) and isinstance(last, date) and first > last:
            self.add_error("last_day", "Ngày cuối phải từ ngày đầu trở đi.")
        return values

    def filter(self, entries: AuditQuerySet) -> AuditQuerySet:
        """The entries that fit; a part that was typed wrongly narrows nothing and shows its error."""
        self.is_valid()
        return entries.matching(**{name: value for name, value in self.cleaned_data.items() if value})

    @property
    def in_words(self) -> str:
        """What was chosen, as a person says it: "Duyệt hoạt động, từ ngày 01/09/2026"."""
        self.is_valid()
        told = {"q": "có “{}”", "action": "việc “{}”", "actor": "của {}", "first_day": "từ {:%d/%m/%Y}"}
        told["last_day"] = "đến {:%d/%m/%Y}"
        words = [text.format(self.cleaned_data[name]) for name, text in told.items() if self.cleaned_data.get(name)]
        return ", ".join(words) or "tất cả"


class JobFilter(forms.Form):
    """Narrows a person's own files and background work."""

    OPEN, WITH_FILE = "OPEN", "FILE"
    STATES = (
        ("", "Mọi trạng thái"),
        (OPEN, "Đang chờ, đang làm"),
        (WITH_FILE, "Còn tệp để tải"),
        (JobState.DONE.value, JobState.DONE.label),
        (JobState.FAILED.value, JobState.FAILED.label),
        (JobState.CANCELLED.value, JobState.CANCELLED.label),
    )

    q = forms.CharField(
        label="Tìm tệp",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"placeholder": "Nội dung, không cần dấu"}),
    )
    state = forms.ChoiceField(label="Trạng thái", required=False, choices=STATES)

    def filter(self, jobs: JobQuerySet) -> JobQuerySet:
        """The jobs that fit; a part that was typed wrongly narrows nothing."""
        self.is_valid()
        state = self.cleaned_data.get("state", "")
        if state == self.OPEN:
            jobs = jobs.filter(state__in=[JobState.WAITING, JobState.RUNNING])
        elif state == self.WITH_FILE:
            jobs = jobs.filter(state=JobState.DONE).exclude(result_path="")
        elif state:
            jobs = jobs.filter(state=state)
        return jobs.titled(self.cleaned_data.get("q", ""))
