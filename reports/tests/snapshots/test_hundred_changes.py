"""A snapshot, then a hundred random changes: it reads the same byte for byte, and every difference has a reason."""

import os
from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest

from hbs_portal.lib.dates import local_today
from reports.models import Snapshot
from reports.progress.facts import UnitFact
from reports.progress.results import TargetProgress
from reports.selectors.clocks import Clocks
from reports.services.snapshots import open_snapshot, read_content, take_snapshot
from reports.snapshots.asides import AsideKind
from reports.snapshots.comparing import CellChange, Comparison, TargetChange, compare
from reports.snapshots.reasons import ReasonKind
from reports.tests.snapshots.world import World

OLD = Clocks(date(2026, 6, 30), date(2026, 7, 5))
#: More of them: SNAPSHOT_SEEDS=20 pytest reports/tests/snapshots/test_hundred_changes.py
SEEDS = range(int(os.environ.get("SNAPSHOT_SEEDS", "3")))


def later_clocks() -> Clocks:
    """The end of October, with all that was ever approved or recorded until now."""
    return Clocks(date(2026, 10, 31), max(local_today(), date(2026, 12, 31)))


def story(comparison: Comparison) -> str:
    """What is left without a reason, for whoever reads a failure."""
    return "\n".join(
        f"{target.code} {change.unit or 'xã'}: {change.before} -> {change.after}: {reason}"
        for target in comparison.targets
        for change in target.cells
        for reason in (*change.unexplained, *(aside for aside in change.asides if aside.unexplained))
    )


def assert_reasons_add_up(comparison: Comparison) -> None:
    for target in comparison.targets:
        for change in target.cells:
            old_n, new_n = ((cell.n if cell else None) or 0 for cell in (change.before, change.after))
            old_d, new_d = ((cell.d if cell else None) or 0 for cell in (change.before, change.after))
            assert old_n + sum(reason.dn for reason in change.reasons) == new_n
            assert old_d + sum(reason.dd for reason in change.reasons) == new_d
            assert_asides_add_up(target, change)
    assert comparison.unexplained == 0, story(comparison)


def assert_asides_add_up(target: TargetChange, change: CellChange) -> None:
    """What differs beside n and d is told, and its parts are the difference; what is not told does not differ."""
    told = {aside.kind: aside for aside in change.asides}
    for aside in change.asides:
        assert aside.before + sum(number for _, number in aside.parts) == aside.after
    for kind, (before, after) in beside(target, change).items():
        assert (told[kind].before, told[kind].after) == (before, after) if kind in told else before == after, kind


def beside(target: TargetChange, change: CellChange) -> dict[AsideKind, tuple[int, int]]:
    pairs = [(target.old_figure, change.before), (target.new_figure, change.after)]
    found = {
        AsideKind.ATTENDANCES: [cell.attendances if cell else 0 for _, cell in pairs],
        AsideKind.UNNAMED: [cell.unnamed if cell else 0 for _, cell in pairs],
        AsideKind.PROVISIONAL: [(cell.provisional_n if cell else 0) or 0 for _, cell in pairs],
        AsideKind.SECOND_TIER: [tier_of(figure, change.unit) for figure, _ in pairs],
    }
    if change.unit is None:
        found[AsideKind.ACTIVITIES] = [figure.activities if figure else 0 for figure, _ in pairs]
    return {kind: (before, after) for kind, (before, after) in found.items()}


def tier_of(figure: TargetProgress | None, unit: UnitFact | None) -> int:
    if figure is None:
        return 0
    row = next((row for row in figure.units if unit and row.unit.id == unit.id), None)
    tier = figure.second_tier if unit is None else row and row.second_tier
    return tier.n if tier else 0


@pytest.mark.parametrize("seed", SEEDS)
def test_a_hundred_changes_leave_the_snapshot_as_it_is_and_every_difference_explained(cast, campaign, seed):
    world = World(cast, campaign, Random(seed))
    world.fill()
    taken = take_snapshot(cast.officer, campaign, OLD, "Sáu tháng đầu năm")
    stored = Snapshot.objects.get(pk=taken.pk)
    before = bytes(stored.content), stored.sha256
    frozen = open_snapshot(stored)
    world.go_on(OLD.approved_by + timedelta(days=1))
    for _ in range(100):
        world.change()
    again = Snapshot.objects.get(pk=taken.pk)
    assert (bytes(again.content), again.sha256) == before
    assert open_snapshot(again) == frozen
    for clocks in (OLD, later_clocks(), Clocks(OLD.as_of, later_clocks().approved_by)):
        today = read_content(campaign, clocks)
        assert_reasons_add_up(compare(frozen, today))
        assert_reasons_add_up(compare(today, frozen))


def test_the_random_changes_are_of_every_kind_and_so_are_the_reasons(cast, campaign):
    kinds: Counter[ReasonKind] = Counter()
    aside_kinds: set[AsideKind] = set()
    world = World(cast, campaign, Random(99))
    world.fill()
    frozen = read_content(campaign, OLD)
    world.go_on(OLD.approved_by + timedelta(days=1))
    for _ in range(150):
        world.change()
    for clocks in (OLD, later_clocks(), Clocks(OLD.as_of, later_clocks().approved_by)):
        comparison = compare(frozen, read_content(campaign, clocks))
        assert_reasons_add_up(comparison)
        aside_kinds.update(a.kind for target in comparison.targets for change in target.cells for a in change.asides)
        kinds.update(r.kind for target in comparison.targets for change in target.cells for r in change.reasons)
    assert len(world.done) >= 20, world.done
    assert len(kinds) >= 12, kinds
    assert aside_kinds == set(AsideKind)
