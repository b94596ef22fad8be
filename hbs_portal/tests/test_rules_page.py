"""docs/rules.md tells the truth: every test and every file it names exists."""

import re

import pytest

from hbs_portal.tests.test_house import ROOT

PAGE = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
#: How many rules each letter of kpi-rules.md has.
LETTERS = {"A": 6, "B": 5, "C": 9, "D": 4, "E": 3, "F": 3, "G": 8, "H": 8}
RULES = [f"{letter}{number}" for letter, count in LETTERS.items() for number in range(1, count + 1)]


@pytest.fixture(scope="module")
def test_names() -> set[str]:
    texts = (path.read_text(encoding="utf-8") for path in ROOT.glob("*/tests/**/test_*.py"))
    return {name for text in texts for name in re.findall(r"^def (test_\w+)", text, re.MULTILINE)}


def test_every_named_test_exists(test_names):
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    assert named
    assert named - test_names == set()


def test_every_named_file_exists():
    paths = re.findall(r"`((?:reports|training|campaigns|accounts|hbs_portal)/[\w/]+\.py)`", PAGE)
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_row_and_a_test_with_its_code(rule, test_names):
    assert f"| {rule} " in PAGE
    assert [name for name in test_names if re.search(rf"_{rule.lower()}_", name)]
