"""What training records about people and households, told to the roster before it takes anything back or merges."""

from datetime import date
from typing import Any

from django.db.models import Count, Q

from accounts.audit import field_values
from campaigns.choices import RecordStatus
from campaigns.dependents import Ground
from hbs_portal.lib.text import date_short, number_text
from training.models import Attendance, HouseholdCheck, PlatformUse

NAMED = 4


def has_records_since(person_id: int, since: date) -> bool:
    """Whether the person took part in an activity, or confirmed platforms, on or after `since`."""
    attended = Attendance.objects.filter(person_id=person_id, activity__ends_on__gte=since)
    return attended.exists() or PlatformUse.objects.filter(person_id=person_id, confirmed_on__gte=since).exists()


def records_on_ground(ground: Ground) -> list[str]:
    """Activities, confirmations and checks that stand on these people and households, in words; three queries."""
    return [*_activities(ground), *_confirmations(ground), *_checks(ground)]


def _activities(ground: Ground) -> list[str]:
    who = Q(person_id__in=ground.person_ids) | Q(household_id__in=ground.household_ids)
    rows = Attendance.objects.filter(who, commune_id=ground.commune_id)
    if ground.since:
        rows = rows.filter(activity__ends_on__gte=ground.since)
    counted = rows.values_list("activity__title", "activity__ends_on").annotate(Count("pk"))
    found = counted.order_by("activity__ends_on", "activity_id")[:NAMED]
    return [f"hoạt động “{title}” ngày {date_short(day)} ({number_text(count)} lượt)" for title, day, count in found]


def _confirmations(ground: Ground) -> list[str]:
    rows = PlatformUse.objects.filter(commune_id=ground.commune_id, person_id__in=ground.person_ids)
    if ground.since:
        rows = rows.filter(confirmed_on__gte=ground.since)
    names = rows.order_by("confirmed_on", "pk").values_list("person__full_name", flat=True)[:NAMED]
    return [f"xác nhận sử dụng nền tảng số của {name}" for name in names]


def _checks(ground: Ground) -> list[str]:
    rows = HouseholdCheck.objects.filter(commune_id=ground.commune_id, household_id__in=ground.household_ids)
    names = rows.order_by("checked_on", "pk").values_list("household__head_name", flat=True)[:NAMED]
    return [f"kiểm tra hộ {name}" for name in names]


class RecordsMover:
    """Attendances and confirmations go to the entry that is kept; of two of one activity, or plan, one remains.

    What `move` gives: ids that were re-pointed, and whole rows that were removed.
    """

    name = "training"

    def move(self, *, commune_id: int, kept_id: int, absorbed_id: int) -> dict[str, Any]:
        return {
            "attendances": _move_attendances(commune_id, kept_id, absorbed_id),
            "platform_uses": _move_platform_uses(commune_id, kept_id, absorbed_id),
        }

    def move_back(self, *, commune_id: int, kept_id: int, absorbed_id: int, moved: dict[str, Any]) -> None:
        attendances, uses = moved["attendances"], moved["platform_uses"]
        Attendance.objects.filter(pk__in=attendances["moved"], person_id=kept_id).update(person_id=absorbed_id)
        Attendance.objects.bulk_create(Attendance(**row) for row in attendances["removed"])
        PlatformUse.objects.filter(pk__in=uses["moved"], person_id=kept_id).update(person_id=absorbed_id)
        for row in uses["removed"]:
            platforms = row.pop("platforms")
            use = PlatformUse(**{name: _stored(name, value) for name, value in row.items()})
            use.save(force_insert=True)
            use.platforms.set(platforms)


def _stored(name: str, value: Any) -> Any:
    """A value of a remembered row as its column holds it."""
    return PlatformUse._meta.get_field(name).to_python(value)


def _move_attendances(commune_id: int, kept_id: int, absorbed_id: int) -> dict[str, Any]:
    """Where both were at one activity, the absorbed entry's line goes: one person attends once (rule C1)."""
    theirs = Attendance.objects.filter(commune_id=commune_id, person_id=absorbed_id)
    kept_at = Attendance.objects.filter(commune_id=commune_id, person_id=kept_id).values("activity_id")
    doubled = list(theirs.filter(activity_id__in=kept_at).order_by("pk"))
    removed = [field_values(row) for row in doubled]
    Attendance.objects.filter(pk__in=[row.pk for row in doubled]).delete()
    moved = list(theirs.order_by("pk").values_list("pk", flat=True))
    theirs.update(person_id=kept_id)
    return {"moved": moved, "removed": removed}


def _move_platform_uses(commune_id: int, kept_id: int, absorbed_id: int) -> dict[str, Any]:
    """A person confirms once a plan: of two, the approved one stays, of two approved the earlier one."""
    uses = PlatformUse.objects.filter(commune_id=commune_id, person_id__in=[kept_id, absorbed_id])
    best: dict[int, PlatformUse] = {}
    weaker: list[PlatformUse] = []
    for use in sorted(uses.prefetch_related("platforms"), key=lambda one: _strength(one, kept_id)):
        if best.setdefault(use.campaign_id, use) is not use:
            weaker.append(use)
    removed = [field_values(use) | {"platforms": [one.pk for one in use.platforms.all()]} for use in weaker]
    PlatformUse.objects.filter(pk__in=[use.pk for use in weaker]).delete()
    moved = [use.pk for use in best.values() if use.person_id == absorbed_id]
    PlatformUse.objects.filter(pk__in=moved).update(person_id=kept_id)
    return {"moved": moved, "removed": removed}


def _strength(use: PlatformUse, kept_id: int) -> tuple[Any, ...]:
    return use.status != RecordStatus.APPROVED, use.confirmed_on, use.person_id != kept_id, use.pk
