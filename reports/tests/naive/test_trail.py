"""The lists behind a figure are the figure: who counts and who is missing, of random histories, cell by cell."""

from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.http import QueryDict

from accounts.models import User
from campaigns.choices import Role
from campaigns.models import UnitRole
from reports.forms.explanation import COUNTED, MISSING, NOT_COUNTED, Asked
from reports.pages.explanation.content import TabContent
from reports.pages.explanation.page import _builders
from reports.pages.explanation.question import Question
from reports.pages.links import Links
from reports.progress import CellState
from reports.selectors.clocks import Clocks
from reports.selectors.facts import read_progress
from reports.tests.naive.histories import History
from reports.tests.naive.test_histories import written

HISTORIES = 10


@pytest.mark.django_db
def test_who_counts_and_who_is_missing_add_up_to_every_figure():
    officer = User.objects.create(username="officer.of.histories")
    seen: Counter[str] = Counter()
    with transaction.atomic():
        for history in written([(seed, 2 + seed % 3) for seed in range(300, 300 + HISTORIES)]):
            UnitRole.objects.update_or_create(user=officer, defaults={"role": Role.OFFICER, "unit": history.commune})
            for question in questions(history, User.objects.get(pk=officer.pk)):
                seen[add_up(question)] += 1
        transaction.set_rollback(True)
    assert set(seen) == {state.value for state in CellState} | {"declared"}


def questions(history: History, officer: User) -> Iterator[Question]:
    """Every cell of the reading, the commune's included."""
    reading = read_progress(history.campaign, Clocks(*history.clocks()))
    for target in reading.targets:
        for unit in [None, *(row.unit for row in reading.progress.target(target.code).units)]:
            asked = Asked(unit.code if unit else "", COUNTED, "", "", None)
            yield Question(reading, target, unit, officer, Links(), asked, QueryDict())


def add_up(question: Question) -> str:
    """What kind of cell it was. Both lists name everybody once; each who counts has the record that made them count."""
    cell = question.cell
    counted, missing = tab(question, COUNTED), tab(question, MISSING)
    about = f"{question.target.code}, {question.unit}: {cell}"
    assert counted.page.total == (cell.n or 0) - cell.declared_n, about
    if cell.d is not None:
        assert counted.page.total + missing.page.total == cell.d - cell.declared_d, about
    assert all(row.link_label or row.proofs or row.note for row in counted.page), about
    assert bool(tab(question, NOT_COUNTED).excluded) >= bool(cell.adjusted), about
    return "declared" if cell.declared_d else cell.state.value


def tab(question: Question, name: str) -> TabContent:
    return _builders(question)[name](question)
