"""What the office is told before it decides is what the figures are after it: each kind of record, random histories."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from django.db import transaction

from campaigns.choices import RecordStatus
from reports.selectors.clocks import Clocks
from reports.selectors.facts import read_progress
from reports.selectors.figure_effects import supposition_of
from reports.tests.naive.comparison import differences, figures_of
from reports.tests.naive.histories import History
from reports.tests.naive.test_histories import written
from training.figure_effects import Decision
from training.workflow import RECORD_TYPES

#: At least so many, and more until every kind of decision has moved a figure.
FEWEST, MOST = 10, 60


@pytest.mark.django_db
def test_a_supposed_decision_gives_the_figures_that_the_decision_gives():
    moved: Counter[str] = Counter()
    for done, history in enumerate(written([(seed, 2 + seed % 3) for seed in range(19, 19 + MOST)])):
        if done >= FEWEST and len(moved) == 2 * len(RECORD_TYPES) and all(moved.values()):
            break
        as_of, approved_by = history.clocks()
        clocks = Clocks(as_of, max(as_of, approved_by))
        before = figures(history, clocks)
        for decision in decisions(history, clocks):
            told = figures(history, replace(clocks, supposed=supposition_of(decision)))
            with transaction.atomic():
                carry_out(decision, clocks.approved_by, history)
                assert differences(figures(history, clocks), told) == [], decision
                transaction.set_rollback(True)
            kind = "begins" if decision.begins else "ends"
            moved[f"{type(decision.record).__name__} {kind}"] += told != before
    assert {name for name, count in moved.items() if not count} == set(), "each kind moved some figure"
    assert len(moved) == 2 * len(RECORD_TYPES)


def figures(history: History, clocks: Clocks) -> dict:
    reading = read_progress(history.campaign, clocks)
    return figures_of(reading.progress, reading.facts)


def decisions(history: History, clocks: Clocks) -> Iterator[Decision]:
    """Of each kind some that wait and some that are approved."""
    for model in RECORD_TYPES:
        rows = model._default_manager.filter(commune_id=history.commune.pk).order_by("-pk")
        for waiting in rows.filter(status=RecordStatus.SUBMITTED, submitted_on__lte=clocks.approved_by)[:4]:
            old = waiting.replaces
            yield Decision(waiting, old if old and old.is_official and began(old, clocks) else None)
        for official in rows.filter(clocks.official(), status=RecordStatus.APPROVED)[:2]:
            yield Decision(ends=official)


def began(row, clocks: Clocks) -> bool:
    return clocks.is_official(row.approved_on, row.ended_on)


def carry_out(decision: Decision, on: date, history: History) -> None:
    rows = type(decision.record)._default_manager
    if decision.ends:
        ended = {"status": RecordStatus.WITHDRAWN, "ended_on": on, "end_reason": "Không có thật"}
        rows.filter(pk=decision.ends.pk).update(**ended)
    if decision.begins:
        begun = {"status": RecordStatus.APPROVED, "approved_on": on, "decided_by": history.into.clerk}
        rows.filter(pk=decision.begins.pk).update(**begun)
