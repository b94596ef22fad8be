"""Comparing and showing (rules A1-A6, B4). Whole numbers all the way: no float ever decides or prints a figure."""

from decimal import Decimal

from campaigns.choices import Operator
from reports.progress.facts import TargetRule
from reports.progress.states import Verdict

FULL_BP = 10_000
MOST_DECIMALS = 4


def needed(operator: Operator, threshold_bp: int, d: int) -> int:
    """The smallest n that meets the rule for ``d`` subjects: 46 of 50, and 10 of 10, for "trên 90%" (A1, A5)."""
    if operator == Operator.MORE_THAN:
        return threshold_bp * d // FULL_BP + 1
    if operator in (Operator.AT_LEAST, Operator.ABOUT):
        return -(-threshold_bp * d // FULL_BP)
    return d


def meets(operator: Operator, threshold_bp: int, n: int, d: int) -> bool:
    """Whether n of d meets the rule, on whole numbers (A1)."""
    return n >= needed(operator, threshold_bp, d)


def verdict_of(rule: TargetRule, n: int, d: int) -> Verdict:
    """How n of d stands (A1, A6). NONE where no verdict is possible: nobody to count (B2), or n above d (B4)."""
    if d <= 0 or n > d:
        return Verdict.NONE
    if meets(rule.operator, rule.threshold_bp, n, d):
        return Verdict.MET
    if rule.operator == Operator.ABOUT and meets(Operator.AT_LEAST, rule.threshold_bp - rule.tolerance_bp, n, d):
        return Verdict.NEAR
    return Verdict.NOT_MET


def missing_for(rule: TargetRule, n: int, d: int) -> int:
    """How many more are needed: the smallest m for which n + m meets the rule (A5)."""
    return max(0, needed(rule.operator, rule.threshold_bp, d) - n)


def floor_percent(n: int, d: int, decimals: int) -> Decimal:
    """n of d in percent, rounded down: 1799 of 2000 with one decimal is 89.9 (A2). ``d`` is above 0.

    A workbook gets this value (divided by 100), for a cell's own format would round it up (A3).
    """
    return Decimal(n * 10 ** (decimals + 2) // d).scaleb(-decimals)


def shown_decimals(n: int, d: int, rule: TargetRule | None = None) -> int:
    """The fewest decimals, 1 to 4, with which the shown value gets the verdict of the exact one (A2)."""
    return next((k for k in range(1, MOST_DECIMALS) if _tells_the_truth(n, d, rule, k)), MOST_DECIMALS)


def _tells_the_truth(n: int, d: int, rule: TargetRule | None, decimals: int) -> bool:
    full = 10 ** (decimals + 2)
    shown = n * full // d
    if (shown > full) != (n > d):
        return False
    return rule is None or verdict_of(rule, shown, full) == verdict_of(rule, n, d)


def percent_text(n: int, d: int, rule: TargetRule | None = None) -> str:
    """The percentage as people read it: "92,0%"; above the whole it stands apart, "103,2 %", and is never cut (B4)."""
    shown = floor_percent(n, d, shown_decimals(n, d, rule))
    return f"{grouped(shown)} %" if n > d else f"{grouped(shown)}%"


def grouped(number: int | Decimal) -> str:
    """A number in Vietnamese form: 2690 is "2.690", 89.9 is "89,9"."""
    return f"{number:,}".translate(_VIETNAMESE_MARKS)


_VIETNAMESE_MARKS = str.maketrans(",.", ".,")


def fraction_text(n: int, d: int, percent: str | None) -> str:
    """The fraction beside its percentage: "2.690/3.000 (89,6%)" (A4)."""
    fraction = f"{grouped(n)}/{grouped(d)}"
    return f"{fraction} ({percent})" if percent else fraction
