"""All rules, one after the other."""

from collections.abc import Callable, Iterable

from reports.warning_signs.activities import repeated_totals, shared_photos, trainers_in_two_places
from reports.warning_signs.declared import jumps
from reports.warning_signs.entries import late_entries
from reports.warning_signs.presence import always_complete
from reports.warning_signs.rows import Sign, SignRows

RULES: tuple[Callable[[SignRows], Iterable[Sign]], ...] = (
    repeated_totals,
    trainers_in_two_places,
    shared_photos,
    always_complete,
    late_entries,
    jumps,
)


def find_signs(rows: SignRows) -> list[Sign]:
    """Every sign once, kind after kind, the latest first."""
    found = {sign.key: sign for rule in RULES for sign in sorted(rule(rows), key=lambda sign: sign.on, reverse=True)}
    return list(found.values())
