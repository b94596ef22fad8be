"""Which lines are entries in a list that is not of people: units, declared figures."""

from collections.abc import Iterable

from campaigns.importers.understanding.headings import Heading
from campaigns.importers.understanding.lines import Line
from campaigns.importers.understanding.people import (
    Context,
    Found,
    People,
    is_furniture,
    is_heading_again,
    is_total,
)

FEWEST_FILLED = 2


def part_entries(lines: Iterable[Line], heading: Heading) -> People:
    """Tell entries from the rest: an entry fills two columns beside its ordinal; other lines of text are told."""
    parted = People()
    for line in lines:
        if is_heading_again(line, heading) or (not parted.found and is_furniture(line)):
            continue
        filled = [name for name, value in line.values.items() if name != "ordinal" and value not in (None, "")]
        if len(filled) >= FEWEST_FILLED and not is_total(line):
            parted.found.append(Found(line, Context()))
        elif line.texts:
            parted.others.append(line)
    return parted
