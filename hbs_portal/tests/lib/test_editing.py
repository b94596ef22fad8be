"""Filling somebody else's workbook: what is not filled stays byte for byte, and formulas follow."""

import zipfile
from decimal import Decimal

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from PIL import Image as Picture

from hbs_portal.lib.sheets.editing.calculating import Calculation
from hbs_portal.lib.sheets.editing.filling import fill_book
from hbs_portal.lib.sheets.editing.package import BookParts
from hbs_portal.lib.sheets.editing.rewriting import safe_words
from hbs_portal.lib.sheets.editing.scanning import place_of, reference, scan_sheet

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" '
    'ContentType="application/xml"/></Types>'
)
BOOK = (
    f'<workbook xmlns="{MAIN}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="Biểu 1" sheetId="1" r:id="r1"/></sheets></workbook>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/>'
    '<Relationship Id="r2" Type="http://x/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
)


@pytest.fixture
def by_hand(tmp_path):
    """by_hand(sheet xml, shared strings xml) is a workbook of one sheet, "Biểu 1", as other programs write it."""

    def make(sheet: str, shared: str = f'<sst xmlns="{MAIN}"/>', book: str = BOOK):
        path = tmp_path / "by-hand.xlsx"
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in {
                "[Content_Types].xml": CONTENT_TYPES,
                "xl/workbook.xml": book,
                "xl/_rels/workbook.xml.rels": RELATIONS,
                "xl/worksheets/sheet1.xml": sheet,
                "xl/sharedStrings.xml": shared,
            }.items():
                archive.writestr(name, text)
        return path

    return make


@pytest.fixture
def fill(tmp_path):
    """fill(path, {"B2": 5}, sheet) fills a workbook; answers the new file and what was told of it."""

    def filled(path, cells: dict, sheet: str = "Biểu 1"):
        target = tmp_path / "filled.xlsx"
        told = fill_book(BookParts(path), {sheet: {place_of(ref): value for ref, value in cells.items()}}, target)
        return target, told

    return filled


def parts(path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def sheet_xml(path) -> str:
    return parts(path)["xl/worksheets/sheet1.xml"].decode()


def sheet(rows: str, around: str = "") -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{around}</worksheet>'


def test_only_the_filled_cell_differs_and_it_keeps_its_style(by_hand, fill):
    before = sheet('<row r="1" ht="30"><c r="A1" s="7" t="s"><v>0</v></c><c r="B1" s="9"/></row>', "<mergeCells/>")
    path, _ = fill(by_hand(before, f'<sst xmlns="{MAIN}"><si><t>Đơn vị</t></si></sst>'), {"B1": 46})
    assert sheet_xml(path) == before.replace('<c r="B1" s="9"/>', '<c r="B1" s="9"><v>46</v></c>')


def test_a_prefix_of_the_namespace_stays_in_use(by_hand, fill):
    before = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="2"><x:c r="A2" t="s"><x:v>0</x:v></x:c></x:row>'
        "</x:sheetData></x:worksheet>"
    )
    path, _ = fill(by_hand(before), {"A2": "Đạt", "B2": 1, "A9": 2})
    assert (
        '<x:row r="2"><x:c r="A2" t="inlineStr"><x:is><x:t xml:space="preserve">Đạt</x:t></x:is></x:c>'
        '<x:c r="B2"><x:v>1</x:v></x:c></x:row><x:row r="9"><x:c r="A9"><x:v>2</x:v></x:c></x:row></x:sheetData>'
    ) in sheet_xml(path)


def test_a_new_cell_stands_in_its_place_and_looks_like_its_row_or_column(by_hand, fill):
    before = (
        f'<worksheet xmlns="{MAIN}"><dimension ref="A2:C4"/><cols><col min="2" max="3" style="5"/></cols><sheetData>'
        '<row r="2" spans="1:2" s="8" customFormat="1"><c r="A2"/><c r="C2"><v>3</v></c></row><row r="4"/>'
        "</sheetData></worksheet>"
    )
    path, _ = fill(by_hand(before), {"B2": 1, "D2": 4, "B3": 2, "C4": 6, "A1": 9})
    assert sheet_xml(path) == (
        f'<worksheet xmlns="{MAIN}"><dimension ref="A1:D4"/><cols><col min="2" max="3" style="5"/></cols><sheetData>'
        '<row r="1"><c r="A1"><v>9</v></c></row>'
        '<row r="2" spans="1:4" s="8" customFormat="1"><c r="A2"/><c r="B2" s="8"><v>1</v></c><c r="C2"><v>3</v></c>'
        '<c r="D2" s="8"><v>4</v></c></row><row r="3"><c r="B3" s="5"><v>2</v></c></row>'
        '<row r="4"><c r="C4" s="5"><v>6</v></c></row></sheetData></worksheet>'
    )


def test_an_empty_sheet_takes_its_first_cell(by_hand, fill):
    path, _ = fill(by_hand(f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'), {"B2": Decimal("0.899")})
    assert '<sheetData><row r="2"><c r="B2"><v>0.899</v></c></row></sheetData>' in sheet_xml(path)


def test_rows_and_cells_without_references_are_counted(by_hand, fill):
    path, _ = fill(by_hand(sheet("<row><c><v>1</v></c></row><row><c/><c s='3'><v>2</v></c></row>")), {"B2": 7})
    assert "<row><c/><c s='3'><v>7</v></c></row>" in sheet_xml(path)


def test_nothing_empties_a_cell_and_keeps_its_look(by_hand, fill):
    path, _ = fill(by_hand(sheet('<row r="1"><c r="A1" s="3"><v>12</v></c></row>')), {"A1": None, "B7": None})
    assert '<row r="1"><c r="A1" s="3"/></row></sheetData>' in sheet_xml(path)


def test_a_formula_is_never_overwritten(by_hand, fill):
    path = by_hand(sheet('<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>'))
    with pytest.raises(ValueError, match="A1"):
        fill(path, {"A1": 5})


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_a_text_can_neither_be_nor_become_a_formula(tmp_path, fill, start):
    book = Workbook()
    book.active.title = "Biểu 1"
    book.save(tmp_path / "plain.xlsx")
    path, _ = fill(tmp_path / "plain.xlsx", {"A1": f'{start}HYPERLINK("http://x")</t><f>1</f>'})
    cell = load_workbook(path)["Biểu 1"]["A1"]
    assert (cell.data_type, cell.value) == ("s", f' {start}HYPERLINK("http://x")</t><f>1</f>')
    assert "<f>" not in sheet_xml(path)


def test_a_dash_alone_stays_a_dash_and_forbidden_characters_go():
    assert (safe_words("-"), safe_words("a\x00b\ufffe")) == ("-", "ab")


def test_sums_and_quotients_follow_and_keep_their_formulas(by_hand, fill):
    rows = (
        '<row r="1"><c r="A1"/><c r="B1"><v>10</v></c><c r="C1" s="4"><f>A1/B1</f><v>0</v></c></row>'
        '<row r="2"><c r="A2"><v>3</v></c><c r="B2"><f>SUM(B3:B4)</f><v>7</v></c></row>'
        '<row r="3"><c r="A3"><f>SUM(A1:A2)</f></c>'
        '<c r="C3" t="str"><f>IF(A3&gt;10,"Đạt","Chưa")</f><v>Chưa</v></c></row>'
    )
    path, told = fill(by_hand(sheet(rows)), {"A1": 8})
    assert sheet_xml(path).count("<f>") == 4
    assert '<c r="C1" s="4"><f>A1/B1</f><v>0.8</v></c>' in sheet_xml(path)
    assert '<c r="A3"><f>SUM(A1:A2)</f><v>11</v></c>' in sheet_xml(path)
    assert '<c r="C3" t="str"><f>IF(A3&gt;10,"Đạt","Chưa")</f><v>Đạt</v></c>' in sheet_xml(path)
    assert '<c r="B2"><f>SUM(B3:B4)</f><v>7</v></c>' in sheet_xml(path), "follows from nothing that was filled"
    assert (told.left_blank, told.faults) == ((), ())
    assert b'<calcPr fullCalcOnLoad="1"/></workbook>' in parts(path)["xl/workbook.xml"]


def test_a_shared_formula_is_moved_to_each_of_its_cells(by_hand, fill):
    rows = (
        '<row r="1"><c r="A1"/><c r="B1"><v>2</v></c>'
        '<c r="C1"><f t="shared" ref="C1:C2" si="0">A1*$B$1</f><v>0</v></c></row>'
        '<row r="2"><c r="A2"/><c r="C2"><f t="shared" si="0"/><v>0</v></c></row>'
    )
    path, _ = fill(by_hand(sheet(rows)), {"A1": 5, "A2": 7})
    assert '<f t="shared" si="0"/><v>14</v>' in sheet_xml(path)
    assert '<f t="shared" ref="C1:C2" si="0">A1*$B$1</f><v>10</v>' in sheet_xml(path)


def test_an_error_is_told_and_stored_as_an_error(by_hand, fill):
    rows = '<row r="1"><c r="A1"/><c r="B1"><f>1/A1</f><v>1</v></c><c r="C1"><f>IFERROR(B1,"-")</f><v>1</v></c></row>'
    path, told = fill(by_hand(sheet(rows)), {"A1": 0})
    assert '<c r="B1" t="e"><f>1/A1</f><v>#DIV/0!</v></c>' in sheet_xml(path)
    assert '<c r="C1" t="str"><f>IFERROR(B1,"-")</f><v>-</v></c>' in sheet_xml(path)
    assert told.faults == ("Biểu 1!B1",)


def test_what_cannot_be_calculated_is_left_blank_and_named_and_never_stale(by_hand, fill):
    rows = (
        '<row r="1"><c r="A1"/><c r="B1"><f>VLOOKUP(A1,D1:E9,2,0)</f><v>77</v></c><c r="C1"><f>B1+1</f><v>78</v></c>'
        '<c r="D1"><f t="array" ref="D1:E1">A1:B1*2</f><v>1</v></c><c r="E1"><v>2</v></c>'
        '<c r="F1"><f>Table1[x]</f><v>3</v></c><c r="G1"><f>VLOOKUP(H1,H1:H2,1,0)</f><v>4</v></c></row>'
    )
    path, told = fill(by_hand(sheet(rows)), {"A1": 8})
    assert told.left_blank == ("Biểu 1!B1", "Biểu 1!C1", "Biểu 1!D1", "Biểu 1!E1", "Biểu 1!F1")
    assert "<f>VLOOKUP(A1,D1:E9,2,0)</f></c>" in sheet_xml(path)
    assert "<f>VLOOKUP(H1,H1:H2,1,0)</f><v>4</v>" in sheet_xml(path)


def test_a_circle_of_formulas_ends(by_hand, fill):
    rows = '<row r="1"><c r="A1"/><c r="B1"><f>C1+A1</f></c><c r="C1"><f>B1</f></c></row>'
    _, told = fill(by_hand(sheet(rows)), {"A1": 8})
    assert told.left_blank == ("Biểu 1!B1", "Biểu 1!C1")


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("-A1^2", "4"),
        ("2+3*A1%", "2.06"),
        ("ROUND(A1/3,2)", "0.67"),
        ("ROUNDDOWN(A1*0.4495,2)", "0.89"),
        ("ROUNDUP(A1/20,0)", "1"),
        ("AVERAGE(A1,4)", "3"),
        ("MAX(A:A)", "2"),
        ('A1&amp;" hộ"', "2 hộ"),
        ("IF(A1&lt;&gt;2,1,0)", "0"),
        ("SUM('Biểu 1'!$A$1,1)", "3"),
        ("TONG+A1", "4"),
    ],
)  # fmt: skip
def test_the_small_language_of_formulas(by_hand, fill, formula, value):
    names = "<definedNames><definedName name=\"Tong\">'Biểu 1'!$A$1</definedName></definedNames></workbook>"
    rows = f'<row r="1"><c r="A1"/><c r="B1"><f>{formula}</f></c></row>'
    path, told = fill(by_hand(sheet(rows), book=BOOK.replace("</workbook>", names)), {"A1": 2})
    assert f"<v>{value}</v></c></row>" in sheet_xml(path)
    assert told.left_blank == ()


def foreign_book(path) -> None:
    """A form with merged cells, looks, its own formulas, a rule of colours, a name, a comment, a picture."""
    book = Workbook()
    form = book.active
    form.title = "Biểu 1"
    form["A1"] = "KẾT QUẢ THỰC HIỆN"
    form.merge_cells("A1:D1")
    form["A1"].font, form["A1"].alignment = Font(bold=True, size=14), Alignment(horizontal="center")
    form.append(["Đơn vị", "Tổng số", "Đã đạt", "Tỷ lệ"])
    for row, name in enumerate(["Trường A", "Trường B"], start=3):
        form.append([name, None, None, f"=C{row}/B{row}"])
        form.cell(row, 2).number_format = "#,##0"
        form.cell(row, 4).number_format = "0.0%"
        form.cell(row, 2).fill = PatternFill("solid", fgColor="FFFF00")
    form.append(["Cộng", "=SUM(B3:B4)", "=SUM(C3:C4)", "=C5/B5"])
    form.conditional_formatting.add("D3:D5", CellIsRule("lessThan", ["0.9"], fill=PatternFill(bgColor="FF0000")))
    form["A2"].comment = Comment("Ghi theo danh sách", "Sở")
    form.freeze_panes, form.print_title_rows = "A3", "2:2"
    picture = path.with_suffix(".png")
    Picture.new("RGB", (8, 8), "red").save(picture)
    form.add_image(Image(picture), "F1")
    other = book.create_sheet("Hướng dẫn")
    other["A1"] = "='Biểu 1'!C5"
    other["A2"] = "Nộp trước ngày 25"
    book.defined_names["Tong"] = DefinedName("Tong", attr_text="'Biểu 1'!$B$5")
    book.save(path)


def test_a_foreign_form_comes_back_filled_and_otherwise_unchanged_part_by_part(tmp_path, fill):
    foreign_book(tmp_path / "so.xlsx")
    path, told = fill(tmp_path / "so.xlsx", {"B3": 50, "C3": 46, "B4": 20, "C4": 20})
    before, after = parts(tmp_path / "so.xlsx"), parts(path)
    changed = [name for name in before if before[name] != after[name]]
    assert list(before) == list(after)
    assert changed == ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"]
    assert b'fullCalcOnLoad="1"' in after["xl/workbook.xml"]
    assert told.left_blank == ()
    values = load_workbook(path, data_only=True)
    assert [cell.value for cell in values["Biểu 1"][5]] == ["Cộng", 70, 66, 66 / 70]
    assert values["Hướng dẫn"]["A1"].value == 66
    old, new = load_workbook(tmp_path / "so.xlsx"), load_workbook(path)
    filled = {("Biểu 1", place) for place in ("B3", "C3", "B4", "C4")}
    for sheet_ in old:
        for cell in [cell for row in sheet_.iter_rows() for cell in row]:
            twin = new[sheet_.title][cell.coordinate]
            assert twin.style_id == cell.style_id
            assert (sheet_.title, cell.coordinate) in filled or twin.value == cell.value


def test_a_large_sheet_is_scanned_as_openpyxl_sees_it(tmp_path):
    book = Workbook(write_only=True)
    rows = book.create_sheet("Biểu 1")
    for number in range(2000):
        rows.append([f"Dòng {number}", number, f"=B{number + 1}*2"])
    book.save(tmp_path / "large.xlsx")
    found = BookParts(tmp_path / "large.xlsx")
    cells = found.scans["Biểu 1"].cells
    assert len(cells) == 6000
    assert found.text_of(cells[2000, 0]) == "Dòng 1999"
    assert cells[1500, 2].formula.text == "B1500*2"
    results = Calculation(found, {"Biểu 1": {(7, 1): 100}}).results()
    assert {reference(place): value.text for place, value in results["Biểu 1"].items()} == {"C7": "200"}


def test_positions_are_right_among_vietnamese_letters():
    content = sheet(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Trường Tiểu học Ấp Bắc</t></is></c><c r="B1"/></row>'
    ).encode()
    cell = scan_sheet(b"\xef\xbb\xbf" + content).cells[1, 1]
    assert (b"\xef\xbb\xbf" + content)[cell.span.start : cell.span.end] == b'<c r="B1"/>'
