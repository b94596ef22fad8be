"""The simple implementation says of the rule book's own examples what the rule book says."""

from types import SimpleNamespace

import pytest

from reports.tests.naive.comparing import missing, percent, verdict


def rule(operator: str = "MORE_THAN", threshold_bp: int = 9000, tolerance_bp: int = 0) -> SimpleNamespace:
    return SimpleNamespace(operator=operator, threshold_bp=threshold_bp, tolerance_bp=tolerance_bp)


EVERYBODY = rule("ALL", 10_000)
ABOUT = rule("ABOUT", 7000, 500)


@pytest.mark.parametrize(
    ("n", "d", "asked", "words"),
    [
        (45, 50, rule(), "not_met"),
        (46, 50, rule(), "met"),
        (91, 101, rule(), "met"),
        (1999, 2000, EVERYBODY, "not_met"),
        (2000, 2000, EVERYBODY, "met"),
        (70, 100, ABOUT, "met"),
        (65, 100, ABOUT, "near"),
        (64, 100, ABOUT, "not_met"),
        (258, 250, rule(), "none"),
        (0, 0, rule(), "none"),
    ],
)
def test_the_simple_implementation_compares_as_the_rule_book_does(n, d, asked, words):
    assert verdict(asked, n, d) == words


@pytest.mark.parametrize(
    ("n", "d", "asked", "shown"),
    [
        (1799, 2000, rule(), "89,9%"),
        (91, 101, rule(), "90,09%"),
        (1999, 2000, EVERYBODY, "99,9%"),
        (46, 50, rule(), "92,0%"),
        (258, 250, rule(), "103,2 %"),
        (12_345, 1000, rule(), "1.234,5 %"),
        (1000, 1600, None, "62,5%"),
    ],
)
def test_the_simple_implementation_rounds_as_the_rule_book_does(n, d, asked, shown):
    assert percent(n, d, asked) == shown


def test_the_simple_implementation_says_the_gap_in_people():
    assert missing(rule(), 45, 50) == 1
    assert missing(rule(), 0, 10) == 10
    assert missing(rule(), 50, 50) == 0
