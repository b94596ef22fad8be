"""The one-page form "Ghi hoạt động" and the filter of the list."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict

from accounts.models import User
from campaigns.choices import ActivityKind, Group
from campaigns.models import DigitalTeam, Unit
from hbs_portal.lib.dates import local_today, parse_day
from hbs_portal.lib.fields import DayField, RecordsField, TextField
from hbs_portal.lib.text import fold, is_record_number
from training.models import Activity, ActivityCoHost, Topic
from training.models.activities import ActivityQuerySet, Channel
from training.rosters import Presence
from training.selectors.activities import SCHEDULED
from training.services.activities import ActivityContent, ActivityError
from training.succession import SHOWN_STATES

MOST_COUNTED = 100_000


def count_field(label: str, **options: Any) -> forms.IntegerField:
    attrs = {"inputmode": "numeric"}
    widget = forms.NumberInput(attrs=attrs)
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=MOST_COUNTED, widget=widget, **options
    )


class ActivityForm(forms.Form):
    """What, when, for whom, with what proof. The ticks of the roster come beside it, as a `Presence`."""

    kind = forms.ChoiceField(
        label="Loại hoạt động",
        widget=forms.RadioSelect,
        choices=ActivityKind.choices,
        error_messages={"required": "Hãy chọn loại hoạt động."},
    )
    starts_on = DayField(
        label="Ngày",
        error_messages={"required": "Hãy ghi ngày, ví dụ 05/09/2026."},
        help_text="Ngày sắp tới cũng ghi được: hãy lưu nháp làm lịch dự kiến, gửi duyệt sau khi đã diễn ra.",
    )
    host = forms.ModelChoiceField(
        label="Đơn vị chủ trì",
        queryset=Unit.objects.none(),
        empty_label="Chọn đơn vị",
        error_messages={"required": "Hãy chọn đơn vị chủ trì."},
    )
    team = forms.ModelChoiceField(
        label="Tổ công nghệ số cộng đồng thực hiện",
        queryset=DigitalTeam.objects.none(),
        required=False,
        empty_label="Không phải tổ thực hiện",
    )
    audiences = forms.Field(label="Ai có mặt", required=False, widget=forms.HiddenInput)
    topics = RecordsField(
        label="Chủ đề", queryset=Topic.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    title = TextField(
        label="Tên hoạt động",
        max_length=200,
        required=False,
        help_text="Để trống thì cổng tự đặt theo loại hoạt động và lớp.",
    )
    evidence = forms.Field(label="Ảnh, tài liệu minh chứng", required=False, widget=forms.HiddenInput)
    ends_on = DayField(label="Đến ngày", required=False, help_text="Chỉ ghi khi hoạt động kéo dài nhiều ngày.")
    place = TextField(label="Địa điểm", max_length=150, required=False)
    trainer = TextField(label="Người hướng dẫn", max_length=120, required=False)
    channel = forms.ChoiceField(label="Hình thức", choices=Channel.choices, required=False)
    co_hosts = RecordsField(
        label="Đơn vị phối hợp", queryset=Unit.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    elderly_count = count_field("Người cao tuổi được hỗ trợ")
    disadvantaged_count = count_field("Người có hoàn cảnh khó khăn được hỗ trợ")
    volunteer_count = count_field("Tình nguyện viên tham gia")
    note = TextField(label="Ghi chú", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    upload_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    MORE = ("title", "ends_on", "place", "trainer", "channel", "elderly_count", "disadvantaged_count")
    MORE += ("volunteer_count", "note")

    def __init__(
        self, data: QueryDict | None = None, *, user: User, last_kind: str = "", initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial={"starts_on": local_today(), "upload_key": uuid.uuid4(), **(initial or {})})
        for group in Group:
            self.fields[f"total_{group.value}"] = count_field(str(group.label))
        self.fields["kind"].choices = _last_used_first(last_kind)
        self._offer_units(user)
        if not self.initial.get("kind"):
            self.initial["kind"] = last_kind or self._usual_kind()
        self._offer_topics(user)
        self._offer_teams(user)

    def _offer_units(self, user: User) -> None:
        units = list(Unit.objects.recorded_by(user).open_on(local_today()).in_order())
        self.only_host = units[0] if len(units) == 1 else None
        self.fields["host"].queryset = Unit.objects.recorded_by(user).in_order()
        self.fields["host"].required = self.only_host is None
        self.fields["co_hosts"].queryset = Unit.objects.visible_to(user).in_order()

    def _usual_kind(self) -> str | None:
        """What a school or a village records most, for who has recorded nothing yet."""
        if self.only_host is None:
            return None
        if self.only_host.is_school:
            return ActivityKind.LESSON
        return ActivityKind.SUPPORT if self.only_host.is_village else None

    def _offer_topics(self, user: User) -> None:
        """First what the unit chose most for this kind of activity (screens.md, 2: "suggested by kind")."""
        chosen = Q(pk__in=_numbers(self.initial.get("topics", [])))
        topics = Topic.objects.visible_to(user).filter(Q(is_active=True) | chosen)
        host, kind = self.chosen_host, self["kind"].value()
        self.fields["topics"].queryset = topics.most_used_first(host, kind) if host and kind else topics

    def _offer_teams(self, user: User) -> None:
        """A village's activities are as a rule its team's (target K6): the only team is chosen beforehand."""
        teams = DigitalTeam.objects.visible_to(user).active_on(local_today()).select_related("village")
        self.fields["team"].queryset = DigitalTeam.objects.visible_to(user).select_related("village")
        self.has_teams = user.scope.reads_commune or bool(teams)
        if self.only_host and "team" not in self.initial:
            self.initial["team"] = teams.filter(village=self.only_host).first()

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        for name in ("topics", "co_hosts"):
            typed[name] = list(typed.get(name, []))
        return typed

    def clean_host(self) -> Unit:
        return self.cleaned_data.get("host") or self.only_host

    def content(self, presence: Presence) -> ActivityContent:
        """What was typed and ticked, for the service; only after `is_valid()`."""
        names = ("kind", "starts_on", "host", "ends_on", "title", "team", "place", "trainer", "note")
        counts = ("elderly_count", "disadvantaged_count", "volunteer_count")
        typed = self.cleaned_data
        return ActivityContent(
            **{name: typed[name] for name in names},
            **{name: typed[name] or 0 for name in counts},
            channel=typed["channel"] or Channel.IN_PERSON,
            topics=typed["topics"],
            co_hosts=typed["co_hosts"],
            person_ids=presence.person_ids,
            household_ids=presence.household_ids,
            group_totals={g.value: typed[f"total_{g.value}"] for g in Group if typed[f"total_{g.value}"] is not None},
        )

    def add_problems(self, error: ActivityError) -> None:
        """Puts each problem that the service found beside its field."""
        for name, sentence in error.problems:
            self.add_error(name if name in self.fields else None, sentence)

    @property
    def day(self) -> date:
        """The day whose rosters are shown: what was typed so far, else today."""
        try:
            return parse_day(self["starts_on"].value())
        except ValueError:
            return local_today()

    @property
    def chosen_host(self) -> Unit | None:
        """The unit whose classes are offered; None before one is chosen."""
        value = self["host"].value()
        if self.only_host or not value:
            return self.only_host
        if isinstance(value, Unit):
            return value
        return self.fields["host"].queryset.filter(pk__in=_numbers([value])).first()

    @property
    def sent_key(self) -> uuid.UUID | None:
        """The key of the files sent ahead, also before the form is valid; None for anything else."""
        try:
            return uuid.UUID(str(self["upload_key"].value()))
        except ValueError:
            return None

    @property
    def totals(self) -> list[forms.BoundField]:
        return [self[f"total_{group.value}"] for group in Group]

    @property
    def more(self) -> list[forms.BoundField]:
        """The fields folded under "Thêm chi tiết"."""
        return [self[name] for name in self.MORE]

    @property
    def has_totals(self) -> bool:
        return any(field.value() not in (None, "") or field.errors for field in self.totals)


def _numbers(values: Iterable[Any]) -> list[int]:
    """The ids of records, or the numbers that an address or a page says they have; the rest falls away."""
    texts = (str(getattr(value, "pk", value)) for value in values)
    return [int(text) for text in texts if is_record_number(text)]


def _last_used_first(last_kind: str) -> list[tuple[str, str]]:
    return sorted(ActivityKind.choices, key=lambda choice: choice[0] != last_kind)


def initial_of(content: ActivityContent) -> dict[str, Any]:
    """The fields of the form as they stand in what is stored."""
    ends_on = content.ends_on if content.ends_on != content.starts_on else None
    names = ("kind", "starts_on", "title", "host", "team", "place", "trainer", "channel", "note", "topics", "co_hosts")
    counts = ("elderly_count", "disadvantaged_count", "volunteer_count")
    return (
        {name: getattr(content, name) for name in names}
        | {name: getattr(content, name) or None for name in counts}
        | {f"total_{group}": total for group, total in content.group_totals.items()}
        | {"ends_on": ends_on}
    )


class ActivityFilter(forms.Form):
    """Filter of the list of activities."""

    q = TextField(label="Tìm hoạt động", required=False, max_length=100)
    loai = forms.ChoiceField(
        label="Loại hoạt động", required=False, choices=[("", "Tất cả các loại"), *ActivityKind.choices]
    )
    don_vi = forms.ModelChoiceField(
        label="Đơn vị", queryset=Unit.objects.none(), required=False, empty_label="Tất cả đơn vị"
    )
    tu = DayField(label="Từ ngày", required=False)
    den = DayField(label="Đến ngày", required=False)
    trang_thai = forms.ChoiceField(
        required=False,
        widget=forms.HiddenInput,
        choices=[("", ""), (SCHEDULED, "Sắp tới"), *SHOWN_STATES],
    )

    def __init__(self, data: QueryDict, *, user: User) -> None:
        super().__init__(data)
        self.fields["don_vi"].queryset = Unit.objects.visible_to(user).in_order()
        if not user.scope.reads_commune and len(user.scope.unit_ids) == 1:
            del self.fields["don_vi"]

    def filter(self, activities: ActivityQuerySet) -> ActivityQuerySet:
        """Those that match, whatever their state; a value that cannot be read filters nothing."""
        self.is_valid()
        wanted = self.cleaned_data
        if text := fold(wanted.get("q") or ""):
            activities = activities.filter(search_key__contains=text)
        if kind := wanted.get("loai"):
            activities = activities.filter(kind=kind)
        if unit := wanted.get("don_vi"):
            joined = ActivityCoHost.objects.filter(activity=OuterRef("pk"), unit=unit)
            activities = activities.filter(Q(host=unit) | Exists(joined))
        if first := wanted.get("tu"):
            activities = activities.filter(ends_on__gte=first)
        if last := wanted.get("den"):
            activities = activities.filter(starts_on__lte=last)
        return activities

    @property
    def status(self) -> str:
        """The state whose tab is open, SCHEDULED for what is to come; empty for all."""
        self.is_valid()
        return self.cleaned_data.get("trang_thai") or ""

    def in_tab(self, found: ActivityQuerySet) -> QuerySet[Activity]:
        """Of what was found, the activities of the open tab; what is to come, the nearest first."""
        if self.status == SCHEDULED:
            return found.scheduled_after(local_today()).order_by("starts_on", "pk")
        return found.filter(status=self.status) if self.status else found
