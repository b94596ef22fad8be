"""Taking a snapshot, finding one, and choosing what to compare it with."""

from collections.abc import Iterable
from typing import Any

from django import forms

from campaigns.models import Campaign
from hbs_portal.lib.fields import TextField
from hbs_portal.lib.text import date_short
from reports.forms.clocks import ClockForm
from reports.models import Snapshot
from reports.selectors.clocks import Clocks

SAME_CLOCKS, TODAY = "cung-ngay", "hom-nay"


class SnapshotForm(ClockForm):
    """Which figures to freeze, and how people will find them again."""

    name = TextField(label="Tên lần chốt", max_length=150)
    note = TextField(label="Ghi chú", max_length=300, required=False)

    def __init__(self, data: Any, *, campaign: Campaign) -> None:
        super().__init__(data, campaign=campaign)
        self.fields["ngay"].help_text = "Việc diễn ra đến hết ngày này. Để trống là đến hôm nay."
        self.fields["duyet"].help_text = "Chỉ tính việc đã duyệt đến hết ngày này. Để trống là đến hôm nay."

    @classmethod
    def suggested(cls, campaign: Campaign) -> "SnapshotForm":
        """The form as it is opened: today's clocks and a name that says them."""
        clocks = Clocks.of(campaign)
        name = f"Số liệu đến {date_short(clocks.as_of)}"
        return cls({"ngay": clocks.as_of, "duyet": clocks.approved_by, "name": name}, campaign=campaign)


class SnapshotFilterForm(forms.Form):
    q = TextField(
        label="Tìm theo tên, số",
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"placeholder": "Tên hoặc số bản chốt"}),
    )

    @property
    def words(self) -> str:
        return self.cleaned_data["q"] if self.is_valid() else ""


class ComparisonForm(forms.Form):
    """What a snapshot is compared with: the records of today at its own clocks, today's figures, another snapshot."""

    voi = forms.ChoiceField(label="So sánh với", required=False)

    def __init__(self, data: Any, *, others: Iterable[Snapshot]) -> None:
        super().__init__(data, auto_id="so-sanh-%s")
        self.others = {str(row.number): row for row in others}
        choices = [
            (SAME_CLOCKS, "Số liệu tính lại hôm nay, cùng hai ngày với lần chốt này"),
            (TODAY, "Số liệu hôm nay"),
            *((number, f"Lần chốt {row.code}: {row.name}") for number, row in self.others.items()),
        ]
        self.fields["voi"].choices = choices  # type: ignore[attr-defined]

    @property
    def chosen(self) -> str:
        """SAME_CLOCKS, TODAY or the number of a snapshot; the first where nothing that makes sense was asked for."""
        return self.cleaned_data["voi"] or SAME_CLOCKS if self.is_valid() else SAME_CLOCKS

    @property
    def other(self) -> Snapshot | None:
        return self.others.get(self.chosen)
