"""The office reads what an exclusion would do before it approves it (rule C8)."""

from datetime import date

import pytest

from campaigns.choices import ActivityKind, ExclusionReason, Group, UnitKind
from campaigns.models import Exclusion
from reports.selectors.own_records import own_records
from reports.selectors.waiting import waiting_counts
from training.figure_effects import effects_of_approval
from training.services.exclusions import propose_exclusions
from training.services.revisions import revise_record
from training.workflow import approve_record, submit_record

SPRING = date(2026, 3, 1)


@pytest.fixture
def staff(cast, make_person, make_activity):
    """Fifty officials of the office, 45 of them trained."""
    people = [make_person(cast.office, f"Cán bộ {number}", Group.OFFICIAL) for number in range(50)]
    make_activity(cast.office, ActivityKind.TRAINING, SPRING, people=people[:45])
    return people


@pytest.fixture
def propose(cast, campaign, staff):
    def make(person, **values):
        content = {"reason": ExclusionReason.MATERNITY, "starts_on": SPRING, "submit": True, **values}
        return propose_exclusions(actor=cast.officer2, campaign=campaign, people=[person], **content)[0]

    return make


def test_c8_without_one_of_fifty_45_are_45_of_49_and_met(propose, staff, cast):
    record = propose(staff[-1])
    assert effects_of_approval(record) == [
        "K1, Phòng Văn hóa - Xã hội: 45/50 (90,0%), chưa đạt → 45/49 (91,8%) (đã loại trừ 1), đạt.",
        # The schools have no list yet: a partial figure is never "đạt" (B3).
        "K1, toàn xã: 45/50 (90,0%), chưa đạt → 45/49 (91,8%) (đã loại trừ 1), chưa đánh giá.",
    ]


def test_the_review_page_tells_it_and_that_the_first_figure_stays(propose, staff, cast, login):
    record = propose(staff[-1])
    page = login(cast.officer).get(f"/duyet/loai-tru/{record.pk}/").content.decode()
    assert "45/49 (91,8%) (đã loại trừ 1), đạt." in page
    assert "Số liệu chưa loại trừ vẫn giữ nguyên" in page


@pytest.mark.parametrize(("ends_on", "code"), [(date(2026, 3, 31), None), (None, "K2")])
def test_what_does_not_hold_today_or_for_no_figure_of_the_person_changes_none(propose, staff, campaign, ends_on, code):
    target = campaign.targets.get(code=code) if code else None
    assert effects_of_approval(propose(staff[-1], ends_on=ends_on, target=target)) == []


def test_h2_who_returns_is_counted_again(propose, staff, cast):
    record = propose(staff[-1])
    approve_record(actor=cast.officer, record=record)
    draft = revise_record(actor=cast.officer2, record=Exclusion.objects.get(pk=record.pk), reason="Đi làm lại")
    draft.ends_on = date(2026, 3, 31)
    draft.save()
    submit_record(actor=cast.officer2, record=draft)
    assert effects_of_approval(draft)[0] == (
        "K1, Phòng Văn hóa - Xã hội: 45/49 (91,8%) (đã loại trừ 1), đạt → 45/50 (90,0%), chưa đạt."
    )


def test_a_second_one_counts_with_the_first(propose, staff, cast):
    approve_record(actor=cast.officer, record=propose(staff[-1]))
    told = effects_of_approval(propose(staff[-2], reason=ExclusionReason.SECONDMENT))
    assert told[0].endswith("→ 45/48 (93,7%) (đã loại trừ 2), đạt.")


def test_people_of_another_kind_of_unit_are_not_touched(propose, cast, make_unit, make_person):
    village = make_unit(cast.commune, "THON-9", UnitKind.VILLAGE)
    resident = make_person(village, "Người dân", Group.RESIDENT)
    assert effects_of_approval(propose(resident)) == []


def test_a_draft_waits_on_the_units_own_page_and_a_sent_one_among_what_waits(propose, cast, staff):
    propose(staff[-1])
    propose(staff[-2], submit=False)
    titles = [(row.kind, row.title) for row in own_records(cast.commune.pk, cast.office.pk)]
    assert titles == [("đề nghị loại trừ", staff[-2].full_name)]
    assert [(row.label, row.count) for row in waiting_counts(cast.commune.pk)] == [("đề nghị loại trừ", 1)]
