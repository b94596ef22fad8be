"""Forms of the office's reports: what a new one is about, its words, its revocation, the list's filter."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from campaigns.models import Campaign
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.fields import DayField, TextField
from hbs_portal.lib.text import date_short
from reports.forms.clocks import ClockForm
from reports.models import Report, ReportingPeriod, Snapshot
from reports.selectors.clocks import Clocks
from reports.services.issuing import Words

DAY, PERIOD, SNAPSHOT = "ngay", "ky", "chot"


class WordsFields(forms.Form):
    """What people decide about a paper beyond its figures."""

    title = TextField(
        label="Tên báo cáo",
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Để trống: “Kết quả thực hiện Phong trào … (số liệu đến ngày …)”.",
    )
    paper_number = TextField(
        label="Số văn bản", max_length=60, required=False, help_text="Ví dụ: 12. Để trống nếu văn thư ghi tay sau."
    )
    dated_on = DayField(label="Ngày văn bản", required=False, help_text="Để trống nếu ghi tay sau.")
    so_voi = forms.ChoiceField(label="So với bản chốt", required=False)

    def choose_previous(self, snapshots: Iterable[Snapshot]) -> None:
        """What the report tells its changes against."""
        self.snapshots = {str(row.pk): row for row in snapshots}
        choices = [(key, f"{row.code} - {row.name}") for key, row in self.snapshots.items()]
        self.fields["so_voi"].choices = [("", "Bản chốt liền trước"), *choices]  # type: ignore[attr-defined]

    @property
    def words(self) -> Words:
        """What was typed, of a form that is valid."""
        data = self.cleaned_data
        title = " ".join(data["title"].split())
        return Words(title, data["paper_number"], data["dated_on"], self.snapshots.get(data["so_voi"]))


class ReportForm(ClockForm, WordsFields):
    """Which figures a new report has - a period's, frozen ones, those of a day - and its words."""

    nguon = forms.ChoiceField(label="Số liệu của báo cáo")
    field_order = ("nguon", "ngay", "duyet", "title", "paper_number", "dated_on", "so_voi")

    def __init__(
        self, data: Any, *, campaign: Campaign, periods: Sequence[ReportingPeriod], snapshots: Sequence[Snapshot]
    ) -> None:
        super().__init__(data, campaign=campaign)
        self.periods, self.closings = {row.pk: row for row in periods}, snapshots
        self.choose_previous(snapshots)
        self.fields["nguon"].choices = self._sources(periods, snapshots)  # type: ignore[attr-defined]
        self.fields["ngay"].label = "Phát sinh đến ngày"

    @classmethod
    def suggested(cls, campaign: Campaign, chosen: str = "", **sources: Any) -> "ReportForm":
        """The form as it is opened: the last period that has ended, else today's figures."""
        clocks, today = Clocks.of(campaign), local_today()
        ended = next((row for row in sources["periods"] if row.ends_on <= today), None)
        source = chosen or (f"{PERIOD}-{ended.pk}" if ended else DAY)
        data = {"nguon": source, "ngay": clocks.as_of, "duyet": clocks.approved_by, "dated_on": today}
        return cls(data, campaign=campaign, **sources)

    @staticmethod
    def _sources(periods: Sequence[ReportingPeriod], snapshots: Sequence[Snapshot]) -> list[Any]:
        """A period that has not ended has no report yet."""
        today = local_today()
        of_periods = [
            (f"{PERIOD}-{row.pk}", f"{row.name}{'' if row.is_closed else ' (sẽ khóa kỳ và chốt số liệu)'}")
            for row in periods
            if row.ends_on <= today
        ]
        frozen = [(f"{SNAPSHOT}-{row.pk}", f"{row.code} - {row.name}") for row in snapshots]
        groups = [("Theo kỳ báo cáo", of_periods), ("Số liệu đã chốt", frozen)]
        return [*(group for group in groups if group[1]), (DAY, "Chốt số liệu mới, theo hai ngày dưới đây")]

    @property
    def period(self) -> ReportingPeriod | None:
        """The period that was chosen."""
        kind, _, number = self.cleaned_data["nguon"].partition("-")
        return self.periods[int(number)] if kind == PERIOD else None

    @property
    def snapshot(self) -> Snapshot | None:
        """The frozen figures that were chosen: by themselves, or those of a closed period."""
        kind, _, number = self.cleaned_data["nguon"].partition("-")
        if kind == SNAPSHOT:
            return self.snapshots[number]
        period = self.period
        if period is None or not period.is_closed:
            return None
        return next((row for row in self.closings if row.period_id == period.pk and row.as_of == period.ends_on), None)

    @property
    def snapshot_name(self) -> str:
        return f"Số liệu đến {date_short(self.clocks().as_of)}"


class ReportWordsForm(WordsFields):
    """The words of a report that is looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ("title", "paper_number", "dated_on", "so_voi", "version")

    def __init__(self, data: Any, *, report: Report, snapshots: Iterable[Snapshot]) -> None:
        initial = {
            "title": report.title,
            "paper_number": report.paper_number,
            "dated_on": report.dated_on,
            "so_voi": report.previous_id or "",
            "version": report.version,
        }
        super().__init__(data, initial=initial)
        self.choose_previous(row for row in snapshots if row.pk != report.snapshot_id)
        self.fields["title"].required = True
        self.fields["title"].help_text = ""


class VersionForm(forms.Form):
    """A step that asks for nothing but a yes to what was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class RevokeForm(VersionForm):
    reason = TextField(
        label="Lý do thu hồi", max_length=300, error_messages={"required": "Hãy ghi lý do thu hồi báo cáo."}
    )


class ReportFilter(forms.Form):
    """By title, number or period, without diacritics; by what became of a report."""

    q = TextField(
        label="Tìm theo tên, số, kỳ",
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"placeholder": "Tên, số hoặc kỳ"}),
    )
    trang_thai = forms.ChoiceField(
        label="Trạng thái",
        required=False,
        choices=[
            ("", "Tất cả"),
            ("hien-hanh", "Bản mới nhất"),
            ("da-co-ban-moi", "Đã có bản mới"),
            ("thu-hoi", "Đã thu hồi"),
        ],
    )

    @property
    def chosen(self) -> tuple[str, str]:
        """The words and the state that were asked for; an unknown choice counts as none."""
        self.is_valid()
        return self.cleaned_data.get("q", ""), self.cleaned_data.get("trang_thai", "")
