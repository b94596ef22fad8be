"""The engine against the simple implementation, on random histories; `make histories` tries thousands."""

import os
from collections.abc import Iterator
from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import User
from reports.selectors.clocks import Clocks
from reports.selectors.facts import read_progress
from reports.tests.naive.comparison import differences, figures_of
from reports.tests.naive.histories import History
from reports.tests.naive.naive import naive_progress
from reports.tests.naive.records import read_all_records
from reports.tests.naive.story import reduce_history, tell
from reports.tests.naive.writing import Histories

IS_LONG_RUN = "HISTORIES" in os.environ
HISTORIES = int(os.environ.get("HISTORIES", "240"))
COMMUNES_AT_ONCE = 20
READINGS = 2 if IS_LONG_RUN else 1

seeds_and_sizes = st.tuples(st.integers(0, 2**48), st.integers(1, 4))


@pytest.mark.django_db
@settings(
    max_examples=max(1, HISTORIES // COMMUNES_AT_ONCE),
    deadline=None,
    derandomize=not IS_LONG_RUN,
    database=None,
    phases=[Phase.generate],  # a disagreement is reduced record by record, which tells more than a smaller seed
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(seeds_and_sizes, min_size=COMMUNES_AT_ONCE, max_size=COMMUNES_AT_ONCE, unique=True))
def test_engine_agrees_with_the_simple_implementation(communes):
    """Many communes in one database, each a stranger to the others; every field of every cell, at both clocks."""
    with transaction.atomic():
        for history in written(communes):
            for _ in range(READINGS):
                as_of, approved_by = history.clocks()
                if disagreement(history, as_of, approved_by):
                    pytest.fail(story_of(history, as_of, approved_by))
        transaction.set_rollback(True)


def written(communes: list[tuple[int, int]]) -> Iterator[History]:
    """The histories, once they are all in the database."""
    histories = Histories(clerk=User.objects.create(username="clerk.of.histories"))
    made = [History(histories, seed, size, number) for number, (seed, size) in enumerate(communes)]
    histories.write()
    records = read_all_records()
    for history in made:
        history.records = records[history.commune.pk]
        yield history


def disagreement(history: History, as_of: date, approved_by: date) -> list[str]:
    simple = naive_progress(history.records, history.campaign.pk, as_of, approved_by)
    reading = read_progress(history.campaign, Clocks(as_of, approved_by))
    return differences(simple, figures_of(reading.progress, reading.facts))


def story_of(history: History, as_of: date, approved_by: date) -> str:
    """What the two say of the fewest records on which they still differ in a figure in which they differed."""
    first = figures_named(disagreement(history, as_of, approved_by))

    def still_differs() -> bool:
        history.records = read_all_records()[history.commune.pk]
        return bool(first & figures_named(disagreement(history, as_of, approved_by)))

    reduce_history(history.commune.pk, still_differs)
    assert still_differs()
    lines = "\n".join(f"  {line}" for line in disagreement(history, as_of, approved_by))
    clocks = f"happened by {as_of:%d/%m/%Y}, approved by {approved_by:%d/%m/%Y}"
    seed = f"seed {history.seed}, size {history.size}"
    return f"The two implementations differ ({seed}; {clocks}):\n{lines}\non these records:\n{tell(history.commune.pk)}"


def figures_named(lines: list[str]) -> set[str]:
    return {line.split(":")[0] for line in lines}


@pytest.mark.django_db
def test_the_histories_hold_everything_that_the_rules_speak_of():
    """Else the agreement above would say less than it seems to."""
    seen: dict[str, int] = {}
    for history in written([(seed, 1 + seed % 4) for seed in range(60)]):
        for name, found in (events_of(history.records) | figures_seen(history)).items():
            seen[name] = seen.get(name, 0) + found
    assert {name for name, found in seen.items() if found == 0} == set()


def events_of(records) -> dict[str, int]:
    """How often each kind of event happens in the records of a commune."""
    reviewed = [*records.activities, *records.uses, *records.checks, *records.headcounts, *records.running_totals]
    units = {row.person_id: set() for row in records.memberships}
    for row in records.memberships:
        units[row.person_id].add(row.unit_id)
    spells = [(row.person_id, row.unit_id, row.group) for row in records.memberships]
    return {
        "units that closed": sum(row.closed_on is not None for row in records.units),
        "mergers": len(records.predecessors),
        "leavers": sum(row.ends_on is not None for row in records.memberships),
        "people of several units": sum(len(found) > 1 for found in units.values()),
        "people who returned": len(spells) - len(set(spells)),
        "households that split off": sum(row.split_from_id is not None for row in records.households),
        "households of merged villages": len(records.moves),
        "joint activities": len(records.co_hosts),
        "mixed head-counts": len(records.group_totals),
        "checks of a member": sum(row.member_id is not None for row in records.checks),
        "checks that failed": sum(not row.other_platforms for row in records.checks),
        "choices of source": len(records.sources),
        "checks moved to another day": len(
            {row.checked_on for row in records.checks if row.replaces_id}
            - {row.checked_on for row in records.checks if not row.replaces_id}
        ),
        "later versions of targets": sum(row.number > 1 for row in records.versions),
        "exclusions of one target": sum(row.target_id is not None for row in records.exclusions),
        "exclusions of all": sum(row.target_id is None for row in records.exclusions),
        "revisions": sum(row.replaces_id is not None for row in reviewed),
        "revisions of what was withdrawn": sum(
            row.replaces_id in {other.id for other in records.activities if other.end_reason}
            for row in records.activities
        ),
    } | {f"status {status}": sum(row.status == status for row in reviewed) for status in STATUSES}


STATUSES = ("DRAFT", "SUBMITTED", "RETURNED", "APPROVED", "REPLACED", "WITHDRAWN")
STATES = ("value", "not_reported", "not_applicable", "no_denominator")
VERDICTS = ("met", "near", "not_met")


def figures_seen(history: History) -> dict[str, int]:
    """What stands in the cells of one reading."""
    as_of, approved_by = history.clocks()
    targets = naive_progress(history.records, history.campaign.pk, as_of, approved_by)["targets"].values()
    communes = [target["commune"] for target in targets]
    cells = [cell for target in targets for cell in (target["commune"], *target["units"].values())]
    return {
        "overlaps": sum(target["overlap_n"] > 0 for target in targets),
        "partial figures": sum(target["units_with_denominator"] < target["units_applicable"] for target in targets),
        "changes of K6": sum(bool(target["previous_n"]) for target in targets),
        "lower tiers": sum(bool(target["second_tier"] and target["second_tier"]["n"]) for target in targets),
        "numerators above": sum(cell["is_over"] for cell in cells),
        "adjusted figures of units": sum(cell["adjusted"] is not None for cell in cells),
        "adjusted figures of communes": sum(cell["adjusted"] is not None for cell in communes),
        "provisional above official": sum((cell["provisional_n"] or 0) > (cell["n"] or 0) for cell in cells),
        "provisional below official": sum((cell["provisional_n"] or 0) < (cell["n"] or 0) for cell in cells),
        "declared parts": sum(0 < cell["declared_d"] < (cell["d"] or 0) for cell in cells),
        "possible ranges": sum((cell["possible_max"] or 0) > (cell["n"] or 0) for cell in cells),
        **{f"state {state}": sum(cell["state"] == state for cell in cells) for state in STATES},
        **{f"verdict {verdict}": sum(cell["verdict"] == verdict for cell in cells) for verdict in VERDICTS},
    }
