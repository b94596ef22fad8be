"""What the pages of activities show, each in a fixed number of queries."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from accounts.models import AuditEntry, User
from campaigns.choices import Group, RecordStatus
from campaigns.models import ReviewedRecord
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.text import number_text
from training.models import Activity, Attendance, GroupTotal
from training.succession import SHOWN_STATES

#: The tab of the drafts that are still to happen; in the address beside the states.
SCHEDULED = "SAP_TOI"


@dataclass(frozen=True)
class GroupFigure:
    """How many of one group were at one activity; `total` is never below `named` in a checked record (rule D2)."""

    group: str
    named: int
    total: int

    @property
    def unnamed(self) -> int:
        return max(self.total - self.named, 0)

    @property
    def label(self) -> str:
        return str(Group(self.group).label) if self.group else "Người ngoài danh sách"


@dataclass(frozen=True)
class ActivityRow:
    """One line of the list."""

    activity: Activity
    figures: tuple[GroupFigure, ...]

    @property
    def present(self) -> str:
        """ "33 học sinh, 2 giáo viên"; counts of each group, named or not."""
        return ", ".join(f"{number_text(row.total)} {row.label.lower()}" for row in self.figures)


@dataclass(frozen=True)
class AttendeeBlock:
    """Those of one class or group who were there; names only of people the reader may see."""

    title: str
    names: tuple[str, ...]
    hidden_count: int = 0

    @property
    def count(self) -> int:
        return len(self.names) + self.hidden_count


def status_tabs(activities: QuerySet[Activity]) -> list[tuple[str, str, int]]:
    """(state, label, number of activities) for every state, all first; then what is scheduled, if any. One query."""
    ahead = Count("pk", filter=Q(status=RecordStatus.DRAFT, replaces__isnull=True, ends_on__gt=local_today()))
    rows = list(activities.order_by().values_list("status").annotate(number=Count("pk"), ahead=ahead))
    counts = {status: count for status, count, _ in rows}
    scheduled = sum(count for _, _, count in rows)
    tabs = [(value, str(label), counts.get(value, 0)) for value, label in SHOWN_STATES]
    upcoming = [(SCHEDULED, "Sắp tới", scheduled)] if scheduled else []
    return [("", "Tất cả", sum(counts.values())), *upcoming, *tabs]


def activity_rows(activities: Iterable[Activity]) -> list[ActivityRow]:
    """The lines of one page of the list: two queries, however many lines."""
    shown = list(activities)
    figures = group_figures(shown)
    return [ActivityRow(activity, figures.get(activity.pk, ())) for activity in shown]


def group_figures(activities: Collection[Activity]) -> dict[int, tuple[GroupFigure, ...]]:
    """By activity: what each group adds up to, named and in all (rules D1-D3). Two queries."""
    pks = [activity.pk for activity in activities]
    communes = {activity.commune_id for activity in activities}
    present = Attendance.objects.filter(commune_id__in=communes, activity_id__in=pks).order_by()
    named = Counter({(pk, g): n for pk, g, n in present.values_list("activity_id", "group").annotate(Count("pk"))})
    totals = {(row.activity_id, row.group): row.total for row in GroupTotal.objects.filter(activity_id__in=pks)}
    found: dict[int, list[GroupFigure]] = {}
    for pk, group in sorted(named.keys() | totals.keys(), key=lambda key: (key[0], _place(key[1]))):
        figure = GroupFigure(group, named[pk, group], max(totals.get((pk, group), 0), named[pk, group]))
        found.setdefault(pk, []).append(figure)
    return {pk: tuple(rows) for pk, rows in found.items()}


def _place(group: str) -> int:
    return Group.values.index(group) if group else len(Group.values)


def attendee_blocks(user: User, activity: Activity) -> list[AttendeeBlock]:
    """The attendance list by unit and class. An editor reads names of the own units only. One query."""
    rows = activity.attendances.filter(commune_id=activity.commune_id).select_related("person", "household", "unit")
    blocks: dict[str, list[str]] = {}
    hidden: Counter[str] = Counter()
    for row in rows.order_by("unit__sort_key", "group", "class_name", "person__sort_key", "household__sort_key", "pk"):
        title = _block_title(row)
        names = blocks.setdefault(title, [])
        if user.scope.reads_commune or row.unit_id in user.scope.unit_ids:
            names.append(str(row.person or row.household))
        else:
            hidden[title] += 1
    return [AttendeeBlock(title, tuple(names), hidden[title]) for title, names in blocks.items()]


def _block_title(row: Attendance) -> str:
    if row.group == Group.PUPIL and row.class_name:
        whom = f"Lớp {row.class_name}"
    else:
        whom = str(Group(row.group).label) if row.group else "Người ngoài danh sách"
    return f"{whom} - {row.unit.name}" if row.unit else whom


def record_history(record: ReviewedRecord) -> list[AuditEntry]:
    """Who did what with a record, newest first; readers of the record see the steps, not the values."""
    entries = AuditEntry.objects.filter(object_type=record._meta.label, object_id=record.pk)
    return list(entries.only("at", "actor_name", "action").order_by("-pk")[:50])


def last_entered(user: User) -> Activity | None:
    """What this person recorded last: its kind comes first on the form, and it can be copied."""
    mine = Activity.objects.visible_to(user).current().filter(entered_by=user).select_related("host")
    return mine.order_by("-pk").first()
