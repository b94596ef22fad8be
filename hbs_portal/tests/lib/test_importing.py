"""The two-phase run: all errors at once, nothing written with an error, check and apply say the same."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import pytest
from django import forms
from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.utils import timezone

from hbs_portal.lib.fields import CodeField, DayField, TextField
from hbs_portal.lib.importing import (
    CheckReport,
    Outcome,
    OutcomeKind,
    ReadRow,
    RowError,
    SourceRow,
    fold_errors,
    run_import,
    sha256_of,
)

HEADINGS = {"code": "Mã định danh", "full_name": "Họ tên", "born_on": "Ngày sinh"}


class RosterForm(forms.Form):
    code = CodeField()
    full_name = TextField()
    born_on = DayField(required=False)


class SessionPlan:
    """Keeps names as session keys: a table that the library may use without importing an app."""

    def __init__(self, *, breaks: bool = False) -> None:
        self.breaks = breaks

    def reason_to_leave_out(self, row: SourceRow) -> str | None:
        return "Đã chuyển trường" if row.data.get("status") == "Đã chuyển trường" else None

    def compare(self, rows: Sequence[ReadRow]) -> Iterable[Outcome | RowError]:
        known = set(Session.objects.values_list("session_key", flat=True))
        seen: set[str] = set()
        for row in rows:
            code = row.cleaned["code"]
            if code in seen:
                yield row.source.error("code", "Mã này đã có ở một dòng phía trên.")
            seen.add(code)
            yield Outcome(OutcomeKind.UNCHANGED if code in known else OutcomeKind.NEW, row)

    def write(self, outcomes: Sequence[Outcome]) -> None:
        for outcome in outcomes:
            Session.objects.create(session_key=outcome.row.cleaned["code"], expire_date=timezone.now())
        if self.breaks:
            raise DatabaseError


def source(number: int, code: object = "0001", name: str = "Lê An", **data: object) -> SourceRow:
    return SourceRow("Lớp 4A", number, {"code": code, "full_name": name, **data}, HEADINGS)


def run(*rows: SourceRow, apply: bool = False, breaks: bool = False) -> CheckReport:
    return run_import(rows, RosterForm, SessionPlan(breaks=breaks), apply=apply)


@pytest.mark.django_db
def test_a_check_writes_nothing_and_says_what_would_be_new() -> None:
    report = run(source(5), source(6, "0002"))
    assert (len(report.new), report.applied, report.can_be_applied) == (2, False, True)
    assert not Session.objects.exists()


@pytest.mark.django_db
def test_apply_writes_and_the_same_rows_twice_change_nothing() -> None:
    assert run(source(5), apply=True).applied
    again = run(source(5), apply=True)
    assert (len(again.unchanged), again.writes, again.applied) == (1, [], False)
    assert Session.objects.count() == 1


@pytest.mark.django_db
def test_all_errors_are_collected_and_nothing_is_written() -> None:
    report = run(
        source(5),
        source(6, "0002", "NguyÔn V¨n A"),
        source(7, "", born_on="30/02/2015"),
        source(8, "0001"),
        apply=True,
    )
    assert [(error.row, error.column, error.value) for error in report.errors] == [
        (6, "Họ tên", "NguyÔn V¨n A"),
        (7, "Mã định danh", ""),
        (7, "Ngày sinh", "30/02/2015"),
        (8, "Mã định danh", "0001"),
    ]
    assert "bảng mã cũ" in report.errors[0].reason
    assert not report.applied
    assert not Session.objects.exists()


@pytest.mark.django_db
def test_a_row_left_out_is_counted_with_its_reason_and_not_validated() -> None:
    report = run(source(5), source(9, "", status="Đã chuyển trường"))
    assert [(row.row, row.reason) for row in report.left_out] == [(9, "Đã chuyển trường")]
    assert not report.errors


@pytest.mark.django_db(transaction=True)
def test_a_failure_in_the_middle_of_writing_leaves_nothing() -> None:
    with pytest.raises(DatabaseError):
        run(source(5), source(6, "0002"), apply=True, breaks=True)
    assert not Session.objects.exists()


@pytest.mark.django_db
def test_trap_3_and_6_rows_are_normalised_on_the_way_in() -> None:
    report = run(source(5, 123.0, "Le\u0302\u00a0 An", born_on=42252))
    assert report.new[0].row.cleaned == {
        "code": "123",
        "full_name": "Lê An",
        "born_on": date(2015, 9, 5),
    }


def test_equal_errors_are_folded_with_their_rows() -> None:
    errors = [RowError("A", row, "Lớp", "4X", "Không có lớp 4X.") for row in (9, 5, 6, 7)]
    other = RowError("A", 5, "Lớp", "4Y", "Không có lớp 4Y.")
    folded = fold_errors([*errors, other])
    assert [(error.value, error.rows_text) for error in folded] == [("4X", "5-7, 9"), ("4Y", "5")]


def test_a_long_value_is_shortened_in_an_error() -> None:
    assert len(source(5, name="x" * 500).error("full_name", "Tên quá dài.").value) == 80


def test_a_file_is_tied_by_its_sha256(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"hoc so")
    assert sha256_of(path) == hashlib.sha256(b"hoc so").hexdigest()
