"""What training records about people and households, told to the roster before it takes anything back or merges."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Q

from accounts.audit import field_values
from campaigns.choices import ENDED_STATES, RecordStatus
from campaigns.dependents import Ground
from campaigns.models import Exclusion
from hbs_portal.lib.text import date_short, number_text
from training.models import Attendance, HouseholdCheck, PlatformUse

NAMED = 4


def has_records_since(person_id: int, since: date) -> bool:
    """Whether the person took part in an activity, confirmed platforms or was checked on or after `since`."""
    recorded = (
        Attendance.objects.filter(person_id=person_id, activity__ends_on__gte=since),
        PlatformUse.objects.filter(person_id=person_id, confirmed_on__gte=since),
        HouseholdCheck.objects.filter(member_id=person_id, checked_on__gte=since),
    )
    return any(rows.exists() for rows in recorded)


def records_on_ground(ground: Ground) -> list[str]:
    """Activities, confirmations, checks and exclusions of these people and households, in words; four queries."""
    return [*_activities(ground), *_confirmations(ground), *_checks(ground), *_exclusions(ground)]


def _activities(ground: Ground) -> list[str]:
    who = Q(person_id__in=ground.person_ids) | Q(household_id__in=ground.household_ids)
    rows = Attendance.objects.filter(who, commune_id=ground.commune_id)
    if ground.since:
        rows = rows.filter(activity__ends_on__gte=ground.since)
    counted = rows.values_list("activity__title", "activity__ends_on").annotate(Count("pk"))
    found = counted.order_by("activity__ends_on", "activity_id")[:NAMED]
    told = [f"hoạt động “{title}” ngày {date_short(day)} ({number_text(count)} lượt)" for title, day, count in found]
    return list(dict.fromkeys(told))


def _confirmations(ground: Ground) -> list[str]:
    rows = PlatformUse.objects.filter(commune_id=ground.commune_id, person_id__in=ground.person_ids)
    if ground.since:
        rows = rows.filter(confirmed_on__gte=ground.since)
    names = rows.order_by("confirmed_on", "pk").values_list("person__full_name", flat=True)[:NAMED]
    return [f"xác nhận sử dụng nền tảng số của {name}" for name in dict.fromkeys(names)]


def _checks(ground: Ground) -> list[str]:
    whose = Q(household_id__in=ground.household_ids) | Q(member_id__in=ground.person_ids)
    rows = HouseholdCheck.objects.filter(whose, commune_id=ground.commune_id)
    if ground.since:
        rows = rows.filter(checked_on__gte=ground.since)
    names = rows.order_by("checked_on", "pk").values_list("household__head_name", flat=True)[:NAMED]
    return [f"kiểm tra hộ {name}" for name in dict.fromkeys(names)]


def _exclusions(ground: Ground) -> list[str]:
    """Of people who are to go altogether: who leaves on a day may well have been excluded until further notice."""
    if ground.since:
        return []
    rows = Exclusion.objects.filter(commune_id=ground.commune_id, person_id__in=ground.person_ids)
    names = rows.order_by("starts_on", "pk").values_list("person__full_name", flat=True)[:NAMED]
    return [f"loại trừ khỏi chỉ tiêu của {name}" for name in dict.fromkeys(names)]


class RecordsMover:
    """What is recorded about a person goes to the entry that is kept; of two of one activity, or plan, one remains.

    What `move` gives: ids that were re-pointed, and whole rows that were removed.
    """

    name = "training"

    def move(self, *, commune_id: int, kept_id: int, absorbed_id: int) -> dict[str, Any]:
        return {
            "attendances": _move_attendances(commune_id, kept_id, absorbed_id),
            "platform_uses": _move_platform_uses(commune_id, kept_id, absorbed_id),
            "checks": _move_all(HouseholdCheck, "member", commune_id, kept_id, absorbed_id),
            "exclusions": _move_exclusions(commune_id, kept_id, absorbed_id),
        }

    def move_back(self, *, commune_id: int, kept_id: int, absorbed_id: int, moved: dict[str, Any]) -> None:
        attendances, uses = moved["attendances"], moved["platform_uses"]
        Attendance.objects.filter(pk__in=attendances["moved"], person_id=kept_id).update(person_id=absorbed_id)
        Attendance.objects.bulk_create(Attendance(**row) for row in attendances["removed"])
        HouseholdCheck.objects.filter(pk__in=moved.get("checks", []), member_id=kept_id).update(member_id=absorbed_id)
        Exclusion.objects.filter(pk__in=moved.get("exclusions", []), person_id=kept_id).update(person_id=absorbed_id)
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


def _move_all(model: Any, field: str, commune_id: int, kept_id: int, absorbed_id: int) -> list[int]:
    """Points every record of this kind to the entry that is kept; gives their ids."""
    theirs = model.objects.filter(commune_id=commune_id, **{field: absorbed_id})
    moved = list(theirs.order_by("pk").values_list("pk", flat=True))
    theirs.update(**{field: kept_id})
    return moved


def _move_exclusions(commune_id: int, kept_id: int, absorbed_id: int) -> list[int]:
    """All versions of each, but not where the kept entry has an exclusion from the same day: one is enough (C8)."""
    theirs = Exclusion.objects.filter(commune_id=commune_id, person_id=absorbed_id)
    kept = Exclusion.objects.filter(commune_id=commune_id, person_id=kept_id)
    taken = set(kept.values_list("campaign_id", "target_id", "starts_on"))
    free = [
        one.pk
        for chain in _chains(theirs)
        if taken.isdisjoint((row.campaign_id, row.target_id, row.starts_on) for row in chain)
        for one in chain
    ]
    Exclusion.objects.filter(pk__in=free).update(person_id=kept_id)
    return free


def _chains(records: Iterable[Any]) -> list[list[Any]]:
    """The records with the versions that replaced them, oldest version first (rule H2)."""
    chains: dict[int, list[Any]] = {}
    for record in sorted(records, key=lambda one: one.pk):
        chain = chains.get(record.replaces_id or 0, [])
        chain.append(record)
        chains[record.pk] = chain
    return list({id(chain): chain for chain in chains.values()}.values())


def _move_platform_uses(commune_id: int, kept_id: int, absorbed_id: int) -> dict[str, Any]:
    """A person confirms once a plan: of two, the approved one stays, of two approved the earlier one.

    The versions of a confirmation stay, move or go together.
    """
    uses = PlatformUse.objects.filter(commune_id=commune_id, person_id__in=[kept_id, absorbed_id])
    best: dict[int, list[PlatformUse]] = {}
    weaker: list[PlatformUse] = []
    for chain in sorted(_chains(uses.prefetch_related("platforms")), key=lambda one: _strength(one, kept_id)):
        if best.setdefault(chain[0].campaign_id, chain) is not chain:
            weaker.extend(chain)
    # The oldest version first: so they come back, while they go from the newest on, which nothing replaces.
    weaker.sort(key=lambda one: one.pk)
    removed = [field_values(use) | {"platforms": [one.pk for one in use.platforms.all()]} for use in weaker]
    for use in reversed(weaker):
        use.delete()
    moved = [use.pk for chain in best.values() for use in chain if use.person_id == absorbed_id]
    PlatformUse.objects.filter(pk__in=moved).update(person_id=kept_id)
    return {"moved": moved, "removed": removed}


def _strength(chain: list[PlatformUse], kept_id: int) -> tuple[Any, ...]:
    """Smaller is stronger: an approved version, then one on its way, then what was withdrawn."""
    use = min(chain, key=lambda one: (_weakness(one), one.pk))
    return _weakness(use), use.confirmed_on, use.person_id != kept_id, use.pk


def _weakness(use: PlatformUse) -> int:
    if use.status == RecordStatus.APPROVED:
        return 0
    return 2 if use.status in ENDED_STATES else 1
