"""Where pages of a printed sheet end, so that a signature is never torn from its table; used by `drawing` only."""

from collections.abc import Sequence

PAGE_WIDTH_POINTS = 247 / 25.4 * 72  # A4 landscape between margins of 30 and 20 mm
PAGE_HEIGHT_POINTS = 170 / 25.4 * 72  # between margins of 20 mm
SAFETY_SHARE = 0.95  # programs differ in how they measure
_POINTS_PER_UNIT, _EXTRA_POINTS = 5.25, 3.75  # of a column's width


def page_capacity(widths: Sequence[float]) -> float:
    """How many points of rows one page holds, once the columns (in characters) are shrunk to its width."""
    needed = sum(width * _POINTS_PER_UNIT + _EXTRA_POINTS for width in widths)
    return PAGE_HEIGHT_POINTS * max(1.0, needed / PAGE_WIDTH_POINTS) * SAFETY_SHARE


def breaks_within(heights: Sequence[float], first: int, capacity: float, repeated: float) -> bool:
    """Whether a page would end inside the rows from `first` (counted from 0) to the last.

    `heights` of all rows and `repeated`, the heading rows that every further page begins with, are in points.
    Rows that are longer than a page together cannot be kept: they count as whole.
    """
    if sum(heights[first:]) + repeated > capacity:
        return False
    used = 0.0
    for place, height in enumerate(heights):
        used += height
        if used > capacity:
            if place > first:
                return True
            used = repeated + height
    return False
