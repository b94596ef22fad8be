"""Where pages of a printed sheet end, so that a signature is never torn from its table; used by `drawing` only."""

from collections.abc import Mapping, Sequence, Set

PAGE_WIDTH_POINTS = 247 / 25.4 * 72  # A4 landscape between margins of 30 and 20 mm
PAGE_HEIGHT_POINTS = 170 / 25.4 * 72  # between margins of 20 mm
SAFETY_SHARE = 0.97  # programs differ in how they measure
_POINTS_PER_UNIT = 6.0  # of a column's width: a digit of Times New Roman 12


def page_capacity(widths: Sequence[float]) -> float:
    """How many points of rows one page holds, once the columns (in characters) are shrunk to its width."""
    needed = sum(widths) * _POINTS_PER_UNIT
    return PAGE_HEIGHT_POINTS * max(1.0, needed / PAGE_WIDTH_POINTS) * SAFETY_SHARE


def page_starts(
    heights: Sequence[float],
    capacity: float,
    repeated: float,
    *,
    headings: Set[int],
    closing: int,
    whole: Sequence[range] = (),
) -> list[int]:
    """The rows (counted from 0) that begin a page after the first.

    A heading is never the last row of a page; the rows of each range of `whole` and those from `closing` on stay
    together where a page can hold them. `heights` of all rows and `repeated`, the heading rows that every further page
    begins with, are in points.
    """
    firsts = {place: rows.start for rows in whole for place in rows}
    starts = _natural_starts(heights, capacity, repeated, headings, firsts)
    if any(start > closing for start in starts) and repeated + sum(heights[closing:]) <= capacity:
        return [*(start for start in starts if start < closing), closing]
    return starts


def _natural_starts(
    heights: Sequence[float], capacity: float, repeated: float, headings: Set[int], firsts: Mapping[int, int]
) -> list[int]:
    """`firsts`: the row that must stand on the same page as this one."""
    starts: list[int] = []
    used = 0.0
    for place, height in enumerate(heights):
        if used + height > capacity and place:
            start = _moved_up(place, headings, firsts)
            if starts and start <= starts[-1]:
                start = place
            starts.append(start)
            used = repeated + sum(heights[start:place])
        used += height
    return starts


def _moved_up(place: int, headings: Set[int], firsts: Mapping[int, int]) -> int:
    start = firsts.get(place, place)
    return start - 1 if start - 1 in headings else start
