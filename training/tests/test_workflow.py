"""From the person who enters to the person who approves: rules H1, H3, G5, B4."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from campaigns.choices import ActivityKind, Group, RecordStatus
from campaigns.models import Headcount, Household, Person
from hbs_portal.lib.dates import local_today
from training.contradictions import approval_blocker, excess_percent
from training.models import Activity, GroupTotal, HouseholdCheck, PlatformUse, RunningTotal
from training.services.activities import delete_draft
from training.services.declared import delete_declared
from training.services.households import delete_household_check
from training.services.platforms import delete_platform_use
from training.workflow import (
    ApprovalBlockedError,
    RecordChangedError,
    SelfApprovalError,
    WorkflowError,
    WrongStateError,
    approve_record,
    return_record,
    submit_record,
    undo_decision,
)

DAY = date(2026, 3, 2)


@pytest.fixture
def activity(cast, campaign) -> Activity:
    return Activity.objects.create(
        commune=cast.commune,
        campaign=campaign,
        kind=ActivityKind.LESSON,
        title="Nhận biết tin giả",
        starts_on=DAY,
        ends_on=DAY,
        host=cast.a,
        entered_by=cast.editor_a,
    )


@pytest.fixture
def waiting(activity, cast) -> Activity:
    submit_record(actor=cast.editor_a, record=activity)
    return activity


def declared(cast, model, **values):
    return model.objects.create(
        commune=cast.commune, unit=cast.a, group=Group.PUPIL, entered_by=cast.editor_a, **values
    )


def running_total(cast, campaign, value: int, as_of: date = DAY) -> RunningTotal:
    target = campaign.targets.get(code="K3")
    record = declared(cast, RunningTotal, target=target, as_of=as_of, value=value)
    submit_record(actor=cast.editor_a, record=record)
    return record


def headcount(cast, count: int, effective_on: date = DAY) -> Headcount:
    record = declared(cast, Headcount, effective_on=effective_on, count=count)
    submit_record(actor=cast.editor_a, record=record)
    return record


def test_a_draft_is_sent_and_then_approved_and_both_clocks_are_local_days_g5(activity, cast):
    submit_record(actor=cast.editor_a, record=activity)
    approve_record(actor=cast.officer, record=activity)
    stored = Activity.objects.get(pk=activity.pk)
    assert (stored.status, stored.submitted_on, stored.approved_on) == ("APPROVED", local_today(), local_today())
    assert stored.decided_by == cast.officer
    assert not stored.self_approved


def test_a_past_decision_day_can_be_given_g5(activity, cast):
    submit_record(actor=cast.editor_a, record=activity, on=date(2026, 6, 28))
    approve_record(actor=cast.officer, record=activity, on=date(2026, 7, 5))
    assert not Activity.objects.official(date(2026, 6, 30)).exists()
    assert Activity.objects.official(date(2026, 7, 10)).exists()


def test_every_step_leaves_one_audit_entry(waiting, cast):
    approve_record(actor=cast.officer, record=waiting)
    actions = list(AuditEntry.objects.filter(object_type="training.Activity").order_by("pk").values_list("action"))
    assert actions == [("Gửi duyệt hoạt động",), ("Duyệt hoạt động",)]


def test_who_entered_does_not_approve_h3(activity, cast):
    activity.entered_by = cast.officer
    activity.save()
    submit_record(actor=cast.officer, record=activity)
    with pytest.raises(SelfApprovalError, match="Hãy để cán bộ khác duyệt"):
        approve_record(actor=cast.officer, record=activity)
    approve_record(actor=cast.officer2, record=activity)
    assert activity.is_official


def test_who_sent_it_for_another_does_not_approve_it_either_h3(activity, cast):
    submit_record(actor=cast.officer, record=activity)
    with pytest.raises(SelfApprovalError):
        approve_record(actor=cast.officer, record=activity)


def test_where_the_commune_allows_self_approval_it_is_marked_h3(activity, cast, campaign):
    campaign.allows_self_approval = True
    campaign.save()
    activity.entered_by = cast.officer
    activity.save()
    activity.refresh_from_db()
    submit_record(actor=cast.officer, record=activity)
    approve_record(actor=cast.officer, record=activity)
    assert Activity.objects.get(pk=activity.pk).self_approved


@pytest.mark.parametrize("who", ["editor_b", "team_member", "leader", "admin", "stranger"])
def test_only_the_office_of_the_commune_approves(waiting, cast, who):
    with pytest.raises(WorkflowError, match="Chỉ cán bộ phòng Văn hóa - Xã hội"):
        approve_record(actor=getattr(cast, who), record=waiting)
    assert Activity.objects.get(pk=waiting.pk).is_waiting


def test_a_draft_cannot_be_approved(activity, cast):
    with pytest.raises(WrongStateError, match="Nháp"):
        approve_record(actor=cast.officer, record=activity)


def test_a_waiting_record_cannot_be_sent_again(waiting, cast):
    with pytest.raises(WrongStateError):
        submit_record(actor=cast.editor_a, record=waiting)


def test_a_return_needs_a_reason(waiting, cast):
    with pytest.raises(WorkflowError, match="Hãy ghi lý do"):
        return_record(actor=cast.officer, record=waiting, reason="  ")
    return_record(actor=cast.officer, record=waiting, reason="Thiếu ảnh minh chứng")
    assert Activity.objects.get(pk=waiting.pk).return_reason == "Thiếu ảnh minh chứng"


def test_a_returned_record_is_sent_again_and_keeps_the_reason_for_the_reviewer(waiting, cast):
    return_record(actor=cast.officer, record=waiting, reason="Thiếu ảnh")
    submit_record(actor=cast.editor_a, record=waiting)
    assert waiting.is_waiting
    assert (waiting.return_reason, waiting.decided_by_id) == ("Thiếu ảnh", None)


def test_of_two_who_decide_at_once_only_one_succeeds(waiting, cast):
    same = Activity.objects.get(pk=waiting.pk)
    approve_record(actor=cast.officer, record=waiting)
    with pytest.raises(RecordChangedError, match="Hãy tải lại trang"):
        return_record(actor=cast.officer2, record=same, reason="Trùng")
    assert Activity.objects.get(pk=waiting.pk).is_official
    assert AuditEntry.objects.filter(action="Trả lại hoạt động").count() == 0


def test_a_decision_on_an_older_version_is_refused(waiting, cast):
    with pytest.raises(RecordChangedError):
        approve_record(actor=cast.officer, record=waiting, expected_version=waiting.version - 1)


def test_who_decided_may_undo_it_for_a_while(waiting, cast):
    approve_record(actor=cast.officer, record=waiting)
    with pytest.raises(WorkflowError, match="Chỉ người đã duyệt"):
        undo_decision(actor=cast.officer2, record=waiting)
    undo_decision(actor=cast.officer, record=waiting)
    stored = Activity.objects.get(pk=waiting.pk)
    assert (stored.status, stored.approved_on, stored.decided_by) == (RecordStatus.SUBMITTED, None, None)


def test_after_half_an_hour_a_decision_stands(waiting, cast):
    approve_record(actor=cast.officer, record=waiting)
    waiting.decided_at = timezone.now() - timedelta(minutes=31)
    with pytest.raises(WorkflowError, match="Đã quá 30 phút"):
        undo_decision(actor=cast.officer, record=waiting)


def test_a_return_cannot_be_undone_once_it_was_sent_again(waiting, cast):
    return_record(actor=cast.officer, record=waiting, reason="Thiếu ảnh")
    submit_record(actor=cast.editor_a, record=waiting)
    with pytest.raises(WorkflowError, match="chưa có quyết định"):
        undo_decision(actor=cast.officer, record=waiting)


def test_a_running_total_over_the_approved_headcount_blocks_approval_b4(cast, campaign):
    approve_record(actor=cast.officer, record=headcount(cast, 500))
    record = running_total(cast, campaign, 516)
    with pytest.raises(ApprovalBlockedError, match="103,2 % – tử số vượt mẫu số"):
        approve_record(actor=cast.officer, record=record)
    assert RunningTotal.objects.get().is_waiting


def test_a_headcount_below_an_approved_running_total_blocks_approval_b4(cast, campaign):
    approve_record(actor=cast.officer, record=running_total(cast, campaign, 516))
    with pytest.raises(ApprovalBlockedError, match="103,2 %"):
        approve_record(actor=cast.officer, record=headcount(cast, 500))


def test_a_headcount_that_comes_into_force_later_is_compared_from_its_day_b4(cast, campaign):
    approve_record(actor=cast.officer, record=headcount(cast, 600))
    approve_record(actor=cast.officer, record=headcount(cast, 500, effective_on=DAY + timedelta(days=30)))
    assert approval_blocker(running_total(cast, campaign, 516)) is not None
    assert approval_blocker(running_total(cast, campaign, 500, as_of=DAY + timedelta(days=1))) is None


def test_a_waiting_headcount_is_not_yet_a_denominator_b3(cast, campaign):
    headcount(cast, 500)
    assert approval_blocker(running_total(cast, campaign, 516)) is None


def test_an_earlier_wrong_total_does_not_block_its_correction(cast, campaign):
    approve_record(actor=cast.officer, record=running_total(cast, campaign, 516))
    approve_record(actor=cast.officer, record=running_total(cast, campaign, 480, as_of=DAY + timedelta(days=9)))
    assert approval_blocker(headcount(cast, 500, effective_on=DAY + timedelta(days=9))) is None


@pytest.mark.parametrize(
    ("n", "d", "shown"), [(516, 500, "103,2 %"), (10001, 10000, "100,01 %"), (3000, 10, "30.000,0 %")]
)
def test_an_excess_is_never_shown_as_a_hundred_percent_a2(n, d, shown):
    assert excess_percent(n, d) == shown


def test_fewer_present_than_named_blocks_approval_d2(waiting, cast, make_person):
    person = make_person(cast.a, class_name="4A")
    waiting.attendances.create(commune=cast.commune, person=person, group=Group.PUPIL, unit=cast.a)
    GroupTotal.objects.create(activity=waiting, group=Group.PUPIL, total=0)
    with pytest.raises(ApprovalBlockedError, match="ít hơn 1 tên"):
        approve_record(actor=cast.officer, record=waiting)


def test_what_somebody_sent_meanwhile_is_not_deleted(activity, cast, campaign):
    check = HouseholdCheck.objects.create(
        commune=cast.commune,
        campaign=campaign,
        household=Household.objects.create(
            commune=cast.commune, village=cast.village, head_name="Trần Văn Bảy", starts_on=DAY
        ),
        checked_on=DAY,
        entered_by=cast.officer2,
    )
    total = declared(cast, RunningTotal, target=campaign.targets.get(code="K3"), as_of=DAY, value=9)
    teacher = Person.objects.create(commune=cast.commune, full_name="Lê Thị Hoa")
    use = PlatformUse.objects.create(
        commune=cast.commune,
        campaign=campaign,
        person=teacher,
        unit=cast.a,
        confirmed_on=DAY,
        entered_by=cast.editor_a,
    )
    for record, delete in (
        (activity, partial(delete_draft, activity=activity)),
        (check, partial(delete_household_check, check=check)),
        (total, partial(delete_declared, record=total)),
        (use, partial(delete_platform_use, use=use)),
    ):
        submit_record(actor=cast.officer2, record=type(record).objects.get(pk=record.pk))
        with pytest.raises(RecordChangedError, match="Hãy tải lại trang"):
            delete(actor=cast.officer2)
        assert type(record).objects.get(pk=record.pk).status == RecordStatus.SUBMITTED
