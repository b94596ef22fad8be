"""The form that takes a list of any kind."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from campaigns.forms.people import DAY_HELP
from campaigns.importers.examining import AUTO
from campaigns.importers.kinds import KindSpec, Subject, kinds, kinds_of_unit
from campaigns.models import Unit
from campaigns.roster_access import kept_units, listed_units
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.fields import DayField
from hbs_portal.lib.text import date_short, is_record_number

ACCEPTED = ".xlsx,.xls,.csv"


def school_year_start(today: date) -> date:
    """Return the last 5 September that has come: the opening day of the school year."""
    opening = date(today.year, 9, 5)
    return opening if opening <= today else date(today.year - 1, 9, 5)


class RosterUploadForm(forms.Form):
    """Which kind of list, of which unit, from which day, which file."""

    kind = forms.ChoiceField(
        label="Loại danh sách",
        required=False,
        help_text="Nếu cổng nhận biết chưa đúng, hãy chọn loại rồi tải lên lại.",
        error_messages={"invalid_choice": "Hãy chọn một loại trong danh sách."},
    )
    unit = forms.ModelChoiceField(label="Đơn vị", queryset=Unit.objects.none(), empty_label="Chọn đơn vị")
    effective_on = DayField(
        label="Có mặt từ ngày",
        help_text=f"Người mới, chuyển đến, chuyển lớp được tính từ ngày này. {DAY_HELP}",
    )
    file = forms.FileField(
        label="Tệp danh sách (Excel hoặc CSV)",
        help_text="Từ cơ sở dữ liệu ngành, vnEdu, SMAS, hoặc danh sách tự lập; .xlsx, .xls, .csv, không quá 10 MB.",
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        error_messages={
            "required": "Hãy chọn tệp danh sách.",
            "invalid": "Chưa nhận được tệp. Hãy chọn lại tệp rồi tải lên.",
            "missing": "Chưa nhận được tệp. Hãy chọn lại tệp rồi tải lên.",
            "empty": "Tệp này trống. Hãy chọn lại tệp danh sách rồi tải lên.",
        },
    )

    activity_id = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.units = listed_units(user).open_on(local_today()).in_order()
        self.fields["unit"].queryset = self.units
        self.fields["kind"].choices = [("", "Để cổng tự nhận biết"), *kind_choices(self.units)]
        if not user.scope.has("OFFICER"):
            self.fields["unit"].initial = self.units.first()
        self.fields["effective_on"].initial = school_year_start(local_today())
        self.spec, self.subject = self._asked_subject()
        if self.subject:
            for name in ("kind", "unit", "effective_on"):
                del self.fields[name]

    def _asked_subject(self) -> tuple[KindSpec | None, Subject | None]:
        """The kind and the record that the list is about, where the page was opened for one of this person's."""
        kind, number = (self.data.get(name) or self.initial.get(name) or "" for name in ("kind", "activity_id"))
        for spec in kinds() if is_record_number(str(number)) else []:
            if spec.subject and kind in ("", spec.kind) and (subject := spec.subject(self.user, int(number))):
                return spec, subject
        return None, None

    @property
    def has_units(self) -> bool:
        """Whether there is any open unit whose lists this person keeps."""
        return self.units.exists()

    @property
    def values(self) -> dict[str, Any]:
        """As the service takes them; no kind chosen means that the portal finds it out."""
        values = dict(self.cleaned_data)
        if self.spec and self.subject:
            values |= {"kind": self.spec.kind, "effective_on": self.subject.day, "unit": self.cleaned_data["unit"]}
        else:
            values["activity_id"] = None
        return {"upload": values.pop("file"), **values, "kind": values["kind"] or AUTO}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if self.subject:
            values["unit"] = kept_units(self.user).filter(pk=self.subject.unit_id).first()
            if values["unit"] is None:
                raise ValidationError("Bạn không phụ trách danh sách của đơn vị chủ trì nên không nạp được.")
            return values
        unit, day = values.get("unit"), values.get("effective_on")
        if day and day > local_today():
            raise ValidationError({"effective_on": "Ngày này chưa đến. Hãy chọn hôm nay hoặc một ngày đã qua."})
        if unit and day and not unit.is_open(day):
            raise ValidationError({"effective_on": f"{unit} không hoạt động vào ngày {date_short(day)}."})
        if unit and values.get("kind"):
            check_kind_of_unit(values["kind"], unit)
        return values


def kind_choices(units: Iterable[Unit], *, with_subjects: bool = False) -> list[tuple[str, str]]:
    """The kinds of lists that any of these units has, with their labels; attendance comes from its activity's page."""
    found = {spec.kind for unit in units for spec in kinds_of_unit(unit)}
    return [(spec.kind, spec.label) for spec in kinds() if spec.kind in found and (with_subjects or not spec.subject)]


def check_kind_of_unit(kind: str, unit: Unit) -> None:
    """Raises ValidationError where the unit has no such list: a village has no pupils."""
    if kind not in {spec.kind for spec in kinds_of_unit(unit)}:
        raise ValidationError({"kind": f"{unit} không có danh sách loại này. Hãy chọn loại khác hoặc đơn vị khác."})


class ApplyForm(forms.Form):
    """Who of those missing in the file has left, and when; and whether wrong rows are left behind."""

    leavers = forms.TypedMultipleChoiceField(
        label="Ai đã rời danh sách?",
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Danh sách đã thay đổi. Hãy tải tệp lên lại."},
    )
    leavers_on = DayField(
        label="Ngày cuối cùng có mặt",
        required=False,
        help_text=f"Chỉ cần khi có người rời danh sách; ngày này vẫn được tính. {DAY_HELP}",
    )
    only_valid_rows = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, choices: Sequence[tuple[int, str]], before: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["leavers"].choices = choices
        self.fields["leavers_on"].initial = before - timedelta(days=1)

    def clean_leavers_on(self) -> date | None:
        day: date | None = self.cleaned_data["leavers_on"]
        if day and day > local_today():
            raise ValidationError("Ngày này chưa đến. Hãy chọn hôm nay hoặc một ngày đã qua.")
        return day

    @property
    def values(self) -> dict[str, Any]:
        """As the service takes them; a day without leavers says nothing."""
        leavers = set(self.cleaned_data["leavers"])
        return {
            **self.cleaned_data,
            "leavers": leavers,
            "leavers_on": self.cleaned_data["leavers_on"] if leavers else None,
        }
