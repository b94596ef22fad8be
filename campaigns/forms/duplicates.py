"""Forms of entries that may be one person."""

from typing import Any

from django import forms

from accounts.models import User
from campaigns.models import Person, Unit
from campaigns.roster_access import units_with_rosters


class DuplicateFilter(forms.Form):
    """Pairs of which one is or was in a unit; at first all of the commune."""

    unit = forms.ModelChoiceField(label="Đơn vị", queryset=Unit.objects.none(), required=False, empty_label="Tất cả")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_with_rosters(user).in_order()

    @property
    def chosen_unit(self) -> Unit | None:
        """The unit; an unknown one counts as none."""
        return self.cleaned_data.get("unit") if self.is_valid() else None


class MergeForm(forms.Form):
    """Which of two entries stays; what it lacks is filled in from the other."""

    kept = forms.TypedChoiceField(
        label="Giữ mục nào?",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Hãy chọn mục được giữ.", "invalid_choice": "Hãy chọn một trong hai mục."},
    )

    def __init__(self, *args: Any, pair: tuple[Person, Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pair = pair
        sides = zip(("Mục thứ nhất", "Mục thứ hai"), pair, strict=True)
        self.fields["kept"].choices = [(person.pk, f"{side}: {_named(person)}") for side, person in sides]
        self.fields["kept"].initial = min(pair, key=lambda person: (not person.code, person.pk)).pk

    @property
    def values(self) -> dict[str, Person]:
        """As the service takes them: who stays, who goes into it."""
        kept, absorbed = self.pair if self.cleaned_data["kept"] == self.pair[0].pk else reversed(self.pair)
        return {"kept": kept, "absorbed": absorbed}


def _named(person: Person) -> str:
    return f"{person.full_name}, mã {person.code}" if person.code else f"{person.full_name}, chưa có mã"
