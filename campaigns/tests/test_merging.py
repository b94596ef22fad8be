from datetime import date

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEntry
from accounts.versions import StaleRecordError
from campaigns.choices import Group, Role, Source, UnitKind
from campaigns.models import DigitalTeam, FigureSource, Household, Membership, Unit, UnitRole
from campaigns.services.merging import merge_units, merged_kind, preview_merger

pytestmark = pytest.mark.django_db
DAY = date(2026, 7, 1)


def written():
    return AuditEntry.objects.exclude(action="Nạp kế hoạch")


def merge(cast, *units, versions=None, opened_on=DAY):
    versions = {unit.pk: unit.version for unit in units} if versions is None else versions
    return merge_units(
        actor=cast.officer, commune=cast.commune, units=list(units), expected_versions=versions, code="MOI",
        name="Đơn vị mới", opened_on=opened_on,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kinds", "kind"),
    [
        (["VILLAGE", "VILLAGE"], UnitKind.VILLAGE),
        (["PRIMARY", "LOWER_SECONDARY"], UnitKind.PRIMARY_LOWER_SECONDARY),
        (["PRIMARY_LOWER_SECONDARY", "PRIMARY"], UnitKind.PRIMARY_LOWER_SECONDARY),
        (["PRESCHOOL", "PRIMARY"], None),
        (["VILLAGE", "UNION"], None),
        ([], None),
    ],
)
def test_only_units_that_fit_become_one(kinds, kind):
    assert merged_kind(kinds) == kind


def test_the_old_units_end_the_day_before_and_the_new_one_names_them(cast):
    new = merge(cast, cast.a, cast.b)
    assert set(new.predecessors.all()) == {cast.a, cast.b}
    assert set(Unit.objects.filter(closed_on=date(2026, 6, 30))) == {cast.a, cast.b}
    assert (new.kind, new.opened_on, new.path) == ("PRIMARY_LOWER_SECONDARY", DAY, f"{cast.commune.path}{new.pk}/")


def test_each_unit_of_a_merger_has_one_audit_entry(cast):
    new = merge(cast, cast.a, cast.b)
    entries = dict(written().values_list("object_id", "action"))
    assert entries == {cast.a.pk: "Kết thúc đơn vị", cast.b.pk: "Kết thúc đơn vị", new.pk: "Hợp nhất đơn vị"}
    assert written().count() == 3


def test_who_runs_on_is_ended_and_continued_with_group_and_class(cast, make_person):
    pupil = make_person(cast.a, class_name="4A")
    new = merge(cast, cast.a, cast.b)
    old, continued = pupil.memberships.order_by("starts_on")
    assert (old.unit, old.ends_on) == (cast.a, date(2026, 6, 30))
    assert (continued.unit, continued.starts_on, continued.ends_on) == (new, DAY, None)
    assert (continued.group, continued.class_name) == (Group.PUPIL, "4A")


def test_who_left_before_stays_in_the_past_and_who_comes_later_comes_to_the_new_unit(cast, make_person):
    left = make_person(cast.a, ends_on=date(2026, 5, 31))
    later = make_person(cast.b, starts_on=date(2026, 9, 5))
    new = merge(cast, cast.a, cast.b)
    assert left.memberships.get().unit == cast.a
    assert (later.memberships.get().unit, later.memberships.get().starts_on) == (new, date(2026, 9, 5))


def test_somebody_in_two_of_the_units_goes_on_once(cast, make_person):
    teacher = make_person(cast.a, group=Group.TEACHER, ends_on=date(2026, 8, 31))
    Membership.objects.create(
        commune=cast.commune, person=teacher, unit=cast.b, group=Group.TEACHER, starts_on=date(2026, 8, 1)
    )
    new = merge(cast, cast.a, cast.b)
    row = teacher.memberships.get(unit=new)
    assert (row.starts_on, row.ends_on) == (DAY, None)


def test_households_and_field_roles_follow_and_teams_end(cast, make_unit, make_household):
    other = make_unit(cast.commune, "THON-2", UnitKind.VILLAGE, "Thôn Hai")
    household, gone = make_household(cast.village), make_household(other, ends_on=date(2026, 3, 1))
    DigitalTeam.objects.create(commune=cast.commune, village=other, name="Tổ Hai", founded_on=date(2024, 1, 1))
    new = merge(cast, cast.village, other)
    assert Household.objects.get(pk=household.pk).village == new
    assert Household.objects.get(pk=gone.pk).village == other
    assert DigitalTeam.objects.get().dissolved_on == date(2026, 6, 30)
    roles = set(UnitRole.objects.filter(unit=new).values_list("user__username", "role"))
    assert roles == {("village.head", Role.EDITOR), ("team.member", Role.TEAM_MEMBER)}


def test_who_lives_in_a_household_goes_on_living_there(cast, make_unit, make_household, make_person):
    other = make_unit(cast.commune, "THON-2", UnitKind.VILLAGE, "Thôn Hai")
    person, home = make_person(cast.village, group=Group.RESIDENT), make_household(cast.village)
    person.memberships.update(household=home, is_head=True)
    neighbour = make_person(cast.village, group=Group.RESIDENT, ends_on=date(2026, 8, 31))
    Membership.objects.create(
        commune=cast.commune, person=neighbour, unit=other, group=Group.RESIDENT, household=home,
        starts_on=date(2026, 8, 1),
    )  # fmt: skip
    new = merge(cast, cast.village, other)
    found = Membership.objects.filter(unit=new).order_by("person").values_list("person", "household", "is_head")
    assert list(found) == [(person.pk, home.pk, True), (neighbour.pk, home.pk, False)]


def test_households_count_in_their_old_village_for_days_before_the_merger(cast, make_unit, make_household):
    other = make_unit(cast.commune, "THON-2", UnitKind.VILLAGE, "Thôn Hai")
    household, fresh = make_household(cast.village), make_household(other, starts_on=date(2026, 8, 1))
    new = merge(cast, cast.village, other)

    def village_on(day):
        rows = Household.objects.on(day).with_village_on(day)
        return dict(rows.values_list("pk", "village_id_on_day"))

    assert village_on(date(2026, 6, 30)) == {household.pk: cast.village.pk}
    assert village_on(DAY) == {household.pk: new.pk}
    assert village_on(date(2026, 8, 1)) == {household.pk: new.pk, fresh.pk: new.pk}


def test_a_village_merged_twice_counts_each_household_where_it_was(cast, make_unit, make_household):
    second, third = (make_unit(cast.commune, f"THON-{n}", UnitKind.VILLAGE, f"Thôn {n}") for n in (2, 3))
    make_household(cast.village)
    new = merge(cast, cast.village, second)
    last = merge_units(
        actor=cast.officer, commune=cast.commune, units=[new, third], expected_versions={new.pk: 1, third.pk: 1},
        code="MOI-2", name="Thôn mới nữa", opened_on=date(2026, 10, 1),
    )  # fmt: skip
    days = {date(2026, 6, 30): cast.village, date(2026, 7, 1): new, date(2026, 9, 30): new, date(2026, 10, 1): last}
    for day, village in days.items():
        assert Household.objects.with_village_on(day).get().village_id_on_day == village.pk


def test_a_declared_group_stays_declared(cast):
    FigureSource.objects.create(commune=cast.commune, unit=cast.a, group=Group.PUPIL, source=Source.DECLARED)
    new = merge(cast, cast.a, cast.b)
    assert list(new.figure_sources.values_list("group", "source")) == [(Group.PUPIL, Source.DECLARED)]


def test_a_merger_on_a_summary_that_is_out_of_date_changes_nothing(cast, make_person):
    pupil = make_person(cast.a)
    with pytest.raises(StaleRecordError):
        merge(cast, cast.a, cast.b, versions={cast.a.pk: 1, cast.b.pk: 9})
    assert not Unit.objects.filter(code="MOI").exists()
    assert not Unit.objects.filter(closed_on__isnull=False).exists()
    assert pupil.memberships.get().ends_on is None
    assert not written().exists()


@pytest.mark.parametrize(
    ("names", "opened_on", "message"),
    [
        (["a"], DAY, "từ hai đơn vị trở lên"),
        (["a", "preschool"], DAY, "cùng loại"),
        (["a", "b"], date(2020, 1, 1), "Hãy chọn ngày muộn hơn"),
    ],
)
def test_units_that_do_not_fit_are_refused_with_what_to_do(cast, names, opened_on, message):
    with pytest.raises(ValidationError, match=message):
        merge(cast, *(getattr(cast, name) for name in names), opened_on=opened_on)


def test_the_summary_counts_what_the_merger_then_moves(cast, make_person):
    make_person(cast.a, class_name="1A")
    make_person(cast.b, class_name="1A")
    shared = make_person(cast.a, group=Group.TEACHER)
    Membership.objects.create(
        commune=cast.commune, person=shared, unit=cast.b, group=Group.TEACHER, starts_on=date(2025, 9, 5)
    )
    summary = preview_merger(units=[cast.a, cast.b], opened_on=DAY)
    assert (summary.people, summary.doubled_people, summary.accounts) == (3, 1, 2)
    assert summary.doubled_classes == ("1A",)
    new = merge(cast, cast.a, cast.b)
    assert new.memberships.values("person").distinct().count() == 3


def test_a_merger_costs_the_same_queries_for_many_people(cast, make_person, django_assert_max_num_queries):
    for number in range(30):
        make_person(cast.a, full_name=f"Người {number}")
    with django_assert_max_num_queries(34):
        merge(cast, cast.a, cast.b)
