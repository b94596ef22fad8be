"""Who was present where, one row a person and activity; of one activity it imports again unchanged."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import User
from campaigns.choices import ActivityKind, Group, RecordStatus
from hbs_portal.lib.sheets.lists import ListColumn
from hbs_portal.lib.sheets.styles import ColumnKind
from training.models import Activity, Attendance

PRESENT = "có"
GUEST = "Người ngoài danh sách"
HEADINGS_OF_HOUSEHOLDS = {"Mã định danh": "Mã hộ", "Họ và tên": "Chủ hộ"}
#: The headings of people are those that an import of attendance knows best.
COLUMNS = (
    ListColumn("STT", ColumnKind.ORDINAL, 7),
    ListColumn("Mã định danh", ColumnKind.CODE, 16),
    ListColumn("Họ và tên", width=30),
    ListColumn("Ngày sinh", ColumnKind.DATE, 13),
    ListColumn("Lớp", width=9),
    ListColumn("Có mặt", width=10),
    ListColumn("Nhóm", width=18),
    ListColumn("Thuộc đơn vị", width=34),
    ListColumn("Hoạt động", width=46),
    ListColumn("Loại hoạt động", width=24),
    ListColumn("Bắt đầu hoạt động", ColumnKind.DATE, 14),
    ListColumn("Chủ trì", width=34),
    ListColumn("Tình trạng duyệt", width=16),
)
#: An import of attendance must not take the head of a household for somebody who was there.
HOUSEHOLD_COLUMNS = tuple(replace(one, heading=HEADINGS_OF_HOUSEHOLDS.get(one.heading, one.heading)) for one in COLUMNS)
_FIELDS = ("code", "name", "person__birth_date", "class_name", "group", "unit__name", "activity_id")
Row = tuple[int, str | None, str, date | None, str, str, str, str | None, str, str, date, str, str]


def attendances_of(user: User, activities: QuerySet[Activity]) -> QuerySet[Attendance]:
    """The attendances at these activities; an editor reads those of the own units only."""
    rows = Attendance.objects.filter(commune_id=user.scope.commune_id, activity__in=activities.order_by())
    return rows if user.scope.reads_commune else rows.filter(unit_id__in=user.scope.unit_ids)


def attendance_rows(attendances: QuerySet[Attendance], activities: QuerySet[Activity]) -> Iterator[Row]:
    """The rows by activity, newest first, then by unit, class and name; two queries, in flat memory.

    `activities` are those of the attendances; who came to one that was entered since is left out.
    """
    groups = {"": GUEST, **{value: str(label) for value, label in Group.choices}}
    told = _told_once(activities)
    found = attendances.annotate(
        code=Coalesce("person__code", "household__code"), name=Coalesce(F("person__full_name"), "household__head_name")
    ).order_by("-activity__ends_on", "-activity_id", "unit__sort_key", "class_name", "person__sort_key", "pk")
    rows = (row for row in found.values_list(*_FIELDS).iterator(chunk_size=500) if row[-1] in told)
    for number, (code, name, birth, class_name, group, unit, activity_id) in enumerate(rows, 1):
        yield number, code, name, birth, class_name, PRESENT, groups[group], unit, *told[activity_id]


def _told_once(activities: QuerySet[Activity]) -> dict[int, tuple[str, str, date, str, str]]:
    """The columns of each activity by its number: with every row of its people they would take twice the time."""
    kinds, states = dict(ActivityKind.choices), dict(RecordStatus.choices)
    rows = activities.order_by().values_list("pk", "title", "kind", "starts_on", "host__name", "status")
    return {
        pk: (title, str(kinds[kind]), day, host, str(states[status])) for pk, title, kind, day, host, status in rows
    }
