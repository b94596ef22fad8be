"""docs/glossary.md speaks of what the code holds, and holds what people read on choices."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from campaigns import choices
from hbs_portal.tests.test_house import APPS, ROOT, sources

IN_USE = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").split("## Agreed, not yet in code")[0]
TERMS = sorted({term for row in re.findall(r"^\|.*\|$", IN_USE, re.M) for term in re.findall(r"`([\w.]+)`", row)})


@cache
def names_in_code() -> frozenset[str]:
    """Classes, functions and fields of the apps, as `Name` and (for what a class holds) `Class.NAME`."""
    return frozenset(name for path in sources(*APPS, "hbs_portal/lib") for name in _names_of(path))


def _names_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            inner = _assigned(node)
            found |= {node.name, *inner, *(f"{node.name}.{name}" for name in inner)}
    return found


def _assigned(node: ast.ClassDef) -> set[str]:
    targets = [part.targets[0] if isinstance(part, ast.Assign) else getattr(part, "target", None) for part in node.body]
    return {target.id for target in targets if isinstance(target, ast.Name)}


@pytest.mark.parametrize("term", TERMS)
def test_a_term_of_the_glossary_is_a_name_in_the_code(term):
    assert term in names_in_code()


@pytest.mark.parametrize(
    "kind", [choices.UnitKind, choices.Role, choices.Group, choices.Operator, choices.RecordStatus]
)
def test_every_choice_that_people_meet_stands_in_the_glossary(kind):
    assert [member.name for member in kind if f"{kind.__name__}.{member.name}" not in TERMS] == []
