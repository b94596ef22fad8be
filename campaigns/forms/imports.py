"""The form that takes a pupil list."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from campaigns.forms.people import DAY_HELP
from campaigns.models import Unit
from campaigns.roster_access import kept_units
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.fields import DayField
from hbs_portal.lib.text import date_short


def school_year_start(today: date) -> date:
    """Return the last 5 September that has come: the opening day of the school year."""
    opening = date(today.year, 9, 5)
    return opening if opening <= today else date(today.year - 1, 9, 5)


class RosterUploadForm(forms.Form):
    """Which school, from which day, which file."""

    unit = forms.ModelChoiceField(label="Trường", queryset=Unit.objects.none(), empty_label="Chọn trường")
    effective_on = DayField(
        label="Có mặt từ ngày",
        help_text=f"Học sinh mới, chuyển đến, chuyển lớp được tính từ ngày này. {DAY_HELP}",
    )
    file = forms.FileField(
        label="Tệp Excel (.xlsx)",
        help_text="Tệp tải từ cơ sở dữ liệu ngành, hoặc danh sách lớp của trường, không quá 10 MB.",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={
            "required": "Hãy chọn tệp danh sách.",
            "invalid": "Chưa nhận được tệp. Hãy chọn lại tệp rồi tải lên.",
            "missing": "Chưa nhận được tệp. Hãy chọn lại tệp rồi tải lên.",
            "empty": "Tệp này trống. Hãy chọn lại tệp danh sách rồi tải lên.",
        },
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        schools = kept_units(user).schools().open_on(local_today()).in_order()
        self.fields["unit"].queryset = schools
        if not user.scope.has("OFFICER"):
            self.fields["unit"].initial = schools.first()
        self.fields["effective_on"].initial = school_year_start(local_today())

    @property
    def has_schools(self) -> bool:
        """Whether there is any school whose list this person keeps (the head of a village keeps none)."""
        return self.fields["unit"].queryset.exists()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        unit, day = values.get("unit"), values.get("effective_on")
        if day and day > local_today():
            raise ValidationError({"effective_on": "Ngày này chưa đến. Hãy chọn hôm nay hoặc một ngày đã qua."})
        if unit and day and not unit.is_open(day):
            raise ValidationError({"effective_on": f"{unit} không hoạt động vào ngày {date_short(day)}."})
        return values
