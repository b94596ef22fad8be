"""Two of the office decide in the same instant what cannot both be (PostgreSQL, two connections)."""

from datetime import date

import pytest

from campaigns.choices import Group, RecordStatus
from campaigns.models import Headcount
from conftest import clock_values
from training.models import RunningTotal
from training.services.revisions import revise_record
from training.workflow import ApprovalBlockedError, RecordChangedError, approve_record, submit_record, undo_decision

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
DAY, LATER = date(2026, 4, 1), date(2026, 5, 1)


@pytest.fixture
def declared(cast, campaign):
    """A head-count of 100, corrected to 200 and just approved; a running total of 150 waits."""
    values = {"commune": cast.commune, "unit": cast.a, "group": Group.PUPIL, "entered_by": cast.editor_a}
    approved = values | clock_values(RecordStatus.APPROVED, DAY, cast.officer)
    old = Headcount.objects.create(effective_on=DAY, count=100, **approved)
    fresh = revise_record(actor=cast.editor_a, record=old, reason="Đếm thiếu")
    Headcount.objects.filter(pk=fresh.pk).update(count=200)
    fresh.refresh_from_db()
    submit_record(actor=cast.editor_a, record=fresh)
    approve_record(actor=cast.officer, record=fresh)
    total = RunningTotal.objects.create(
        target=campaign.targets.get(code="K3"),
        as_of=LATER,
        value=150,
        **values,
        **clock_values(RecordStatus.SUBMITTED, LATER, cast.officer),
    )
    return fresh, total


def in_force() -> tuple[int, int]:
    counts, totals = (
        model.objects.filter(status=RecordStatus.APPROVED).values_list(name, flat=True)
        for model, name in ((Headcount, "count"), (RunningTotal, "value"))
    )
    return max(totals, default=0), max(counts)


def test_b4_a_total_is_not_approved_while_its_headcount_goes_back(overlapping, declared, cast):
    fresh, total = declared
    first, second = overlapping(
        lambda: undo_decision(actor=cast.officer, record=fresh),
        lambda: approve_record(actor=cast.officer2, record=total),
    )
    assert first is None
    assert isinstance(second, ApprovalBlockedError)
    assert in_force() == (0, 100)


def test_b4_a_headcount_does_not_go_back_while_a_total_over_it_is_approved(overlapping, declared, cast):
    fresh, total = declared
    first, second = overlapping(
        lambda: approve_record(actor=cast.officer2, record=total),
        lambda: undo_decision(actor=cast.officer, record=fresh),
    )
    assert first is None
    assert isinstance(second, ApprovalBlockedError)
    assert in_force() == (150, 200)


def test_a_record_is_decided_once(overlapping, declared, cast):
    _, total = declared
    again = RunningTotal.objects.get(pk=total.pk)
    first, second = overlapping(
        lambda: approve_record(actor=cast.officer, record=total),
        lambda: approve_record(actor=cast.officer2, record=again),
    )
    assert first is None
    assert isinstance(second, RecordChangedError)
