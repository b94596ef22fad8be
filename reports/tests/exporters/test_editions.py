"""Papers of frozen figures: the snapshot's figures in every cell, whatever the records say since."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from campaigns.choices import Group, RecordStatus
from campaigns.models import AgencyProfile, Unit
from reports.exporters.edition import Edition, UnknownUnitError, edition_of_snapshot, read_edition
from reports.exporters.wording import numerator_value, percent_value
from reports.exporters.workbook import sheets_of
from reports.models import ReportingPeriod
from reports.models.periods import PeriodMode
from reports.progress import Progress
from reports.progress.levels import pooled
from reports.selectors.clocks import Clocks
from reports.services.periods import close_period
from reports.services.snapshots import open_snapshot, take_snapshot
from reports.snapshots.canonical import ContentError
from reports.tests.exporters.conftest import AS_OF, CLOCKS, row_of, texts
from training.models import Activity, Topic

SEPTEMBER = Clocks(date(2026, 9, 30), date(2026, 9, 30))
STRANGE = ("=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "＝1", "=cmd|' /C calc'!A0", "<b>&amp;", "{{ 1 }}")


@pytest.fixture
def snapshot(campaign, busy_commune):
    return take_snapshot(busy_commune.officer, campaign, CLOCKS, "Quý III")


def plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else value


def everything(progress: Progress) -> list[object]:
    return [(row.rule.code, row.commune, [unit.cell for unit in row.units]) for row in progress.targets]


def table_rows(book: Workbook, name: str) -> Iterator[list[object]]:
    """The rows under the repeated headings, as far as the table's borders go."""
    yield from table_rows_of(book[name])


def table_rows_of(sheet: Worksheet) -> Iterator[list[object]]:
    first = int(sheet.print_title_rows.split("$")[-1]) + 1
    for row in sheet.iter_rows(min_row=first):
        if row[0].border.left is None or row[0].border.left.style is None:
            return
        yield [cell.value for cell in row]


def test_every_cell_of_every_sheet_is_what_its_column_says(snapshot, open_again):
    """Sheet by sheet, row by row: nothing is lost, moved or rounded between the tables and the file."""
    edition = edition_of_snapshot(snapshot)
    book = open_again(edition)
    for sheet in sheets_of(edition):
        rows = [row for row in sheet.rows if hasattr(row, "_fields") or not hasattr(row, "number")]
        written = [row for row in table_rows(book, sheet.name) if not _is_heading(row)]
        expected = [[plain(column.getter(row)) for column in sheet.columns[1:]] for row in rows]
        expected += [[plain(value) for value in sheet.totals[1:]]] if sheet.totals else []
        assert [[_plain_day(value) for value in row[1:]] for row in written] == expected, sheet.name


def _is_heading(row: list[object]) -> bool:
    return isinstance(row[0], str) and bool(row[0])


def _plain_day(value: object) -> object:
    if value == "":
        return None
    return value.date() if hasattr(value, "date") else value


def test_the_figures_are_the_snapshots_and_not_those_of_today(
    snapshot, campaign, busy_commune, make_activity, make_person, open_again
):
    frozen = open_snapshot(snapshot).progress
    make_activity(
        busy_commune.a, people=[make_person(busy_commune.a) for _ in range(5)], title="Việc nhập sau khi chốt"
    )
    campaign.targets.update(short_name="Tên mới", threshold_bp=1000, tolerance_bp=0)
    edition = edition_of_snapshot(snapshot)
    assert everything(edition.progress) == everything(frozen)
    book = open_again(edition)
    for figures in frozen.targets:
        row = row_of(book["Chỉ tiêu"], f"{figures.rule.code}.")
        share = plain(percent_value(figures.commune, figures.rule))
        assert row[4:7] == [figures.commune.d, figures.commune.n, share]
    every = [text for sheet in book for text in texts(sheet)]
    assert not [text for text in every if "Tên mới" in text or "nhập sau khi chốt" in text]
    assert everything(read_edition(campaign, CLOCKS).progress) != everything(frozen)


def test_a_frozen_paper_says_the_same_as_one_of_the_same_moment(snapshot, campaign):
    """Rows, rules and words come out of the content alone, in the same order and with the same wording."""
    frozen, live = edition_of_snapshot(snapshot), read_edition(campaign, CLOCKS)
    told_apart = ("Thay đổi", "Thuyết minh")
    tables = [[sheet for sheet in sheets_of(edition) if sheet.name not in told_apart] for edition in (frozen, live)]
    for one, other in zip(*tables, strict=True):
        assert (one.name, one.title, one.notes, one.totals) == (other.name, other.title, other.notes, other.totals)
        values = [
            [[column.getter(row) for column in sheet.columns] for row in sheet.rows if not hasattr(row, "number")]
            for sheet in (one, other)
        ]
        assert values[0] == values[1], one.name


def test_every_sheet_carries_the_snapshots_code_and_digits(snapshot, open_again):
    line = f"Bản chốt {snapshot.code} · {snapshot.sha256[:12]}"
    book = open_again(edition_of_snapshot(snapshot))
    for sheet in book:
        assert line in texts(sheet)
        assert (sheet.oddFooter.left.text, sheet.firstFooter.left.text) == (line, line)
    assert snapshot.sha256 in row_of(book["Thuyết minh"], "Bản chốt")[2]


def test_a_paper_that_is_not_frozen_says_so_on_every_sheet(book):
    assert all("Số liệu chưa chốt" in texts(sheet) for sheet in book)


def test_a_tampered_snapshot_gives_no_paper(snapshot):
    content = bytes(snapshot.content)
    snapshot.content = content[:-1] + bytes([content[-1] ^ 1])
    with pytest.raises(ContentError):
        edition_of_snapshot(snapshot)


def test_g4_levels_are_pooled_never_averaged(campaign, cast, make_unit, make_person, make_activity, open_again):
    """30/30, 12/40 and 200/250 are 242/320, 75,6 %."""
    schools = [cast.a, make_unit(cast.commune, "TH-E", "PRIMARY"), make_unit(cast.commune, "TH-G", "PRIMARY")]
    for school, n, d in zip(schools, (30, 12, 200), (30, 40, 250), strict=True):
        pupils = [make_person(school, f"{school.code} {place}") for place in range(d)]
        make_activity(school, people=pupils[:n])
    edition = read_edition(campaign, CLOCKS)
    (k3,) = [row for row in pooled(edition.content.facts, ["PRIMARY"]) if row.rule.code == "K3"]
    assert (k3.commune.n, k3.commune.d, k3.commune.percent) == (242, 320, "75,6%")
    row = row_of(open_again(edition)["Theo cấp học"], "Trường tiểu học")
    assert row[2] == 3
    assert [242, 320] in [row[place : place + 2][::-1] for place in range(len(row) - 1)]


def test_e2_villages_show_both_tiers_apart(book):
    assert row_of(book["Hộ gia đình"], "Thôn Một")[2:8] == [10, 8, 0.8, 6, 0.6, 1]


def test_people_helped_add_up_by_host_and_have_no_names(campaign, cast, make_activity, open_again):
    for elderly, volunteers in ((12, 3), (5, 2)):
        activity = make_activity(cast.village, "SUPPORT")
        Activity.objects.filter(pk=activity.pk).update(
            elderly_count=elderly, disadvantaged_count=1, volunteer_count=volunteers
        )
    make_activity(cast.a)
    sheet = open_again(read_edition(campaign, CLOCKS))["Người được giúp"]
    assert row_of(sheet, cast.village.name)[2:6] == [2, 17, 2, 5]
    assert row_of(sheet, "Cộng")[2:6] == [2, 17, 2, 5]


def test_changes_since_the_last_snapshot_add_up_with_their_reasons(
    campaign, cast, make_person, make_activity, open_again
):
    pupils = [make_person(cast.a) for _ in range(4)]
    make_activity(cast.a, people=pupils[:1])
    before = take_snapshot(cast.officer, campaign, SEPTEMBER, "Tháng 9")
    make_activity(cast.a, people=pupils[1:3], on=date(2026, 10, 5))
    edition = edition_of_snapshot(take_snapshot(cast.officer, campaign, CLOCKS, "Tháng 10"))
    assert edition.previous.seal.code == before.code
    sheet = open_again(edition)["Thay đổi"]
    row = row_of(sheet, "Toàn xã")
    assert row[2:10] == [4, 1, 0.25, 4, 3, 0.75, 0, 2]
    assert row[10] == "Mới được tính: đã đạt +2"
    assert any(before.code in text for text in texts(sheet))


def test_without_an_earlier_snapshot_there_is_no_sheet_of_changes(snapshot, open_again):
    assert "Thay đổi" not in open_again(edition_of_snapshot(snapshot)).sheetnames


def test_a_period_in_the_mode_of_flows_has_its_own_sheet(campaign, cast, make_person, make_activity, open_again):
    pupils = [make_person(cast.a) for _ in range(4)]
    make_activity(cast.a, people=pupils[:1], on=date(2026, 9, 2))
    make_activity(cast.a, people=pupils[:3], on=date(2026, 10, 5))
    period = ReportingPeriod.objects.create(
        commune=cast.commune, campaign=campaign, name="Tháng 10", starts_on=date(2026, 10, 1), ends_on=AS_OF,
        deadline=AS_OF, mode=PeriodMode.IN_PERIOD,
    )  # fmt: skip
    closing = close_period(actor=cast.officer, period=period, expected_version=period.version)
    edition = edition_of_snapshot(closing)
    sheet = open_again(edition)["Trong kỳ"]
    rows = [row for row in table_rows_of(sheet) if row[1] == cast.a.name and row[2] == "Học sinh"]
    assert rows[0][2:] == ["Học sinh", 1, 0, 2, 2, 3]
    assert any("(Tháng 10: từ 01/10/2026 đến 31/10/2026)" in text for text in texts(sheet))


@pytest.mark.parametrize("strange", STRANGE)
def test_no_text_of_any_field_becomes_a_formula(campaign, cast, make_person, make_activity, open_again, strange):
    """Unit names, titles, topics, target names, agency, signer and recipients; a cell holds what was typed or less."""
    pupil = make_person(cast.a, class_name=strange[:30])
    activity = make_activity(cast.a, people=[pupil], title=strange)
    Activity.objects.filter(pk=activity.pk).update(elderly_count=1)
    activity.topics.add(Topic.objects.create(commune=cast.commune, name=strange))
    Unit.objects.filter(commune=cast.commune).update(name=strange)
    campaign.targets.update(short_name=strange, clause=strange, noun=strange[:40])
    campaign.name = campaign.title = campaign.plan_number = strange
    AgencyProfile.objects.filter(commune=cast.commune).update(
        superior_name=strange, agency_name=strange, place=strange, signed_for=strange, signer_name=strange,
        preparer_title=strange, recipients=strange,
    )  # fmt: skip
    make_person(cast.a)
    edition = read_edition(campaign, CLOCKS, made_by=strange)
    for paper in (edition, edition.for_unit(cast.a.code)):
        for sheet in open_again(paper):
            cells = [cell for row in sheet.iter_rows() for cell in row]
            assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n", "d"}
            odd = [cell for cell in cells if str(cell.value or "").startswith(("=", "+", "-", "@", "\t", "＝"))]
            assert all(cell.quotePrefix or cell.value == "-" for cell in odd if cell.data_type == "s")


def values_of(sheet: Worksheet, reference: str) -> list[object]:
    area = sheet[reference.split("!")[1].replace("$", "")]
    rows = area if isinstance(area, tuple) else ((area,),)
    return [cell.value for row in rows for cell in row]


def test_charts_draw_the_cells_beside_them_and_cache_them(book):
    """No chart shows what no cell holds; phones that calculate nothing find the values in the chart itself."""
    counts = {sheet.title: len(sheet._charts) for sheet in book if sheet._charts}
    assert counts["Biểu đồ chỉ tiêu"] == counts["Biểu đồ tháng"] == 1
    assert counts["Biểu đồ đơn vị"] >= 3
    for sheet in book:
        for chart in sheet._charts:
            for series in chart.series:
                cells = values_of(sheet, series.val.numRef.f)
                cached = {point.idx: float(point.v) for point in series.val.numRef.numCache.pt}
                assert cached == {place: value for place, value in enumerate(cells) if value is not None}
                assert not chart.y_axis.delete
                assert chart.y_axis.scaling.min == 0


def test_b1_what_was_not_reported_is_a_gap_in_the_chart_never_0(book):
    row = row_of(book["Biểu đồ chỉ tiêu"], "K2.")
    assert (row[3], row[4], row[6]) == (None, None, "Chưa báo cáo")


def test_c2_months_tell_the_first_day_and_end_with_the_figure(book, edition):
    k3 = edition.progress.target("K3").commune
    sheet = book["Biểu đồ tháng"]
    header = [cell.value for cell in sheet[int(sheet.print_title_rows.split("$")[1].split(":")[0])]]
    new, share = (header.index(text) for text in ("K3, mới đạt (học sinh)", "K3, luỹ kế"))
    rows = list(table_rows(book, "Biểu đồ tháng"))
    assert sum(row[new] for row in rows) == k3.n - k3.declared_n
    assert rows[-1][1] == "10/2026"
    assert rows[-1][share] == pytest.approx((k3.n - k3.declared_n) * 1000 // k3.d / 1000)


class TestUnitWorkbook:
    """A school's own result."""

    @pytest.fixture
    def paper(self, edition, busy_commune) -> Edition:
        return edition.for_unit(busy_commune.a.code)

    def test_its_figures_are_those_of_its_row_in_the_communes_workbook(
        self, edition, paper, book, open_again, busy_commune
    ):
        own = open_again(paper)
        for place, figures in enumerate(edition.progress.targets):
            cell = figures.cell_of(busy_commune.a.id)
            if cell is None or cell.state.value == "not_applicable":
                assert not [text for text in texts(own["Chỉ tiêu"]) if text.startswith(f"{figures.rule.code}.")]
                continue
            row = row_of(own["Chỉ tiêu"], f"{figures.rule.code}.")
            assert row[4:6] == [cell.d, numerator_value(cell)]
            assert row_of(book["Theo đơn vị"], busy_commune.a.name)[2 + 3 * place] == cell.d

    def test_it_tells_of_no_other_unit_and_names_nobody(self, paper, open_again, busy_commune):
        every = [text for sheet in open_again(paper) for text in texts(sheet)]
        assert not [text for text in every if "Mầm non" in text and "Đơn vị được tính" not in text]
        assert not [text for text in every if text.startswith(("Học sinh 1", "Giáo viên TH-A", "Chủ hộ"))]

    def test_its_head_signs_under_its_own_name(self, paper, open_again, busy_commune):
        head = texts(open_again(paper)["Chỉ tiêu"])
        assert head[0] == "ỦY BAN NHÂN DÂN XÃ HÀ BẮC"
        assert busy_commune.a.name.upper() in head
        assert "HIỆU TRƯỞNG" in head
        assert "Phạm Đức Tiến" not in head

    def test_the_missing_are_counted_by_class(self, paper, open_again):
        """Ten pupils of 4A, seven have a name in an approved lesson; two of the others wait."""
        sheet = open_again(paper)["Còn thiếu"]
        assert row_of(sheet, "Lớp 4A")[2:] == [10, 7, 3, 2, 0]

    def test_only_activities_it_hosted_or_joined_are_listed(self, paper):
        assert [row.title for row in paper.activities] == [
            "Tiết học số lớp 4A", "Tiết học số lần hai", "Tập huấn nền tảng số",
        ]  # fmt: skip

    def test_a_unit_that_is_not_there_is_said(self, edition):
        with pytest.raises(UnknownUnitError, match="KHONG-CO"):
            edition.for_unit("KHONG-CO")

    def test_a_pupil_who_left_the_unit_is_not_missing(self, campaign, cast, make_person, make_activity, open_again):
        make_person(cast.a, class_name="1A")
        make_person(cast.a, class_name="1A", ends_on=date(2026, 6, 1))
        make_activity(cast.a, people=[make_person(cast.a, class_name="1B")], status=RecordStatus.APPROVED)
        sheet = open_again(read_edition(campaign, CLOCKS).for_unit(cast.a.code))["Còn thiếu"]
        assert row_of(sheet, "Lớp 1A")[2:5] == [1, 0, 1]
        assert row_of(sheet, "Lớp 1B")[2:5] == [1, 1, 0]


def test_60_units_and_300_activities_are_written_whole(
    campaign, cast, make_unit, make_person, make_activity, open_again
):
    long = "Trường Tiểu học và Trung học cơ sở Nguyễn Bỉnh Khiêm, phân hiệu thôn Đông Thượng số"
    schools = [make_unit(cast.commune, f"TH-{place}", "PRIMARY", f"{long} {place}") for place in range(60)]
    for school in schools:
        pupil = make_person(school, group=Group.PUPIL)
        for number in range(5):
            make_activity(school, people=[pupil], title=f"Buổi {number}")
    book = open_again(read_edition(campaign, CLOCKS))
    assert len(list(table_rows(book, "Hoạt động"))) == 301
    assert len([row for row in table_rows(book, "Theo đơn vị") if str(row[1]).startswith(long)]) == 60
    assert len(book["Biểu đồ đơn vị"]._charts) == 12, "60 schools with three lines each, five beside a chart"
