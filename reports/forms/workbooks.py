"""Which figures go into a file."""

from datetime import date

from django.core.exceptions import ValidationError

from hbs_portal.lib.dates import local_today
from reports.forms.clocks import ClockForm


class WorkbookForm(ClockForm):
    """The two clocks of a file; a paper that is signed cannot speak of days to come."""

    def clean_ngay(self) -> date | None:
        day = super().clean_ngay()
        if day and day > local_today():
            raise ValidationError("Ngày này chưa tới. Hãy chọn hôm nay hoặc một ngày trước đó.")
        return day
