"""docs/rules.md tells the truth: every test and every file it names exists."""

import re

import pytest

from hbs_portal.tests.test_house import ROOT

PAGE = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
RULES_OF_ISSUE_2 = [
    "A1",
    "A2",
    "A3",
    "A4",
    "A5",
    "A6",
    "B1",
    "B2",
    "B3",
    "B4",
    "B5",
    "C1",
    "C3",
    "C4",
    "C5",
    "C7",
    "D1",
    "D2",
    "D3",
    "D4",
    "E1",
    "E2",
    "F1",
    "F3",
    "G3",
    "G4",
    "G7",
    "H1",
    "H3",
    "H8",
]


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


@pytest.mark.parametrize("rule", RULES_OF_ISSUE_2)
def test_every_rule_of_the_ground_has_a_test_with_its_code(rule, test_names):
    assert f"| {rule} " in PAGE
    assert [name for name in test_names if re.search(rf"_{rule.lower()}_", name)]
