"""To whom records belong: one commune throughout, and the unit, group and class of the day."""

from collections.abc import Iterator

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet

from campaigns.choices import Group
from campaigns.models import Exclusion, Headcount, Household, Membership
from reports.checking.difference import Difference, Scope
from training.models import Activity, Attendance, HouseholdCheck, PlatformUse, RunningTotal

#: A table with a commune of its own -> the records it names, whose commune must be the same.
OWNERS: tuple[tuple[type[Model], tuple[str, ...]], ...] = (
    (Attendance, ("activity", "person", "household", "unit")),
    (Membership, ("person", "unit", "household")),
    (Household, ("village",)),
    (Activity, ("host", "campaign")),
    (PlatformUse, ("person", "unit", "campaign")),
    (HouseholdCheck, ("household", "member", "campaign")),
    (RunningTotal, ("unit",)),
    (Headcount, ("unit",)),
    (Exclusion, ("person", "unit", "campaign")),
)


def strangers_among_records(scope: Scope) -> Iterator[Difference]:
    """Records whose person, unit or activity belongs to another commune."""
    for model, names in OWNERS:
        rows = model._default_manager.filter(commune_id=scope.commune_id)
        wrong = Q()
        for name in names:
            wrong |= Q(**{f"{name}__isnull": False}) & ~Q(**{f"{name}__commune_id": F("commune_id")})
        noun = str(model._meta.verbose_name)
        for pk in rows.filter(wrong).order_by("pk").values_list("pk", flat=True):
            where = f"{noun[:1].upper()}{noun[1:]} số {pk}"
            yield Difference(where, "gắn với người, đơn vị hoặc hoạt động của xã khác")


def attendances_beside_the_roster(scope: Scope) -> Iterator[Difference]:
    """Group, unit and class of an attendance are those of a membership that held on a day of the activity."""
    columns = ("pk", "person__full_name", "activity_id", "activity__title", "group", "class_name")
    for pk, name, activity_id, title, group, class_name in _unfounded(scope).values_list(*columns):
        place = str(Group(group).label).lower() + (f" lớp {class_name}" if class_name else "")
        yield Difference(
            f"Điểm danh số {pk} ({name}, hoạt động số {activity_id} “{title}”)",
            f"ghi là {place}, nhưng danh sách ngày đó không có người này ở đơn vị và nhóm ấy",
        )


def _unfounded(scope: Scope) -> QuerySet[Attendance]:
    belongs = Membership.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=OuterRef("activity__starts_on")),
        commune_id=OuterRef("commune_id"),
        person_id=OuterRef("person_id"),
        unit_id=OuterRef("unit_id"),
        group=OuterRef("group"),
        class_name=OuterRef("class_name"),
        starts_on__lte=OuterRef("activity__ends_on"),
    )
    named = Attendance.objects.filter(
        commune_id=scope.commune_id,
        activity__commune_id=scope.commune_id,
        activity__campaign=scope.campaign,
        person__isnull=False,
    ).exclude(group="")
    return named.exclude(Exists(belongs)).order_by("pk")
