"""Forms of people: the list's filter, the entry, moving and leaving."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef

from accounts.models import User
from campaigns.choices import PERSON_GROUPS, Gender, groups_of_kind
from campaigns.class_names import clean_class_name
from campaigns.forms.records import RecordForm, VersionForm
from campaigns.models import Membership, Person, Unit
from campaigns.models.people import MembershipQuerySet, PersonQuerySet
from campaigns.roster_access import kept_memberships, kept_units, units_with_rosters
from campaigns.selectors.people import class_names, possible_duplicates
from campaigns.services.people import check_end, check_join, check_membership, check_move
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.fields import CodeField, DayField, TextField
from hbs_portal.lib.text import fold

DAY_HELP = "Ngày/tháng/năm, ví dụ 05/09/2026."
GROUPS = [(group.value, group.label) for group in PERSON_GROUPS]


def groups_of(units: Iterable[Unit]) -> list[tuple[str, str]]:
    """The choices of groups that people of these units may belong to, in the order of the glossary."""
    known = {group.value for unit in units for group in groups_of_kind(unit.kind)}
    return [choice for choice in GROUPS if choice[0] in known]


class PersonFilter(forms.Form):
    """Search without diacritics by name or code; by unit, group and class; there on a day (at first today) or left."""

    PRESENT, LEFT, ALL = "", "da-thoi", "tat-ca"

    q = forms.CharField(label="Tìm theo tên hoặc mã", required=False)
    unit = forms.ModelChoiceField(label="Đơn vị", queryset=Unit.objects.none(), required=False, empty_label="Tất cả")
    group = forms.ChoiceField(label="Nhóm", required=False, choices=[("", "Tất cả"), *GROUPS])
    class_name = forms.ChoiceField(label="Lớp", required=False)
    presence = forms.ChoiceField(
        label="Tình trạng",
        required=False,
        choices=[(PRESENT, "Đang có mặt"), (LEFT, "Đã thôi, đã chuyển"), (ALL, "Tất cả")],
    )
    day = DayField(label="Tính đến ngày", required=False, help_text=f"Để trống là hôm nay. {DAY_HELP}")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["unit"].queryset = units_with_rosters(user).in_order()
        self.fields["class_name"].choices = [("", "Tất cả"), *((name, name) for name in class_names(user))]

    @property
    def as_of(self) -> date:
        return self._values.get("day") or local_today()

    @property
    def _values(self) -> dict[str, Any]:
        self.is_valid()
        return getattr(self, "cleaned_data", {})

    def filter(self, people: PersonQuerySet) -> PersonQuerySet:
        """Narrows the people; an unknown choice counts as none."""
        values = self._values
        if text := fold(values.get("q") or ""):
            people = people.filter(search_key__contains=text)
        theirs = self._memberships().filter(person=OuterRef("pk"))
        if values.get("presence") == self.LEFT:
            return people.filter(Exists(theirs.filter(ends_on__lt=self.as_of)), ~Exists(theirs.on(self.as_of)))
        return people.filter(Exists(self._present_only(theirs)))

    def memberships(self, people: PersonQuerySet) -> MembershipQuerySet:
        """The memberships for which `people`, narrowed by `filter`, are on the page."""
        return self._present_only(self._memberships().filter(person__in=people))

    @property
    def chosen_group(self) -> str:
        return self._values.get("group") or ""

    @property
    def in_words(self) -> str:
        """What was chosen, as a person says it: "Trường Tiểu học A, Học sinh, lớp 4A, đang có mặt"."""
        values = self._values
        words = [str(values[name]) for name in ("unit",) if values.get(name)] or ["mọi đơn vị"]
        words += [dict(GROUPS)[values["group"]]] if values.get("group") else []
        words += [f"lớp {values['class_name']}"] if values.get("class_name") else []
        words += [f"tên hoặc mã có “{values['q']}”"] if values.get("q") else []
        words.append(dict(self.fields["presence"].choices)[values.get("presence") or self.PRESENT].lower())
        return ", ".join(words)

    def _memberships(self) -> MembershipQuerySet:
        chosen = {name: self._values[name] for name in ("unit", "group", "class_name") if self._values.get(name)}
        return Membership.objects.visible_to(self.user).filter(**chosen)

    def _present_only(self, memberships: MembershipQuerySet) -> MembershipQuerySet:
        return memberships if self._values.get("presence") in (self.LEFT, self.ALL) else memberships.on(self.as_of)


class PersonForm(RecordForm):
    """The entry of one person; only what the figures need."""

    full_name = TextField(label="Họ và tên", max_length=120)
    birth_date = DayField(label="Ngày sinh", required=False, help_text=DAY_HELP)
    gender = forms.ChoiceField(label="Giới tính", required=False, choices=[("", "Chưa rõ"), *Gender.choices])
    code = CodeField(
        label="Mã định danh",
        max_length=20,
        required=False,
        help_text="Mã định danh của ngành giáo dục hoặc mã cán bộ; giữ nguyên số 0 ở đầu. Không ghi số căn cước.",
    )
    owners = frozenset({"commune"})

    class Meta:
        model = Person
        fields = ("full_name", "birth_date", "gender", "code")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.instance.commune_id = user.scope.commune_id

    def clean_birth_date(self) -> date | None:
        day = self.cleaned_data["birth_date"]
        if day and day > local_today():
            raise ValidationError("Ngày sinh không thể sau hôm nay. Hãy kiểm tra lại năm sinh.")
        return day

    def clean_code(self) -> str | None:
        return self.cleaned_data["code"] or None


class PersonCreateForm(PersonForm):
    """A person and where they belong. `duplicates`: people who may be the same (rule C9), once the form was sent."""

    unit = forms.ModelChoiceField(label="Đơn vị", queryset=Unit.objects.none(), empty_label="Chọn đơn vị")
    group = forms.ChoiceField(label="Nhóm", choices=[("", "Chọn nhóm"), *GROUPS])
    class_name = TextField(label="Lớp", max_length=30, required=False, help_text="Chỉ với học sinh, ví dụ 4A.")
    starts_on = DayField(label="Thuộc đơn vị từ ngày", help_text=DAY_HELP)
    add_anyway = forms.BooleanField(label="Đây là người khác, vẫn thêm", required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.duplicates: list[Person] = []
        units = kept_units(user).open_on(local_today()).in_order()
        self.fields["unit"].queryset = units
        if not user.scope.has("OFFICER"):
            offered = list(units)
            groups = groups_of(offered)
            self.fields["unit"].initial = offered[0] if offered else None
            self.fields["group"].choices = groups if len(groups) == 1 else [("", "Chọn nhóm"), *groups]

    def clean_class_name(self) -> str:
        return clean_class_name(self.cleaned_data["class_name"])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        membership = {name: values.get(name) for name in ("unit", "group", "class_name", "starts_on")}
        if membership["unit"] and membership["group"] and membership["starts_on"]:
            check_membership(**membership)
        if membership["unit"] and values.get("full_name"):
            self._suggest_duplicates(values)
        return values

    def _suggest_duplicates(self, values: dict[str, Any]) -> None:
        unit = values["unit"]
        named = {name: values.get(name) for name in ("full_name", "birth_date", "code")}
        self.duplicates = possible_duplicates(unit_id=unit.pk, commune_id=unit.commune_id, **named)
        if not self.duplicates:
            return
        self.fields["add_anyway"].widget = forms.CheckboxInput()
        if not values.get("add_anyway"):
            raise ValidationError(
                {"add_anyway": "Có thể đã có trong danh sách. Hãy so với người có sẵn, rồi đánh dấu nếu là người khác."}
            )

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values.items() if name != "add_anyway"}


class MembershipChangeForm(VersionForm):
    """The base of moving and leaving: which membership of the person, and the person's version."""

    membership = forms.ModelChoiceField(label="Đang thuộc", queryset=Membership.objects.none(), empty_label=None)

    def __init__(self, *args: Any, user: User, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.person = user, person
        rows = kept_memberships(user).filter(person=person).select_related("unit", "person")
        self.open_memberships = [row for row in rows.order_by("-starts_on", "-pk") if row.ends_on is None]
        self.fields["membership"].queryset = rows if self.is_bound else rows.filter(ends_on=None)
        self.fields["membership"].initial = self.present
        self.fields["version"].initial = person.version
        if len(self.open_memberships) < 2:
            self.fields["membership"].widget = forms.HiddenInput()

    @property
    def present(self) -> Membership | None:
        """The membership that the page speaks of before anything is chosen."""
        return self.open_memberships[0] if self.open_memberships else None

    @property
    def is_current(self) -> bool:
        """Whether the person is still as the form was opened; otherwise the service tells of the conflict."""
        return self.cleaned_data.get("version") == self.person.version


class PersonMoveForm(MembershipChangeForm):
    """Where the person goes, and from when; an editor's choice holds only their own units."""

    unit = forms.ModelChoiceField(label="Đơn vị mới", queryset=Unit.objects.none(), empty_label=None)
    group = forms.ChoiceField(label="Nhóm", choices=GROUPS)
    class_name = TextField(label="Lớp", max_length=30, required=False, help_text="Chỉ với học sinh, ví dụ 5A.")
    starts_on = DayField(
        label="Từ ngày", help_text=f"Ngày đầu tiên ở nơi mới; nơi cũ kết thúc vào ngày trước đó. {DAY_HELP}"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = kept_units(self.user).open_on(local_today()).in_order()
        self.fields["unit"].queryset = units
        if not self.user.scope.has("OFFICER"):
            self.fields["group"].choices = groups_of(units)
        if self.present:
            for name in ("unit", "group", "class_name"):
                self.fields[name].initial = getattr(self.present, name)

    def clean_class_name(self) -> str:
        return clean_class_name(self.cleaned_data["class_name"])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        move = {name: values.get(name) for name in ("membership", "unit", "group", "class_name", "starts_on")}
        if self.is_current and all(move[name] for name in ("membership", "unit", "group", "starts_on")):
            check_move(**move)
        return values


class PersonLeaveForm(MembershipChangeForm):
    """The last day at the unit, and why."""

    last_day = DayField(label="Ngày cuối cùng", help_text=f"Ngày này vẫn được tính. {DAY_HELP}")
    reason = TextField(label="Lý do", max_length=120, help_text="Ví dụ: Chuyển trường ngoài xã, nghỉ hưu, thôi việc.")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if self.is_current and values.get("membership") and values.get("last_day"):
            check_end(membership=values["membership"], last_day=values["last_day"])
        return values


class UndoForm(VersionForm):
    """Only the version: taking something back asks nothing else."""


class PersonJoinForm(VersionForm):
    """Where a person belongs as well, or again, and from when; an editor's choice holds only their own units."""

    unit = forms.ModelChoiceField(label="Đơn vị", queryset=Unit.objects.none(), empty_label="Chọn đơn vị")
    group = forms.ChoiceField(label="Nhóm", choices=GROUPS)
    class_name = TextField(label="Lớp", max_length=30, required=False, help_text="Chỉ với học sinh, ví dụ 5A.")
    starts_on = DayField(label="Từ ngày", help_text=f"Ngày đầu tiên (trở lại) ở đơn vị. {DAY_HELP}")

    def __init__(self, *args: Any, user: User, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        units = kept_units(user).open_on(local_today()).in_order()
        self.fields["unit"].queryset = units
        last = Membership.objects.visible_to(user).filter(person=person).order_by("-starts_on", "-pk").first()
        self.fields["group"].initial = last.group if last else None
        if not user.scope.has("OFFICER"):
            self.fields["unit"].initial = units.first()
            self.fields["group"].choices = groups_of(units)
        self.fields["version"].initial = person.version

    def clean_class_name(self) -> str:
        return clean_class_name(self.cleaned_data["class_name"])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("version") == self.person.version and all(
            values.get(name) for name in ("unit", "group", "starts_on")
        ):
            check_join(person=self.person, **self.values)
        return values

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data.get(name) or "" for name in ("unit", "group", "class_name", "starts_on")}
