"""Forms of the page of warning signs: what is shown, and what came of looking into one."""

from collections.abc import Collection, Sequence
from typing import Any

from django import forms

from campaigns.models import Unit
from campaigns.models.units import UnitQuerySet
from hbs_portal.lib.fields import TextField
from hbs_portal.lib.text import fold
from reports.models.warning_signs import SignalKind, SignalOutcome, SignalReview

#: What was looked into and needs nothing more is folded away.
SETTLED: Collection[str] = (SignalOutcome.EXPLAINED, SignalOutcome.CORRECTED)


class SignFilter(forms.Form):
    """By kind, unit, what came of it; search without diacritics in the sentence, the records and the units."""

    OPEN, DONE, ALL = "", "da-xem", "tat-ca"

    q = forms.CharField(
        label="Tìm theo nội dung, bản ghi, đơn vị",
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "Nội dung hoặc đơn vị"}),
    )
    kind = forms.ChoiceField(
        label="Dấu hiệu", required=False, choices=[("", "Tất cả"), *((kind.value, kind.label) for kind in SignalKind)]
    )
    unit = forms.ModelChoiceField(label="Đơn vị", queryset=Unit.objects.none(), required=False, empty_label="Tất cả")
    state = forms.ChoiceField(
        label="Tình trạng", required=False, choices=[(OPEN, "Cần xem"), (DONE, "Đã xem xong"), (ALL, "Tất cả")]
    )

    def __init__(self, *args: Any, units: UnitQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units.in_order()

    def filter(self, rows: Sequence[Any], *, kind_too: bool = True) -> list[Any]:
        """Those of the rows (reports.pages.warning_signs.SignRow) that were asked for; an unknown choice is none."""
        self.is_valid()
        values = getattr(self, "cleaned_data", {})
        words, unit, kind = fold(values.get("q") or "").split(), values.get("unit"), values.get("kind")
        return [
            row
            for row in rows
            if self._is_state(row, values.get("state"))
            and (not unit or unit.pk in row.sign.unit_ids)
            and (not (kind and kind_too) or row.sign.kind == kind)
            and all(word in row.search_key for word in words)
        ]

    def _is_state(self, row: Any, state: str | None) -> bool:
        if state == self.ALL:
            return True
        return row.is_settled if state == self.DONE else not row.is_settled


class SignReviewForm(forms.ModelForm):
    """What came of it; `version` is that of what was noted before, 0 where nothing was."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    outcome = forms.ChoiceField(
        label="Kết quả",
        choices=SignalOutcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Hãy chọn một kết quả."},
    )
    note = TextField(
        label="Ghi chú",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Đã hỏi ai, biết được gì, đã sửa gì. Ví dụ: Đã gọi nhà trường, hai buổi sáng và chiều khác nhau.",
        error_messages={"required": "Hãy ghi ngắn gọn đã hỏi ai và biết được gì."},
    )

    class Meta:
        model = SignalReview
        fields = ("outcome", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version if self.instance.pk else 0

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, and the version the form was opened with."""
        named = {name: self.cleaned_data[name] for name in ("outcome", "note")}
        return named | {"expected_version": self.cleaned_data.get("version") or 0}
