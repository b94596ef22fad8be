"""Rows that name another unit of the commune are not of this list."""

import re
from functools import cached_property

from campaigns.models import Unit
from hbs_portal.lib.importing import SourceRow
from hbs_portal.lib.text import fold

_SHORTER = (
    ("trung hoc co so", "thcs"),
    ("tieu hoc", "th"),
    ("mam non", "mn"),
    ("truong", ""),
    ("thon", ""),
)


def short_form(name: str) -> str:
    """Return what the spellings of one unit's name share: "Trường Tiểu học Bắc Hà", "TH Bắc Hà", "Thôn An", "An"."""
    text = re.sub(r"[\W_]+", " ", fold(name)).strip()
    for long, short in _SHORTER:
        text = re.sub(rf"\b{long}\b", short, text) if text != long else text
    return " ".join(text.split())


class OtherUnits:
    """The names of all units of the commune but one; asked for once, when the first row names a unit."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit

    @cached_property
    def names(self) -> dict[str, str]:
        """Short form of a name -> name."""
        units = Unit.objects.filter(commune_id=self.unit.commune_id or self.unit.pk).exclude(pk=self.unit.pk)
        own = short_form(self.unit.name)
        return {short_form(name): name for name in units.values_list("name", flat=True) if short_form(name) != own}

    def is_own(self, named: str) -> bool:
        """Tell whether a spelling names this unit."""
        return short_form(named) == short_form(self.unit.name)

    def reason(self, row: SourceRow) -> str | None:
        """Return why the row is left out, or None. Spellings that no unit has say nothing."""
        named = row.data.get("unit_name") or row.data.get("village")
        other = self.names.get(short_form(str(named))) if named else None
        return f"Thuộc {other}" if other else None
