"""A small commune in which every kind of figure occurs, and its workbook opened again."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from campaigns.choices import ActivityKind, Group, RecordStatus, Source, UnitKind
from campaigns.models import FigureSource, Membership
from reports.exporters.edition import Edition, read_edition
from reports.exporters.workbook import write_workbook
from reports.selectors.clocks import Clocks
from training.models import Evidence, Topic

AS_OF = date(2026, 10, 31)
CLOCKS = Clocks(AS_OF, AS_OF)


@pytest.fixture
def busy_commune(cast, make_unit, make_person, make_household, make_activity, make_check):
    """K1 with a teacher in two schools (C7), K3 with heads without names (D1), K4 near, K2 without a report (B1)."""
    pupils = [make_person(cast.a, f"Học sinh {place}", class_name="4A") for place in range(10)]
    teachers = [make_person(unit, f"Giáo viên {unit.code}", Group.TEACHER) for unit in (cast.a, cast.a, cast.b)]
    shared = teachers[0]
    Membership.objects.create(
        commune=cast.commune, person=shared, unit=cast.b, group=Group.TEACHER, starts_on=date(2025, 9, 5)
    )
    make_activity(cast.a, people=pupils[:7], totals={Group.PUPIL: 12}, title="Tiết học số lớp 4A")
    make_activity(cast.a, people=pupils[:3], on=date(2026, 5, 11), title="Tiết học số lần hai")
    make_activity(cast.a, people=pupils[7:9], on=date(2026, 6, 1), status=RecordStatus.SUBMITTED)
    training = make_activity(
        cast.b, ActivityKind.TRAINING, date(2026, 5, 20), teachers, co_hosts=(cast.a,), title="Tập huấn nền tảng số"
    )
    training.topics.add(Topic.objects.create(commune=cast.commune, name="Thanh toán số"))
    households = [make_household(cast.village, f"Chủ hộ {place}") for place in range(10)]
    for household in households[:6]:
        make_check(household)
    make_activity(cast.village, ActivityKind.SUPPORT, date(2026, 7, 2), households=households[:8], title="Đến từng hộ")
    declared = make_unit(cast.commune, "TH-D", UnitKind.PRIMARY, "Trường Tiểu học D")
    FigureSource.objects.create(commune=cast.commune, unit=declared, group=Group.PUPIL, source=Source.DECLARED)
    _add_evidence(training, cast)
    return cast


def _add_evidence(activity, cast) -> None:
    for kind in ("PHOTO", "PHOTO", "PDF"):
        Evidence.objects.create(
            commune=cast.commune, activity=activity, kind=kind, file="x", name="x", size_bytes=1, sha256="0" * 64,
            uploaded_by=cast.editor_b,
        )  # fmt: skip


@pytest.fixture
def edition(campaign, busy_commune) -> Edition:
    return read_edition(campaign, CLOCKS, made_by="Đỗ Thị Cán Bộ")


@pytest.fixture
def open_again(tmp_path) -> Callable[[Edition], Workbook]:
    def write(edition: Edition) -> Workbook:
        path: Path = tmp_path / "bao-cao.xlsx"
        write_workbook(edition, path)
        return load_workbook(path)

    return write


@pytest.fixture
def book(edition, open_again) -> Workbook:
    return open_again(edition)


def row_of(sheet: Worksheet, text: str, column: int = 2) -> list[object]:
    """The values of the row whose cell in that column is, or begins with, the text."""
    for row in sheet.iter_rows():
        if str(row[column - 1].value or "").startswith(text):
            return [cell.value for cell in row]
    raise AssertionError(f"{sheet.title}: no row {text!r}")


def cell_beside(sheet: Worksheet, text: str, column: int, text_column: int = 2):
    """The cell in `column` of the row that `row_of` finds."""
    for row in sheet.iter_rows():
        if str(row[text_column - 1].value or "").startswith(text):
            return row[column - 1]
    raise AssertionError(f"{sheet.title}: no row {text!r}")


def texts(sheet: Worksheet) -> list[str]:
    """Everything that stands in a sheet, as text."""
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
