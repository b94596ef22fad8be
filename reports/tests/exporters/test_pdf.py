"""The paper as PDF, opened again: the same figures as the workbook and the Word report, and nothing from outside."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from pypdf import PdfReader

from hbs_portal.lib import printing
from hbs_portal.lib.printing import PrintingError, print_pdf
from hbs_portal.lib.sheets.styles import ColumnKind
from hbs_portal.lib.sheets.writing import ChartKind, Column, GroupHeading, OfficialSheet, SheetChart
from reports.exporters.edition import edition_of_snapshot
from reports.exporters.formats import FORMATS
from reports.exporters.pdf.charts import svg_chart
from reports.exporters.pdf.tables import cell_text, printed_sheet
from reports.exporters.pdf.writer import write_pdf
from reports.exporters.workbook import sheets_of
from reports.services.snapshots import take_snapshot
from reports.tests.exporters.conftest import CLOCKS

A4_POINTS = (595, 842)


@pytest.fixture
def snapshot(campaign, busy_commune):
    return take_snapshot(actor=busy_commune.officer, campaign=campaign, clocks=CLOCKS, name="Chốt thử")


def text_of(path) -> str:
    """All words of the document with one space between them."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(path).pages).split())


def test_every_figure_of_the_commune_is_the_snapshots(snapshot, tmp_path):
    edition = edition_of_snapshot(snapshot)
    write_pdf(edition, tmp_path / "bao-cao.pdf")
    text = text_of(tmp_path / "bao-cao.pdf")
    for target in edition.progress.targets:
        cell = target.commune
        assert target.rule.code in text
        if cell.percent:
            assert cell.percent in text
    assert snapshot.code in text
    assert snapshot.sha256[:12] in text


def test_every_cell_of_every_sheet_stands_in_the_pdf(snapshot, tmp_path):
    edition = edition_of_snapshot(snapshot)
    write_pdf(edition, tmp_path / "bao-cao.pdf")
    glued = re.sub(r"\s", "", text_of(tmp_path / "bao-cao.pdf"))
    sheets = [printed_sheet(sheet) for sheet in sheets_of(edition) if sheet.name != "Hoạt động"]
    cells = [cell.text for sheet in sheets for row in sheet.rows for cell in row.cells if cell.text]
    assert len(cells) > 100
    # A long text may run over a page's end, where the heading row stands between its halves.
    assert [text for text in cells if len(text) < 200 and re.sub(r"\s", "", text) not in glued] == []


def test_the_report_stands_upright_and_its_tables_lie(snapshot, tmp_path):
    write_pdf(edition_of_snapshot(snapshot), tmp_path / "bao-cao.pdf")
    sizes = [
        tuple(round(float(side)) for side in page.mediabox[2:]) for page in PdfReader(tmp_path / "bao-cao.pdf").pages
    ]
    assert sizes[0] == A4_POINTS
    assert sizes[-1] == A4_POINTS[::-1]
    assert set(sizes) == {A4_POINTS, A4_POINTS[::-1]}


def test_the_same_snapshot_gives_the_same_file_byte_for_byte(snapshot, tmp_path):
    """But for the minute in which it was made, which the last sheet tells."""
    for name in ("a.pdf", "b.pdf"):
        write_pdf(replace(edition_of_snapshot(snapshot), made_at=snapshot.taken_at), tmp_path / name)
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_a_unit_has_its_own_tables_and_no_report(snapshot, tmp_path):
    edition = edition_of_snapshot(snapshot).for_unit("TH-A")
    write_pdf(edition, tmp_path / "th-a.pdf")
    text = text_of(tmp_path / "th-a.pdf")
    assert "Tiết học số lớp 4A" in text
    assert "I. CÔNG TÁC CHỈ ĐẠO" not in text


def test_what_people_wrote_is_text_and_never_markup(snapshot, tmp_path):
    hostile = "<img src='http://127.0.0.1:9/x.png'><b>Đoạn</b> =1+1"
    write_pdf(edition_of_snapshot(snapshot), tmp_path / "bao-cao.pdf", paragraphs={"direction": hostile})
    assert "<img src='http://127.0.0.1:9/x.png'><b>Đoạn</b> =1+1" in text_of(tmp_path / "bao-cao.pdf")


def test_an_address_in_the_markup_is_not_fetched(tmp_path, caplog):
    html = "<html lang='vi'><body><img src='file:///etc/passwd' alt=''><p>Còn lại</p></body></html>"
    print_pdf(html, "", tmp_path / "x.pdf", moment=datetime(2026, 10, 31, tzinfo=UTC))
    assert "Còn lại" in text_of(tmp_path / "x.pdf")
    assert not PdfReader(tmp_path / "x.pdf").pages[0].images
    assert "disallowed protocol" in caplog.text


def test_without_pango_a_sentence_says_what_to_install(monkeypatch, tmp_path):
    def missing():
        raise PrintingError(0, printing.MISSING)

    monkeypatch.setattr(printing, "_weasyprint", missing)
    with pytest.raises(OSError, match="apt-get install libpango"):
        print_pdf("<p>x</p>", "", tmp_path / "x.pdf", moment=datetime(2026, 10, 31, tzinfo=UTC))
    assert list(tmp_path.iterdir()) == []


def test_who_listens_to_the_pages_may_stop_the_printing(tmp_path):
    def stop(_page: int) -> None:
        raise KeyError("cancelled")

    with pytest.raises(KeyError):
        print_pdf("<p>x</p>", "", tmp_path / "x.pdf", moment=datetime(2026, 10, 31, tzinfo=UTC), at_page=stop)
    assert list(tmp_path.iterdir()) == []


def test_pdf_is_one_of_the_formats(snapshot, tmp_path):
    FORMATS["pdf"].write(edition_of_snapshot(snapshot), tmp_path / "x.pdf")
    assert (tmp_path / "x.pdf").read_bytes().startswith(b"%PDF-")


def test_values_are_written_as_the_workbook_shows_them():
    assert cell_text(2690) == "2.690"
    assert cell_text(Decimal("0.899")) == "89,9%"
    assert cell_text(Decimal("0.9009")) == "90,09%"
    assert cell_text(Decimal("1")) == "100,0%"
    assert cell_text(date(2026, 7, 5)) == "05/07/2026"
    assert cell_text(None) == ""
    assert cell_text("Chưa báo cáo") == "Chưa báo cáo"


def chart_sheet(kind: ChartKind) -> OfficialSheet:
    columns = (
        Column("Đơn vị", lambda row: row[0], width=30),
        Column("Thực hiện", lambda row: row[1], ColumnKind.PERCENT),
        Column("Biểu đồ", width=60),
    )
    rows = [GroupHeading("I", "Trường"), ("Trường <A>", Decimal("0.924")), ("Trường B", None)]
    chart = SheetChart(kind, "Tỷ lệ <i>", first=1, last=2, labels=0, values=(1,), beside=2)
    return OfficialSheet(name="x", title="x", columns=columns, rows=rows, charts=(chart,))


@pytest.mark.parametrize("kind", ChartKind)
def test_a_chart_shows_what_was_reported_and_leaves_a_gap_for_the_rest(kind):
    sheet = chart_sheet(kind)
    svg = svg_chart(sheet.charts[0], sheet.columns, list(sheet.rows))
    marks = svg.count("<circle") if kind is ChartKind.LINES else svg.count("<rect")
    assert marks == 1
    assert "Trường &lt;A&gt;" in svg
    assert "Tỷ lệ &lt;i&gt;" in svg


def test_the_room_for_a_chart_beside_its_rows_is_no_column_on_paper():
    printed = printed_sheet(chart_sheet(ChartKind.BARS))
    assert len(printed.widths) == 2
    assert [heading.text for heading in printed.headings[0]] == ["Đơn vị", "Thực hiện"]


def test_a_wide_table_gets_smaller_letters_so_that_no_number_breaks():
    wide = replace(
        chart_sheet(ChartKind.BARS), charts=(), columns=[Column(f"C{n}", width=9) for n in range(20)], rows=[]
    )
    assert printed_sheet(wide).points < printed_sheet(chart_sheet(ChartKind.BARS)).points
