"""Writing activities: draft, change, copy, delete. Sending and deciding are steps of training.workflow."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.audit import changed_only, field_values, record_audit
from accounts.models import User
from accounts.versions import save_if_unchanged
from campaigns.choices import ActivityKind, Group
from campaigns.current import current_campaign
from campaigns.models import Campaign, DigitalTeam, Unit
from campaigns.models.campaign import CampaignState
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.text import date_short, fold
from training.contradictions import total_under_named
from training.models import Activity, ActivityCoHost, Attendance, GroupTotal, Topic
from training.models.activities import Channel
from training.services.attendees import (
    attendances_of_households,
    attendances_of_people,
    beyond_reach,
    count_groups,
    left_out_sentence,
)
from training.services.evidence import adopt_evidence, delete_files
from training.workflow import WorkflowError, WrongStateError, hold_unchanged, submit_record

PLAIN_FIELDS = (
    "kind",
    "title",
    "starts_on",
    "ends_on",
    "host_id",
    "team_id",
    "place",
    "trainer",
    "channel",
    "elderly_count",
    "disadvantaged_count",
    "volunteer_count",
    "note",
)
#: A broadcast has no listeners to count.
UNCOUNTED_CHANNELS = (Channel.BROADCAST, Channel.SOCIAL)
NOBODY = (
    "Chưa có ai được ghi là có mặt. Hãy chọn lớp, nhóm hoặc ghi tổng số người. "
    "Nếu chỉ truyền thanh, đăng mạng xã hội, hãy chọn hình thức đó ở “Thêm chi tiết”."
)
Problem = tuple[str, str]


class ActivityError(Exception):
    """What keeps an activity from being written: `problems` are (field of the content, Vietnamese sentence)."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(sentence for _, sentence in problems))
        self.problems = problems


class NobodyReachedError(WorkflowError):
    """An activity without anybody, as after a press too early, is not sent."""


class NotYetOverError(WorkflowError):
    """A scheduled activity (a draft of a day to come) is not sent before it has happened."""


@dataclass(frozen=True)
class ActivityContent:
    """Everything a person says about an activity; an empty `ends_on` is one day, an empty `title` is suggested.

    `group_totals` holds how many of a group were there in all, named or not (rules D1-D3).
    """

    kind: str
    starts_on: date
    host: Unit
    ends_on: date | None = None
    title: str = ""
    topics: Collection[Topic] = ()
    co_hosts: Collection[Unit] = ()
    team: DigitalTeam | None = None
    person_ids: frozenset[int] = frozenset()
    household_ids: frozenset[int] = frozenset()
    group_totals: Mapping[str, int] = field(default_factory=dict)
    place: str = ""
    trainer: str = ""
    channel: str = Channel.IN_PERSON
    elderly_count: int = 0
    disadvantaged_count: int = 0
    volunteer_count: int = 0
    note: str = ""

    @property
    def last_day(self) -> date:
        return self.ends_on or self.starts_on


@transaction.atomic
def create_activity(
    *,
    actor: User,
    content: ActivityContent,
    upload_key: UUID | None = None,
    campaign: Campaign | None = None,
    submit: bool = False,
) -> Activity:
    """A draft, or sent at once, with its attendance list, totals and the files sent ahead under `upload_key`.

    `campaign` is the one that runs, unless given. Raises ActivityError, NobodyReachedError; nothing is written then.
    """
    campaign = _running(campaign or current_campaign(actor))
    rows = _checked_attendances(actor, content, campaign, is_sent=submit)
    activity = Activity(commune_id=campaign.commune_id, campaign=campaign, entered_by=actor)
    _set_plain(activity, content, rows)
    activity.save()
    _store_lists(activity, content, rows)
    if upload_key:
        adopt_evidence(actor=actor, activity=activity, upload_key=upload_key)
    record_audit(
        actor=actor, action="Ghi hoạt động", target=activity, after=_audited(activity), unit_id=activity.host_id
    )
    if submit:
        submit_activity(actor=actor, activity=activity)
    return activity


@transaction.atomic
def update_activity(
    *,
    actor: User,
    activity: Activity,
    content: ActivityContent,
    expected_version: int,
    upload_key: UUID | None = None,
    submit: bool = False,
) -> Activity:
    """Changes a draft or returned record that is still at `expected_version`, and sends it.

    Raises WrongStateError, ActivityError, NobodyReachedError, or StaleRecordError where somebody was faster.
    """
    _require_editable(activity)
    kept = beyond_reach(actor, activity)
    rows = _checked_attendances(actor, content, _running(activity.campaign), kept, is_sent=submit)
    before = _audited(activity)
    _set_plain(activity, content, rows)
    activity.search_key = fold(f"{activity.title} {activity.place} {activity.trainer}")[:500]
    save_if_unchanged(activity, expected_version=expected_version, fields=[*PLAIN_FIELDS, "search_key"])
    _store_lists(activity, content, rows)
    if upload_key:
        adopt_evidence(actor=actor, activity=activity, upload_key=upload_key)
    old, new = changed_only(before, _audited(activity))
    record_audit(actor=actor, action="Sửa hoạt động", target=activity, before=old, after=new, unit_id=activity.host_id)
    if submit:
        submit_activity(actor=actor, activity=activity)
    return activity


def submit_activity(*, actor: User, activity: Activity) -> None:
    """Sends a stored activity for approval.

    Raises WorkflowError, NotYetOverError before its last day has come, NobodyReachedError where it reached nobody.
    """
    if activity.ends_on > local_today():
        raise NotYetOverError(not_yet_over(activity.ends_on))
    if not _reaches_anybody(activity):
        raise NobodyReachedError(NOBODY)
    submit_record(actor=actor, record=activity)


def _reaches_anybody(activity: Activity) -> bool:
    if activity.channel in UNCOUNTED_CHANNELS or activity.elderly_count or activity.disadvantaged_count:
        return True
    present = activity.attendances.filter(commune_id=activity.commune_id)
    return present.exists() or activity.group_totals.filter(total__gt=0).exists()


@transaction.atomic
def delete_draft(*, actor: User, activity: Activity) -> None:
    """Removes a draft with its list and files. A returned revision goes too: the old version stands.

    Raises WorkflowError for anything else that was sent, also just now.
    """
    if activity.status != "DRAFT" and not (activity.is_revision and activity.is_editable):
        raise WrongStateError("Chỉ xóa được bản nháp. Hoạt động đã gửi duyệt được giữ lại.")
    hold_unchanged(activity)
    before, files = _audited(activity), list(activity.evidence.values_list("file", flat=True))
    record_audit(actor=actor, action="Xóa nháp hoạt động", target=activity, before=before, unit_id=activity.host_id)
    activity.delete()
    delete_files(files)


def copy_activity(*, actor: User, activity: Activity, day: date) -> ActivityContent:
    """ "Ghi tương tự lần trước": all but the date, the files and the notes; only those who still belong there."""
    content = replace(content_of(activity), starts_on=day, ends_on=None, note="")
    rows = _attendances(actor, content)
    return replace(
        content,
        title="",
        group_totals={},
        person_ids=frozenset(row.person_id for row in rows if row.person_id),
        household_ids=frozenset(row.household_id for row in rows if row.household_id),
    )


def content_of(activity: Activity) -> ActivityContent:
    """What is stored, in the shape it is written in. Five queries."""
    pairs = list(activity.attendances.filter(commune_id=activity.commune_id).values_list("person_id", "household_id"))
    plain = {name: getattr(activity, name) for name in PLAIN_FIELDS if not name.endswith("_id")}
    return ActivityContent(
        **plain,
        host=activity.host,
        team=activity.team,
        topics=list(activity.topics.all()),
        co_hosts=list(activity.co_hosts.all()),
        person_ids=frozenset(person for person, _ in pairs if person),
        household_ids=frozenset(household for _, household in pairs if household),
        group_totals=dict(activity.group_totals.values_list("group", "total")),
    )


def suggested_title(kind: str, class_names: Iterable[str], host: Unit) -> str:
    """A title for who leaves it empty: "Dạy học lồng ghép - lớp 4A, 4B", else with the host's name."""
    classes = sorted({name for name in class_names if name})
    whom = f"lớp {', '.join(classes)}" if classes else host.name
    return f"{ActivityKind(kind).label} - {whom}"[:200]


def _require_editable(activity: Activity) -> None:
    if not activity.is_editable:
        state = activity.get_status_display()
        raise WrongStateError(f"Hoạt động đang ở trạng thái “{state}” nên không sửa được.")


def _attendances(actor: User, content: ActivityContent) -> list[Attendance]:
    host, day = content.host, content.starts_on
    people = attendances_of_people(actor=actor, host=host, day=day, person_ids=content.person_ids)
    homes = attendances_of_households(actor=actor, day=day, household_ids=content.household_ids)
    return [*people, *homes]


def _checked_attendances(
    actor: User, content: ActivityContent, campaign: Campaign, kept: Collection[Attendance] = (), *, is_sent: bool
) -> list[Attendance]:
    """The attendance rows to store (those of `kept` as they are), or ActivityError with every problem at once."""
    kept_people = {row.person_id for row in kept} - {None}
    kept_homes = {row.household_id for row in kept} - {None}
    own = replace(
        content,
        person_ids=content.person_ids - kept_people,
        household_ids=content.household_ids - kept_homes,
    )
    rows = _attendances(actor, own)
    problems = [
        *_day_problems(content, campaign, is_sent),
        *_unit_problems(actor, content),
        *_reach_problems(own, rows),
        *_total_problems(content, [*rows, *kept]),
    ]
    if problems:
        raise ActivityError(problems)
    return [*rows, *kept]


def _running(campaign: Campaign | None) -> Campaign:
    if campaign is None or campaign.state != CampaignState.OPEN:
        raise ActivityError([("", "Chưa có chiến dịch nào đang mở. Hãy liên hệ Phòng Văn hóa - Xã hội.")])
    return campaign


def not_yet_over(day: date) -> str:
    """What somebody reads who sends a scheduled activity."""
    return (
        f"Ngày {date_short(day)} chưa tới nên chưa gửi duyệt được. Hãy bấm “Lưu nháp” để giữ trong lịch; "
        "sau khi diễn ra, hãy ghi ai đã có mặt rồi gửi duyệt."
    )


def _day_problems(content: ActivityContent, campaign: Campaign, is_sent: bool) -> Iterable[Problem]:
    """Local dates (rule G7), all within the campaign that runs; what lies ahead may be kept as a draft, not sent."""
    last = "ends_on" if content.ends_on else "starts_on"
    if is_sent and content.last_day > local_today():
        yield last, not_yet_over(content.last_day)
    if content.last_day < content.starts_on:
        yield "ends_on", "Ngày kết thúc phải từ ngày bắt đầu trở đi."
    if content.starts_on < campaign.starts_on or content.last_day > campaign.ends_on:
        period = f"{date_short(campaign.starts_on)} - {date_short(campaign.ends_on)}"
        yield "starts_on", f"Ngày phải nằm trong thời gian của chiến dịch ({period})."


def _unit_problems(actor: User, content: ActivityContent) -> Iterable[Problem]:
    host, day = content.host, content.starts_on
    if not actor.scope.has("OFFICER") and host.pk not in actor.scope.recording_unit_ids:
        yield "host", "Bạn không ghi nhận hoạt động cho đơn vị này. Hãy chọn đơn vị của mình."
    for unit, name in [(host, "host"), *((unit, "co_hosts") for unit in content.co_hosts)]:
        if unit.commune_id != actor.scope.commune_id or not unit.is_open(day):
            yield name, f"{unit.name} không hoạt động vào ngày {date_short(day)}. Hãy chọn đơn vị khác hoặc sửa ngày."
    if host in content.co_hosts:
        yield "co_hosts", "Đơn vị chủ trì không ghi lại ở đơn vị phối hợp."
    if content.team and not content.team.is_active(day):
        yield "team", f"Tổ này không hoạt động vào ngày {date_short(day)}."


def _reach_problems(content: ActivityContent, rows: list[Attendance]) -> Iterable[Problem]:
    people = len(content.person_ids) - sum(row.person_id is not None for row in rows)
    homes = len(content.household_ids) - sum(row.household_id is not None for row in rows)
    if people:
        yield "audiences", left_out_sentence(people, content.starts_on, "người")
    if homes:
        yield "audiences", left_out_sentence(homes, content.starts_on, "hộ")


def _total_problems(content: ActivityContent, rows: Collection[Attendance]) -> Iterable[Problem]:
    """Rule D2: unnamed = total - named; negative is an error."""
    named = count_groups(rows)
    for group, total in content.group_totals.items():
        if total < named[group]:
            yield f"total_{group}", total_under_named(group, total, named[group])


def _set_plain(activity: Activity, content: ActivityContent, rows: Iterable[Attendance]) -> None:
    for name in PLAIN_FIELDS:
        if not name.endswith("_id"):
            setattr(activity, name, getattr(content, name))
    activity.host, activity.team, activity.ends_on = content.host, content.team, content.last_day
    classes = [row.class_name for row in rows if row.group == Group.PUPIL]
    activity.title = content.title or suggested_title(content.kind, classes, content.host)


def _store_lists(activity: Activity, content: ActivityContent, rows: Iterable[Attendance]) -> None:
    """Only who was present is stored; everything is written anew, so that group and class are those of the day."""
    activity.topics.set(content.topics)
    activity.co_host_links.all().delete()
    ActivityCoHost.objects.bulk_create(ActivityCoHost(activity=activity, unit=unit) for unit in content.co_hosts)
    activity.group_totals.all().delete()
    GroupTotal.objects.bulk_create(
        GroupTotal(activity=activity, group=group, total=total) for group, total in content.group_totals.items()
    )
    activity.attendances.all().delete()
    for row in rows:
        row.pk, row.activity = None, activity
    Attendance.objects.bulk_create(rows, batch_size=500)


def _audited(activity: Activity) -> dict[str, Any]:
    """The record and its lists as the audit keeps them: people by number, so that a removed one can be traced."""
    content = content_of(activity)
    return field_values(activity, list(PLAIN_FIELDS)) | {
        "topics": sorted(topic.name for topic in content.topics),
        "co_hosts": sorted(unit.name for unit in content.co_hosts),
        "group_totals": dict(content.group_totals),
        "person_ids": sorted(content.person_ids),
        "household_ids": sorted(content.household_ids),
        "evidence_count": activity.evidence.count(),
    }
