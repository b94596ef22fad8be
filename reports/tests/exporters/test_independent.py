"""Figures of the files read against the engine's own cells, number by number, without the columns that wrote them."""

import re
from datetime import date

import pytest
from docx import Document
from pypdf import PdfReader

from campaigns.choices import ActivityKind
from reports.exporters.edition import edition_of_snapshot, read_edition
from reports.exporters.pdf.writer import write_pdf
from reports.exporters.word.values import template_values
from reports.exporters.word.writer import write_word
from reports.models import ReportingPeriod
from reports.models.periods import PeriodMode
from reports.papers.content import report_content
from reports.services.periods import close_period
from reports.tests.exporters.conftest import AS_OF, CLOCKS, row_of


def told(number) -> str:
    """Numbers of this small commune have three digits at most."""
    return "" if number is None else str(number)


def shares(cell):
    """One decimal, rounded down by whole numbers; None without a value."""
    return cell.n * 1000 // cell.d / 1000 if cell.state == "value" and cell.d else None


def plans(target) -> float:
    return {"K1": 0.9, "K4": 0.7}.get(target.rule.code, 1)


def words_of(target, cell) -> str:
    """What the appendix says of a unit: n/d with the share, or a word."""
    if cell.state == "not_applicable":
        return "-"
    if cell.state != "value":
        return cell.state.label
    if target.rule.code in ("K5", "K6"):
        return "Đạt" if cell.n else "Chưa đạt"
    return f"{cell.n}/{cell.d} ({cell.percent})"


@pytest.fixture
def tables(edition, tmp_path):
    """The tables of figures in the Word report: targets, then units."""
    write_word(edition, tmp_path / "bc.docx", {})
    found = Document(str(tmp_path / "bc.docx")).tables
    return [table for table in found if table.rows[0]._tr.xpath("w:trPr/w:tblHeader")]


def test_the_chart_of_targets_holds_number_and_plan_of_each(edition, book):
    for target in edition.progress.targets:
        cell = target.commune
        row = row_of(book["Biểu đồ chỉ tiêu"], f"{target.rule.code}.")
        assert row[2:6] == [cell.d, cell.n, shares(cell), plans(target)], target.rule.code


def test_the_charts_of_units_hold_the_numbers_of_each(edition, book, busy_commune):
    k3 = edition.progress.target("K3").cell_of(busy_commune.a.id)
    rows = [[cell.value for cell in row] for row in book["Biểu đồ đơn vị"].iter_rows()]
    own = [row[2:6] for row in rows if row[1] == busy_commune.a.name]
    assert [k3.d, k3.n, shares(k3), 1] in own


def test_the_table_of_targets_in_word_is_the_engines(edition, tables):
    for target, row in zip(edition.progress.targets, tables[0].rows[1:], strict=True):
        cell, shown = target.commune, [one.text for one in row.cells]
        assert shown[3:5] == [told(cell.d), told(cell.n)], target.rule.code
        assert shown[5] == (cell.percent or "" if cell.state == "value" else "")
        assert shown[1].startswith(f"{target.rule.code}. ")


def test_every_unit_in_the_appendix_has_its_own_figures(edition, tables):
    shown = {row.cells[1].text: [one.text for one in row.cells][2:] for row in tables[1].rows[1:]}
    for place, row in enumerate(edition.progress.targets[0].units):
        cells = [target.units[place].cell for target in edition.progress.targets]
        expected = [words_of(target, cell) for target, cell in zip(edition.progress.targets, cells, strict=True)]
        assert shown[row.unit.name] == expected, row.unit.name


def test_the_tags_of_an_offices_own_template_give_the_engines_numbers(edition):
    values = template_values(report_content(edition, {}), edition)["chi_tieu"]
    for target in edition.progress.targets:
        cell, said = target.commune, values[target.rule.code]
        assert (said["tong_so"], said["da_dat"]) == (told(cell.d), told(cell.n))
        assert said["ty_le"] == (cell.percent or "" if cell.state == "value" else "")
        assert said["can_them"] == told(cell.missing or 0)


def test_the_tables_of_the_report_stand_in_the_pdf(edition, tmp_path):
    write_pdf(edition, tmp_path / "bc.pdf", {})
    pages = [re.sub(r"\s", "", page.extract_text()) for page in PdfReader(tmp_path / "bc.pdf").pages]
    text = "".join(page for page in pages if "STTĐơnvịK1K2K3" in page or "STTChỉtiêuKếhoạch" in page)
    for target in edition.progress.targets:
        cell = target.commune
        if cell.state == "value":
            assert f"{told(cell.d)}{told(cell.n)}{cell.percent}" in text
    for place, row in enumerate(edition.progress.targets[0].units):
        cells = [words_of(target, target.units[place].cell) for target in edition.progress.targets]
        assert "".join([row.unit.name, *cells]).replace(" ", "") in text, row.unit.name


def test_households_helped_are_those_with_a_name(campaign, cast, make_household, make_activity, open_again):
    households = [make_household(cast.village, f"Chủ hộ {place}") for place in range(3)]
    make_activity(
        cast.village, ActivityKind.SUPPORT, date(2026, 7, 2), households=households, elderly_count=9, volunteer_count=4
    )
    sheet = open_again(read_edition(campaign, CLOCKS))["Người được giúp"]
    assert row_of(sheet, cast.village.name)[2:7] == [1, 9, 0, 4, 3]
    assert row_of(sheet, "Cộng")[2:7] == [1, 9, 0, 4, 3]


def test_activities_and_attendances_of_a_period_have_their_own_rows(
    campaign, cast, make_person, make_activity, open_again
):
    """Two lessons of five pupils before, one of three in October: eight attendances, but five people."""
    pupils = [make_person(cast.a) for _ in range(5)]
    make_activity(cast.a, people=pupils[:3], on=date(2026, 9, 2))
    make_activity(cast.a, people=pupils[3:], on=date(2026, 9, 3))
    make_activity(cast.a, people=pupils[:3], on=date(2026, 10, 5))
    period = ReportingPeriod.objects.create(
        commune=cast.commune, campaign=campaign, name="Tháng 10", starts_on=date(2026, 10, 1), ends_on=AS_OF,
        mode=PeriodMode.IN_PERIOD,
    )  # fmt: skip
    closing = close_period(actor=cast.officer, period=period, expected_version=period.version)
    rows = [[cell.value for cell in row] for row in open_again(edition_of_snapshot(closing))["Trong kỳ"].iter_rows()]
    whole = [row[2:8] for row in rows if row[1] == "Toàn xã"]
    assert ["Học sinh", 5, 0, 0, 0, 5] in whole
    assert ["Hoạt động", 2, 0, 1, None, 3] in whole
    assert ["Lượt", 5, 0, 3, None, 8] in whole


def test_b1_a_village_that_did_not_report_has_not_reached_nobody(
    campaign, busy_commune, make_unit, make_household, open_again
):
    make_household(make_unit(busy_commune.commune, "THON-X", "VILLAGE", "Thôn Chưa Gửi"), "Chủ hộ mới")
    row = row_of(open_again(read_edition(campaign, CLOCKS))["Hộ gia đình"], "Thôn Chưa Gửi")
    assert row[2:7] == [1, None, None, None, "Chưa báo cáo"]
