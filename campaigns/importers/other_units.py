"""Rows that name another unit of the commune are not of this list."""

from functools import cached_property

from campaigns.models import Unit
from hbs_portal.lib.importing import SourceRow
from hbs_portal.lib.text import fold


class OtherUnits:
    """The names of all units of the commune but one; asked for once, when the first row names a unit."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit

    @cached_property
    def names(self) -> dict[str, str]:
        """Folded name -> name."""
        units = Unit.objects.filter(commune_id=self.unit.commune_id or self.unit.pk).exclude(pk=self.unit.pk)
        own = fold(self.unit.name)
        return {fold(name): name for name in units.values_list("name", flat=True) if fold(name) != own}

    def reason(self, row: SourceRow) -> str | None:
        """Return why the row is left out, or None. Spellings that no unit has say nothing."""
        named = row.data.get("unit_name") or row.data.get("village")
        other = self.names.get(fold(str(named))) if named else None
        return f"Thuộc {other}" if other else None
