"""The day of a record: not in the future, within the campaign (rule G7: local dates)."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from campaigns.models import Campaign
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.fields import DayField
from hbs_portal.lib.text import date_short


class CampaignDayField(DayField):
    """A day on which something of the campaign happened; today until another is chosen."""

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        kwargs.setdefault("initial", local_today)
        super().__init__(*args, **kwargs)
        self.campaign = campaign
        self.error_messages["required"] = "Hãy chọn ngày."

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is None:
            return
        if value > local_today():
            raise ValidationError("Ngày này chưa tới. Hãy chọn hôm nay hoặc một ngày trước đó.")
        first, last = self.campaign.starts_on, self.campaign.ends_on
        if not first <= value <= last:
            raise ValidationError(
                f"Ngày phải trong thời gian của kế hoạch, từ {date_short(first)} đến {date_short(last)}."
            )
