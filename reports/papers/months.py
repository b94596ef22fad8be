"""Who was newly reached, month by month, in the figures of an edition (rule C2)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from reports.exporters.edition import Edition
from reports.progress import Cell
from reports.progress.pace import qualifying_days


@dataclass(frozen=True, slots=True)
class TargetMonths:
    """One target that counts people or households: `new` has one number for each of `months` (their first days)."""

    code: str
    noun: str
    d: int
    months: Sequence[date]
    new: Sequence[int]


def months_of(edition: Edition) -> list[TargetMonths]:
    """The targets with a denominator, over the same months: from the campaign's first, or the first with somebody, to
    the as-of date. Empty where nobody was reached by list."""
    days = {
        target.code: (target.noun, cell, qualifying_days(edition.content.facts, figures.rule, edition.unit_id))
        for target, figures in edition.figures
        if not figures.rule.counts_units and (cell := figures.commune).d
    }
    everybody = [day for _, _, found in days.values() for day in found]
    if not everybody:
        return []
    first = min([edition.content.facts.starts_on or everybody[0], *everybody])
    months = list(_months(first, max([edition.content.as_of, *everybody])))
    return [_target(code, noun, cell, found, months) for code, (noun, cell, found) in days.items()]


def _target(code: str, noun: str, cell: Cell, days: Sequence[date], months: Sequence[date]) -> TargetMonths:
    new = Counter(day.replace(day=1) for day in days)
    return TargetMonths(code, noun, cell.d or 0, months, [new[month] for month in months])


def _months(first: date, last: date) -> Iterator[date]:
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
