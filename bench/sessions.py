"""From sessions (one row an activity, however a peer got it) to lượt, reports and the targets that count units."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from answers import ALL_SCHOOLS, KINDS, UNIT_KINDS, WINDOW, Counts

Day = date | str  # SQLite gives text to who asks it without the ORM


class Session(NamedTuple):
    """An activity with its flags official and counted, its team, and of the official ones what its audience says."""

    id: int
    kind: str
    host_id: int
    on: Day
    o: int
    c: int
    village_id: int | None
    founded_on: Day | None
    dissolved_on: Day | None
    people: int | None = None
    households: int | None = None
    k1_says: int | None = None
    k1_serves: int | None = None
    k1_unnamed: int | None = None
    k3_says: int | None = None
    k3_serves: int | None = None
    k3_unnamed: int | None = None
    k4_serves: int | None = None
    k4_unnamed: int | None = None


def add_sessions(counts: Counts, sessions: list[Session], links: Iterable[tuple[int, int]], as_of: date) -> None:
    """`links` lead from an activity to a co-host, from a unit (as a negative number) to one that continues it."""
    credited = _credited(links)
    flows: defaultdict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])
    done: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
    kinds = dict(counts.units)
    for row in sessions:
        units = {row.host_id} | credited.get(row.id, set())
        units = units.union(*(credited.get(-unit, ()) for unit in units))
        if row.o:
            _add_flows(counts, flows, row, units, kinds)
            if row.village_id is not None:
                counts.said.update(("K6", unit) for unit in {row.village_id} | credited.get(-row.village_id, set()))
        if row.kind in KINDS["K5"]:
            done["K5", 0].update(units if row.o else ())
            done["K5", 1].update(units if row.c else ())
        if row.village_id in kinds:
            _add_team(done, row, as_of)
    counts.flows = {place: (int(one), int(two)) for place, (one, two) in flows.items()}
    counts.before = len(done["K6", 2])
    for code in ("K5", "K6"):
        own = [unit for unit, kind in counts.units if kind in UNIT_KINDS[code]]
        n, waiting = done[code, 0], done[code, 1]
        counts.listed |= {(code, unit): (1, int(unit in n), int(unit in waiting), 0, 0) for unit in own}
        counts.listed[code, None] = (len(own), len(n.intersection(own)), len(waiting.intersection(own)), 0, 0)
    window = str(as_of - timedelta(days=WINDOW))
    for row in sessions:
        if row.o and row.village_id in kinds and str(row.on) > window:
            place = ("K6", row.host_id)
            counts.flows[place] = (counts.flows.get(place, (0, 0))[0] + int(row.people or 0), 0)


def _credited(links: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    for one, unit in links:
        found[one].add(unit)
    for heirs in [heirs for one, heirs in found.items() if one < 0]:
        waiting = list(heirs)
        while waiting:
            fresh = found.get(-waiting.pop(), set()) - heirs
            heirs |= fresh
            waiting += fresh
    return found


def _add_flows(counts: Counts, flows: dict, row: Session, units: set[int], kinds: dict[int, str]) -> None:
    said = {"K1": row.k1_says, "K3": row.k3_says}
    serving = {
        "K1": (row.k1_serves, row.people, row.k1_unnamed),
        "K3": (row.k3_serves, row.people, row.k3_unnamed),
        "K4": (row.k4_serves, row.households, row.k4_unnamed),
        "K5": (any(kinds.get(unit) in ALL_SCHOOLS for unit in units), row.people, 0),
    }
    for code, (serves, attendances, unnamed) in serving.items():
        if serves and row.kind in KINDS[code]:
            flow = flows[code, row.host_id]
            flow[0] += attendances or 0
            flow[1] += unnamed or 0
    for code, says in said.items():
        if says and row.kind in KINDS[code]:
            counts.said.update((code, unit) for unit in units)
    counts.said.update(("K5", unit) for unit in units)


def _add_team(done: dict, row: Session, as_of: date) -> None:
    """K6: what the team did in the window, and (place 2) in the window before, active at the end of it."""
    window, earlier = as_of - timedelta(days=WINDOW), as_of - timedelta(days=2 * WINDOW)
    for first, last, flags in ((window, as_of, (row.o, row.c)), (earlier, window, (0, 0, row.o))):
        is_active = str(row.founded_on) <= str(last) and (not row.dissolved_on or str(row.dissolved_on) >= str(last))
        if is_active and str(first) < str(row.on) <= str(last):
            for place, flag in enumerate(flags):
                done["K6", place].update([row.village_id] if flag else ())
