"""Who is stored as present: group, unit and class of that day, and only people within the recorder's reach."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from accounts.models import User
from campaigns.choices import Group
from campaigns.models import Household, Membership, Unit
from hbs_portal.lib.text import date_short, number_text
from training.models import Activity, Attendance


def attendances_of_people(*, actor: User, host: Unit, day: date, person_ids: Collection[int]) -> list[Attendance]:
    """Unsaved rows for those who belong, on that day, to a unit the actor records for; others are left out.

    Of two memberships the one at the host is taken, else the older one.
    """
    rows = Membership.objects.recorded_by(actor).on(day).filter(person_id__in=person_ids).order_by("-pk")
    chosen: dict[int, Membership] = {}
    for row in sorted(rows, key=lambda row: row.unit_id == host.pk):
        chosen[row.person_id] = row
    return [_of_person(row) for _, row in sorted(chosen.items())]


def _of_person(row: Membership) -> Attendance:
    return Attendance(
        commune_id=row.commune_id,
        person_id=row.person_id,
        group=row.group,
        unit_id=row.unit_id,
        class_name=row.class_name,
    )


def attendances_of_households(*, actor: User, day: date, household_ids: Collection[int]) -> list[Attendance]:
    """Unsaved rows for the households that exist on that day in a village the actor records for."""
    homes = Household.objects.recorded_by(actor).on(day).filter(pk__in=household_ids).order_by("pk")
    return [
        Attendance(commune_id=commune_id, household_id=pk, group=Group.HOUSEHOLD, unit_id=village_id)
        for pk, village_id, commune_id in homes.values_list("pk", "village_id", "commune_id")
    ]


def beyond_reach(actor: User, activity: Activity) -> list[Attendance]:
    """Attendances that somebody with a wider reach put on the list: the actor neither sees nor removes them."""
    rows = activity.attendances.filter(commune_id=activity.commune_id)
    if actor.scope.has("OFFICER"):
        return []
    return list(rows.exclude(unit_id__in=actor.scope.recording_unit_ids))


def left_out_sentence(count: int, day: date, noun: str) -> str:
    """Says that some cannot be recorded, without naming anybody the actor may not see (rule B5)."""
    return (
        f"{number_text(count)} {noun} đã chọn không thuộc đơn vị bạn ghi nhận vào ngày {date_short(day)}. "
        "Hãy bỏ chọn, hoặc sửa lại ngày; người của đơn vị khác do đơn vị đó hoặc Phòng Văn hóa - Xã hội ghi."
    )


def count_groups(rows: Iterable[Attendance]) -> Counter[str]:
    """How many names each group has (rules D2, D3)."""
    return Counter(row.group for row in rows)


def restore_people(*, activity: Activity, added_ids: Collection[int], removed: Iterable[Mapping[str, Any]]) -> None:
    """Takes people off an activity's list and puts others back with group, unit and class as they were stored.

    The version goes up: an open form of the activity is out of date. The caller holds the row and writes the audit.
    """
    activity.attendances.filter(commune_id=activity.commune_id, person_id__in=added_ids).delete()
    Attendance.objects.bulk_create(
        [Attendance(commune_id=activity.commune_id, activity=activity, **row) for row in removed], batch_size=500
    )
    activity.version += 1
    activity.save(update_fields=["version"])
