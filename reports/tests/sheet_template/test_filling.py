"""A superior's form filled from frozen figures: the right figures, as numbers, and nothing else changed."""

import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from accounts.jobs import carry_out, result_file_of, take_next_job
from accounts.models import AuditEntry, Job, JobState
from campaigns.models import Unit
from hbs_portal.lib.sheets.grids import read_grid
from reports.exporters.edition import edition_of_snapshot
from reports.exporters.sheet_template.figures import Known, UnknownFigureError, decimals_of, figure_of, names, value_of
from reports.exporters.sheet_template.filling import TemplateError, fill_template
from reports.exporters.sheet_template.placing import BROKEN_TAG, TAG_IN_FORMULA, problems
from reports.exporters.sheet_template.suggesting import suggestions
from reports.selectors.clocks import Clocks
from reports.selectors.sheet_templates import known_figures
from reports.services.sheet_templates import fill_form, grid_of, request_filled
from reports.services.snapshots import take_snapshot

KNOWN = Known({"K1": "Cán bộ", "K3": "Học sinh"}, {"TH-A": "Trường Tiểu học A", "THCS.B": "Trường THCS B"})


@pytest.fixture
def edition(snapshot):
    return edition_of_snapshot(snapshot)


@pytest.fixture
def fill(edition, tmp_path):
    def filled(template):
        target = tmp_path / "filled.xlsx"
        return target, fill_form(template, edition, target)

    return filled


def test_bound_cells_and_tags_hold_the_figures_of_the_snapshot_and_the_sums_follow(form, fill, opened):
    path, told = fill(form({"B3": "K3.TH-A.d", "C3": "K3.TH-A.n", "D3": "K3.TH-A.percent", "C4": "K3.THCS-B.n"}))
    values = opened(path)
    assert (values["B3"], values["C3"], values["D3"]) == (3, 2, 0.66)
    assert "C4" not in values, "nothing was reported (B1)"
    assert (values["B5"], values["C5"], values["D5"]) == (3, 2, 2 / 3)
    assert values["A1"] == "BÁO CÁO của XÃ HÀ BẮC đến 31/10/2026: 66,6%"
    assert told.sentence == "Đã điền 5 ô."


def test_everything_else_of_the_form_is_unchanged_part_by_part_and_cell_by_cell(form, fill):
    template = form({"B3": "K3.TH-A.d"})
    path, _ = fill(template)
    with zipfile.ZipFile(template.file.path) as before, zipfile.ZipFile(path) as after:
        assert before.namelist() == after.namelist()
        changed = [name for name in before.namelist() if before.read(name) != after.read(name)]
    assert changed == ["xl/worksheets/sheet1.xml"]
    old, new = load_workbook(template.file.path), load_workbook(path)
    for sheet in old:
        assert new[sheet.title].merged_cells.ranges == sheet.merged_cells.ranges
        for cell in [cell for row in sheet.iter_rows() for cell in row]:
            twin = new[sheet.title][cell.coordinate]
            assert twin.style_id == cell.style_id
            assert cell.coordinate in ("A1", "B3") or twin.value == cell.value


def test_a2_a_percentage_is_rounded_down_to_what_the_cell_shows(edition):
    assert value_of("K3.TH-A.percent", edition, "0%") == Decimal("0.66")
    assert value_of("K3.TH-A.percent", edition, "0.0%") == Decimal("0.666")
    assert value_of("K3.TH-A.percent", edition) == Decimal("0.666")
    assert value_of("K3.TH-A.percent_number", edition, "0") == 66
    assert value_of("K3.TH-A.percent_number", edition, "General") == Decimal("66.6")
    assert value_of("K3.TH-A.percent_text", edition) == "66,6%"


@pytest.mark.parametrize(
    ("number_format", "decimals"),
    [("0%", 0), ("0.00%;[Red]-0.00%", 2), ('"Đạt "0.0%', 1), ("General", None), ("@", None)],
)
def test_a3_how_many_decimals_a_number_format_shows(number_format, decimals):
    assert decimals_of(number_format) == decimals


def test_b_states_are_words_a_dash_or_nothing_never_a_zero(edition):
    assert value_of("K3.THCS-B.n", edition) is None
    assert value_of("K3.THCS-B.percent", edition) in ("Chưa báo cáo", "Chưa có mẫu số")
    assert value_of("K3.THON-1.n", edition) == "-"
    assert value_of("K3.THON-1.missing", edition) == "-"


def test_every_name_that_is_offered_gives_a_value(edition, campaign):
    offered = list(names(known_figures(campaign)))
    assert {"K1.n", "K3.TH-A.percent", "as_of", "unit.TH-A.name", "K6.verdict", "source"} <= set(offered)
    for name in offered:
        value_of(name, edition)


def test_a_day_is_a_number_where_the_cell_shows_days_and_words_elsewhere(form, fill, opened, edition):
    template = form({"E3": "as_of", "E4": "approved_by"})
    book = load_workbook(template.file.path)
    book["Biểu 1"]["E3"].number_format = "dd/mm/yyyy"
    book.save(template.file.path)
    path, target = Path(template.file.path), Path(template.file.path).with_name("filled.xlsx")
    fill_template(path, read_grid(path), template.bindings, edition, target)
    values = opened(target)
    assert (str(values["E3"]), values["E4"]) == ("2026-10-31 00:00:00", "31/10/2026")


def test_a_unit_named_like_a_formula_is_filled_in_as_text(form, cast, campaign, tmp_path, opened):
    Unit.objects.filter(pk=cast.a.pk).update(name='=HYPERLINK("http://x";"y")')
    day = date(2026, 10, 31)
    edition = edition_of_snapshot(take_snapshot(cast.officer, campaign, Clocks(day, day), "Quý III"))
    fill_form(form({"A9": "unit.TH-A.name"}), edition, tmp_path / "filled.xlsx")
    assert opened(tmp_path / "filled.xlsx")["A9"] == ' =HYPERLINK("http://x";"y")'
    assert load_workbook(tmp_path / "filled.xlsx")["Biểu 1"]["A9"].data_type == "s"


def test_what_is_wrong_is_named_with_sheet_and_cell_in_the_order_of_the_form(form):
    template = form(
        {"C5": "K3.n", "B1": "K3.n", "A7": "K9.n", "A6": "K3.nhieu"},
        {"Hướng dẫn": {"B2": "Có {{K1.n}} và {{TH.n}}", "B1": "{{K1.TRUONG-X.n}}"}},
    )
    found = problems(grid_of(template), {**template.bindings, "Mất!A1": "K1.n"}, KNOWN)
    assert [(one.address, one.sentence.split(".")[0]) for one in found] == [
        ("Biểu 1!B1", "Ô này nằm trong vùng gộp ô"),
        ("Biểu 1!C5", "Ô này có công thức; cổng không bao giờ ghi đè công thức"),
        ("Biểu 1!A6", "Sau mã chỉ tiêu, “nhieu” không phải là tên số liệu"),
        ("Biểu 1!A7", "Không có chỉ tiêu mã “K9”"),
        ("Hướng dẫn!B1", "Không có đơn vị mã “TRUONG-X”"),
        ("Hướng dẫn!B2", "Không có chỉ tiêu mã “TH”"),
        ("Mất!A1", "Biểu mẫu không có trang tính này"),
    ]


def test_a_tag_that_nobody_would_fill_is_named_and_never_left_standing_in_the_paper(form):
    template = form(
        {},
        {
            "Hướng dẫn": {
                "A2": '="Đạt "&"{{K1.n}}"',
                "A3": "{{K1.n}",
                "A4": "Có {{K1.n}} và K1.d}}",
                "A5": "{{K1.n}}",
                "A6": "=A5",
            }
        },
    )
    found = problems(grid_of(template), {}, KNOWN)
    assert [(one.address, one.sentence) for one in found] == [
        ("Hướng dẫn!A2", TAG_IN_FORMULA),
        ("Hướng dẫn!A3", BROKEN_TAG.format(text="{{K1.n}")),
        ("Hướng dẫn!A4", BROKEN_TAG.format(text="Có {{K1.n}} và K1.d}}")),
    ]


def test_a_form_with_something_wrong_is_not_filled_and_the_cell_is_named(form, fill, tmp_path):
    with pytest.raises(TemplateError, match=r"Ô Biểu 1!B3: Không có đơn vị mã “X”"):
        fill(form({"B3": "K3.X.n"}))
    assert not (tmp_path / "filled.xlsx").exists()


def test_codes_of_units_may_hold_dots():
    assert figure_of("K3.THCS.B.n", KNOWN).unit == "THCS.B"
    with pytest.raises(UnknownFigureError, match="“plan” không phải"):
        figure_of("K3.TH-A.plan", KNOWN)


def test_empty_cells_under_known_headings_and_beside_known_units_are_suggested(form):
    found = suggestions(grid_of(form({"B3": "K3.TH-A.d"})), {"Biểu 1!B3": "K3.TH-A.d"}, KNOWN_OF_THE_FORM)
    assert found == {
        "Biểu 1!C3": "K3.TH-A.n",
        "Biểu 1!D3": "K3.TH-A.percent",
        "Biểu 1!B4": "K3.THCS-B.d",
        "Biểu 1!C4": "K3.THCS-B.n",
        "Biểu 1!D4": "K3.THCS-B.percent",
    }


def test_a_title_over_the_table_is_no_heading_of_its_columns(form):
    extra = {"Biểu 1": {"A1": "BÁO CÁO KẾT QUẢ, tỷ lệ (%)", "A3": "Chỉ tiêu K1", "A4": "Chỉ tiêu K3"}}
    extra["Biểu 1"] |= {"B2": "Tổng số", "C2": "Đã đạt", "D2": "Tỷ lệ", "E2": "Đánh giá"}
    found = suggestions(grid_of(form(extra=extra)), {}, KNOWN)
    words = {"B": "d", "C": "n", "D": "percent", "E": "verdict"}
    expected = {f"Biểu 1!{column}3": f"K1.{word}" for column, word in words.items()}
    assert found == expected | {f"Biểu 1!{column}4": f"K3.{word}" for column, word in words.items()}


KNOWN_OF_THE_FORM = Known({"K1": "Cán bộ", "K3": "Học sinh"}, {"TH-A": "Trường Tiểu học A", "THCS-B": "Trường THCS B"})


@pytest.fixture
def carried(cast, snapshot):
    """carried(template) is the leader's request, carried out; the row as it then stands."""

    def carry(template) -> Job:
        request_filled(actor=cast.leader, template=template, snapshot=snapshot)
        carry_out(take_next_job())
        return Job.objects.latest("pk")

    return carry


def test_the_job_names_its_file_after_the_snapshot_and_its_seal(carried, form, snapshot, opened):
    job = carried(form({"C3": "K3.TH-A.n"}))
    assert (job.state, job.message) == (JobState.DONE, "Đã điền 2 ô.")
    assert job.result_name == f"Biểu 01_{snapshot.code}_{snapshot.sha256[:12]}.xlsx"
    assert opened(result_file_of(job.result_path))["C3"] == 2
    assert AuditEntry.objects.filter(object_type="accounts.Job").count() == 1


def test_the_same_snapshot_fills_the_form_alike_whatever_the_records_say_later(carried, form, cast, make_person):
    template = form({"B3": "K3.TH-A.d"})
    first = result_file_of(carried(template).result_path).read_bytes()
    make_person(cast.a, "Học sinh mới")
    assert result_file_of(carried(template).result_path).read_bytes() == first


def test_formulas_that_only_excel_can_tell_are_named(carried, form):
    job = carried(form({"C3": "K3.TH-A.n"}, {"Biểu 1": {"E5": "=VLOOKUP(2,C3:D4,1,0)"}}))
    assert "Excel sẽ tính ô Biểu 1!E5 khi mở tệp" in job.message


def test_a_form_whose_file_was_changed_behind_the_portals_back_is_not_filled(carried, form):
    template = form({"C3": "K3.TH-A.n"})
    with open(template.file.path, "ab") as file:
        file.write(b"x")
    job = carried(template)
    assert (job.state, job.result_path) == (JobState.FAILED, "")
    assert "bị thay đổi. Hãy tải biểu mẫu lên lại." in job.message


def test_a_form_of_another_commune_is_not_found(carried, form, cast):
    template = form({"C3": "K3.TH-A.n"})
    template.commune = cast.other_commune
    template.save()
    job = carried(template)
    assert job.state == JobState.FAILED
    assert job.message.startswith("Không còn biểu mẫu")


def test_a_form_made_by_libreoffice_comes_back_filled_its_sums_calculated_and_the_rest_unchanged(edition, tmp_path):
    path, target = Path(__file__).parent / "data" / "libreoffice.xlsx", tmp_path / "filled.xlsx"
    bindings = {"Biểu 01!E9": "K3.d", "Biểu 01!F9": "K3.n", "Biểu 01!G9": "K3.percent"}
    told = fill_template(path, read_grid(path), bindings, edition, target)
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(target) as after:
        changed = [name for name in before.namelist() if before.read(name) != after.read(name)]
    assert changed == ["xl/workbook.xml", "xl/worksheets/sheet1.xml"]
    sheet = load_workbook(target, data_only=True)["Biểu 01"]
    assert [sheet[place].value for place in ("A1", "A2", "E9", "F9", "G9")] == [
        "ỦY BAN NHÂN DÂN", "XÃ HÀ BẮC", 3, 2, 0.666,
    ]  # fmt: skip
    assert [sheet[place].value for place in ("E13", "F13", "G13")] == [3, 2, 2 / 3]
    assert sheet["B15"].value.startswith("Số liệu theo Bản chốt BDHVS-2026-001 · ")
    assert (told.filled, told.left_blank, told.faults) == (8, (), ())
    looks = load_workbook(target, rich_text=True)["Biểu 01"]["B16"].value
    assert str(looks) == "Đến 31/10/2026 đạt 66,6% & hơn"
    assert [str(part) for part in looks if isinstance(part, TextBlock) and part.font.b] == ["31/10/2026"]


def test_a_sentence_in_several_looks_keeps_them_where_a_tag_stands_within_one(edition, tmp_path):
    book = Workbook(write_only=True)
    title = CellRichText("Đến ", TextBlock(InlineFont(b=True), "{{as_of}}"), " đạt {{K3.percent}} & hơn")
    book.create_sheet("Biểu 1").append([title])
    book.save(tmp_path / "rich.xlsx")
    fill_template(tmp_path / "rich.xlsx", read_grid(tmp_path / "rich.xlsx"), {}, edition, tmp_path / "filled.xlsx")
    cell = load_workbook(tmp_path / "filled.xlsx", rich_text=True)["Biểu 1"]["A1"]
    assert str(cell.value) == "Đến 31/10/2026 đạt 66,6% & hơn"
    assert [part.font.b for part in cell.value if isinstance(part, TextBlock)] == [True]
