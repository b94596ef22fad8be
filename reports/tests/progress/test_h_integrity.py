"""Rules H: verdict and integrity."""

import pytest

from campaigns.choices import ActivityKind, Operator
from reports.progress import Facts, ProgressError, Verdict, compute_progress
from reports.tests.progress.sample import (
    K1,
    K3,
    K5,
    TEACHER,
    YEAR_END,
    activity,
    audience,
    members,
    progress,
    reached,
    unit,
    waiting,
)


def test_h1_only_approved_records_are_official_and_what_waits_stands_beside():
    """Approved 40/50, with six waiting 46/50; the verdict is that of the 40."""
    cell = progress(
        K1,
        [unit(1)],
        people=members(1, range(1, 51), TEACHER),
        reaches=reached("K1", range(1, 41)) + waiting("K1", range(41, 47)),
    ).cell_of(1)
    assert cell.text == "40/50 (80,0%)"
    assert (cell.provisional_n, cell.provisional_percent, cell.waiting) == (46, "92,0%", 6)
    assert (cell.verdict, cell.missing) == (Verdict.NOT_MET, 6)


def test_h2_somebody_whom_the_waiting_version_no_longer_names_is_official_and_not_provisional():
    facts = {"people": members(1, range(1, 51), TEACHER), "reaches": reached("K1", range(1, 41))}
    facts["reaches"][0] = facts["reaches"][0]._replace(provisional_on=None)
    cell = progress(K1, [unit(1)], **facts).cell_of(1)
    assert (cell.n, cell.provisional_n, cell.waiting) == (40, 39, 0)


def test_h8_a_session_that_serves_several_targets_counts_once():
    facts = Facts(
        as_of=YEAR_END,
        approved_by=YEAR_END,
        rules=[K1, K3, K5],
        units=[unit(1), unit(2)],
        activities=[
            activity(1, host=1, kind=ActivityKind.TRAINING),
            activity(2, host=1, kind=ActivityKind.COMMUNICATION, co_hosts=[2]),
            activity(3, host=1, official=False),
        ],
        audiences=[audience(1, named=5, group=TEACHER), audience(1, named=30), audience(2, named=4, group=TEACHER)],
    )
    progress = compute_progress(facts)
    assert [target.activities for target in progress.targets] == [2, 1, 1]
    assert progress.activities_total == 2


def test_the_two_clocks_and_the_targets_come_back_with_the_figures():
    progress = compute_progress(Facts(as_of=YEAR_END, approved_by=YEAR_END, rules=[K1], units=[]))
    assert (progress.as_of, progress.approved_by) == (YEAR_END, YEAR_END)
    assert progress.target("K1").rule.operator == Operator.MORE_THAN
    with pytest.raises(ProgressError, match="không có chỉ tiêu K9"):
        progress.target("K9")
