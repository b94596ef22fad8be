"""Forms of calling back: which sample, which list, what people said, why the sheet is printed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.safestring import SafeString

from campaigns.models import Campaign, Target, Unit
from campaigns.models.units import UnitQuerySet
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.fields import DayField, ReasonField, TextField
from hbs_portal.lib.text import date_short, fold
from reports.forms.clocks import ClockForm
from reports.models import CallbackEntry, CallbackSample
from reports.models.callbacks import CallbackOutcome
from reports.selectors.callbacks import SampleRow, callable_targets
from reports.services.callbacks import LEAST_DRAWN, MOST_DRAWN, USUALLY_DRAWN, Result


class CallbackDrawForm(ClockForm):
    """Of which figure how many are drawn; a link from a figure brings its target, unit and days."""

    target = forms.ModelChoiceField(
        label="Chỉ tiêu", queryset=Target.objects.none(), to_field_name="code", empty_label="Chọn chỉ tiêu"
    )
    unit = forms.ModelChoiceField(
        label="Phạm vi", queryset=Unit.objects.none(), to_field_name="code", required=False, empty_label="Toàn xã"
    )
    size = forms.IntegerField(
        label="Số người (hộ) gọi lại",
        min_value=LEAST_DRAWN,
        max_value=MOST_DRAWN,
        initial=USUALLY_DRAWN,
        help_text="Nếu số đã tính ít hơn thì lấy tất cả.",
    )
    field_order = ("target", "unit", "size", "ngay", "duyet")

    def __init__(self, data: Any, *, campaign: Campaign, units: UnitQuerySet, given: QueryDict) -> None:
        super().__init__(data, campaign=campaign)
        cast(forms.ModelChoiceField, self.fields["target"]).queryset = callable_targets(campaign)
        cast(forms.ModelChoiceField, self.fields["unit"]).queryset = units.in_order()
        self.initial = {name: given[name] for name in ("target", "unit", "ngay", "duyet") if given.get(name)}


class CallbackFilter(forms.Form):
    """Samples by target, by what is still to be done; search without diacritics by target and unit."""

    TO_DO, DONE = "con-goi", "da-xong"

    q = forms.CharField(
        label="Tìm theo chỉ tiêu, đơn vị",
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "Chỉ tiêu hoặc đơn vị"}),
    )
    target = forms.ModelChoiceField(
        label="Chỉ tiêu", queryset=Target.objects.none(), required=False, empty_label="Tất cả"
    )
    state = forms.ChoiceField(
        label="Tình trạng",
        required=False,
        choices=[("", "Tất cả"), (TO_DO, "Còn người chưa gọi"), (DONE, "Đã gọi xong")],
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.targets = callable_targets(campaign)
        self.fields["target"].queryset = self.targets

    def filter(self, samples: QuerySet[CallbackSample]) -> QuerySet[CallbackSample]:
        """Narrows samples that have their counts; an unknown choice counts as none."""
        self.is_valid()
        values = getattr(self, "cleaned_data", {})
        if text := fold(values.get("q") or ""):
            named = [target.pk for target in self.targets if text in fold(str(target))]
            samples = samples.filter(Q(unit__search_key__contains=text) | Q(target_id__in=named))
        if target := values.get("target"):
            samples = samples.filter(target=target)
        if values.get("state") == self.TO_DO:
            return samples.filter(pending__gt=0)
        return samples.filter(pending=0) if values.get("state") == self.DONE else samples


class CallSheetForm(forms.Form):
    """Why names and phones are put on paper."""

    reason = ReasonField(
        label="Lý do in phiếu",
        help_text="Một câu, ví dụ: Gọi lại để kiểm tra số liệu chỉ tiêu K3 trước khi báo cáo.",
    )


@dataclass(frozen=True)
class ResultFields:
    """One line of the page: who, and the fields for what they said."""

    row: SampleRow
    outcome: forms.BoundField
    note: forms.BoundField
    version: forms.BoundField

    @property
    def shown_values(self) -> SafeString:
        """What the page showed when it was opened, so that only what was touched is saved."""
        return self.outcome.as_hidden(only_initial=True) + self.note.as_hidden(only_initial=True)


class CallbackResultsForm(forms.Form):
    """Results of many calls on one page, all of one day; only lines that were touched are saved."""

    called_on = DayField(label="Ngày gọi", help_text="Chung cho những người vừa ghi kết quả.")

    def __init__(self, data: Any, *, sample: CallbackSample, rows: Sequence[SampleRow]) -> None:
        super().__init__(data)
        self.sample, self.rows = sample, rows
        self.fields["called_on"].initial = local_today()
        for row in rows:
            self._add(row.entry)

    def _add(self, entry: CallbackEntry) -> None:
        self.fields[f"outcome_{entry.pk}"] = forms.ChoiceField(
            label=f"Kết quả gọi {entry}",
            choices=CallbackOutcome.choices,
            initial=entry.outcome,
            widget=forms.RadioSelect,
            show_hidden_initial=True,
            error_messages={"required": "Hãy chọn một kết quả."},
        )
        self.fields[f"note_{entry.pk}"] = TextField(
            label=f"Ghi chú về {entry}", initial=entry.note, required=False, max_length=300, show_hidden_initial=True
        )
        self.fields[f"version_{entry.pk}"] = forms.IntegerField(
            initial=entry.version, widget=forms.HiddenInput, required=False
        )

    @property
    def lines(self) -> list[ResultFields]:
        return [
            ResultFields(row, *(self[f"{name}_{row.entry.pk}"] for name in ("outcome", "note", "version")))
            for row in self.rows
        ]

    def clean_called_on(self) -> date:
        day: date = self.cleaned_data["called_on"]
        drawn_on = timezone.localtime(self.sample.drawn_at).date()
        if day > local_today():
            raise ValidationError("Ngày gọi chưa tới. Hãy chọn hôm nay hoặc một ngày trước đó.")
        if day < drawn_on:
            raise ValidationError(f"Mẫu được rút ngày {date_short(drawn_on)}. Hãy chọn ngày đó hoặc sau đó.")
        return day

    @property
    def results(self) -> list[Result]:
        """The lines that were touched."""
        touched = {name.rpartition("_")[2] for name in self.changed_data if name.startswith(("outcome_", "note_"))}
        return [self._result(row.entry.pk) for row in self.rows if str(row.entry.pk) in touched]

    def _result(self, pk: int) -> Result:
        values = self.cleaned_data
        return Result(pk, values[f"outcome_{pk}"], values[f"note_{pk}"], values.get(f"version_{pk}") or 0)

    def meet(self, stored: Mapping[int, CallbackEntry]) -> list[dict[str, str]]:
        """After somebody else was faster: takes over what is stored now as the state that was seen, and says by line
        what is stored and what was typed (the rows of includes/conflict.html)."""
        typed = {result.entry_id: result for result in self.results}
        self.data = cast(QueryDict, self.data).copy()
        for pk, entry in stored.items():
            now = {f"version_{pk}": entry.version, f"initial-outcome_{pk}": entry.outcome}
            for name, value in (now | {f"initial-note_{pk}": entry.note}).items():
                self.data[name] = str(value)
        return [
            {"label": str(entry), "stored": _said(entry.outcome, entry.note), "typed": _said(*typed[pk][1:3])}
            for pk, entry in stored.items()
        ]


def _said(outcome: str, note: str) -> str:
    return CallbackOutcome(outcome).label + (f" ({note})" if note else "")
