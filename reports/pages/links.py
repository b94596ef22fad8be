"""Addresses of the explanation page and of its lists; the chosen clocks travel along."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Links:
    """`clocks` are the days that were chosen on the page ("ngay", "duyet"); empty: today."""

    clocks: Mapping[str, date] = field(default_factory=dict)

    def explain(self, code: str, unit_code: str = "", **parameters: str) -> str:
        """The explanation of a target, for a unit or (without one) for the commune."""
        return _address("reports:explain", {"don-vi": unit_code, **parameters, **self.days}, code)

    def missing(self, view: str, code: str, **parameters: str) -> str:
        """A page about the missing list of a target: "reports:missing_print", "reports:missing_export"."""
        return _address(view, {**parameters, **self.days}, code)

    @property
    def days(self) -> dict[str, str]:
        """The chosen clocks as parameters of an address or a form."""
        return {name: day.isoformat() for name, day in self.clocks.items()}


def _address(view: str, parameters: Mapping[str, str], *arguments: str) -> str:
    given = {name: value for name, value in parameters.items() if value}
    return reverse(view, args=arguments) + (f"?{urlencode(given, safe=',:')}" if given else "")
