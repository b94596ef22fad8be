"""What an officer should look at twice. A warning never blocks; contradictions do (training.contradictions)."""

from django.db.models import Count, Q

from campaigns.models import Membership, ReviewedRecord
from hbs_portal.lib.text import date_short, fold
from training.models import Activity, Attendance
from training.selectors.review.kinds import ReviewKind
from training.succession import standing, versions_beside

LATE_DAYS = 40
SHOWN = 3

ClassKey = tuple[int | None, str]


def warnings_of(kind: ReviewKind, record: ReviewedRecord) -> list[str]:
    """Entered late, another activity of the same day and place or host, everybody present again."""
    found = [_late(kind, record)]
    if isinstance(record, Activity):
        found += [*_same_day(record), *_all_present_again(record)]
    return [sentence for sentence in found if sentence]


def _late(kind: ReviewKind, record: ReviewedRecord) -> str:
    sent = record.submitted_on or record.entered_at.date()
    days = (sent - kind.day_of(record)).days
    return f"Gửi sau {days} ngày kể từ ngày ghi trên bản ghi." if days >= LATE_DAYS else ""


def _same_day(activity: Activity) -> list[str]:
    others = Activity.objects.filter(
        commune_id=activity.commune_id,
        campaign_id=activity.campaign_id,
        starts_on__lte=activity.ends_on,
        ends_on__gte=activity.starts_on,
    ).exclude(pk__in=versions_beside(activity))
    place = fold(activity.place)
    found = [other for other in standing(others).select_related("host") if _meets(activity, other, place)]
    return [
        f"Cùng ngày, cùng {'đơn vị' if other.host_id == activity.host_id else 'địa điểm'} với “{other.title}” "
        f"({other.host}, {date_short(other.ends_on)})."
        for other in found[:SHOWN]
    ]


def _meets(activity: Activity, other: Activity, place: str) -> bool:
    return other.host_id == activity.host_id or bool(place and fold(other.place) == place)


def _all_present_again(activity: Activity) -> list[str]:
    """Classes of which everybody was present this time and the time before."""
    full = _full_classes(activity)
    if not full:
        return []
    before = _previous_counts(activity, full)
    return [
        f"Lớp {key[1]} lại có mặt đủ {count}/{count}, như lần trước ({date_short(before[key][0])})."
        for key, count in full.items()
        if key in before and before[key][1] >= count
    ][:SHOWN]


def _full_classes(activity: Activity) -> dict[ClassKey, int]:
    rows = Attendance.objects.filter(commune_id=activity.commune_id, activity=activity).exclude(class_name="")
    present = {
        (unit, name): count
        for unit, name, count in rows.order_by().values_list("unit_id", "class_name").annotate(Count("pk"))
    }
    if not present:
        return {}
    roster = Membership.objects.on(activity.ends_on).filter(
        commune_id=activity.commune_id, unit_id__in={unit for unit, _ in present}
    )
    roster = roster.filter(class_name__in={name for _, name in present}).order_by()
    sizes = {
        (unit, name): count for unit, name, count in roster.values_list("unit_id", "class_name").annotate(Count("pk"))
    }
    return {key: count for key, count in present.items() if count >= sizes.get(key, count + 1)}


def _previous_counts(activity: Activity, classes: dict[ClassKey, int]) -> dict[ClassKey, tuple]:
    """Of each class, the day and the number present of its last activity before this one."""
    earlier = Q(activity__ends_on__lt=activity.ends_on) | Q(
        activity__ends_on=activity.ends_on, activity_id__lt=activity.pk
    )
    rows = Attendance.objects.filter(
        earlier,
        commune_id=activity.commune_id,
        activity__campaign_id=activity.campaign_id,
        activity__in=standing(Activity.objects.filter(commune_id=activity.commune_id)),
        unit_id__in={unit for unit, _ in classes},
        class_name__in={name for _, name in classes},
    )
    rows = rows.exclude(activity_id__in=versions_beside(activity))
    counted = rows.values_list("unit_id", "class_name", "activity__ends_on", "activity_id").annotate(Count("pk"))
    # Ascending, so that the last activity of a class overwrites the ones before it.
    return {
        (unit, name): (day, count) for unit, name, day, _, count in counted.order_by("activity__ends_on", "activity_id")
    }
