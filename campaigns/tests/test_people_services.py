"""Writes of people: dates of memberships, conflicts, and the way back."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEntry
from accounts.versions import StaleRecordError
from campaigns import dependents
from campaigns.choices import Group
from campaigns.models import Membership, Person
from campaigns.selectors.people import possible_duplicates
from campaigns.services.people import (
    create_person,
    end_membership,
    last_change,
    move_person,
    reopen_membership,
    update_person,
)

DAY = date(2026, 3, 2)


def enter(cast, **values):
    entry = {
        "unit": cast.a, "group": Group.PUPIL, "class_name": "4A", "starts_on": date(2025, 9, 5),
        "full_name": "Nguyễn Thị Lan", "birth_date": date(2016, 1, 2), "gender": "FEMALE", "code": "0012345678",
    }  # fmt: skip
    return create_person(actor=cast.editor_a, **(entry | values))


def move(cast, person, **values):
    row = person.memberships.get(ends_on=None)
    target = {"unit": row.unit, "group": row.group, "class_name": row.class_name, "starts_on": DAY}
    return move_person(actor=cast.officer, membership=row, expected_version=person.version, **(target | values))


def leave(cast, person, last_day=DAY):
    row = person.memberships.get(ends_on=None)
    return end_membership(
        actor=cast.officer, membership=row, expected_version=person.version, last_day=last_day, reason="Chuyển đi"
    )


def spans(person):
    return list(
        person.memberships.order_by("starts_on").values_list("unit__code", "class_name", "starts_on", "ends_on")
    )


def test_a_new_person_has_a_first_membership_and_one_audit_entry(cast):
    person = enter(cast)
    assert spans(person) == [("TH-A", "4A", date(2025, 9, 5), None)]
    entry = AuditEntry.objects.get(object_type="campaigns.Person")
    assert (entry.action, entry.actor, entry.unit_id) == ("Thêm người", cast.editor_a, cast.a.pk)
    assert entry.after["code"] == "0012345678"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"starts_on": date(2999, 1, 1)}, "starts_on"),
        ({"starts_on": date(2019, 1, 1)}, "starts_on"),
        ({"class_name": ""}, "class_name"),
    ],
)
def test_a_membership_that_cannot_be_is_refused_at_its_field(cast, values, field):
    with pytest.raises(ValidationError) as refusal:
        enter(cast, **values)
    assert field in refusal.value.message_dict
    assert not Person.objects.exists()


def test_a_village_has_no_pupils(cast):
    with pytest.raises(ValidationError, match="Thôn Một không có nhóm “Học sinh”"):
        enter(cast, unit=cast.village)


@pytest.mark.parametrize(
    ("unit", "group", "fits"),
    [
        ("a", Group.SCHOOL_STAFF, True),
        ("preschool", Group.MANAGER, True),
        ("office", Group.WORKER, True),
        ("village", Group.RESIDENT, True),
        ("a", Group.OFFICIAL, False),
        ("a", Group.RESIDENT, False),
        ("office", Group.TEACHER, False),
        ("office", Group.RESIDENT, False),
        ("village", Group.WORKER, False),
    ],
)
def test_a_unit_has_the_groups_of_its_kind_only(cast, unit, group, fits):
    values = {"unit": getattr(cast, unit), "group": group, "class_name": ""}
    if fits:
        assert enter(cast, **values).memberships.get().group == group
        return
    with pytest.raises(ValidationError) as refusal:
        enter(cast, **values)
    assert list(refusal.value.message_dict) == ["group"]
    assert not Person.objects.exists()


def test_nobody_moves_to_a_unit_that_has_no_such_group(cast):
    with pytest.raises(ValidationError, match="Phòng Văn hóa - Xã hội không có nhóm “Học sinh”"):
        move(cast, enter(cast), unit=cast.office)


def test_an_edit_records_only_what_changed(cast):
    person = enter(cast)
    update_person(actor=cast.editor_a, person=person, expected_version=1, full_name="Nguyễn Thị Lan Anh")
    entry = AuditEntry.objects.first()
    assert entry.before == {"full_name": "Nguyễn Thị Lan"}
    assert entry.after == {"full_name": "Nguyễn Thị Lan Anh"}
    assert Person.objects.get().search_key == "nguyen thi lan anh 0012345678"


def test_the_second_of_two_edits_is_told_and_writes_nothing(cast):
    person = enter(cast)
    update_person(actor=cast.officer, person=Person.objects.get(), expected_version=1, full_name="Nguyễn Lan")
    with pytest.raises(StaleRecordError):
        update_person(actor=cast.editor_a, person=person, expected_version=1, full_name="Khác")
    assert Person.objects.get().full_name == "Nguyễn Lan"


def test_a_move_ends_the_old_membership_the_day_before(cast):
    person = enter(cast)
    move(cast, person, unit=cast.b, class_name="6A")
    assert spans(person) == [
        ("TH-A", "4A", date(2025, 9, 5), date(2026, 3, 1)),
        ("THCS-B", "6A", DAY, None),
    ]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "Chưa có gì thay đổi"),
        ({"class_name": "4B", "starts_on": date(2025, 9, 5)}, "vào đơn vị từ 05/09/2025"),
        ({"class_name": "4B", "starts_on": date(2999, 9, 5)}, "chưa đến"),
    ],
)
def test_a_move_that_cannot_be_is_refused(cast, values, sentence):
    person = enter(cast)
    with pytest.raises(ValidationError) as refusal:
        move(cast, person, **values)
    assert sentence in refusal.value.messages[0]
    assert len(spans(person)) == 1


def test_nobody_is_moved_to_a_unit_where_they_already_are(cast):
    person = enter(cast)
    Membership.objects.create(
        commune=cast.commune, person=person, unit=cast.b, group=Group.PUPIL, class_name="6A", starts_on=DAY
    )
    row = person.memberships.get(unit=cast.a)
    with pytest.raises(ValidationError, match="đã thuộc"):
        move_person(
            actor=cast.officer, membership=row, expected_version=1, unit=cast.b, group=Group.PUPIL,
            class_name="6B", starts_on=DAY,
        )  # fmt: skip


def test_a_leaver_counts_up_to_the_last_day(cast):
    person = enter(cast)
    leave(cast, person)
    assert Membership.objects.on(DAY).count() == 1
    assert Membership.objects.on(date(2026, 3, 3)).count() == 0
    assert AuditEntry.objects.first().after == {"ends_on": "2026-03-02", "end_reason": "Chuyển đi"}


@pytest.mark.parametrize("last_day", [date(2025, 9, 4), date(2999, 1, 1)])
def test_the_last_day_lies_between_the_first_day_and_today(cast, last_day):
    person = enter(cast)
    with pytest.raises(ValidationError) as refusal:
        leave(cast, person, last_day)
    assert "last_day" in refusal.value.message_dict


def test_a_leave_is_taken_back(cast):
    person = enter(cast)
    leave(cast, person)
    reopen_membership(actor=cast.officer, person=person, expected_version=person.memberships.get().person.version)
    assert spans(person) == [("TH-A", "4A", date(2025, 9, 5), None)]


def test_a_move_is_taken_back_and_the_audit_keeps_what_was_removed(cast):
    person = enter(cast)
    move(cast, person, unit=cast.b, class_name="6A")
    reopen_membership(actor=cast.officer, person=person, expected_version=2)
    assert spans(person) == [("TH-A", "4A", date(2025, 9, 5), None)]
    assert AuditEntry.objects.first().before["removed"]["unit_id"] == cast.b.pk


def test_a_move_that_others_depend_on_is_not_taken_back(cast, monkeypatch):
    asked = []
    monkeypatch.setattr(dependents, "_questions", [lambda *question: asked.append(question) or True])
    person = enter(cast)
    move(cast, person, unit=cast.b, class_name="6A")
    with pytest.raises(ValidationError, match="đã được ghi nhận"):
        reopen_membership(actor=cast.officer, person=person, expected_version=2)
    assert asked == [(person.pk, DAY)]
    assert len(spans(person)) == 2


def test_a_return_long_after_a_leave_is_no_move_to_take_back(cast):
    person = enter(cast)
    leave(cast, person)
    Membership.objects.create(
        commune=cast.commune, person=person, unit=cast.b, group=Group.PUPIL, class_name="6A",
        starts_on=date(2026, 4, 1),
    )  # fmt: skip
    assert last_change(person) is None


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, 1),
        ({"full_name": "NGUYEN THI LAN"}, 1),
        ({"birth_date": None}, 1),
        ({"birth_date": date(2016, 1, 3)}, 0),
        ({"full_name": "Nguyễn Thị Lan Anh"}, 0),
        ({"code": "999"}, 0),
    ],
)
def test_c9_a_possible_duplicate_is_the_same_name_birth_date_and_unit(cast, values, found):
    enter(cast)
    asked = {"full_name": "Nguyễn Thị Lan", "birth_date": date(2016, 1, 2), "code": None} | values
    people = possible_duplicates(unit_id=cast.a.pk, commune_id=cast.commune.pk, **asked)
    assert len(people) == found


def test_c9_the_same_name_in_another_unit_is_not_suggested(cast):
    enter(cast)
    asked = {"full_name": "Nguyễn Thị Lan", "birth_date": date(2016, 1, 2), "code": None}
    assert possible_duplicates(unit_id=cast.b.pk, commune_id=cast.commune.pk, **asked) == []
