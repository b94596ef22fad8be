"""Forms of digital teams: the list's filter and the entry."""

from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from campaigns.forms.records import DAY_HELP, RecordForm
from campaigns.models import DigitalTeam
from campaigns.models.teams import DigitalTeamQuerySet
from campaigns.models.units import UnitQuerySet
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.fields import DayField, TextField
from hbs_portal.lib.text import fold


class TeamFilter(forms.Form):
    """By village without diacritics; active teams at first."""

    DISSOLVED, ALL = "da-giai-the", "tat-ca"

    q = forms.CharField(
        label="Tìm theo thôn",
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "Tên thôn, không cần gõ dấu"}),
    )
    state = forms.ChoiceField(
        label="Tình trạng",
        required=False,
        choices=[("", "Đang hoạt động"), (DISSOLVED, "Đã giải thể"), (ALL, "Tất cả")],
    )

    def filter(self, teams: DigitalTeamQuerySet, day: date) -> DigitalTeamQuerySet:
        """Narrows the teams; an unknown choice counts as none."""
        values = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        if text := fold(values.get("q", "")):
            teams = teams.filter(village__search_key__contains=text)
        if values.get("state") == self.DISSOLVED:
            return teams.filter(dissolved_on__lt=day)
        return teams if values.get("state") == self.ALL else teams.exclude(dissolved_on__lt=day)


class TeamForm(RecordForm):
    """The entry of a team. `villages` are those for which the person may write."""

    name = TextField(label="Tên tổ", max_length=150, help_text="Ví dụ Tổ công nghệ số cộng đồng thôn Đông.")
    leader_name = TextField(label="Tổ trưởng", max_length=120, required=False)
    member_count = forms.IntegerField(label="Số thành viên", min_value=1, max_value=500, required=False)
    decision = TextField(
        label="Quyết định thành lập", max_length=120, required=False, help_text="Ví dụ Quyết định số 15/QĐ-UBND."
    )
    founded_on = DayField(label="Ngày thành lập", help_text=DAY_HELP)
    dissolved_on = DayField(
        label="Ngày hoạt động cuối cùng",
        required=False,
        help_text="Chỉ ghi khi tổ giải thể; để trống nếu đang hoạt động.",
    )

    class Meta:
        model = DigitalTeam
        fields = ("village", "name", "leader_name", "member_count", "decision", "founded_on", "dissolved_on")

    def __init__(self, *args: Any, villages: UnitQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A team of a village that has been closed since stays with it.
        present = Q(pk=self.instance.village_id) | Q(closed_on__isnull=True)
        choices = villages.villages().filter(present).in_order()
        field = cast(forms.ModelChoiceField, self.fields["village"])
        field.queryset, field.empty_label = choices, "Chọn thôn"
        if len(choices) == 1:
            field.initial = choices[0]

    def clean_founded_on(self) -> date:
        day = self.cleaned_data["founded_on"]
        if day > local_today():
            raise ValidationError("Ngày thành lập không được ở tương lai. Hãy kiểm tra lại ngày.")
        return day
