"""Rules A1, A2, A5, A6, B4 word for word, on exact fractions."""

from fractions import Fraction


def verdict(rule, n: int, d: int) -> str:
    """ "met", "near", "not_met", or "none" where nothing can be said."""
    if d == 0 or n > d:
        return "none"
    return verdict_of_share(rule, Fraction(n, d))


def verdict_of_share(rule, share: Fraction) -> str:
    target = Fraction(rule.threshold_bp, 10_000)
    tolerance = Fraction(rule.tolerance_bp, 10_000)
    # A1: ">" is strict; ALL and "every unit" ask for the whole.
    if rule.operator == "MORE_THAN":
        is_met = share > target
    elif rule.operator in ("AT_LEAST", "ABOUT"):
        is_met = share >= target
    else:
        is_met = share >= 1
    if is_met:
        return "met"
    # A6: within the tolerance below "about" is near.
    if rule.operator == "ABOUT" and share >= target - tolerance:
        return "near"
    return "not_met"


def missing(rule, n: int, d: int) -> int:
    """A5: try one more and one more, until the rule is met."""
    more = 0
    while verdict_of_share(rule, Fraction(n + more, d)) != "met":
        more += 1
    return more


def percent(n: int, d: int, rule=None) -> str:
    """A2: one decimal, rounded down; more, at most four, while the shown value would stand on another side."""
    exact = Fraction(n, d)
    decimals = 1
    while decimals < 4 and not _tells_the_same(rule, exact, _rounded_down(exact, decimals)):
        decimals += 1
    number = _rounded_down(exact, decimals) * 100
    whole = int(number)
    digits = str(int((number - whole) * 10**decimals)).rjust(decimals, "0")
    thousands = ""
    text = str(whole)
    while len(text) > 3:
        thousands = "." + text[-3:] + thousands
        text = text[:-3]
    # B4: above the whole the sign stands apart, and nothing is cut.
    return f"{text}{thousands},{digits}" + (" %" if n > d else "%")


def _rounded_down(share: Fraction, decimals: int) -> Fraction:
    steps = 100 * 10**decimals
    return Fraction(int(share * steps), steps)


def _tells_the_same(rule, exact: Fraction, shown: Fraction) -> bool:
    if (exact > 1) != (shown > 1):
        return False
    if rule is None or exact > 1:
        return True
    return verdict_of_share(rule, exact) == verdict_of_share(rule, shown)
