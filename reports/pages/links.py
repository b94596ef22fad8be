"""Addresses of the explanation page and of the forms that act on what it shows; the chosen clocks travel along."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from training.rosters import Audience

#: An address longer than some two thousand letters is cut by mail programs and old proxies.
MOST_SUBJECTS_IN_ADDRESS = 250


@dataclass(frozen=True, slots=True)
class Links:
    """`clocks` are the days that were chosen on the page ("ngay", "duyet"); empty: today."""

    clocks: Mapping[str, date] = field(default_factory=dict)

    def explain(self, code: str, unit_code: str = "", **parameters: str) -> str:
        """The explanation of a target, for a unit or (without one) for the commune."""
        given = {"don-vi": unit_code, **parameters, **{name: day.isoformat() for name, day in self.clocks.items()}}
        return _address("reports:explain", given, code)


def record_for_people(unit_id: int, person_ids: Iterable[int]) -> str:
    """A new activity of that unit with these people ticked; empty where they are too many for an address."""
    return _record(unit_id, {"nguoi": _listed(person_ids)})


def record_for_class(unit_id: int, group: str, class_name: str) -> str:
    """A new activity of that unit for a whole class or group, however many people it has."""
    return _record(unit_id, {"doi-tuong": Audience(unit_id, group, class_name).token})


def record_for_households(unit_id: int, household_ids: Iterable[int]) -> str:
    """A new activity of that village with these households ticked; empty where they are too many."""
    ids = _listed(household_ids)
    return _record(unit_id, {"doi-tuong": Audience(unit_id, "HOUSEHOLD").token if ids else "", "ho": ids})


def confirm_platforms(person_ids: Iterable[int]) -> str:
    """One confirmation of platforms for these people; empty where they are too many."""
    chosen = sorted(person_ids)[: MOST_SUBJECTS_IN_ADDRESS + 1]
    if len(chosen) > MOST_SUBJECTS_IN_ADDRESS:
        return ""
    return f"{reverse('training:platform_use_record')}?{urlencode({'nguoi': chosen}, doseq=True)}"


def _listed(ids: Iterable[int]) -> str:
    chosen = sorted(ids)
    return ",".join(map(str, chosen)) if len(chosen) <= MOST_SUBJECTS_IN_ADDRESS else ""


def _record(unit_id: int, chosen: Mapping[str, str]) -> str:
    if not any(chosen.values()):
        return ""
    return _address("training:activity_create", {"host": str(unit_id), **chosen})


def _address(view: str, parameters: Mapping[str, str], *arguments: str) -> str:
    given = {name: value for name, value in parameters.items() if value}
    return reverse(view, args=arguments) + (f"?{urlencode(given, safe=',:')}" if given else "")
