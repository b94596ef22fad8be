"""The one page on which an activity is recorded, changed or copied."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access import allow, may_record
from accounts.conflicts import conflict_of
from accounts.requests import methods
from accounts.versions import StaleRecordError
from campaigns.choices import RecordStatus
from campaigns.models import Unit
from hbs_portal.lib.dates import local_today, parse_day
from hbs_portal.lib.text import is_record_number
from training.forms.activities import ActivityForm, initial_of
from training.models import Activity, Evidence
from training.rosters import (
    Audience,
    Presence,
    RosterBlock,
    audiences_of,
    audiences_sent,
    audiences_with,
    roster_blocks,
)
from training.selections import selection_of
from training.selectors.activities import last_entered
from training.services.activities import (
    ActivityContent,
    ActivityError,
    NobodyReachedError,
    content_of,
    copy_activity,
    create_activity,
    update_activity,
)
from training.views.evidence import keeps_files

Choice = tuple[Audience, str, bool]
PREPARE = "chuan-bi"
FORM_PAGE = "training/activity_form.html"
KIND_ICONS = {
    "COMMUNICATION": "megaphone",
    "TRAINING": "easel",
    "LESSON": "mortarboard",
    "SUPPORT": "people",
    "FESTIVAL": "award",
    "ONLINE_COURSE": "laptop",
}
FORGOTTEN = "Danh sách chọn sẵn không còn được giữ. Hãy chọn lớp, nhóm bên dưới, hoặc quay lại trang trước và chọn lại."
UNSEEN = "Hãy xem danh sách bên dưới, bỏ chọn người vắng rồi lưu lại."


@allow(may_record)
@keeps_files
@methods("GET", "POST")
def activity_create(request: HttpRequest) -> HttpResponse:
    """A new draft; `?nguoi=1,2,3`, `?chon=key` (or POSTed with `chuan-bi`) ticks these people beforehand."""
    last = last_entered(request.user)
    context = {"last": last, "cancel_url": reverse("training:activity_list")}
    last_kind = last.kind if last else ""
    if request.method == "GET" or PREPARE in request.POST:
        form = ActivityForm(user=request.user, last_kind=last_kind, initial=_prepared(request, last))
        return _render(request, form, _chosen(request), context)
    form = ActivityForm(request.POST, user=request.user, last_kind=last_kind)
    activity = _written(request, form, partial(create_activity, actor=request.user))
    return _finished(request, activity) if activity else _render(request, form, _sent(request), context, status=422)


@allow(may_record)
@methods("GET")
def activity_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """ "Ghi tương tự lần trước": the form of a new activity, filled from an earlier one except for the day."""
    source = get_object_or_404(Activity.objects.visible_to(request.user).select_related("host", "team"), pk=pk)
    content = copy_activity(actor=request.user, activity=source, day=local_today())
    form = ActivityForm(user=request.user, last_kind=content.kind, initial=initial_of(content))
    context = {"copied_from": source, "cancel_url": reverse("training:activity_list")}
    return _render(request, form, _stored(request, content), context)


@allow(may_record)
@keeps_files
@methods("GET", "POST")
def activity_edit(request: HttpRequest, pk: int) -> HttpResponse:
    activity = activity_to_write(request, pk)
    if not activity.is_editable:
        messages.warning(request, "Hoạt động đã gửi duyệt nên không sửa được nữa.")
        return redirect("training:activity_detail", activity.pk)
    context = {"activity": activity, "cancel_url": reverse("training:activity_detail", args=[pk])}
    if request.method == "GET" or PREPARE in request.POST:
        return _opened(request, activity, context)
    kept = {"topics": list(activity.topics.all())}
    form = ActivityForm(request.POST, user=request.user, last_kind=activity.kind, initial=kept)
    version = request.POST.get("version", "")
    expected = int(version) if is_record_number(version) else 0
    write = partial(update_activity, actor=request.user, activity=activity, expected_version=expected)
    try:
        saved = _written(request, form, write)
    except StaleRecordError:
        return _conflict(request, form, activity, context)
    return _finished(request, saved) if saved else _render(request, form, _sent(request), context, status=422)


@allow(may_record)
@methods("GET")
def roster_fragment(request: HttpRequest) -> HttpResponse:
    """For htmx: the rosters of `doi-tuong` on the day `ngay`, or the classes and groups of the unit `don-vi`."""
    day = _day(request.GET.get("ngay") or request.GET.get("starts_on"))
    unit_id = request.GET.get("don-vi") or request.GET.get("host") or ""
    if not request.GET.get("doi-tuong"):
        unit = Unit.objects.recorded_by(request.user).filter(pk=unit_id).first() if is_record_number(unit_id) else None
        offered = _offered(unit, audiences_of(request.user, unit, day) if unit else [], [], by_unit=True)
        return render(request, "training/includes/audiences.html", {"offered": offered, "unit": unit})
    blocks = roster_blocks(request.user, day, audiences_sent(request.GET), Presence())
    return render(request, "training/includes/rosters.html", {"blocks": blocks})


def activity_to_write(request: HttpRequest, pk: int) -> Activity:
    """The activity if this person may change it: 404 for who may not see it, 403 for who may only read it."""
    visible = Activity.objects.visible_to(request.user).select_related("host", "team", "campaign")
    activity = get_object_or_404(visible, pk=pk)
    if not Activity.objects.editable_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied
    return activity


def _day(text: str | None) -> date:
    try:
        return parse_day(text)
    except ValueError:
        return local_today()


def _prepared(request: HttpRequest, last: Activity | None) -> dict[str, Any]:
    """First values of the form: what came with the request, else as last time."""
    sent: QueryDict = request.POST if request.method == "POST" else request.GET
    many = ("topics", "co_hosts")
    initial: dict[str, Any] = {name: sent.getlist(name) if name in many else sent[name] for name in sent}
    defaults = {"kind": last.kind if last else None, "host": last.host if last else None}
    if not initial.get("starts_on"):
        initial.pop("starts_on", None)
    return defaults | initial


def _sent(request: HttpRequest) -> tuple[list[Audience], Presence]:
    data = request.POST if request.method == "POST" else request.GET
    return audiences_sent(data), Presence.sent(data)


def _chosen(request: HttpRequest) -> tuple[list[Audience], Presence]:
    """What the page sends, and on opening it what was chosen on another page (`?chon=key`)."""
    audiences, presence = _sent(request)
    if request.method == "POST":
        return audiences, presence
    chosen = selection_of(request)
    if chosen is None:
        messages.warning(request, FORGOTTEN)
        return audiences, presence
    return audiences, presence.joined_by(chosen.person_ids, chosen.household_ids)


def _stored(request: HttpRequest, content: ActivityContent) -> tuple[list[Audience], Presence]:
    """The rosters of what is stored: everybody of these classes, ticked only who was there."""
    people, homes = content.person_ids, content.household_ids
    audiences = audiences_with(request.user, content.starts_on, people, homes)
    return audiences, Presence(people, homes, people, frozenset(audience.token for audience in audiences))


def _opened(request: HttpRequest, activity: Activity, context: dict[str, Any]) -> HttpResponse:
    content = content_of(activity)
    initial = initial_of(content) | {"version": activity.version}
    rosters = _stored(request, content)
    if PREPARE in request.POST:
        initial |= _prepared(request, activity)
        rosters = _sent(request)
    form = ActivityForm(user=request.user, last_kind=activity.kind, initial=initial)
    return _render(request, form, rosters, context)


def _written(request: HttpRequest, form: ActivityForm, write: Callable[..., Activity]) -> Activity | None:
    """Carries the form out; None where something is wrong with it, and the form says what."""
    audiences, presence = _sent(request)
    is_valid = form.is_valid()
    for sentence in getattr(request, "evidence_errors", []):
        form.add_error("evidence", sentence)
    if any(audience.token not in presence.shown for audience in audiences):
        form.add_error("audiences", UNSEEN)
    if not is_valid or form.errors:
        return None
    typed = {"content": form.content(presence), "upload_key": form.cleaned_data["upload_key"]}
    try:
        return write(**typed, submit=_is_sending(request))
    except ActivityError as error:
        form.add_problems(error)
    except NobodyReachedError as error:
        form.add_error("audiences", str(error))
    return None


def _is_sending(request: HttpRequest) -> bool:
    return request.POST.get("viec") == "gui"


def _finished(request: HttpRequest, activity: Activity) -> HttpResponse:
    if _is_sending(request):
        messages.success(request, "Đã gửi duyệt. Phòng Văn hóa - Xã hội sẽ xem và trả lời.")
    elif activity.status == RecordStatus.RETURNED:
        messages.success(request, "Đã lưu. Hoạt động chưa được gửi lại: khi sửa xong, hãy bấm “Gửi lại”.")
    else:
        messages.success(request, "Đã lưu nháp.")
    return redirect("training:activity_detail", activity.pk)


def _conflict(request: HttpRequest, form: ActivityForm, activity: Activity, context: dict[str, Any]) -> HttpResponse:
    """The form as it was typed, beside what somebody else stored meanwhile (status 409)."""
    stored = content_of(Activity.objects.select_related("host", "team").get(pk=activity.pk))
    conflict = conflict_of(form, activity, initial_of(stored))
    presence = Presence.sent(request.POST)
    for label, old, new in (
        ("Người có mặt", stored.person_ids, presence.person_ids),
        ("Hộ có mặt", stored.household_ids, presence.household_ids),
    ):
        if old != new:
            conflict["rows"].append({"label": label, "stored": str(len(old)), "typed": str(len(new))})
    form.data = form.data.copy()
    form.data["version"] = conflict["version"]
    return _render(request, form, _sent(request), context | {"conflict": conflict}, status=409)


def _offered(
    unit: Unit | None, offered: Sequence[Audience], blocks: Sequence[RosterBlock], by_unit: bool
) -> list[Choice]:
    """The choices of the page; those already chosen stay, also where they belong to another unit.

    Who records for several units reads the unit's name on each (`by_unit`).
    """
    chosen = {block.audience: block.title for block in blocks if block.audience}
    texts = {audience: f"{audience.label} - {unit.name}" for audience in offered if unit} | chosen
    return [(a, text if by_unit else a.label, a in chosen) for a, text in texts.items()]


def _render(
    request: HttpRequest,
    form: ActivityForm,
    rosters: tuple[list[Audience], Presence],
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    return render(request, FORM_PAGE, _shown(request.user, form, *rosters) | context, status=status)


def _shown(user: Any, form: ActivityForm, audiences: list[Audience], presence: Presence) -> dict[str, Any]:
    host, day = form.chosen_host, form.day
    offered = audiences_of(user, host, day) if host else []
    blocks = roster_blocks(user, day, audiences, presence)
    return {
        "form": form,
        "host": host,
        "offered": _offered(host, offered, blocks, by_unit=form.only_host is None),
        "blocks": blocks,
        "waiting": Evidence.objects.waiting_for(user, str(form.sent_key)) if form.sent_key else (),
        "kind_icons": KIND_ICONS,
        "reaches_commune": user.scope.has("OFFICER"),
    }
