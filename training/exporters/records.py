"""Activities, household checks, confirmations of platforms and declared figures, row by row."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from campaigns.choices import Group
from campaigns.exporters.columns import sheet_columns
from campaigns.models import Exclusion, Headcount
from hbs_portal.lib.sheets.lists import ListColumn
from hbs_portal.lib.sheets.streaming import Value
from hbs_portal.lib.sheets.styles import ColumnKind
from training.importers.declared_rows import DECLARED_LAYOUT, DeclaredRowForm
from training.models import Activity, HouseholdCheck, PlatformUse, RunningTotal
from training.models.households import SKILL_FIELDS
from training.selectors.activities import ActivityRow, activity_rows

ROWS_AT_ONCE = 500
Row = Sequence[Value]
NUMBER = ListColumn("STT", ColumnKind.ORDINAL, 7)
STATUS = ListColumn("Tình trạng duyệt", width=16)
ACTIVITY_COLUMNS = (
    NUMBER,
    ListColumn("Hoạt động", width=40),
    ListColumn("Loại hoạt động", width=18),
    ListColumn("Từ ngày", ColumnKind.DATE, 13),
    ListColumn("Đến ngày", ColumnKind.DATE, 13),
    ListColumn("Đơn vị chủ trì", width=26),
    ListColumn("Đơn vị phối hợp", width=18),
    ListColumn("Chủ đề", width=20),
    ListColumn("Lượt người", ColumnKind.INT, 11),
    ListColumn("Trong đó", width=24),
    ListColumn("Người cao tuổi", ColumnKind.INT, 11),
    ListColumn("Hoàn cảnh khó khăn", ColumnKind.INT, 12),
    ListColumn("Tình nguyện viên", ColumnKind.INT, 12),
    STATUS,
)
CHECK_COLUMNS = (
    NUMBER,
    ListColumn("Mã hộ", ColumnKind.CODE, 14),
    ListColumn("Chủ hộ", width=30),
    ListColumn("Thôn", width=24),
    ListColumn("Ngày kiểm tra", ColumnKind.DATE, 14),
    *(
        ListColumn(str(field.verbose_name), width=16)
        for field in HouseholdCheck._meta.fields
        if field.name in SKILL_FIELDS
    ),
    ListColumn("Số kỹ năng", ColumnKind.INT, 10),
    STATUS,
)
USE_COLUMNS = (
    NUMBER,
    ListColumn("Mã định danh", ColumnKind.CODE, 16),
    ListColumn("Họ và tên", width=30),
    ListColumn("Nhóm", width=18),
    ListColumn("Đơn vị", width=34),
    ListColumn("Nền tảng số đang dùng", width=40),
    ListColumn("Ngày xác nhận", ColumnKind.DATE, 14),
    STATUS,
)
EXCLUSION_COLUMNS = (
    NUMBER,
    ListColumn("Mã định danh", ColumnKind.CODE, 16),
    ListColumn("Họ và tên", width=30),
    ListColumn("Đơn vị", width=34),
    ListColumn("Lý do", width=22),
    ListColumn("Căn cứ, ghi chú", width=40),
    ListColumn("Từ ngày", ColumnKind.DATE, 13),
    ListColumn("Đến hết ngày", ColumnKind.DATE, 13),
    ListColumn("Chỉ tiêu", width=14),
    ListColumn("Người nhập", width=26),
    ListColumn("Người duyệt", width=26),
    STATUS,
)
DECLARED = sheet_columns(DECLARED_LAYOUT, DeclaredRowForm)
DECLARED_COLUMNS = tuple(column.as_list_column() for column in DECLARED)
EVERY_TARGET = "Mọi chỉ tiêu"
UNCONFIRMED = "Chưa xác nhận"


def activity_sheet_rows(activities: QuerySet[Activity]) -> Iterator[Row]:
    """The activities in the order of the page; four queries for each few hundred."""
    found = activities.select_related("host").prefetch_related("co_hosts", "topics")
    for number, line in enumerate(_lines(found), start=1):
        one = line.activity
        joined = "; ".join(map(str, one.co_hosts.all())), "; ".join(map(str, one.topics.all()))
        heads = sum(figure.total for figure in line.figures if figure.group != Group.HOUSEHOLD)
        helped = one.elderly_count, one.disadvantaged_count, one.volunteer_count
        what = one.title, one.get_kind_display(), one.starts_on, one.ends_on, str(one.host)
        yield number, *what, *joined, heads, line.present, *helped, one.get_status_display()


def check_rows(checks: QuerySet[HouseholdCheck]) -> Iterator[Row]:
    """The household checks, newest first. One query."""
    found = checks.select_related("household__village").iterator(chunk_size=2_000)
    for number, check in enumerate(found, start=1):
        home = check.household
        skills = ["có" if getattr(check, name) else "không" for name in SKILL_FIELDS]
        who = home.code, home.head_name, home.village.name, check.checked_on
        yield number, *who, *skills, check.skill_count, check.get_status_display()


def use_rows(staff: QuerySet[Any]) -> Iterator[Row]:
    """Managers and teachers with their confirmation, as `staff_with_state` gives them. Two queries."""
    names = _platforms([row.use_id for row in staff])
    states = dict(PlatformUse._meta.get_field("status").choices or ())
    for number, row in enumerate(staff, start=1):
        who = row.person.code, row.person.full_name, Group(row.group).label, str(row.unit)
        state = str(states.get(row.use_status, UNCONFIRMED))
        yield number, *map(_plain, who), names.get(row.use_id, ""), row.use_day, state


def exclusion_rows(exclusions: QuerySet[Exclusion]) -> Iterator[Row]:
    """Exclusions as `exclusions_of` gives them, with who entered and who approved. One query."""
    for number, one in enumerate(exclusions.iterator(chunk_size=2_000), start=1):
        who = one.person.code, one.person.full_name, one.unit.name
        why = one.get_reason_display(), one.note, one.starts_on, one.ends_on
        target = one.target.code if one.target else EVERY_TARGET
        clerks = str(one.entered_by or ""), str(one.decided_by if one.is_official and one.decided_by else "")
        yield number, *who, *why, target, *clerks, one.get_status_display()


def declared_rows(headcounts: Iterable[Headcount], totals: Iterable[RunningTotal]) -> Iterator[Row]:
    """Declared figures in the columns of an import, which changes nothing when it reads them again."""
    figures: list[Headcount | RunningTotal] = [*headcounts, *totals]
    for number, row in enumerate(figures, start=1):
        values: dict[str, Value] = {
            "ordinal": number,
            "unit_code": row.unit.code,
            "unit_name": row.unit.name,
            "group": str(Group(row.group).label),
            "note": row.note or None,
        }
        values |= _figure(row)
        yield [values.get(column.field) for column in DECLARED]


def _figure(row: Headcount | RunningTotal) -> dict[str, Value]:
    if isinstance(row, Headcount):
        return {"count": row.count, "effective_on": row.effective_on}
    return {"target": row.target.code, "value": row.value, "as_of": row.as_of}


def _lines(activities: QuerySet[Activity]) -> Iterator[ActivityRow]:
    found = activities.iterator(chunk_size=ROWS_AT_ONCE)
    while stretch := list(islice(found, ROWS_AT_ONCE)):
        yield from activity_rows(stretch)


def _platforms(use_ids: list[int | None]) -> dict[int | None, str]:
    """By confirmation: the names of its platforms, in the order of the catalogue."""
    known = {pk for pk in use_ids if pk}
    links = PlatformUse.platforms.through.objects.filter(platformuse_id__in=known)
    names: dict[int | None, str] = {}
    for use_id, name in links.order_by("platform__position", "platform_id").values_list(
        "platformuse_id", "platform__name"
    ):
        names[use_id] = f"{names[use_id]}; {name}" if use_id in names else name
    return names


def _plain(value: object) -> Value:
    return None if value is None else str(value)
