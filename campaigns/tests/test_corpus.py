"""Every file of the corpus is understood to the cell."""

import json
import re
from textwrap import dedent

import pytest

from campaigns.importers.understanding import Answers, Question, recognise_kind
from campaigns.tests.corpus.case import Case, raw_values, reading_of, result_of
from campaigns.tests.corpus.every import CASES, FEWEST
from hbs_portal.lib.sheets.container import RefusedFile
from hbs_portal.lib.sheets.reading import read_workbook

READ = [case for case in CASES if not case.refused]
SECRETS = ("0912345678", "Trần Văn Cha", "Thợ xây", "031215001234")


def ids(cases):
    return [case.name for case in cases]


def trimmed(text: str) -> list[str]:
    lines = (re.sub(r"\s*\|\s*", " | ", line.strip()).rstrip(" |") for line in dedent(text).strip().split("\n"))
    return [line for line in lines if line]


def begins_alike(found: list[str], expected: tuple[str, ...]) -> bool:
    return len(found) == len(expected) and all(map(str.startswith, found, expected))


def test_the_corpus_is_large_and_no_file_is_there_twice():
    assert len(CASES) >= FEWEST
    assert len(set(ids(CASES))) == len(CASES)


@pytest.mark.parametrize("case", READ, ids=ids(READ))
def test_a_file_is_understood_to_the_cell(case: Case, tmp_path):
    path = tmp_path / case.file_name
    case.write(path)
    before, reading = reading_of(case, path)
    result = result_of(case, reading)
    assert [question.kind for question in before.questions] == list(case.asked)
    assert not case.reply or not reading.blocking
    assert case.blocks or not before.blocking
    assert result.accepted == trimmed(case.accepted)
    assert begins_alike(result.rejected, tuple(case.rejected)), result.rejected
    assert begins_alike(result.warned, tuple(case.warned)), result.warned
    assert begins_alike(result.left_out, tuple(case.left_out)), result.left_out
    assert begins_alike(list(reading.warnings), tuple(case.told)), reading.warnings
    assert (list(reading.hidden_sheets), list(reading.other_sheets)) == (list(case.hidden), list(case.others))
    if case.columns:
        expected = dict(pair.split("=") for pair in case.columns.split())
        assert dict(reading.sheets[0].columns) == expected


@pytest.mark.parametrize("case", READ, ids=ids(READ))
def test_only_what_the_portal_needs_leaves_a_file(case: Case, tmp_path):
    path = tmp_path / case.file_name
    case.write(path)
    _, reading = reading_of(case, path)
    allowed = {"0912345678"} if case.kind == "HOUSEHOLDS" else set()
    assert not raw_values(reading.rows) & set(SECRETS) - allowed


REFUSED = [case for case in CASES if case.refused]


@pytest.mark.parametrize("case", REFUSED, ids=ids(REFUSED))
def test_a_file_without_a_table_is_refused_with_a_sentence(case: Case, tmp_path):
    path = tmp_path / case.file_name
    case.write(path)
    with pytest.raises(RefusedFile, match=case.refused):
        reading_of(case, path)


TELLING = [
    case for case in READ if "columns" not in case.asked and "hidden_sheets" not in case.asked and not case.sheets
]


@pytest.mark.parametrize("case", TELLING, ids=ids(TELLING))
def test_the_kind_of_a_list_is_recognised(case: Case, tmp_path):
    path = tmp_path / case.file_name
    case.write(path)
    assert recognise_kind(read_workbook(path, filename=path.name)) == (case.recognised or case.kind)


def test_the_school_and_the_class_are_read_from_the_lines_above(tmp_path):
    case = next(case for case in CASES if case.name == "danh-sach-lop")
    case.write(tmp_path / case.file_name)
    sheet = reading_of(case, tmp_path / case.file_name)[1].sheets[0]
    assert (sheet.unit_name, sheet.class_from, sheet.header_row) == ("TRƯỜNG TIỂU HỌC A", "dòng 3", 4)
    assert [line.row for line in sheet.other_lines] == [8, 9, 10, 11]


def test_answers_and_questions_survive_being_stored(tmp_path):
    case = next(case for case in CASES if case.name == "cot-la-duoc-hoi")
    case.write(tmp_path / case.file_name)
    (question,) = reading_of(case, tmp_path / case.file_name)[0].questions
    assert Question.from_json(json.loads(json.dumps(question.as_json()))) == question
    assert [(one.key, one.letter, one.samples[0]) for one in question.columns] == [
        ("ten chau", "B", "Lê Thị An"),
        ("sanh nhut", "C", "05/09/2016"),
    ]
    answers = Answers(columns={"a": {"b": "c"}}, hidden_sheets=("x",), month_first=True, legacy="", sheets=("y",))
    assert Answers.from_json(json.loads(json.dumps(answers.as_json()))) == answers
    assert Answers.from_json({}) == Answers()
