"""Writing activities: rules C1, D1-D4, B5, F3, G7, H8 at the service."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditEntry
from accounts.versions import StaleRecordError
from campaigns.choices import ActivityKind, Group
from campaigns.models import Membership, Person
from hbs_portal.lib.dates import local_today
from training.models import Activity, Attendance
from training.selectors.activities import group_figures
from training.services.activities import (
    ActivityContent,
    ActivityError,
    content_of,
    copy_activity,
    create_activity,
    delete_draft,
    update_activity,
)
from training.workflow import WrongStateError, submit_record

DAY = date(2026, 3, 2)


@pytest.fixture
def content(cast) -> ActivityContent:
    return ActivityContent(kind=ActivityKind.LESSON, starts_on=DAY, host=cast.a)


@pytest.fixture
def class_4a(cast, make_person) -> list[Person]:
    return [make_person(cast.a, f"Học sinh {number}", class_name="4A") for number in range(35)]


def ids(people) -> frozenset[int]:
    return frozenset(person.pk for person in people)


def problems_of(error) -> dict[str, str]:
    return dict(error.value.problems)


def test_of_a_class_of_35_with_two_absent_33_are_named_d4(cast, content, class_4a):
    activity = create_activity(actor=cast.editor_a, content=replace(content, person_ids=ids(class_4a[2:])))
    rows = activity.attendances.all()
    assert rows.count() == 33
    assert {(row.group, row.unit_id, row.class_name) for row in rows} == {(Group.PUPIL, cast.a.pk, "4A")}
    assert group_figures([activity])[activity.pk][0].unnamed == 0


def test_the_group_and_class_stored_are_those_of_the_day(cast, content, make_person):
    person = make_person(cast.a, class_name="3A", ends_on=DAY)
    Membership.objects.create(
        commune=cast.commune,
        person=person,
        unit=cast.a,
        group=Group.PUPIL,
        class_name="4A",
        starts_on=DAY + timedelta(days=1),
    )
    before = create_activity(actor=cast.editor_a, content=replace(content, person_ids=ids([person])))
    after = replace(content, person_ids=ids([person]), starts_on=DAY + timedelta(days=1))
    assert before.attendances.get().class_name == "3A"
    assert create_activity(actor=cast.editor_a, content=after).attendances.get().class_name == "4A"


def test_a_person_is_at_one_activity_once_c1(cast, content, class_4a):
    activity = create_activity(actor=cast.editor_a, content=replace(content, person_ids=ids(class_4a[:1])))
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.create(commune=cast.commune, activity=activity, person=class_4a[0])
    assert activity.attendances.count() == 1


def test_a_person_with_two_memberships_is_present_once_with_the_one_at_the_host_c7(cast, content, make_person):
    person = make_person(cast.b, group=Group.TEACHER)
    Membership.objects.create(
        commune=cast.commune, person=person, unit=cast.a, group=Group.TEACHER, starts_on=date(2025, 9, 5)
    )
    activity = create_activity(actor=cast.officer, content=replace(content, person_ids=ids([person])))
    assert activity.attendances.get().unit == cast.a


def test_a_total_smaller_than_the_names_is_an_error_d2(cast, content, class_4a):
    wrong = replace(content, person_ids=ids(class_4a), group_totals={Group.PUPIL: 30})
    with pytest.raises(ActivityError) as error:
        create_activity(actor=cast.editor_a, content=wrong)
    assert "30, ít hơn 35 tên" in problems_of(error)["total_PUPIL"]
    assert not Activity.objects.exists()


def test_names_added_later_move_people_from_unnamed_to_named_and_the_total_stands_d3(cast, content, class_4a):
    activity = create_activity(actor=cast.editor_a, content=replace(content, group_totals={Group.PUPIL: 35}))
    first = group_figures([activity])[activity.pk][0]
    named = replace(content_of(activity), person_ids=ids(class_4a[:20]))
    update_activity(actor=cast.editor_a, activity=activity, content=named, expected_version=1)
    later = group_figures([activity])[activity.pk][0]
    assert (first.named, first.unnamed, first.total) == (0, 35, 35)
    assert (later.named, later.unnamed, later.total) == (20, 15, 35)


def test_an_unnamed_session_adds_nobody_to_the_named_d1(cast, content):
    activity = create_activity(actor=cast.editor_a, content=replace(content, group_totals={Group.RESIDENT: 30}))
    figure = group_figures([activity])[activity.pk][0]
    assert (figure.named, figure.unnamed) == (0, 30)


def test_an_attendee_of_another_unit_is_refused_without_a_name(cast, content, make_person):
    outsider = make_person(cast.b, "Lê Văn Ngoài")
    with pytest.raises(ActivityError) as error:
        create_activity(actor=cast.editor_a, content=replace(content, person_ids=ids([outsider])))
    sentence = problems_of(error)["audiences"]
    assert sentence.startswith("1 người đã chọn không thuộc đơn vị bạn ghi nhận vào ngày 02/03/2026")
    assert "Ngoài" not in sentence


def test_an_attendee_of_another_commune_is_refused_even_for_the_office(cast, content, make_person):
    stranger = make_person(cast.other_school)
    with pytest.raises(ActivityError):
        create_activity(actor=cast.officer, content=replace(content, person_ids=ids([stranger])))
    assert not Attendance.objects.exists()


def test_who_had_left_by_that_day_is_refused(cast, content, make_person):
    left = make_person(cast.a, ends_on=DAY - timedelta(days=1))
    with pytest.raises(ActivityError):
        create_activity(actor=cast.editor_a, content=replace(content, person_ids=ids([left])))
    assert not Activity.objects.exists()


def test_the_office_takes_people_of_the_whole_commune(cast, content, make_person):
    people = [make_person(cast.a), make_person(cast.b)]
    activity = create_activity(actor=cast.officer, content=replace(content, person_ids=ids(people)))
    assert {row.unit_id for row in activity.attendances.all()} == {cast.a.pk, cast.b.pk}


def test_an_editor_keeps_the_attendees_of_other_units_that_the_office_added(cast, content, make_person):
    ours, theirs = make_person(cast.a), make_person(cast.b)
    activity = create_activity(actor=cast.officer, content=replace(content, person_ids=ids([ours, theirs])))
    changed = replace(content, person_ids=frozenset(), title="Đổi tên")
    update_activity(actor=cast.editor_a, activity=activity, content=changed, expected_version=1)
    assert [row.person for row in activity.attendances.all()] == [theirs]


def test_households_of_the_own_village_are_named(cast, make_household):
    homes = [make_household(cast.village) for _ in range(3)]
    content = ActivityContent(
        kind=ActivityKind.SUPPORT, starts_on=DAY, host=cast.village, household_ids=frozenset(h.pk for h in homes[:2])
    )
    activity = create_activity(actor=cast.team_member, content=content)
    assert {(row.household_id, row.group) for row in activity.attendances.all()} == {
        (homes[0].pk, Group.HOUSEHOLD),
        (homes[1].pk, Group.HOUSEHOLD),
    }


@pytest.mark.usefixtures("during_the_campaign")
def test_an_activity_in_the_future_is_not_sent_g7(cast, content):
    tomorrow = local_today() + timedelta(days=1)
    with pytest.raises(ActivityError) as error:
        create_activity(actor=cast.editor_a, content=replace(content, starts_on=tomorrow), submit=True)
    assert "chưa tới" in problems_of(error)["starts_on"]
    assert not Activity.objects.exists()


def test_an_activity_outside_the_campaign_is_refused(cast, content):
    with pytest.raises(ActivityError) as error:
        create_activity(actor=cast.editor_a, content=replace(content, starts_on=date(2025, 12, 31)))
    assert "thời gian của chiến dịch" in problems_of(error)["starts_on"]


def test_the_last_day_is_not_before_the_first(cast, content):
    with pytest.raises(ActivityError) as error:
        create_activity(actor=cast.editor_a, content=replace(content, ends_on=DAY - timedelta(days=1)))
    assert "ends_on" in problems_of(error)


def test_nobody_records_for_a_unit_that_is_not_theirs(cast, content):
    with pytest.raises(ActivityError) as error:
        create_activity(actor=cast.editor_b, content=content)
    assert "đơn vị của mình" in problems_of(error)["host"]


def test_a_joint_activity_is_one_activity_with_several_hosts_f3(cast, content):
    activity = create_activity(actor=cast.editor_a, content=replace(content, co_hosts=[cast.b, cast.preschool]))
    assert Activity.objects.count() == 1
    assert set(activity.co_hosts.all()) == {cast.b, cast.preschool}


def test_the_host_is_not_its_own_co_host_f3(cast, content):
    with pytest.raises(ActivityError) as error:
        create_activity(actor=cast.editor_a, content=replace(content, co_hosts=[cast.a]))
    assert "co_hosts" in problems_of(error)


def test_a_session_of_pupils_and_teachers_is_one_activity_h8(cast, content, class_4a, make_person):
    teacher = make_person(cast.a, group=Group.TEACHER)
    create_activity(actor=cast.editor_a, content=replace(content, person_ids=ids([*class_4a, teacher])))
    assert Activity.objects.count() == 1
    assert Attendance.objects.values("group").distinct().count() == 2


def test_a_title_is_suggested_from_kind_and_class(cast, content, class_4a):
    activity = create_activity(actor=cast.editor_a, content=replace(content, person_ids=ids(class_4a)))
    assert activity.title == "Dạy học lồng ghép - lớp 4A"


def test_every_write_leaves_one_audit_entry_with_what_changed(cast, content, class_4a):
    activity = create_activity(actor=cast.editor_a, content=replace(content, person_ids=ids(class_4a[:2])))
    changed = replace(content_of(activity), person_ids=ids(class_4a[:1]))
    update_activity(actor=cast.editor_a, activity=activity, content=changed, expected_version=1)
    first, second = AuditEntry.objects.order_by("pk").filter(object_type="training.Activity")
    assert (first.action, second.action) == ("Ghi hoạt động", "Sửa hoạt động")
    assert second.after == {"person_ids": [class_4a[0].pk]}


def test_the_second_of_two_editors_is_told(cast, content):
    activity = create_activity(actor=cast.editor_a, content=content)
    update_activity(actor=cast.editor_a, activity=activity, content=replace(content, title="Một"), expected_version=1)
    with pytest.raises(StaleRecordError):
        update_activity(
            actor=cast.officer, activity=activity, content=replace(content, title="Hai"), expected_version=1
        )
    assert Activity.objects.get().title == "Một"


def test_what_was_sent_is_not_changed_or_deleted(cast, content):
    activity = create_activity(actor=cast.editor_a, content=content)
    submit_record(actor=cast.editor_a, record=activity)
    with pytest.raises(WrongStateError):
        update_activity(actor=cast.editor_a, activity=activity, content=content, expected_version=2)
    with pytest.raises(WrongStateError):
        delete_draft(actor=cast.editor_a, activity=activity)
    assert Activity.objects.count() == 1


def test_a_copy_takes_all_but_the_day_and_only_who_still_belongs(cast, content, class_4a, make_person):
    gone = make_person(cast.a, class_name="4A", ends_on=DAY)
    source = create_activity(
        actor=cast.editor_a,
        content=replace(content, person_ids=ids([*class_4a[:3], gone]), place="Phòng tin học", note="Trời mưa"),
    )
    copied = copy_activity(actor=cast.editor_a, activity=source, day=DAY + timedelta(days=7))
    assert (copied.kind, copied.place, copied.note) == (ActivityKind.LESSON, "Phòng tin học", "")
    assert copied.starts_on == DAY + timedelta(days=7)
    assert copied.person_ids == ids(class_4a[:3])


def test_a_closed_campaign_takes_no_more_records(cast, content, campaign):
    campaign.state = "CLOSED"
    campaign.save()
    with pytest.raises(ActivityError, match="Chưa có chiến dịch nào đang mở"):
        create_activity(actor=cast.editor_a, content=content)
