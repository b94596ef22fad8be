"""Declared running totals that grow all at once."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from statistics import median

from campaigns.choices import Group
from hbs_portal.lib.text import date_short, number_text
from reports.models.warning_signs import SignalKind
from reports.warning_signs.rows import Declared, Sign, SignRecord, SignRows, sign_of
from reports.warning_signs.thresholds import (
    JUMP_LEAST_EARLIER_STEPS,
    JUMP_LEAST_PEOPLE,
    JUMP_SHARE_PERCENT,
    JUMP_TIMES_USUAL_STEP,
)


def jumps(rows: SignRows) -> Iterator[Sign]:
    """DECLARED_JUMP: known by series, day and number. The first number of a series is a beginning, not a jump."""
    series: dict[tuple[str, int, str], list[Declared]] = defaultdict(list)
    for row in sorted(rows.declared, key=lambda row: row.as_of):
        series[row.target_code, row.unit_id, row.group].append(row)
    for found in series.values():
        steps: list[int] = []
        for before, after in pairwise(found):
            growth = after.value - before.value
            reason = _reason(growth, steps, after.headcount)
            if reason:
                yield _sign(before, after, reason)
            if growth > 0:
                steps.append(growth)


def _reason(growth: int, earlier: list[int], headcount: int | None) -> str:
    """Why this growth is a jump; empty where it is none."""
    if growth < JUMP_LEAST_PEOPLE:
        return ""
    if headcount and growth * 100 > JUMP_SHARE_PERCENT * headcount:
        return f"quá {JUMP_SHARE_PERCENT}% quy mô {number_text(headcount)}"
    if len(earlier) >= JUMP_LEAST_EARLIER_STEPS and growth > JUMP_TIMES_USUAL_STEP * median(earlier):
        return f"gấp hơn {JUMP_TIMES_USUAL_STEP} lần mức tăng thường thấy ({number_text(int(median(earlier)))})"
    return ""


def _sign(before: Declared, after: Declared, reason: str) -> Sign:
    growth, group = number_text(after.value - before.value), Group(after.group).label.lower()
    sentence = (
        f"{after.target_code}, {group}: số luỹ kế tăng {growth}, từ {number_text(before.value)} "
        f"({date_short(before.as_of)}) lên {number_text(after.value)} ({date_short(after.as_of)}), {reason}."
    )
    records = [
        SignRecord("luy-ke", row.id, f"{number_text(row.value)} {group}", row.unit_id, row.as_of)
        for row in (before, after)
    ]
    about = (after.target_code, after.unit_id, after.group, after.as_of, after.value)
    return sign_of(SignalKind.DECLARED_JUMP, about, sentence, records)
