"""What makes a record impossible beside other figures, so that it must not be approved (rules B4, D2)."""

from collections.abc import Iterable
from datetime import date
from typing import TypeAlias

from django.db.models import Count

from campaigns.choices import Group, RecordStatus
from campaigns.models import Headcount, ReviewedRecord
from hbs_portal.lib.text import date_short, number_text
from training.models import Activity, RunningTotal

Series: TypeAlias = list[tuple[date, int]]
MOST_DECIMALS = 4


def approval_blocker(record: ReviewedRecord) -> str | None:
    """What in the record contradicts other figures, as a sentence that says what to do; None if nothing does."""
    if isinstance(record, Activity):
        return _fewer_than_named(record)
    if isinstance(record, RunningTotal):
        return _excess_of_total(record, [(record.as_of, record.value)])
    if isinstance(record, Headcount):
        return _excess_of_headcount(record, [(record.effective_on, record.count)])
    return None


def excess_percent(n: int, d: int) -> str:
    """n of d in percent where n > d, rounded down: 516 of 500 is "103,2 %"; never shown as 100 % (rule A2)."""
    for decimals in range(1, MOST_DECIMALS + 1):
        scale = 10**decimals
        whole, part = divmod(n * 100 * scale // d, scale)
        if whole > 100 or part or decimals == MOST_DECIMALS:
            break
    return f"{number_text(whole)},{part:0{decimals}d} %"


def named_by_group(activity: Activity) -> dict[str, int]:
    """How many named people (or households, group HOUSEHOLD) of each group are on the attendance list."""
    rows = activity.attendances.filter(commune_id=activity.commune_id).order_by()
    return dict(rows.values_list("group").annotate(Count("pk")))


def total_under_named(group: str, total: int, named: int) -> str:
    """Rule D2 in words: the total present cannot be smaller than the number of names."""
    label = Group(group).label.lower()
    return (
        f"Tổng số {label} có mặt là {number_text(total)}, ít hơn {number_text(named)} tên đã chọn. "
        "Hãy sửa tổng số hoặc bỏ bớt tên."
    )


def _fewer_than_named(activity: Activity) -> str | None:
    named = named_by_group(activity)
    for row in activity.group_totals.all():
        if row.total < named.get(row.group, 0):
            return total_under_named(row.group, row.total, named[row.group])
    return None


def excess_without(record: ReviewedRecord) -> str | None:
    """Where n stands above d once an approved number no longer counts, and the one before it does again (rule B4)."""
    if isinstance(record, RunningTotal):
        return _excess_of_total(record, [])
    return _excess_of_headcount(record, []) if isinstance(record, Headcount) else None


def _excess_of_total(record: RunningTotal, own: Series) -> str | None:
    """`own` is what the record itself says, nothing where it is to end."""
    others = _others(record).filter(target_id=record.target_id)
    totals = list(_of_unit(others, record).values_list("as_of", "value"))
    counts = list(_of_unit(Headcount.objects.all(), record).values_list("effective_on", "count"))
    days = _days_in_force(record.as_of, totals, counts)
    return _first_excess([*totals, *own], counts, days)


def _excess_of_headcount(record: Headcount, own: Series) -> str | None:
    counts = list(_of_unit(_others(record), record).values_list("effective_on", "count"))
    by_target: dict[int, Series] = {}
    rows = _of_unit(RunningTotal.objects.all(), record).values_list("target_id", "as_of", "value")
    for target_id, day, value in rows:
        by_target.setdefault(target_id, []).append((day, value))
    for totals in by_target.values():
        excess = _first_excess(totals, [*counts, *own], _days_in_force(record.effective_on, counts, totals))
        if excess:
            return excess
    return None


def _others(record: RunningTotal | Headcount):  # type: ignore[no-untyped-def]  # two kinds of queryset
    """All but the record and the version that it replaces, which ends when it is approved (rule H2)."""
    known = [pk for pk in (record.pk, record.replaces_id) if pk]
    return type(record)._default_manager.exclude(pk__in=known)


def _of_unit(rows, record: RunningTotal | Headcount):  # type: ignore[no-untyped-def]  # two kinds of queryset
    return rows.filter(
        commune_id=record.commune_id, unit_id=record.unit_id, group=record.group, status=RecordStatus.APPROVED
    )


def _days_in_force(since: date, own: Series, other: Series) -> list[date]:
    """The days on which a figure of `since` meets another of the other series, until its successor takes over."""
    until = min((day for day, _ in own if day > since), default=date.max)
    return sorted({since} | {day for day, _ in other if since < day < until})


def _first_excess(totals: Series, counts: Series, days: Iterable[date]) -> str | None:
    """The first of the days on which the running total in force is greater than the head-count in force."""
    for day in days:
        n, d = _in_force(totals, day), _in_force(counts, day)
        if n is not None and d is not None and n > d:
            return _excess_text(n, d, day)
    return None


def _in_force(series: Series, day: date) -> int | None:
    """The last value at or before the day (rules G1, G6)."""
    return max(((since, value) for since, value in series if since <= day), default=(day, None))[1]


def _excess_text(n: int, d: int, day: date) -> str:
    shown = f"{excess_percent(n, d)} – tử số vượt mẫu số" if d else "Tử số vượt mẫu số"
    return (
        f"{shown}: luỹ kế {number_text(n)}, quy mô {number_text(d)} (tại ngày {date_short(day)}). "
        "Hãy đối chiếu với đơn vị rồi sửa số luỹ kế hoặc khai báo lại quy mô."
    )
