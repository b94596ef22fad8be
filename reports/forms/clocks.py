"""The two clocks of a page (rule G5), as people choose them."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from campaigns.models import Campaign
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.fields import DayField
from hbs_portal.lib.text import date_short
from reports.selectors.clocks import Clocks


class ClockForm(forms.Form):
    """Empty fields mean today. A wrong date gets a sentence, and the figures shown are those of today."""

    ngay = DayField(label="Số liệu đến ngày", required=False)
    duyet = DayField(label="Được duyệt đến ngày", required=False)

    def __init__(self, data: Any, *, campaign: Campaign) -> None:
        super().__init__(data, auto_id="dong-ho-%s")
        self.campaign = campaign

    def clean_ngay(self) -> date | None:
        day = self.cleaned_data["ngay"]
        first, last = self.campaign.starts_on, self.campaign.ends_on
        if day and not first <= day <= last:
            raise ValidationError(
                f"Kế hoạch kéo dài từ {date_short(first)} đến {date_short(last)}. Hãy chọn một ngày trong thời gian đó."
            )
        if day and day > local_today():
            raise ValidationError("Ngày này chưa tới. Hãy chọn hôm nay hoặc một ngày trước đó.")
        return day

    def clean_duyet(self) -> date | None:
        day = self.cleaned_data["duyet"]
        if day and day > local_today():
            raise ValidationError("Ngày duyệt không được sau hôm nay. Hãy chọn lại, hoặc để trống để lấy đến hôm nay.")
        return day

    @property
    def chosen(self) -> dict[str, date]:
        """What was chosen rightly, for the links of the page: {"ngay": …, "duyet": …} or less."""
        self.is_valid()
        return {name: day for name, day in self.cleaned_data.items() if day}

    def clocks(self) -> Clocks:
        """The clocks of the page; where nothing was chosen (or wrongly) they stand at today."""
        chosen = self.chosen
        return Clocks.of(self.campaign, chosen.get("ngay"), chosen.get("duyet"))
