"""Figures of the campaign at two clocks, and records as the office enters and approves them."""

from datetime import date

import pytest

from campaigns.choices import Group, RecordStatus, Source
from campaigns.models import FigureSource, Headcount
from conftest import clock_values
from reports.selectors import read_progress
from reports.selectors.clocks import Clocks
from training.models import RunningTotal


@pytest.fixture
def figures(campaign):
    """figures("K3", as_of=…) is that target's progress; approved_by defaults to the same day."""

    def read(code: str, as_of: date = date(2026, 12, 31), approved_by: date | None = None):
        return read_progress(campaign, Clocks(as_of, approved_by or as_of)).progress.target(code)

    return read


@pytest.fixture
def approved(cast):
    """approved(day): the columns of a record that the office entered and approved on that day."""

    def columns(day: date = date(2026, 3, 31)) -> dict:
        return {
            "commune": cast.commune,
            "entered_by": cast.officer,
            **clock_values(RecordStatus.APPROVED, day, cast.officer2),
        }

    return columns


@pytest.fixture
def officer_record(approved):
    return approved()


@pytest.fixture
def declare(approved):
    """declare(target, unit, group, n, d): source, head-count and running total of a unit and group."""

    def make(target, unit, group=Group.PUPIL, n=0, d=0, day=date(2026, 3, 31)):
        FigureSource.objects.create(commune_id=unit.commune_id, unit=unit, group=group, source=Source.DECLARED)
        Headcount.objects.create(unit=unit, group=group, effective_on=date(2026, 1, 1), count=d, **approved())
        RunningTotal.objects.create(target=target, unit=unit, group=group, as_of=day, value=n, **approved())

    return make


@pytest.fixture
def revise(cast):
    """revise(record, sent=day, approved=day, **changes): its next version (H2), waiting where no approval is given."""

    def make(record, *, sent: date, approved: date | None = None, **changes):
        old = type(record)._default_manager.get(pk=record.pk)
        old.revised_on = sent
        if approved:
            old.status, old.ended_on = RecordStatus.REPLACED, approved
        old.save()
        status = RecordStatus.APPROVED if approved else RecordStatus.SUBMITTED
        columns = {**clock_values(status, approved or sent, cast.officer2), "submitted_on": sent}
        new = type(record)._default_manager.get(pk=record.pk)
        blank = {"revised_on": None, "ended_on": None, "approved_on": None, "decided_by": None, "change_reason": "Sửa"}
        for name, value in {**blank, **columns, **changes}.items():
            setattr(new, name, value)
        new.pk, new.replaces, new._state.adding = None, old, True
        new.save()
        return new

    return make
