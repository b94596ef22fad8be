"""How long counted work still takes, in words: pure."""

import math

#: Before this little can be said: the first rows wait for files to open and queries to begin.
FIRST_WORD_SECONDS = 2.0
PATIENT_SECONDS = 10.0
LONGEST_SECONDS = 24 * 3600
NO_BREAK = "\N{NO-BREAK SPACE}"


def seconds_left(done: int, total: int, elapsed: float) -> float | None:
    """Seconds until `total`, at the pace of `done` in `elapsed` seconds; None where nothing sensible can be said.

    That is: before the first row, when all rows are done, in the first two seconds, of less than one row in a hundred
    unless it has been at it for ten seconds, and of more than a day.
    """
    if not 0 < done < total or elapsed < FIRST_WORD_SECONDS:
        return None
    if done * 100 < total and elapsed < PATIENT_SECONDS:
        return None
    left = elapsed * (total - done) / done
    return left if left <= LONGEST_SECONDS else None


def duration_words(seconds: float) -> str:
    """ "8 giây", "25 giây", "4 phút", "1 giờ 20 phút": on one line, never shorter than it is."""
    return _coarse(seconds).replace(" ", NO_BREAK)


def _coarse(seconds: float) -> str:
    if seconds <= 10:
        return f"{max(math.ceil(seconds), 1)} giây"
    if seconds <= 55:
        return f"{math.ceil(seconds / 5) * 5} giây"
    minutes = math.ceil(seconds / 60)
    if minutes < 60:
        return f"{minutes} phút"
    hours, rest = divmod(math.ceil(minutes / 10) * 10, 60)
    return f"{hours} giờ {rest} phút" if rest else f"{hours} giờ"
