"""Which units continue which (rule F2): what was done before a merger stays with its unit and credits the new one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from reports.progress.facts import UnitFact


def heirs_of(units: Sequence[UnitFact]) -> dict[int, AbstractSet[int]]:
    """By the id of a merged unit all units that continue it, also by a second merger."""
    parents = {unit.id: unit.predecessor_ids for unit in units if unit.predecessor_ids}
    heirs: defaultdict[int, set[int]] = defaultdict(set)
    for unit_id in parents:
        for ancestor in _ancestors(unit_id, parents):
            heirs[ancestor].add(unit_id)
    return dict(heirs)


def _ancestors(unit_id: int, parents: Mapping[int, AbstractSet[int]]) -> set[int]:
    found: set[int] = set()
    waiting = [unit_id]
    while waiting:
        fresh = parents.get(waiting.pop(), frozenset()) - found
        found |= fresh
        waiting.extend(fresh)
    return found


def with_heirs(unit_ids: Iterable[int], heirs: Mapping[int, AbstractSet[int]]) -> frozenset[int]:
    """These units and all that continue them, each once."""
    own = frozenset(unit_ids)
    if heirs.keys().isdisjoint(own):
        return own
    return own.union(*(heirs[unit_id] for unit_id in own if unit_id in heirs))
