"""Changing what was approved (rule H2): versions, withdrawn approvals, and what they do to the figures."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import AuditEntry
from campaigns.choices import ActivityKind, ExclusionReason, Group, RecordStatus
from campaigns.models import Exclusion, Headcount
from campaigns.models.campaign import CampaignState
from conftest import clock_values
from hbs_portal.lib.dates import local_today
from reports.selectors import read_progress
from reports.selectors.clocks import Clocks
from training.models import Activity, Evidence, HouseholdCheck, Platform, PlatformUse, RunningTotal
from training.services.activities import ActivityContent, content_of, delete_draft, submit_activity, update_activity
from training.services.declared import delete_declared, update_headcount, update_running_total
from training.services.households import record_household_check, update_household_check
from training.services.platforms import people_to_confirm, record_platform_uses, staff_with_state
from training.services.revisions import (
    RevisionExistsError,
    content_fields,
    revise_record,
    undo_withdrawal,
    withdraw_approval,
)
from training.workflow import (
    RECORD_TYPES,
    ApprovalBlockedError,
    RecordChangedError,
    SelfApprovalError,
    WorkflowError,
    WrongStateError,
    approve_record,
    return_record,
    submit_record,
    take_back_record,
    undo_decision,
)

DAY = date(2026, 4, 10)
MAY, JUNE, JULY, AUGUST = date(2026, 5, 31), date(2026, 6, 30), date(2026, 7, 31), date(2026, 8, 31)
YEAR_END = date(2026, 12, 31)
REASON = "Ghi nhầm một em vắng"


@pytest.fixture
def pupils(cast, make_person) -> list:
    return [make_person(cast.a, f"Học sinh {number:02}", class_name="4A") for number in range(35)]


@pytest.fixture
def lesson(cast, make_activity, pupils) -> Activity:
    """Rule H2's example: approved with 33 pupils on its own day."""
    return make_activity(cast.a, on=DAY, people=pupils[:33], entered_by=cast.editor_a)


@pytest.fixture
def k3(campaign, cast):
    """k3(K) is (official, provisional) of school A, as of the year's end, approved by K."""

    def read(approved_by: date) -> tuple[int | None, int | None]:
        progress = read_progress(campaign, Clocks(YEAR_END, approved_by)).progress.target("K3")
        cell = next(row.cell for row in progress.units if row.unit.id == cast.a.pk)
        return cell.n, cell.provisional_n

    return read


def corrected(cast, lesson: Activity, pupils: list) -> Activity:
    """The new version with 32 pupils, still a draft."""
    draft = revise_record(actor=cast.editor_a, record=lesson, reason=REASON)
    content = content_of(draft)
    ids = frozenset(pupil.pk for pupil in pupils[:32])
    fresh = ActivityContent(**{**vars(content), "person_ids": ids})
    return update_activity(actor=cast.editor_a, activity=draft, content=fresh, expected_version=draft.version)


def stored(record):
    return type(record).objects.get(pk=record.pk)


def test_h2_the_old_version_counts_until_the_new_one_is_approved(cast, lesson, pupils, k3):
    draft = corrected(cast, lesson, pupils)
    assert k3(YEAR_END) == (33, 33), "a draft changes nothing"
    submit_record(actor=cast.editor_a, record=draft, on=JUNE)
    assert k3(YEAR_END) == (33, 32), "official the old one, provisional the new one"
    approve_record(actor=cast.officer, record=draft, on=JULY)
    assert k3(YEAR_END) == (32, 32)
    assert k3(JULY) == (32, 32), "from its own day on"


def test_h2_a_reading_of_an_earlier_approval_day_still_finds_the_old_version(cast, lesson, pupils, k3):
    draft = corrected(cast, lesson, pupils)
    submit_record(actor=cast.editor_a, record=draft, on=JUNE)
    approve_record(actor=cast.officer, record=draft, on=JULY)
    assert k3(MAY) == (33, 33)
    assert k3(JULY - timedelta(days=1)) == (33, 32)
    withdraw_approval(actor=cast.officer, record=stored(draft), reason="Không diễn ra", on=AUGUST)
    assert k3(MAY) == (33, 33)
    assert k3(AUGUST - timedelta(days=1)) == (32, 32)


def test_h2_a_withdrawn_approval_counts_nothing_from_its_day_on(cast, lesson, k3):
    withdraw_approval(actor=cast.officer, record=lesson, reason="Hoạt động không diễn ra", on=JUNE)
    assert k3(YEAR_END) in ((0, 0), (None, None))
    assert k3(JUNE - timedelta(days=1)) == (33, 33)


def test_h2_a_returned_or_taken_back_revision_leaves_the_old_one_in_the_provisional_figures(cast, lesson, pupils, k3):
    draft = corrected(cast, lesson, pupils)
    submit_record(actor=cast.editor_a, record=draft)
    assert stored(lesson).revised_on == local_today()
    return_record(actor=cast.officer, record=draft, reason="Thiếu lý do")
    assert stored(lesson).revised_on is None
    undo_decision(actor=cast.officer, record=draft)
    assert stored(lesson).revised_on == local_today(), "the return was taken back: it waits again"
    take_back_record(actor=cast.editor_a, record=draft, expected_version=draft.version)
    assert stored(lesson).revised_on is None
    assert k3(local_today()) == (33, 33)


def test_h2_undoing_the_approval_brings_the_old_version_back(cast, lesson, pupils, k3):
    draft = corrected(cast, lesson, pupils)
    submit_record(actor=cast.editor_a, record=draft)
    approve_record(actor=cast.officer, record=draft)
    assert stored(lesson).status == RecordStatus.REPLACED
    undo_decision(actor=cast.officer, record=draft)
    old = stored(lesson)
    assert (old.status, old.ended_on, old.revised_on) == (RecordStatus.APPROVED, None, local_today())
    assert k3(local_today()) == (33, 32)


def test_h2_undoing_a_withdrawal_counts_as_before_for_half_an_hour_and_for_one_person(cast, lesson, k3, monkeypatch):
    withdraw_approval(actor=cast.officer, record=lesson, reason="Nhầm")
    with pytest.raises(WorkflowError, match="Chỉ người đã rút duyệt"):
        undo_withdrawal(actor=cast.officer2, record=lesson)
    undo_withdrawal(actor=cast.officer, record=lesson)
    assert (stored(lesson).status, k3(local_today())) == (RecordStatus.APPROVED, (33, 33))
    withdraw_approval(actor=cast.officer, record=lesson, reason="Không nhầm")
    later = timezone.now() + timedelta(minutes=31)
    monkeypatch.setattr(timezone, "now", lambda: later)
    with pytest.raises(WorkflowError, match="Đã quá 30 phút"):
        undo_withdrawal(actor=cast.officer, record=lesson)


def test_h2_a_withdrawn_record_is_corrected_by_a_version_and_its_gap_stays(cast, lesson, pupils, k3):
    withdraw_approval(actor=cast.officer, record=lesson, reason="Sai danh sách", on=JUNE)
    draft = corrected(cast, stored(lesson), pupils)
    submit_record(actor=cast.editor_a, record=draft, on=JULY)
    approve_record(actor=cast.officer, record=draft, on=AUGUST)
    old = stored(lesson)
    assert (old.status, old.ended_on, old.end_reason) == (RecordStatus.REPLACED, JUNE, "Sai danh sách")
    assert [k3(day)[0] or 0 for day in (MAY, JUNE, JULY, AUGUST)] == [33, 0, 0, 32]
    undo_decision(actor=cast.officer, record=_just_decided(draft))
    assert stored(lesson).status == RecordStatus.WITHDRAWN, "it comes back as what it was"


def _just_decided(record: Activity) -> Activity:
    type(record).objects.filter(pk=record.pk).update(decided_at=timezone.now())
    return stored(record)


def test_h2_versions_follow_one_another(cast, lesson, pupils, k3):
    second = corrected(cast, lesson, pupils)
    submit_record(actor=cast.editor_a, record=second, on=JUNE)
    approve_record(actor=cast.officer, record=second, on=JUNE)
    third = revise_record(actor=cast.editor_a, record=second, reason="Thêm lại")
    content = ActivityContent(**{**vars(content_of(third)), "person_ids": frozenset(one.pk for one in pupils)})
    update_activity(actor=cast.editor_a, activity=third, content=content, expected_version=1)
    submit_record(actor=cast.editor_a, record=third, on=JULY)
    approve_record(actor=cast.officer, record=third, on=JULY)
    assert [k3(day)[0] for day in (MAY, JUNE, JULY)] == [33, 32, 35]
    assert list(Activity.objects.current()) == [third]
    with pytest.raises(WrongStateError):
        revise_record(actor=cast.editor_a, record=stored(lesson), reason=REASON)


def test_h3_who_made_or_sent_the_revision_does_not_approve_it(cast, lesson):
    draft = revise_record(actor=cast.officer, record=lesson, reason=REASON)
    submit_record(actor=cast.officer, record=draft)
    with pytest.raises(SelfApprovalError):
        approve_record(actor=cast.officer, record=draft)
    approve_record(actor=cast.officer2, record=draft)
    assert stored(lesson).status == RecordStatus.REPLACED


def test_a_revision_asks_a_reason_the_right_and_an_approved_record(cast, lesson, make_activity, campaign):
    with pytest.raises(WorkflowError, match="Hãy ghi lý do sửa"):
        revise_record(actor=cast.editor_a, record=lesson, reason="  ")
    with pytest.raises(WorkflowError, match="quá 300 ký tự"):
        revise_record(actor=cast.editor_a, record=lesson, reason="x" * 301)
    for person in (cast.editor_b, cast.leader, cast.stranger):
        with pytest.raises(WorkflowError, match="Bạn không ghi nhận cho đơn vị này"):
            revise_record(actor=person, record=lesson, reason=REASON)
    waiting = make_activity(cast.a, status=RecordStatus.SUBMITTED)
    with pytest.raises(WrongStateError, match="Chỉ lập bản sửa từ bản đã duyệt"):
        revise_record(actor=cast.editor_a, record=waiting, reason=REASON)
    campaign.state = CampaignState.CLOSED
    campaign.save()
    with pytest.raises(WrongStateError, match="không còn mở"):
        revise_record(actor=cast.editor_a, record=stored(lesson), reason=REASON)
    assert not Activity.objects.filter(replaces__isnull=False).exists()


def test_of_two_people_who_revise_at_once_the_second_is_told_whose_version_there_is(cast, lesson):
    seen = stored(lesson)
    first = revise_record(actor=cast.editor_a, record=lesson, reason=REASON)
    with pytest.raises(RevisionExistsError, match=str(cast.editor_a)) as refused:
        revise_record(actor=cast.officer, record=seen, reason=REASON)
    assert refused.value.revision == first


def test_of_two_people_who_decide_at_once_one_wins_and_nothing_is_half_done(cast, lesson, pupils):
    draft = corrected(cast, lesson, pupils)
    submit_record(actor=cast.editor_a, record=draft)
    seen, old = stored(draft), stored(lesson)
    return_record(actor=cast.officer2, record=draft, reason="Thiếu")
    with pytest.raises(RecordChangedError):
        approve_record(actor=cast.officer, record=seen)
    assert (stored(lesson).status, stored(lesson).version) == (RecordStatus.APPROVED, old.version)


def test_of_two_officers_who_withdraw_at_once_one_reason_stands(cast, lesson):
    seen = stored(lesson)
    withdraw_approval(actor=cast.officer, record=lesson, reason="Một")
    with pytest.raises(RecordChangedError):
        withdraw_approval(actor=cast.officer2, record=seen, reason="Hai")
    assert stored(lesson).end_reason == "Một"


def test_only_the_office_withdraws_and_says_why(cast, lesson):
    for person in (cast.editor_a, cast.leader, cast.admin, cast.stranger):
        with pytest.raises(WorkflowError, match="Chỉ cán bộ phòng Văn hóa - Xã hội"):
            withdraw_approval(actor=person, record=lesson, reason="Sai")
    with pytest.raises(WorkflowError, match="Hãy ghi lý do rút duyệt"):
        withdraw_approval(actor=cast.officer, record=lesson, reason=" ")
    assert stored(lesson).is_official


def test_every_step_of_a_version_is_in_the_audit_of_the_record_it_concerns(cast, lesson, pupils):
    draft = corrected(cast, lesson, pupils)
    submit_record(actor=cast.editor_a, record=draft)
    approve_record(actor=cast.officer, record=draft)
    withdraw_approval(actor=cast.officer, record=draft, reason="Sai")
    steps = AuditEntry.objects.filter(object_type="training.Activity").order_by("pk").values_list("object_id", "action")
    assert list(steps) == [
        (draft.pk, "Lập bản sửa hoạt động"),
        (draft.pk, "Sửa hoạt động"),
        (draft.pk, "Gửi duyệt hoạt động"),
        (lesson.pk, "Thay bằng bản sửa hoạt động"),
        (draft.pk, "Duyệt hoạt động"),
        (draft.pk, "Rút duyệt hoạt động"),
    ]


def test_a_copy_has_all_that_the_record_says_and_nothing_of_its_way(
    cast, campaign, pupils, make_activity, make_person, make_household, make_check, make_platform_use
):
    activity = make_activity(
        cast.a, people=pupils[:2], co_hosts=(cast.b,), totals={Group.PUPIL: 9}, place="Sân trường", note="Ghi chú"
    )
    use = make_platform_use(make_person(cast.a, group=Group.TEACHER))
    use.platforms.add(Platform.objects.create(commune=cast.commune, name="vnEdu"))
    declared = {"commune": cast.commune, "unit": cast.a, "group": Group.PUPIL, "entered_by": cast.editor_a}
    declared |= clock_values(RecordStatus.APPROVED, DAY, cast.officer)
    shared = {"commune": cast.commune, "entered_by": cast.editor_a, **clock_values("APPROVED", DAY, cast.officer)}
    records = [
        activity,
        use,
        make_check(make_household(cast.village), skills=3),
        RunningTotal.objects.create(target=campaign.targets.get(code="K3"), as_of=DAY, value=9, **declared),
        Headcount.objects.create(effective_on=DAY, count=35, **declared),
        Exclusion.objects.create(
            campaign=campaign,
            unit=cast.a,
            person=pupils[0],
            reason=ExclusionReason.OTHER,
            starts_on=DAY,
            **shared,
        ),
    ]
    assert {type(record) for record in records} == set(RECORD_TYPES)
    for record in records:
        draft = stored(revise_record(actor=cast.officer, record=record, reason=REASON))
        for name in content_fields(type(record)):
            assert getattr(draft, name) == getattr(record, name), name
        assert (draft.status, draft.replaces_id, draft.version) == (RecordStatus.DRAFT, record.pk, 1)
        assert (draft.entered_by, draft.change_reason) == (cast.officer, REASON)
        submit_record(actor=cast.officer, record=draft)
        approve_record(actor=cast.officer2, record=draft)
        assert stored(record).status == RecordStatus.REPLACED
    copy = Activity.objects.get(replaces=activity)
    assert content_of(copy) == content_of(activity)
    assert list(PlatformUse.objects.get(replaces=use).platforms.values_list("name", flat=True)) == ["vnEdu"]


@pytest.fixture
def photo(cast, lesson, settings):
    from django.core.files.base import ContentFile

    evidence = Evidence(
        commune=cast.commune,
        activity=lesson,
        kind="PHOTO",
        name="lop.jpg",
        size_bytes=3,
        sha256="0" * 64,
        uploaded_by=cast.editor_a,
    )
    evidence.file.save("lop.jpg", ContentFile(b"anh"), save=False)
    evidence.save()
    return evidence


def test_a_file_shared_by_two_versions_goes_with_the_last_row_that_names_it(
    cast, lesson, photo, django_capture_on_commit_callbacks
):
    draft = revise_record(actor=cast.editor_a, record=lesson, reason=REASON)
    assert [one.file.name for one in draft.evidence.all()] == [photo.file.name]
    with django_capture_on_commit_callbacks(execute=True):
        delete_draft(actor=cast.editor_a, activity=draft)
    assert photo.file.storage.exists(photo.file.name), "the approved version keeps its proof"
    Activity.objects.filter(pk=lesson.pk).update(status=RecordStatus.DRAFT, approved_on=None)
    with django_capture_on_commit_callbacks(execute=True):
        delete_draft(actor=cast.editor_a, activity=stored(lesson))
    assert not photo.file.storage.exists(photo.file.name)


def test_a_returned_revision_may_be_given_up_and_another_one_begun(cast, lesson, pupils):
    draft = corrected(cast, lesson, pupils)
    submit_record(actor=cast.editor_a, record=draft)
    return_record(actor=cast.officer, record=draft, reason="Không cần sửa")
    delete_draft(actor=cast.editor_a, activity=draft)
    assert revise_record(actor=cast.editor_a, record=stored(lesson), reason=REASON).replaces == lesson


def test_an_approval_with_a_version_behind_it_is_not_undone(cast, make_activity, pupils):
    waiting = make_activity(cast.a, people=pupils, status=RecordStatus.SUBMITTED, entered_by=cast.editor_a)
    approve_record(actor=cast.officer, record=waiting)
    revise_record(actor=cast.editor_a, record=waiting, reason=REASON)
    with pytest.raises(WorkflowError, match="đã có bản sửa"):
        undo_decision(actor=cast.officer, record=waiting)


@pytest.fixture
def declare(cast, campaign):
    """declare(model, day, number): an approved figure of school A's pupils."""

    def make(model, day: date, number: int):
        values = {"commune": cast.commune, "unit": cast.a, "group": Group.PUPIL, "entered_by": cast.editor_a}
        values |= clock_values(RecordStatus.APPROVED, day, cast.officer)
        if model is Headcount:
            return Headcount.objects.create(effective_on=day, count=number, **values)
        return RunningTotal.objects.create(target=campaign.targets.get(code="K3"), as_of=day, value=number, **values)

    return make


def test_b4_a_correction_is_not_compared_with_the_number_that_it_replaces(cast, declare):
    heads = declare(Headcount, DAY, 500)
    total = declare(RunningTotal, JUNE, 490)
    lower = revise_record(actor=cast.editor_a, record=total, reason="Đếm lại")
    update_running_total(actor=cast.editor_a, record=lower, expected_version=1, value=400)
    submit_record(actor=cast.editor_a, record=lower)
    approve_record(actor=cast.officer, record=lower)
    fewer = revise_record(actor=cast.editor_a, record=heads, reason="Đếm lại")
    update_headcount(actor=cast.editor_a, record=fewer, expected_version=1, count=450)
    submit_record(actor=cast.editor_a, record=fewer)
    approve_record(actor=cast.officer, record=fewer)
    too_few = revise_record(actor=cast.editor_a, record=fewer, reason="Đếm lại lần nữa")
    update_headcount(actor=cast.editor_a, record=too_few, expected_version=1, count=399)
    submit_record(actor=cast.editor_a, record=too_few)
    with pytest.raises(ApprovalBlockedError, match="100,2 %"):
        approve_record(actor=cast.officer, record=too_few)


def test_b4_what_comes_back_by_undoing_is_compared_with_what_was_approved_meanwhile(cast, declare):
    """490 of 500 became 400, and the school 450: neither undoing makes it 490 of 450."""
    heads, total = declare(Headcount, DAY, 500), declare(RunningTotal, JUNE, 490)
    lower = revise_record(actor=cast.editor_a, record=total, reason="Đếm lại")
    update_running_total(actor=cast.editor_a, record=lower, expected_version=1, value=400)
    submit_record(actor=cast.editor_a, record=lower)
    approve_record(actor=cast.officer, record=lower)
    Headcount.objects.filter(pk=heads.pk).update(count=450)
    with pytest.raises(ApprovalBlockedError, match="108,8 %"):
        undo_decision(actor=cast.officer, record=stored(lower))
    assert (stored(lower).status, stored(total).status) == (RecordStatus.APPROVED, RecordStatus.REPLACED)
    withdraw_approval(actor=cast.officer, record=stored(lower), reason="Chưa rõ nguồn")
    Headcount.objects.filter(pk=heads.pk).update(count=390)
    with pytest.raises(ApprovalBlockedError, match="102,5 %"):
        undo_withdrawal(actor=cast.officer, record=stored(lower))
    Headcount.objects.filter(pk=heads.pk).update(count=400)
    undo_withdrawal(actor=cast.officer, record=stored(lower))
    assert stored(lower).status == RecordStatus.APPROVED


def test_undoing_a_correction_to_another_day_stays_beside_a_record_that_took_the_old_day(
    cast, campaign, make_household, make_check
):
    home = make_household(cast.village)
    first, second = make_check(home, DAY), make_check(home, JUNE)
    versions = []
    for check, day in ((first, MAY), (second, DAY)):
        version = revise_record(actor=cast.village_head, record=check, reason="Nhầm ngày")
        HouseholdCheck.objects.filter(pk=version.pk).update(checked_on=day)
        submit_record(actor=cast.village_head, record=stored(version))
        approve_record(actor=cast.officer, record=stored(version))
        versions.append(version)
    moved = versions[0]
    with pytest.raises(WorkflowError, match="Đã có bản khác của cùng việc"):
        undo_decision(actor=cast.officer, record=stored(moved))
    assert stored(moved).status == RecordStatus.APPROVED


def test_h2_a_check_corrected_to_another_day_leaves_its_old_day_to_another_check(
    cast, campaign, make_household, make_check
):
    home = make_household(cast.village)
    check = make_check(home, DAY)
    moved = revise_record(actor=cast.village_head, record=check, reason="Nhầm ngày")
    again = {"actor": cast.village_head, "campaign": campaign, "household": home, "skills": {}, "checked_on": DAY}
    update = {"actor": cast.village_head, "check": moved, "checked_on": MAY, "skills": {}, "submit": True}
    update_household_check(**update, expected_version=1)
    with pytest.raises(WorkflowError, match="đã được kiểm tra trong ngày"):
        record_household_check(**again)
    approve_record(actor=cast.officer, record=stored(moved))
    second = record_household_check(**again)
    assert second.checked_on == DAY
    with pytest.raises(WorkflowError, match="đã được kiểm tra trong ngày"):
        record_household_check(**again | {"checked_on": MAY})
    with pytest.raises(WorkflowError, match="Đã có bản khác của cùng việc"):
        undo_decision(actor=cast.officer, record=stored(moved))


def test_h2_an_exclusion_corrected_to_another_first_day_leaves_the_old_one(cast, campaign, make_person):
    person = make_person(cast.a, "Cô Lan", group=Group.TEACHER)
    values = {"commune": cast.commune, "campaign": campaign, "unit": cast.a, "person": person, "reason": "OTHER"}
    old = Exclusion.objects.create(
        starts_on=DAY, ends_on=MAY, entered_by=cast.editor_a, **values, **clock_values("APPROVED", DAY, cast.officer)
    )
    moved = revise_record(actor=cast.editor_a, record=old, reason="Nhầm ngày")
    Exclusion.objects.filter(pk=moved.pk).update(starts_on=JUNE, ends_on=JULY)
    submit_record(actor=cast.editor_a, record=stored(moved))
    approve_record(actor=cast.officer, record=stored(moved))
    Exclusion.objects.create(starts_on=DAY, ends_on=MAY, entered_by=cast.editor_a, **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Exclusion.objects.create(starts_on=JUNE, entered_by=cast.editor_a, **values)


def test_g2_a_corrected_total_that_falls_below_the_one_before_needs_a_reason(cast, declare):
    declare(RunningTotal, DAY, 100)
    total = declare(RunningTotal, JUNE, 180)
    draft = revise_record(actor=cast.editor_a, record=total, reason="Đếm lại")
    with pytest.raises(WorkflowError, match="Số giảm cần có lý do"):
        update_running_total(actor=cast.editor_a, record=stored(draft), expected_version=1, value=90)
    update_running_total(actor=cast.editor_a, record=draft, expected_version=1, value=90, note="Trùng tên")
    assert stored(draft).value == 90


def test_g2_correcting_an_early_total_by_a_version_leaves_the_later_ones(cast, declare):
    early, *later = [declare(RunningTotal, day, value) for day, value in ((DAY, 100), (MAY, 180), (JUNE, 260))]
    draft = revise_record(actor=cast.editor_a, record=early, reason="Đếm lại")
    update_running_total(actor=cast.editor_a, record=draft, expected_version=1, value=120)
    submit_record(actor=cast.editor_a, record=draft)
    approve_record(actor=cast.officer, record=draft)
    approved = RunningTotal.objects.filter(status=RecordStatus.APPROVED).order_by("as_of")
    assert list(approved.values_list("value", flat=True)) == [120, 180, 260]
    assert [stored(one).version for one in later] == [one.version for one in later]


def test_g6_a_correction_keeps_the_day_of_the_number_and_a_real_change_has_its_own(cast, declare):
    draft = revise_record(actor=cast.editor_a, record=declare(Headcount, DAY, 500), reason="Đếm lại")
    with pytest.raises(WorkflowError, match="Bản sửa giữ nguyên"):
        update_headcount(actor=cast.editor_a, record=stored(draft), expected_version=1, effective_on=MAY)
    update_headcount(actor=cast.editor_a, record=draft, expected_version=1, count=480, effective_on=DAY)
    assert stored(draft).count == 480
    delete_declared(actor=cast.editor_a, record=draft)
    assert Headcount.objects.get().is_official


def test_a_revised_check_may_move_to_a_day_without_another_check_only(cast, campaign, make_household, make_check):
    household = make_household(cast.village)
    make_check(household, on=MAY)
    draft = revise_record(actor=cast.village_head, record=make_check(household, on=DAY), reason="Sai ngày")
    values = {"actor": cast.village_head, "skills": {}}
    with pytest.raises(WorkflowError, match="đã được kiểm tra trong ngày đó"):
        update_household_check(check=stored(draft), checked_on=MAY, expected_version=1, **values)
    update_household_check(check=draft, checked_on=JUNE, expected_version=1, **values)
    with pytest.raises(WorkflowError, match="đã được kiểm tra trong ngày đó"):
        record_household_check(campaign=campaign, household=household, checked_on=JUNE, **values)
    assert HouseholdCheck.objects.count() == 3


def test_a_confirmation_that_was_withdrawn_is_recorded_again_as_its_next_version(
    cast, campaign, make_person, make_platform_use
):
    teacher = make_person(cast.a, "Lê Thị Hoa", Group.TEACHER)
    use = make_platform_use(teacher)
    among = {"user": cast.editor_a, "campaign": campaign, "day": local_today()}
    assert not people_to_confirm(**among).exists()
    withdraw_approval(actor=cast.officer, record=use, reason="Chưa dùng")
    assert list(people_to_confirm(**among)) == [teacher]
    values = {"campaign": campaign, "people": [teacher], "platforms": [], "confirmed_on": DAY}
    (again,) = record_platform_uses(actor=cast.editor_a, submit=True, **values)
    assert (again.replaces_id, stored(use).revised_on) == (use.pk, local_today())
    assert not people_to_confirm(**among).exists()
    approve_record(actor=cast.officer, record=stored(again))
    (row,) = staff_with_state(**among)
    assert (row.use_id, row.use_status) == (again.pk, RecordStatus.APPROVED)


def test_each_person_stands_once_in_the_list_of_confirmations_whatever_versions_there_are(
    cast, campaign, make_person, make_platform_use
):
    uses = [make_platform_use(make_person(cast.a, f"Giáo viên {n}", Group.TEACHER)) for n in range(4)]
    draft = revise_record(actor=cast.editor_a, record=uses[0], reason=REASON)
    replacing = revise_record(actor=cast.editor_a, record=uses[1], reason=REASON)
    submit_record(actor=cast.editor_a, record=replacing)
    approve_record(actor=cast.officer, record=replacing)
    withdraw_approval(actor=cast.officer, record=uses[2], reason="Sai")
    begun = revise_record(actor=cast.editor_a, record=uses[2], reason=REASON)
    rows = staff_with_state(user=cast.editor_a, campaign=campaign, day=local_today())
    found = {row.person_id: (row.use_id, row.use_status, row.use_revision_status) for row in rows}
    assert len(rows) == 4
    assert found[uses[0].person_id] == (uses[0].pk, "APPROVED", "DRAFT")
    assert found[uses[1].person_id] == (replacing.pk, "APPROVED", None)
    assert found[uses[2].person_id] == (begun.pk, "DRAFT", "DRAFT")
    assert draft.replaces == uses[0]


def test_a_withdrawal_is_not_undone_beside_a_record_that_took_its_place(cast, campaign, make_household, make_check):
    check = make_check(make_household(cast.village))
    withdraw_approval(actor=cast.officer, record=check, reason="Sai")
    values = {"campaign": campaign, "household": check.household, "checked_on": check.checked_on, "skills": {}}
    record_household_check(actor=cast.village_head, **values)
    with pytest.raises(WorkflowError, match="Đã có bản khác"):
        undo_withdrawal(actor=cast.officer, record=check)
    with pytest.raises(WrongStateError, match="đã có bản khác"):
        revise_record(actor=cast.village_head, record=stored(check), reason=REASON)


def test_a_revision_is_sent_by_the_same_form_as_any_activity(cast, lesson, pupils):
    draft = corrected(cast, lesson, pupils)
    submit_activity(actor=cast.editor_a, activity=draft)
    assert (stored(draft).status, stored(lesson).revised_on) == (RecordStatus.SUBMITTED, local_today())
    assert draft.kind == ActivityKind.LESSON


def test_b4_the_approval_of_a_number_that_another_one_rests_on_is_not_undone(cast, declare):
    """400 became 500 and 490 were approved: without the 500 they would be 490 of 400."""
    declare(Headcount, DAY, 400)
    values = {"commune": cast.commune, "unit": cast.a, "group": Group.PUPIL, "entered_by": cast.editor_a}
    more = Headcount.objects.create(effective_on=MAY, count=500, **values)
    submit_record(actor=cast.editor_a, record=more)
    approve_record(actor=cast.officer, record=more)
    total = declare(RunningTotal, JUNE, 490)
    with pytest.raises(ApprovalBlockedError, match="122,5 % – tử số vượt mẫu số: luỹ kế 490, quy mô 400"):
        undo_decision(actor=cast.officer, record=stored(more))
    assert stored(more).status == RecordStatus.APPROVED
    withdraw_approval(actor=cast.officer, record=total, reason="Đếm sai")
    undo_decision(actor=cast.officer, record=stored(more))
    assert stored(more).status == RecordStatus.SUBMITTED
