"""Units that have entered nothing yet, seen from the facts of a reading: no query."""

from collections.abc import Iterator

from campaigns.choices import Qualifier
from reports.progress.facts import Facts, UnitFact
from reports.progress.succession import heirs_of, with_heirs


def silent_units(facts: Facts) -> list[UnitFact]:
    """The open units that some target applies to and that have no record, approved or waiting, nor one of a unit that
    they continue (F2)."""
    concerned = frozenset().union(*(rule.unit_kinds for rule in facts.rules))
    heard = with_heirs(_heard(facts), heirs_of(facts.units))
    return [
        unit for unit in facts.units if unit.is_open(facts.as_of) and unit.kind in concerned and unit.id not in heard
    ]


def _heard(facts: Facts) -> Iterator[int]:
    for activity in facts.activities:
        yield from activity.unit_ids
        if activity.team_unit_id is not None:
            yield activity.team_unit_id
    yield from (row.unit_id for rows in facts.households.values() for row in rows if row.provisional_reached)
    yield from (row.unit_id for row in facts.declared if row.official or row.provisional)
    yield from _with_platform_users(facts)


def _with_platform_users(facts: Facts) -> Iterator[int]:
    for rule in facts.rules:
        if rule.qualifier == Qualifier.PLATFORM_USE:
            users = {reach.person_id for reach in facts.reaches if reach.target_code == rule.code}
            yield from (row.unit_id for row in facts.members.get(rule.code, ()) if row.person_id in users)
