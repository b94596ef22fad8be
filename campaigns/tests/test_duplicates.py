"""Two entries of one person: suggested, merged by somebody's word, and parted again exactly."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from accounts.models import AuditEntry
from campaigns.choices import Group
from campaigns.models import Membership, Person
from campaigns.models.imports import DistinctPeople, PersonMerge
from campaigns.services.duplicates import (
    mark_distinct,
    merge_people,
    possible_duplicates,
    suggest_again,
    unmerge_people,
)
from campaigns.services.imports import apply_roster, check_roster, undo_import
from campaigns.tests.sheets import pupils, school_database_export
from training.models import Attendance, HouseholdCheck, PlatformUse
from training.services.revisions import revise_record
from training.workflow import approve_record, submit_record

BORN = date(2016, 9, 5)


@pytest.fixture
def pupil(make_person):
    def make(unit, name="Lê An", born=BORN, **values):
        person = make_person(unit, name, class_name="4A", **values)
        Person.objects.filter(pk=person.pk).update(birth_date=born)
        person.refresh_from_db()
        return person

    return make


def snapshot():
    people = Person.objects.order_by("pk").values("pk", "full_name", "code", "birth_date", "gender", "merged_into")
    models = (Membership, Attendance, PlatformUse, PlatformUse.platforms.through)
    return [list(people), *(list(model.objects.order_by("pk").values()) for model in models)]


def pairs(cast, **values):
    found = possible_duplicates(commune=cast.commune, **values)
    return [(one.first.full_name, one.second.full_name, one.why) for one in found]


def test_the_same_name_and_day_are_suggested_also_across_schools(cast, pupil):
    pupil(cast.a), pupil(cast.b)
    assert pairs(cast) == [("Lê An", "Lê An", "Trùng họ tên và ngày sinh với người ở danh sách khác")]
    assert len(pairs(cast, unit=cast.b)) == 1
    assert pairs(cast, unit=cast.preschool) == []


def test_a_near_name_or_a_missing_day_is_suggested_within_a_unit_only(cast, pupil):
    pupil(cast.a), pupil(cast.a, "Lê Ân"), pupil(cast.a, born=None), pupil(cast.b, "Lê Ăn")
    assert [why for *_, why in pairs(cast)] == [
        "Trùng ngày sinh, họ tên gần giống",
        "Trùng họ tên, một bên chưa có ngày sinh",
    ]


def test_two_codes_tell_two_people_apart_and_strangers_are_not_looked_at(cast, pupil):
    pupil(cast.a, code="1"), pupil(cast.a, code="2"), pupil(cast.other_school)
    assert pairs(cast) == []


def test_the_queries_of_the_suggestions_do_not_grow(cast, pupil, django_assert_num_queries):
    for number in range(20):
        pupil(cast.a if number % 2 else cast.b, f"Lê An {'B' * (number // 4)}")
    for one in possible_duplicates(commune=cast.commune)[:5]:
        mark_distinct(actor=cast.officer, first=one.first, second=one.second)
    with django_assert_num_queries(4):
        assert len(pairs(cast)) > 20


def test_a_merger_moves_everything_and_parting_puts_it_back(cast, pupil, make_activity, make_platform_use):
    kept, absorbed = (
        pupil(cast.a),
        pupil(cast.b, code="0000000001", starts_on=date(2024, 9, 5), ends_on=date(2025, 5, 31)),
    )
    both = make_activity(cast.a, people=[kept, absorbed])
    only = make_activity(cast.b, on=date(2025, 4, 10), people=[absorbed])
    make_platform_use(kept, status="DRAFT"), make_platform_use(absorbed)
    before = snapshot()
    merge = merge_people(actor=cast.officer, kept=kept, absorbed=absorbed)
    kept.refresh_from_db()
    assert (kept.code, kept.memberships.count(), absorbed.memberships.count()) == ("0000000001", 2, 0)
    assert set(kept.attendances.values_list("activity", flat=True)) == {both.pk, only.pk}
    assert (both.attendances.count(), PlatformUse.objects.get().status) == (1, "APPROVED")
    assert PlatformUse.objects.get().person == kept
    unmerge_people(actor=cast.officer, merge=merge)
    assert snapshot() == before
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {"Gộp người trùng", "Tách người đã gộp"}


def test_versions_of_a_confirmation_and_the_checks_of_a_member_move_together_and_part_again(
    cast, pupil, make_platform_use, make_household, make_check
):
    kept, absorbed = pupil(cast.a), pupil(cast.b)
    for person in (kept, absorbed):
        use = make_platform_use(person)
        revision = revise_record(actor=cast.officer, record=use, reason="Sai ngày")
        submit_record(actor=cast.officer, record=revision)
        approve_record(actor=cast.officer2, record=revision)
    check = make_check(make_household(cast.village))
    HouseholdCheck.objects.filter(pk=check.pk).update(member=absorbed)
    before = snapshot()
    merge = merge_people(actor=cast.officer, kept=kept, absorbed=absorbed)
    assert list(PlatformUse.objects.order_by("pk").values_list("person", "status")) == [
        (kept.pk, "REPLACED"),
        (kept.pk, "APPROVED"),
    ]
    assert HouseholdCheck.objects.get().member == kept
    unmerge_people(actor=cast.officer, merge=merge)
    assert snapshot() == before
    assert HouseholdCheck.objects.get().member == absorbed


def test_memberships_that_overlap_become_one_and_part_again(cast, pupil):
    kept = pupil(cast.a, starts_on=date(2025, 9, 5))
    absorbed = pupil(cast.a, starts_on=date(2025, 8, 1))
    before = snapshot()
    merge = merge_people(actor=cast.officer, kept=kept, absorbed=absorbed)
    row = Membership.objects.get()
    assert (row.person, row.starts_on, row.ends_on) == (kept, date(2025, 8, 1), None)
    unmerge_people(actor=cast.officer, merge=merge)
    assert snapshot() == before


def test_whoever_was_merged_is_seen_nowhere(cast, pupil, login):
    kept, absorbed = pupil(cast.a), pupil(cast.b, "Lê Ân")
    merge_people(actor=cast.officer, kept=kept, absorbed=absorbed)
    assert list(Person.objects.visible_to(cast.officer)) == [kept]
    assert pairs(cast) == []
    assert not Membership.objects.filter(person=absorbed).exists()
    assert list(PersonMerge.objects.visible_to(cast.officer).values_list("absorbed", flat=True)) == [absorbed.pk]
    assert "Lê Ân" not in login(cast.officer).get("/nguoi/?q=Lê").content.decode()


def test_the_code_of_somebody_merged_still_leads_to_the_one_kept(cast, pupil, tmp_path):
    kept, absorbed = pupil(cast.a, code="0000000001"), pupil(cast.a, code="0000000002")
    merge_people(actor=cast.officer, kept=kept, absorbed=absorbed)
    path = school_database_export(tmp_path / "a.xlsx", [("0000000002", "Lê An", "05/09/2016", "", "4A")])
    upload = SimpleUploadedFile("a.xlsx", path.read_bytes())
    found = check_roster(actor=cast.editor_a, unit=cast.a, effective_on=date(2026, 9, 5), upload=upload)
    assert (found.report["counts"]["new"], found.report["counts"]["errors"], found.report["counts"]["leavers"]) == (
        0,
        0,
        0,
    )


def test_a_chain_of_mergers_ends_at_one_person_and_parts_from_its_end(cast, pupil):
    first, second, third = pupil(cast.a), pupil(cast.a), pupil(cast.a)
    inner = merge_people(actor=cast.officer, kept=second, absorbed=third)
    outer = merge_people(actor=cast.officer, kept=first, absorbed=second)
    third.refresh_from_db()
    assert third.merged_into == first
    with pytest.raises(ValidationError, match="không còn gộp"):
        unmerge_people(actor=cast.officer, merge=inner)
    unmerge_people(actor=cast.officer, merge=outer)
    third.refresh_from_db()
    assert third.merged_into == second
    unmerge_people(actor=cast.officer, merge=inner)
    assert Person.objects.filter(merged_into=None).count() == 3


def test_parting_is_refused_once_the_memberships_changed(cast, pupil):
    kept, absorbed = pupil(cast.a), pupil(cast.b, group=Group.PUPIL)
    merge = merge_people(actor=cast.officer, kept=kept, absorbed=absorbed)
    Membership.objects.filter(unit=cast.b).update(ends_on=date(2026, 1, 1))
    with pytest.raises(ValidationError, match="đã được sửa"):
        unmerge_people(actor=cast.officer, merge=merge)
    assert PersonMerge.objects.get().undone_at is None


def test_who_cannot_be_one_is_not_merged(cast, pupil):
    kept, stranger = pupil(cast.a), pupil(cast.other_school)
    with pytest.raises(ValidationError, match="hai xã"):
        merge_people(actor=cast.officer, kept=kept, absorbed=stranger)
    with pytest.raises(ValidationError, match="hai người khác nhau"):
        merge_people(actor=cast.officer, kept=kept, absorbed=kept)


def test_two_people_told_apart_are_not_suggested_until_that_is_taken_back(cast, pupil):
    one, other = pupil(cast.a), pupil(cast.a)
    distinct = mark_distinct(actor=cast.officer, first=other, second=one)
    assert (distinct.first, distinct.second, distinct.decided_by) == (one, other, cast.officer)
    assert pairs(cast) == []
    third = pupil(cast.a)
    assert len(pairs(cast)) == 2
    suggest_again(actor=cast.officer, distinct=distinct)
    assert len(pairs(cast)) == 3
    assert Person.objects.filter(pk__in=[one.pk, other.pk, third.pk], merged_into=None).count() == 3
    entries = AuditEntry.objects.filter(object_type="campaigns.DistinctPeople").order_by("pk")
    actions = entries.values_list("action", flat=True)
    assert list(actions) == ["Xác nhận hai người khác nhau", "Gợi ý lại cặp có thể trùng"]


def test_telling_two_people_apart_twice_changes_nothing(cast, pupil):
    one, other = pupil(cast.a), pupil(cast.a)
    again = [
        mark_distinct(actor=cast.officer, first=one, second=other),
        mark_distinct(actor=cast.officer2, first=other, second=one),
    ]
    assert again[0] == again[1] == DistinctPeople.objects.get()
    assert AuditEntry.objects.filter(action="Xác nhận hai người khác nhau").count() == 1


def test_what_was_told_apart_stays_so_after_a_merger_with_a_third_entry(cast, pupil):
    one, other, third = pupil(cast.a), pupil(cast.a), pupil(cast.a)
    mark_distinct(actor=cast.officer, first=one, second=other)
    merge = merge_people(actor=cast.officer, kept=third, absorbed=one)
    assert pairs(cast) == []
    unmerge_people(actor=cast.officer, merge=merge)
    assert len(pairs(cast)) == 2


def test_who_is_no_pair_of_one_commune_is_not_told_apart(cast, pupil):
    one, other, stranger = pupil(cast.a), pupil(cast.a), pupil(cast.other_school)
    with pytest.raises(ValidationError, match="hai xã"):
        mark_distinct(actor=cast.officer, first=one, second=stranger)
    with pytest.raises(ValidationError, match="hai người khác nhau"):
        mark_distinct(actor=cast.officer, first=one, second=one)
    merge_people(actor=cast.officer, kept=one, absorbed=other)
    with pytest.raises(ValidationError, match="đã được gộp"):
        mark_distinct(actor=cast.officer, first=one, second=other)
    assert not DistinctPeople.objects.exists()


def test_the_database_keeps_a_pair_once_and_in_order(cast, pupil):
    one, other = pupil(cast.a), pupil(cast.a)
    mark_distinct(actor=cast.officer, first=one, second=other)
    record = {"commune": cast.commune, "decided_by": cast.officer}
    for first, second in ((one, other), (other, one), (one, one)):
        with pytest.raises(IntegrityError), transaction.atomic():
            DistinctPeople.objects.create(first=first, second=second, **record)


def test_what_was_told_apart_does_not_hold_back_taking_an_import_back(cast, pupil, tmp_path):
    known = pupil(cast.b, "Lê Thị An")
    Person.objects.filter(pk=known.pk).update(birth_date=None)
    path = school_database_export(tmp_path / "lop-4a.xlsx", pupils(2))
    upload = SimpleUploadedFile("lop-4a.xlsx", path.read_bytes())
    checked = check_roster(actor=cast.editor_a, unit=cast.a, effective_on=date(2026, 1, 5), upload=upload)
    applied = apply_roster(actor=cast.editor_a, roster_import=checked)
    made = Person.objects.exclude(pk=known.pk).latest("pk")
    mark_distinct(actor=cast.officer, first=known, second=made)
    undo_import(actor=cast.editor_a, roster_import=applied)
    assert not Person.objects.filter(pk=made.pk).exists()
    assert not DistinctPeople.objects.exists()
